"""« Que savez-vous d’Elbeuf ? »: several schemes in one form, one proposition an answer, one link for all."""

import pytest
from django.db import IntegrityError

from contributions.models import Proposition
from contributions.verbes import propositions
from courriels.models import Courriel
from dispositifs.models import Absence, Dispositif, DispositifLocal
from fiches.models import Edition
from tests.balisage import texte
from tests.contributions.papier import erreurs, ouvrir, seule
from tests.factories import constat, fiche_dispositif, fiche_locale, masquer, moderatrice, publier, territoire

pytestmark = pytest.mark.django_db
ADRESSE = "/territoires/commune/76231/dire/"


@pytest.fixture(autouse=True)
def lieu():
    elbeuf = territoire(nom="Elbeuf", code="76231")
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_dispositif(slug="clsm", titre="Conseil local de santé mentale", sigle="CLSM")
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    return elbeuf


@pytest.fixture
def questionnaire(client):
    return ouvrir(client, ADRESSE, "savoir")


def test_tout_dit_je_ne_sais_pas_et_rien_n_est_obligatoire(questionnaire):
    assert {questionnaire[f"{slug}-reponse"] for slug in ("cls", "clsm", "asv")} == {"sais-pas"}
    page = questionnaire.reponse.text
    titre = page.partition("<h1>")[2].partition("</h1>")[0]
    assert texte(titre) == "Que savez-vous d’Elbeuf ?" and " required" not in page
    assert page.count("personne ne nous l’a dit") == 3


def test_je_ne_sais_pas_partout_ne_s_envoie_pas(questionnaire):
    reponse = questionnaire.envoyer()
    assert reponse.status_code == 422 and "Répondez à une question au moins" in erreurs(reponse)
    assert not Proposition.objects.exists()


def test_chaque_reponse_est_une_proposition_sous_un_seul_lien(client, questionnaire):
    questionnaire.remplir(cls__reponse="oui", cls__le="2024", cls__source="J’y travaille", clsm__reponse="oui")
    recu = questionnaire.remplir(asv__reponse="plus", asv__le="2023").envoyer()
    toutes = list(Proposition.objects.order_by("pk"))
    assert [p.statut for p in toutes] == ["soumise"] * 3 and {p.credit for p in toutes} == {"anonyme"}
    assert recu.status_code == 303 and recu.headers["Location"] == toutes[0].get_absolute_url()
    assert [p.meneuse for p in toutes] == [None, toutes[0], toutes[0]]
    page = client.get(toutes[0].get_absolute_url()).text
    assert all(p.get_absolute_url() in page for p in toutes) and "Gardez ce lien" in page
    assert not Courriel.objects.exists()


def test_une_seule_adresse_un_seul_courriel_une_seule_confirmation(client, questionnaire):
    questionnaire.remplir(cls__reponse="oui", clsm__reponse="oui", courriel="elle@exemple.fr").envoyer()
    assert {p.statut for p in Proposition.objects.all()} == {"a_confirmer"}
    (courriel,) = Courriel.objects.all()
    assert "1 autre réponse" in courriel.corps and "J’y travaille" not in courriel.corps
    meneuse = Proposition.objects.get(meneuse=None)
    propositions.confirmer(meneuse)
    assert {p.statut for p in Proposition.objects.all()} == {"soumise"}
    assert Courriel.objects.count() == 2


def test_ce_qu_on_dit_d_inconnu_fait_une_fiche_que_l_on_peut_publier(questionnaire):
    questionnaire.remplir(cls__reponse="oui", cls__le="mars 2024", cls__source="Voir https://ville.exemple/cls.")
    questionnaire.remplir(cls__contact="sante@mairie.fr").envoyer()
    propositions.accepter(seule(), par=moderatrice(), depot=1)
    fiche = DispositifLocal.objects.get()
    assert (fiche.titre, fiche.dispositif.slug) == ("Contrat local de santé d’Elbeuf", "cls")
    assert fiche.contenu["constats"] == [constat("actif", "2024-03")]
    assert (fiche.contenu["sources"][0]["url"], fiche.contenu["sources"][0]["titre"]) == (
        "https://ville.exemple/cls",
        "Voir",
    )
    assert "sante@mairie.fr" in fiche.contenu["sections"]["gouvernance"]


def test_ce_qui_est_affiche_recoit_un_constat_date(client, lieu):
    fiche = fiche_locale(dispositif="cls", territoires=["commune:76231"], constats=[constat("actif", "2021")])
    papier = ouvrir(client, ADRESSE, "savoir")
    assert "cls-nom" not in papier.noms and fiche.titre in papier.reponse.text
    papier.remplir(cls__reponse="plus", cls__le="2025", cls__source="Délibération de juin").envoyer()
    changes = seule().depot.changements
    assert set(changes) == {"constats", "sources"} and seule().fiche_id == fiche.pk
    assert changes["constats"][-1] == constat("termine", "2025", changes["sources"][-1]["cle"])
    assert seule().depot.type == "mise_a_jour"


