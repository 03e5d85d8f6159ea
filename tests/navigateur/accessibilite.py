"""What every page owes to everybody, on every screen."""

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def examiner(page: Page) -> AxeResults:
    """Return the faults axe finds (it says nothing of what is right, which would take it twice as long)."""
    return Axe().run(page, options={"resultTypes": ["violations"]})


def deborde(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]


def verifier(page: Page) -> None:
    assert not deborde(page)
    resultats = examiner(page)
    assert resultats.violations_count == 0, resultats.generate_report()
