"""The official geographic code: communes that merge, change names or codes, come back."""

from datetime import date

import pytest
from django.core.management import CommandError

from fiches.models import Edition
from territoires.imports import cog
from territoires.models import Inclusion
from territoires.recherche import chercher
from tests.territoires.imports.conftest import archive, photographie
from tests.territoires.monde import PLATEAU, VALLEE

COMMUNES = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
MOUVEMENTS = (
    "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,"
    "TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP\n"
)
PAYS = {
    "99001": "Le Bourg",
    "99002": "Petit-Val",
    "99003": "Saint-Mont",
    "99004": "Haute-Rive",
    "99005": "Port-la-Côte",
    "96001": "Basse-Rive",
}


def commune(code: str, nom: str, typecom: str = "COM", parent: str = "") -> str:
    departement = code[:2] if typecom == "COM" else ""
    return f'{typecom},{code},99,{departement},,,0,{nom.upper()},{nom.removeprefix("Le ")},"{nom}",,{parent}\n'


def mouvement(mod: int, quand: str, avant: str, apres: str, nom: str = "X", av: str = "COM", ap: str = "COM") -> str:
    return f'{mod},{quand},{av},{avant},0,X,X,"{nom}",{ap},{apres},0,X,X,"{nom}"\n'


@pytest.fixture
def cog_de(ecrire):
    """Write the two files of a year: communes by code, and rows of movements."""

    def poser(communes: dict[str, str], *mouvements: str, annee: int = 2027, de_plus: str = ""):
        lignes = "".join(commune(code, nom) for code, nom in communes.items())
        return (
            ecrire(f"v_commune_{annee}.csv", COMMUNES + lignes + de_plus),
            ecrire(f"v_mvt_commune_{annee}.csv", MOUVEMENTS + "".join(mouvements)),
        )

    return poser


def test_un_fichier_qui_dit_ce_qu_on_sait_ne_change_rien(monde, importer, cog_de):
    avant = photographie()
    assert "Rien à changer." in importer("cog", *cog_de(PAYS))
    assert photographie() == avant


def test_l_essai_a_blanc_n_ecrit_rien(monde, importer, cog_de):
    avant = photographie()
    rapport = importer("cog", *cog_de(PAYS | {"99001": "Le Grand Bourg"}), appliquer=False)
    assert "Le Bourg (99) : nom : Le Bourg → Le Grand Bourg" in rapport and "Essai à blanc" in rapport
    assert photographie() == avant


def test_un_import_applique_perime_les_pages_en_cache(monde, importer, cog_de):
    avant = Edition.objects.get().numero
    importer("cog", *cog_de(PAYS))
    assert Edition.objects.get().numero == avant
    importer("cog", *cog_de(PAYS | {"99001": "Le Grand Bourg"}))
    assert Edition.objects.get().numero == avant + 1


def test_importer_deux_fois_ne_change_plus_rien(monde, importer, cog_de):
    fichiers = cog_de({k: v for k, v in PAYS.items() if k != "99002"}, mouvement(31, "2027-01-01", "99002", "99001"))
    assert "C’est écrit." in importer("cog", *fichiers)
    apres = photographie()
    assert "Rien à changer." in importer("cog", *fichiers)
    assert photographie() == apres


def test_le_nom_garde_son_article_et_l_ancien_nom_se_cherche_encore(monde, importer, cog_de):
    importer("cog", *cog_de(PAYS | {"99001": "Le Grand Bocage-en-Vallée"}))
    bourg = monde.lire("commune:99001")
    assert bourg.nom == "Le Grand Bocage-en-Vallée" and bourg.autres_noms == ["Le Bourg"] and bourg.millesime == 2027
    assert "commune:99001" in [t.designation for t in chercher("le bourg 99")]


def test_les_communes_deleguees_et_les_arrondissements_sont_laisses(monde, importer, cog_de):
    de_plus = commune("99001", "Vieux-Bourg", "COMD", "99001") + commune("99055", "Bourg 1er", "ARM", "99001")
    assert "Rien à changer." in importer("cog", *cog_de(PAYS, de_plus=de_plus))


def test_une_fusion_ferme_l_ancienne_commune_et_ses_quartiers_suivent(monde, importer, cog_de):
    reste = {code: nom for code, nom in PAYS.items() if code != "99002"}
    importer("cog", *cog_de(reste, mouvement(31, "2027-01-01", "99002", "99001", "Petit-Val")))
    assert monde.lire("commune:99002").fin == date(2027, 1, 1)
    assert monde.devenus("commune:99002") == {"99001"}
    assert monde.dans("qpv:QN09901M", "commune") == {"99001"}
    assert monde.dans("qpv:QN09901M", "epci") == {VALLEE}
    assert not Inclusion.objects.filter(contenu__code="99002", directe=True).exists()
    assert chercher("petit-val 99")[0].code == "99001" or chercher("petit-val")[0].code == "99001"


