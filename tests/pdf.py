"""A PDF, as a screen reader has it."""

from collections.abc import Iterator
from io import BytesIO

from pikepdf import Dictionary, Object, Pdf

A4 = (595, 842)  # points


def verifier_l_acces(contenu: bytes) -> Pdf:
    """Return the document, once sure that it says its language, its title, its tags, its heads and its alternatives."""
    pdf = Pdf.open(BytesIO(contenu))
    assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("fr-FR", True)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) and "<dc:title>" in _metadonnees(pdf)
    assert "<pdfuaid:part>1" in _metadonnees(pdf)
    for tableau in elements(pdf, "Table"):
        entetes = [*_descendants(tableau, "TH")]
        assert entetes and all(_portee(entete) == "/Column" for entete in entetes)
    for image in elements(pdf, "Figure"):
        assert str(image.get("/Alt", "")), "une image sans alternative"
    for page in pdf.pages:
        for lien in page.get("/Annots", []):
            assert str(lien.get("/Contents", "")), "un lien sans alternative"
    return pdf


def elements(pdf: Pdf, sorte: str) -> Iterator[Object]:
    """Yield the elements of this kind: Table, H1, Figure…"""
    yield from _descendants(pdf.Root.StructTreeRoot, sorte)


def en_a4(pdf: Pdf) -> bool:
    return all(tuple(round(float(cote)) for cote in page.mediabox[2:]) == A4 for page in pdf.pages)


def _descendants(element: Object, sorte: str) -> Iterator[Object]:
    enfants = element.get("/K", [])
    for enfant in enfants if not isinstance(enfants, (Dictionary, int)) else [enfants]:
        if isinstance(enfant, Dictionary):
            if enfant.get("/S") == f"/{sorte}":
                yield enfant
            yield from _descendants(enfant, sorte)


def _portee(entete: Object) -> str:
    attributs = entete.get("/A", [])
    for un in [attributs] if isinstance(attributs, Dictionary) else attributs:
        if "/Scope" in un:
            return str(un.Scope)
    return ""


def _metadonnees(pdf: Pdf) -> str:
    return pdf.Root.Metadata.read_bytes().decode()
