from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from contributions.models import Recours
from contributions.verbes import propositions, recours, signalements
from contributions.verbes.empechements import DejaDecidee, Empechement
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, relu

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]"})


@pytest.fixture
def ecartee(fiche):
    une = proposition(fiche, auteur=personne(), cout="Vingt.")
    return propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Faux.")


def test_un_autre_moderateur_reexamine(ecartee):
    depose = recours.contester(ecartee, texte="C’est dans le bilan.")
    with pytest.raises(PermissionDenied):
        recours.confirmer(depose, par=moderatrice(), explication="Je maintiens.")
    assert recours.confirmer(depose, par=moderateur(), explication="La source ne le dit pas.").statut == "confirme"
    assert relu(ecartee).statut == "ecartee"


def test_la_base_refuse_que_le_premier_decideur_decide(ecartee):
    depose = recours.contester(ecartee, texte="Non.")
    with pytest.raises(IntegrityError, match="recours_decide_par_un_autre"), transaction.atomic():
        Recours.objects.filter(pk=depose.pk).update(
            statut="confirme", decide_par=moderatrice(), decide_le=timezone.now(), explication="Oui."
        )


def test_infirmer_remet_la_proposition_dans_la_file(ecartee):
    depose = recours.contester(ecartee, texte="C’est dans le bilan.")
    recours.infirmer(depose, par=moderateur(), explication="La source le dit, page 3.")
    assert relu(ecartee).statut == "soumise" and relu(ecartee).decidee_par is None
    assert propositions.accepter(ecartee, par=moderateur(), depot=1).numero == 2


def test_infirmer_remet_le_signalement_dans_la_file(fiche):
    recu = signalement(fiche)
    signalements.classer(recu.dossier, par=moderatrice(), motif="inexact", explication="Non.")
    recours.infirmer(recours.contester(relu(recu), texte="Si."), par=moderateur(), explication="En effet.")
    assert relu(recu.dossier).statut == "recu"


def test_les_deux_cotes_sont_prevenus(ecartee, courriels):
    recours.confirmer(recours.contester(ecartee, texte="Si."), par=moderateur(), explication="La source ne le dit pas.")
    prevenus = {c.destinataire for c in courriels if "La source ne le dit pas." in c.corps}
    assert prevenus == {"contributrice@ville.example", "moderatrice@ville.example"}


def test_on_conteste_pendant_six_mois(ecartee):
    with time_machine.travel(timezone.now() + timedelta(days=182)):
        assert recours.contestable_jusqua(ecartee)
    with time_machine.travel(timezone.now() + timedelta(days=184)), pytest.raises(Empechement, match="ou plus"):
        recours.contester(ecartee, texte="Trop tard.")


def test_on_ne_conteste_qu_une_fois_a_la_fois(ecartee):
    recours.contester(ecartee, texte="Si.")
    with pytest.raises(Empechement):
        recours.contester(ecartee, texte="Si !")
    assert Recours.objects.count() == 1


def test_une_acceptation_ne_se_conteste_pas(fiche):
    une = proposition(fiche, auteur=personne(), cout="Vingt.")
    propositions.accepter(une, par=moderatrice(), depot=1)
    with pytest.raises(Empechement, match="ne se conteste pas"):
        recours.contester(relu(une), texte="Si.")


def test_on_ne_decide_pas_de_son_propre_recours(fiche):
    une = proposition(fiche, auteur=moderateur(), cout="Vingt.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Faux.")
    depose = recours.contester(relu(une), texte="Si.")
    with pytest.raises(PermissionDenied):
        recours.infirmer(depose, par=moderateur(), explication="J’ai raison.")


def test_un_recours_decide_ne_se_redecide_pas(ecartee):
    depose = recours.contester(ecartee, texte="Si.")
    recours.confirmer(depose, par=moderateur(), explication="Non.")
    with pytest.raises(DejaDecidee, match="par Moderateur le"):
        recours.infirmer(depose, par=moderateur(), explication="Oui.")
