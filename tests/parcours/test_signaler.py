"""Three people report the same passage; one case, one correction, three answers."""

import re

import pytest
from django.test import Client

from contributions.models import Dossier, Proposition, Signalement
from contributions.verbes import propositions, signalements
from tests.contributions.papier import signaler
from tests.contributions.recits import derniere
from tests.factories import fiche_dispositif, moderatrice, personne

pytestmark = pytest.mark.django_db


def test_trois_personnes_signalent_un_passage_on_le_corrige_et_on_repond_a_toutes(courriels):
    fiche = fiche_dispositif(
        slug="asv", titre="Atelier", sections={"description": "Une démarche.[^1]", "cout": "Dix euros."}
    )
    navigateurs = {nom: Client() for nom in ("amel@exemple.fr", "bruno@exemple.fr", "")}
    suivis = {}
    for adresse, navigateur in navigateurs.items():
        saisie = {
            "categorie": "erreur",
            "texte": "C’est vingt euros.",
            "courriel": adresse,
            "credit": "Amel" if adresse.startswith("amel") else "",
        }
        reponse = signaler(navigateur, "/dispositifs/asv/signaler/?section=cout", **saisie)
        suivis[adresse] = reponse["Location"]
        assert re.search(r"Signalement n° \d+ reçu", navigateur.get(reponse["Location"]).text)
    dossier = Dossier.objects.get()
    assert dossier.signalements.count() == 3 and len(set(suivis.values())) == 3

    signalements.prendre(dossier, par=moderatrice())
    correction = Proposition.objects.create(
        fiche_id=fiche.pk,
        nature="dispositif",
        titre=fiche.titre,
        base=derniere(fiche),
        auteur=personne(),
        dossier=dossier,
    )
    propositions.deposer(
        correction, base=derniere(fiche), changements={"section-cout": "Vingt euros."}, pourquoi="Corrige le coût"
    )
    propositions.accepter(correction, par=moderatrice(), depot=1)

    for adresse, navigateur in navigateurs.items():
        page = navigateur.get(suivis[adresse]).text
        assert "La réponse&nbsp;: corrigé" in page and "La fiche a été corrigée." in page
        assert "@exemple.fr" not in page and ("Amel" in page) == adresse.startswith("amel")
    for adresse in ("amel@exemple.fr", "bruno@exemple.fr"):
        assert [c.objet.partition(" : ")[2] for c in courriels.pour(adresse)][-1] == "corrigé"
    lue = Client().get("/dispositifs/asv/").text
    assert "Vingt euros." in lue and "Signalement&nbsp;: Amel" in lue
    assert Signalement.objects.filter(dossier__statut="corrige").count() == 3
