"""What words name alone: a kind of scheme by its title, its sigle, another name or a synonym; the QPV of a place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from fiches.gabarits import Nature
from francais.caracteres import sans_accents

QUARTIERS = frozenset([("qpv",), ("quartier",), ("quartier", "prioritaire")])
# Left out to compare names: « le CLS à Elbeuf », « contrats de ville ».
PETITS_MOTS = frozenset("a au aux d de des du en et l la le les pour sur un une".split())
MOT = re.compile(r"[^\W\d_]+")  # « CLS2 », « CLS 3 »: the second, the third
POINTS = re.compile(r"\b([^\W\d_])\.(?=[^\W\d_]\b)")  # « C.L.S. »
PLURIEL = re.compile(r"(?<!e)aux$")  # locaux; réseaux only loses its x
# First words of titles, for their article.
SINGULIERS = frozenset("parcours pays vivons".split())
FEMININS = frozenset(
    "charte communauté contractualisation convention démarche équipe maison médiation mesure mission mutuelle"
    " permanence plateforme politique rénovation ville".split()
)
NOM_ET_SIGLE = re.compile(r"(?P<titre>.*?)(?: \((?P<sigle>[^()]*)\))?")


@dataclass(frozen=True)
class Sujet:
    """What words name: a kind of scheme, or priority neighbourhoods, that may be no scheme of the base."""

    slug: str = ""
    nom_complet: str = ""  # « Contrat local de santé (CLS) »
    quartiers: bool = False

    @property
    def adresse(self) -> str:
        return reverse(Nature.DISPOSITIF.route, args=[self.slug])

    @property
    def nom(self) -> str:
        """The scheme in a sentence: its sigle, or its name without a capital."""
        titre, sigle = NOM_ET_SIGLE.fullmatch(self.nom_complet).groups()  # type: ignore[union-attr]
        return sigle or f"{titre[:1].lower()}{titre[1:]}"

    @property
    def un(self) -> str:
        """« un CLS », « une MSP », « des semaines »: the article of the scheme, after the first word of its title."""
        premier = self.nom_complet.partition(" ")[0].lower()
        return "des" if premier.endswith("s") and premier not in SINGULIERS else "une" if premier in FEMININS else "un"


class Sujets:
    """All that may be named, by the words of its names that count."""

    def __init__(self, noms: Mapping[str, str], autres_noms: Mapping[str, str], synonymes: Mapping[str, str]):
        """`noms`: the schemes by slug, each as « Titre (SIGLE) »; `autres_noms`: the slug that each of these means;
        `synonymes`: the words that others stand for."""
        self.noms = noms
        self.slugs = {_reduire(nom): slug for nom, slug in autres_noms.items()}
        for slug, nom in noms.items():
            trouve = NOM_ET_SIGLE.fullmatch(nom)
            self.slugs |= {_reduire(partie): slug for partie in (trouve.groups() if trouve else [nom]) if partie}
        voisins = {_reduire(mots): self.slugs.get(_reduire(voisin)) for mots, voisin in synonymes.items()}
        self.slugs = {mots: slug for mots, slug in voisins.items() if slug} | self.slugs

    def nommer(self, mots: str) -> Sujet | None:
        """Return what these words name, if they name anything and nothing else."""
        cle = _reduire(mots)
        slug = self.slugs.get(cle, "") if cle else ""
        quartiers = cle in QUARTIERS
        return Sujet(slug, self.noms[slug] if slug else "", quartiers) if slug or quartiers else None


def _reduire(texte: str) -> tuple[str, ...]:
    """Return the words that count, without accents, capitals nor the mark of the plural."""
    mots = MOT.findall(POINTS.sub(r"\1", sans_accents(texte.replace("’", "'"))).replace("'", " "))
    return tuple(PLURIEL.sub("al", mot).rstrip("sx") for mot in mots if mot not in PETITS_MOTS)
