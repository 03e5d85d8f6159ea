"""Every page of the site, with every role: what axe does not look at (tests/acces.py)."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.acces import fautes
from tests.comptes.preuves import entrer
from tests.moderation.test_roles import ROLES, ROUTES, depuis, monde, qui, tableau_de

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["visiteur", "contributeur", "administrateur"])
def test_chaque_page_est_accessible(role):
    arguments, client, vues, trouvees = monde() | tableau_de(role), Client(), 0, {}
    if role != "visiteur":
        entrer(client, qui(role))
    for route in ROUTES:
        if route.startswith("admin:") or depuis(route) == "étape":
            continue
        reponse = client.get(reverse(route, kwargs=arguments.get(route)))
        if reponse.status_code == 200 and reponse.headers["Content-Type"].startswith("text/html"):
            vues += 1
            if faute := fautes(reponse.text):
                trouvees[route] = faute
    assert not trouvees, trouvees
    assert vues > 10 * (1 + ROLES.index(role) // 4)
