"""What waits on a fiche that is merged, masked or withdrawn: it follows, or comes back, and everybody is told."""

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from contributions.models import Dossier, Journal, Message, Proposition
from contributions.verbes import propositions, retraits, signalements
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche
from fiches.unites import valeur
from tests.balisage import d_une_ligne, texte
from tests.contributions.papier import ouvrir
from tests.contributions.recits import derniere, proposition, signalement
from tests.contributions.suivi.lecture import lire
from tests.essais import essais
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, publier, relu

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut
RAISON = {"motif": "inexact", "explication": "Ce n’est plus vrai."}


@pytest.fixture
def depart():
    return fiche_dispositif(
        slug="depart", titre="Départ", resume="R.", sections={"description": "Une démarche.[^1]", "cout": "Dix euros."}
    )


@pytest.fixture
def arrivee():
    source = {"titre": "Un tout autre rapport", "organisation": "Insee", "date": "2024"}
    sections = {"description": "Une tout autre démarche.[^1]", "cout": "Dix euros."}
    return fiche_dispositif(slug="arrivee", titre="Arrivée", resume="R.", sections=sections, sources=[source])


def fusionner(depart, arrivee) -> None:
    retraits.fusionner(depart, dans=arrivee, par=moderatrice(), explication="La même.")


def test_une_proposition_suit_et_s_accepte_sur_l_arrivee(client, depart, arrivee, courriels):
    une = proposition(depart, cout="Vingt euros.")
    fusionner(depart, arrivee)
    suivie = relu(une)
    assert (suivie.fiche_id, suivie.statut, suivie.titre) == (arrivee.pk, Statut.SOUMISE, "Arrivée")
    assert "reportée" in courriels.pour("visiteuse@exemple.fr")[-1].corps
    assert "Reportée sur une autre fiche" in lire(client, suivie)
    version = propositions.accepter(suivie, par=moderatrice(), depot=2)
    assert version.fiche_id == arrivee.pk and valeur(version.contenu, "section-cout") == "Vingt euros."
    assert "tout autre" in valeur(version.contenu, "section-description")


def test_ce_que_l_arrivee_dit_autrement_revient_a_son_auteur_avec_ses_mots(client, depart, arrivee, courriels):
    une = proposition(depart, description="Une démarche neuve.[^1]", duree="Un an.")
    fusionner(depart, arrivee)
    rendue = relu(une)
    assert (rendue.fiche_id, rendue.statut) == (arrivee.pk, Statut.CORRECTIONS_DEMANDEES)
    assert "Elle vous est rendue" in d_une_ligne(courriels.pour("visiteuse@exemple.fr")[-1].corps)
    page = lire(client, rendue)
    assert "Une démarche neuve." in page or "neuve" in page
    assert "que faut-il garder" in page and rendue.rangee_le
    formulaire = ouvrir(client, f"{rendue.get_absolute_url()}modifier/")
    assert formulaire["section-description"].startswith("Une démarche neuve.")
    assert formulaire["section-duree"] == "Un an." and formulaire["section-cout"] == "Dix euros."


def test_ce_que_l_arrivee_dit_deja_est_clos_et_dit(depart, arrivee, courriels):
    une = proposition(depart, cout="Vingt euros.")
    publier(arrivee, sections={**arrivee.contenu["sections"], "cout": "Vingt euros."})
    fusionner(depart, Fiche.objects.get(slug="arrivee"))
    assert relu(une).statut == Statut.RETIREE and "le dit déjà" in courriels.pour("visiteuse@exemple.fr")[-1].corps


def test_chaque_etat_ouvert_suit(depart, arrivee):
    prise = propositions.prendre(proposition(depart, cout="A."), par=moderateur())
    rendue = proposition(depart, courriel="b@exemple.fr", cout="B.")
    propositions.demander_corrections(
        rendue, par=moderateur(), depot=1, explication="Une date ?", remarques={"section-cout": "De quand ?"}
    )
    attend = Proposition.objects.create(
        nature="dispositif", titre="Départ", fiche=Fiche.objects.get(slug="depart"), courriel="c@exemple.fr"
    )
    propositions.deposer(attend, base=derniere(depart), changements={"section-cout": "C."}, pourquoi="C")
    fusionner(depart, arrivee)
    assert [relu(p).statut for p in (prise, rendue, attend)] == [
        Statut.SOUMISE, Statut.CORRECTIONS_DEMANDEES, Statut.A_CONFIRMER,
    ]  # fmt: skip
    assert {relu(p).fiche_id for p in (prise, rendue, attend)} == {arrivee.pk}
    assert Message.objects.get(unite="section-cout").depot == relu(rendue).depot.numero == 2
    propositions.confirmer(attend)
    assert relu(attend).statut == Statut.SOUMISE


