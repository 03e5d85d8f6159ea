"""Named perimeters: who is in them, and how far what is said of them reaches."""

from datetime import date

import pytest
import yaml
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from territoires import compositions, hierarchie
from territoires.imports.releve import FichierRefuse
from territoires.models import Composition, Inclusion, Territoire
from tests.essais import essais
from tests.territoires import monde
from tests.territoires.monde import COTE, MILLESIME, PLATEAU, VALLEE, lire

SOURCE = {
    "organisation": "Préfecture du Haut-Bocage",
    "titre": "Arrêté de périmètre",
    "url": "https://exemple.fr/arrete",
    "date": "2020-05",
    "lue_le": date(2026, 11, 26),
}
PAYS = {
    "code": "pays-du-bocage",
    "sorte": "petr",
    "nom": "PETR du Pays du Bocage",
    "autres_noms": ["Pays du Bocage"],
    "membres": [f"epci:{VALLEE}", "commune:99003"],
    "complete": True,
    "source": SOURCE,
}
DESIGNATION = "perimetre:pays-du-bocage"


@pytest.fixture
def pays(db):
    monde.construire()


@pytest.fixture
def charger(pays, tmp_path):
    """Return what loads these perimeters, then derives; it gives the number of those that changed."""

    def charger_ceux_ci(*entrees: dict) -> int:
        fichier = tmp_path / "perimetres.yaml"
        fichier.write_text(yaml.safe_dump(list(entrees), allow_unicode=True), encoding="utf-8")
        changes = compositions.charger(fichier, MILLESIME)
        hierarchie.deriver(MILLESIME)
        return changes

    return charger_ceux_ci


def contenus(designation: str = DESIGNATION) -> dict[str, bool]:
    """Return what lies in a territory, itself left out, and whether in part."""
    inclusions = Inclusion.objects.filter(contenant=lire(designation)).exclude(contenu=lire(designation))
    return {i.contenu.designation: i.partielle for i in inclusions.select_related("contenu")}


def test_les_communes_des_membres_sont_dans_le_perimetre(charger):
    charger(PAYS)
    assert {d: p for d, p in contenus().items() if d.startswith("commune")} == {
        "commune:99001": False, "commune:99002": False, "commune:99003": False,
    }  # fmt: skip


def test_une_intercommunalite_dont_une_commune_est_membre_y_est_en_partie(charger):
    charger(PAYS)
    assert contenus()[f"epci:{VALLEE}"] is False and contenus()[f"epci:{PLATEAU}"] is True
    assert f"epci:{COTE}" not in contenus()


def test_un_quartier_a_cheval_sur_le_bord_y_est_en_partie(charger):
    charger(PAYS)
    assert contenus()["qpv:QN09901M"] is False and contenus()["qpv:QN09902N"] is True


def test_un_perimetre_est_dans_les_departements_de_ses_communes(charger):
    charger(PAYS | {"membres": [f"epci:{PLATEAU}"]})
    assert monde.dans(DESIGNATION, "departement") == {"99", "96"} and monde.dans(DESIGNATION, "region") == {"99"}
    assert contenus("departement:99")[DESIGNATION] is True and contenus("region:99")[DESIGNATION] is False
    assert lire(DESIGNATION).departements == ["96", "99"]


def test_un_perimetre_contenu_dans_un_autre_y_est_en_entier(charger):
    charger(PAYS, PAYS | {"code": "grand-pays", "membres": [f"epci:{VALLEE}", f"epci:{PLATEAU}"]})
    assert contenus("perimetre:grand-pays")[DESIGNATION] is False
    assert "perimetre:grand-pays" not in contenus()


def test_ce_qui_est_connu_en_partie_ne_contient_rien(charger):
    charger(PAYS | {"complete": False})
    assert contenus() == {}
    assert contenus("departement:99")[DESIGNATION] is True


def test_sans_membre_connu_il_est_en_partie_dans_son_departement(charger):
    charger(PAYS | {"complete": False, "membres": [], "departements": ["99"]})
    assert contenus() == {}
    assert contenus("departement:99")[DESIGNATION] is True and contenus("region:99")[DESIGNATION] is True
    assert lire(DESIGNATION).departements == ["99"]


def test_un_membre_qui_n_existe_plus_rend_le_perimetre_incertain(charger):
    charger(PAYS)
    Territoire.objects.filter(code="99003").update(fin=date(2027, 1, 1))
    hierarchie.deriver(2027)
    assert contenus() == {}


