import json
import logging
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from comptes.models import Utilisateur
from config.journaux import Ligne, LigneJson, masquer
from tests import factories


def enregistrement(**champs) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "fiches", "levelname": "ERROR", "msg": "raté : %s", "args": ("é",), **champs})


@pytest.fixture
def acces(caplog):
    """What the log said of each request, as production writes it."""
    caplog.set_level(logging.DEBUG, "acces")
    return lambda: [json.loads(LigneJson().format(r)) for r in caplog.records if r.name == "acces"]


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


def test_une_erreur_ne_livre_ni_adresse_ni_jeton():
    try:
        raise ValueError("Key (email)=(prenom.nom@ville-exemple.fr) already exists: /suivi/AbC-12_3/retirer/")
    except ValueError:
        trace = {"exc_info": sys.exc_info()}
        champs = {**trace, "msg": "vu %s", "args": ("a@b.fr",), "chemin": "/suivi/AbC-12_3/"}
        for ligne in (LigneJson().format(enregistrement(**champs)), Ligne().format(enregistrement(**champs))):
            assert "ville-exemple" not in ligne and "a@b.fr" not in ligne
            assert "AbC-12_3" not in ligne
            assert "/suivi/•/retirer/" in ligne


def chemins(resolveur: URLResolver, prefixe: str = "/"):
    for motif in resolveur.url_patterns:
        chemin = prefixe + str(motif.pattern)
        if isinstance(motif, URLPattern):
            yield chemin
        else:
            yield from chemins(motif, chemin)


def test_toute_adresse_a_jeton_est_masquee():
    """An address given by e-mail as a key: add it to JETON of config/journaux.py."""
    a_jeton = [chemin for chemin in chemins(get_resolver()) if "jeton>" in chemin]
    assert a_jeton
    for chemin in a_jeton:
        adresse = chemin.replace("<slug:jeton>", "S3cret").replace("<str:jeton>", "S3cret")
        assert "S3cret" in adresse
        assert "S3cret" not in masquer(adresse), chemin


def test_le_journal_de_nginx_les_masque_aussi():
    lignes = (settings.BASE_DIR / "deploiement" / "nginx" / "sante.conf").read_text()
    for chemin in (chemin for chemin in chemins(get_resolver()) if "jeton>" in chemin):
        debut = chemin.partition("<")[0]
        assert f"~^{debut} {debut}-;" in lignes


def test_une_demande_se_dit_en_une_ligne(client, acces):
    reponse = client.get("/aide/?q=cancer")
    (ligne,) = acces()
    assert ligne.pop("duree_ms") >= 0
    assert ligne.pop("date")
    assert ligne == {
        "niveau": "INFO",
        "source": "acces",
        "message": "GET /aide/ 200",
        "methode": "GET",
        "chemin": "/aide/",
        "code": 200,
        "personne": "visiteur",
    }
    assert len(reponse["X-Request-Id"]) == 32


def test_ni_recherche_ni_adresse_ni_navigateur(client, db, acces):
    client.get("/fiches/?q=depression", REMOTE_ADDR="203.0.113.7", headers={"user-agent": "Fureteur"})
    texte = json.dumps(acces())
    assert not [secret for secret in ("depression", "203.0.113.7", "Fureteur") if secret in texte]


def test_une_adresse_refusee_est_dite_aussi(client, acces):
    client.get("/nulle/part/")
    client.get("/aide/", headers={"host": "mechant.exemple"})
    assert [ligne["code"] for ligne in acces()] == [404, 400]


def test_les_lignes_ecrites_pour_une_demande_portent_son_numero(db, monkeypatch, caplog):
    vues = []
    monkeypatch.setattr(
        "recherche.views.render",
        lambda *_, **__: vues.append(json.loads(LigneJson().format(enregistrement()))["requete"]) or 1 / 0,
    )
    reponse = Client(raise_request_exception=False).get("/")
    assert vues == [reponse["X-Request-Id"]]
    assert "requete" not in json.loads(LigneJson().format(enregistrement()))


def test_le_numero_donne_par_notre_proxy_est_garde(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/sante", headers={"x-request-id": "a" * 32})["X-Request-Id"] == "a" * 32


@pytest.mark.parametrize("numero", ["court", "a" * 65, 'a"}{"niveau": "ERROR"}', "é" * 20, "a b" * 8])
def test_un_numero_etrange_est_remplace(client, settings, numero):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/sante", headers={"x-request-id": numero})["X-Request-Id"] != numero


def test_sans_proxy_personne_ne_choisit_son_numero(client):
    assert client.get("/sante", headers={"x-request-id": "a" * 32})["X-Request-Id"] != "a" * 32


def test_le_genre_de_personne_ne_coute_aucune_requete(client, db, acces, django_assert_num_queries):
    client.force_login(Utilisateur.objects.create_user("a@exemple.fr"))
    client.get("/aide/")
    assert acces()[-1]["personne"] == "contributeur"
    with django_assert_num_queries(0):
        client.get("/sante")  # nobody asked who it was: neither does the log
    assert acces()[-1]["personne"] == "visiteur"


def test_les_moderateurs_se_distinguent(client, db, acces):
    client.force_login(Utilisateur.objects.create_superuser("m@exemple.fr"))
    client.get("/aide/")
    assert acces()[-1]["personne"] == "moderateur"


def test_une_fiche_lue_n_ouvre_pas_de_session(client, db, acces):
    fiche = factories.fiche_dispositif()
    reponse = client.get(fiche.get_absolute_url())
    assert not reponse.cookies and "Cookie" not in reponse.get("Vary", "")
    assert acces()[-1]["personne"] == "visiteur"


@pytest.mark.parametrize("forme", [LigneJson(), Ligne()])
def test_le_jeton_d_une_reprise_n_est_jamais_au_journal(forme):
    ligne = forme.format(enregistrement(msg="GET /dispositifs/asv/proposer/?a=1&reprise=abc-DEF_123", args=()))
    assert "abc-DEF_123" not in ligne and "reprise=•" in ligne
