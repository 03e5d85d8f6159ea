"""The dispositifs that a reader puts side by side while looking at lists: they go along in every address."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.urls import reverse

from dispositifs.models import COMPARES_AU_PLUS
from fiches.gabarits import Nature
from fiches.models import Fiche
from recherche.adresses import Adresses, Lien


class AComparer:
    """Those that an address carries: `?d=asv&d=cls`."""

    def __init__(self, slugs: Iterable[str], noms: Mapping[str, str]):
        """`noms`: the name of each dispositif by slug; what is not one of them is left out."""
        self.slugs = [slug for slug in dict.fromkeys(slugs) if slug in noms][:COMPARES_AU_PLUS]
        self.noms = noms

    @property
    def portes(self) -> tuple[tuple[str, str], ...]:
        """The parameters that carry them."""
        return tuple(("d", slug) for slug in self.slugs)

    @property
    def suite(self) -> str:
        """What the address of a dispositif carries on."""
        return f"?{urlencode(self.portes)}" if self.slugs else ""

    @property
    def adresse(self) -> str:
        """The address of the page that compares them."""
        return reverse("comparer") + self.suite

    def retraits(self, adresses: Adresses) -> list[Lien]:
        """Return each of them, with the address of the list without it."""
        return [
            Lien(self.noms[slug], adresses.comparant(autre for autre in self.slugs if autre != slug))
            for slug in self.slugs
        ]

    def ajout(self, fiche: Fiche, adresses: Adresses, page: int) -> str:
        """Return the address of this page of the list with one more; none when this fiche cannot be added."""
        if fiche.nature != Nature.DISPOSITIF or fiche.slug in self.slugs or len(self.slugs) >= COMPARES_AU_PLUS:
            return ""
        return adresses.comparant([*self.slugs, fiche.slug], page)
