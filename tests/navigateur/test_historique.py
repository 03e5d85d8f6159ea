"""A reader looks at what changed in a fiche, in a real browser."""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from dispositifs.models import Dispositif
from tests.base_reelle import base_reelle
from tests.factories import publier
from tests.navigateur.accessibilite import sur_deux_ecrans, verifier

pytestmark = pytest.mark.django_db  # or there is no test database (the server reads it by its own connections)
PAGES = [
    "historique/",
    "versions/1/",
    "versions/2/",
    "comparer/?de=1&a=2",
    "comparer/?de=1&a=2#c2",
    "comparer/?de=1&a=2&vue=cote-a-cote",
    "comparer/?de=1&a=2&vue=cote-a-cote#c2",
    "comparer/?de=2&a=2",
]


@pytest.fixture(scope="module")
def asv(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a fiche whose second version changes a little of everything."""
    with base_reelle(django_db_blocker):
        _publier_une_suite(Dispositif.objects.get(slug="asv"))
        serveur = LiveServer("127.0.0.1")
        yield f"{serveur.url}/dispositifs/asv/"
        serveur.stop()
    connections.close_all()  # those opened beside Playwright's loop, which nobody else sees


def _publier_une_suite(fiche: Dispositif) -> None:
    contenu = fiche.contenu
    description = contenu["sections"]["description"].replace("une démarche locale", "une démarche de terrain")
    source = {**contenu["sources"][0], "titre": "Une source corrigée"}
    publier(
        fiche,
        motif="Relit la fiche.",
        titre="Atelier santé de la ville",
        sections={
            **contenu["sections"],
            "description": f"{description}\n\nUn [lien](https://exemple.fr).[^{source['cle']}]",
        },
        sources=[source, *contenu["sources"][1:]],
        territoires=[*contenu["territoires"], "commune:76540"],
    )


@pytest.mark.parametrize("suite, ecran", sur_deux_ecrans(PAGES))
def test_la_page_est_accessible_et_ne_deborde_pas(asv, page: Page, suite, ecran):
    largeur, theme = ecran
    page.set_viewport_size({"width": largeur, "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(asv + suite)
    verifier(page)
    assert page.context.cookies() == []


def test_on_va_de_la_fiche_a_ce_qui_a_change(asv, page: Page):
    page.goto(asv)
    page.get_by_role("link", name="Historique", exact=True).click()
    page.get_by_label("Comparer depuis la version 1").check()
    page.get_by_label("Comparer jusqu’à la version 2").check()
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("de la version 1 à la version 2")
    expect(page.get_by_role("insertion").filter(has_text="Rouen (76)")).to_be_visible()


def test_on_va_de_changement_en_changement(asv, page: Page):
    page.goto(f"{asv}comparer/?de=1&a=2")
    suivant = page.get_by_role("link", name="Changement suivant", exact=True)
    expect(suivant).to_have_count(0)  # shown where one is
    page.get_by_role("link", name="Premier changement").click()
    for attendu in ("#c1", "#c2", "#c3"):
        assert page.url.endswith(attendu)
        expect(page.locator(attendu)).to_be_in_viewport()
        suivant.click()
    page.get_by_role("link", name="Changement précédent", exact=True).click()
    assert page.url.endswith("#c3")


def test_chaque_mot_change_le_dit_a_qui_ecoute(asv, page: Page):
    page.goto(f"{asv}comparer/?de=1&a=2")
    assert all(texte.startswith("ajouté\u00a0: ") for texte in page.get_by_role("insertion").all_text_contents())
    assert all(texte.startswith("supprimé\u00a0: ") for texte in page.get_by_role("deletion").all_text_contents())


def test_l_imprime_se_lit_sans_couleur(asv, page: Page):
    page.goto(f"{asv}comparer/?de=1&a=2")
    page.emulate_media(media="print")
    marque = page.locator("ins").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert marque == '"[+ "'
    expect(page.get_by_role("link", name="Premier changement")).to_be_hidden()
