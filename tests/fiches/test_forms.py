import pytest
from django.core.exceptions import ValidationError

from dispositifs.models import Mission
from fiches.forms import FORMULAIRES
from territoires.models import Succession
from tests.factories import SOURCE, constat, territoire

pytestmark = pytest.mark.django_db
BRUT = {
    "titre": "Atelier",
    "resume": "Un atelier.",
    "categorie": "demarche",
    "sections": {"description": "Texte.[^1]"},
    "sources": [SOURCE],
}
CHIFFRE = {"libelle": "ateliers", "valeur": 7, "unite": "ASV", "annee": 2022, "precision_annee": "exacte", "source": 1}


def erreurs(nature: str = "dispositif", **changements) -> list[str]:
    brut = {cle: valeur for cle, valeur in {**BRUT, **changements}.items() if valeur is not None}
    classe = FORMULAIRES[nature]
    return list(classe(classe.donnees(brut)).erreurs())


def test_une_fiche_bien_faite_est_acceptee():
    assert erreurs() == []


@pytest.mark.parametrize("titre", ["Comparer", "Échéancier", "choisir !"])
def test_un_titre_ne_donne_pas_l_adresse_d_une_page_du_site(titre):
    assert any("adresse d’une page du site" in erreur for erreur in erreurs(titre=titre))


def test_un_dispositif_local_ne_prend_pas_l_adresse_de_la_comparaison():
    assert any("adresse d’une page du site" in erreur for erreur in erreurs("local", titre="Comparer", categorie=None))


@pytest.mark.parametrize("champ", ["titre", "resume"])
def test_le_minimum_est_demande(champ):
    assert any(champ in erreur for erreur in erreurs(**{champ: ""}))


def test_une_fiche_cite_au_moins_une_source():
    assert "Citez au moins une source." in erreurs(sources=[], sections={"description": "Texte."})


def test_un_texte_ne_peut_appeler_une_source_absente():
    assert erreurs(sections={"description": "Texte.[^4]"}) == [
        "section-description : Ce texte appelle une source qui n’existe pas : 4."
    ]


@pytest.mark.parametrize(
    "champs,faute",
    [
        ({"titre": ""}, "Titre : "),
        ({"sections": {"description": "Texte.[^4]"}}, "Description : Ce texte appelle une source"),
        ({"chiffres": [{**CHIFFRE, "source": 3}]}, "Chiffres n° 1, « Source, par sa clé » : La source 3 n’existe pas."),
        ({"sources": []}, "Citez au moins une source."),
    ],
)
def test_un_refus_nomme_les_parties_comme_les_pages_ou_par_leur_cle_dans_un_fichier(champs, faute):
    contenu = {**BRUT, **champs}
    with pytest.raises(ValidationError) as refus:
        FORMULAIRES["dispositif"].valider(contenu)
    assert any(message.startswith(faute) for message in refus.value.messages)
    with pytest.raises(ValidationError) as refus:
        FORMULAIRES["dispositif"].valider(contenu, en_mots=False)
    assert refus.value.messages == erreurs(**champs)


def test_la_section_obligatoire_est_demandee():
    assert any("section-description" in erreur for erreur in erreurs(sections={"objectif": "But."}))


@pytest.mark.parametrize("champ", ["unite", "annee", "source", "valeur", "libelle", "precision_annee"])
def test_un_chiffre_a_toujours_unite_annee_et_source(champ):
    chiffre = {cle: valeur for cle, valeur in CHIFFRE.items() if cle != champ}
    assert any(f"chiffres n° 1, {champ}" in erreur for erreur in erreurs(chiffres=[chiffre]))


def test_un_chiffre_ne_peut_citer_une_source_absente():
    assert any("La source 3 n’existe pas." in e for e in erreurs(chiffres=[{**CHIFFRE, "source": 3}]))


def test_un_territoire_inconnu_est_refuse_par_son_code():
    assert any("commune:99999" in erreur for erreur in erreurs(territoires=["commune:99999"]))


def test_un_territoire_connu_est_accepte():
    assert erreurs(territoires=[territoire().designation]) == []


def test_une_date_de_source_incomplete_est_acceptee_une_fausse_non():
    assert erreurs(sources=[{"titre": "Rapport", "date": "2025-10"}]) == []
    assert any("date" in erreur for erreur in erreurs(sources=[{"titre": "Rapport", "date": "octobre"}]))


@pytest.mark.parametrize("date", ["2025-13", "2025-00-00", "2025-10-02\n9", "2025-1", "0000", "20251002"])
def test_une_date_impossible_est_refusee(date):
    assert any("date" in erreur for erreur in erreurs(sources=[{"titre": "Rapport", "date": date}]))


@pytest.mark.parametrize("nom", ["sources", "chiffres", "articulations"])
def test_une_ligne_vide_est_refusee(nom):
    assert any(erreur.startswith(f"{nom} n° 1") for erreur in erreurs(**{nom: [{}]}))


def test_une_mission_ne_se_dit_pas_deux_fois():
    Mission.objects.create(slug="diagnostic", nom="Diagnostic")
    mission = {"mission": "diagnostic", "statut": "commun", "source": 1}
    assert any("répète" in erreur for erreur in erreurs(missions=[mission, mission]))


def test_un_autre_nom_trop_long_est_refuse_plutot_que_coupe():
    assert any("autres_noms" in erreur for erreur in erreurs(autres_noms=["a" * 151]))


