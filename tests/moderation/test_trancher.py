"""What changed on both sides: counted, and a list settled at the desk row by row."""

from typing import Any

import pytest

from dispositifs.models import Mission
from tests.balisage import texte as lu
from tests.contributions.recits import proposition
from tests.factories import SOURCE, fiche_dispositif, publier, relu, valider
from tests.moderation.test_propositions import Statut, saisie

pytestmark = pytest.mark.django_db
HABITANTS, ATELIERS = "rangee-chiffres-0", "rangee-chiffres-1"


def chiffre(libelle: str, valeur: int, **champs: Any) -> dict[str, Any]:
    return {"libelle": libelle, "valeur": valeur, "unite": "par an", "annee": 2024,
            "precision_annee": "exacte", "source": 1, **champs}  # fmt: skip


def chiffres(*lignes: dict[str, Any]) -> list[dict[str, Any]]:
    """Lines as a proposition hands them in: whole."""
    return valider("dispositif", titre="T", resume="R", categorie="demarche", sources=[SOURCE],
                   sections={"description": "D.[^1]"}, chiffres=list(lignes))["chiffres"]  # fmt: skip


@pytest.fixture
def fiche():
    return fiche_dispositif(titre="Atelier", chiffres=[chiffre("habitants", 10), chiffre("ateliers", 2)])


@pytest.fixture
def une(fiche):
    """A proposition, and a version published since: both changed the first figure, each another one."""
    creee = proposition(fiche, chiffres=chiffres(chiffre("habitants", 12), chiffre("ateliers", 3)))
    publier(fiche, chiffres=[chiffre("habitants", 11), chiffre("ateliers", 2), chiffre("équipes", 1)])
    return creee


def tranchee(une, choix: str, **champs: Any) -> dict[str, Any]:
    commun = {"sur": 2, "verdict-chiffres": "ajuster", HABITANTS: choix}
    return saisie(une, **commun, **{f"{HABITANTS}-{nom}": valeur for nom, valeur in champs.items()})


def publies(fiche) -> list[tuple[str, int]]:
    return [(ligne["libelle"], ligne["valeur"]) for ligne in relu(fiche).contenu["chiffres"]]


@pytest.mark.parametrize(
    "proposees,publiees,dit",
    [
        (("cout",), ("cout",), "La fiche est passée en version 2 : une partie est à trancher"),
        (("cout", "duree"), ("cout", "duree"), "La fiche est passée en version 2 : 2 parties sont à trancher"),
        (("cout", "duree"), ("cout",), "version 2 : 1 partie sans conflit, 1 à trancher Les parties compatibles"),
    ],
)
def test_ce_qui_est_sans_conflit_n_est_compte_que_s_il_y_en_a(poste, proposees, publiees, dit):
    sections = {"description": "D.[^1]", "cout": "Dix euros.", "duree": "Un mois."}
    fiche = fiche_dispositif(titre="Atelier", sections=sections)
    une = proposition(fiche, **dict.fromkeys(proposees, "Vingt euros."))
    publier(fiche, sections={**sections, **dict.fromkeys(publiees, "Quinze euros.")})
    vue = lu(poste.get(une.adresse_au_poste).text)
    assert dit in vue
    assert ("Les parties compatibles" in vue) == ("sans conflit" in dit)


def test_la_ligne_en_conflit_se_montre_en_trois_colonnes(poste, une):
    page = poste.get(une.adresse_au_poste).text
    for texte in ("Chiffre «\u00a0habitants\u00a0»", "Base, version 1", "Publiée, version 2", "Garder la publiée",
                  "Prendre la proposée", "Garder les deux", "Ne garder aucune", "Écrire la ligne"):  # fmt: skip
        assert texte in page
    assert f'name="{HABITANTS}"' in page and f'name="{ATELIERS}"' not in page


@pytest.mark.parametrize(
    "choix, gardees",
    [
        ("publiee", [("habitants", 11)]),
        ("proposee", [("habitants", 12)]),
        ("deux", [("habitants", 11), ("habitants", 12)]),
        ("aucune", []),
    ],
)
def test_un_choix_publie_ces_lignes_et_reunit_les_autres(poste, fiche, une, choix, gardees):
    assert poste.post(une.adresse_au_poste, tranchee(une, choix)).status_code == 302
    assert publies(fiche) == [*gardees, ("ateliers", 3), ("équipes", 1)]
    assert relu(une).statut == Statut.ACCEPTEE
    assert [c["role"] for c in relu(une).version.credits] == ["proposition", "ajustement"]


