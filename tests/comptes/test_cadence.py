"""The instants at which the forms of signing in answer: they tell nothing of the work done meanwhile."""

import pytest

from comptes import cadence
from comptes.models import Utilisateur

pytestmark = pytest.mark.django_db
FORMULAIRES = ["/comptes/connexion/", "/comptes/inscription/"]


@pytest.fixture(autouse=True)
def attentes(monkeypatch, settings) -> list[float]:
    """What each answer waited, in seconds, of a work said to last 30, 60, then 130 ms."""
    settings.CADENCE_DES_REPONSES = 0.1
    instants = iter([10.0, 10.03, 20.0, 20.06, 30.0, 30.13])
    attentes: list[float] = []
    monkeypatch.setattr(cadence, "monotonic", lambda: next(instants))
    monkeypatch.setattr(cadence, "sleep", attentes.append)
    return attentes


@pytest.mark.parametrize("chemin", FORMULAIRES)
def test_qu_on_ait_un_compte_ou_non_la_reponse_vient_au_meme_instant(client, attentes, chemin):
    Utilisateur.objects.create_user("camille@exemple.fr")
    for adresse in ("camille@exemple.fr", "personne@exemple.fr"):
        assert client.post(chemin, {"email": adresse}).status_code == 302
    assert attentes == pytest.approx([0.07, 0.04])


@pytest.mark.parametrize(
    "chemin, suite", [("/comptes/connexion/", "/comptes/code/"), ("/comptes/inscription/", "/comptes/confirmation/")]
)
def test_redemander_un_code_aussi(client, attentes, chemin, suite):
    client.post(chemin, {"email": "camille@exemple.fr"})
    client.post(suite, {"action": "resend"})
    assert attentes == pytest.approx([0.07, 0.04])


def test_plus_long_que_la_cadence_on_attend_la_suivante(client, attentes):
    for nom in ("une", "deux", "trois"):
        client.post("/comptes/connexion/", {"email": f"{nom}@exemple.fr"})
    assert attentes[2] == pytest.approx(0.07)


@pytest.mark.parametrize("chemin", FORMULAIRES)
def test_lire_un_formulaire_n_attend_pas(client, attentes, chemin):
    client.get(chemin)
    assert attentes == []
