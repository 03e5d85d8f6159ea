"""« Corriger maintenant »: from a report to the fix, by two moderators."""

import pytest

from contributions.models import Dossier, Proposition
from contributions.verbes import retraits
from fiches.models import Fiche
from tests.balisage import d_une_ligne
from tests.contributions.papier import Papier
from tests.contributions.recits import signalement
from tests.factories import fiche_dispositif, masquer, moderateur, moderatrice, personne

pytestmark = pytest.mark.django_db
ADRESSE = "/dispositifs/asv/proposer/"


@pytest.fixture
def dossier():
    fiche = fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Dix euros."})
    return signalement(fiche, cible="section-cout", nom="Une lectrice").dossier


def corriger(client, qui, dossier) -> Proposition:
    client.force_login(qui)
    page = client.get(ADRESSE, {"dossier": dossier.pk, "section": "cout"})
    papier = Papier(client, page).signer(**{"section-cout": "Vingt euros en 2024.", "source_suffit": "on"})
    papier.envoyer()
    return Proposition.objects.latest("pk")


def test_la_correction_acceptee_clot_le_dossier_et_credite_qui_a_signale(client, dossier):
    une = corriger(client, moderatrice(), dossier)
    assert une.statut == Proposition.Statut.SOUMISE and une.dossier == dossier
    client.force_login(moderateur())
    donnees = {"verdict-section-cout": "oui", "depot": 1, "sur": 1, "verbe": "accepter", "confirme": "oui"}
    assert client.post(f"/moderation/propositions/{une.pk}/", donnees).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).statut == Dossier.Statut.CORRIGE
    fiche = Fiche.objects.get(slug="asv")
    assert fiche.contenu["sections"]["cout"] == "Vingt euros en 2024."
    assert "Une lectrice" in [credit["nom"] for credit in fiche.credits]


def test_le_formulaire_dit_a_quel_dossier_il_repond(client, dossier):
    client.force_login(moderatrice())
    assert f"répondra au dossier n° {dossier.pk}" in client.get(ADRESSE, {"dossier": dossier.pk}).text


@pytest.mark.parametrize("cite", ["0", "99999", "x", "²", "1" * 30, "-1"])
def test_un_dossier_qui_n_existe_pas_ne_gene_personne(client, dossier, cite):
    client.force_login(moderatrice())
    assert client.get(ADRESSE, {"dossier": cite}).status_code == 200


def test_une_fiche_masquee_se_corrige_sans_etre_retablie(client, dossier):
    masquer(dossier.fiche)
    client.force_login(moderatrice())
    assert "la correction acceptée ne la rétablit pas" in client.get(dossier.adresse_au_poste).text
    assert "Cette fiche est masquée\xa0: votre texte" in client.get(ADRESSE, {"dossier": dossier.pk}).text
    une = corriger(client, moderatrice(), dossier)
    assert une.statut == Proposition.Statut.SOUMISE
    client.force_login(moderateur())
    donnees = {"verdict-section-cout": "oui", "depot": 1, "sur": 1, "verbe": "accepter", "confirme": "oui"}
    client.post(f"/moderation/propositions/{une.pk}/", donnees)
    fiche = Fiche.objects.get(slug="asv")
    assert fiche.etat == Fiche.Etat.MASQUEE and fiche.contenu["sections"]["cout"] == "Vingt euros en 2024."
    assert Dossier.objects.get(pk=dossier.pk).statut == Dossier.Statut.CORRIGE


@pytest.mark.parametrize("qui", [None, personne])
def test_une_fiche_masquee_ne_s_ouvre_a_personne_d_autre(client, dossier, qui):
    masquer(dossier.fiche)
    if qui:
        client.force_login(qui())
    assert client.get(ADRESSE, {"dossier": dossier.pk}).status_code == 404


def test_une_fiche_retiree_se_retablit_avant_de_se_corriger(client, dossier):
    signalement(dossier.fiche, cible="section-cout", auteur=moderateur())  # so his withdrawal does not answer it
    retraits.retirer(dossier.fiche, par=moderateur(), motif="doublon", explication="Pour voir.")
    client.force_login(moderatrice())
    page = d_une_ligne(client.get(dossier.adresse_au_poste).text)
    assert "rétablissez-la</a> d’abord" in page and "Corriger maintenant" not in page
    assert client.get(ADRESSE, {"dossier": dossier.pk}).status_code == 404


def test_une_fiche_retiree_clot_le_dossier_avec_sa_raison(client, dossier):
    retraits.retirer(dossier.fiche, par=moderateur(), motif="doublon", explication="Pour voir.")
    clos = Dossier.objects.get(pk=dossier.pk)
    assert (clos.motif, clos.decidee_par) == ("doublon", moderateur()) and "Pour voir." in clos.explication
    client.force_login(moderatrice())
    assert "Corriger maintenant" not in client.get(dossier.adresse_au_poste).text
    assert client.get(ADRESSE, {"dossier": dossier.pk}).status_code == 404


def test_qui_n_est_pas_moderateur_ne_repond_pas_a_un_dossier(client, dossier):
    assert corriger(client, personne(), dossier).dossier is None