def test_une_date_hors_de_l_histoire_est_refusee():
    brut = {"categorie": None, "territoires": [territoire().designation]}
    assert any("plausible" in erreur for erreur in erreurs("local", **brut, constats=[constat("signe", "9998-01-01")]))


def test_un_constat_a_une_date_qui_n_est_pas_a_venir():
    brut = {"categorie": None, "territoires": [territoire().designation]}
    assert any("Donnez au moins un constat" in erreur for erreur in erreurs("local", **brut))
    assert any("à venir" in erreur for erreur in erreurs("local", **brut, constats=[constat("actif", "2099-01")]))
    assert erreurs("local", **brut, constats=[constat("actif", "sept. 2021")]) == []


def test_une_signature_apres_la_fin_est_celle_d_une_autre_generation():
    brut = {"categorie": None, "territoires": [territoire().designation], "constats": [constat("signe", "2025-01-28")]}
    assert any("génération" in erreur for erreur in erreurs("local", **brut, fin="2020"))
    avant = [{"numero": 1, "debut": "2015", "fin": "2020", "source": "1"}]
    assert erreurs("local", **brut, fin="2028", anterieures=avant) == []
    assert any("précède" in e for e in erreurs("local", **brut, anterieures=[{**avant[0], "debut": "2021"}]))


def test_un_contenu_d_avant_les_constats_se_lit():
    ancien = {"constat": "actif", "constate_le": "2016-11-22", "signe_le": "2015-12-17", "echeance": "2020-12-17"}
    lu = FORMULAIRES["local"].valider(
        {**{cle: v for cle, v in BRUT.items() if cle != "categorie"}, **ancien, "debut": None}
        | {"territoires": [territoire().designation]}
    )
    dits = [constat("signe", "2015-12-17", ""), constat("actif", "2016-11-22", "")]
    assert (lu["constats"], lu["fin"], lu["debut"], lu["anterieures"]) == (dits, "2020-12-17", "", [])


def test_une_cle_inconnue_est_nommee():
    classe = FORMULAIRES["dispositif"]
    with pytest.raises(ValidationError, match="couleur"):
        classe.donnees({**BRUT, "couleur": "bleu"})
    with pytest.raises(ValidationError, match="recette"):
        classe.donnees({**BRUT, "sections": {"recette": "…"}})


def test_une_action_a_un_territoire_sauf_si_la_source_tait_le_lieu():
    brut = {"titre": "Fête", "resume": "Une fête.", "sections": {"deroule": "On danse.[^1]"}, "categorie": None}
    assert any("territoires" in erreur for erreur in erreurs("action", **brut))
    assert erreurs("action", **brut, lieu_precis=False) == []


def test_l_echeance_ne_precede_pas_le_debut():
    brut = {
        "categorie": None,
        "constat": "actif",
        "constate_le": "2022-03-29",
        "territoires": [territoire().designation],
        "debut": "2020-01-01",
        "echeance": "2019-01-01",
    }
    assert any("précède" in erreur for erreur in erreurs("local", **brut))


def test_un_chiffre_s_ecrit_a_la_francaise():
    classe = FORMULAIRES["dispositif"]
    for ecrit, lu in (("13,5", 13.5), ("1 584", 1584), ("1\u202f584,25", 1584.25), ("7", 7)):
        formulaire = classe({**classe.donnees({**BRUT, "chiffres": [CHIFFRE]}), "chiffres-0-valeur": ecrit})
        assert formulaire.is_valid(), list(formulaire.erreurs())
        assert formulaire.contenu()["chiffres"][0]["valeur"] == lu


def test_un_formulaire_tu_montre_ce_qui_est_ecrit_sans_rien_reprocher():
    classe = FORMULAIRES["dispositif"]
    formulaire = classe({"titre": "", "sources-TOTAL_FORMS": 1, "sources-INITIAL_FORMS": 0}).taire()
    lignes = formulaire.jeux["sources"].forms
    assert formulaire.errors == {} and [ligne.errors for ligne in lignes] == [{}]
    assert "aria-invalid" not in str(formulaire["titre"]) + str(lignes[0]["titre"])


def fermee(code: str, nom: str, *nouvelles, nature: str = "commune"):
    ancienne = territoire(nature, code, nom, fin="2019-01-01")
    for nouvelle in nouvelles:
        Succession.objects.create(ancien=ancienne, nouveau=nouvelle)
    return ancienne


def test_une_commune_fermee_est_refusee_avec_le_nom_de_la_suivante():
    fermee("01039", "Béon", territoire("commune", "01138", "Culoz-Béon"))
    assert erreurs(territoires=["commune:01039"]) == [
        "territoires : Béon (01039)\u00a0: cette commune a rejoint Culoz-Béon (01138)."
    ]


def test_chaque_territoire_ferme_dit_ce_qu_il_est_devenu():
    deux = [territoire("epci", "2002", "Nord"), territoire("epci", "2001", "Sud")]
    fermee("249999999", "Milieu", *deux, nature="epci")
    fermee("QN00001M", "Vieux quartier", nature="qpv")
    ouverte = territoire("commune", "76540", "Rouen")
    assert erreurs(territoires=["epci:249999999", ouverte.designation, "qpv:QN00001M"]) == [
        "territoires : Milieu (249999999)\u00a0: cette intercommunalité a laissé place à Nord (2002), Sud (2001).",
        "territoires : Vieux quartier (QN00001M)\u00a0: ce quartier prioritaire n’existe plus.",
    ]


def test_un_territoire_d_aujourd_hui_est_accepte():
    assert erreurs(territoires=[territoire("commune", "76540", "Rouen").designation]) == []
