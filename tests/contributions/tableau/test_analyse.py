"""What the lines of a table come to: territories, fiches, statements; what is asked, and what is wrong."""

from datetime import date

import pytest
from django.utils import timezone

from contributions.models import Proposition
from contributions.tableau.analyse import Analyse, Effet
from contributions.tableau.questions import LAISSER, RIEN, cle
from contributions.verbes import lots
from fiches.models import Fiche
from francais.dates import DatePartielle
from tests.contributions.tableau.analyses import ligne, lire, questions, seul
from tests.factories import constat, fiche_dispositif, fiche_locale, personne
from tests.territoires.monde import COTE, PLATEAU, VALLEE, construire, territoire

pytestmark = pytest.mark.django_db
BOURG, PETIT_VAL = "commune:99001", "commune:99002"


@pytest.fixture(autouse=True)
def monde():
    construire()
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")


def _fautes(lue: Analyse) -> list[str]:
    return [faute.genre for faute in lue.carnet.fautes.values()]


def _lieux(**cellules: str) -> list[str]:
    return seul(lire(ligne(**cellules), officiels=True)).contenu["territoires"]


def test_une_ligne_devient_une_fiche_datee_et_sourcee():
    sort = seul(lire(ligne(signature="sept. 2021", duree="5 ans", porteur="Ville du Bourg")))
    assert sort.effet == Effet.CREER
    assert sort.contenu["titre"] == "Contrat local de santé du Bourg"
    assert sort.contenu["fin"] == "2026-09"
    assert [(dit["etat"], dit["le"], dit["source"]) for dit in sort.contenu["constats"]] == [("signe", "2021-09", "1")]
    (source,) = sort.contenu["sources"]
    assert (source["organisation"], source["titre"], source["date"]) == ("ARS du Bocage", "Suivi des CLS", "2025-03")


@pytest.mark.parametrize(
    "ecrit, lus",
    [
        ("commune:99001", [BOURG]),
        ("Commune : 99001", [BOURG]),
        ("99001", [BOURG]),
        ("299 000 018", [f"epci:{VALLEE}"]),
        ("epci:299 000 018", [f"epci:{VALLEE}"]),
        ("Le Bourg + CC du Plateau", [BOURG, f"epci:{PLATEAU}"]),
        ("Le Bourg, Petit-Val et Saint-Mont", [BOURG, PETIT_VAL, "commune:99003"]),
        ("Le Bourg\nPetit-Val", [BOURG, PETIT_VAL]),
        ("communes de Le Bourg et Petit-Val", [BOURG, PETIT_VAL]),
        ("CC de la Vallée sauf Petit-Val", [BOURG]),
        ("CC de la Vallée (toutes communes sauf Petit-Val)", [BOURG]),
    ],
)
def test_une_cellule_nomme_des_territoires(ecrit, lus):
    assert sorted(_lieux(territoires=ecrit)) == sorted(lus)


def test_un_zero_perdu_revient():
    territoire("commune:01053", "Bourg-en-Bresse")
    assert _lieux(territoires="commune:1053") == _lieux(territoires="1053") == ["commune:01053"]


def test_un_nom_douteux_se_demande_et_une_reponse_regle_toutes_ses_lignes():
    lignes = [ligne(2, territoires="Haute Rivière"), ligne(3, territoires="Haute Rivière", fin="2030")]
    lue = lire(*lignes)
    assert questions(lue) == [("territoires", "Haute Rivière")]
    assert lue.carnet.questions[cle("territoires", "Haute Rivière")].lignes == ["2", "3"]
    sort = seul(lire(*lignes, reponses={cle("territoires", "Haute Rivière"): "commune:99004"}))
    assert (sort.effet, sort.contenu["territoires"], sort.lignes) == (Effet.CREER, ["commune:99004"], ["2", "3"])


def test_un_nom_d_une_liste_peut_ne_pas_etre_repris():
    reponses = {cle("territoires", "Haute Rivière"): RIEN}
    assert seul(lire(ligne(territoires="Le Bourg\nHaute Rivière"), reponses=reponses)).effet == Effet.CREER
    lue = lire(ligne(territoires="Haute Rivière"), reponses=reponses)
    assert _fautes(lue) == ["Le territoire manque"]


def test_des_porteurs_qui_ne_nomment_personne_ne_font_qu_une_question():
    _cls()
    ecrits = [ligne(n, porteur=f"Collectivité {n}", territoires="Le Bourg + Petit-Val") for n in (2, 3)]
    (question,) = lire(*ecrits).carnet.questions.values()
    assert (question.role, question.lignes) == ("fiche", ["2", "3"])