def test_une_ligne_s_ecrit_a_nouveau(poste, fiche, une):
    ecrite = {**chiffre("habitants", 13), "valeur": "1 300,5"}
    page = poste.post(une.adresse_au_poste, tranchee(une, "ecrire", **ecrite) | {"confirme": ""})
    assert page.status_code == 200 and "ajustée par vous" in page.text
    poste.post(une.adresse_au_poste, tranchee(une, "ecrire", **ecrite))
    assert publies(fiche) == [("habitants", 1300.5), ("ateliers", 3), ("équipes", 1)]


def test_sans_choix_rien_n_est_publie_et_la_ligne_le_dit(poste, fiche, une):
    page = poste.post(une.adresse_au_poste, tranchee(une, "", libelle="Habitants du quartier") | {"message": "Merci."})
    assert page.status_code == 422 and "Choisissez ce qui reste de cette ligne." in page.text
    assert "Merci." in page.text and "Habitants du quartier" in page.text
    assert relu(fiche).numero == 2 and relu(une).statut == Statut.SOUMISE


@pytest.mark.parametrize(
    "fautif, message",
    [({"valeur": "beaucoup"}, "Saisissez un nombre."), ({"source": 9}, "La source 9 n’existe pas.")],
)
def test_une_ligne_mal_ecrite_revient_avec_sa_faute_et_son_texte(poste, fiche, une, fautif, message):
    ecrite = {**chiffre("habitants de tout le quartier", 13), **fautif}
    page = poste.post(une.adresse_au_poste, tranchee(une, "ecrire", **ecrite))
    assert page.status_code == 422 and message in page.text
    assert "habitants de tout le quartier" in page.text and relu(fiche).numero == 2


def test_une_ligne_choisie_qui_en_repete_une_autre_est_refusee_a_sa_place(poste):
    Mission.objects.get_or_create(slug="animer", defaults={"nom": "Animer"})
    Mission.objects.get_or_create(slug="relier", defaults={"nom": "Relier"})

    def mission(slug: str, nuance: str = "") -> dict[str, Any]:
        return {"mission": slug, "statut": "propre", "nuance": nuance, "source": 1}

    fiche = fiche_dispositif(titre="Atelier", missions=[mission("animer")])
    une = proposition(fiche, missions=[mission("animer", "ici")])
    publier(fiche, missions=[mission("animer", "là")])
    champs = {"verdict-missions": "ajuster", "rangee-missions-0": "deux", "sur": 2}
    page = poste.post(une.adresse_au_poste, saisie(une, **champs))
    assert page.status_code == 422 and "Cette ligne en répète une autre." in page.text
    assert relu(fiche).numero == 2


def test_ne_pas_retenir_la_liste_garde_ce_qui_est_publie(poste, fiche):
    une = proposition(fiche, chiffres=chiffres(chiffre("habitants", 12)), cout="Vingt euros.")
    publier(fiche, chiffres=[chiffre("habitants", 11), chiffre("ateliers", 2)])
    verdicts = {"verdict-chiffres": "non", "sur": 2, "motif": "inexact", "message": "Le chiffre publié est le bon."}
    poste.post(une.adresse_au_poste, saisie(une, **verdicts))
    assert relu(une).statut == Statut.ACCEPTEE_EN_PARTIE
    assert publies(fiche) == [("habitants", 11), ("ateliers", 2)]


def test_une_source_corrigee_des_deux_cotes_se_tranche(poste):
    fiche = fiche_dispositif(titre="Atelier", sources=[{**SOURCE, "url": "https://exemple.fr/a"}])
    proposee = {**fiche.contenu["sources"][0], "repere": "page 12"}
    une = proposition(fiche, sources=[proposee])
    publier(fiche, sources=[{**fiche.contenu["sources"][0], "repere": "page 9"}])
    page = poste.get(une.adresse_au_poste).text
    assert "page 12" in page and "page 9" in page and "Garder les deux" not in page
    poste.post(
        une.adresse_au_poste, saisie(une, sur=2, **{"verdict-sources": "ajuster", "rangee-sources-1": "proposee"})
    )
    assert [source["repere"] for source in relu(fiche).contenu["sources"]] == ["page 12"]


def test_le_second_qui_decide_retrouve_la_ligne_qu_il_ecrivait(poste, une):
    donnees = tranchee(une, "ecrire", libelle="Habitants recensés", valeur="13")
    poste.post(une.adresse_au_poste, tranchee(une, "publiee"))
    page = poste.post(une.adresse_au_poste, donnees)
    assert page.status_code == 409 and "Habitants recensés · 13" in page.text


def test_trancher_coute_peu(poste, une, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        assert poste.get(une.adresse_au_poste).status_code == 200
