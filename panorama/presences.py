"""Which followed schemes reach a place, and by which territory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dispositifs.models import SUIVIS, DispositifLocal
from territoires.models import Inclusion


@dataclass(frozen=True)
class Presence:
    """A followed scheme that reaches a place, by which territory, wholly or in part."""

    dispositif: str  # its short name
    slug: str
    via: str  # the name of a territory; empty when it is the place itself
    partielle: bool


def presences(lieux: Iterable[int], jour: date) -> dict[int, list[Presence]]:
    """Return the followed schemes that reach each of these places on a day, surely. One query."""
    en_vigueur = DispositifLocal.objects.visibles_pour().en_vigueur(jour).filter(dispositif__slug__in=SUIVIS)
    liens = (
        Inclusion.objects.filter(
            contenu__in=list(lieux),
            contenant__fiches__in=en_vigueur.filter(perimetre_incertain=False).values("pk"),
        )
        .values_list(
            "contenu", "contenant", "contenant__nom", "partielle",
            "contenant__fiches__comme_local__dispositif__sigle", "contenant__fiches__comme_local__dispositif__titre",
            "contenant__fiches__comme_local__dispositif__slug",
        )
        .order_by("contenant__population", "contenant__nom")
        .distinct()
    )  # fmt: skip
    trouvees: dict[int, list[Presence]] = {}
    for contenu, contenant, nom, partielle, sigle, titre, slug in liens:
        presence = Presence(sigle or titre, slug, "" if contenu == contenant else nom, partielle)
        trouvees.setdefault(contenu, []).append(presence)
    for liste in trouvees.values():
        liste.sort(key=lambda presence: SUIVIS.index(presence.slug))
    return trouvees
