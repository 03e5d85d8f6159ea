"""The administration: reference data and roles; states change by verbs, and no other way."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from comptes.models import Utilisateur
from comptes.roles import Role, synchroniser
from contributions.models import Dossier, Journal, Proposition, ReponseType
from contributions.verbes import propositions, recours
from contributions.verbes.habilitations import departements_de
from fiches.models import Edition, Fiche, Sigle, Theme
from tests.comptes.preuves import prouver, se_connecter
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderatrice, personne, territoire

pytestmark = pytest.mark.django_db


@pytest.fixture
def administration(client):
    client.force_login(personne("admin", Role.ADMINISTRATEUR))
    return client


def test_un_moderateur_n_y_entre_pas(client):
    assert client.get("/admin/").status_code == 302
    client.force_login(moderatrice())
    assert client.get("/admin/").status_code == 403


def test_le_second_facteur_y_est_demande(administration, settings):
    settings.SECOND_FACTEUR_REQUIS = True
    try:
        reponse = administration.get("/admin/")
    except Exception as erreur:  # noqa: BLE001  # the pages of the second factor come from another branch
        assert "mfa_index" in str(erreur)  # noqa: PT017
    else:
        assert reponse.status_code == 302


def test_renommer_un_theme_se_voit_tout_de_suite_sur_ses_fiches(administration):
    fiche = fiche_dispositif(slug="asv", themes=["prevention"])
    theme, avant = Theme.objects.get(slug="prevention"), Edition.objects.get().numero
    administration.post(f"/admin/fiches/theme/{theme.pk}/change/", {"nom": "La prévention", "ordre": 1})
    assert "La prévention" in administration.get(fiche.get_absolute_url()).text
    assert Edition.objects.get().numero > avant


def test_l_identifiant_d_un_theme_ne_change_pas(administration):
    fiche_dispositif(themes=["prevention"])
    theme = Theme.objects.get()
    administration.post(f"/admin/fiches/theme/{theme.pk}/change/", {"nom": "X", "slug": "autre", "ordre": 1})
    assert Theme.objects.get().slug == "prevention"


def test_un_vocabulaire_ne_s_efface_pas(administration):
    fiche_dispositif(themes=["prevention"])
    assert (
        administration.post(f"/admin/fiches/theme/{Theme.objects.get().pk}/delete/", {"post": "yes"}).status_code == 403
    )


def test_developper_un_sigle_l_explique_dans_les_fiches(administration):
    fiche = fiche_dispositif(slug="asv", sections={"description": "Avec la CPTS.[^1]"})
    donnees = {"sigle": "CPTS", "developpe": "communauté professionnelle", "definition": "D", "source": "", "fiche": ""}
    administration.post("/admin/fiches/sigle/add/", donnees)
    assert 'title="communauté professionnelle"' in administration.get(fiche.get_absolute_url()).text
    administration.post(f"/admin/fiches/sigle/{Sigle.objects.get().pk}/delete/", {"post": "yes"})
    assert "communauté professionnelle" not in administration.get(fiche.get_absolute_url()).text


def test_les_reponses_enregistrees_s_y_ecrivent(administration):
    administration.post("/admin/contributions/reponsetype/add/", {"titre": "Année", "motif": "pas_clair", "texte": "T"})
    assert ReponseType.objects.get().titre == "Année"


def test_on_y_donne_les_roles_sauf_a_soi_meme(administration):
    autre, soi = moderatrice(), Utilisateur.objects.get(email="admin@ville.example")
    prouver(administration, soi)
    confiance = personne("x", Role.CONFIANCE).groups.get()
    for pk in (autre.pk, soi.pk):
        donnees = {"groups": [confiance.pk], "is_active": "on", "email": "vole@exemple.fr", "is_superuser": "on"}
        administration.post(f"/admin/comptes/utilisateur/{pk}/change/", donnees)
    assert Utilisateur.objects.get(pk=autre.pk).roles == {Role.CONFIANCE}
    assert Utilisateur.objects.get(pk=soi.pk).roles == {Role.ADMINISTRATEUR}
    assert not Utilisateur.objects.filter(is_superuser=True).exists()
    assert not Utilisateur.objects.filter(email="vole@exemple.fr").exists()


def test_donner_un_role_demande_une_preuve_puis_se_fait(administration, courriels):
    autre = moderatrice()
    page = f"/admin/comptes/utilisateur/{autre.pk}/change/"
    reponse = administration.post(page, {"groups": [], "is_active": "on"})
    assert reponse.url.startswith("/comptes/preuve/?next=") and Utilisateur.objects.get(pk=autre.pk).est_moderateur
    administration.post(reponse.url, {"action": "envoyer"})
    administration.post(reponse.url, {"code": courriels.code("admin@ville.example"), "next": page})
    assert not Utilisateur.objects.get(pk=autre.pk).roles


def test_le_role_de_correspondant_se_donne_avec_ses_departements(administration):
    prouver(administration, Utilisateur.objects.get(email="admin@ville.example"))
    elle, seine_maritime = personne("nadia"), territoire("departement", "76", "Seine-Maritime")
    synchroniser()
    groupe = Group.objects.get(name=Role.CORRESPONDANT)
    page = f"/admin/comptes/utilisateur/{elle.pk}/change/"
    sans = administration.post(page, {"groups": [groupe.pk], "is_active": "on"})
    assert "se donnent ensemble" in sans.text and not Utilisateur.objects.get(pk=elle.pk).est_correspondant
    administration.post(page, {"groups": [groupe.pk], "departements": [seine_maritime.pk], "is_active": "on"})
    assert list(departements_de(Utilisateur.objects.get(pk=elle.pk))) == [seine_maritime]
    administration.post(page, {"groups": [], "is_active": "on"})
    assert not departements_de(Utilisateur.objects.get(pk=elle.pk))


def test_on_ne_desactive_personne_par_megarde(administration):
    autre = moderatrice()
    prouver(administration, Utilisateur.objects.get(email="admin@ville.example"))
    page = f"/admin/comptes/utilisateur/{autre.pk}/change/"
    assert "Cochez cette case pour désactiver" in administration.post(page, {}).text
    autre.refresh_from_db()
    assert autre.is_active and Utilisateur.objects.get(pk=autre.pk).est_moderateur
    administration.post(page, {"desactiver": "on"})
    autre.refresh_from_db()
    assert not autre.is_active


@pytest.mark.parametrize("verbe", ["change", "delete"])
def test_aucun_etat_ne_s_y_ecrit(administration, verbe):
    fiche = fiche_dispositif()
    une = proposition(fiche, cout="Vingt.")
    for adresse in (f"contributions/proposition/{une.pk}", f"fiches/fiche/{fiche.pk}"):
        donnees = {"statut": "acceptee", "etat": "archivee", "post": "yes"}
        assert administration.post(f"/admin/{adresse}/{verbe}/", donnees).status_code == 403
    assert Proposition.objects.get(pk=une.pk).statut == "soumise" and Fiche.objects.get().etat == "publiee"
    assert (
        f"/moderation/propositions/{une.pk}/"
        in administration.get(f"/admin/contributions/proposition/{une.pk}/change/").text
    )


def test_les_pages_gardent_la_politique_de_securite(administration):
    page = administration.get("/admin/")
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<style" not in page.text and "style=" not in page.text


# The buttons of state


def bouton(objet, verbe: str) -> str:
    return f"/admin/{objet._meta.label_lower.replace('.', '/')}/{objet.pk}/etat/{verbe}/"


def refus(**champs) -> dict[str, object]:
    return {"motif": "inexact", "explication": "Le rapport dit dix.", "depot": 1, **champs}


EXPOSE = {"motif": "inexact", "faits": "Ce numéro n’est plus le bon.", "clause": "sources", "precision": ""}


@pytest.fixture
def une():
    return proposition(fiche_dispositif(slug="asv"), cout="Vingt.")


def test_les_boutons_sont_ceux_que_l_etat_permet(administration, une):
    page = administration.get(f"/admin/contributions/proposition/{une.pk}/change/").text
    for verbe in ("prendre", "demander_corrections", "ecarter"):
        assert f'action="{bouton(une, verbe)}"' in page
    assert bouton(une, "rendre") not in page
    assert "demande l’examen complet" in page and f"/moderation/propositions/{une.pk}/" in page
    fiche = Fiche.objects.get()
    page = administration.get(f"/admin/fiches/fiche/{fiche.pk}/change/").text
    assert bouton(fiche, "masquer") in page and bouton(fiche, "retablir") not in page


def test_les_boutons_sont_aux_administrateurs(client, une):
    assert client.get(bouton(une, "ecarter")).status_code == 302
    client.force_login(moderatrice())
    assert client.post(bouton(une, "ecarter"), refus()).status_code == 403
    assert Proposition.objects.get().statut == "soumise"


def test_ecarter_demande_un_motif_et_une_phrase_puis_s_inscrit_au_journal(administration, une):
    page = administration.get(bouton(une, "ecarter"))
    assert page.status_code == 200 and "Rien ne sera publié." in page.text
    assert "style=" not in page.text and "<script>" not in page.text
    fautive = administration.post(bouton(une, "ecarter"), refus(motif=""))
    assert fautive.status_code == 422 and "Le rapport dit dix." in fautive.text
    assert administration.post(bouton(une, "ecarter"), refus()).status_code == 302
    ecartee = Proposition.objects.get()
    assert (ecartee.statut, ecartee.motif, ecartee.decidee_par.email) == ("ecartee", "inexact", "admin@ville.example")
    assert Journal.objects.filter(proposition=une, verbe="ecarter", qui=ecartee.decidee_par).exists()


def test_une_seconde_decision_est_refusee_et_garde_ce_qui_est_ecrit(administration, une):
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    page = administration.post(bouton(une, "ecarter"), refus())
    assert page.status_code == 409 and "a déjà été décidée" in page.text and "Le rapport dit dix." in page.text
    assert Proposition.objects.get().explication == "Non."


def test_on_ne_decide_pas_sur_un_texte_que_l_on_n_a_pas_lu(administration, une):
    page = administration.post(bouton(une, "demander_corrections"), {"explication": "Une date ?", "depot": 2})
    assert page.status_code == 409 and "a changé son texte" in page.text


def test_on_ne_decide_pas_de_sa_propre_proposition(administration):
    sienne = proposition(fiche_dispositif(), auteur=Utilisateur.objects.get(email="admin@ville.example"), cout="Vingt.")
    assert administration.post(bouton(sienne, "ecarter"), refus()).status_code == 403
    assert Proposition.objects.get().statut == "soumise"


def test_prendre_puis_rendre(administration, une):
    for verbe, statut in (("prendre", "en_examen"), ("rendre", "soumise")):
        assert administration.get(bouton(une, verbe)).status_code == 200
        assert administration.post(bouton(une, verbe)).status_code == 302
        assert Proposition.objects.get().statut == statut


@pytest.mark.parametrize(
    "verbe,saisie,statut",
    [
        ("corriger", {"explication": ""}, "corrige"),
        ("classer", {"motif": "autre", "explication": "C’est toujours vrai."}, "sans_suite"),
        ("masquer", EXPOSE, "masque"),
    ],
)
def test_un_signalement_se_traite(administration, verbe, saisie, statut):
    dossier = signalement(fiche_dispositif()).dossier
    assert administration.post(bouton(dossier, verbe), saisie).status_code == 302
    assert Dossier.objects.get().statut == statut
    assert Journal.objects.filter(dossier=dossier, verbe=verbe, qui__email="admin@ville.example").exists()
    assert administration.post(bouton(dossier, verbe), saisie).status_code == 409


def test_un_signalement_se_rattache(administration):
    fiche = fiche_dispositif()
    un, deux = signalement(fiche).dossier, signalement(fiche, categorie="obsolete").dossier
    administration.post(bouton(deux, "rattacher"), {"double_de": un.pk, "explication": "Déjà dit."})
    assert Dossier.objects.get(pk=deux.pk).double_de == un


def test_une_fiche_se_masque_se_retablit_et_s_archive(administration):
    fiche = Fiche.objects.get(pk=fiche_dispositif().pk)
    for verbe, saisie, etat in (
        ("masquer", EXPOSE, "masquee"),
        ("retablir", {"explication": "Vérifiée."}, "publiee"),
        ("retirer", EXPOSE, "archivee"),
    ):
        assert administration.post(bouton(fiche, verbe), {}).status_code == 422
        assert administration.post(bouton(fiche, verbe), saisie).status_code == 302
        assert Fiche.objects.get().etat == etat
    assert administration.post(bouton(fiche, "masquer"), EXPOSE).status_code == 409
    assert Journal.objects.filter(fiche=fiche).count() == 3


def test_un_recours_se_decide_par_une_autre_personne(administration, une):
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    conteste = recours.contester(Proposition.objects.get(), texte="Si.")
    assert administration.post(bouton(conteste, "infirmer"), {"explication": "En effet."}).status_code == 302
    assert Proposition.objects.get().statut == "soumise"


@pytest.mark.parametrize("verbe", ["accepter", "rouvrir", "rien"])
def test_un_verbe_qui_n_est_pas_un_bouton_n_existe_pas(administration, une, verbe):
    assert administration.post(bouton(une, verbe), refus()).status_code == 404
    assert administration.get("/admin/contributions/proposition/9999/etat/ecarter/").status_code == 404


def test_nommer_moderatrice_lui_ecrit_comment_commencer_une_seule_fois(administration, courriels):
    prouver(administration, Utilisateur.objects.get(email="admin@ville.example"))
    camille, moderation = personne("camille"), moderatrice().groups.get()
    page = f"/admin/comptes/utilisateur/{camille.pk}/change/"
    for groupes in ([moderation.pk], [], [moderation.pk]):
        assert administration.post(page, {"groups": groupes, "is_active": "on"}).status_code == 302
    (recu,) = courriels.pour(camille.email)
    assert reverse("account_login") in recu.corps and "/moderation/portee/" in recu.corps
    page = f"/admin/comptes/utilisateur/{moderatrice().pk}/change/"
    administration.post(page, {"groups": [moderation.pk], "is_active": "on"})
    assert not courriels.pour(moderatrice().email)


def test_on_invite_une_moderatrice_par_son_adresse_et_elle_entre(administration, courriels):
    page, moderation = "/admin/comptes/utilisateur/add/", moderatrice().groups.get()
    donnees = {"email": "Nadia@Ville.example ", "groups": [moderation.pk]}
    assert administration.post(page, donnees).url.startswith("/comptes/preuve/")
    prouver(administration, Utilisateur.objects.get(email="admin@ville.example"))
    assert administration.post(page, donnees).status_code == 302
    nadia = Utilisateur.objects.get(email="nadia@ville.example")
    objets = [courriel.objet for courriel in courriels.pour(nadia.email)]
    assert nadia.est_moderateur and objets == ["Vous modérez maintenant Santé en territoires"]
    client = Client()
    se_connecter(client, courriels, nadia.email)
    assert client.get("/moderation/").status_code == 200


@pytest.mark.parametrize(
    "saisie,mots",
    [
        ({"email": "moderatrice@ville.example"}, "a déjà un compte"),
        ({"email": "nadia"}, "adresse"),
        ({}, "obligatoire"),
    ],
)
def test_une_invitation_impossible_est_rendue(administration, saisie, mots):
    prouver(administration, Utilisateur.objects.get(email="admin@ville.example"))
    combien = Utilisateur.objects.count()
    donnees = {"groups": [moderatrice().groups.get().pk], **saisie}
    reponse = administration.post("/admin/comptes/utilisateur/add/", donnees)
    assert reponse.status_code == 200 and mots in reponse.text and Utilisateur.objects.count() <= combien + 1
