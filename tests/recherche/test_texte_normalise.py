"""What is typed finds what is written, whatever the blanks, apostrophes, dashes, ligatures and dots of either."""

import pytest

from tests.factories import fiche_action, fiche_dispositif
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db

TITRE = "«\u00a0Regards sur l’art\u00a0»\u202f: le diabète en question\u00a0!"


@pytest.mark.parametrize(
    "recherche",
    [
        *(
            "regards",
            "art",
            "diabète",
            "question",
            TITRE,
            "Regards sur l'art",
            "« Regards sur l’art »",
            "regards sur l´art",
        ),
        *("“regards sur l’art”", "regards\u00a0sur\u202fl’art", "re\u00adgards", "\u200bques\u200btion\ufeff", "lʼart"),
        *("REGARDS", "diabe\u0300te", "question ?", "« regards sur", "question — regards", "question - regards"),
    ],
)
def test_un_titre_et_chacun_de_ses_mots_se_trouvent(client, recherche):
    fiche_action(titre=TITRE)
    assert len(lire(client, q=recherche).titres) == 1


@pytest.mark.parametrize(
    "recherche, texte",
    [
        ("2022", "De 2017-2022."),
        ("2018", "De 2017–2018."),
        ("actrices", "Des acteurs/actrices."),
        ("habitant", "Chaque habitant.e.s vient."),
        ("habitante", "Chaque habitante·s vient."),
        ("fin", "La ﬁn."),
        ("sœurs", "Villes Soeurs."),
        ("Château‑Thierry", "À Château-Thierry."),
        ("Château-Thierry", "À Château‑Thierry."),
        ("élu", "Un e\u0301lu."),
        ("santé", "La san\u00adté."),
        ("euros", "12\u00a0000\u202feuros\u2009;"),
        ("étape", "**Étape**…_étape_"),
        ("logement", "a < b et > c & logement"),
    ],
)
def test_un_mot_se_trouve_comme_qu_il_soit_ecrit(client, recherche, texte):
    fiche_action(titre="Trouvée", sections={"deroule": texte})
    assert lire(client, q=recherche).titres == ["Trouvée"]


@pytest.mark.parametrize("recherche", ["CLS", "C.L.S.", "c.l.s", "C.L.S", "cls", "le C.L.S. de ma ville"])
@pytest.mark.parametrize(
    "texte", ["Le CLS de la ville.", "Le C.L.S. de la ville.", "Le CLS2 de la ville.", "Un CLS-3 en ville."]
)
def test_un_sigle_se_trouve_avec_ou_sans_points(client, recherche, texte):
    fiche_action(titre="Trouvée", sections={"deroule": texte + " Ma belle."})
    assert lire(client, q=recherche).titres == ["Trouvée"]


def test_les_guillemets_francais_citent(client):
    fiche_action(titre="Suite", sections={"deroule": "La maison de santé."})
    fiche_action(titre="Épars", sections={"deroule": "La santé à la maison."})
    assert lire(client, q="« maison de santé »").titres == ["Suite"]


def test_les_espaces_insecables_restent_dans_le_passage(client):
    fiche_action(sections={"deroule": "Le «\u00a0trampoline\u00a0»\u202f: une idée."})
    assert "Le «\u00a0<mark>trampoline</mark>\u00a0»\u202f: une idée." in lire(client, q="trampoline").html


def test_le_mot_colle_a_un_signe_est_marque(client):
    fiche_action(sections={"deroule": "Pour l’art/la santé – l’art…"})
    assert lire(client, q="art").marques == ["art", "art"]


def test_un_dispositif_se_trouve_par_son_sigle_a_points(client):
    fiche_dispositif(slug="clsm", titre="Conseil local de santé mentale", sigle="CLSM")
    assert lire(client, q="c.l.s.m.").titres == ["Conseil local de santé mentale (CLSM)"]
