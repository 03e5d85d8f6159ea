"""Quartiers prioritaires: every accident that the files of the ANCT really have."""

import json
from datetime import date

import pytest
from django.core.management import CommandError

from territoires.imports import qpv
from territoires.models import Inclusion, Territoire
from tests.territoires.imports.conftest import archive, photographie
from tests.territoires.monde import COTE, PLATEAU, VALLEE

ENTETE = "code_qp;lib_qp;insee_reg;lib_reg;insee_dep;lib_dep;insee_com;lib_com;siren_epci;lib_epci;;\r\n"
TILLEULS = ("QN09901M", "Les Tilleuls", "99002")
RIVES = ("QN09902N", "Rives", "99003; 99004")


def ligne(code: str, nom: str, communes: str) -> str:
    protegees = f'"=""{communes}"""'
    return f"{code};{nom};99;Grand Bocage;99;Haut-Bocage;{protegees};X;{VALLEE};CC de la Vallée;;\r\n"


def liste(*quartiers: tuple[str, str, str]) -> bytes:
    return "\ufeff".encode() + (ENTETE + "".join(ligne(*quartier) for quartier in quartiers)).encode()


def objet(code: str, nom: str, communes: str, anneau: list | None = None) -> dict:
    carre = [[0.0, 45.0], [0.0, 45.2], [0.2, 45.2], [0.2, 45.0], [0.0, 45.0]]
    proprietes = {"code_qp": code, "lib_qp": nom, "insee_com": communes, "siren_epci": VALLEE}
    return {
        "type": "Feature",
        "properties": proprietes,
        "geometry": {"type": "MultiPolygon", "coordinates": [[anneau or carre]]},
    }


def geojson(*objets: dict, crs: str = "urn:ogc:def:crs:OGC:1.3:CRS84") -> str:
    entete = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": crs}}}
    return json.dumps({**entete, "features": list(objets)}, ensure_ascii=False)


def communes_lues(ecrire, *quartiers, nom="listeqp2024-cog2024.csv") -> dict[str, set[str]]:
    releve = qpv.lire([ecrire(nom, liste(*quartiers))])
    return {code: genres["commune"] for (_, code), genres in releve.rattachements.items()}


def test_la_liste_qui_dit_ce_qu_on_sait_ne_change_rien(monde, importer, ecrire):
    avant = photographie()
    assert "Rien à changer." in importer("qpv", ecrire("listeqp2024-cog2024.csv", liste(TILLEULS, RIVES)))
    assert photographie() == avant


def test_le_code_protege_pour_excel(ecrire):
    assert communes_lues(ecrire, ("QN06001M", "Argentine", "60057")) == {"QN06001M": {"60057"}}


def test_le_zero_de_tete_perdu(ecrire):
    assert communes_lues(ecrire, ("QN00101M", "Croix Blanche", "1053")) == {"QN00101M": {"01053"}}


@pytest.mark.parametrize("separateur", ["; ", ";", ", ", ","])
def test_cinq_communes_quel_que_soit_le_separateur(ecrire, separateur):
    cinq = ["59014", "59079", "59112", "59491", "59606"]
    lues = communes_lues(ecrire, ("QN05921M", "Rives de l’Escaut", separateur.join(cinq)))
    assert lues == {"QN05921M": set(cinq)}


def test_les_codes_corses(ecrire):
    assert communes_lues(ecrire, ("QN02A01M", "Les Jardins", "2A004")) == {"QN02A01M": {"2A004"}}


@pytest.mark.parametrize("nom", ["C\u009cur de ville", "Cœur de ville"])
def test_le_oe_devenu_caractere_de_controle(ecrire, nom):
    releve = qpv.lire([ecrire("liste2024.csv", liste(("QN09909N", nom, "99001")))])
    assert releve.territoires["qpv", "QN09909N"].nom == "Cœur de ville"


def test_la_virgule_du_nom_devenue_point_virgule(ecrire):
    releve = qpv.lire([ecrire("liste2024.csv", liste(("QN01202M", '"Quatre Saisons; Onet"', "12202")))])
    assert releve.territoires["qpv", "QN01202M"].nom == "Quatre Saisons, Onet"


def test_la_commune_de_boueni_est_corrigee(ecrire):
    contenu = geojson(objet("QN97654C", "Bouéni", "97602"))
    releve = qpv.lire([ecrire("QP2024_WGS84.geojson", contenu)])
    assert releve.rattachements["qpv", "QN97654C"]["commune"] == {"97604"}


