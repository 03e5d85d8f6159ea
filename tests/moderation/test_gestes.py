"""One table of what moderators do: each act has its words once, and leaves from where its verb does."""

import pytest

from contributions.models import Dossier, Proposition, Recours
from contributions.models.transitions import DOSSIER, PROPOSITION, RECOURS
from moderation.gestes import GESTES

TOUS = [(genre, verbe, geste) for genre, gestes in GESTES.items() for verbe, geste in gestes.items()]
NOMS = [f"{genre.__name__}-{verbe}" for genre, verbe, _ in TOUS]


@pytest.mark.parametrize("genre,verbe,geste", TOUS, ids=NOMS)
def test_chaque_geste_se_dit_avant_et_apres(genre, verbe, geste):
    assert geste.titre and geste.bouton and geste.effet and geste.fait.endswith((".", "{a}."))


@pytest.mark.parametrize("genre,table", [(Proposition, PROPOSITION), (Dossier, DOSSIER), (Recours, RECOURS)])
def test_ce_qui_change_un_etat_est_dans_la_table_des_etats(genre, table):
    changent = {verbe: geste for verbe, geste in GESTES[genre].items() if verbe not in ("avis", "ecrire")}
    assert {verbe: geste.depuis for verbe, geste in changent.items()} == {v: table[v].depuis for v in changent}
