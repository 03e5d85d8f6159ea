"""The titles of the real pages: no two fiches, and no two territories of France, have the same."""

from collections import Counter

import pytest

from dispositifs.models import Dispositif
from fiches.models import Fiche
from territoires.models import Territoire

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]


def test_aucun_titre_ne_sert_deux_fois():
    fiches = Fiche.objects.visibles_pour().exclude(nature=Dispositif.NATURE).values_list("titre", flat=True)
    titres = Counter(fiches)
    titres.update(dispositif.nom_complet for dispositif in Dispositif.objects.visibles_pour())
    titres.update(lieu.titre for lieu in Territoire.objects.actifs().situes())
    assert [titre for titre, fois in titres.items() if fois > 1] == []
