"""Browsers may tell us what the content policy stopped; nobody may fill our logs through that door."""

import json
import logging

import pytest
from django.test import Client

from config import rapports

ANCIEN = {
    "csp-report": {
        "document-uri": "https://sante.exemple.fr/fiches/?q=mon+secret",
        "violated-directive": "script-src-elem",
        "blocked-uri": "https://mechant.exemple/vol.js?nom=moi",
        "line-number": 12,
    }
}
NOUVEAU = [
    {
        "type": "csp-violation",
        "body": {
            "documentURL": "https://sante.exemple.fr/suivi/abcdef/",
            "effectiveDirective": "style-src",
            "blockedURL": "inline",
        },
    }
]


@pytest.fixture(autouse=True)
def _compteur_neuf(monkeypatch):
    monkeypatch.setattr(rapports, "compteur", rapports.Compteur(3))


def envoyer(corps: object, type_mime: str = "application/csp-report"):
    brut = corps if isinstance(corps, (str, bytes)) else json.dumps(corps)
    return Client(enforce_csrf_checks=True).post("/csp-rapports/", brut, content_type=type_mime)


def test_un_rapport_dit_ce_qui_fut_arrete_sans_ce_qui_fut_cherche(caplog):
    reponse = envoyer(ANCIEN)
    assert (reponse.status_code, reponse.content) == (204, b"")
    assert not reponse.cookies
    (ligne,) = caplog.messages
    assert ligne.endswith("script-src-elem a refusé https://mechant.exemple sur /fiches/, ligne 12")


def test_la_nouvelle_forme_des_rapports(caplog):
    assert envoyer(NOUVEAU, "application/reports+json").status_code == 204
    (ligne,) = caplog.messages
    assert "style-src a refusé inline" in ligne


def test_un_rapport_n_ecrit_pas_de_fausse_ligne(caplog):
    faux = {"csp-report": {"violated-directive": "x\n2026-01-01 ERROR tout va mal\x1b[31m", "blocked-uri": "a\r\nb"}}
    envoyer(faux)
    (ligne,) = caplog.messages
    assert "\n" not in ligne and "\r" not in ligne and "\x1b" not in ligne


def test_au_dela_de_quelques_rapports_on_n_ecoute_plus(caplog):
    codes = [envoyer(ANCIEN).status_code for _ in range(5)]
    assert codes == [204, 204, 204, 429, 429]
    assert len(caplog.messages) == 3


def test_un_rapport_trop_long_est_refuse(caplog):
    assert envoyer(b"[" + b" " * rapports.OCTETS_MAX + b"]").status_code == 413
    assert not [r for r in caplog.records if r.name == rapports.__name__]


def test_un_message_aux_nombreux_rapports_n_en_dit_que_quelques_uns(caplog):
    caplog.set_level(logging.WARNING)
    envoyer(NOUVEAU * 50)
    assert len(caplog.messages) == rapports.RAPPORTS_MAX


@pytest.mark.parametrize("corps", ["", "{", "\xff", "[" * 5_000, "3", "null", "[null, 3, {}]", '{"csp-report": 3}'])
def test_un_rapport_insense_n_est_pas_une_panne(corps, caplog):
    assert envoyer(corps).status_code in (204, 400)
    assert not [r for r in caplog.records if r.name == rapports.__name__]


def test_on_n_y_lit_rien():
    assert Client().get("/csp-rapports/").status_code == 405
