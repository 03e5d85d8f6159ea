from time import perf_counter

import pytest

from contributions.redaction.vigilance import alertes, coordonnees


def sortes(texte: str) -> list[str]:
    return [alerte.sorte for alerte in alertes(texte)]


@pytest.mark.parametrize("texte", ["a.b+c@ville-de-x.exemple.fr", "02 35 00 00 00", "+33 6 12 34 56 78", "0612345678"])
def test_des_coordonnees_se_remarquent(texte):
    assert coordonnees(f"Joindre {texte}, merci.") == [texte]


@pytest.mark.parametrize("texte", ["En 2022, 1 584 quartiers.", "Le 12 mai 2025.", "commune 76540", "[^12] fois"])
def test_ce_qui_n_inquiete_personne(texte):
    assert sortes(texte) == []


def test_un_chiffre_sans_annee_et_un_quartier_d_avant():
    assert sortes("Cela coûte 12 000 euros. Le quartier QP076001 en 2016.") == ["sans_annee", "qpv_2015"]


@pytest.mark.parametrize("motif", ["1 ", "06 ", "a.", "a@a-", "+33 ", "0"])
def test_un_texte_fait_pour_occuper_le_serveur_ne_l_occupe_pas(motif):
    """It took eight seconds."""
    debut = perf_counter()
    alertes(motif * (20_000 // len(motif)))
    assert perf_counter() - debut < 2


@pytest.mark.parametrize(
    "phrase",
    ["Accueil au 12 rue du Port, 76000 Rouen.", "Ouvert de 9 h à 12 h, 24 heures sur 24.",
     "Appelez le 02 35 00 00 00.",
     "Trois réunions, 2 fois par an, pendant 3 ans.", "Le 12 novembre, au 2e étage.",
     "Voir l’article 12 et l’axe 3 du contrat.",
     "Un accueil 5 jours par semaine.", "Au 3 bis, avenue de la Gare."],
)  # fmt: skip
def test_un_nombre_qu_aucune_annee_ne_date_ne_s_objecte_pas(phrase):
    assert "sans_annee" not in sortes(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["Le lieu reçoit 120 personnes.", "La moitié, soit 12 % des ménages.", "Cela coûte 15 000 €.",
     "3 médecins en 2 jours.",
     "Au 12 rue du Port, 340 habitants sont suivis."],
)  # fmt: skip
def test_une_mesure_sans_annee_s_objecte(phrase):
    assert "sans_annee" in sortes(phrase)
