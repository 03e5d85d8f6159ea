"""Texts undone: what was accepted and that a later version takes back. Their authors are told why, and where."""

from collections.abc import Collection
from datetime import timedelta

from contributions.models import Journal, Proposition
from contributions.verbes import notifications
from fiches.models import Version
from fiches.unites import changements, unites


def annoncer(
    version: Version, *, depuis: int, touchees: Collection[str], ligne: Journal, attente: timedelta = timedelta()
) -> None:
    """Tell those whose accepted texts wrote these units after version `depuis` that this version undoes them."""
    nature = version.fiche.nature
    titres = {unite.cle: unite.titre for unite in unites(nature) if unite.cle in touchees}
    acceptees = Proposition.objects.acceptees().filter(version__fiche=version.fiche_id)
    acceptees = acceptees.filter(version__numero__gt=depuis, version__numero__lt=version.numero)
    for acceptee in acceptees.select_related("auteur", "version", "fiche").defer("saisie").order_by("pk"):
        parties = [titres[cle] for cle in _ecrites(acceptee) if cle in titres]
        if parties:
            notifications.texte_defait(acceptee, version, parties, ligne, attente)


def _ecrites(acceptee: Proposition) -> Collection[str]:
    """Return the units that its acceptance wrote: none when what it said is an absence."""
    publiee = acceptee.version
    if publiee is None or acceptee.dit_une_absence:
        return ()
    avant = publiee.precedente.contenu if publiee.precedente else {}
    return changements(publiee.fiche.nature, avant, publiee.contenu)
