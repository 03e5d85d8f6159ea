import json
import logging
import sys

from config.journaux import LigneJson


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
