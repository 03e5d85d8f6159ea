"""A source is asked for when a figure or a date changes, and only then."""

import pytest

from contributions.redaction.exigences import conseils, coordonnees, liens_ajoutes, sans_source
from fiches.unites import avec

UN, DEUX = {"titre": "Un"}, {"titre": "Deux"}
CHIFFRE = {"libelle": "ASV", "valeur": 7, "unite": "ateliers", "annee": 2022, "source": 1}
BASE = {
    "titre": "Atelier",
    "resume": "Depuis 2000.",
    "duree_habituelle": "5 ans",
    "sections": {"cout": "12 euros en 2020.[^1]", "duree": "Longue.[^2]"},
    "sources": [UN, DEUX],
    "chiffres": [CHIFFRE],
}


def demandees(nature: str = "dispositif", **changements) -> list[str]:
    changees = {cle.replace("__", "-"): valeur for cle, valeur in changements.items()}
    return [unite.cle for unite in sans_source(nature, BASE, avec(BASE, changees))]


@pytest.mark.parametrize(
    "texte",
    ["13 euros en 2020.[^1]", "12 euros en 2021.[^1]", "12 euros en 2020, puis 5 %.[^1]", "12,5 euros en 2020."],
)
def test_un_nombre_qui_change_dans_une_section(texte):
    assert demandees(section__cout=texte) == ["section-cout"]


@pytest.mark.parametrize(
    "texte",
    ["12 euros, en 2020.[^1]", "En 2020 : 12 euros.", "Cher.[^1]", "", "12 euros en 2020.[^2]", "1. 12 euros en 2020.",
     "12 euros en 2020.[^1] Voir https://exemple.fr/2025/12", "13 euros en 2025.[^1] [^2]"],
)  # fmt: skip
def test_ce_qui_ne_demande_rien(texte):
    assert demandees(section__cout=texte) == []


@pytest.mark.parametrize("sources", [[UN, DEUX, {"titre": "Trois"}], [{"titre": "Un, corrigé"}, DEUX]])
def test_une_source_neuve_ou_corrigee_suffit(sources):
    assert demandees(section__cout="13 euros.[^1]", sources=sources) == []


def test_retirer_une_source_n_est_pas_en_donner_une():
    sans = avec(BASE, {"sources": [DEUX], "section-cout": "13 euros.", "section-duree": "Longue.[^1]", "chiffres": []})
    assert [unite.cle for unite in sans_source("dispositif", BASE, sans)] == ["section-cout"]


def test_renumeroter_n_est_pas_changer_un_chiffre():
    sans = avec(BASE, {"sources": [DEUX], "section-cout": "Cher.", "section-duree": "Longue.[^1]", "chiffres": []})
    assert sans_source("dispositif", BASE, sans) == []


def test_un_chiffre_une_duree_une_date_dans_le_resume():
    assert demandees(chiffres=[{**CHIFFRE, "valeur": 8}]) == ["chiffres"]
    assert demandees(chiffres=[]) == []
    assert demandees(duree_habituelle="6 ans") == ["duree_habituelle"]
    assert demandees(duree_habituelle="") == []
    assert demandees(resume="Depuis 1999.") == ["resume"]


def test_un_nombre_dans_un_nom_n_est_pas_un_fait():
    assert demandees(titre="Village 2 santé", sigle="V2S") == []


def test_une_date_de_contrat():
    assert demandees("local", fin="2030-01-01") == ["fin"]
    assert demandees("local", constats=[{"etat": "actif", "le": "2025", "source": "1"}]) == ["constats"]


def test_une_fiche_nouvelle_a_deja_sa_source():
    assert sans_source("dispositif", {}, BASE) == []


def test_les_coordonnees_deja_publiees_ne_se_redemandent_pas():
    publie = {"sections": {"cout": "Voir a@exemple.fr."}}
    assert coordonnees(publie, {"section-cout": "Voir a@exemple.fr ou b@exemple.fr, b@exemple.fr."}) == ["b@exemple.fr"]
    assert coordonnees({}, {"sources": [{"titre": "Écrit par c@exemple.fr"}]}, "02 35 00 00 00") == [
        "c@exemple.fr",
        "02 35 00 00 00",
    ]


def test_seuls_les_liens_ajoutes_comptent():
    publie = {"sections": {"cout": "https://exemple.fr/a"}}
    assert liens_ajoutes(publie, {"section-cout": "https://exemple.fr/a https://exemple.fr/b"}) == [
        "https://exemple.fr/b"
    ]


def test_les_conseils_portent_sur_ce_qui_est_neuf():
    trouves = conseils("dispositif", BASE, {"section-cout": "Cela coûte 12 000 euros.", "titre": "Les 1 000 jours"})
    assert [(unite.cle, alerte.sorte) for unite, alerte in trouves] == [("section-cout", "sans_annee")]
