"""The small country, the command that imports, and the files it is given: written here, in the official formats."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from territoires.models import Inclusion, Succession, Territoire
from tests.territoires import monde as petit_pays


@pytest.fixture
def monde(db):
    petit_pays.construire()
    return petit_pays


@pytest.fixture
def importer(capsys):
    """Run the import and return its report."""

    def lancer(genre: str, *fichiers: Path, appliquer: bool = True, **options) -> str:
        call_command("importer_territoires", genre, *map(str, fichiers), appliquer=appliquer, **options)
        return capsys.readouterr().out

    return lancer


@pytest.fixture
def ecrire(tmp_path):
    """Write a file and return its path."""

    def poser(nom: str, contenu: str | bytes, encodage: str = "utf-8") -> Path:
        chemin = tmp_path / nom
        chemin.write_bytes(contenu if isinstance(contenu, bytes) else contenu.encode(encodage))
        return chemin

    return poser


def photographie() -> tuple:
    """Return all that an import may change."""
    return (
        list(Territoire.objects.order_by("pk").values()),
        sorted(Inclusion.objects.values_list("contenu", "contenant", "partielle", "directe", "millesime")),
        sorted(Succession.objects.values_list("ancien", "nouveau", "date", "motif")),
    )


def archive(**membres: str | bytes) -> bytes:
    """Return a ZIP; in the names `__` stands for a slash and `_POINT_` for a dot."""
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w") as paquet:
        for nom, contenu in membres.items():
            paquet.writestr(nom.replace("__", "/").replace("_POINT_", "."), contenu)
    return flux.getvalue()


def classeur(*feuilles: list[list[str | int | float | None]]) -> bytes:
    """Return an XLSX: text as shared strings, numbers as numbers, None left out as spreadsheets do."""
    textes: list[str] = []
    membres: dict[str, str] = {}
    espace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    for n, rangees in enumerate(feuilles, 1):
        xml = "".join(
            f'<row r="{r}">{"".join(_cellule(r, c, valeur, textes) for c, valeur in enumerate(rangee))}</row>'
            for r, rangee in enumerate(rangees, 1)
        )
        membres[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {espace}><sheetData>{xml}</sheetData></worksheet>"
    membres["xl/workbook.xml"] = (
        f"<workbook {espace} {relations}><sheets>"
        + "".join(f'<sheet name="F{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(feuilles) + 1))
        + "</sheets></workbook>"
    )
    membres["xl/_rels/workbook.xml.rels"] = (
        "<Relationships>"
        + "".join(f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(feuilles) + 1))
        + "</Relationships>"
    )
    partages = "".join(f"<si><t>{texte}</t></si>" for texte in textes)
    membres["xl/sharedStrings.xml"] = f"<sst {espace}>{partages}</sst>"
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w") as paquet:
        for nom, contenu in membres.items():
            paquet.writestr(nom, contenu)
    return flux.getvalue()


def _cellule(rang: int, colonne: int, valeur: str | int | float | None, textes: list[str]) -> str:
    if valeur is None:
        return ""
    reference = f"{chr(65 + colonne)}{rang}"
    if isinstance(valeur, str):
        textes.append(valeur)
        return f'<c r="{reference}" t="s"><v>{len(textes) - 1}</v></c>'
    return f'<c r="{reference}" s="99"><v>{valeur}</v></c>'
