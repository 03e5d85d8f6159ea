"""Confier: given to a colleague whose scope holds it, for two days."""

import pytest
from django.utils import timezone

from comptes.roles import Role
from contributions.models import Journal, Portee
from contributions.verbes import assignation, examen, propositions
from contributions.verbes.empechements import Empechement
from moderation.file import Criteres, File
from tests.balisage import texte
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, relu, territoire

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", titre="Atelier")


def test_on_confie_a_une_collegue_qui_le_sait_et_peut_rendre(client, fiche, courriels):
    ada, une = personne("ada", Role.MODERATEUR), proposition(fiche, cout="Vingt.")
    client.force_login(moderatrice())
    client.post(une.adresse_au_poste, {"verbe": "confier", "confier-a": ada.pk})
    une = relu(une)
    assert (une.prise_par, une.statut) == (ada, "en_examen")
    assert courriels[-1].destinataire == ada.email and "vous confie" in courriels[-1].objet
    ligne = Journal.objects.get(verbe="confier")
    assert (ligne.qui, ligne.detail["a"]) == (moderatrice(), ada.pk)
    (entree,) = File(ada, Criteres(prise="moi")).entrees
    assert entree.prise_par_moi and not list(File(moderatrice(), Criteres(prise="libres")).entrees)
    with pytest.raises(Empechement, match="Ada l’a prise, jusqu’au"):
        propositions.accepter(une, par=moderatrice(), depot=1)
    examen.rendre(une, ada)
    assert relu(une).statut == "soumise"


def test_on_ne_confie_qu_a_qui_suit_ce_territoire_et_ne_l_a_ni_ecrit_ni_signale(client, fiche):
    ailleurs, autrice = personne("ailleurs", Role.MODERATEUR), personne("autrice", Role.MODERATEUR)
    Portee.objects.create(utilisateur=ailleurs).territoires.add(territoire())
    une = proposition(fiche, auteur=autrice, cout="Vingt.")
    dossier = signalement(fiche, auteur=autrice).dossier
    for objet in (une, dossier):
        for personne_ in (ailleurs, autrice, moderatrice(), personne()):
            with pytest.raises(Empechement, match="ne peut pas l’examiner"):
                assignation.confier(objet, par=moderatrice(), a=personne_)
    client.force_login(moderatrice())
    page = client.post(une.adresse_au_poste, {"verbe": "confier", "confier-a": ailleurs.pk})
    assert page.status_code == 422 and "Sélectionnez un choix valide" in page.text
    assert client.post(une.adresse_au_poste, {"verbe": "confier", "confier-a": autrice.pk}).status_code == 409
    client.post(dossier.adresse_au_poste, {"verbe": "confier", "confier-a": moderateur().pk})
    assert "Moderateur l’a pris, jusqu’au" in texte(client.get(dossier.adresse_au_poste).text)


@pytest.mark.parametrize("categorie, heures", [("erreur", 48), ("illicite", 2)])
def test_ce_qui_presse_n_est_pas_garde_deux_jours(fiche, categorie, heures):
    dossier = assignation.confier(
        signalement(fiche, categorie=categorie).dossier, par=moderatrice(), a=personne("ada", Role.MODERATEUR)
    )
    assert round((dossier.prise_jusqua - timezone.now()).total_seconds() / 3600) == heures