def test_epci_sauf_une_commune_sans_dire_lequel_se_demande_avec_celui_de_la_commune():
    ecrit = "EPCI (toutes communes sauf Petit-Val)"
    (question,) = lire(ligne(territoires=ecrit)).carnet.questions.values()
    valeur, nom = question.choix[0]
    assert nom == "CC de la Vallée sauf Petit-Val"
    sort = seul(lire(ligne(territoires=ecrit), reponses={cle("territoires", ecrit): valeur}))
    assert sort.contenu["territoires"] == [BOURG]


def test_des_lignes_se_laissent_de_cote_et_des_reponses_ne_tournent_pas_en_rond():
    assert seul(lire(ligne(territoires="X"), reponses={cle("territoires", "X"): LAISSER})).effet == Effet.LAISSEE
    rond = {cle("territoires", "X"): "Y", cle("territoires", "Y"): "X"}
    assert seul(lire(ligne(territoires="X"), reponses=rond)).effet == Effet.REVOIR


def test_des_reponses_qui_s_appellent_l_une_l_autre_finissent():
    appels = {cle("territoires", f"n{rang}"): f"n{rang + 1}" for rang in range(600)}
    assert questions(lire(ligne(territoires="n0"), reponses=appels)) == [("territoires", "n1")]
    sans_fin = {cle("territoires", "Nulle part"): "a" + " sauf b" * 140}
    assert seul(lire(ligne(territoires="Nulle part"), reponses=sans_fin)).effet == Effet.REVOIR


def test_toutes_les_fautes_se_disent_a_la_fois_avec_leurs_lignes():
    lue = lire(
        ligne(2, signature="01/09/2031", vu="2030"),
        ligne(3, signature="01/06/2025", vu="2024", territoires="Petit-Val"),
        ligne(4, debut="2024", fin="2020", territoires="Saint-Mont"),
        ligne(5, territoires="", porteur="Ville"),
    )
    dites = {(faute.genre, *faute.lignes) for faute in lue.carnet.fautes.values()}
    assert dites >= {
        ("Date de signature : cette date est à venir", "2"),
        ("Constaté le : cette date est à venir", "2"),
        ("Signé après avoir été constaté", "3"),
        ("La fin précède le début ou la signature", "4"),
        ("Le territoire manque", "5"),
    }
    assert {sort.effet for sort in lue.sorts} == {Effet.REVOIR}


def test_sans_date_un_etat_ne_dit_rien():
    assert _fautes(lire(le=DatePartielle())) == ["La date du constat manque : dites de quand date le tableau"]


def test_vu_signe_dans_un_tableau_n_est_pas_signe_ce_jour_la():
    contrat = seul(lire(ligne(etat="Signé", signature="")))
    assert [(dit["etat"], dit["le"]) for dit in contrat.contenu["constats"]] == [("actif", "2025-03")]
    contrat = seul(lire(ligne(etat="Signé", vu="janvier 2024")))
    assert [(dit["etat"], dit["le"]) for dit in contrat.contenu["constats"]] == [("signe", "2024-01")]


def test_des_accents_perdus_reviennent_et_se_disent():
    lue = lire(ligne(nom="CLS de la citÃ©", etat="Actif"))
    assert seul(lue).contenu["titre"] == "CLS de la cité"
    assert [(un.ecrit, un.compris) for un in lue.carnet.compris.values()] == [("CLS de la citÃ©", "CLS de la cité")]


def test_un_terme_passe_dit_echu_ne_se_demande_pas():
    lue = lire(ligne(etat="Échu", signature="2018", duree="5 ans"))
    assert [dit["etat"] for dit in seul(lue).contenu["constats"]] == ["signe"]
    assert questions(lire(ligne(etat="Échu"))) == [("etat", "Échu")]


# The fiches that exist


def _cls(**champs):
    return fiche_locale(
        **{
            "slug": "cls-du-bourg",
            "titre": "Contrat local de santé du Bourg",
            "dispositif": "cls",
            "territoires": [BOURG],
            "porteur": "Ville du Bourg",
            "constats": [constat("signe", "2021-09-01")],
            "debut": "2021-09-01",
            **champs,
        }
    )


@pytest.mark.parametrize(
    "dit",
    [
        {"porteur": "Mairie du Bourg"},
        {"nom": "CLS du Bourg"},
        {"porteur": ""},
        {"nom": "CLS du Bourg", "porteur": "CCAS"},
    ],
)
def test_la_fiche_se_reconnait_a_son_porteur_son_nom_ou_ses_territoires(dit):
    fiche = _cls()
    sort = seul(lire(ligne(**dit)))
    assert (sort.effet, sort.fiche) == (Effet.CHANGER, fiche.pk)
    assert sort.contenu["porteur"] == "Ville du Bourg"
    assert sort.contenu["constats"][0] == constat("signe", "2021-09-01")


