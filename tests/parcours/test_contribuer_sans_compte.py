"""A whole story: somebody without an account improves a fiche, is asked for a correction, and is credited."""

import pytest
from django.test import Client

from contributions.models import Proposition
from contributions.verbes import propositions
from fiches.models import Fiche
from tests.contributions.papier import ouvrir, seule
from tests.factories import fiche_dispositif, moderatrice

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut


def test_de_la_premiere_phrase_au_credit(client, courriels):
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sections={"description": "Une démarche.[^1]"})
    assert 'href="/dispositifs/asv/corriger/?section=duree"' in client.get("/dispositifs/asv/").text

    # The quick form is not enough: there is a source to add.
    assert (
        'href="/dispositifs/asv/proposer/?section=section-duree#bloc-section-duree"'
        in client.get("/dispositifs/asv/corriger/?section=duree").text
    )

    # She writes, looks, adds her source, sends.
    papier = ouvrir(client, "/dispositifs/asv/proposer/?section=duree")
    papier = papier.remplir(**{"section-duree": "Celle du contrat de ville : 6 ans en 2025."}).presser(
        ajouter="sources"
    )
    papier = papier.remplir(**{"sources-1-titre": "Contrat de ville, annexe 3", "sources-1-date": "2024"})
    papier.remplir(**{"section-duree": "Celle du contrat de ville : 6 ans en 2025.[^2]"})
    assert "6 ans en 2025" in papier.presser(voir="modifications").reponse.text
    papier = papier.presser(voir="apercu")
    envoi = {"pourquoi": "Précise la durée", "sorte": "ajout", "credit": "nom", "credit_nom": "Repères santé"}
    recu = papier.signer(**envoi).envoyer()
    une = seule()
    assert recu["Location"] == une.get_absolute_url() and une.statut == Statut.A_CONFIRMER
    assert une.get_absolute_url() in courriels[-1].corps

    # Nothing of it is public.
    for adresse in ("/dispositifs/asv/", "/fiches/?q=Rep%C3%A8res"):
        assert "contrat de ville : 6 ans" not in Client().get(adresse).text

    # She confirms; a moderator asks for a precision; she sends again, from another device.
    propositions.confirmer(une)
    propositions.demander_corrections(
        une, par=moderatrice(), depot=1, explication="Presque !", remarques={"section-duree": "Et la programmation ?"}
    )
    assert "Et la programmation ?" in courriels[-1].corps
    reprise = ouvrir(Client(), f"{une.get_absolute_url()}modifier/")
    assert "Et la programmation ?" in reprise.reponse.text and reprise["credit_nom"] == "Repères santé"
    texte = "Celle du contrat de ville : 6 ans en 2025, avec une programmation annuelle.[^2]"
    assert reprise.remplir(**{"section-duree": texte}).envoyer().status_code == 303

    # It is accepted: the page says so, her name is there, and she is told.
    propositions.accepter(seule(), par=moderatrice(), depot=2)
    page = Client().get("/dispositifs/asv/").text
    assert "avec une programmation annuelle" in page and "Contrat de ville, annexe 3" in page
    assert "Proposition : Repères santé" in page or "Repères santé" in page
    assert Fiche.objects.get(slug="asv").numero == 2
    assert courriels[-1].destinataire == "visiteuse@exemple.fr"


def test_de_l_idee_a_la_fiche_nouvelle(client, courriels):
    fiche_dispositif(slug="asv", titre="Atelier santé ville")
    papier = ouvrir(client, "/contribuer/nouvelle-fiche/dispositif/?titre=Bus+sant%C3%A9&verifiee=1")
    champs = {
        "resume": "Un bus qui va vers les habitants.",
        "section-description": "Un bus.[^1]",
        "categorie": "service",
    }
    papier.remplir(**champs, **{"sources-0-titre": "Site de la ville"}).signer().envoyer()
    propositions.accepter(propositions.confirmer(seule()), par=moderatrice(), depot=1)
    page = Client().get("/dispositifs/bus-sante/")
    assert page.status_code == 200 and "Un bus qui va vers les habitants." in page.text
