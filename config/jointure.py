"""Style sheets and scripts joined when static files are gathered: small files to live in, few requests to show a page.

A sheet of static/ lists its parts, one `@import "feuilles/x.css" layer(y);` a line, after the sheet it goes on from,
`@import "x.css";`; a script names those it goes on from, one `import "./x.js";` a line. In development the browser
follows them; here each line becomes what it names
(docs/decisions/0028-feuilles-jointes.md has the figures).
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

PARTIES = "feuilles/"
IMPORT = re.compile(rf'^@import "(?P<partie>{PARTIES}[^"]+)" layer\((?P<couche>\w+)\);$', re.MULTILINE)
IMPORT_DE_FEUILLE = re.compile(r'^@import "(?P<feuille>[^"/]+\.css)";$', re.MULTILINE)
IMPORT_DE_SCRIPT = re.compile(r'^import "\./(?P<script>[^"]+\.js)";$', re.MULTILINE)
LIGNE_DE_COMMENTAIRE = re.compile(r"^ *//.*\n", re.MULTILINE)
DE_TROP = re.compile(r"""("[^"\n]*"|'[^'\n]*')|/\*.*?\*/|^[ ]+""", re.DOTALL | re.MULTILINE)
Lire = Callable[[str], str]  # the text of a static file, by name


def joindre(feuille: str, lire: Lire) -> str:
    """Return the sheet with each import replaced by what it names, parts in their layer; no comment nor margin."""
    entiere = IMPORT_DE_FEUILLE.sub(lambda vu: joindre(lire(vu["feuille"]), lire), feuille)
    return alleger(IMPORT.sub(lambda vu: f"@layer {vu['couche']} {{\n{lire(vu['partie'])}}}\n", entiere))


def alleger(feuille: str) -> str:
    """Return the sheet without its comments, nor what indents its lines; strings are left as they are."""
    return re.sub(r"\n{2,}", "\n", DE_TROP.sub(lambda vu: vu[1] or "", feuille))


def joindre_script(script: str, lire: Lire) -> str:
    """Return the script with each import replaced by the script it names, whose names stay its own; no comment line."""
    nu = LIGNE_DE_COMMENTAIRE.sub("", script)
    return IMPORT_DE_SCRIPT.sub(lambda vu: f"{{\n{joindre_script(lire(vu['script']), lire)}}}\n", nu)


class FichiersJoints(CompressedManifestStaticFilesStorage):
    """Static files hashed and compressed; of style sheets, the joined ones only."""

    def post_process(self, paths: dict[str, Any], **options: Any) -> Any:
        def lire(nom: str) -> str:
            origine, chemin = paths[nom]
            with origine.open(chemin) as fichier:
                return fichier.read().decode()

        joints = InMemoryStorage()
        for suffixe, motif, jonction in ((".css", IMPORT, joindre), (".js", IMPORT_DE_SCRIPT, joindre_script)):
            for nom in [nom for nom in paths if nom.endswith(suffixe) and motif.search(lire(nom))]:
                joints.save(nom, ContentFile(jonction(lire(nom), lire).encode()))
                paths[nom] = (joints, nom)
        entiers = {nom: origine for nom, origine in paths.items() if not nom.startswith(PARTIES)}
        return super().post_process(entiers, **options)
