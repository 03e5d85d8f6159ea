"""Opening files: whatever the encoding and the columns; what is another file is told for what it is."""

import pytest
from django.core.management import CommandError

from territoires.imports import qpv
from tests.territoires.imports.conftest import archive

LISTE = "code_qp;lib_qp;insee_com\r\nQN09903M;Cœur d’été;99001\r\n"
ODS = b"PK\x03\x04" + b"0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    "octets",
    [
        LISTE.encode(),
        LISTE.encode("utf-8-sig"),
        LISTE.encode("utf-16"),
        LISTE.encode("cp1252"),
        LISTE.encode().decode("cp1252").encode(),  # decoded once too often
        LISTE.replace(";", "\t").encode("utf-16"),
        LISTE.replace(";", ",").replace("\r\n", "\n").encode(),
        "INSEE_COM;autre;Lib_QP;CODE_QP\n99001;;Cœur d’été;qn09903m\n".encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "windows", "deux fois", "texte unicode", "virgules", "autre ordre"],
)
def test_un_meme_tableau_quels_que_soient_son_encodage_et_ses_colonnes(ecrire, octets):
    releve = qpv.lire([ecrire("qpv2024.csv", octets)])
    assert [(lu.cle[1], lu.nom) for lu in releve.territoires.values()] == [("QN09903M", "Cœur d’été")]


@pytest.mark.parametrize(
    "nom, octets, dit",
    [
        ("a2024.csv", b"%PDF-1.7 ...", "c’est un PDF : prenez le fichier CSV ou XLSX"),
        ("a2024.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "enregistrez-le au format XLSX"),
        ("a2024.csv", b"PK\x03\x04reste", "son nom doit finir par .zip ou .xlsx"),
        (
            "a2024.ods",
            b"PK\x03\x04" + b"0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "OpenDocument",
        ),
        ("a2024.csv", b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "c’est une page web"),
        ("a2024.csv", b"", "ce fichier est vide"),
        ("a2024.csv", b"TYPECOM,COM,DEP,LIBELLE\n", "semble être les communes du code officiel géographique"),
        ("a2024.csv", b"siren;raison_sociale;insee\n", "semble être les intercommunalités"),
        ("a2024.csv", b'{"type":"FeatureCollection"}', "ce fichier est un GeoJSON"),
        ("a2024.zip", archive(rien_POINT_txt="rien"), "aucun des fichiers attendus dans cette archive (rien.txt"),
    ],
)
def test_un_fichier_donne_pour_un_autre_est_reconnu(monde, importer, ecrire, nom, octets, dit):
    with pytest.raises(CommandError) as refus:
        importer("qpv", ecrire(nom, octets))
    assert dit in str(refus.value)


def test_une_liste_de_quartiers_donnee_pour_des_communes(monde, importer, ecrire):
    fichiers = ecrire("v_commune_2027.csv", LISTE), ecrire("v_mvt_commune_2027.csv", LISTE)
    with pytest.raises(CommandError) as refus:
        importer("cog", *fichiers)
    for nom in ("v_commune_2027.csv", "v_mvt_commune_2027.csv"):
        assert f"{nom} : ce fichier semble être la liste des quartiers prioritaires" in str(refus.value)


def test_les_deux_fichiers_de_communes_se_reconnaissent_sans_leur_nom(monde, importer, ecrire):
    communes = "TYPECOM,COM,DEP,LIBELLE\nCOM,99001,99,Le Bourg\n"
    mouvements = "MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP\n"
    fichiers = ecrire("apres 2027.csv", mouvements), ecrire("avant 2027.csv", communes)
    assert "Rien à changer." in importer("cog", *fichiers)
