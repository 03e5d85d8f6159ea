"""Draw the images of static/: what a shared link shows (og:image), the icons of tabs and of home screens.

`.venv/bin/python outils/dessiner_images.py`, when the logo or the colours change. Needs the packages of the browser
tests and a Chromium.
"""

import re
import shutil
import struct
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DEPOT = Path(__file__).resolve().parent.parent
LARGEUR, HAUTEUR = 1200, 630  # what Open Graph readers crop least
PAGE = """<!doctype html><html lang="fr"><style>
body {{ margin: 0; width: 1200px; height: 630px; background: #0b444b; color: #fff; position: relative; overflow: hidden;
  font-family: "Liberation Sans", system-ui, sans-serif; border-bottom: 14px solid #ffcd4d; box-sizing: border-box }}
.courbes {{ position: absolute; right: -90px; top: -110px; width: 800px; opacity: .4; fill: none; stroke: #ffcd4d;
  mask-image: radial-gradient(circle at 65% 40%, #000 25%, transparent 52%) }}
main {{ position: absolute; left: 80px; bottom: 90px }}
.logo {{ width: 130px; fill: none; stroke: #ffcd4d; stroke-width: 2.2; stroke-linecap: round }}
h1 {{ font-size: 88px; line-height: 1; margin: 28px 0 20px; letter-spacing: -.03em }} p {{ font-size: 38px; margin: 0 }}
</style>{courbes}<main><svg class="logo" viewBox="0 0 40 40">{logo}</svg><h1>Santé en territoires</h1>
<p>Les dispositifs locaux de santé, partagés</p></main></html>"""


ICONE = """<!doctype html><style>body {{ margin: 0; background: {fond} }} svg {{ display: block; width: 100vw }}
</style><svg xmlns="http://www.w3.org/2000/svg" viewBox="{cadre}" fill="none" stroke="#ffcd4d" stroke-width="2.2"
stroke-linecap="round">{logo}</svg>"""
# Size and frame of each icon: those of home screens that cut a shape of their own leave a margin around the logo.
LOGO, AVEC_MARGE = "0 0 40 40", "-6 -6 52 52"
ICONES = {
    "icone-192.png": (192, LOGO),
    "icone-512.png": (512, LOGO),
    "icone-pleine-512.png": (512, AVEC_MARGE),
    "apple-touch-icon.png": (180, AVEC_MARGE),
    "favicon.ico": (48, LOGO),
}


def dessiner() -> None:
    courbes = (DEPOT / "templates/composants/_courbes.html").read_text(encoding="utf-8").partition("endcomment %}")[2]
    logo = re.sub(r"</?svg[^>]*>", "", (DEPOT / "static/logo.svg").read_text(encoding="utf-8"))
    with sync_playwright() as outil:
        navigateur = outil.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = navigateur.new_page(viewport={"width": LARGEUR, "height": HAUTEUR})
        page.set_content(PAGE.format(courbes=courbes, logo=logo))
        page.screenshot(path=DEPOT / "static/apercu.png")
        for nom, (cote, cadre) in ICONES.items():
            (DEPOT / "static" / nom).write_bytes(_icone(page, nom, cote, cadre, logo))
        navigateur.close()


def _icone(page: Page, nom: str, cote: int, cadre: str, logo: str) -> bytes:
    page.set_viewport_size({"width": cote, "height": cote})
    fond = "#0b444b" if cadre == AVEC_MARGE else "transparent"
    page.set_content(ICONE.format(fond=fond, cadre=cadre, logo=logo))
    png = page.screenshot(omit_background=True)
    return _en_ico(png, cote) if nom.endswith(".ico") else png


def _en_ico(png: bytes, cote: int) -> bytes:
    """Return an image as an .ico file of one: a header, its entry, the PNG itself."""
    entete = struct.pack("<HHH", 0, 1, 1)
    return entete + struct.pack("<BBBBHHII", cote, cote, 0, 0, 1, 32, len(png), len(entete) + 16) + png


if __name__ == "__main__":
    dessiner()
