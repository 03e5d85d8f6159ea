"""The administration: reference data and roles, and no way to write a state."""

import pytest

from comptes.models import Utilisateur
from comptes.roles import Role
from contributions.models import Proposition, ReponseType
from fiches.models import Edition, Fiche, Sigle, Theme
from tests.contributions.recits import moderatrice, personne, proposition
from tests.factories import fiche_dispositif

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
    autre, soi = moderatrice(), Utilisateur.objects.get(email="admin@exemple.fr")
    confiance = personne("x", Role.CONFIANCE).groups.get()
    for pk in (autre.pk, soi.pk):
        donnees = {"groups": [confiance.pk], "is_active": "on", "email": "vole@exemple.fr", "is_superuser": "on"}
        administration.post(f"/admin/comptes/utilisateur/{pk}/change/", donnees)
    assert Utilisateur.objects.get(pk=autre.pk).roles == {Role.CONFIANCE}
    assert Utilisateur.objects.get(pk=soi.pk).roles == {Role.ADMINISTRATEUR}
    assert not Utilisateur.objects.filter(is_superuser=True).exists()
    assert not Utilisateur.objects.filter(email="vole@exemple.fr").exists()


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
