"""Trust: who is reliable, and which of their waiting changes are small, by the rules in force. Queries only."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from contributions.models import Depot, Proposition, RegleDeFile
from contributions.models.propositions import PropositionQuerySet
from fiches.models import Fiche

Cle = RegleDeFile.Cle
ENVOI = Coalesce(-F("lot"), F("meneuse"), F("pk"))  # what was sent together is accepted once


def fiables(regle: RegleDeFile) -> Any:
    """Return the rows of the accounts that the rule finds reliable: `auteur`, `acceptees`."""
    depuis = timezone.now() - timedelta(days=regle.borne or 1)
    decidees = Proposition.objects.filter(auteur__is_active=True, decidee_le__gt=depuis).order_by().values("auteur")
    return decidees.annotate(
        acceptees=Count(ENVOI, distinct=True, filter=Q(statut=Proposition.Statut.ACCEPTEE)),
        refusees=Count("pk", filter=Q(statut__in=Proposition.ADVERSES)),
    ).filter(acceptees__gte=regle.seuil, refusees=0)


def petits_changements() -> PropositionQuerySet:
    """Return the small changes of reliable people that wait, oldest first; each with its `acceptees`."""
    regles = RegleDeFile.objects.en_vigueur()
    fiable, petit = regles.get(Cle.FIABLE), regles.get(Cle.PETIT)
    if not (fiable and petit):
        return Proposition.objects.none()
    siennes = fiables(fiable)
    dernier = Depot.objects.filter(proposition=OuterRef("pk")).order_by("-numero")
    return (
        Proposition.objects.a_traiter()
        .filter(auteur__in=siennes.values("auteur"), mise_a_part="", fiche__etat=Fiche.Etat.PUBLIEE)
        .annotate(
            avant=Subquery(dernier.values("avant")[:1]),
            apres=Subquery(dernier.values("apres")[:1]),
            acceptees=Subquery(siennes.filter(auteur=OuterRef("auteur")).values("acceptees")),
        )
        .filter(avant__lte=petit.seuil, apres__lte=petit.borne)
        .order_by("deposee_le", "pk")
    )
