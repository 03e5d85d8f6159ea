"""Gender and number of a word are one: measured on pairs of words of the trade (`paires.txt`)."""

from itertools import chain
from pathlib import Path

import pytest
from django.db import connection

from fiches.models import Mot
from tests.factories import fiche_action, fiche_dispositif
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db

PAIRES = [tuple(ligne.split()) for ligne in Path(__file__).with_name("paires.txt").read_text().splitlines()]
# Not of one family, as near as they look.
DISTINCTS = [
    ("durée", "dur"),
    ("entrée", "entre"),
    ("actions", "acteurs"),
    ("mère", "maire"),
    ("médecin", "médiation"),
    ("soin", "soir"),
    ("santé", "sans"),
    ("habitat", "habitant"),
    ("patient", "patience"),
    ("réseau", "résidence"),
    ("public", "publier"),
    ("coût", "couture"),
    ("chapelle", "chapeau"),
]


def racines(mots) -> dict[str, str]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT mot, racine(mot) FROM unnest(%s::text[]) AS mot", [list(mots)])
        return dict(curseur.fetchall())


def test_masculin_feminin_singulier_et_pluriel_sont_d_une_famille():
    racine = racines(chain(*PAIRES))
    manquees = [(un, autre) for un, autre in PAIRES if racine[un] != racine[autre]]
    assert len(PAIRES) >= 300 and len(manquees) <= 0.05 * len(PAIRES), manquees


def test_des_mots_qui_se_ressemblent_ne_sont_pas_d_une_famille():
    racine = racines(chain(*DISTINCTS))
    assert [(un, autre) for un, autre in DISTINCTS if racine[un] == racine[autre]] == []


@pytest.mark.parametrize(
    "un, autre",
    [
        ("cancer", "cancers"),
        ("hospitalier", "hospitalière"),
        ("médiateur", "médiatrices"),
        ("élu", "élues"),
        ("appui", "appuis"),
        ("lieu", "lieux"),
        ("jeu", "jeux"),
        ("travail", "travaux"),
        ("exilé", "exilées"),
    ],
)
def test_un_mot_trouve_ce_que_trouve_son_pluriel_ou_son_feminin(client, un, autre):
    fiche_action(titre="Un", sections={"deroule": f"Il y a {un} ici."})
    fiche_action(titre="Autre", sections={"deroule": f"Il y a {autre} là."})
    for recherche in (un, autre, un.upper(), f"{un} -trampoline", f'"a {un}"'):
        assert sorted(lire(client, q=recherche).titres) == ["Autre", "Un"], recherche


def test_un_mot_que_la_base_n_a_pas_trouve_sa_famille(client):
    fiche_action(titre="Trouvée", sections={"deroule": "Un médiateur."})
    assert lire(client, q="médiatrices").titres == ["Trouvée"]
    assert lire(client, q="mediatrices").titres == ["Trouvée"]


def test_le_mot_de_la_famille_est_marque(client):
    fiche_action(sections={"deroule": "Des médiatrices en santé."})
    assert lire(client, q="médiateur").marques == ["médiatrices"]


def test_un_mot_exclu_l_est_avec_sa_famille(client):
    fiche_action(titre="Sans", sections={"deroule": "Un atelier."})
    fiche_action(titre="Avec", sections={"deroule": "Un atelier, des médiatrices."})
    assert lire(client, q="atelier -médiateur").titres == ["Sans"]


def test_les_mots_d_une_fiche_publiee_sont_notes_une_fois():
    fiche_action(titre="Élus", resume="Des élus.", sections={"deroule": "Les élus, l’élue."})
    assert set(Mot.objects.filter(racine="elu").values_list("mot", flat=True)) == {"élus", "élue"}


SECONDS = [
    "CLS2",
    "CLS-2",
    "CLS 2",
    "cls3",
    "CLS 9",
    "C.L.S. 2",
    "c.l.s. 2",
    "le CLS2",
    "cls's",
    "C. L. S.",
    "CLS n° 2",
]
SECONDS += ["CLS nº2", "CLS II", "cls iii", "CLS 2e génération", "CLS 2ème génération", "CLS–2"]


@pytest.mark.parametrize("recherche", SECONDS)
def test_un_sigle_et_sa_generation_trouvent_le_dispositif(client, recherche):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    assert lire(client, q=recherche).titres == ["Contrat local de santé (CLS)"]


@pytest.mark.parametrize("recherche", ["asv", "A.S.V.", "ASVs", "asv's", "ASV’s", "les ASVs"])
def test_un_sigle_au_pluriel_aussi(client, recherche):
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    assert lire(client, q=recherche).titres == ["Atelier santé ville (ASV)"]


def test_la_generation_n_est_otee_qu_a_un_sigle(client):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_action(titre="Mesure", sections={"deroule": "La mesure 27."})
    assert lire(client, q="mesure 27").titres == ["Mesure"] and lire(client, q='"mesure 2"').titres == []
