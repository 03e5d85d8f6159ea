"""The state that lines give: one a line, contradictions asked, one line that wins over those of its contract."""

import pytest

from contributions.tableau.analyse import Effet
from contributions.tableau.colonnes import Ligne
from contributions.tableau.questions import RIEN, cle
from tests.contributions.tableau.analyses import ligne, lire, questions, seul
from tests.factories import fiche_dispositif
from tests.territoires.monde import construire

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monde():
    construire()
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")


def _etats(*lignes: Ligne, reponses=None) -> list[tuple[str, str]]:
    return [(dit["etat"], dit["le"]) for dit in seul(lire(*lignes, reponses=reponses)).contenu["constats"]]


SIGNE_EN_2021 = ("signe", "2021-09")


def test_ne_rien_en_dire_l_emporte_sur_ce_qui_est_ecrit_a_la_place_d_une_date():
    echue = ligne(etat="Échu", signature="sept. 2021", duree="5 ans", fin="reconduit")
    assert _etats(echue, reponses={cle("etat", "Échu"): RIEN}) == [SIGNE_EN_2021]
    assert _etats(echue, reponses={cle("etat", "Échu"): "actif"}) == [SIGNE_EN_2021, ("actif", "2025-03")]


@pytest.mark.parametrize(
    "cellules, mots",
    [
        ({"etat": "En projet", "fin": "reconduit"}, "En projet / reconduit"),
        ({"etat": "", "signature": "en cours de signature", "fin": "reconduit"}, "en cours de signature / reconduit"),
        ({"etat": "Signé", "signature": "en cours de signature"}, "Signé / en cours de signature"),
        ({"etat": "Terminé", "signature": "2018", "fin": "reconduit"}, "Terminé / reconduit"),
        ({"etat": "Échu", "signature": "2018", "duree": "5 ans", "fin": "reconduit"}, "Échu / reconduit"),
        ({"etat": "Échu", "signature": "2021", "fin": "reconduit"}, "Échu / reconduit"),
    ],
)
def test_des_mots_qui_se_contredisent_font_une_question_et_une_reponse_un_etat(cellules, mots):
    lue = lire(ligne(**cellules))
    assert questions(lue) == [("etat", mots)]
    assert seul(lue).effet == Effet.REVOIR
    signe = [("signe", cellules["signature"])] if cellules.get("signature", "").isdecimal() else []
    for reponse in ("actif", "en_projet", "termine"):
        assert _etats(ligne(**cellules), reponses={cle("etat", mots): reponse}) == [*signe, (reponse, "2025-03")]


def test_une_reponse_a_l_etat_qui_contredit_une_date_se_demande():
    echue, reponses = ligne(etat="Échu", signature="2021", fin="reconduit"), {cle("etat", "Échu"): "termine"}
    assert questions(lire(echue, reponses=reponses)) == [("etat", "Échu / reconduit")]


def test_des_mots_qui_s_accordent_ne_font_qu_un_etat():
    assert _etats(ligne(etat="En projet", signature="en cours de signature")) == [("en_projet", "2025-03")]
    assert _etats(ligne(etat="En renouvellement", fin="reconduit")) == [("actif", "2025-03")]


def test_ce_qui_est_repondu_des_lignes_muettes_ne_vaut_que_d_elles():
    reponses = {cle("etat", ""): "termine"}
    assert _etats(ligne(etat=""), reponses=reponses) == [("termine", "2025-03")]
    assert _etats(ligne(etat="", fin="reconduit"), reponses=reponses) == [("actif", "2025-03")]
    assert _etats(ligne(etat="", signature="2021"), reponses=reponses) == [("signe", "2021")]


# Several lines of one contract


def test_la_ligne_qui_l_emporte_parle_seule_et_les_autres_sont_nommees():
    lignes = [ligne(2, etat="Actif"), ligne(3, etat="En projet"), ligne(4, etat="Actif", fin="2030")]
    lue = lire(*lignes, reponses={cle("repetees", ""): "derniere"})
    sort = seul(lue)
    assert (sort.effet, sort.lignes, sort.remplacees) == (Effet.CREER, ["4"], ["2", "3"])
    assert [dit["etat"] for dit in sort.contenu["constats"]] == ["actif"]
    sort = seul(lire(*lignes, reponses={cle("repetees", ""): "premiere"}))
    assert (sort.effet, sort.lignes, sort.remplacees) == (Effet.CREER, ["2"], ["3", "4"])


def test_la_derniere_ligne_l_emporte_aussi_quand_les_autres_en_disent_plus():
    lignes = [ligne(2, signature="2021", fin="reconduit"), ligne(3, signature="2021", fin="2026")]
    assert _etats(*lignes) == [("signe", "2021"), ("actif", "2025-03")]
    assert _etats(*lignes, reponses={cle("repetees", ""): "derniere"}) == [("signe", "2021")]


def test_des_generations_differentes_parlent_toutes_quand_elles_ne_se_contredisent_pas():
    lignes = [ligne(2, generation="1", signature="2018"), ligne(3, generation="2", signature="2023")]
    assert seul(lire(*lignes, reponses={cle("repetees", ""): "derniere"})).lignes == ["2", "3"]


def test_le_porteur_et_le_resume_d_une_fiche_creee_viennent_de_la_meme_ligne():
    contenu = seul(lire(ligne(2, porteur="Collectivité 2"), ligne(3, porteur="Collectivité 34"))).contenu
    assert contenu["porteur"] == "Collectivité 34"
    assert contenu["resume"] == "Contrat local de santé, porté par Collectivité 34, pour Le Bourg."
