"""What changed since one last read a proposition, beside what was asked about it."""

import pytest
from django.test import Client

from contributions.models import Proposition
from contributions.verbes import propositions
from tests.balisage import texte
from tests.contributions.recits import proposition
from tests.factories import fiche_dispositif, moderateur, moderatrice, relu

pytestmark = pytest.mark.django_db
DEPUIS = "Depuis votre dernière lecture"


@pytest.fixture
def une() -> Proposition:
    fiche = fiche_dispositif(sections={"description": "D.[^1]", "cout": "Dix euros."})
    return proposition(fiche, cout="Le comité se réunit deux fois par an.", duree="Un an.")


def redeposer(une: Proposition, **sections: str) -> None:
    changements = {f"section-{cle}": dit for cle, dit in sections.items()}
    propositions.deposer(relu(une), base=une.base, changements=changements, pourquoi="Mieux")


def test_un_premier_depot_se_lit_en_entier(poste, une):
    poste.get(une.adresse_au_poste)
    assert DEPUIS not in poste.get(une.adresse_au_poste).text


def test_ce_qui_a_change_depuis_la_lecture_se_montre_meme_apres_avoir_relu(poste, une):
    poste.get(une.adresse_au_poste)
    redeposer(une, cout="Le comité se réunit trois fois par an.", duree="Un an.")
    for _ in range(2):
        lue = texte(poste.get(une.adresse_au_poste).text)
        assert f"{DEPUIS}, dépôt n° 1" in lue and "Rien n’a changé ici." in lue
        assert "supprimé : deuxajouté : trois fois par an" in lue.replace("supprimé : deux ", "supprimé : deux")
        assert "Toute la différence, avec la fiche en ligne" in lue


def test_ce_qui_repond_a_une_remarque_se_lit_a_cote_d_elle_sur_un_autre_appareil(une):
    remarques = {"section-cout": "Qui préside le comité ?"}
    propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Presque.", remarques=remarques)
    redeposer(une, cout="Le comité se réunit deux fois par an, présidé par l’adjointe.")
    client = Client()
    client.force_login(moderatrice())
    lue = texte(client.get(une.adresse_au_poste).text)
    assert lue.index("« Qui préside le comité ? »") < lue.index(DEPUIS) < lue.index("présidé par l’adjointe")
    assert "N’est plus demandé depuis votre dernière lecture." in lue


def test_qui_n_avait_rien_lu_lit_tout(une):
    redeposer(une, cout="Autre chose.")
    client = Client()
    client.force_login(moderateur())
    assert DEPUIS not in client.get(une.adresse_au_poste).text