def test_un_quartier_sur_deux_communes_qui_fusionnent_n_est_plus_que_dans_une(monde, importer, cog_de):
    reste = {code: nom for code, nom in PAYS.items() if code != "99004"}
    importer("cog", *cog_de(reste, mouvement(31, "2027-01-01", "99004", "99003")))
    inclusion = Inclusion.objects.get(contenu__code="QN09902N", contenant__nature="commune")
    assert inclusion.contenant.code == "99003" and not inclusion.partielle


def test_une_commune_nouvelle_reste_dans_l_epci_de_toutes_les_siennes(monde, importer, cog_de):
    reste = {code: nom for code, nom in PAYS.items() if code not in ("99003", "99004")} | {"99010": "Mont-Rive"}
    deux = [mouvement(32, "2027-01-01", code, "99010", PAYS[code]) for code in ("99003", "99004")]
    deleguees = [mouvement(32, "2027-01-01", code, code, av="COM", ap="COMD") for code in ("99003", "99004")]
    importer("cog", *cog_de(reste, *deux, *deleguees))
    assert monde.dans("commune:99010", "epci") == {PLATEAU}
    assert monde.dans("commune:99010", "region") == {"99"}
    assert monde.devenus("commune:99003") == {"99010"} == monde.devenus("commune:99004")


def test_une_commune_nouvelle_de_deux_epci_attend_le_fichier_des_epci(monde, importer, cog_de):
    reste = {code: nom for code, nom in PAYS.items() if code not in ("99002", "99003")} | {"99010": "Val-Mont"}
    deux = [mouvement(32, "2027-01-01", code, "99010") for code in ("99002", "99003")]
    importer("cog", *cog_de(reste, *deux))
    assert monde.dans("commune:99010", "epci") == set()


def test_une_chaine_de_fusions_mene_a_la_commune_d_aujourd_hui(monde, importer, cog_de):
    chaine = [
        mouvement(33, "1972-07-01", "99021", "99022", "Vieille"),
        mouvement(31, "1990-01-01", "99022", "99023", "Moins Vieille"),
        mouvement(32, "2019-01-01", "99023", "99001", "Récente"),
    ]
    importer("cog", *cog_de(PAYS, *chaine))
    assert all(monde.devenus(f"commune:9902{n}") == {"99001"} for n in (1, 2, 3))
    assert monde.lire("commune:99021").nom == "Vieille" and monde.lire("commune:99021").fin == date(1972, 7, 1)


def test_une_commune_retablie_est_ouverte(monde, importer, cog_de):
    mouvements = [
        mouvement(31, "1973-01-01", "99004", "99003", "Haute-Rive"),
        mouvement(21, "1985-01-01", "99003", "99004", "Saint-Mont"),
        mouvement(21, "1985-01-01", "99003", "99003", "Saint-Mont"),
    ]
    assert "Rien à changer." in importer("cog", *cog_de(PAYS, *mouvements))
    assert monde.lire("commune:99004").fin is None


def test_une_commune_fermee_puis_retablie_rouvre(monde, importer, cog_de):
    reste = {code: nom for code, nom in PAYS.items() if code != "99004"}
    fusion = mouvement(31, "2027-01-01", "99004", "99003", "Haute-Rive")
    importer("cog", *cog_de(reste, fusion))
    importer("cog", *cog_de(PAYS, fusion, mouvement(21, "2028-01-01", "99003", "99004"), annee=2028))
    assert monde.lire("commune:99004").fin is None and monde.devenus("commune:99004") == set()
    assert monde.dans("commune:99004", "departement") == {"99"}


def test_un_changement_de_departement_est_une_succession(monde, importer, cog_de):
    reste = {code: nom for code, nom in PAYS.items() if code != "96001"} | {"99011": "Basse-Rive"}
    importer("cog", *cog_de(reste, mouvement(41, "2027-01-01", "96001", "99011", "Basse-Rive")))
    assert monde.devenus("commune:96001") == {"99011"}
    assert monde.dans("commune:99011", "departement") == {"99"}


def test_une_commune_disparue_sans_mouvement_est_dite_et_reste_ouverte(monde, importer, cog_de):
    reste = {code: nom for code, nom in PAYS.items() if code != "99005"}
    rapport = importer("cog", *cog_de(reste))
    assert "Absents du fichier, laissés ouverts : 1." in rapport and "Port-la-Côte (99)" in rapport
    assert monde.lire("commune:99005").fin is None


