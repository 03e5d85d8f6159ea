"""A text accepted, then undone by a later version: its author is told why, and where."""

import pytest

from contributions.models import Notification, Proposition
from contributions.verbes import annulation, propositions, retraits
from courriels.models import Courriel
from dispositifs.models import Dispositif
from tests.contributions.recits import derniere, proposition
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, relu

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche() -> Dispositif:
    return fiche_dispositif(titre="Atelier", sections={"description": "D.[^1]", "cout": "Dix."})


def acceptee(fiche, courriel: str, **changements) -> Proposition:
    une = proposition(fiche, courriel=courriel, **changements)
    propositions.accepter(une, par=moderateur(), depot=1)
    return relu(une)


def dits() -> dict[str, str]:
    return {c.destinataire: c.corps for c in Courriel.objects.filter(cle__startswith="texte_defait-")}


def test_revenir_a_une_version_le_dit_a_ceux_dont_le_texte_part_et_a_eux_seuls(fiche):
    premiere = derniere(fiche)
    gardee = acceptee(fiche, "gardee@exemple.fr", duree="Un an.")
    version = derniere(fiche)
    defaite = acceptee(fiche, "defaite@exemple.fr", cout="Vingt.")
    retraits.restaurer(relu(fiche), version=version, par=moderatrice(), pourquoi="le prix était faux")
    (corps,) = dits().values()
    assert dits().keys() == {defaite.courriel}
    assert "le prix était faux" in corps and "- Coût" in corps and "Durée" not in corps
    assert defaite.get_absolute_url() in corps and f"{fiche.get_absolute_url()}historique/" in corps
    retraits.restaurer(relu(fiche), version=premiere, par=moderatrice(), pourquoi="et la durée aussi")
    assert dits().keys() == {gardee.courriel, defaite.courriel}
    assert Courriel.objects.filter(cle__startswith="texte_defait-").count() == 2  # what was gone already goes once


def test_preferer_ce_qui_est_propose_le_dit_a_qui_avait_ete_publie_depuis(fiche):
    tardive = proposition(fiche, courriel="tardive@exemple.fr", cout="Trente.")
    auteur = personne("camille")
    publiee = proposition(fiche, auteur=auteur, cout="Vingt.")
    propositions.accepter(publiee, par=moderateur(), depot=1)
    ailleurs = acceptee(fiche, "ailleurs@exemple.fr", duree="Un an.")
    numero = relu(fiche).numero
    prefere = {"ajustements": {"section-cout": "Trente."}, "sur": numero}
    propositions.accepter(tardive, par=moderatrice(), depot=1, **prefere)
    assert dits().keys() == {auteur.email} and ailleurs.courriel not in dits()
    assert Notification.objects.filter(cle__startswith="texte_defait-").count() == 1
    annulation.annuler(relu(tardive), par=moderatrice())
    assert not dits() and not Notification.objects.filter(cle__startswith="texte_defait-").exists()
    ecrit = {"ajustements": {"section-cout": "Vingt, ou trente."}, "sur": relu(fiche).numero}
    propositions.accepter(relu(tardive), par=moderatrice(), depot=1, **ecrit)
    assert not dits()