def test_ce_qui_est_decide_reste_ou_il_etait(depart, arrivee):
    une = proposition(depart, cout="A.")
    propositions.ecarter(une, par=moderatrice(), depot=1, **RAISON)
    fusionner(depart, arrivee)
    assert relu(une).fiche_id == depart.pk


def test_les_signalements_suivent_et_rejoignent_le_meme(client, depart, arrivee, courriels):
    seul = signalement(depart, categorie="obsolete", cible="section-cout")
    double = signalement(depart, categorie="erreur", cible="source-1", courriel="b@exemple.fr")
    deja = signalement(arrivee, categorie="erreur", courriel="c@exemple.fr").dossier
    fusionner(depart, arrivee)
    suivi, rattache = relu(seul).dossier, relu(double).dossier
    assert (suivi.fiche_id, suivi.statut, suivi.cible) == (arrivee.pk, Dossier.Statut.RECU, "section-cout")
    assert (rattache.statut, rattache.double_de) == (Dossier.Statut.DOUBLON, deja)
    assert "reporté" in courriels.pour("lectrice@exemple.fr")[-1].corps
    assert "déjà signalée" in d_une_ligne(courriels.pour("b@exemple.fr")[-1].corps).replace("> ", "")
    assert "Reporté sur une autre fiche" in lire(client, relu(seul))
    client.force_login(moderatrice())
    assert client.get(suivi.adresse_au_poste).status_code == client.get(rattache.adresse_au_poste).status_code == 200


def test_un_signalement_ecrit_pendant_la_fusion_va_a_l_arrivee(depart, arrivee):
    version = derniere(depart)
    fusionner(depart, arrivee)
    recu = signalements.signaler(depart, categorie="erreur", texte="Faux.", cible="source-1", version=version)
    assert (recu.dossier.fiche_id, recu.dossier.cible, recu.version) == (arrivee.pk, "", version)


def test_retirer_rend_tout_avec_la_raison(depart, courriels):
    une, recu = proposition(depart, cout="A."), signalement(depart)
    retraits.retirer(depart, par=moderatrice(), **RAISON)
    assert (relu(une).statut, relu(une).motif) == (Statut.ECARTEE, "inexact")
    assert "Ce n’est plus vrai." in courriels.pour("visiteuse@exemple.fr")[-1].corps
    assert relu(recu).dossier.statut == Dossier.Statut.MASQUE
    assert "Ce n’est plus vrai." in courriels.pour("lectrice@exemple.fr")[-1].corps


def test_on_ne_decide_pas_de_sa_propre_proposition_en_retirant_la_fiche(client, depart, courriels):
    mienne = proposition(depart, auteur=moderatrice(), cout="A.")
    retraits.retirer(depart, par=moderatrice(), **RAISON)
    assert relu(mienne).statut == Statut.SOUMISE
    assert "ne peut plus être acceptée" in d_une_ligne(courriels.pour(moderatrice().email)[-1].corps)
    assert "ne peut plus être acceptée" in lire(client, relu(mienne))


def test_masquer_previent_qui_attend(client, depart, courriels):
    une = proposition(depart, cout="A.")
    retraits.masquer(depart, par=moderatrice(), **RAISON)
    assert relu(une).statut == Statut.SOUMISE
    assert "reste dans la file" in courriels.pour("visiteuse@exemple.fr")[-1].corps
    assert "Ce n’est plus vrai." in lire(client, relu(une))


