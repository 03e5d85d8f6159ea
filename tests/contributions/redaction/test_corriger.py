"""« Corriger »: one section or one fact, three questions, with or without an address."""

import pytest

from contributions.models import Proposition
from contributions.verbes import propositions
from courriels.models import Courriel
from fiches import edition
from tests.contributions.papier import erreurs, ouvrir, seule
from tests.contributions.recits import derniere
from tests.factories import fiche_dispositif, fiche_locale, moderatrice, personne, publier

pytestmark = pytest.mark.django_db

ADRESSE = "/dispositifs/asv/corriger/?section=contacts"
ANCIEN = "Le service santé de la ville, au 02 35 00 00 00."
NOUVEAU = "Le service santé de la ville, au 02 35 11 22 33."


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "contacts": ANCIEN})


@pytest.fixture
def papier(client, fiche):
    return ouvrir(client, ADRESSE)


def test_un_seul_ecran_pre_rempli_du_texte_affiche(client, fiche):
    papier = ouvrir(client, ADRESSE)
    assert papier["section-contacts"] == ANCIEN and f"<p>{ANCIEN}</p>" in papier.reponse.text
    visibles = papier.noms - {"csrfmiddlewaretoken", "affichage", "ouvert", "site_web", ""}
    assert visibles == {"section-contacts", "de_service", "pourquoi", "courriel"}


def test_un_numero_faux_se_corrige_en_un_envoi_sans_adresse(papier):
    reponse = papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").envoyer()
    deposee = seule()
    assert (reponse.status_code, reponse.headers["Location"]) == (303, f"/suivi/{deposee.jeton}/")
    assert (deposee.statut, deposee.credit, deposee.courriel) == ("soumise", "anonyme", "")
    assert deposee.depot.changements == {"section-contacts": NOUVEAU}
    assert (deposee.depot.pourquoi, deposee.depot.type) == ("À qui s’adresser\u00a0: J’y travaille", "correction")
    assert deposee.charte and deposee.licence
    assert not Courriel.objects.exists()


def test_le_lien_de_suivi_s_affiche_une_fois_envoye_et_ne_se_garde_nulle_part(client, papier):
    papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").envoyer()
    suivi = client.get(f"/suivi/{seule().jeton}/")
    assert f'value="http://testserver/suivi/{seule().jeton}/"' in suivi.text and "Gardez ce lien" in suivi.text
    assert "no-store" in suivi.headers["Cache-Control"] and suivi.headers["Referrer-Policy"] == "strict-origin"


def test_avec_une_adresse_elle_la_confirme_comme_toujours(papier):
    papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille", courriel="Elle@Exemple.fr")
    papier.envoyer()
    assert (seule().statut, seule().courriel) == ("a_confirmer", "elle@exemple.fr")
    assert Courriel.objects.get().destinataire == "elle@exemple.fr"


def test_un_numero_change_ne_pose_qu_une_question_a_cote_du_champ(papier):
    retour = papier.remplir(section__contacts=NOUVEAU, pourquoi="J’y travaille").presser(envoyer="1")
    assert retour.reponse.status_code == 422
    assert erreurs(retour.reponse).count("<li>") == 1 and "02 35 11 22 33" in erreurs(retour.reponse)
    assert retour["section-contacts"] == NOUVEAU and retour["pourquoi"] == "J’y travaille"
    assert retour.remplir(de_service="on").envoyer().status_code == 303


def test_sans_dire_comment_on_le_sait_rien_ne_part_et_tout_reste(papier):
    reponse = papier.remplir(section__contacts=NOUVEAU, de_service="on", courriel="pas une adresse").envoyer()
    assert reponse.status_code == 422 and "<title>Erreur" in reponse.text
    assert "Dites comment vous le savez" in erreurs(reponse) and 'href="#id_pourquoi"' in erreurs(reponse)
    assert 'value="pas une adresse"' in reponse.text and NOUVEAU in reponse.text
    assert seule().statut == "brouillon"


