"""Texts handed in, drafts and pages of before the dated statements: nothing of them is lost."""

import pytest

from contributions.models import Depot
from contributions.verbes import propositions
from tests.contributions.papier import Papier, ouvrir, seule
from tests.contributions.recits import proposition
from tests.factories import constat, fiche_locale, moderatrice, relu

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche():
    return fiche_locale(slug="cls", constats=[constat("actif", "2016-11-22")])


def test_un_texte_depose_avant_se_lit_et_s_accepte(fiche):
    une = proposition(fiche, constate_le="2026-01-05", echeance="2030-12-31")
    depot = une.depot
    assert depot.recus == {"constate_le": "2026-01-05", "echeance": "2030-12-31"}
    neuf = constat("actif", "2026-01-05", "")
    assert depot.changements == {"constats": [constat("actif", "2016-11-22"), neuf], "fin": "2030-12-31"}
    propositions.accepter(une, par=moderatrice(), depot=1)
    fiche = relu(fiche)
    assert (fiche.vu_le, fiche.fin) == ("2026-01-05", "2030-12-31")
    assert Depot.objects.get().recus == depot.recus


def test_une_page_ouverte_avant_garde_ce_qu_on_y_a_tape(client, fiche):
    papier = ouvrir(client, "/dispositifs-locaux/cls/proposer/")
    for cle in [cle for cle in papier.champs if cle.startswith(("constats-", "anterieures-", "fin"))]:
        del papier.champs[cle]
    papier.champs |= {"constat": ["termine"], "constate_le": ["12/03/2026"], "echeance": ["2025-12-31"]}
    papier.envoyer(brouillon="1")
    assert seule().saisie["constate_le"] == ["12/03/2026"]
    repris = Papier(client, client.get(f"/suivi/{seule().jeton}/modifier/"))
    assert repris["fin"] == "2025-12-31"
    dits = {(repris[f"constats-{n}-etat"], repris[f"constats-{n}-le"]) for n in (0, 1)}
    assert dits == {("actif", "2016-11-22"), ("termine", "12/03/2026")}
