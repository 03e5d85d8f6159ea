"""What is forgotten, when, and what stays: with time travel."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from contributions import donnees, taches
from contributions.models import Journal, Proposition, Signalement
from contributions.verbes import credits, echanges, propositions, recours, signalements
from fiches.models import Fiche, Version
from tests.contributions.recits import derniere, proposition, signalement
from tests.factories import fiche_dispositif, moderatrice, personne, relu

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut
SIX_MOIS, UN_MOIS, DEUX_MOIS = timedelta(days=184), timedelta(days=31), timedelta(days=62)
SAISIE = {"courriel": ["visiteuse@exemple.fr"], "section-cout": ["Vingt."]}


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Dix euros."})


@pytest.fixture
def une(fiche):
    creee = proposition(fiche, cout="Vingt.")
    Proposition.objects.filter(pk=creee.pk).update(reseau="abc", saisie=SAISIE)
    return relu(creee)


@pytest.fixture
def recu(fiche):
    return signalement(fiche, categorie="illicite", reseau="abc", precisions={"nom": "Dominique", "lien": "a.fr"})


def dans(duree: timedelta, tache) -> None:
    with time_machine.travel(timezone.now() + duree):
        for _ in range(2):  # a task that runs twice does nothing more
            tache(0)


def test_six_mois_apres_la_decision_plus_rien_ne_dit_qui_a_ecrit(une):
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    dans(SIX_MOIS - timedelta(days=3), taches.oublier_adresses)
    assert relu(une).courriel == "visiteuse@exemple.fr"
    dans(SIX_MOIS, taches.oublier_adresses)
    assert (relu(une).courriel, relu(une).reseau) == ("", "")
    assert relu(une).saisie == {"section-cout": ["Vingt."]}  # the text stays, the address typed beside it goes
    assert relu(une).depots.get().changements == {"section-cout": "Vingt."}


def test_une_proposition_ouverte_garde_son_adresse(une):
    dans(SIX_MOIS * 2, taches.oublier_adresses)
    assert relu(une).courriel == "visiteuse@exemple.fr"


def test_six_mois_apres_la_reponse_un_signalement_devient_anonyme(recu):
    dans(SIX_MOIS, taches.oublier_adresses)
    assert relu(recu).courriel  # nobody answered yet
    signalements.classer(recu.dossier, par=moderatrice(), motif="inexact", explication="Non.")
    dans(SIX_MOIS, taches.oublier_adresses)
    assert (relu(recu).courriel, relu(recu).reseau, relu(recu).precisions) == ("", "", {"lien": "a.fr"})


def test_un_recours_qui_attend_garde_l_adresse_a_qui_repondre(une, recu):
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    signalements.classer(recu.dossier, par=moderatrice(), motif="inexact", explication="Non.")
    for contribution in (relu(une), relu(recu)):
        recours.contester(contribution, texte="Si.")
    dans(SIX_MOIS, taches.oublier_adresses)
    assert relu(une).courriel and relu(recu).courriel


def test_apres_l_oubli_plus_aucun_courriel_ne_part(une, courriels):
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    dans(SIX_MOIS, taches.oublier_adresses)
    avant = len(courriels)
    echanges.repondre(relu(une), par=moderatrice(), texte="Encore un mot.")
    assert len(courriels) == avant


@pytest.mark.parametrize("deposee", [False, True])
def test_un_texte_jamais_confirme_perd_son_adresse_apres_trente_jours_et_reste(fiche, client, deposee):
    brouillon = Proposition.objects.create(
        fiche_id=fiche.pk, nature="dispositif", titre="A", base=derniere(fiche), courriel="v@exemple.fr", saisie=SAISIE
    )
    if deposee:
        propositions.deposer(brouillon, base=derniere(fiche), changements={"section-cout": "Vingt."}, pourquoi="Prix")
    dans(UN_MOIS - timedelta(days=2), taches.oublier_inacheves)
    assert relu(brouillon).courriel
    dans(UN_MOIS, taches.oublier_inacheves)
    assert relu(brouillon).courriel == "" and relu(brouillon).saisie == {"section-cout": ["Vingt."]}
    assert client.get(brouillon.get_absolute_url()).status_code == 200


def test_des_corrections_sans_reponse_deux_mois_rangent_la_proposition_et_le_disent(une, courriels):
    propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Page ?")
    dans(DEUX_MOIS - timedelta(days=2), taches.ranger_sans_reponse)
    assert relu(une).statut == Statut.CORRECTIONS_DEMANDEES
    avant = len(courriels)
    dans(DEUX_MOIS, taches.ranger_sans_reponse)
    assert relu(une).statut == Statut.RETIREE and relu(une).depots.exists()
    assert len(courriels) == avant + 1 and "Rien n’est effacé." in courriels[-1].corps
    ligne = Journal.objects.latest("pk")
    assert (ligne.verbe, ligne.qui, ligne.detail) == ("retirer", None, {"sans_reponse": True})


def test_la_page_dit_rangee_et_non_retiree(une, client):
    propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Page ?")
    dans(DEUX_MOIS, taches.ranger_sans_reponse)
    assert "Rangée, sans réponse" in client.get(une.get_absolute_url()).text


def test_un_message_de_l_auteur_est_une_reponse_que_la_moderation_doit_lire(une):
    propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Page ?")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        echanges.ecrire(une, texte="Je la cherche.")
    for attente in (DEUX_MOIS, DEUX_MOIS + timedelta(days=40)):
        dans(attente, taches.ranger_sans_reponse)
        assert relu(une).statut == Statut.CORRECTIONS_DEMANDEES
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        echanges.repondre(une, par=moderatrice(), texte="Prenez votre temps.")
    dans(DEUX_MOIS, taches.ranger_sans_reponse)
    assert relu(une).statut == Statut.CORRECTIONS_DEMANDEES
    dans(DEUX_MOIS + timedelta(days=40), taches.ranger_sans_reponse)
    assert relu(une).statut == Statut.RETIREE


def test_un_texte_renvoye_n_est_pas_range(une):
    propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Page ?")
    propositions.deposer(une, base=derniere(une.fiche), changements={"section-cout": "P. 3."}, pourquoi="Page")
    dans(DEUX_MOIS, taches.ranger_sans_reponse)
    assert relu(une).statut == Statut.SOUMISE


def test_les_durees_sont_dites_au_public(client):
    page = client.get("/confidentialite/").text
    for duree in ("six mois", "trente jours", "deux mois"):
        assert duree in page


# Taking one's data away, leaving


@pytest.fixture
def publiee(fiche):
    auteur = personne()
    une = proposition(fiche, auteur=auteur, cout="Vingt.")
    saisie = {**SAISIE, "credit_nom": ["Dominique Martin"]}
    Proposition.objects.filter(pk=une.pk).update(
        credit="nom", credit_nom="Dominique Martin", credit_lien="https://domi.fr", credit_role="élue", saisie=saisie
    )
    recu = signalement(fiche, auteur=auteur, nom="Dominique Martin", precisions={"nom": "Dominique Martin"})
    Proposition.objects.filter(pk=une.pk).update(dossier=recu.dossier)
    echanges.ecrire(une, texte="Un mot.")
    propositions.accepter(relu(une), par=moderatrice(), depot=1)
    return relu(une)


def tout() -> str:
    modeles = (Proposition, Signalement, Version, Fiche, Journal)
    return "".join(str(list(modele.objects.values())) for modele in modeles)


def test_on_emporte_ce_qu_on_a_ecrit_et_ce_qu_on_a_repondu(publiee):
    emporte = json.loads(json.dumps(donnees.exporter(personne())))
    (une,), (recu,) = emporte["propositions"], emporte["signalements"]
    assert (une["état"], une["dépôts"][0]["changements"]) == ("Acceptée", {"section-cout": "Vingt."})
    assert une["messages"][0]["texte"] == "Un mot." and recu["précisions"] == {"Nom (non publié)": "Dominique Martin"}
    rien = donnees.exporter(personne("autre"))
    assert set(rien) == {"propositions", "notifications", "signalements", "lots", "tableaux", "colonnes apprises"}
    assert not any(rien.values())


def test_partir_en_effacant_son_nom_n_en_laisse_nulle_part(publiee):
    for _ in range(2):
        donnees.effacer(personne(), garder_nom=False)
    assert not [mot for mot in ("Dominique", "domi.fr", "élue", "visiteuse@") if mot in tout()]
    assert Fiche.objects.get().contenu["sections"]["cout"] == "Vingt." and relu(publiee).auteur is None


def test_partir_en_gardant_son_nom_ne_laisse_que_lui(publiee):
    for _ in range(2):
        donnees.effacer(personne(), garder_nom=True)
    assert "Dominique Martin" in str(Fiche.objects.get().credits)
    assert not [mot for mot in ("domi.fr", "élue", "visiteuse@") if mot in tout()]
    assert relu(publiee).auteur is None and Signalement.objects.get().precisions == {}


def test_qui_a_modere_n_est_plus_nomme(fiche, publiee):
    une = proposition(fiche, duree="Un an.")
    propositions.accepter(une, par=moderatrice(), depot=1, sur=2, ajustements={"section-duree": "Deux ans."})
    assert "Moderatrice" in tout()
    donnees.effacer(moderatrice(), garder_nom=False)
    assert "Moderatrice" not in tout()


def test_en_partant_un_brouillon_est_retire_et_ce_qui_est_depose_continue(fiche):
    brouillon = Proposition.objects.create(fiche_id=fiche.pk, nature="dispositif", titre="A", auteur=personne())
    deposee = proposition(fiche, auteur=personne(), cout="Vingt.")
    donnees.effacer(personne(), garder_nom=False)
    assert (relu(brouillon).statut, relu(deposee).statut) == (Statut.RETIREE, Statut.SOUMISE)
    assert propositions.accepter(deposee, par=moderatrice(), depot=1).numero == 2


def test_un_credit_inchange_ne_fait_rien(publiee):
    avant = Journal.objects.count()
    credits.changer(publiee, credit="nom", credit_nom="Dominique Martin")
    assert Journal.objects.count() == avant