def test_la_confirmation_dit_ce_qui_suivra_et_les_courriels_qui_partiront(client, depart, arrivee):
    proposition(depart, cout="Vingt euros.")
    proposition(depart, courriel="b@exemple.fr", description="Neuve.[^1]")
    signalement(depart)
    client.force_login(moderatrice())
    adresse = f"/moderation/fiches/{depart.pk}/"
    saisie = {"verbe": "fusionner", "fusionner-dans": "arrivee", "fusionner-explication": "La même."}
    page = texte(client.post(adresse, saisie).text)
    for mots in (
        "1 proposition y sera reportée.",
        "1 proposition sera rendue",
        "1 signalement y sera reporté.",
        "3 courriels",
    ):
        assert mots in page, mots
    assert Proposition.objects.filter(fiche=depart.pk).count() == 2
    client.post(adresse, {**saisie, "confirme": "oui"})
    assert not Proposition.objects.filter(fiche=depart.pk).exists()


@pytest.mark.parametrize(
    "suite,voulue",
    [
        ("", ""), ("proposer/?section=cout", "proposer/?section=cout"),
        ("signaler/?section=cout", "signaler/?section=cout"),
        ("historique/", "historique/"), ("versions/1/", "historique/"), ("comparer/?de=1&a=2", "historique/"),
        ("corriger/?section=cout", "corriger/?section=cout"),
    ],
)  # fmt: skip
def test_les_anciennes_adresses_menent_a_l_arrivee(client, depart, arrivee, suite, voulue):
    fusionner(depart, arrivee)
    reponse = client.get(f"/dispositifs/depart/{suite}")
    assert (reponse.status_code, reponse["Location"]) == (301, f"/dispositifs/arrivee/{voulue}")
    assert client.get(f"/dispositifs/inconnue/{suite}").status_code == 404


def test_deux_fusions_de_suite_gardent_tout(depart, arrivee):
    troisieme = fiche_dispositif(slug="troisieme", sections={"description": "Encore autre chose.[^1]"})
    une = proposition(depart, duree="Un an.")
    fusionner(depart, arrivee)
    fusionner(arrivee, troisieme)
    assert relu(une).fiche_id == troisieme.pk
    version = propositions.accepter(relu(une), par=moderatrice(), depot=3)
    assert valeur(version.contenu, "section-duree") == "Un an."


SECTIONS = ("cout", "duree", "objectif")
TEXTES = st.dictionaries(st.sampled_from(SECTIONS), st.sampled_from(["Un.", "Deux.", "Un. Deux."]), max_size=3)


@given(st.lists(TEXTES.filter(bool), min_size=1, max_size=4), TEXTES)
@essais(15)
def test_fusionner_ne_perd_ni_ne_laisse_rien(proposees, dites):
    de = fiche_dispositif(sections={"description": "Une.[^1]", "cout": "Zéro."})
    vers = fiche_dispositif(sections={"description": "Autre.[^1]", **dites})
    deposees = [proposition(de, courriel=f"p{n}@exemple.fr", **voulus) for n, voulus in enumerate(proposees)]
    avant = {section: vers.contenu["sections"].get(section, "") for section in SECTIONS}
    fusionner(de, vers)
    assert not Proposition.objects.ouvertes().filter(fiche=de.pk).exists()
    assert Fiche.objects.get(pk=vers.pk).contenu["sections"] == vers.contenu["sections"]  # nobody decided
    for deposee, voulus in zip(deposees, proposees, strict=True):
        suivie = relu(deposee)
        changees = {f"section-{cle}": mots for cle, mots in voulus.items() if mots != avant[cle]}
        if suivie.statut == Statut.RETIREE:
            assert not changees
            continue
        assert suivie.fiche_id == vers.pk and changees.keys() == suivie.depot.changements.keys()
        ligne = Journal.objects.get(proposition=suivie, verbe="deplacer")
        for cle, mots in changees.items():
            if cle in ligne.detail.get("conflits", []):
                assert suivie.depot.changements[cle] == mots
        assert (suivie.statut == Statut.CORRECTIONS_DEMANDEES) == bool(ligne.detail.get("conflits"))


def test_un_texte_ecrit_pendant_la_fusion_ne_se_depose_pas_sur_l_autre_fiche(depart, arrivee):
    une, base = proposition(depart, cout="Vingt."), derniere(depart)
    fusionner(depart, arrivee)
    with pytest.raises(Empechement, match="réunie à une autre"):
        propositions.deposer(relu(une), base=base, changements={"section-cout": "Trente."}, pourquoi="Mieux")


def test_une_personne_sans_role_ne_deplace_rien(depart, arrivee):
    with pytest.raises(PermissionDenied):
        retraits.fusionner(depart, dans=arrivee, par=personne(), explication="La même.")
