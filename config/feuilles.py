"""Style sheets joined when static files are gathered: many small files to live in, one request to paint a page.

A sheet of static/ lists its parts, one `@import "feuilles/x.css" layer(y);` a line. In development the browser follows
them; here each list becomes what it imports (docs/decisions/0028-feuilles-jointes.md has the figures).
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

PARTIES = "feuilles/"
IMPORT = re.compile(rf'^@import "(?P<partie>{PARTIES}[^"]+)" layer\((?P<couche>\w+)\);$', re.MULTILINE)


def joindre(feuille: str, lire: Callable[[str], str]) -> str:
    """Return the sheet with each import replaced by the part it names, read by `lire`, in its layer."""
    return IMPORT.sub(lambda vu: f"@layer {vu['couche']} {{\n{lire(vu['partie'])}}}\n", feuille)


class FeuillesJointes(CompressedManifestStaticFilesStorage):
    """Static files hashed and compressed; of style sheets, the joined ones only."""

    def post_process(self, paths: dict[str, Any], **options: Any) -> Any:
        def lire(nom: str) -> str:
            origine, chemin = paths[nom]
            with origine.open(chemin) as fichier:
                return fichier.read().decode()

        jointes = InMemoryStorage()
        for nom in [nom for nom in paths if nom.endswith(".css") and IMPORT.search(lire(nom))]:
            jointes.save(nom, ContentFile(joindre(lire(nom), lire).encode()))
            paths[nom] = (jointes, nom)
        entiers = {nom: origine for nom, origine in paths.items() if not nom.startswith(PARTIES)}
        return super().post_process(entiers, **options)
