"""Fiches out of sight: what their address says, and that nothing else says anything of them."""

import pytest
from django.test import Client

from contributions.verbes import retraits
from tests.contributions.recits import derniere, signalement
from tests.factories import fiche_dispositif, fiche_locale, moderateur, moderatrice, publier, relu

pytestmark = pytest.mark.django_db
RAISONS = {"faits": "Elle dit faux.", "clause": "sources", "motif": "inexact"}


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", titre="Atelier")


def adresse(fiche) -> str:
    return f"/moderation/fiches/{fiche.pk}/"


def faire(verbe: str, *, confirme: bool = True, **champs) -> dict:
    return {
        "verbe": verbe,
        **{f"{verbe}-{nom}": v for nom, v in champs.items()},
        **({"confirme": "oui"} if confirme else {}),
    }


def test_masquer_se_confirme_puis_se_voit_tout_de_suite(poste, fiche):
    page = poste.post(adresse(fiche), faire("masquer", confirme=False, **RAISONS))
    assert page.status_code == 200 and "quittera la vue du public" in page.text and relu(fiche).etat == "publiee"
    poste.post(adresse(fiche), faire("masquer", **RAISONS))
    assert poste.get("/dispositifs/asv/").status_code == 410


def test_une_fiche_retiree_repond_410_avec_la_raison_et_la_date(poste, client, fiche):
    poste.post(adresse(fiche), faire("retirer", **RAISONS))
    client.logout()
    page = client.get("/dispositifs/asv/")
    assert page.status_code == 410 and "a été retirée" in page.text and "Elle dit faux." in page.text
    assert "Atelier" not in page.text and not page.cookies


def test_une_fiche_fusionnee_mene_a_l_autre(poste, client, fiche):
    fiche_dispositif(slug="ateliers")
    poste.post(
        adresse(fiche), faire("fusionner", dans="http://testserver/dispositifs/ateliers/", explication="La même.")
    )
    page = client.get("/dispositifs/asv/")
    assert (page.status_code, page.headers["Location"]) == (301, "/dispositifs/ateliers/")


def test_de_fusion_en_fusion_on_arrive_a_la_derniere(client, fiche):
    deux, trois = fiche_dispositif(slug="deux"), fiche_dispositif(slug="trois")
    retraits.fusionner(fiche, dans=deux, par=moderatrice(), explication="La même.")
    retraits.fusionner(deux, dans=trois, par=moderatrice(), explication="La même.")
    assert client.get("/dispositifs/asv/").headers["Location"] == "/dispositifs/trois/"


def test_fusionnee_dans_une_fiche_masquee_elle_le_dit(client, fiche):
    autre = fiche_dispositif(slug="deux")
    retraits.fusionner(fiche, dans=autre, par=moderatrice(), explication="Même dispositif.")
    retraits.masquer(autre, par=moderatrice(), motif="inexact", explication="À revoir.")
    page = client.get("/dispositifs/asv/")
    assert page.status_code == 410 and "Même dispositif." in page.text


@pytest.mark.parametrize("dans", ["asv", "rien", "/actions/x/"])
def test_on_ne_fusionne_pas_dans_n_importe_quoi(poste, fiche, dans):
    page = poste.post(adresse(fiche), faire("fusionner", dans=dans, explication="Parce que."))
    assert page.status_code == 422 and "Aucune autre fiche publiée" in page.text and "Parce que." in page.text


def test_retablir_la_rend_au_public(poste, fiche):
    retraits.masquer(fiche, par=moderatrice(), motif="inexact", explication="À revoir.")
    poste.post(adresse(fiche), faire("retablir", explication="Vérifiée."))
    assert poste.get("/dispositifs/asv/").status_code == 200


def test_revenir_a_une_version(poste, fiche):
    premiere = derniere(fiche)
    publier(fiche, titre="Une erreur")
    poste.post(adresse(fiche), faire("restaurer", version=premiere.pk, pourquoi="le titre était juste"))
    assert (relu(fiche).titre, relu(fiche).numero) == ("Atelier", 3)


def test_une_fiche_a_une_seule_version_ne_se_restaure_pas(poste, fiche):
    assert "Revenir à une version" not in poste.get(adresse(fiche)).text


def test_deux_moderateurs_masquent_le_second_garde_son_texte(poste, fiche):
    retraits.masquer(fiche, par=moderateur(), motif="inexact", explication="À revoir.")
    page = poste.post(adresse(fiche), faire("masquer", **RAISONS))
    assert page.status_code == 409 and "masquée" in page.text and "Elle dit faux." in page.text


def test_ce_qui_mene_a_la_fiche_est_montre(poste, fiche):
    fiche_locale(titre="Celui de Rouen", dispositif="asv")
    fiche_dispositif(titre="Cite", sections={"description": "Voir [l’atelier](/dispositifs/asv/).[^1]"})
    fiche_dispositif(titre="Articule", articulations=[{"type": "s_inscrit_dans", "vers": "asv", "source": 1}])
    dossier = signalement(fiche).dossier
    page = poste.get(adresse(fiche)).text
    assert all(titre in page for titre in ("Celui de Rouen", "Cite", "Articule", f"dossier n°&nbsp;{dossier.pk}"))


def test_une_adresse_qui_n_a_jamais_existe_reste_404(client):
    assert client.get("/dispositifs/rien/").status_code == 404


def test_on_restaure_depuis_l_endroit_ou_l_on_voit_la_faute(client, poste, fiche):
    premiere = derniere(fiche)
    publier(fiche, titre="Une erreur")
    lien = f"/moderation/fiches/{fiche.pk}/?version=1#geste-restaurer"
    for page in ("historique/", "versions/1/"):
        assert lien in poste.get(fiche.get_absolute_url() + page).text
        assert lien not in Client().get(fiche.get_absolute_url() + page).text
    formulaire = poste.get(lien).text.partition('id="geste-restaurer"')[2]
    assert formulaire.startswith(" open") and f'value="{premiere.pk}" selected' in formulaire
    assert 'id="geste-restaurer" open' not in poste.get(f"/moderation/fiches/{fiche.pk}/?version=9").text
