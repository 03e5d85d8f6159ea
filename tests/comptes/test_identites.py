"""The ProConnect identities of an account: told of, seen, removed."""

# ruff: noqa: F811  # fixtures of the tests of ProConnect

import html5lib
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from comptes import donnees
from comptes.models import Utilisateur
from tests.boite import Boite
from tests.comptes.preuves import entrer
from tests.comptes.test_connexion import CAMILLE, demander, est_connecte
from tests.comptes.test_proconnect import camille, fournisseur, liee, revenir  # noqa: F401

pytestmark = pytest.mark.django_db


def test_l_identite_s_emporte_et_s_efface(liee):
    (identite,) = donnees.exporter(liee)["identités ProConnect"]
    assert identite["identifiant"] == "agent-1"
    donnees.fermer(liee, garder_nom=False)
    assert not SocialAccount.objects.exists() and not Authenticator.objects.exists()


def test_le_courriel_du_code_dit_qu_il_liera_une_identite(client, camille, fournisseur, courriels: Boite):
    revenir(client)
    assert "liera aussi à votre compte l’identité ProConnect" in courriels.pour(CAMILLE)[-1].corps.replace("\n", " ")
    demander(Client())
    demander(client)
    assert "ProConnect" not in courriels.pour(CAMILLE)[-1].corps


def test_les_identites_se_voient_et_se_retirent(client, liee, fournisseur, courriels: Boite):
    ailleurs = Client()
    entrer(ailleurs, liee)
    entrer(client, liee)
    identite = SocialAccount.objects.get()
    page = client.get("/comptes/")
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "agent-1" in page.text and f"/comptes/proconnect/{identite.pk}/retirer/" in page.text
    assert client.post(f"/comptes/proconnect/{identite.pk}/retirer/").url == "/comptes/"
    assert not SocialAccount.objects.exists()
    assert "agent-1" not in client.get("/comptes/").text and not est_connecte(ailleurs)
    assert "n’ouvre plus votre compte" in courriels.pour(CAMILLE)[-1].corps.replace("\n", " ")


def test_retirer_une_identite_demande_une_preuve(client, liee, fournisseur):
    client.force_login(liee)
    page = f"/comptes/proconnect/{SocialAccount.objects.get().pk}/retirer/"
    assert client.get(page).status_code == 405
    assert client.post(page).url.startswith("/comptes/preuve/") and SocialAccount.objects.exists()
    assert Client().post(page).url.startswith("/comptes/connexion/")


def test_on_ne_retire_pas_l_identite_d_un_autre(client, liee, fournisseur):
    entrer(client, Utilisateur.objects.create_user("zoe@ville.example"))
    assert client.post(f"/comptes/proconnect/{SocialAccount.objects.get().pk}/retirer/").status_code == 404
    assert SocialAccount.objects.exists()
