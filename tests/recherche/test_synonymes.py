"""Synonyms: what is looked for besides what is typed, and said; in the direction that moderators chose."""

import pytest
from django.db import IntegrityError, transaction

from recherche.forms import FormulaireSynonyme
from recherche.models import Synonyme
from tests.factories import fiche_action, fiche_dispositif
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


def synonyme(terme: str, voisin: str, sens: str = "egalite", **champs) -> Synonyme:
    return Synonyme.objects.create(terme=terme, voisin=voisin, sens=sens, raison="Deux façons de dire.", **champs)


@pytest.fixture
def jeunes():
    return fiche_action(titre="Bouger avec les jeunes")


@pytest.mark.parametrize("q", ["adolescents", "adolescent", "Adolescents", "adolescents qui bougent"])
def test_un_synonyme_trouve_et_la_liste_le_dit(client, jeunes, q):
    assert "(aussi" not in lire(client, q=q).texte
    synonyme("adolescents", "jeunes")
    page = lire(client, q=q)
    assert page.titres == ["Bouger avec les jeunes"] and "(aussi : jeunes)" in page.texte


def test_l_egalite_va_dans_les_deux_sens(client):
    fiche_action(titre="Accueillir les adolescents")
    synonyme("adolescents", "jeunes")
    assert lire(client, q="jeunes").titres == ["Accueillir les adolescents"]


def test_le_sens_unique_ne_revient_pas(client):
    fiche_action(titre="Le désert médical")
    fiche_action(titre="L’offre de soins")
    synonyme("désert médical", "offre de soins", "sens_unique")
    assert lire(client, q="désert médical").titres == ["Le désert médical", "L’offre de soins"]
    page = lire(client, q="offre de soins")
    assert page.titres == ["L’offre de soins"] and "(aussi" not in page.texte


def test_ce_qui_a_le_mot_meme_passe_avant_ses_synonymes(client):
    fiche_dispositif(slug="sism", titre="Semaines de la santé mentale", sigle="SISM")
    fiche_action(titre="Veiller", sections={"deroule": "La prévention du suicide, en passant."})
    synonyme("suicide", "santé mentale", "sens_unique")
    titres = lire(client, q="suicide").titres
    assert titres == ["Veiller", "Semaines de la santé mentale (SISM)"]


@pytest.mark.parametrize(
    "terme, q",
    [
        ("médiateur", "médiatrices"),
        ("travaux", "travail"),
        ("personnel hospitalier", "personnels hospitaliers"),
        ("personnel hospitalier", "hospitalières du personnel"),
        ("psychiatrie", "psychiatre"),
    ],
)
def test_un_synonyme_vaut_pour_la_famille_de_ses_mots(client, jeunes, terme, q):
    assert lire(client, q=q).titres == []
    synonyme(terme, "jeunes")
    assert lire(client, q=q).titres == ["Bouger avec les jeunes"]


def test_un_synonyme_veut_tous_ses_mots(client, jeunes):
    synonyme("personnel hospitalier", "jeunes")
    assert lire(client, q="personnel").titres == []


def test_un_synonyme_retire_ne_cherche_plus(client, jeunes):
    synonyme("adolescents", "jeunes", actif=False)
    assert lire(client, q="adolescents").titres == []


def test_un_mot_exclu_n_amene_pas_son_synonyme(client, jeunes):
    synonyme("adolescents", "jeunes")
    assert lire(client, q="bouger -adolescents").titres == ["Bouger avec les jeunes"]


def test_les_synonymes_ne_s_enchainent_pas(client):
    fiche_action(titre="Prévenir")
    synonyme("ados", "adolescents")
    synonyme("adolescents", "prévenir")
    assert lire(client, q="ados").titres == []


def test_beaucoup_de_synonymes_d_un_mot_restent_peu_de_mots(client):
    for n in range(30):
        synonyme("jeunes", f"mot{n} voisin")
    assert lire(client, q="jeunes").statut == 200


def test_un_dispositif_se_demande_par_son_synonyme(client):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    synonyme("pacte santé", "contrat local de santé")
    assert "CLS : ce que c’est" in lire(client, q="c’est quoi un pacte santé ?").texte


@pytest.mark.parametrize(
    "terme, voisin, raison",
    [("jeunes", "Jeunes", "R."), ("", "jeunes", "R."), ("ados", "jeunes", ""), ("jeunes", "ados", "Déjà dit.")],
)
def test_la_base_refuse_ce_qui_n_a_pas_de_sens(terme, voisin, raison):
    synonyme("Ados", "Jeunes", actif=False) if raison == "Déjà dit." else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Synonyme.objects.create(terme=terme, voisin=voisin, raison=raison)


@pytest.mark.parametrize(
    "faute, champ",
    [
        ({"terme": "-jeunes"}, "terme"), ({"voisin": '"jeunes"'}, "voisin"), ({"terme": "?"}, "terme"),
        ({"terme": "un deux trois quatre cinq six"}, "terme"), ({"voisin": "ADOS"}, "voisin"),
        ({"raison": " "}, "raison"),
        ({"terme": "é" * 81}, "terme"), ({"sens": "autre"}, "sens"), ({"terme": "a\0b"}, "terme"),
    ],
)  # fmt: skip
def test_un_synonyme_mal_ecrit_est_refuse(faute, champ):
    dit = {"terme": "ados", "voisin": "jeunes", "sens": "egalite", "raison": "R.", "actif": True, **faute}
    assert set(FormulaireSynonyme(dit).errors) == {champ}


def test_un_mot_plus_large_s_ajoute_a_l_expression_qui_le_contient(client):
    Synonyme.objects.create(terme="violences conjugales", voisin="violences", sens="sens_unique", raison="Nos mots.")
    fiche_action(titre="Repérer les violences")
    page = lire(client, q="violences conjugales")
    assert page.titres == ["Repérer les violences"] and "aussi : violences" in page.texte


def test_ce_que_nul_n_ecrit_se_dit_avant_ce_qui_en_est_proche(client):
    Synonyme.objects.create(terme="autisme", voisin="handicap", sens="sens_unique", raison="Le plus proche.")
    fiche_action(titre="Le handicap")
    assert "Aucune fiche n’emploie ce mot. 1 fiche sur 1 (aussi : handicap)" in lire(client, q="autisme").texte
