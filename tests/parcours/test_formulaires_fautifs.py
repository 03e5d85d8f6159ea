"""A form sent with errors comes back with status 422, whichever it is; an address that makes no sense is 400."""

import pytest
from django.test import Client
from django.urls import reverse

from moderation.gestes import GESTES
from tests.moderation.test_roles import ROUTES, depuis, monde, tableau_de

pytestmark = pytest.mark.django_db
VERBES = sorted({verbe for gestes in GESTES.values() for verbe in gestes})
ENVOIS = [
    {},
    {"email": "rien", "action_add": "1", "code": "12", "nom_affiche": "", "courriels": "rien", "credit": "rien"},
    *({"verbe": verbe} for verbe in ("repondre", "crediter", "contester", "themes", "ecrire", "essayer", "avis")),
    *({"verbe": verbe} for verbe in VERBES),
]


def test_une_page_qui_montre_une_erreur_dit_422():
    arguments, vues, fautes = monde() | tableau_de("visiteur"), 0, []
    for route in ROUTES:
        if route.startswith("admin:") or depuis(route) == "étape" or route.endswith("logout"):
            continue
        adresse = reverse(route, kwargs=arguments.get(route))
        client = Client()
        page = client.get(adresse).content.decode(errors="ignore")
        if "erreur-champ" in page:  # the address itself makes no sense
            continue
        for envoi in ENVOIS if "verbe" in page else ENVOIS[:2]:
            reponse = client.post(adresse, envoi)
            if "erreur-champ" in (reponse.text if "text/html" in reponse.headers.get("Content-Type", "") else ""):
                vues += 1
                if reponse.status_code not in (409, 422, 429):
                    fautes.append((route, envoi, reponse.status_code))
    assert fautes == [] and vues > 5
