"""A masked fiche is read by nobody from its forms; what was typed there stays."""

import pytest

from contributions.models import Proposition
from tests.contributions.papier import ouvrir
from tests.factories import fiche_dispositif, masquer, moderatrice, publier

pytestmark = pytest.mark.django_db
SECRET = "Madame Untel habite au 3"
TAPE = "Ce que j’ai tapé."
FORMULAIRES = ["corriger/?section=cout", "corriger/?section=contacts", "proposer/"]


@pytest.fixture
def fiche():
    sections = {"description": "Une démarche.[^1]", "cout": f"{SECRET}, coût.", "contacts": f"{SECRET}, contact."}
    masquee = fiche_dispositif(slug="asv", resume=f"{SECRET}, résumé.", sections=sections)
    masquer(masquee)
    return masquee


@pytest.mark.parametrize("formulaire", [*FORMULAIRES, "corriger/?fait=resume"])
@pytest.mark.parametrize("saisie", [{}, {"section-cout": TAPE}, {"brouillon": "1"}, {"voir": "apercu"}])
def test_aucun_envoi_ne_rend_le_texte_masque(client, fiche, formulaire, saisie):
    reponse = client.post(f"/dispositifs/asv/{formulaire}", saisie)
    assert reponse.status_code == 409 and SECRET not in reponse.text
    assert "n’est plus publiée" in reponse.text


@pytest.mark.parametrize("formulaire", FORMULAIRES)
def test_aucune_lecture_non_plus(client, fiche, formulaire):
    reponse = client.get(f"/dispositifs/asv/{formulaire}")
    assert reponse.status_code == 404 and SECRET not in reponse.text


@pytest.mark.parametrize("formulaire", ["corriger/?section=cout", "proposer/"])
def test_ce_qui_etait_tape_est_montre_et_garde(client, fiche, formulaire):
    reponse = client.post(f"/dispositifs/asv/{formulaire}", {"section-cout": TAPE, "envoyer": "1"})
    garde = Proposition.objects.get()
    assert TAPE in reponse.text and garde.saisie["section-cout"] == [TAPE]
    assert SECRET not in str(garde.saisie)


def test_le_brouillon_repris_ne_rend_pas_le_texte_masque(client, fiche):
    client.post("/dispositifs/asv/corriger/?section=cout", {"section-cout": TAPE, "envoyer": "1"})
    publier(fiche, resume=f"{SECRET}, autre résumé.")
    adresse = f"/suivi/{Proposition.objects.get().jeton}/modifier/"
    reprise = client.get(adresse)
    assert reprise.status_code == 200 and TAPE in reprise.text and SECRET not in reprise.text


@pytest.mark.parametrize("bouton", [{}, {"brouillon": "1"}])
def test_le_texte_remis_avant_ne_rend_plus_la_fiche_et_n_est_pas_perdu(client, bouton):
    sections = {"description": "Une démarche.[^1]", "cout": f"{SECRET}, coût."}
    fiche = fiche_dispositif(slug="avant", resume=f"{SECRET}, résumé.", sections=sections)
    ouvrir(client, "/dispositifs/avant/proposer/").signer(section__duree=TAPE).envoyer(**bouton)
    une = Proposition.objects.get()
    adresse = f"/suivi/{une.jeton}/modifier/"
    assert SECRET in client.get(adresse).text
    masquer(fiche)
    for suite in ("", "?tel-quel"):
        reponse = client.get(adresse + suite, follow=True)
        assert reponse.status_code == 200 and SECRET not in reponse.text
        assert "Votre texte est gardé" in reponse.text
    assert Proposition.objects.get().saisie == une.saisie
    client.force_login(moderatrice())
    assert SECRET in client.get(adresse).text


def test_qui_modere_lit_ce_qui_est_a_corriger(client, fiche):
    client.force_login(moderatrice())
    assert SECRET in ouvrir(client, "/dispositifs/asv/proposer/").reponse.text
    assert SECRET in client.post("/dispositifs/asv/corriger/?section=cout", {"brouillon": "1"}).text
