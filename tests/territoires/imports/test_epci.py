"""Intercommunalités: who is in which, mergers, and the accidents of the files of the DGCL and of the Insee."""

from datetime import date

import pytest
from django.core.management import CommandError
from hypothesis import given
from hypothesis import strategies as st

from territoires import hierarchie
from territoires.imports.epci import est_un_siren
from tests.territoires.imports.conftest import archive, classeur, photographie
from tests.territoires.monde import COTE, GRAND_TOUT, PLATEAU, UN_EPT, VALLEE

ENTETE = [
    "dept", "siren", "raison_sociale", "nature_juridique", "mode_financ", "nb_membres", "total_pop_tot",
    "total_pop_mun", "dep_com", "insee", "siren_membre", "nom_membre", "ptot_2027", "pmun_2027",
]  # fmt: skip
NOMS = {VALLEE: "CC de la Vallée", PLATEAU: "CC du Plateau", COTE: "CA de la Côte", GRAND_TOUT: "CA du Grand Tout"}
PAYS = {"99001": VALLEE, "99002": VALLEE, "99003": PLATEAU, "99004": PLATEAU, "96001": PLATEAU, "99005": COTE}


def rangee(insee: str | int, siren: str | int, nature: str = "") -> list:
    nom = NOMS.get(str(siren), "CC Autre")
    return ["99", siren, nom, nature or nom[:2], "FPU", 2, 10, 9, "99", insee, 1, "X", 5, 4]


def lignes_csv(composition: dict[str, str], entete: str = "SIREN;RAISON_SOCIALE;NATURE_JURIDIQUE;INSEE\n") -> str:
    return entete + "".join(
        f"{e};{NOMS.get(e, 'CC Autre')};{NOMS.get(e, 'CC')[:2]};{c}\n" for c, e in composition.items()
    )


@pytest.fixture
def epci_de(ecrire):
    def poser(composition: dict[str, str], annee: int = 2027):
        return ecrire(f"epcicom{annee}.csv", lignes_csv(composition))

    return poser


def test_le_classeur_de_la_dgcl_ecrit_siren_et_codes_en_nombres(monde, importer, ecrire):
    rangees = [rangee(int(insee), float(siren)) for insee, siren in PAYS.items()]
    for ligne, siren in zip(rangees, PAYS.values(), strict=True):
        ligne[2], ligne[3] = NOMS[siren], NOMS[siren][:2]
    avant = photographie()
    assert "Rien à changer." in importer("epci", ecrire("epcicom2027.xlsx", classeur([ENTETE, *rangees])))
    assert photographie() == avant


def test_un_titre_au_dessus_de_l_entete_et_une_feuille_de_garde(monde, importer, ecrire):
    composition = [["CODGEO", "LIBGEO", "EPCI", "LIBEPCI", "DEP", "REG"]]
    composition += [[insee, "X", siren, NOMS[siren], "99", "99"] for insee, siren in PAYS.items()]
    titres = [["Composition communale des EPCI"], ["Insee"], [None], [None, "Mise à jour"], ["niveau communal"]]
    contenu = classeur([["EPCI", "LIBEPCI", "NATURE_EPCI", "NB_COM"], [VALLEE, "X", "CC", 2]], titres + composition)
    assert "Rien à changer." in importer("epci", ecrire("epci_au_01-01-2027.zip", archive(EPCI_POINT_xlsx=contenu)))


def test_un_siren_ecrit_par_groupes_de_trois(monde, importer, ecrire):
    contenu = lignes_csv(PAYS).replace(VALLEE, f"{VALLEE[:3]} {VALLEE[3:6]} {VALLEE[6:]}")
    assert "Rien à changer." in importer("epci", ecrire("epcicom2027.csv", contenu))


def test_les_communes_inconnues_sont_toutes_dites_avec_le_remede(monde, importer, epci_de):
    with pytest.raises(CommandError) as refus:
        importer("epci", epci_de(PAYS | {"95998": VALLEE, "95999": COTE}))
    assert "importez d’abord le code officiel géographique" in str(refus.value)
    assert all(f"la commune {code} est inconnue" in str(refus.value) for code in ("95998", "95999"))


