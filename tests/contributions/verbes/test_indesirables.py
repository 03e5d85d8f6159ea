"""What rules set apart: it waits as the rest does, its author is told nothing, and it comes back in one word."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from contributions.models import Journal, Proposition, RegleDeFile
from contributions.verbes import indesirables, propositions
from contributions.verbes.empechements import Empechement
from courriels.models import Courriel
from tests.contributions.recits import derniere, nouvelle_fiche, proposition
from tests.factories import SOURCE, fiche_dispositif, moderatrice, personne, valider

pytestmark = pytest.mark.django_db
PUB = "Meilleurs prix sur la pharmacie en ligne, livraison rapide et discrète"
LIEN = "https://www.gain.exemple/a?x={n}#y"


@pytest.fixture(autouse=True)
def regles():
    RegleDeFile.objects.filter(cle__in=("meme_texte", "meme_lien")).update(seuil=3)


def envoyer(texte: str, n: int = 0, fiche=None, **champs) -> Proposition:
    if not champs:
        champs = {"courriel": f"a{n}@exemple.fr"}
    return proposition(fiche or fiche_dispositif(), cout=texte, **champs)


def a_part() -> dict[int, str]:
    return dict(Proposition.objects.exclude(mise_a_part="").values_list("pk", "mise_a_part"))


def test_un_meme_texte_de_plusieurs_met_toute_la_vague_a_part():
    vague = [envoyer(f"Avant. {PUB}{'!' * n}", n) for n in range(2)]
    assert not a_part()
    envoyer("Un texte tout autre, que personne d’autre n’a envoyé cette semaine.", 8)
    vague.append(envoyer(PUB.upper(), 3))
    assert a_part() == {une.pk: "meme_texte" for une in vague}
    assert len({p.vague for p in Proposition.objects.exclude(mise_a_part="")}) == 1


def test_un_meme_lien_se_reconnait_sous_d_autres_habits_et_dans_la_phrase():
    for n in range(2):
        envoyer(f"Un texte {n} sur [ceci]({LIEN.format(n=n)}).", n)
    une = Proposition.objects.create(nature="dispositif", titre="T", fiche=fiche_dispositif())
    pourquoi = "Voir http://gain.exemple/a, cliquez"
    propositions.deposer(une, base=derniere(une.fiche), changements={"section-cout": "Rien."}, pourquoi=pourquoi)
    assert set(a_part().values()) == {"meme_lien"} and len(a_part()) == 3


def test_une_seule_personne_n_est_pas_plusieurs_et_ce_qui_est_envoye_ensemble_compte_une_fois():
    for n in range(4):
        envoyer(f"{PUB}. {n}", auteur=personne("camille"))
    assert not a_part()
    meneuse = Proposition.objects.earliest("pk")
    Proposition.objects.update(auteur=None, meneuse=meneuse)
    envoyer(PUB, 5)
    assert not a_part()


def test_les_gens_dont_un_texte_est_accepte_et_les_sites_que_la_base_cite_ne_comptent_pas():
    fiche_dispositif(sources=[{**SOURCE, "url": "https://gain.exemple/rapport"}])
    for n in range(4):
        envoyer(f"Un texte {n} sur [ceci]({LIEN.format(n=n)}).", n)
    assert not a_part()
    for n in range(4):
        propositions.accepter(envoyer(f"Prix {n}", n + 10), par=moderatrice(), depot=1)
        envoyer(PUB, n + 10)
    assert not a_part()


def test_une_phrase_courte_que_tout_le_monde_ecrit_ne_met_rien_a_part():
    for n in range(5):
        envoyer("C’est gratuit.", n)
    assert not a_part()


def test_trop_de_liens_inconnus_de_quelqu_un_sans_compte_met_a_part_ceux_d_un_compte_non():
    liens = " ".join(f"[l](https://site{n}.exemple/)" for n in range(4))
    sans_compte = envoyer(f"Voir {liens}", 1)
    envoyer(f"Voir aussi {liens}", auteur=personne("camille"))
    envoyer("Voir [un](https://un.exemple) [deux](https://deux.exemple).", 2)
    assert a_part() == {sans_compte.pk: "liens_inconnus"}


def test_une_nouvelle_fiche_se_reconnait_aussi():
    for n in range(3):
        contenu = valider(
            "dispositif", titre=f"Fiche {n}", resume=PUB, categorie="demarche",
            sections={"description": "D.[^1]"}, sources=[SOURCE],
        )  # fmt: skip
        nouvelle_fiche(contenu, auteur=personne(f"p{n}"))
    assert len(a_part()) == 3


def test_ce_qui_est_a_part_attend_et_son_auteur_n_en_sait_rien():
    une, *_ = [envoyer(PUB, n) for n in range(3)]
    une = Proposition.objects.get(pk=une.pk)
    assert une.statut == "soumise" and une.deposee_le and Proposition.objects.a_traiter().count() == 3
    objets = {courriel.objet.partition("n°")[0] for courriel in Courriel.objects.all()}
    temoin = envoyer("Un autre texte.", 9)
    assert {c.objet.partition("n°")[0] for c in Courriel.objects.filter(destinataire=temoin.courriel)} == objets
    ligne = Journal.objects.get(proposition=une, verbe="mettre_a_part")
    assert (ligne.qui, ligne.de, ligne.vers, ligne.detail["texte"]) == (None, "", "soumise", "Même texte")


def test_ce_n_est_pas_un_indesirable_la_rend_a_la_file_et_plus_rien_de_semblable_n_est_mis_a_part():
    une, *autres = [envoyer(PUB, n) for n in range(3)]
    rendue = indesirables.disculper(une, par=moderatrice())
    assert (rendue.mise_a_part, rendue.vague) == ("", "") and len(a_part()) == 2
    envoyer(PUB, 7)
    assert len(a_part()) == 2
    with pytest.raises(Empechement, match="n’est plus à part"):
        indesirables.disculper(rendue, par=moderatrice())
    with pytest.raises(PermissionDenied):
        indesirables.disculper(autres[0], par=personne())
    assert Journal.objects.get(verbe="disculper").qui == moderatrice()


def test_personne_ne_disculpe_son_propre_texte():
    Proposition.objects.filter(pk=envoyer(PUB, auteur=moderatrice()).pk).update(mise_a_part="meme_texte")
    with pytest.raises(PermissionDenied):
        indesirables.disculper(Proposition.objects.get(), par=moderatrice())


def test_une_vague_s_arrete_avec_le_temps_et_une_regle_retiree_ne_met_rien_a_part():
    for n in range(2):
        envoyer(PUB, n)
    Proposition.objects.update(deposee_le=timezone.now() - timedelta(days=8))
    envoyer(PUB, 3)
    assert not a_part()
    RegleDeFile.objects.filter(cle="meme_texte").update(actif=False)
    envoyer(PUB, 4)
    envoyer(PUB, 5)
    assert not a_part()


def test_ce_qui_est_deja_decide_compte_dans_la_vague_et_n_est_pas_touche():
    decidee = envoyer(PUB, 0)
    propositions.ecarter(decidee, par=moderatrice(), depot=1, motif="promotionnel", explication="De la publicité.")
    autres = [envoyer(PUB, n) for n in (1, 2)]
    assert a_part() == {une.pk: "meme_texte" for une in autres}


def test_corrige_et_redepose_le_texte_revient_dans_la_file():
    une, *_ = [envoyer(PUB, n) for n in range(3)]
    propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Dites-en plus.")
    propositions.deposer(
        une, base=une.base, changements={"section-cout": "Dix euros."}, pourquoi="Une tout autre phrase"
    )
    assert une.pk not in a_part()
