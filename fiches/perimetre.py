"""How a fiche concerns a territory: attached to it, to what contains it, or to a part of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Subquery

from fiches.models import Fiche
from territoires.models import Inclusion, Territoire

CITES = 4  # names given before « et 3 autres »


@dataclass
class Perimetre:
    """The territories of a fiche that touch a given territory."""

    ici: bool = False
    via: list[Territoire] = field(default_factory=list)  # those that contain it whole
    via_en_partie: list[Territoire] = field(default_factory=list)  # those that contain a part of it
    dedans: list[Territoire] = field(default_factory=list)  # those that lie in it

    @property
    def entier(self) -> bool:
        """True when the whole territory is covered."""
        return self.ici or bool(self.via)

    @property
    def en_mots(self) -> str:
        """« couvert via Métropole Rouen Normandie », « ici », « en partie : Rouen, Canteleu »."""
        if self.ici:
            return "ici"
        if self.via:
            return f"couvert via {enumerer(self.via)}"
        if self.via_en_partie:
            return f"en partie, via {enumerer(self.via_en_partie)}"
        return f"en partie : {enumerer(self.dedans)}"


def enumerer(territoires: list[Territoire]) -> str:
    noms = [territoire.nom for territoire in territoires[:CITES]]
    reste = len(territoires) - len(noms)
    return ", ".join(noms) + (f" et {reste} autre{'s' if reste > 1 else ''}" if reste else "")


def perimetres(territoire: Territoire, fiches: Iterable[int] | None = None) -> dict[int, Perimetre]:
    """Return, by fiche, how the published fiches concern this territory: all of them, or those given. One query."""
    haut = Inclusion.objects.filter(contenu=territoire, contenant=OuterRef("territoire"))
    bas = Inclusion.objects.filter(contenant=territoire, contenu=OuterRef("territoire"))
    liens = (
        Fiche.territoires.through.objects.filter(fiche__etat=Fiche.Etat.PUBLIEE)
        .annotate(haut=Exists(haut), bas=Exists(bas), partielle=Subquery(haut.values("partielle")[:1]))
        .filter(Q(haut=True) | Q(bas=True))
        .select_related("territoire")
        .order_by("-territoire__population", "territoire__nom")
    )
    if fiches is not None:
        liens = liens.filter(fiche__in=list(fiches))
    trouves: dict[int, Perimetre] = {}
    for lien in liens:
        perimetre = trouves.setdefault(lien.fiche_id, Perimetre())
        if lien.territoire_id == territoire.pk:
            perimetre.ici = True
        elif lien.haut:  # type: ignore[attr-defined]  # annotated
            (perimetre.via_en_partie if lien.partielle else perimetre.via).append(lien.territoire)  # type: ignore[attr-defined]
        else:
            perimetre.dedans.append(lien.territoire)
    return trouves
