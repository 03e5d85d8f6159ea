"""Does this fiche exist already? Said before it is written, from what is published and from nothing else."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, F, FloatField, Func, Q, TextField, Value
from django.db.models.functions import Greatest

from contributions.models import Proposition
from contributions.voisines import EN_COURS
from fiches.models import Fiche, Source
from territoires.models import Territoire

RESSEMBLANCE = 0.4
ICI = 0.15  # the same place: names that look alike a little less are worth showing
AU_PLUS = 6


def _normal(expression) -> Func:
    return Func(expression, function="normalise_nom", output_field=TextField())


@dataclass(frozen=True)
class Demande:
    """What one knows of the fiche one is about to write."""

    nature: str
    titre: str
    territoire: Territoire | None = None
    url: str = ""


def semblables(demande: Demande) -> list[Fiche]:
    """Return the published fiches that look like this one, most alike first. One query."""
    cherche = _normal(Value(demande.titre))
    ressemblance = Greatest(TrigramSimilarity(_normal(F("titre")), cherche), Value(0.0), output_field=FloatField())
    meme_source = Q(pk__in=Source.objects.filter(url=demande.url).values("fiche")) if demande.url else Q(pk__in=[])
    fiches = Fiche.objects.visibles_pour().annotate(ressemblance=ressemblance)
    proches = Q(nature=demande.nature, ressemblance__gte=RESSEMBLANCE)
    if demande.territoire:
        ici = Fiche.objects.visibles_pour().concernant(demande.territoire).values("pk")
        proches |= Q(nature=demande.nature, ressemblance__gte=RESSEMBLANCE - ICI, pk__in=ici)
    return list(fiches.filter(proches | meme_source).order_by("-ressemblance", "titre").en_cartes()[:AU_PLUS])


def en_attente(demande: Demande) -> int:
    """Return how many new fiches that look like this one wait for a decision: a count, and nothing of what they say."""
    nouvelles = Proposition.objects.filter(nature=demande.nature, base__isnull=True, statut__in=EN_COURS)
    proches = nouvelles.annotate(ressemblance=TrigramSimilarity(_normal(F("titre")), _normal(Value(demande.titre))))
    return proches.filter(ressemblance__gte=RESSEMBLANCE).aggregate(n=Count("pk"))["n"]
