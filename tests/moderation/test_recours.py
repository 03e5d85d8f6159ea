"""Appeals, at the desk."""

import pytest

from contributions.models import Proposition, Recours
from contributions.verbes import propositions, recours
from tests.contributions.recits import proposition
from tests.factories import fiche_dispositif, moderateur, moderatrice, relu

pytestmark = pytest.mark.django_db


@pytest.fixture
def conteste() -> Recours:
    une = proposition(fiche_dispositif(slug="asv"), cout="Vingt.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="C’est faux.")
    return recours.contester(Proposition.objects.get(pk=une.pk), texte="C’est vrai, voyez le rapport.")


def test_qui_a_decide_ne_reexamine_pas(client, conteste):
    client.force_login(moderatrice())
    page = client.get(conteste.adresse_au_poste).text
    assert "une autre personne la réexamine" in page and 'value="infirmer"' not in page
    donnees = {"verbe": "confirmer", "explication": "Non.", "confirme": "oui"}
    assert client.post(conteste.adresse_au_poste, donnees).status_code == 403


@pytest.mark.parametrize(
    "verbe,statut,suite", [("confirmer", "confirme", "ecartee"), ("infirmer", "infirme", "soumise")]
)
def test_une_autre_personne_decide_et_les_deux_cotes_sont_prevenus(client, conteste, courriels, verbe, statut, suite):
    client.force_login(moderateur())
    avant = len(courriels)
    page = client.post(conteste.adresse_au_poste, {"verbe": verbe, "explication": "Le rapport le dit."})
    assert "2 courriels partiront" in page.text and relu(conteste).statut == "depose"
    client.post(conteste.adresse_au_poste, {"verbe": verbe, "explication": "Le rapport le dit.", "confirme": "oui"})
    assert relu(conteste).statut == statut and relu(conteste).proposition.statut == suite
    assert sorted(c.destinataire for c in courriels[avant:]) == ["moderatrice@ville.example", "visiteuse@exemple.fr"]


def test_une_explication_est_demandee(client, conteste):
    client.force_login(moderateur())
    assert client.post(conteste.adresse_au_poste, {"verbe": "confirmer", "explication": " "}).status_code == 422


def test_un_recours_deja_decide_revient_avec_le_texte(client, conteste):
    client.force_login(moderateur())
    recours.confirmer(conteste, par=moderateur(), explication="Non.")
    donnees = {"verbe": "infirmer", "explication": "Une longue explication.", "confirme": "oui"}
    page = client.post(conteste.adresse_au_poste, donnees)
    assert page.status_code == 409 and "déjà été décidé" in page.text and "Une longue explication." in page.text