def test_jamais_ecrit_une_absence_une_fois_acceptee(client, questionnaire, lieu):
    questionnaire.remplir(clsm__reponse="jamais", clsm__source="Je coordonne la santé ici").envoyer()
    assert not Absence.objects.exists()
    client.force_login(moderatrice())
    avant = Edition.objects.get().numero
    examen = ouvrir(client, f"/moderation/propositions/{seule().pk}/", "Examen et décision")
    assert "écrit une absence" in examen.reponse.text
    propositions.accepter(seule(), par=moderatrice(), depot=1)
    assert not Courriel.objects.filter(corps__contains="La version").exists()
    absence = Absence.objects.get()
    assert (absence.territoire, absence.dispositif.slug, absence.du_chargement) == (lieu, "clsm", False)
    assert "Je coordonne la santé ici" in absence.source and absence.constatee_le
    assert Edition.objects.get().numero > avant
    page = client.get(seule().get_absolute_url())
    assert page.status_code == 200 and "acceptée" in page.text.lower()
    assert absence.dispositif.numero == 1


def test_la_confirmation_d_une_absence_ne_compare_rien(client, questionnaire):
    questionnaire.remplir(clsm__reponse="jamais", clsm__le="2025").envoyer()
    publier(Dispositif.objects.get(slug="clsm"), titre="Un titre sans rapport")
    client.force_login(moderatrice())
    papier = ouvrir(client, f"/moderation/propositions/{seule().pk}/", "Examen et décision")
    assert papier.envoyer(verbe="accepter").context["comparaison"] is None


def test_accepter_une_absence_au_poste(client, questionnaire):
    questionnaire.remplir(clsm__reponse="jamais", clsm__le="2025").envoyer()
    client.force_login(moderatrice())
    adresse = f"/moderation/propositions/{seule().pk}/"
    papier = ouvrir(client, adresse, "Examen et décision")
    reponse = papier.envoyer(verbe="accepter")
    assert reponse.status_code == 200 and "L’absence sera écrite" in reponse.text
    fait = client.post(adresse, {**papier.champs, "verbe": "accepter", "confirme": "oui"}, follow=True)
    assert fait.status_code == 200 and "L’absence est écrite." in fait.text and "est publiée." not in fait.text
    assert "L’absence est écrite." in client.get(seule().get_absolute_url()).text
    assert Absence.objects.get().constatee_le == "2025"


@pytest.mark.parametrize("reponse", ["plus", "jamais"])
def test_plus_et_jamais_veulent_une_annee_ou_une_source(questionnaire, reponse):
    retour = questionnaire.remplir(cls__reponse=reponse, clsm__reponse="oui", clsm__nom="Le CLSM").presser()
    assert retour.reponse.status_code == 422 and 'href="#id_cls-le"' in erreurs(retour.reponse)
    assert (retour["clsm-nom"], retour["cls-reponse"]) == ("Le CLSM", reponse)
    assert retour.remplir(cls__le="2024").envoyer().status_code == 303


@pytest.mark.parametrize(
    "contact", ["06 12 34 56 78", "+33 6 12 34 56 78", "elodie.martin@ville.fr", "Mme Martin", "M. Petit"]
)
@pytest.mark.parametrize("champ", ["contact", "source", "nom"])
def test_un_nom_un_mobile_adresse_de_fonction_seulement(questionnaire, champ, contact):
    reponse = questionnaire.remplir(**{"cls-reponse": "oui", f"cls-{champ}": contact}).envoyer()
    assert reponse.status_code == 422 and "adresse de fonction seulement" in erreurs(reponse).lower()


@pytest.mark.parametrize("contact", ["sante@mairie.fr", "02 35 81 00 00", "Le service santé", "ccas.accueil@ville.fr"])
def test_un_service_se_donne(questionnaire, contact):
    assert questionnaire.remplir(cls__reponse="oui", cls__contact=contact).envoyer().status_code == 303


def test_ecrire_sans_repondre_se_dit(questionnaire):
    reponse = questionnaire.remplir(cls__source="J’y travaille", clsm__reponse="oui").envoyer()
    assert reponse.status_code == 422 and "choisissez une réponse" in erreurs(reponse)
    assert 'value="J’y travaille"' in reponse.text


