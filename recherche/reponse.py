"""« Le CLS à Elbeuf »: the card that answers before the list, when a search names a scheme, or QPV, and a place."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from dispositifs.models import Absence, DispositifLocal, DispositifLocalQuerySet
from fiches.gabarits import Nature
from fiches.perimetre import Perimetre
from francais.caracteres import sans_accents
from recherche.proximite import distance
from territoires.models import Territoire

MONTRES = 5
QUARTIERS = frozenset([("qpv",), ("quartier",), ("quartier", "prioritaire")])
# Left out to compare names: « le CLS à Elbeuf », « contrats de ville ».
PETITS_MOTS = frozenset("a au aux d de des du en et l la le les pour sur un une".split())
ARTICLE = re.compile(r"(?:le|la|les)\s|l[’']", re.IGNORECASE)
MOT = re.compile(r"[^\W_]+")
PLURIEL = re.compile(r"(?<!e)aux$")  # locaux; réseaux only loses its x
NOM_ET_SIGLE = re.compile(r"(?P<titre>.*?)(?: \((?P<sigle>[^()]*)\))?")


@dataclass(frozen=True)
class Sujet:
    """What words name: a kind of scheme, or the QPV, that have no slug."""

    slug: str = ""
    nom_complet: str = ""  # « Contrat local de santé (CLS) »

    @property
    def adresse(self) -> str:
        return reverse(Nature.DISPOSITIF.route, args=[self.slug])

    @property
    def nom(self) -> str:
        """The scheme in a sentence: its sigle, or its name without a capital."""
        if not self.slug:
            return "quartiers prioritaires"
        titre, sigle = NOM_ET_SIGLE.fullmatch(self.nom_complet).groups()  # type: ignore[union-attr]
        return sigle or f"{titre[0].lower()}{titre[1:]}"

    def locaux(self, territoire: Territoire) -> DispositifLocalQuerySet | None:
        """Return the local schemes of this kind that concern a territory; None for the QPV, that have none."""
        if not self.slug:
            return None
        return DispositifLocal.objects.visibles_pour().filter(dispositif__slug=self.slug).concernant(territoire)


@dataclass(frozen=True)
class Reponse:
    """What the base knows of one scheme, or of the QPV, in one place."""

    sujet: Sujet
    territoire: Territoire
    combien: int = 0
    locaux: list[DispositifLocal] = field(default_factory=list)
    absence: Absence | None = None
    quartiers: list[Territoire] = field(default_factory=list)

    @property
    def nom(self) -> str:
        return self.sujet.nom

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


def nommer(mots: str, noms: dict[str, str]) -> Sujet | None:
    """Return what these words name, if they name anything. `noms` gives the schemes by slug, as « Titre (SIGLE) »."""
    cle = _reduire(mots)
    if cle in QUARTIERS:
        return Sujet()
    return next((Sujet(slug, nom) for slug, nom in noms.items() if cle and cle in _noms_reduits(nom)), None)


def repondre(sujet: Sujet, territoire: Territoire, combien: int, jour: date) -> Reponse:
    """Return what is known of this in this place; `combien`: local schemes there are. One query."""
    if not sujet.slug:
        quartiers = Territoire.objects.actifs().contenus_dans(territoire).filter(nature=Territoire.Nature.QPV)
        tous = list(quartiers.order_by("nom"))
        return Reponse(sujet, territoire, len(tous), quartiers=tous[:MONTRES])
    locaux = sujet.locaux(territoire)
    if not combien or locaux is None:
        absences = Absence.objects.filter(dispositif__slug=sujet.slug, territoire__inclus__contenu=territoire)
        absence = absences.select_related("territoire").order_by("-constatee_le").first()
        return Reponse(sujet, territoire, absence=absence)
    proches = locaux.en_cartes().avec_etat(jour).order_by(distance(territoire, dedans=9), "-constate_le", "titre")
    return Reponse(sujet, territoire, combien, list(proches[:MONTRES]))


def _reduire(texte: str) -> tuple[str, ...]:
    """Return the words that count, without accents, capitals nor the mark of the plural."""
    mots = MOT.findall(sans_accents(texte).replace("'", " "))
    return tuple(PLURIEL.sub("al", mot).rstrip("sx") for mot in mots if mot not in PETITS_MOTS)


def _noms_reduits(nom: str) -> set[tuple[str, ...]]:
    trouve = NOM_ET_SIGLE.fullmatch(nom)
    return {_reduire(partie) for partie in (trouve.groups() if trouve else [nom]) if partie}