def test_une_commune_fusionnee_depuis_le_fichier(monde, importer, ecrire):
    ancienne = monde.territoire("commune:99059", "Pierre", fin=date(2025, 1, 1))
    ancienne.successeurs.create(nouveau=monde.lire("commune:99002"))
    quartiers = (("QN09901M", "Les Tilleuls", "99059; 99002"), RIVES)
    assert "Rien à changer." in importer("qpv", ecrire("liste2024.csv", liste(*quartiers)))


def test_les_noms_de_colonnes_varient(ecrire):
    contenu = "Code_QP,Nom_QP,INSEE_COM\nQN09903M,Neuf,99001\n"
    assert [lu.nom for lu in qpv.lire([ecrire("qpv2024.csv", contenu)]).territoires.values()] == ["Neuf"]


def test_un_fichier_en_windows_1252(ecrire):
    contenu = "code_qp;lib_qp;insee_com\nQN09903M;Cœur d’été;99001\n"
    releve = qpv.lire([ecrire("qpv2024.csv", contenu, "cp1252")])
    assert releve.territoires["qpv", "QN09903M"].nom == "Cœur d’été"


def test_un_nouveau_quartier_sur_deux_epci(monde, importer, ecrire):
    quartiers = (TILLEULS, RIVES, ("QN09903N", "La Frontière", "99004; 99005"))
    importer("qpv", ecrire("liste2024.csv", liste(*quartiers)))
    assert monde.dans("qpv:QN09903N", "epci") == {PLATEAU, COTE}
    assert monde.dans("qpv:QN09903N", "departement") == {"99"}
    partielles = Inclusion.objects.filter(contenu__code="QN09903N", contenant__nature__in=["commune", "epci"])
    assert set(partielles.values_list("partielle", flat=True)) == {True}
    assert monde.lire("qpv:QN09903N").departements == ["99"]


def test_l_epci_du_fichier_ne_fait_pas_foi(monde, importer, ecrire):
    importer("qpv", ecrire("liste2024.csv", liste(TILLEULS, ("QN09902N", "Rives", "99005"))))
    assert monde.dans("qpv:QN09902N", "epci") == {COTE}
    assert monde.dans("qpv:QN09902N", "commune") == {"99005"}


def test_le_contour_donne_un_point_a_l_interieur(monde, importer, ecrire):
    en_u = [[0, 45], [0, 46], [0.1, 46], [0.1, 45.1], [0.9, 45.1], [0.9, 46], [1, 46], [1, 45], [0, 45]]
    contenu = geojson(objet(*TILLEULS), objet("QN09902N", "Rives", "99003, 99004", en_u))
    importer("qpv", ecrire("QP2024_WGS84.geojson", contenu))
    tilleuls, rives = monde.lire("qpv:QN09901M"), monde.lire("qpv:QN09902N")
    assert (tilleuls.longitude, tilleuls.latitude) == (0.1, 45.1)
    assert 0 < rives.longitude < 0.1 or 0.9 < rives.longitude < 1 or 45 < rives.latitude < 45.1


def test_la_liste_ne_retire_pas_les_points(monde, importer, ecrire):
    contenu = geojson(objet(*TILLEULS), objet("QN09902N", "Rives", "99003, 99004"))
    importer("qpv", ecrire("QP2024_WGS84.geojson", contenu))
    importer("qpv", ecrire("liste2024.csv", liste(TILLEULS, RIVES)))
    assert monde.lire("qpv:QN09901M").longitude == 0.1


def test_dans_le_zip_on_lit_le_fichier_en_degres(monde, importer, ecrire):
    bon = geojson(objet(*TILLEULS), objet("QN09902N", "Rives", "99003, 99004"))
    paquet = archive(
        GEOJSON__QP2024_France_Hexagonale_LB93_POINT_geojson="{}",
        GEOJSON__QP2024_France_Hexagonale_Outre_Mer_WGS84_POINT_geojson=bon,
        GEOJSON__QP2024_Guyane_UTM22N_POINT_geojson="{}",
    )
    assert "Modifiés : 2." in importer("qpv", ecrire("qpv-2024-geojson.zip", paquet))


def test_un_quartier_absent_reste_ouvert_sauf_demande(monde, importer, ecrire):
    fichier = ecrire("liste2030.csv", liste(TILLEULS))
    assert "Absents du fichier, laissés ouverts : 1." in importer("qpv", fichier)
    assert monde.lire("qpv:QN09902N").fin is None
    importer("qpv", fichier, fermer_absents=True)
    assert monde.lire("qpv:QN09902N").fin == date(2030, 1, 1)


