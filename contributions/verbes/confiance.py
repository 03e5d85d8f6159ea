"""Trust: who is reliable, and which of their waiting changes are small, by the rules in force. Queries only."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Now

from contributions.models import Depot, Proposition, RegleDeFile
from contributions.models.propositions import PropositionQuerySet
from fiches.models import Fiche

Cle = RegleDeFile.Cle
ENVOI = Coalesce(-F("lot"), F("meneuse"), F("pk"))  # what was sent together is accepted once


def fiables() -> Any:
    """Return the rows of the accounts that the rule finds reliable: `auteur`, `acceptees`; none without the rule."""
    periode = ExpressionWrapper(_nombre(Cle.FIABLE, "borne") * Value(timedelta(days=1)), DurationField())
    decidees = Proposition.objects.filter(auteur__is_active=True, decidee_le__gt=Now() - periode)
    comptees = (
        decidees.order_by()
        .values("auteur")
        .annotate(
            acceptees=Count(ENVOI, distinct=True, filter=Q(statut=Proposition.Statut.ACCEPTEE)),
            refusees=Count("pk", filter=Q(statut__in=Proposition.ADVERSES)),
        )
    )
    return comptees.filter(acceptees__gte=_nombre(Cle.FIABLE, "seuil"), refusees=0)


def petits_changements() -> PropositionQuerySet:
    """Return the small changes of reliable people that wait, each with its `acceptees`."""
    dernier = Depot.objects.filter(proposition=OuterRef("pk")).order_by("-numero")
    attendent = Proposition.objects.a_traiter().filter(depots__avant__isnull=False).values("auteur")
    siennes = fiables().filter(auteur__in=attendent)  # of the others nothing is counted
    return (
        Proposition.objects.a_traiter()
        .filter(auteur__in=siennes.values("auteur"), mise_a_part="", fiche__etat=Fiche.Etat.PUBLIEE)
        .annotate(
            avant=Subquery(dernier.values("avant")[:1]),
            apres=Subquery(dernier.values("apres")[:1]),
            acceptees=Subquery(fiables().filter(auteur=OuterRef("auteur")).values("acceptees")),
        )
        .filter(avant__lte=_nombre(Cle.PETIT, "seuil"), apres__lte=_nombre(Cle.PETIT, "borne"))
    )


def _nombre(cle: str, nom: str) -> Subquery:
    """Return a number of this rule, read in the same query; NULL, which nothing passes, once it is withdrawn."""
    return Subquery(RegleDeFile.objects.filter(cle=cle, actif=True).values(nom))