def test_deux_epci_fusionnent_et_leurs_quartiers_suivent(monde, importer, epci_de):
    fusion = {insee: (GRAND_TOUT if siren in (VALLEE, PLATEAU) else siren) for insee, siren in PAYS.items()}
    rapport = importer("epci", epci_de(fusion))
    assert "CA du Grand Tout" in rapport
    for ancien in (VALLEE, PLATEAU):
        assert monde.lire(f"epci:{ancien}").fin == date(2027, 1, 1)
        assert monde.devenus(f"epci:{ancien}") == {GRAND_TOUT}
    assert monde.lire(f"epci:{GRAND_TOUT}").sous_nature == "CA"
    assert monde.dans("commune:99001", "epci") == {GRAND_TOUT} == monde.dans("qpv:QN09902N", "epci")
    assert monde.dans(f"epci:{GRAND_TOUT}", "departement") == {"96", "99"}


def test_un_epci_partage_a_plusieurs_successeurs(monde, importer, epci_de):
    importer("epci", epci_de(PAYS | {"99001": PLATEAU, "99002": COTE}))
    assert monde.devenus(f"epci:{VALLEE}") == {PLATEAU, COTE}
    assert monde.dans("qpv:QN09901M", "epci") == {COTE}


def test_une_commune_change_d_epci(monde, importer, epci_de):
    importer("epci", epci_de(PAYS | {"99004": COTE}))
    assert monde.dans("commune:99004", "epci") == {COTE}
    assert monde.dans("qpv:QN09902N", "epci") == {PLATEAU, COTE}
    assert monde.lire(f"epci:{PLATEAU}").fin is None


def test_une_commune_sans_epci(monde, importer, ecrire):
    contenu = lignes_csv({insee: siren for insee, siren in PAYS.items() if insee != "99005"} | {"99005": "ZZZZZZZZZ"})
    importer("epci", ecrire("epcicom2027.csv", contenu))
    assert monde.dans("commune:99005", "epci") == set()
    assert monde.lire(f"epci:{COTE}").fin == date(2027, 1, 1) and monde.devenus(f"epci:{COTE}") == set()


def test_un_epci_dont_le_fichier_ne_dit_rien_reste_ouvert(monde, importer, epci_de):
    rapport = importer("epci", epci_de({insee: siren for insee, siren in PAYS.items() if siren != COTE}))
    assert "Absents du fichier, laissés ouverts : 1." in rapport and "CA de la Côte" in rapport
    assert monde.dans("commune:99005", "epci") == {COTE}


def test_les_ept_ne_prennent_pas_la_place_de_la_metropole(monde, importer, ecrire):
    monde.territoire(f"epci:{UN_EPT}", "Rive de l’Ouest", sous_nature="EPT")
    monde.territoire("commune:99006", "Faubourg", ["departement:99", f"epci:{COTE}", f"epci:{UN_EPT}"])
    hierarchie.deriver(monde.MILLESIME)
    # A producer that writes the EPT where the metropolis is expected, and the metropolis for its main town alone.
    contenu = lignes_csv(PAYS) + f"{UN_EPT};Rive de l’Ouest;METRO;99006\n"
    importer("epci", ecrire("epcicom2027.csv", contenu))
    assert monde.dans("commune:99006", "epci") == {COTE, UN_EPT}
    assert monde.dans(f"epci:{UN_EPT}", "epci") == {COTE}
    assert monde.lire(f"epci:{UN_EPT}").sous_nature == "EPT"


def test_une_commune_fusionnee_depuis_compte_pour_celle_d_aujourd_hui(monde, importer, epci_de):
    ancienne = monde.territoire("commune:99030", "Le Moulin", fin=date(2025, 1, 1))
    ancienne.successeurs.create(nouveau=monde.lire("commune:99001"))
    assert "Rien à changer." in importer("epci", epci_de(PAYS | {"99030": VALLEE}))