def test_ne_rien_changer_se_dit_a_cote_du_texte(papier):
    reponse = papier.remplir(pourquoi="J’y travaille").envoyer()
    assert reponse.status_code == 422 and 'href="#id_section-contacts"' in erreurs(reponse)
    assert reponse.text.count("changez ce qui est faux, puis envoyez") == 2


def test_la_fiche_qui_change_au_meme_endroit_montre_les_deux_textes(client, fiche, papier):
    publier(fiche, sections={"description": "Une démarche.[^1]", "contacts": "La mairie."})
    retour = papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").presser(envoyer="1")
    assert retour.reponse.status_code == 409 and "La fiche vient de changer" in retour.reponse.text
    assert retour["section-contacts"] == NOUVEAU and "<p>La mairie.</p>" in retour.reponse.text
    assert retour.envoyer().status_code == 303
    assert seule().depot.base == derniere(fiche) and seule().depot.changements == {"section-contacts": NOUVEAU}


def test_la_fiche_qui_change_ailleurs_n_arrete_rien(fiche, papier):
    publier(fiche, sections={"description": "Autre.[^1]", "contacts": ANCIEN})
    reponse = papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").envoyer()
    assert reponse.status_code == 303 and seule().depot.changements == {"section-contacts": NOUVEAU}


def test_une_fiche_masquee_entre_temps_garde_le_texte(fiche, papier):
    edition.changer_etat(fiche, fiche.Etat.MASQUEE, explication="Des données personnelles.")
    reponse = papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").envoyer()
    assert reponse.status_code == 409 and seule().saisie["section-contacts"] == [NOUVEAU]


def test_le_meme_envoi_deux_fois_ne_fait_qu_une_proposition(papier):
    papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille")
    assert [papier.envoyer().status_code for _ in range(2)] == [303, 303]
    assert seule().depots.count() == 1


def test_une_section_vide_se_complete(client, fiche):
    papier = ouvrir(client, "/dispositifs/asv/corriger/?section=cout").remplir(section__cout="Un poste.")
    assert "aucune source n’en a encore parlé" in papier.reponse.text
    papier.remplir(pourquoi="https://ville.exemple/budget").envoyer()
    assert seule().depot.type == "ajout"


def test_un_fait_se_corrige_aussi(client, fiche):
    papier = ouvrir(client, "/dispositifs/asv/corriger/?fait=porteur_type")
    papier.remplir(porteur_type="Une commune", pourquoi="J’y travaille").envoyer()
    assert seule().depot.changements == {"porteur_type": "Une commune"}


def test_l_etat_d_un_dispositif_local_se_confirme_sans_perdre_les_constats(client, db):
    fiche = fiche_locale(slug="cls", constats=[{"etat": "signe", "le": "2022-03", "source": "1"}])
    papier = ouvrir(client, "/dispositifs-locaux/cls/corriger/?fait=etat")
    assert "Signé, mars\u00a02022" in papier.reponse.text and papier["constats-1-le"]
    papier.remplir(constats__1__etat="actif", constats__1__le="2025", pourquoi="J’y travaille").envoyer()
    assert seule().depot.changements == {
        "constats": [*fiche.contenu["constats"], {"etat": "actif", "le": "2025", "source": ""}]
    }
    assert seule().depot.type == "mise_a_jour"


@pytest.mark.parametrize(
    "etat, le", [("", "2025"), ("actif", "demain"), ("actif", "2099"), ("jamais", "2025"), ("actif", "")]
)
def test_un_etat_ou_une_date_faux_se_disent_a_leur_place(client, db, etat, le):
    fiche_locale(slug="cls")
    papier = ouvrir(client, "/dispositifs-locaux/cls/corriger/?fait=etat")
    reponse = papier.remplir(constats__1__etat=etat, constats__1__le=le, pourquoi="J’y travaille").envoyer()
    assert reponse.status_code == 422 and 'href="#id_constats-1-' in erreurs(reponse)
    assert "Constat" not in erreurs(reponse)