@pytest.mark.parametrize(
    "saisie",
    [
        {"cls-reponse": "n’importe quoi"},
        {"cls-reponse": ["oui", "plus"], "cls-le": "\0"},
        {"cls-reponse": "oui", "cls-le": "2099"},
        {"cls-reponse": "oui", "cls-le": "hier" * 50},
        {"cls-reponse": "oui", "cls-source": "x" * 100_000},
        {"cls-reponse": "oui", "cls-nom": "É" * 151},
        {"cls-reponse": "oui", "cls-nom": "rf.elliv\u202e"},
        {"cls-reponse": "oui", "courriel": "pas une adresse"},
        {"cls-reponse": "oui", "cls-source": "https://a.exemple " * 11},
        {"cls-reponse": "oui", "site_web": "robot"},
    ],
)
def test_une_saisie_hostile_est_dite_et_rien_ne_se_perd(questionnaire, saisie):
    reponse = questionnaire.remplir(clsm__reponse="oui", clsm__nom="Le CLSM d’ici", **saisie).envoyer()
    assert reponse.status_code == 422 and "<title>Erreur" in reponse.text
    assert 'value="Le CLSM d’ici"' in reponse.text and not Proposition.objects.exists()


@pytest.mark.parametrize(
    "source",
    [
        "https://intranet/page",
        "http://mairie",
        "voir http://[::1",
        "https://-a.fr",
        "https://a..fr/x",
        "http://ville.fr:port",
        "https://" + "a" * 150,
        "https://",
    ],
)
@pytest.mark.parametrize("connue", [True, False])
def test_une_adresse_qui_n_est_pas_une_page_publique_reste_des_mots(client, source, connue):
    if connue:
        fiche_locale(dispositif="cls", territoires=["commune:76231"], constats=[constat("actif", "2021")])
    papier = ouvrir(client, ADRESSE, "savoir").remplir(cls__reponse="oui", cls__source=source)
    assert papier.envoyer().status_code == 303
    ecrite = seule().depot.changements["sources"][-1]
    assert (ecrite["titre"], ecrite["url"]) == (source, "")


@pytest.mark.parametrize(
    "pleine",
    [
        {"sections": {"description": "Une.[^1]", "gouvernance": "x" * 19_990}},
        {"constats": [constat("actif", "2021")] * 60},
    ],
)
def test_une_fiche_pleine_le_dit_a_sa_question_et_rien_ne_se_perd(client, pleine):
    fiche_locale(dispositif="cls", territoires=["commune:76231"], **pleine)
    papier = ouvrir(client, ADRESSE, "savoir").remplir(cls__reponse="oui", cls__contact="sante@mairie.fr")
    reponse = papier.remplir(clsm__reponse="oui", clsm__nom="Le CLSM d’ici").envoyer()
    assert reponse.status_code == 422 and "ne tient pas dans la fiche" in erreurs(reponse)
    assert 'href="#id_cls-reponse"' in erreurs(reponse) and 'value="sante@mairie.fr"' in reponse.text
    assert 'value="Le CLSM d’ici"' in reponse.text and not Proposition.objects.exists()


def test_une_panne_de_la_base_n_est_pas_prise_pour_un_double_envoi(questionnaire, monkeypatch):
    def panne(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(propositions, "deposer_ensemble", panne)
    with pytest.raises(IntegrityError):
        questionnaire.remplir(cls__reponse="oui").envoyer()


def test_le_meme_envoi_deux_fois_ne_fait_qu_un_envoi(questionnaire):
    questionnaire.remplir(cls__reponse="oui", clsm__reponse="oui")
    premiere, seconde = questionnaire.envoyer(), questionnaire.envoyer()
    assert premiere.headers["Location"] == seconde.headers["Location"]
    assert Proposition.objects.count() == 2


def test_trop_d_envois_du_meme_reseau_attendent_demain(questionnaire, monkeypatch):
    monkeypatch.setattr("contributions.abus.PAR_RESEAU", 0)
    reponse = questionnaire.remplir(cls__reponse="oui").envoyer()
    assert reponse.status_code == 422 and "vingt-quatre heures" in erreurs(reponse)


def test_la_fiche_affichee_qui_change_entre_temps_garde_ses_constats(client):
    fiche = fiche_locale(dispositif="cls", territoires=["commune:76231"], constats=[constat("actif", "2021")])
    papier = ouvrir(client, ADRESSE, "savoir").remplir(cls__reponse="oui", cls__le="2025")
    publier(fiche, constats=[constat("actif", "2021"), constat("signe", "2024")])
    papier.envoyer()
    assert [c["le"] for c in seule().depot.changements["constats"]] == ["2021", "2024", "2025"]


def test_chaque_le_dire_garde_la_ville_et_mene_a_sa_question(client):
    assert f'href="{ADRESSE}#cls"' in client.get("/territoires/commune/76231/").text
    assert (
        client.get("/territoires/commune/76231/couverture/?sais=commune:76231,cls").headers["Location"]
        == f"{ADRESSE}#cls"
    )
    assert 'id="cls"' in client.get(ADRESSE).text


def test_un_territoire_inconnu_ou_ferme(client):
    assert client.get("/territoires/commune/99999/dire/").status_code == 404


def test_ou_rien_n_est_suivi_on_dit_ou_le_dire(client):
    for fiche in Dispositif.objects.all():
        masquer(fiche)
    assert "Aucun dispositif n’est encore suivi ici." in client.get(ADRESSE).text
