"""What one typed is repeated as it was typed, whatever signs it holds: it is never a pattern to fill in."""

from urllib.parse import quote

import pytest

from tests.balisage import texte
from tests.factories import territoire

pytestmark = pytest.mark.django_db
SIGNES = ["50 %", "%", "%%", "%s", "%d", "%(proches)s", "%(proches)5000s", "%(rien)s", "{saisie}", "{0}"]
ADRESSES = [
    "/dispositifs/choisir/?territoire=",
    "/dispositifs/echeancier/?territoire=",
    "/fiches/?territoire=",
    "/dispositifs-locaux/?territoire=",
    "/carte/?territoire=",
    "/contribuer/a-faire/?territoire=",
    "/contribuer/nouvelle-fiche/action/?titre=Jardins&territoire=",
]


@pytest.mark.parametrize("adresse", ADRESSES)
@pytest.mark.parametrize("signe", SIGNES)
def test_un_territoire_introuvable_est_redit_tel_qu_il_est_ecrit(client, adresse, signe):
    territoire("commune", "76231", "Elbeuf")
    reponse = client.get(adresse + quote(signe))
    assert reponse.status_code in (200, 400, 422)
    assert f"« {signe} »" in texte(reponse.text)


@pytest.mark.parametrize("signe", SIGNES)
def test_le_flux_le_refuse_aussi(client, signe):
    assert client.get(f"/fiches/flux.atom?territoire={quote(signe)}").status_code == 400
