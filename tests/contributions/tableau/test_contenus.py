"""The words of a fiche made from a table."""

import pytest

from tests.contributions.tableau.analyses import ligne, lire, seul
from tests.factories import fiche_dispositif
from tests.territoires.monde import construire

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monde():
    construire()
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")


@pytest.mark.parametrize(
    "territoires, titre, lieux",
    [
        ("Le Bourg", "du Bourg", "Le Bourg"),
        (
            "CA de la Côte + CC du Plateau",
            "de la CA de la Côte et de la CC du Plateau",
            "la CA de la Côte et la CC du Plateau",
        ),
        ("Petit-Val + Saint-Mont", "de Petit-Val et Saint-Mont", "Petit-Val et Saint-Mont"),
        (
            "Le Bourg, Petit-Val, Saint-Mont",
            "du Bourg, de Petit-Val et de Saint-Mont",
            "Le Bourg, Petit-Val et Saint-Mont",
        ),
        (
            "Le Bourg, Petit-Val, Saint-Mont, Haute-Rive, Port-la-Côte, Basse-Rive",
            "du Bourg, de Petit-Val, de Saint-Mont et de 3 autres territoires",
            "Le Bourg, Petit-Val, Saint-Mont, Haute-Rive, Port-la-Côte et 1 autre territoire",
        ),
    ],
)
def test_une_fiche_creee_dit_ses_territoires_en_francais(territoires, titre, lieux):
    contenu = seul(lire(ligne(territoires=territoires))).contenu
    assert contenu["titre"] == f"Contrat local de santé {titre}"
    assert contenu["resume"] == f"Contrat local de santé pour {lieux}."
    description = contenu["sections"]["description"]
    assert description == f"Ce [contrat local de santé](/dispositifs/cls/) couvre {lieux}.[^1]"


@pytest.mark.parametrize(
    "nom, ce",
    [("Atelier santé ville", "Cet [atelier santé ville]"), ("Maison sport-santé", "Cette [maison sport-santé]")],
)
def test_une_sorte_se_montre_selon_son_genre(nom, ce):
    fiche_dispositif(slug="autre", titre=nom)
    description = seul(lire(ligne(sorte=nom))).contenu["sections"]["description"]
    assert description.startswith(f"{ce}(/dispositifs/autre/) couvre Le Bourg.")


def test_une_fiche_creee_ne_dit_que_ce_que_dit_le_tableau():
    contenu = seul(lire()).contenu
    assert (contenu["themes"], contenu["publics"]) == ([], [])


def test_une_duree_est_comptee_du_jour_ou_du_mois():
    for signature, depuis in (("01/09/2021", "du 1er\u00a0septembre\u00a02021"), ("oct. 2021", "d’octobre\u00a02021")):
        compris = [un.compris for un in lire(ligne(signature=signature, duree="5 ans")).carnet.compris.values()]
        assert any(f"comptée {depuis}" in dit for dit in compris)
