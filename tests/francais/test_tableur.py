from io import BytesIO
from zipfile import ZipFile

import pytest

from francais.tableur import reponse_xlsx
from territoires.imports.tableur import feuilles

TEXTES = ["01011", "2A004", "1E5", "2022-03", "=1+1", "{=1+1}", "@SUM(A1)", "http://exemple.fr/", "é;è", "x" * 40_000]


def lignes(reponse) -> list[list[str]]:
    """The rows of a workbook, read again by the code that reads official files."""
    return [cellules for feuille in feuilles(reponse.content) for _, cellules in feuille]


def balises(reponse) -> str:
    return ZipFile(BytesIO(reponse.content)).read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("texte", TEXTES)
def test_un_texte_reste_un_texte_dans_un_classeur(texte):
    reponse = reponse_xlsx("essai", [["code"], [texte]])
    assert '<c r="A2" t="s">' in balises(reponse)
    assert "<f>" not in balises(reponse) and "<hyperlink" not in balises(reponse)
    assert lignes(reponse) == [["code"], [texte[:32_767]]]


def test_un_nombre_reste_un_nombre():
    assert '<c r="A2"><v>1584</v></c>' in balises(reponse_xlsx("essai", [["population"], [1584]]))


def test_l_entete_reste_en_vue_et_filtre():
    feuille = balises(reponse_xlsx("essai", [["code", "lieu"], ["76540", "Rouen"]]))
    assert 'ySplit="1"' in feuille and '<autoFilter ref="A1:B2"/>' in feuille
