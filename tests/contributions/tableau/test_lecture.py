"""What somebody brings is read whatever its format, or told what it is."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from contributions.tableau.classeurs import COLONNES, _rangees
from contributions.tableau.lecture import LIGNES_AU_PLUS, lire, lire_colle
from tests.contributions.tableau.classeurs import classeur

LIGNES = [["Nom", "Début"], ["Été à Fécamp", "01/09/2021"]]
RANGEES = list(enumerate(LIGNES, 1))


def _zip(**membres: str) -> bytes:
    contenu = io.BytesIO()
    with zipfile.ZipFile(contenu, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, texte in membres.items():
            archive.writestr(nom.replace("__", "/"), texte)
    return contenu.getvalue()


def _refus(octets: bytes) -> str:
    with pytest.raises(ValidationError) as refus:
        lire(octets)
    return " ".join(refus.value.messages)


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_un_csv_se_lit_dans_tous_les_encodages_et_separateurs(separateur, encodage):
    texte = "\r\n".join(separateur.join(ligne) for ligne in LIGNES)
    assert lire(texte.encode(encodage)).feuilles[0].rangees == RANGEES


@pytest.mark.parametrize("separateur", [";", "\t"])
def test_les_listes_que_tiennent_les_cellules_ne_font_pas_le_separateur(separateur):
    lignes = [["Porteur", "Communes"], ["A", "B, C, D, E, F"], ["G", "H, I et J"], ["K", "L, M"]]
    texte = "\n".join(separateur.join(ligne) for ligne in lignes)
    assert [cellules for _, cellules in lire(texte.encode()).feuilles[0].rangees] == lignes
    assert lire_colle("A\tB, C, D").feuilles[0].rangees == [(1, ["A", "B, C, D"])]


def test_les_cellules_collees_se_lisent_comme_un_fichier():
    assert lire_colle("Nom\tDébut\nÉté à Fécamp\t01/09/2021\n").feuilles[0].rangees == RANGEES


def test_une_date_de_tableur_et_un_nombre_s_ecrivent_comme_on_les_tape():
    feuille = lire(classeur([["Début", "Code"], [date(2021, 9, 1), 1053]])).feuilles[0]
    assert feuille.rangees[1] == (2, ["01/09/2021", "1053"])


def test_le_numero_est_celui_de_la_ligne_du_tableur_malgre_cellules_a_deux_lignes_et_lignes_vides():
    feuille = lire(b'a;b\n"deux\nlignes";1\n\n;\nc;2\n').feuilles[0]
    assert [numero for numero, _ in feuille.rangees] == [1, 2, 5]


def test_toutes_les_feuilles_visibles_sont_lues_et_les_masquees_nommees():
    lu = lire(classeur([["a", "b"]], [["c", "d"]], masquee="Listes"))
    assert [(f.nom, f.rangees) for f in lu.feuilles] == [
        ("Feuille 1", [(1, ["a", "b"])]),
        ("Feuille 2", [(1, ["c", "d"])]),
    ]
    assert lu.masquees == ["Listes"]


def test_chaque_case_d_une_fusion_dit_ce_que_dit_la_premiere():
    lu = lire(classeur([["Nom", "Ville"], ["", "Oissel"], ["", "Cléon"]], fusions=[((1, 0, 2, 0), "Métropole")]))
    assert lu.feuilles[0].rangees[1:] == [(2, ["Métropole", "Oissel"]), (3, ["Métropole", "Cléon"])]


@pytest.mark.parametrize(
    "octets, mots",
    [
        (b"", "vide"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"{\\rtf1", "RTF"),
        (b"<!DOCTYPE html><table>", "page web"),
        (b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), "(.xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "ancien document Office"),
        (_zip(word__document="x"), "Word"),
        (_zip(lettre="x"), "archive"),
        (_zip(mimetype="application/vnd.oasis.opendocument.text"), "ODT"),
        (_zip(**{"xl__workbook.xml": "<x/>"}), "ne s’ouvre pas"),
        (b"PK\x03\x04abime", "ne s’ouvre pas"),
        (b"\x00\x01\x02" * 100, "ni du texte"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_tableau_est_dit_ce_qu_il_est(octets, mots):
    assert mots in _refus(octets)


def test_les_limites_sont_tenues():
    assert "5\u00a0000 lignes" in _refus(b"a;b\n" * (LIGNES_AU_PLUS + 200))
    assert "5 Mo" in _refus(b"a" * 5_000_001)


def test_une_cellule_tres_loin_ne_prend_pas_la_memoire_du_site():
    contenu = io.BytesIO()
    with Workbook(contenu) as neuf:
        feuille = neuf.add_worksheet()
        feuille.write(0, 0, "a")
        feuille.write(1_048_575, 16_383, "b")
    assert "trop grand" in _refus(contenu.getvalue())


def test_un_classeur_de_trop_de_feuilles_se_partage():
    assert "18 feuilles" in _refus(classeur(*[[["a", "b"]]] * 19))
    assert len(lire(classeur(*[[["a", "b"]]] * 18)).feuilles) == 18


def test_des_fusions_l_une_sur_l_autre_ne_coutent_pas_toutes_a_chaque_rangee():
    regardees = 0

    class Bas(int):
        def __ge__(self, autre):
            nonlocal regardees
            regardees += 1
            return int(self) >= autre

    feuille = SimpleNamespace(
        start=(0, 0),
        merged_cell_ranges=[((0, 0), (Bas(999), 1))] * 1_000,
        iter_rows=lambda: iter([["a", "b"]] * 1_000),
    )
    assert len(list(_rangees(feuille))) == 1_000
    assert regardees <= 1_000 * COLONNES


def test_un_caractere_nul_d_un_classeur_n_entre_pas():
    octets = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(classeur([["NUL", "b"]]))) as lu, zipfile.ZipFile(octets, "w") as ecrit:
        for nom in lu.namelist():
            ecrit.writestr(nom, lu.read(nom).replace(b"NUL", b"a_x0000_b"))
    assert lire(octets.getvalue()).feuilles[0].rangees == [(1, ["ab", "b"])]


def test_un_classeur_qui_gonfle_est_refuse_avant_d_etre_ouvert():
    assert "60 Mo" in _refus(_zip(**{"xl__workbook.xml": "x", "xl__bombe": "0" * 61_000_000}))


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_quoi_qu_on_apporte_on_le_lit_ou_on_le_refuse(octets):
    with suppress(ValidationError):
        assert lire(octets).feuilles
