"""Every place where somebody writes to somebody: who wrote reads it again, whom it is for reads it, or is told."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from contributions.models import Demande, Proposition, Reponse
from contributions.verbes import (
    avis,
    confirmations,
    decisions_de_lot,
    echanges,
    lots,
    propositions,
    recours,
    retraits,
    signalements,
)
from tests.contributions.recits import demande, derniere, ligne, proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, relu

pytestmark = pytest.mark.django_db
MOTS = "Zybrelune nous attend."  # words that nothing else says
Pages = Iterator[tuple[str, str]]  # who, « auteur » by the secret link or « poste », and where
RAISON = {"motif": "inexact", "explication": "Non."}


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", titre="Atelier", sections={"description": "Une.[^1]", "cout": "Dix euros."})


def _ecartee(fiche, explication: str = "Non.") -> Proposition:
    return propositions.ecarter(
        proposition(fiche, cout="A."), par=moderatrice(), depot=1, motif="inexact", explication=explication
    )


def un_message_d_auteur(fiche) -> Pages:
    une = _ecartee(fiche)
    message = echanges.ecrire(une, texte=MOTS)
    yield "auteur", une.get_absolute_url()
    for page in (message.adresse_au_poste, une.adresse_au_poste, "/moderation/", "/moderation/messages/"):
        yield "poste", page


def un_message_sur_un_signalement(fiche) -> Pages:
    recu = signalement(fiche)
    message = echanges.ecrire(recu, texte=MOTS)
    yield "auteur", recu.get_absolute_url()
    for page in (message.adresse_au_poste, recu.dossier.adresse_au_poste, "/moderation/messages/"):
        yield "poste", page


def un_message_de_la_moderation(fiche) -> Pages:
    une = _ecartee(fiche)
    echanges.repondre(une, par=moderatrice(), texte=MOTS)
    yield "auteur", une.get_absolute_url()
    yield "poste", une.adresse_au_poste
    yield "poste", "/moderation/messages/?qui=toutes"
    yield "courriel", une.adresse


def une_remarque(fiche) -> Pages:
    une = proposition(fiche, cout="A.")
    propositions.demander_corrections(
        une, par=moderatrice(), depot=1, explication="À revoir.", remarques={"section-cout": MOTS}
    )
    yield "auteur", une.get_absolute_url()
    yield "auteur", f"{une.get_absolute_url()}modifier/"
    yield "poste", une.adresse_au_poste
    yield "courriel", une.adresse


def une_note_interne(fiche) -> Pages:
    une = _ecartee(fiche)
    message = echanges.ecrire(une, texte="Alors ?")
    echanges.noter(une, par=moderatrice(), texte=MOTS)
    yield "poste", message.adresse_au_poste
    yield "jamais", une.get_absolute_url()


def un_pourquoi(fiche) -> Pages:
    une = proposition(fiche, cout="A.")
    propositions.deposer(une, base=derniere(fiche), changements={"section-cout": "B."}, pourquoi=MOTS)
    yield "auteur", une.get_absolute_url()
    yield "poste", une.adresse_au_poste
    yield "poste", "/moderation/"


def une_decision(fiche) -> Pages:
    une = _ecartee(fiche, MOTS)
    yield "auteur", une.get_absolute_url()
    yield "poste", une.adresse_au_poste
    yield "courriel", une.adresse


def un_signalement(fiche) -> Pages:
    recu = signalements.signaler(fiche, categorie="erreur", texte=MOTS, passage=MOTS, courriel="l@exemple.fr")
    yield "auteur", recu.get_absolute_url()
    yield "poste", recu.dossier.adresse_au_poste


def une_reponse_a_un_signalement(fiche) -> Pages:
    recu = signalement(fiche)
    signalements.classer(recu.dossier, par=moderatrice(), motif="inexact", explication=MOTS)
    yield "auteur", recu.get_absolute_url()
    yield "poste", recu.dossier.adresse_au_poste
    yield "courriel", recu.adresse


def un_recours(fiche) -> Pages:
    conteste = recours.contester(relu(_ecartee(fiche)), texte=MOTS)
    yield "poste", conteste.adresse_au_poste
    yield "auteur", Proposition.objects.get().get_absolute_url()


def une_reponse_a_un_recours(fiche) -> Pages:
    une = _ecartee(fiche)
    conteste = recours.contester(relu(une), texte="Si.")
    recours.confirmer(conteste, par=moderateur(), explication=MOTS)
    yield "auteur", une.get_absolute_url()
    yield "poste", conteste.adresse_au_poste
    yield "courriel", une.adresse


def un_avis(fiche) -> Pages:
    une = proposition(fiche, cout="A.")
    avis.demander(une, par=moderateur(), a=moderatrice(), texte=MOTS)
    yield "poste", une.adresse_au_poste
    yield "courriel", moderatrice().email
    yield "jamais", une.get_absolute_url()


def une_mesure_sur_une_fiche(fiche) -> Pages:
    une = proposition(fiche, cout="A.")
    retraits.masquer(fiche, par=moderatrice(), motif="inexact", explication=MOTS)
    yield "auteur", une.get_absolute_url()
    yield "poste", f"/moderation/fiches/{fiche.pk}/"
    yield "courriel", une.adresse


def un_mot_avec_un_tableau(fiche) -> Pages:
    lot = lots.deposer(personne(), "CLS", [ligne()], mot=MOTS)
    yield "auteur", lot.get_absolute_url()
    yield "poste", lot.adresse_au_poste


def une_decision_sur_un_tableau(fiche) -> Pages:
    lot = lots.deposer(personne(), "CLS", [ligne()])
    decisions_de_lot.ecarter(lot, par=moderatrice(), motif="inexact", explication=MOTS)
    yield "auteur", lot.propositions.get().get_absolute_url()
    yield "poste", lot.adresse_au_poste
    yield "courriel", personne().email


def une_precision_d_une_institution(fiche) -> Pages:
    posee = demande(Demande.Statut.ENVOYEE)
    confirmations.repondre(posee, sens=Reponse.Sens.SAIS_PAS, precision=MOTS)
    yield "auteur", reverse("confirmer", args=[posee.jeton])
    yield "poste", "/moderation/confirmations/?etape=reponses"


CAS: dict[Callable, set[str]] = {
    un_message_d_auteur: {"Message.texte"},
    un_message_sur_un_signalement: {"Message.texte"},
    un_message_de_la_moderation: {"Message.texte"},
    une_remarque: {"Message.texte"},
    une_note_interne: {"Note.texte"},
    un_pourquoi: {"Depot.pourquoi"},
    une_decision: {"Proposition.explication"},
    un_signalement: {"Signalement.texte", "Signalement.passage"},
    une_reponse_a_un_signalement: {"Dossier.explication"},
    un_recours: {"Recours.texte"},
    une_reponse_a_un_recours: {"Recours.explication"},
    un_mot_avec_un_tableau: {"Lot.mot"},
    une_decision_sur_un_tableau: {"Traitement.explication"},
    une_precision_d_une_institution: {"Reponse.precision"},
    un_avis: set(),  # a line of the journal
    une_mesure_sur_une_fiche: set(),  # the same, and the page of the fiche
}
A_SOI = {"ReponseType.texte"}  # a start for what one will write


def test_aucun_endroit_ou_l_on_ecrit_n_est_oublie():
    champs = {
        f"{modele.__name__}.{champ.name}"
        for modele in apps.get_app_config("contributions").get_models()
        for champ in modele._meta.get_fields()
        if type(champ) is models.TextField
    }
    assert champs | {"Depot.pourquoi"} == set().union(*CAS.values()) | A_SOI


@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas.__name__)
def test_ce_qu_on_ecrit_se_lit_des_deux_cotes(cas, fiche, courriels):
    poste = Client()
    poste.force_login(moderatrice())
    for cote, ou in cas(fiche):
        if cote == "courriel":
            assert any(MOTS in courriel.corps for courriel in courriels.pour(ou)), (cote, ou)
            continue
        lu = MOTS in (Client() if cote in ("auteur", "jamais") else poste).get(ou).text
        assert lu == (cote != "jamais"), (cote, ou)