def test_un_perimetre_ferme_ne_contient_plus_rien(charger):
    charger(PAYS | {"fin": date(2025, 12, 31)})
    assert contenus() == {} and lire(DESIGNATION).est_ferme


def test_charger_deux_fois_ne_change_rien(charger):
    assert (charger(PAYS), charger(PAYS)) == (1, 0)


def test_un_membre_de_plus_est_repris(charger):
    charger(PAYS)
    assert charger(PAYS | {"membres": [*PAYS["membres"], f"epci:{COTE}"]}) == 1
    assert contenus()["commune:99005"] is False


def test_la_source_est_gardee(charger):
    charger(PAYS)
    composition = Composition.objects.get(territoire=lire(DESIGNATION))
    assert (composition.organisation, composition.date) == ("Préfecture du Haut-Bocage", "2020-05")


@pytest.mark.parametrize(
    "faux, dit",
    [
        ({"membres": ["commune:99999"]}, "membre inconnu, commune:99999"),
        ({"membres": ["departement:99"]}, "un membre est une commune ou une intercommunalité"),
        ({"membres": [], "complete": True}, "complet, mais sans aucun membre"),
        ({"departements": ["99"]}, "ses membres disent dans quels départements"),
        ({"sorte": "canton"}, "sorte inconnue"),
        ({"code": "Pays du Bocage"}, "code illisible"),
        ({"code": None}, "code : manque"),
        ({"nom": ""}, "nom : manque"),
        ({"couleur": "verte"}, "couleur : champ inconnu"),
        ({"autres_noms": "Bocage"}, "autres_noms : manque, ou mal écrit"),
        ({"sorte": ["petr"]}, "sorte inconnue"),
        ({"source": {}}, "organisation : manque"),
        ({"source": SOURCE | {"date": "mai 2020"}}, "date de la source illisible"),
        ({"source": SOURCE | {"lue_le": "hier"}}, "lue_le : manque, ou mal écrit"),
    ],
)
def test_une_entree_fausse_est_dite_et_rien_n_est_ecrit(charger, faux, dit):
    with pytest.raises(FichierRefuse, match=dit):
        charger(PAYS | {"code": "autre-pays"}, PAYS | faux)
    assert not Composition.objects.exists()


def test_deux_perimetres_du_meme_code_sont_refuses(charger):
    with pytest.raises(FichierRefuse, match="deux fois"):
        charger(PAYS, PAYS)


@pytest.mark.parametrize("manque", ["organisation", "titre"])
def test_la_base_refuse_une_composition_sans_source(charger, manque):
    charger(PAYS)
    with pytest.raises(IntegrityError, match="composition_sourcee"), transaction.atomic():
        Composition.objects.update(**{manque: ""})


@pytest.mark.parametrize("date", ["mai 2020", "2020-13-45", "20"])
def test_la_base_refuse_une_date_qui_n_en_est_pas_une(charger, date):
    charger(PAYS)
    with pytest.raises(IntegrityError, match="composition_date_partielle"), transaction.atomic():
        Composition.objects.update(date=date)


COMMUNES = ["99001", "99002", "99003", "99004", "99005", "96001"]
GROUPES = {VALLEE: {"99001", "99002"}, PLATEAU: {"99003", "99004", "96001"}, COTE: {"99005"}}
MEMBRES = st.sets(st.sampled_from([*(f"commune:{c}" for c in COMMUNES), *(f"epci:{g}" for g in GROUPES)]), min_size=1)


def communes_de(membres: set[str]) -> set[str]:
    codes = [membre.partition(":")[2] for membre in membres]
    return set().union(*(GROUPES.get(code, {code}) for code in codes))


@essais(25)
@given(MEMBRES, MEMBRES)
def test_un_perimetre_contient_ses_communes_et_ce_qu_elles_font(db, uns, autres):
    with transaction.atomic():
        monde.construire()
        entrees = [PAYS | {"membres": sorted(uns)}, PAYS | {"code": "autre", "membres": sorted(autres)}]
        compositions.ecrire(compositions.lire(entrees), MILLESIME)
        hierarchie.deriver(MILLESIME)
        ici, la = communes_de(uns), communes_de(autres)
        attendus = {f"commune:{c}": False for c in ici}
        attendus |= {f"epci:{g}": not communes <= ici for g, communes in GROUPES.items() if communes & ici}
        attendus |= {"perimetre:autre": False} if la <= ici else {}
        trouves = {d: p for d, p in contenus().items() if not d.startswith("qpv")}
        transaction.set_rollback(True)
    assert trouves == attendus
