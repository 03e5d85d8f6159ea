"""The notes of fifty territories of each nature, the fullest and those of which nothing is known, as PDF/UA."""

import pytest
from django.db.models import Count
from django.utils import timezone

from panorama.impression import en_pdf
from panorama.note import note
from territoires.models import Territoire
from tests.pdf import elements, en_a4, verifier_l_acces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]
LIGNE = "Avant le vote du budget, il faut savoir ce que nous gardons. " * 6  # as long as one may write it


@pytest.mark.parametrize("nature", Territoire.Nature.values)
def test_deux_pages_a4_lisibles_par_tous(nature):
    actifs = Territoire.objects.actifs().filter(nature=nature)
    pleins = actifs.annotate(nombre=Count("fiches")).order_by("-nombre", "code")[:6]
    vides = actifs.filter(fiches=None).order_by("-code")[:3]
    territoires = [*pleins, *vides]
    assert len(territoires) >= 9
    for territoire in territoires:
        prete = note(territoire, timezone.localdate())
        pdf = verifier_l_acces(en_pdf(prete.imprimer(prete.retenus([]), LIGNE)))
        assert len(pdf.pages) <= 2 and en_a4(pdf), territoire
        assert len([*elements(pdf, "H1")]) == 1 and len([*elements(pdf, "Table")]) == 1
