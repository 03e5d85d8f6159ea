"""« Comment monter un CLSM »: the card that answers a question before the list, and leads to the section that does."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import Truncator

from dispositifs.models import COMPARES_AU_PLUS, Dispositif
from fiches.gabarits import GABARITS, Nature, Section
from fiches.models import Sigle
from fiches.rendu import en_texte
from recherche.adresses import Lien
from recherche.questions import Genre
from recherche.sujets import Sujet

SIGNES = 300  # of a paragraph
SIGNES_D_UNE_LIGNE = 160
LIGNES = 6
PUCE = "• "
# The sections that answer, the best first.
SECTIONS = {
    Genre.DIFFERENCE: ("differences", "points_attention"),
    Genre.FINANCEMENT: ("cout",),
    Genre.COUT: ("cout",),
    Genre.DUREE: ("duree",),
    Genre.CONTACT: ("contacts",),
    Genre.EVALUATION: ("evaluation",),
    Genre.PORTEUR: ("expertise",),
    Genre.UTILITE: ("objectif", "description"),
    Genre.FONCTIONNEMENT: ("demarche", "description"),
    Genre.MONTAGE: ("etapes", "preparation", "demarche", "expertise"),
    Genre.DEFINITION: ("description",),
}


@dataclass(frozen=True)
class Explication:
    """The beginning of an answer, and where it is whole."""

    titre: str
    lignes: tuple[str, ...] = ()
    en_liste: bool = False
    numerotee: bool = False
    liens: tuple[Lien, ...] = ()  # the first one is where to read on
    ou_le_dire: str = ""  # the address of the form, when nobody wrote the answer
    passages: tuple["Passage", ...] = ()


@dataclass(frozen=True)
class Passage:
    """Where one scheme answers, and the beginning of what it says."""

    nom: str
    adresse: str
    texte: str


def expliquer(genre: Genre, sujets: tuple[Sujet, ...]) -> Explication | None:
    """Return what the base says of one scheme, or of several side by side; None if they left it. One query."""
    connus = Dispositif.objects.visibles_pour().filter(slug__in=[sujet.slug for sujet in sujets])
    par_slug = {dispositif.slug: dispositif for dispositif in connus.en_cartes()}
    dispositifs = tuple(par_slug[sujet.slug] for sujet in sujets if sujet.slug in par_slug)[:COMPARES_AU_PLUS]
    if len(dispositifs) > 1:
        return _comparer(dispositifs)
    return _dire(genre, dispositifs[0]) if dispositifs else None


def reunir(genre: Genre) -> Explication | None:
    """Return where each scheme answers a question asked of none, the most frequent ones first. One query."""
    cles = SECTIONS[genre]
    connus = Dispositif.objects.visibles_pour().filter(rendu__sections__has_any_keys=cles)
    frequents = connus.annotate(nombre=Count("locaux")).order_by("-nombre", "titre")
    passages = []
    for dispositif in frequents.en_cartes()[:LIGNES]:
        cle = next(cle for cle in cles if cle in dispositif.rendu["sections"])
        adresse = f"{dispositif.get_absolute_url()}#{_section(cle).ancre}"
        debut = en_texte(dispositif.rendu["sections"][cle]).split("\n")[0].removeprefix(PUCE)
        passages.append(Passage(dispositif.nom_complet, adresse, _couper(debut, SIGNES_D_UNE_LIGNE)))
    titre = f"{genre[0].upper()}{genre[1:]}, dispositif par dispositif"
    liens = (Lien("Tous les dispositifs", reverse("dispositifs")),)
    return Explication(titre, liens=liens, passages=tuple(passages)) if passages else None


def definir(terme: str) -> Explication | None:
    """Return what the glossary says of a sigle or of a notion, if it has it. One query."""
    sigle = Sigle.objects.filter(Q(sigle__iexact=terme) | Q(developpe__iexact=terme)).order_by("pk").first()
    if sigle is None:
        return None
    lien = Lien("Tous les sigles", f"{reverse('sigles')}#s-{sigle.pk}")
    titre = f"{sigle.sigle}\u00a0: {sigle.developpe}" if sigle.developpe else sigle.sigle
    return Explication(titre, (sigle.definition,), liens=(lien,))


def _comparer(dispositifs: tuple[Dispositif, ...]) -> Explication:
    noms = [dispositif.nom_court for dispositif in dispositifs]
    titre = f"{', '.join(noms[:-1])} ou {noms[-1]}\u00a0?"
    adresse = f"{reverse('comparer')}?{urlencode([('d', dispositif.slug) for dispositif in dispositifs])}"
    passages = tuple(Passage(sien.nom_complet, sien.get_absolute_url(), sien.resume) for sien in dispositifs)
    return Explication(titre, liens=(Lien("Les comparer côte à côte", adresse),), passages=passages)


def _dire(genre: Genre, dispositif: Dispositif) -> Explication:
    titre = f"{dispositif.nom_court}\u00a0: {genre}"
    fiche = Lien(dispositif.nom_complet, dispositif.get_absolute_url())
    faits = _faits(genre, dispositif)
    html = dispositif.rendu["sections"]
    cle = next((cle for cle in SECTIONS[genre] if cle in html), "")
    if not cle:
        # Nothing to read there: the fact alone, if there is one, and the way to tell the rest.
        ou_le_dire = f"{fiche.adresse}corriger/?{urlencode({'section': SECTIONS[genre][0]})}"
        return Explication(titre, faits, liens=(fiche,), ou_le_dire=ou_le_dire)
    section = _section(cle)
    lignes = en_texte(html[cle]).split("\n")
    puces = [_couper(ligne.removeprefix(PUCE), SIGNES_D_UNE_LIGNE) for ligne in lignes if ligne.startswith(PUCE)]
    liens = (Lien(f"Lire «\u00a0{section.titre}\u00a0»", f"{fiche.adresse}#{section.ancre}"), fiche)
    if faits:
        return Explication(titre, faits, liens=liens)
    if lignes[0].startswith(PUCE):
        numerotee = html[cle].startswith("<ol")
        return Explication(titre, tuple(puces[:LIGNES]), en_liste=True, numerotee=numerotee, liens=liens)
    return Explication(titre, (_couper(lignes[0], SIGNES),), liens=liens)


def _section(cle: str) -> Section:
    return next(section for section in GABARITS[Nature.DISPOSITIF] if section.cle == cle)


def _faits(genre: Genre, dispositif: Dispositif) -> tuple[str, ...]:
    """Return what a column says of it, in a sentence."""
    if genre in (Genre.PORTEUR, Genre.CONTACT) and dispositif.porteur_type:
        return (f"Porteur habituel\u00a0: {dispositif.porteur_type}.",)
    if genre == Genre.DUREE and dispositif.duree_habituelle:
        return (f"Durée habituelle\u00a0: {dispositif.duree_habituelle}.",)
    return ()


def _couper(texte: str, signes: int) -> str:
    """Return a text of so many characters at most, cut between two words."""
    coupe = Truncator(texte).chars(signes, truncate=" …")
    return coupe if coupe == texte else f"{coupe.removesuffix(' …').rpartition(' ')[0]} …"
