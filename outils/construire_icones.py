"""Build static/icones.svg, our sprite, from the drawings of the `lucide` package (ISC licence).

Run by whoever adds an icon: `pip install lucide` in a throw-away environment, add the name below, run. The site itself
needs neither the package nor this script.
"""

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import lucide

ICONES = {
    "alerte": "triangle-alert",
    "avant": "chevron-left",
    "bas": "chevron-down",
    "bouclier": "shield-check",
    "boussole": "compass",
    "calendrier": "calendar",
    "carte": "map",
    "clavier": "keyboard",
    "cloche": "bell",
    "coche": "check",
    "colonnes": "columns-3",
    "couches": "layers",
    "courrier": "mail",
    "crayon": "pencil",
    "croix": "x",
    "document": "file-text",
    "drapeau": "flag",
    "euro": "euro",
    "filtre": "sliders-horizontal",
    "fini": "circle-stop",
    "fleche": "arrow-right",
    "flux": "rss",
    "fusion": "git-merge",
    "hausse": "trending-up",
    "historique": "history",
    "horloge": "clock",
    "imprimer": "printer",
    "inconnu": "circle-question-mark",
    "info": "info",
    "lien": "link",
    "liste": "list",
    "livre": "book-open",
    "menu": "menu",
    "oeil": "eye",
    "outil": "wrench",
    "personnes": "users",
    "plus": "plus",
    "points": "ellipsis",
    "pousse": "sprout",
    "profil": "circle-user",
    "recherche": "search",
    "repere": "map-pin",
    "reponse": "message-square",
    "retire": "circle-minus",
    "suite": "chevron-right",
    "tableau": "table-2",
    "telecharger": "download",
    "theme": "tag",
    "verrou": "lock",
    "ville": "building-2",
}
SVG = "{http://www.w3.org/2000/svg}"


def dessin(archive: zipfile.ZipFile, nom: str) -> str:
    racine = ElementTree.fromstring(archive.read(f"{nom}.svg"))  # noqa: S314  (the package we just installed)
    traits = []
    for trait in racine:
        attributs = " ".join(f'{cle}="{valeur}"' for cle, valeur in trait.attrib.items())
        traits.append(f"<{trait.tag.removeprefix(SVG)} {attributs}/>")
    return "".join(traits)


def main() -> None:
    with zipfile.ZipFile(Path(lucide.__file__).parent / "lucide.zip") as archive:
        symboles = "\n".join(
            f'<symbol id="{cle}" viewBox="0 0 24 24">{dessin(archive, nom)}</symbol>' for cle, nom in ICONES.items()
        )
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Lucide, licence ISC, lucide.dev -->\n{symboles}\n</svg>\n'
    Path(__file__).parent.parent.joinpath("static", "icones.svg").write_text(sprite, encoding="utf-8")


if __name__ == "__main__":
    main()
