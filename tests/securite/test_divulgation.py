from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from config import environnement


def test_sans_contact_declare_rien_n_est_publie(settings, db):
    settings.CONTACT_SECURITE = None
    assert Client().get("/.well-known/security.txt").status_code == 404


def test_le_contact_pour_les_failles(settings):
    settings.CONTACT_SECURITE = "mailto:securite@sante.exemple.fr"
    reponse = Client().get("/.well-known/security.txt")
    assert reponse["Content-Type"] == "text/plain; charset=utf-8"
    champs = dict(ligne.split(": ", 1) for ligne in reponse.text.splitlines())
    assert champs["Contact"] == "mailto:securite@sante.exemple.fr"
    assert champs["Canonical"] == "http://testserver/.well-known/security.txt"
    expire = datetime.fromisoformat(champs["Expires"])
    assert timedelta(days=30) < expire - timezone.now() < timedelta(days=365)  # RFC 9116 asks for less than a year


@pytest.mark.parametrize(
    "valeur, lue",
    [
        ("securite@exemple.fr", "mailto:securite@exemple.fr"),
        ("https://exemple.fr/failles", "https://exemple.fr/failles"),
        ("", None),
    ],
)
def test_le_contact_est_une_adresse_ou_une_page(monkeypatch, valeur, lue):
    monkeypatch.setenv("CONTACT_SECURITE", valeur)
    assert environnement.lire("CONTACT_SECURITE") == lue


@pytest.mark.parametrize("valeur", ["javascript:alert(1)", "http://exemple.fr", "a@b", "a@exemple.fr\nContact: x@y.fr"])
def test_un_contact_douteux_se_dit_en_une_phrase(monkeypatch, valeur, capsys):
    monkeypatch.setenv("CONTACT_SECURITE", valeur)
    with pytest.raises(SystemExit):
        environnement.lire("CONTACT_SECURITE")
    assert "CONTACT_SECURITE ne convient pas" in capsys.readouterr().err
