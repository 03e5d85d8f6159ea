"""The documents that content files cite by a key: what they become in a source, and in a short reference."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from contenu.fichiers import ContenuInvalide


def sources(brut: dict, documents: dict, chemin: Path) -> Iterator[dict]:
    """Yield the sources of a fiche, those of a known document with all that it says of itself."""
    donnees = [source["cle"] for source in brut.get("sources") or [] if "cle" in source]
    if repetees := [cle for cle, fois in Counter(donnees).items() if fois > 1]:
        raise ContenuInvalide(f"{chemin.name} : deux sources s’appellent {repetees[0]}")
    for source in brut.get("sources") or []:
        cle = source.get("document")
        if cle is None:
            yield source
        elif cle in documents:
            document = {k: v for k, v in documents[cle].items() if k != "cle"}
            yield document | {k: v for k, v in source.items() if k != "document"}
        else:
            raise ContenuInvalide(f"{chemin.name} : document inconnu, {cle}")


def citer(cle: str | None, documents: dict) -> str:
    """Return a document as a short reference: organisation, title, date."""
    if cle is None:
        return ""
    document = documents[cle]
    date = document.get("date") or f"après {document['apres']}"
    return f"{document['organisation']}, {document['titre']}, {date[:4] if document.get('date') else date}"