def test_une_fiche_sans_porteur_se_reconnait_aussi():
    assert seul(lire(ligne(porteur="Ville du Bourg"))).effet == Effet.CREER
    fiche = _cls(porteur="")
    sort = seul(lire(ligne(nom="Contrat local de santé du Bourg", porteur="Ville du Bourg")))
    assert (sort.fiche, sort.contenu["porteur"]) == (fiche.pk, "Ville du Bourg")


def test_un_autre_porteur_ou_une_part_du_territoire_se_demande():
    fiche = _cls()
    lue = lire(ligne(porteur="CC de la Vallée", territoires="Le Bourg + Petit-Val"))
    (question,) = lue.carnet.questions.values()
    assert question.role == "fiche"
    assert [valeur for valeur, _ in question.choix] == [f"fiche:{fiche.pk}", f"porteur:{fiche.pk}", "nouvelle"]
    voulus = {"nouvelle": Effet.CREER, f"porteur:{fiche.pk}": Effet.CHANGER, "fiche:0": Effet.REVOIR}
    for valeur, effet in voulus.items():
        sort = seul(
            lire(ligne(porteur="CC de la Vallée", territoires="Le Bourg + Petit-Val"), reponses={question.cle: valeur})
        )
        assert sort.effet == effet


def test_ce_que_la_fiche_dit_deja_ne_la_change_pas_meme_avec_moins_de_precision():
    _cls()
    assert seul(lire(ligne(signature="2021", debut="sept. 2021", etat="?"))).effet == Effet.INCHANGEE


def test_le_meme_tableau_apporte_apres_publication_ne_change_rien():
    contenu = seul(lire(ligne(signature="2021", fin="2030"))).contenu
    fiche_locale(slug="cls-neuf", **{cle_: v for cle_, v in contenu.items() if cle_ != "format"})
    assert seul(lire(ligne(signature="2021", fin="2030"))).effet == Effet.INCHANGEE


def test_un_tableau_plus_ancien_que_la_fiche_n_y_fait_qu_ajouter():
    _cls(constats=[constat("actif", "2026")], fin="2029")
    sort = seul(lire(ligne(fin="2026", porteur="Ville du Bourg")))
    assert sort.contenu["fin"] == "2029"
    assert {dit["le"] for dit in sort.contenu["constats"]} == {"2026", "2025-03"}


def test_une_generation_suivante_garde_la_precedente():
    _cls(generation=1, fin="2024")
    sort = seul(lire(ligne(generation="2e", signature="2025", debut="2025", fin="2030")))
    assert (sort.contenu["generation"], sort.contenu["fin"]) == (2, "2030")
    assert [une["numero"] for une in sort.contenu["anterieures"]] == [1]


def test_deux_lignes_d_un_meme_contrat_en_font_un_seul_et_se_demandent_si_elles_se_contredisent():
    sort = seul(lire(ligne(2, fin="2026"), ligne(3, fin="reconduit")))
    assert (sort.lignes, sort.contenu["fin"]) == (["2", "3"], "2026")
    lue = lire(ligne(2, fin="2026"), ligne(3, fin="2028"))
    assert questions(lue) == [("repetees", "")]
    sort = seul(lire(ligne(2, fin="2026"), ligne(3, fin="2028"), reponses={cle("repetees", ""): "derniere"}))
    assert sort.contenu["fin"] == "2028"


def test_ce_qui_est_deja_propose_n_est_pas_repropose():
    _cls()
    for dite in (ligne(), ligne(territoires="Petit-Val")):
        sort = seul(lire(dite))
        fiche = Fiche.objects.filter(pk=sort.fiche or 0).first()
        lots.deposer(personne(), "CLS", [lots.Ligne(2, sort.contenu, fiche, sort.version)])
        assert seul(lire(dite)).effet == Effet.ATTENTE
    assert Proposition.objects.count() == 2


def test_le_porteur_donne_le_territoire_quand_aucune_colonne_ne_le_donne():
    sort = seul(lire(ligne(territoires="", porteur="CA de la Côte")))
    assert sort.contenu["territoires"] == [f"epci:{COTE}"]


def test_une_sorte_inconnue_se_demande():
    lue = lire(ligne(sorte="CLS2"), ligne(3, sorte="Machin", territoires="Petit-Val"))
    assert questions(lue) == [("sorte", "Machin")]
    assert lue.sorts[0].contenu["generation"] == 2


def test_la_date_du_jour_borne_ce_qui_est_passe():
    assert timezone.localdate() >= date(2026, 1, 1)
    assert "cette date est à venir" in _fautes(lire(ligne(vu="31/12/2099")))[0]
