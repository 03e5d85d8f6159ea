"""« Le CLS à Elbeuf »: the card that answers before the list, when a search names a scheme, or QPV, and a place."""

import re
from dataclasses import dataclass, field
from datetime import date

from dispositifs.models import Absence, Dispositif, DispositifLocal
from fiches.perimetre import Perimetre, perimetres
from francais.caracteres import sans_accents
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
class Reponse:
    """What the base knows of one scheme, or of the QPV, in one place."""

    territoire: Territoire
    dispositif: Dispositif | None = None
    locaux: list[tuple[DispositifLocal, Perimetre]] = field(default_factory=list)
    absence: Absence | None = None
    quartiers: list[Territoire] = field(default_factory=list)
    combien: int = 0

    @property
    def nom(self) -> str:
        """The scheme in a sentence: its sigle, or its name without a capital."""
        if not self.dispositif:
            return "quartiers prioritaires"
        return self.dispositif.sigle or f"{self.dispositif.titre[0].lower()}{self.dispositif.titre[1:]}"

    @property
    def titre(self) -> str:
        """« CLS à Elbeuf »; with an article in its name, the place stands apart: « CLS : Le Havre »."""
        nom = f"{self.nom[0].upper()}{self.nom[1:]}"
        simple = self.territoire.nature == Territoire.Nature.COMMUNE and not ARTICLE.match(self.territoire.nom)
        return f"{nom} à {self.territoire.nom}" if simple else f"{nom}\u00a0: {self.territoire.nom}"

    @property
    def reste(self) -> int:
        return self.combien - len(self.locaux or self.quartiers)


def repondre(mots: str, territoire: Territoire, noms: dict[str, str], jour: date) -> Reponse | None:
    """Return what is known of what these words name in this place, or None when they name nothing.

    `noms` gives the schemes by slug, each as « Titre (SIGLE) ». Two queries, none when nothing is named.
    """
    cle = _reduire(mots)
    if cle in QUARTIERS:
        quartiers = Territoire.objects.actifs().contenus_dans(territoire).filter(nature=Territoire.Nature.QPV)
        tous = list(quartiers.order_by("nom"))
        return Reponse(territoire, quartiers=tous[:MONTRES], combien=len(tous))
    slug = next((slug for slug, nom in noms.items() if cle and cle in _noms_reduits(nom)), None)
    if slug is None:
        return None
    locaux = DispositifLocal.objects.visibles_pour().filter(dispositif__slug=slug).concernant(territoire)
    connus = list(locaux.select_related("dispositif").en_cartes().avec_etat(jour).order_by("-constate_le", "titre"))
    if not connus:
        return _sans_fiche(slug, territoire)
    liens = perimetres(territoire, [local.pk for local in connus])
    connus.sort(key=lambda local: not liens[local.pk].entier)
    montres = [(local, liens[local.pk]) for local in connus[:MONTRES]]
    return Reponse(territoire, connus[0].dispositif, montres, combien=len(connus))


def _sans_fiche(slug: str, territoire: Territoire) -> Reponse:
    """What is known where no local scheme is: that a source said there was none, or nothing."""
    absences = Absence.objects.filter(dispositif__slug=slug, territoire__inclus__contenu=territoire)
    absence = absences.select_related("territoire").order_by("-constatee_le").first()
    return Reponse(territoire, Dispositif.objects.en_cartes().get(slug=slug), absence=absence)


def _reduire(texte: str) -> tuple[str, ...]:
    """Return the words that count, without accents, capitals nor the mark of the plural."""
    mots = MOT.findall(sans_accents(texte).replace("'", " "))
    return tuple(PLURIEL.sub("al", mot).rstrip("sx") for mot in mots if mot not in PETITS_MOTS)


def _noms_reduits(nom: str) -> set[tuple[str, ...]]:
    trouve = NOM_ET_SIGLE.fullmatch(nom)
    return {_reduire(partie) for partie in (trouve.groups() if trouve else [nom]) if partie}
