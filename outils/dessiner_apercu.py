"""Draw static/apercu.png, what a shared link shows (og:image): `.venv/bin/python outils/dessiner_apercu.py`.

Needs the packages of the browser tests and a Chromium. To be run again when the logo or the colours change.
"""

import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

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


def dessiner() -> None:
    courbes = (DEPOT / "templates/composants/_courbes.html").read_text(encoding="utf-8").partition("endcomment %}")[2]
    logo = re.sub(r"</?svg[^>]*>", "", (DEPOT / "static/logo.svg").read_text(encoding="utf-8"))
    with sync_playwright() as outil:
        navigateur = outil.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = navigateur.new_page(viewport={"width": LARGEUR, "height": HAUTEUR})
        page.set_content(PAGE.format(courbes=courbes, logo=logo))
        page.screenshot(path=DEPOT / "static/apercu.png")
        navigateur.close()


if __name__ == "__main__":
    dessiner()
