"""Trust that grows: who is reliable, which of their changes are small. Numbers: the rules of the queue."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contributions.models import Proposition, RegleDeFile
from contributions.verbes import annulation, propositions
from contributions.verbes.confiance import petits_changements
from contributions.verbes.traces import passage
from tests.contributions.recits import derniere, proposition
from tests.essais import essais
from tests.factories import SOURCE, fiche_dispositif, masquer, moderateur, moderatrice, personne, publier

pytestmark = pytest.mark.django_db
TEXTE = "La ville porte une politique de santee publique.[^1] Elle compte 12 postes en 2024.[^1]"


@pytest.fixture(autouse=True)
def regles():
    """Two acceptances are enough here."""
    RegleDeFile.objects.filter(cle="fiable").update(seuil=2)


@pytest.fixture
def fiche():
    return fiche_dispositif(sections={"description": TEXTE, "cout": "Dix euros.[^1]"})


def accepter(auteur, nombre: int = 1) -> list[Proposition]:
    """Have so many texts of this person accepted."""
    acceptees = []
    for _ in range(nombre):
        une = proposition(fiche_dispositif(), auteur=auteur, cout="Vingt euros.")
        propositions.accepter(une, par=moderatrice(), depot=1)
        acceptees.append(Proposition.objects.get(pk=une.pk))
    return acceptees


def petite(fiche, auteur, texte: str = "", **changements) -> Proposition:
    changements.setdefault("description", texte or TEXTE.replace("santee", "santé"))
    return proposition(fiche, auteur=auteur, **changements)


def test_le_petit_changement_d_une_personne_fiable_a_sa_voie(fiche):
    camille = personne("camille")
    accepter(camille, 2)
    une = petite(fiche, camille)
    (lue,) = petits_changements()
    assert (lue.pk, lue.acceptees, lue.avant, lue.apres) == (une.pk, 2, len("santee"), len("santé"))


def test_il_faut_assez_d_envois_acceptes(fiche):
    camille = personne("camille")
    petite(fiche, camille)
    accepter(camille)
    assert not petits_changements().exists()
    # What was sent together is one sending.
    meneuse = Proposition.objects.get(statut="acceptee")
    (autre,) = accepter(camille)
    Proposition.objects.filter(pk=autre.pk).update(meneuse=meneuse)
    assert not petits_changements().exists()
    accepter(camille)
    assert petits_changements().count() == 1


@pytest.mark.parametrize("en_partie", [True, False])
def test_un_refus_meme_en_partie_l_ote_et_le_temps_la_rend(fiche, en_partie):
    camille = personne("camille")
    accepter(camille, 2)
    petite(fiche, camille)
    refusee = proposition(fiche_dispositif(), auteur=camille, cout="Cent.", duree="Un an.")
    raison = {"motif": "inexact", "explication": "Faux."}
    if en_partie:
        propositions.accepter(refusee, par=moderatrice(), depot=1, retenues={"section-cout"}, **raison)
    else:
        propositions.ecarter(refusee, par=moderatrice(), depot=1, **raison)
    assert not petits_changements().exists()
    Proposition.objects.filter(pk=refusee.pk).update(decidee_le=timezone.now() - timedelta(days=366))
    assert petits_changements().count() == 1


def test_une_acceptation_annulee_ne_compte_plus(fiche):
    camille = personne("camille")
    *_, derniere_acceptee = accepter(camille, 2)
    petite(fiche, camille)
    annulation.annuler(derniere_acceptee, par=moderatrice())
    assert not petits_changements().exists()


def test_les_nombres_sont_ceux_des_regles_et_une_regle_retiree_ferme_la_voie(fiche):
    camille = personne("camille")
    accepter(camille, 2)
    petite(fiche, camille)
    for cle, change in (("fiable", {"seuil": 3}), ("petit", {"seuil": 5}), ("petit", {"borne": 4})):
        avant = RegleDeFile.objects.filter(cle=cle).values(*change).get()
        RegleDeFile.objects.filter(cle=cle).update(**change)
        assert not petits_changements().exists()
        RegleDeFile.objects.filter(cle=cle).update(**avant)
    for cle in ("fiable", "petit"):
        RegleDeFile.objects.filter(cle=cle).update(actif=False)
        assert not petits_changements().exists()
        RegleDeFile.objects.filter(cle=cle).update(actif=True)
    assert petits_changements().exists()


@pytest.mark.parametrize(
    "texte",
    [
        TEXTE.replace("12", "21"),
        TEXTE.replace("12", "1 2"),
        TEXTE.replace("publique", "publique, voir https://ailleurs.exemple/a"),
        TEXTE.replace("publique", "publique (a@ailleurs.exemple)"),
        TEXTE.replace("santee", "sa\u200bntee"),
        TEXTE.replace("santee", "sаntee"),  # a Cyrillic letter
        TEXTE.replace("santee publique.[^1]", "santé publique."),
        TEXTE.replace("publique", "publique, " + "et ainsi de suite " * 20),
        "",
    ],
)
def test_un_fait_une_source_un_lien_ou_ce_qui_ne_se_voit_pas_n_est_jamais_petit(fiche, texte):
    camille = personne("camille")
    accepter(camille, 2)
    proposition(fiche, auteur=camille, description=texte)
    assert not petits_changements().exists()


def test_deux_parties_un_champ_ou_une_source_changee_ne_sont_pas_petits_une_source_ajoutee_l_est(fiche):
    camille = personne("camille")
    accepter(camille, 2)
    petite(fiche, camille, cout="Dix euros tout juste.[^1]")
    proposition(fiche, auteur=camille, titre="Autre titre")
    premiere = derniere(fiche).contenu["sources"][0]
    petite(fiche, camille, sources=[{**premiere, "titre": "Autre rapport"}])
    assert not petits_changements().exists()
    ajoutee = {**SOURCE, "titre": "Second rapport", "cle": "2"}
    petite(fiche, camille, TEXTE.replace("santee", "santé[^2]"), sources=[premiere, ajoutee])
    assert petits_changements().count() == 1


def test_une_fiche_hors_de_vue_et_un_texte_redepose_se_jugent_sur_ce_qu_ils_sont_maintenant(fiche):
    camille = personne("camille")
    accepter(camille, 2)
    une = petite(fiche, camille)
    propositions.deposer(
        une, base=derniere(fiche), changements={"section-description": f"{TEXTE} Et 3 de plus."}, pourquoi="Complète"
    )
    assert not petits_changements().exists()
    petite(fiche, camille)
    publier(fiche, titre="Autre titre")
    assert petits_changements().count() == 1
    masquer(fiche)
    assert not petits_changements().exists()


def test_le_compte_ferme_et_qui_n_a_pas_de_compte_ne_sont_pas_fiables(fiche):
    for _ in range(2):
        une = proposition(fiche_dispositif(), courriel="a@exemple.fr", cout="Vingt.")
        propositions.accepter(une, par=moderateur(), depot=1)
    proposition(fiche, courriel="a@exemple.fr", description=TEXTE.replace("santee", "santé"))
    camille = personne("camille")
    accepter(camille, 2)
    petite(fiche, camille)
    assert petits_changements().count() == 1
    camille.is_active = False
    camille.save()
    assert not petits_changements().exists()


@essais(200)
@given(st.text("ab 1\n", max_size=30), st.text("ab 1\n", max_size=30))
def test_le_passage_reecrit_donne_l_un_et_l_autre_texte_par_mots_entiers(avant, apres):
    ote, ecrit = passage(avant, apres)
    debut = avant[: len(avant) - len(ote)]
    places = [n for n in range(len(debut) + 1) if avant[:n] + ote + avant[n + len(ote) :] == avant]
    assert any(avant[:n] + ecrit + avant[n + len(ote) :] == apres for n in places)
    assert len(ote) <= len(avant) and len(ecrit) <= len(apres) and (ote or ecrit or avant == apres)
