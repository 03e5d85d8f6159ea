"""Loading a reference folder again: what is more recent stands, what is not in it stays."""

import gzip
from datetime import date

import pytest
import yaml

from territoires.models import Inclusion, Indicateur, Millesime, Territoire
from territoires.referentiel import charger
from tests.territoires.monde import COTE, VALLEE, dans, lire, territoire

FICHIERS = {
    "regions.csv": "code,nom\n99,Grand Bocage\n",
    "departements.csv": "code,nom,region\n99,Haut-Bocage,99\n96,Lagon,\n",
    "epci.csv": f"code,nom,sous_nature,autres_noms\n{VALLEE},CC de la Vallée,CC,La Vallée\n{COTE},CA de la Côte,CA,\n",
    "anciennes_communes.csv": "code,nom,successeur,motif\n99030,Ancienne commune 99030,99001,commune absorbée\n",
    "qpv.csv": f"code,nom,communes,epci,departement,autres_noms\nQN09901M,Les Tilleuls,99001;99002,{VALLEE},99,\n",
}
COMMUNES = f"""code,nom,departement,epci,ept,codes_postaux,population,population_annee,longitude,latitude,autres_noms
99001,Le Bourg,99,{VALLEE},,99000;99100,900,2023,1.5,45.5,Vieux-Bourg
99002,Petit-Val,99,{VALLEE},,99000,100,2023,,,
96001,Atoll,96,,,96000,,,,,
"""
INDICATEUR = {
    "territoire": "commune:99001",
    "libelle": "Médecins",
    "valeur": 7.0,
    "unite": "médecins",
    "annee": 2022,
    "precision_annee": "exacte",
    "source": "Un document, 2022",
}


@pytest.fixture
def dossier(db, tmp_path):
    for nom, contenu in FICHIERS.items():
        (tmp_path / nom).write_text(contenu, encoding="utf-8")
    (tmp_path / "communes.csv.gz").write_bytes(gzip.compress(COMMUNES.encode()))
    manifeste = {"millesime": 2026, "population": {"source": "Insee"}}
    (tmp_path / "manifeste.yaml").write_text(yaml.safe_dump(manifeste))
    (tmp_path / "indicateurs.yaml").write_text(yaml.safe_dump([INDICATEUR]))
    charger(tmp_path)
    return tmp_path


def test_charger_deux_fois_ne_change_rien(dossier):
    assert charger(dossier).inchange


def test_charger_dit_ses_etapes(dossier):
    etapes = []
    charger(dossier, etapes.append)
    assert etapes[0] == "territoires" and len(etapes) == 5


def test_les_populations_s_additionnent(dossier):
    assert (lire("departement:99").population, lire("departement:99").population_annee) == (1_000, 2023)
    assert lire(f"epci:{VALLEE}").population == 1_000 and lire("departement:96").population is None


def test_une_population_corrigee_dans_les_fichiers_est_reprise(dossier):
    (dossier / "communes.csv.gz").write_bytes(gzip.compress(COMMUNES.replace(",900,", ",901,").encode()))
    assert not charger(dossier).inchange
    assert lire("region:99").population == 1_001


def test_une_collectivite_d_outre_mer_n_a_pas_de_region(dossier):
    assert lire("departement:96").sous_nature == "COM"
    assert dans("commune:96001", "departement") == {"96"} and dans("commune:96001", "region") == set()


def test_le_chargement_dit_les_millesimes_en_vigueur_et_ne_les_recule_pas(dossier):
    assert Millesime.objects.en_vigueur() == {"commune": 2026, "epci": 2026, "qpv": 2024}
    Millesime.objects.retenir({"commune": 2027, "epci": 2025})
    charger(dossier)
    assert Millesime.objects.en_vigueur() == {"commune": 2027, "epci": 2026, "qpv": 2024}


def test_un_nom_plus_recent_reste(dossier):
    Territoire.objects.filter(code="99001").update(nom="Le Grand Bourg", millesime=2027)
    charger(dossier)
    assert lire("commune:99001").nom == "Le Grand Bourg"


def test_ce_qui_est_ferme_depuis_reste_ferme(dossier):
    Territoire.objects.filter(code="99002").update(fin=date(2027, 1, 1), millesime=2027)
    charger(dossier)
    assert lire("commune:99002").est_ferme


def test_le_vrai_nom_d_une_ancienne_commune_reste(dossier):
    Territoire.objects.filter(code="99030").update(nom="Le Moulin", fin=date(1965, 3, 1))
    assert charger(dossier).inchange
    assert lire("commune:99030").nom == "Le Moulin"


def test_un_rattachement_plus_recent_reste(dossier):
    Inclusion.objects.filter(contenu__code="99002", contenant__nature="epci").delete()
    Inclusion.objects.create(
        contenu=lire("commune:99002"), contenant=lire(f"epci:{COTE}"), directe=True, millesime=2027
    )
    charger(dossier)
    assert dans("commune:99002", "epci") == {COTE}


def test_un_rattachement_change_dans_les_fichiers_est_repris(dossier):
    contenu = COMMUNES.replace(f"99002,Petit-Val,99,{VALLEE}", f"99002,Petit-Val,99,{COTE}")
    (dossier / "communes.csv.gz").write_bytes(gzip.compress(contenu.encode()))
    charger(dossier)
    assert dans("commune:99002", "epci") == {COTE}


def test_ce_qui_n_est_pas_dans_les_fichiers_n_est_pas_supprime(dossier):
    territoire("commune:99009", "Ailleurs", ["departement:99"])
    charger(dossier)
    assert Territoire.objects.filter(code="99009").exists()


def test_un_indicateur_corrige_est_repris_sans_doublon(dossier):
    (dossier / "indicateurs.yaml").write_text(yaml.safe_dump([INDICATEUR | {"valeur": 8}]))
    charger(dossier)
    assert Indicateur.objects.get().valeur == 8