def test_le_nom_recoit_sa_ligature(monde, importer, ecrire):
    importer("epci", ecrire("epcicom2027.csv", lignes_csv(PAYS).replace("CC du Plateau", "CC Coeur de Bocage")))
    assert monde.lire(f"epci:{PLATEAU}").nom == "CC Cœur de Bocage"
    assert monde.lire(f"epci:{PLATEAU}").autres_noms == ["CC du Plateau"]


def test_une_communaute_de_communes_devient_d_agglomeration(monde, importer, ecrire):
    contenu = lignes_csv(PAYS).replace("CC du Plateau;CC", "CA du Plateau;CA")
    importer("epci", ecrire("epcicom2027.csv", contenu))
    assert monde.lire(f"epci:{PLATEAU}").sous_nature == "CA"


def test_importer_deux_fois_ne_change_plus_rien(monde, importer, epci_de):
    fichier = epci_de(dict.fromkeys(PAYS, GRAND_TOUT))
    importer("epci", fichier)
    apres = photographie()
    assert "Rien à changer." in importer("epci", fichier)
    assert photographie() == apres


@pytest.mark.parametrize(
    "ligne, message",
    [
        ("123456789;CC X;CC;99001", "ligne 2 : « 123456789 » n’est pas un numéro SIREN."),
        ("2,00023E+08;CC X;CC;99001", "ligne 2 : « 2,00023E+08 » est un numéro arrondi par un tableur"),
        (f"{VALLEE};CC X;SIVOM;99001", "ligne 2 : nature (« SIVOM ») ou nom inattendu."),
        (f"{VALLEE};CC X;CC;99X01", "ligne 2 : code de commune illisible, « 99X01 »."),
        (f"{VALLEE};CC X;CC;99001\n{COTE};CA;CA;99001", "ligne 3 : la commune 99001 est dans deux intercommunalités."),
        (f"{VALLEE};CC X;CC;95999", "ligne 2 : la commune 95999 est inconnue."),
        (f"{VALLEE};CC X;CC;99001;;de trop", "ligne 2 : trop de colonnes."),
        ("", "aucune intercommunalité."),
    ],
)
def test_un_fichier_casse_est_refuse_en_entier(monde, importer, ecrire, ligne, message):
    avant = photographie()
    fichier = ecrire("epcicom2027.csv", f"siren;raison_sociale;nature_juridique;insee\n{ligne}\n")
    with pytest.raises(CommandError, match="rien n’a changé") as refus:
        importer("epci", fichier)
    assert message in str(refus.value)
    assert photographie() == avant


@pytest.mark.parametrize(
    "contenu", [b"pas un zip", archive(rien_POINT_txt="rien"), archive(xl__workbook_POINT_xml="<")]
)
def test_un_faux_classeur_est_refuse(monde, importer, ecrire, contenu):
    with pytest.raises(CommandError, match="epcicom2027.xlsx : ce classeur est illisible"):
        importer("epci", ecrire("epcicom2027.xlsx", contenu))


def test_un_classeur_piege_est_refuse(monde, importer, ecrire):
    piege = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    membres = {"xl__workbook_POINT_xml": piege, "xl___rels__workbook_POINT_xml_POINT_rels": "<Relationships/>"}
    with pytest.raises(CommandError, match="piégé"):
        importer("epci", ecrire("epcicom2027.xlsx", archive(**membres)))


def test_un_fichier_introuvable_est_refuse(monde, importer, tmp_path):
    with pytest.raises(CommandError, match="ne s’ouvre pas"):
        importer("epci", tmp_path / "absent2027.csv")


def test_sans_annee_dans_le_nom_on_la_demande(monde, importer, ecrire):
    fichier = ecrire("epci.csv", lignes_csv(PAYS))
    with pytest.raises(CommandError, match="--millesime"):
        importer("epci", fichier)
    assert "millésime 2031" in importer("epci", fichier, millesime=2031)


@given(st.integers(min_value=0, max_value=99_999_999))
def test_un_siren_a_une_seule_clef(debut):
    assert sum(est_un_siren(f"{debut:08}{clef}") for clef in range(10)) == 1


@pytest.mark.parametrize("texte", ["", "20002341", "2000234140", "20002341A", "200 023 414"])
def test_ce_qui_n_est_pas_un_siren(texte):
    assert not est_un_siren(texte)
