"""How near a territory the fiches that concern it are, and the territories around it that have more of them."""

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from fiches.models import Fiche, concerne
from territoires.models import Inclusion, Territoire

Attache = Fiche.territoires.through
# What may contain a territory, from the nearest to the widest.
AUTOUR = list(reversed(Territoire.Nature.values))


def distance(territoire: Territoire, *, dedans: int = 1) -> Subquery:
    """How far a fiche is from this territory: 0 on it, `dedans` inside it, from 2 around it, ever wider."""
    echelons = [
        When(territoire__in=_autour(territoire), territoire__nature=nature, then=Value(n))
        for n, nature in enumerate(AUTOUR, 2)
    ]
    parties = When(territoire__in=_dedans(territoire), then=Value(dedans))
    rang = Case(When(territoire=territoire, then=Value(0)), parties, *echelons, output_field=IntegerField())
    attaches = Attache.objects.filter(fiche=OuterRef("pk"))
    return Subquery(attaches.order_by(rang).values_list(rang)[:1])


def elargir(territoire: Territoire, fiches: QuerySet) -> list[tuple[Territoire, int]]:
    """Return the territories around, the nearest first, with how many of these fiches concern each. Two queries."""
    autour = list(Territoire.objects.contenant(territoire))
    comptes = fiches.aggregate(**{f"n{autre.pk}": Count("pk", filter=concerne(autre)) for autre in autour})
    autour.sort(key=lambda autre: (AUTOUR.index(autre.nature), autre.nom))
    return [(autre, compte) for autre in autour if (compte := comptes[f"n{autre.pk}"])]


def _autour(territoire: Territoire) -> QuerySet:
    return Inclusion.objects.filter(contenu=territoire).values("contenant")


def _dedans(territoire: Territoire) -> QuerySet:
    return Inclusion.objects.filter(contenant=territoire).values("contenu")