def test_les_absents_se_ferment_si_on_le_demande(monde, importer, cog_de):
    reste = {code: nom for code, nom in PAYS.items() if code != "99005"}
    importer("cog", *cog_de(reste), fermer_absents=True)
    assert monde.lire("commune:99005").fin == date(2027, 1, 1)


def test_un_departement_absent_du_fichier_n_est_pas_touche(monde, importer, cog_de):
    avant = photographie()
    importer("cog", *cog_de({code: nom for code, nom in PAYS.items() if code.startswith("99")}))
    assert photographie() == avant


def test_une_ancienne_commune_sans_nom_recoit_le_sien_et_sa_date(monde, importer, cog_de):
    monde.territoire("commune:99030", "Ancienne commune 99030", fin=date(2026, 1, 1))
    importer("cog", *cog_de(PAYS, mouvement(31, "1965-03-01", "99030", "99001", "Le Moulin")))
    ancienne = monde.lire("commune:99030")
    assert (ancienne.nom, ancienne.fin, ancienne.autres_noms) == ("Le Moulin", date(1965, 3, 1), [])


def test_les_codes_corses_et_les_zeros_perdus(ecrire):
    communes = COMMUNES + commune("2A004", "Ajaccio") + commune("1004", "Ambérieu").replace(",10,", ",1,")
    releve = cog.lire([ecrire("v_commune_2026.csv", communes), ecrire("v_mvt_commune_2026.csv", MOUVEMENTS)])
    assert {code for _, code in releve.territoires} == {"2A004", "01004"}
    assert releve.rattachements["commune", "01004"] == {"departement": {"01"}}


def test_le_zip_de_l_insee_se_lit_tel_quel(monde, importer, ecrire):
    lignes = "".join(commune(code, nom) for code, nom in PAYS.items())
    paquet = archive(
        cog__v_commune_2027_POINT_csv=COMMUNES + lignes,
        cog__v_mvt_commune_2027_POINT_csv=MOUVEMENTS,
        cog__v_commune_comer_2027_POINT_csv="autre,chose\n",
        cog__v_commune_depuis_1943_POINT_csv="autre,chose\n",
    )
    assert "Rien à changer." in importer("cog", ecrire("cog_ensemble_2027_csv.zip", paquet))


TRANSFERT = (
    mouvement(32, "2017-01-01", "99040", "99040", "Anctot"),
    mouvement(50, "2024-04-24", "99040", "99001", "Le Bourg"),
)


def test_une_commune_deleguee_garde_son_nom_quand_la_commune_nouvelle_quitte_son_code(monde, importer, cog_de):
    monde.territoire("commune:99040", "Anctot", fin=date(2024, 4, 24))
    deleguee = commune("99040", "Anctot", "COMD", "99001")
    importer("cog", *cog_de(PAYS, *TRANSFERT, de_plus=deleguee))
    assert monde.lire("commune:99040").nom == "Anctot" and monde.devenus("commune:99040") == {"99001"}


def test_le_nom_de_la_commune_deleguee_repare_celui_qu_on_lui_avait_prete(monde, importer, cog_de):
    monde.territoire("commune:99040", "Le Bourg", fin=date(2024, 4, 24))
    importer("cog", *cog_de(PAYS, *TRANSFERT, de_plus=commune("99040", "Anctot", "COMD", "99001")))
    assert monde.lire("commune:99040").nom == "Anctot"


def test_sans_ligne_de_commune_deleguee_un_mouvement_ne_renomme_pas(monde, importer, cog_de):
    monde.territoire("commune:99040", "Anctot", fin=date(2024, 4, 24))
    importer("cog", *cog_de(PAYS, *TRANSFERT))
    assert monde.lire("commune:99040").nom == "Anctot"


@pytest.mark.parametrize("typecom", ["COMD", "COMA"])
def test_la_commune_parente_dit_le_devenir_que_les_mouvements_taisent(monde, importer, cog_de, typecom):
    monde.territoire("commune:99041", "Ancienne commune 99041", fin=date(1974, 1, 1))
    de_plus = commune("99041", "Ouville", typecom, "99002") + commune("99042", "Noirmare", typecom, "99003")
    importer("cog", *cog_de(PAYS, de_plus=de_plus))
    connue, nouvelle = monde.lire("commune:99041"), monde.lire("commune:99042")
    assert (connue.nom, connue.fin, monde.devenus("commune:99041")) == ("Ouville", date(1974, 1, 1), {"99002"})
    assert (nouvelle.nom, nouvelle.fin, monde.devenus("commune:99042")) == ("Noirmare", date(2027, 1, 1), {"99003"})
    assert "Rien à changer." in importer("cog", *cog_de(PAYS, de_plus=de_plus))


