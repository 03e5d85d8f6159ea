"""One table of what moderators do: each act has its words once, and leaves from where its verb does."""

import pytest

from contributions.models import Dossier, Proposition, Recours
from contributions.models.transitions import DOSSIER, FICHE, PROPOSITION, RECOURS
from fiches.models import Fiche
from moderation.gestes import GESTES, offerts

TOUS = [(genre, verbe, geste) for genre, gestes in GESTES.items() for verbe, geste in gestes.items()]
NOMS = [f"{genre.__name__}-{verbe}" for genre, verbe, _ in TOUS]


@pytest.mark.parametrize("genre,verbe,geste", TOUS, ids=NOMS)
def test_chaque_geste_se_dit_avant_et_apres(genre, verbe, geste):
    assert geste.titre and geste.bouton and geste.effet and geste.fait.endswith((".", "{a}."))


@pytest.mark.parametrize(
    "genre,table,champ",
    [
        (Proposition, PROPOSITION, "statut"),
        (Dossier, DOSSIER, "statut"),
        (Recours, RECOURS, "statut"),
        (Fiche, FICHE, "etat"),
    ],
)
def test_ce_qui_change_un_etat_part_d_ou_part_son_verbe(genre, table, champ):
    sans_effet = {verbe for verbe in GESTES[genre] if verbe in ("avis", "disculper", "ecrire", "restaurer")}
    for etat in genre._meta.get_field(champ).choices:
        attendus = {verbe for verbe, transition in table.items() if etat[0] in transition.depuis}
        attendus = {verbe.removesuffix("_fiche") for verbe in attendus} & set(GESTES[genre])
        assert set(offerts(genre(**{champ: etat[0]}))) == attendus | sans_effet
    assert {verbe.removesuffix("_fiche") for verbe in table} >= set(GESTES[genre]) - sans_effet
