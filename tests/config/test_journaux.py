import copy
import json
import logging
import logging.config
import sys

import pytest
from django.conf import settings

from config.journaux import Ligne, LigneJson


def enregistrement(**champs) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "fiches", "levelname": "ERROR", "msg": "raté : %s", "args": ("é",), **champs})


def test_une_ligne_par_evenement():
    ligne = LigneJson().format(enregistrement(status_code=500))
    assert "\n" not in ligne
    lu = json.loads(ligne)
    assert lu.pop("date").endswith("+00:00")
    assert lu == {"niveau": "ERROR", "source": "fiches", "message": "raté : é", "code": 500}


def test_la_trace_d_une_erreur_tient_dans_la_ligne():
    try:
        raise ValueError("étrange")
    except ValueError:
        ligne = LigneJson().format(enregistrement(exc_info=sys.exc_info()))
    assert "\n" not in ligne
    assert "ValueError: étrange" in json.loads(ligne)["trace"]


@pytest.fixture
def journal(tmp_path):
    """The logging of the site, as its settings say, towards a file that this fixture reads."""
    reglage = copy.deepcopy(settings.LOGGING)
    fichier = tmp_path / "journal"
    reglage["handlers"]["stderr"] = {"class": "logging.FileHandler", "filename": fichier, "formatter": "ligne"}
    avant = logging.root.handlers[:]
    logging.config.dictConfig(reglage)
    yield fichier.read_text
    for poignee in logging.root.handlers:
        poignee.close()
    logging.root.handlers[:] = avant


@pytest.mark.parametrize("suite", ["", "?reprise=un-autre-Jeton_9"])
@pytest.mark.django_db
def test_le_secret_d_un_lien_de_suivi_n_est_jamais_au_journal(client, journal, suite):
    client.get(f"/suivi/abc-DEF_123/{suite}")
    assert "Not Found: /suivi/***/" in journal() and "abc-DEF_123" not in journal()


@pytest.mark.parametrize("forme", [LigneJson(), Ligne()])
def test_ni_dans_une_adresse_de_reprise_ni_dans_une_trace(forme):
    try:
        raise ValueError("GET /dispositifs/asv/proposer/?a=1&reprise=abc-DEF_123")
    except ValueError:
        ligne = forme.format(enregistrement(msg="raté : /suivi/abc-DEF_123/", args=(), exc_info=sys.exc_info()))
    assert "abc-DEF_123" not in ligne and "reprise=***" in ligne