def test_les_fautes_des_deux_fichiers_sont_dites_ensemble(monde, importer, ecrire):
    communes = commune("99001", "A") + "COM,99002\n" + "COM,X,99,99,,,0,X,X,X,,\n" + commune("99041", "B", "COMD", "9")
    fichiers = (
        ecrire("v_commune_2027.csv", COMMUNES + communes),
        ecrire("v_mvt_commune_2027.csv", MOUVEMENTS + mouvement(31, "hier", "99002", "99001")),
    )
    with pytest.raises(CommandError) as refus:
        importer("cog", *fichiers)
    for dite in (
        "v_commune_2027.csv, ligne 3 : ligne coupée.",
        "v_commune_2027.csv, ligne 4 : code, département ou nom illisible.",
        "v_commune_2027.csv, ligne 5 : sa commune, « 00009 », n’est pas dans le fichier.",
        "v_mvt_commune_2027.csv, ligne 2 : code ou date illisible.",
    ):
        assert dite in str(refus.value)


@pytest.mark.parametrize("quand", ["01/01/2027", "46388"])
def test_une_date_ecrite_par_un_tableur(monde, importer, cog_de, quand):
    reste = {code: nom for code, nom in PAYS.items() if code != "99002"}
    importer("cog", *cog_de(reste, mouvement(31, quand, "99002", "99001")))
    assert monde.lire("commune:99002").fin == date(2027, 1, 1)


@pytest.mark.parametrize(
    "communes, mouvements, message",
    [
        ("COM,9900Z,99,99,,,0,X,X,X,,\n", "", "v_commune_2027.csv, ligne 2 : code, département ou nom illisible."),
        (commune("99001", "A") + commune("99001", "B"), "", "ligne 3 : la commune 99001 est là deux fois."),
        ("COM,99001,99\n", "", "ligne 2 : ligne coupée."),
        (commune("95001", "A").replace(",95,", ",88888,"), "", "le département 88888 de la commune 95001 est inconnu."),
        (commune("99001", "A"), mouvement(31, "hier", "99002", "99001"), "ligne 2 : code ou date illisible."),
        (commune("99001", "A"), mouvement(31, "2027-01-01", "9", "rien"), "ligne 2 : code ou date illisible."),
        ("COMD,99001,,,,,0,X,X,X,,99001\n", "", "aucune commune."),
        ('COM,99001,99,99,,,0,X,X,"X,,\n', "", "CSV illisible"),
    ],
)
def test_un_fichier_casse_est_refuse_en_entier(monde, importer, ecrire, communes, mouvements, message):
    avant = photographie()
    fichiers = (
        ecrire("v_commune_2027.csv", COMMUNES + communes),
        ecrire("v_mvt_commune_2027.csv", MOUVEMENTS + mouvements),
    )
    with pytest.raises(CommandError, match="rien n’a changé") as refus:
        importer("cog", *fichiers)
    assert message in str(refus.value)
    assert photographie() == avant


def test_toutes_les_lignes_fausses_sont_dites(monde, importer, ecrire):
    fausses = "".join(f"COM,X{n},99,99,,,0,X,X,X,,\n" for n in range(30))
    fichiers = ecrire("v_commune_2027.csv", COMMUNES + fausses), ecrire("v_mvt_commune_2027.csv", MOUVEMENTS)
    with pytest.raises(CommandError) as refus:
        importer("cog", *fichiers)
    assert "ligne 2 :" in str(refus.value) and "… et 10 autres." in str(refus.value)


def test_il_faut_les_deux_fichiers(monde, importer, ecrire):
    with pytest.raises(CommandError, match="Il faut v_commune_AAAA.csv et v_mvt_commune_AAAA.csv"):
        importer("cog", ecrire("v_commune_2027.csv", COMMUNES + commune("99001", "A")))


def test_des_colonnes_manquantes_sont_nommees(monde, importer, ecrire):
    fichiers = ecrire("v_commune_2027.csv", "a,b\n1,2\n"), ecrire("v_mvt_commune_2027.csv", MOUVEMENTS)
    with pytest.raises(
        CommandError, match="colonnes attendues : typecom, com, dep, libelle. Première ligne lue : a, b"
    ):
        importer("cog", *fichiers)
