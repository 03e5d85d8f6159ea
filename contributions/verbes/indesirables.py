"""Undesirables: what rules set apart for moderators. It waits as the rest does; its author is told nothing of it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from contributions.models import Depot, Journal, Proposition, RegleDeFile, Trace
from contributions.models.propositions import PropositionQuerySet
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import peut_decider

Cle = RegleDeFile.Cle
PARTAGEES = ((Cle.MEME_TEXTE, Trace.Sorte.TEXTE), (Cle.MEME_LIEN, Trace.Sorte.LIEN))
# Who sends: an account once, however much it sends; without account, each sending.
ENVOYEUR = Coalesce(F("auteur"), -Coalesce(F("meneuse"), F("pk")))


def reconnaitre(proposition: Proposition, depot: Depot) -> None:
    """Set apart what a rule in force recognises, with those of the same wave that wait already.

    Nothing of people of whom something was accepted, nor of what a moderator said to be none.
    """
    if not Proposition.objects.d_inconnus().filter(pk=proposition.pk).exists():
        return
    regles = RegleDeFile.objects.en_vigueur()
    for cle, sorte in PARTAGEES:
        for trace in depot.traces.filter(sorte=sorte) if cle in regles else ():
            vague = _vague(trace, regles[cle].borne or 1)
            if vague.aggregate(n=Count(ENVOYEUR, distinct=True))["n"] >= regles[cle].seuil:
                _mettre_a_part(vague, cle, trace.valeur)
                return
    liens = regles.get(Cle.LIENS_INCONNUS)
    if liens and not proposition.auteur_id and depot.traces.filter(sorte=Trace.Sorte.LIEN).count() >= liens.seuil:
        disculpees = Journal.objects.filter(verbe="disculper").values("proposition")
        _mettre_a_part(Proposition.objects.filter(pk=proposition.pk).exclude(pk__in=disculpees), liens.cle, "")


@transaction.atomic
def disculper(proposition: Proposition, *, par) -> Proposition:
    """Give back to the queue what is none; what it shares with others sets nothing apart any more."""
    if not peut_decider(par, proposition):
        raise PermissionDenied("Il faut être modérateur, et ne pas en être l’auteur.")
    actuelle = Proposition.objects.select_for_update(of=("self",)).get(pk=proposition.pk)
    if actuelle.statut not in Proposition.A_TRAITER or not actuelle.mise_a_part:
        raise Empechement("Cette proposition n’est plus à part.")
    regle = actuelle.get_mise_a_part_display()
    actuelle.mise_a_part = actuelle.vague = ""
    actuelle.save(update_fields=["mise_a_part", "vague"])
    Journal.noter("disculper", actuelle, qui=par, texte=regle)
    return actuelle


def _vague(trace: Trace, jours: int) -> PropositionQuerySet:
    """Return what people unknown handed in lately with the same trace; nothing where a moderator saw no harm in it."""
    if Journal.objects.filter(verbe="disculper", proposition__depots__traces__valeur=trace.valeur).exists():
        return Proposition.objects.none()
    depuis = timezone.now() - timedelta(days=jours)
    semblables = Trace.objects.filter(sorte=trace.sorte, valeur=trace.valeur).values("depot__proposition")
    return Proposition.objects.d_inconnus().filter(Q(pk__in=semblables), deposee_le__gt=depuis)


def _mettre_a_part(propositions: PropositionQuerySet, cle: str, vague: str) -> None:
    """Mark those that wait; one that somebody is deciding on at this moment is left to her."""
    en_attente = propositions.a_traiter().filter(mise_a_part="").order_by("pk")
    for proposition in en_attente.select_for_update(of=("self",), skip_locked=True):
        proposition.mise_a_part, proposition.vague = cle, vague
        proposition.save(update_fields=["mise_a_part", "vague"])
        Journal.noter("mettre_a_part", proposition, texte=proposition.get_mise_a_part_display())