def test_l_etat_qui_vient_de_changer_garde_les_deux_constats(client, db):
    fiche = fiche_locale(slug="cls", constats=[{"etat": "actif", "le": "2020", "source": "1"}])
    papier = ouvrir(client, "/dispositifs-locaux/cls/corriger/?fait=etat")
    constats = [*fiche.contenu["constats"], {"etat": "signe", "le": "2024", "source": "1"}]
    publier(fiche, constats=constats)
    retour = papier.remplir(constats__1__etat="termine", constats__1__le="2025", pourquoi="Fini").presser(envoyer="1")
    assert retour.reponse.status_code == 409 and retour["constats-2-etat"] == "termine"
    assert retour.envoyer().status_code == 303
    assert seule().depot.changements == {"constats": [*constats, {"etat": "termine", "le": "2025", "source": ""}]}


@pytest.mark.parametrize("demandee", ["sources", "territoires", "themes", "rien", "<script>", "chiffres"])
def test_ce_qui_ne_tient_pas_en_un_champ_mene_au_formulaire_complet(client, fiche, demandee):
    reponse = client.get("/dispositifs/asv/corriger/", {"section": demandee})
    assert reponse.status_code == 302 and reponse.headers["Location"].startswith("/dispositifs/asv/proposer/?section=")


def test_sans_section_elle_choisit_ce_qu_elle_corrige(client, fiche):
    assert 'href="?section=section-contacts"' in client.get("/dispositifs/asv/corriger/").text


def test_une_personne_connectee_est_creditee_comme_elle_le_veut(client, fiche):
    elle = personne("elle")
    type(elle).objects.filter(pk=elle.pk).update(credit_prefere="nom", pseudonyme="")
    client.force_login(elle)
    papier = ouvrir(client, ADRESSE)
    assert "courriel" not in papier.noms
    papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").envoyer()
    assert (seule().auteur, seule().statut) == (elle, "soumise")


def test_elle_change_sa_correction_sans_devoir_donner_d_adresse(client, papier):
    papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").envoyer()
    reprise = ouvrir(client, f"/suivi/{seule().jeton}/modifier/")
    assert reprise["section-contacts"] == NOUVEAU and reprise["credit"] == "anonyme"
    reprise.signer(courriel="", section__contacts="La mairie.").envoyer()
    assert (seule().statut, seule().depots.count()) == ("soumise", 2)


def test_une_adresse_laissee_apres_coup_se_confirme(client, papier):
    papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").envoyer()
    ouvrir(client, f"/suivi/{seule().jeton}/modifier/").signer(coordonnees=["02 35 11 22 33"]).envoyer()
    assert seule().statut == "a_confirmer" and Courriel.objects.count() == 1


def test_une_correction_sans_adresse_n_est_jamais_publiee_sans_relecture(fiche, papier):
    papier.remplir(section__contacts=NOUVEAU, de_service="on", pourquoi="J’y travaille").envoyer()
    assert derniere(fiche).numero == 1
    propositions.accepter(seule(), par=moderatrice(), depot=1)
    assert Proposition.objects.get().statut == "acceptee" and not Courriel.objects.exists()


def test_trop_d_envois_du_meme_reseau_attendent_demain(client, fiche, monkeypatch):
    monkeypatch.setattr("contributions.abus.PAR_RESEAU", 1)
    for numero, attendu in ((1, 303), (2, 422)):
        papier = ouvrir(client, "/dispositifs/asv/corriger/?section=cout")
        reponse = papier.remplir(section__cout=f"{numero} postes.", pourquoi="J’y travaille").envoyer()
        assert reponse.status_code == attendu
    assert "contributions en vingt-quatre heures" in erreurs(reponse)
