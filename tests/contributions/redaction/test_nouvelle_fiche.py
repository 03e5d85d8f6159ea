import pytest

from contributions.models import Proposition
from tests.contributions.papier import Papier, erreurs, ouvrir, seule
from tests.contributions.recits import nouvelle_fiche
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, masquer, territoire, valider

pytestmark = pytest.mark.django_db
CHOIX = "/contribuer/nouvelle-fiche/"
LOCAL = f"{CHOIX}local/"


def test_trois_sortes_de_fiches_expliquees(client):
    page = client.get(CHOIX, {"territoire": "commune:76540"}).text
    for nature in ("dispositif", "local", "action"):
        assert f'href="/contribuer/nouvelle-fiche/{nature}/?territoire=commune%3A76540"' in page


def test_une_nature_inconnue_n_existe_pas(client):
    assert client.get(f"{CHOIX}licorne/").status_code == 404


def test_on_demande_d_abord_de_quoi_il_s_agit(client):
    page = client.get(LOCAL, {"dispositif": "asv", "territoire": "commune:76540"})
    assert page.status_code == 200 and 'value="commune:76540"' in page.text and 'value="asv"' in page.text


@pytest.mark.parametrize(
    "demande,message",
    [({"titre": ""}, "Donnez un nom"), ({"titre": "X", "territoire": "zzzz"}, "Aucun territoire"),
     ({"titre": "X", "url": "nulle part"}, "pas complète"), ({"titre": "a\0b"}, "nul n"),
     ({"titre": "X", "territoire": "commune:\0"}, "nul n"), ({"titre": "a" * 200}, "150")],
)  # fmt: skip
def test_une_demande_incomplete_se_dit(client, demande, message):
    reponse = client.get(LOCAL, demande)
    assert reponse.status_code == 400 and message in reponse.text


def test_une_fiche_semblable_est_montree(client):
    rouen = territoire(nom="Rouen")
    fiche_locale(slug="cls-rouen", titre="Contrat local de santé de Rouen", sur=[rouen])
    page = client.get(LOCAL, {"titre": "contrat local de sante rouen", "territoire": rouen.designation}).text
    assert "Cette fiche existe peut-être déjà" in page and "Améliorer la fiche existante" in page
    assert 'href="/dispositifs-locaux/cls-rouen/proposer/"' in page and "Ce n’est pas la même" in page
    assert "verifiee=1" in page


def test_les_mots_que_tous_les_noms_partagent_ne_suffisent_pas(client):
    for ville in ("Creil", "Hem", "Calais", "Roubaix"):
        fiche_locale(titre=f"Contrat local de santé de {ville}", sur=[territoire(nom=ville)])
    page = client.get(LOCAL, {"titre": "Contrat local de santé de Creil"}).text
    assert "Contrat local de santé de Creil</h2>" in page and "Hem" not in page and "Calais" not in page


def test_un_sigle_et_un_lieu_retrouvent_la_fiche(client):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_locale(titre="Contrat local de santé de Creil", dispositif="cls", sur=[territoire(nom="Creil")])
    assert "Contrat local de santé de Creil" in client.get(LOCAL, {"titre": "CLS Creil"}).text


def test_la_meme_source_rapproche_deux_fiches(client):
    fiche_action(titre="Fête du quartier", sources=[{"titre": "Article", "url": "https://exemple.fr/article"}])
    page = client.get(f"{CHOIX}action/", {"titre": "Tout autre chose", "url": "https://exemple.fr/article"}).text
    assert "Fête du quartier" in page


def test_une_fiche_hors_de_vue_n_est_pas_montree(client):
    masquer(fiche_locale(titre="Contrat local de santé de Rouen"))
    assert "Contrat local de santé de Rouen" not in client.get(LOCAL, {"titre": "Contrat local de sante rouen"}).text


def test_ce_qui_attend_n_est_que_compte(client):
    contenu = valider(
        "dispositif", titre="Maison sport santé", resume="Résumé secret.", categorie="demarche", themes=[], publics=[],
        territoires=[], sources=[{"titre": "Source"}], sections={"description": "Texte.[^1]"},
    )  # fmt: skip
    nouvelle_fiche(contenu)
    page = client.get(f"{CHOIX}dispositif/", {"titre": "Maison sport-santé !"}).text
    assert "1 fiche du même genre attend" in page and "secret" not in page
    assert 'value="Maison sport-santé !"' in page and "Maison sport santé" not in page


def test_sans_semblable_on_ecrit_tout_de_suite(client):
    rouen = territoire(nom="Rouen")
    fiche_dispositif(slug="asv", titre="Atelier santé ville")
    demande = {"titre": "Le bus", "territoire": rouen.designation, "dispositif": "asv", "url": "exemple.fr/bus"}
    papier = Papier(client, client.get(LOCAL, demande))
    assert (papier["titre"], papier["dispositif"]) == ("Le bus", "asv")
    assert papier["sources-0-url"] == "https://exemple.fr/bus" and rouen.designation in papier.champs["territoires"]


def test_proposer_une_fiche_locale(client):
    rouen = territoire(nom="Rouen")
    papier = ouvrir(client, f"{LOCAL}?titre=Le+bus&territoire={rouen.designation}&verifiee=1")
    dit = {"constats-0-etat": "actif", "constats-0-le": "mars 2025", "constats-0-source": "1"}
    minimum = {"resume": "Un bus.", **dit, "section-description": "Un bus passe.[^1]"}
    papier.remplir(**minimum, **{"sources-0-titre": "Site de la ville"}).signer()
    assert papier.envoyer().status_code == 303
    une = seule()
    assert (une.titre, une.nature, une.base, une.depot.type) == ("Le bus", "local", None, "ajout")
    assert une.depot.changements["territoires"] == [rouen.designation]
    assert une.depot.changements["constats"] == [constat("actif", "2025-03")]
    assert une.depot.pourquoi == "Nouvelle fiche"


def test_le_minimum_manquant_est_dit_et_le_reste_garde(client):
    papier = ouvrir(client, f"{CHOIX}action/?titre=Une+fête&verifiee=1").remplir(**{"section-leviers": "La joie."})
    reponse = papier.signer().envoyer()
    resume = erreurs(reponse)
    assert reponse.status_code == 422
    for attendu in ("Résumé", "Déroulé", "Citez au moins une source", "Indiquez au moins un territoire"):
        assert attendu in resume
    assert Papier(client, reponse)["section-leviers"] == "La joie." and seule().statut == "brouillon"


def test_le_brouillon_d_une_nouvelle_fiche_se_retrouve(client):
    ouvrir(client, f"{CHOIX}action/?titre=Une+fête&verifiee=1").envoyer(brouillon="1")
    assert "Reprendre «&nbsp;Une fête&nbsp;»" in client.get(f"{CHOIX}action/").text
    repris = ouvrir(client, f"{seule().get_absolute_url()}modifier/")
    assert repris["titre"] == "Une fête"
    repris.remplir(titre="").envoyer(brouillon="1")
    assert seule().titre == "Nouvelle fiche" and Proposition.objects.count() == 1
