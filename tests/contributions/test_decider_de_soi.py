"""Nobody decides on what they wrote: not with their account, not with an address that is, or was, theirs."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from comptes import adresses
from comptes.models import Utilisateur
from contributions.models import Proposition
from contributions.verbes import propositions, recours, signalements
from contributions.verbes.permissions import a_signale, peut_decider, peut_decider_recours
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice

pytestmark = pytest.mark.django_db
AVANT, APRES = "moderatrice@ville.example", "autre@exemple.fr"


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})


def changer_d_adresse(adresse: str = APRES) -> Utilisateur:
    mina = moderatrice()
    mina.email = adresse
    mina.save()
    return Utilisateur.objects.get(pk=mina.pk)


def test_changer_d_adresse_n_ouvre_pas_sa_proposition(fiche):
    une = proposition(fiche, courriel=AVANT.title(), cout="Vingt.")
    mina = changer_d_adresse()
    assert not peut_decider(mina, une)
    with pytest.raises(PermissionDenied):
        propositions.ecarter(une, par=mina, depot=1, motif="inexact", explication="Faux.")


def test_ni_des_annees_apres_ni_apres_plusieurs_changements(fiche):
    une = proposition(fiche, courriel=AVANT, cout="Vingt.")
    changer_d_adresse("entre@exemple.fr")
    mina = Utilisateur.objects.get(email="entre@exemple.fr")
    mina.email = APRES
    mina.save()
    with time_machine.travel(timezone.now() + timedelta(days=800)):
        adresses.oublier()
    assert not peut_decider(mina, une) and peut_decider(moderateur(), une)


def test_ni_une_proposition_envoyee_ensuite_de_l_ancienne_adresse(fiche):
    mina = changer_d_adresse()
    assert not peut_decider(mina, proposition(fiche, courriel=AVANT, cout="Vingt."))


@pytest.mark.parametrize("changee", [False, True])
def test_ni_son_signalement(fiche, changee):
    mina = moderatrice()
    dossier = signalement(fiche, courriel=AVANT).dossier
    mina = changer_d_adresse() if changee else mina
    assert a_signale(mina, dossier) and not a_signale(moderateur(), dossier)
    with pytest.raises(PermissionDenied):
        signalements.classer(dossier, par=mina, motif="deja_exact", explication="Non.")


def test_ni_son_recours(fiche):
    une = proposition(fiche, courriel=AVANT, cout="Vingt.")
    propositions.ecarter(une, par=moderateur(), depot=1, motif="inexact", explication="Faux.")
    depose = recours.contester(Proposition.objects.get(pk=une.pk), texte="Si.")
    mina = changer_d_adresse()
    assert not peut_decider_recours(mina, depose)
    with pytest.raises(PermissionDenied):
        recours.infirmer(depose, par=mina, explication="J’ai raison.")


def test_ce_qu_on_a_apporte_reste_a_soi_apres_le_changement(client, fiche):
    mina = moderatrice()
    une = proposition(fiche, auteur=mina, cout="Vingt.")
    client.force_login(changer_d_adresse())
    assert f"/suivi/{une.jeton}/" in client.get("/mes-contributions/").text
    propositions.accepter(une, par=moderateur(), depot=1)
    assert une.auteur_id == mina.pk and "Acceptée" in client.get("/mes-contributions/").text
