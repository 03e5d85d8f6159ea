"""« Le CLS à Elbeuf »: the card that answers before the list, when a search names a scheme, or QPV, and a place."""

import re
from dataclasses import dataclass, field
from datetime import date

from dispositifs.models import Absence, DispositifLocal, DispositifLocalQuerySet
from dispositifs.perimetre import Perimetre
from recherche.proximite import distance
from recherche.sujets import Sujet
from territoires.models import Territoire

MONTRES = 5
ARTICLE = re.compile(r"(?:le|la|les)\s|l[’']", re.IGNORECASE)


@dataclass(frozen=True)
class Reponse:
    """What the base knows of one scheme, of the QPV, or of whom to turn to (no `sujet`), in one place."""

    sujet: Sujet | None
    territoire: Territoire
    combien: int = 0
    locaux: list[DispositifLocal] = field(default_factory=list)
    absence: Absence | None = None
    quartiers: list[Territoire] = field(default_factory=list)

    @property
    def nom(self) -> str:
        if not self.sujet:
            return "qui contacter"
        return "quartiers prioritaires" if self.sujet.quartiers else self.sujet.nom

    @property
    def titre(self) -> str:
        """« CLS à Elbeuf »; with an article in its name, the place stands apart: « CLS : Le Havre »."""
        nom = f"{self.nom[0].upper()}{self.nom[1:]}"
        simple = self.territoire.nature == Territoire.Nature.COMMUNE and not ARTICLE.match(self.territoire.nom)
        return f"{nom} à {self.territoire.nom}" if simple else f"{nom}\u00a0: {self.territoire.nom}"

    @property
    def reste(self) -> int:
        return self.combien - len(self.locaux or self.quartiers)

    def lignes(self, liens: dict[int, Perimetre]) -> list[tuple[DispositifLocal, Perimetre]]:
        """Return the local schemes, each with how it concerns the territory: what covers it all first."""
        lignes = [(local, liens[local.pk]) for local in self.locaux if local.pk in liens]
        return sorted(lignes, key=lambda ligne: not ligne[1].entier)


def locaux_de(sujet: Sujet | None, territoire: Territoire) -> DispositifLocalQuerySet:
    """Return the local schemes of this kind that concern a territory; of any kind, those whose porteur is known."""
    locaux = DispositifLocal.objects.visibles_pour().concernant(territoire)
    return locaux.filter(dispositif__slug=sujet.slug) if sujet else locaux.exclude(porteur="")


def repondre(sujet: Sujet | None, territoire: Territoire, combien: int, jour: date) -> Reponse:
    """Return what is known of this in this place; `combien`: local schemes there are. One query."""
    if sujet and sujet.quartiers:
        quartiers = Territoire.objects.actifs().contenus_dans(territoire).filter(nature=Territoire.Nature.QPV)
        tous = list(quartiers.order_by("nom"))
        return Reponse(sujet, territoire, len(tous), quartiers=tous[:MONTRES])
    if sujet and not combien:
        absences = Absence.objects.filter(dispositif__slug=sujet.slug, territoire__inclus__contenu=territoire)
        absence = absences.select_related("territoire").order_by("-constatee_le").first()
        return Reponse(sujet, territoire, absence=absence)
    locaux = locaux_de(sujet, territoire).en_cartes().avec_etat(jour)
    proches = locaux.order_by(distance(territoire, dedans=9), "-vu_le", "titre")
    return Reponse(sujet, territoire, combien, list(proches[:MONTRES]) if combien else [])