def carre(longitude: float, latitude: float) -> list:
    cote = 0.01
    coins = ((0, 0), (0, cote), (cote, cote), (cote, 0), (0, 0))
    return [[longitude + dx, latitude + dy] for dx, dy in coins]


@pytest.mark.parametrize(
    "anneau, faute",
    [
        (carre(49.49, 0.1), "a sa latitude et sa longitude échangées"),
        (carre(2.35, 48.85), "est à 178 km de 99002"),
        (carre(0, 0), "km de 99002"),
    ],
)
def test_un_contour_loin_de_sa_commune_est_refuse_avec_son_numero(monde, importer, ecrire, anneau, faute):
    Territoire.objects.filter(code__in=["99002", "99003"]).update(longitude=0.1, latitude=49.49)
    bon = objet("QN09902N", "Rives", "99003", carre(0.12, 49.5))
    fichier = ecrire("QP2024_WGS84.geojson", geojson(bon, objet(*TILLEULS, anneau)))
    with pytest.raises(CommandError, match="rien n’a changé") as refus:
        importer("qpv", fichier)
    assert "objet 2 : le contour de QN09901M" in str(refus.value) and faute in str(refus.value)
    assert "objet 1" not in str(refus.value)


def test_une_commune_d_un_autre_departement_est_refusee(monde, importer, ecrire):
    with pytest.raises(
        CommandError, match="ligne 3 : le quartier QN09902N est du département 99, et non sa commune 96001"
    ):
        importer("qpv", ecrire("liste2024.csv", liste(TILLEULS, ("QN09902N", "Rives", "99003; 96001"))))


def test_tous_les_objets_fautifs_sont_dits(monde, importer, ecrire):
    contenu = geojson(
        objet(*TILLEULS, [["a", 1], [2, 3], [4, 5]]),
        objet("QN09902N", "Rives", "99003", [[6e5, 6e6], [6e5, 7e6], [7e5, 7e6]]),
        objet("QN0990", "X", "99001"),
    )
    with pytest.raises(CommandError) as refus:
        importer("qpv", ecrire("q2024.geojson", contenu))
    assert all(f"objet {n} : " in str(refus.value) for n in (1, 2, 3))


@pytest.mark.parametrize(
    "nom, contenu, message",
    [
        ("l2024.csv", liste(("QN0990M", "X", "99001")), "l2024.csv, ligne 2 : code (« QN0990M ») ou nom illisible."),
        ("l2024.csv", liste(TILLEULS, TILLEULS), "ligne 3 : le quartier QN09901M est là deux fois."),
        ("l2024.csv", liste(("QN09901M", "X", "Rouen")), "ligne 2 : communes illisibles, « Rouen »."),
        ("l2024.csv", liste(("QN09901M", "X", "")), "ligne 2 : communes illisibles"),
        ("l2024.csv", liste(("QN09901M", "X", "95999")), "ligne 2 : la commune 95999 est inconnue."),
        ("l2015.csv", liste(("QP099001", "X", "99001")), "géographie de 2015"),
        ("l2024.csv", liste(TILLEULS)[:-60], "ligne 2 : ligne coupée."),
        ("l2024.csv", b"", "colonnes attendues"),
        ("l2024.csv", b"\x81\x8d\x8f\xff", "ce n’est pas du texte"),
        ("q2024.geojson", geojson(objet(*TILLEULS))[:-40], "ce n’est pas un GeoJSON complet"),
        ("q2024.geojson", "[]", "ce n’est pas un GeoJSON complet"),
        ("q2024.geojson", geojson(objet(*TILLEULS), crs="EPSG:2154"), "prenez le fichier WGS84"),
        ("q2024.geojson", geojson(objet(*TILLEULS, [[6e5, 6e6], [6e5, 7e6], [7e5, 7e6]])), "pas des degrés"),
        ("q2024.geojson", geojson(objet(*TILLEULS, [["a", 1], [2, 3], [4, 5]])), "objet 1 : contour illisible"),
        ("q2024.geojson", geojson({"properties": None, "geometry": None}), "objet 1 : code («  ») ou nom illisible."),
        ("q2024.zip", archive(lisez_moi_POINT_txt="rien"), "aucun des fichiers attendus"),
    ],
)
def test_un_fichier_casse_est_refuse_en_entier(monde, importer, ecrire, nom, contenu, message):
    avant = photographie()
    with pytest.raises(CommandError, match="rien n’a changé") as refus:
        importer("qpv", ecrire(nom, contenu))
    assert message in str(refus.value)
    assert photographie() == avant
