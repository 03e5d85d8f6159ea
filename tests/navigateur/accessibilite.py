"""What every page owes to everybody, on every screen."""

from collections.abc import Sequence

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.essais import croiser
from tests.navigateur.contraste import trop_pales

THEMES = ("light", "dark")
ECRANS = [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")]


def sur_deux_ecrans(pages: Sequence) -> list[tuple]:
    """Return each page with two screens that share neither width nor theme: one page in two has the other pair."""
    return croiser(pages[::2], ECRANS[:2]) + croiser(pages[1::2], ECRANS[2:])


def examiner(page: Page) -> AxeResults:
    """Return the faults axe finds (it says nothing of what is right, which would take it twice as long).

    It does not read the sheets either (only an experimental rule would): it would copy what they import into
    the page, which the content policy refuses.
    """
    page.wait_for_load_state()
    return Axe().run(page, options={"resultTypes": ["violations"], "preload": False})


def deborde(page: Page) -> bool:
    page.wait_for_load_state()  # a text can be read before the sheets that lay it out
    return page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]


def lignes_du_bandeau(page: Page) -> dict[int, int]:
    """Return the height of the banner at each width where it is more than one line."""
    hauteurs = {}
    for largeur in (320, 390, 768, 992, 1100, 1248, 1280, 1440):
        page.set_viewport_size({"width": largeur, "height": 800})
        hauteurs[largeur] = page.locator("header.entete").evaluate("bandeau => bandeau.offsetHeight")
        assert not deborde(page)
    return {largeur: hauteur for largeur, hauteur in hauteurs.items() if hauteur > 80}


def pales_selon_le_theme(page: Page, racine: str = "body") -> dict[str, list[str]]:
    """Return what reads badly in each theme, and leave the page in the theme it had."""
    theme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    trouves = {}
    for essaye in sorted(THEMES, key=theme.__eq__):  # its own theme last
        page.emulate_media(color_scheme=essaye)
        trouves[essaye] = trop_pales(page, racine)
    return {essaye: pales for essaye, pales in trouves.items() if pales}


def verifier(page: Page) -> None:
    assert not deborde(page)
    pales = pales_selon_le_theme(page)
    assert pales == {}, pales
    resultats = examiner(page)
    assert resultats.violations_count == 0, resultats.generate_report()
