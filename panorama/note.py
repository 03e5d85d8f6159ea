"""The note for a council: what is known of a territory, what is not, what others did, whom to call; sources numbered.

One shape for the page, the PDF and the DOCX: blocks of plain text, of which one chooses those to keep.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from dispositifs.age import A_VERIFIER, ABSENT, COUVERT, COUVRENT, FINI, INCONNU, EtatLocal, duree_en_mots
from dispositifs.models import DispositifLocal
from fiches.sources import reference
from francais.balises import enumeration
from francais.balises import jour as en_mots
from panorama.concerne import Groupe, Ligne, cases, ce_qui_concerne, par_dispositif
from panorama.couverture import MOTS, Case, suivis_et_absences
from panorama.impression import Element, Genre, Imprime, Partie
from panorama.resume import EN_PARTIE
from panorama.semblables import Semblables, Voisine, semblables
from territoires.millesimes import mention
from territoires.models import Contact, Territoire

BLOCS = {
    "dispositifs": "Ce qui nous couvre",
    "aussi": "Ce qui existe aussi",
    "verifier": "Ce qu’il faut vérifier",
    "echeances": "Ce qui va finir",
    "villes": "Des territoires comparables",
    "contacts": "Qui appeler",
    "sources": "Les sources",
}
COLONNES = ("Dispositif", "Aujourd’hui", "Ce qu’on sait")
AUSSI, ECHEANCES, VILLES, ACTIONS, CITES = 6, 6, 3, 2, 4  # the most that two pages hold
# What a part that one asked for says when it has nothing to tell.
RIEN = {
    "dispositifs": "Aucun dispositif n’est suivi ici",
    "aussi": "Rien d’autre, à notre connaissance, n’est en vigueur sur tout le territoire",
    "verifier": "Rien, à notre connaissance, n’est à vérifier",
    "echeances": "Rien, à notre connaissance, ne finit dans l’année",
    "villes": "Nous ne connaissons pas de territoire comparable",
    "contacts": "Nous ne connaissons pas encore qui appeler",
    "sources": "Aucune source n’est citée",
}


class Fait(NamedTuple):
    """A line: what it is about, what is said of it, the numbers of the sources that say it, where to read more.

    Whom to call has a function, said before its name.
    """

    nom: str
    texte: str = ""
    sources: Collection[int] = ()
    adresse: str = ""  # of this site, or of somebody's page
    fonction: str = ""

    def __str__(self) -> str:
        """As it is printed, where no link leads: whom to call says its address."""
        if self.fonction:
            return f"{self.fonction}\u00a0: {', '.join(filter(None, (self.nom, self.texte, self.adresse)))}"
        appels = "".join(f" [{numero}]" for numero in self.sources)
        return f"{self.nom}\u00a0: {self.texte}{appels}" if self.texte else f"{self.nom}{appels}"


@dataclass
class Rangee:
    """One of the followed schemes, its state here (`dispositifs.age.COUVERTURES`, or `EN_PARTIE`), what makes it so."""

    dispositif: str
    etat: str
    mots: str
    faits: list[Fait]


@dataclass
class Bloc:
    """A part of the note: a table of schemes, or lines."""

    cle: str  # of `BLOCS`
    precision: str = ""  # how its lines were chosen
    rangees: list[Rangee] = field(default_factory=list)
    faits: list[Fait] = field(default_factory=list)

    @property
    def titre(self) -> str:
        return ", ".join(filter(None, (BLOCS[self.cle], self.precision)))

    @property
    def rien(self) -> str:
        """What it says in place of its lines when it has none."""
        return "" if self.rangees or self.faits else f"{RIEN[self.cle]}."

    @property
    def numerote(self) -> bool:
        return self.cle == "sources"

    @property
    def elements(self) -> Iterator[Element]:
        """What it prints: its table, its lines, or that there is none."""
        if self.rien:
            yield Element(Genre.TEXTE, [self.rien])
        if self.rangees:
            rangees = [[[r.dispositif], [r.mots], [str(fait) for fait in r.faits]] for r in self.rangees]
            yield Element(Genre.TABLEAU, colonnes=COLONNES, rangees=rangees)
        if self.faits:
            yield Element(Genre.NUMEROS if self.numerote else Genre.PUCES, [str(fait) for fait in self.faits])


@dataclass
class Note:
    territoire: Territoire
    jour: date
    blocs: list[Bloc]

    @property
    def titre(self) -> str:
        return f"Note sur la santé\u00a0: {self.territoire.titre}"

    @property
    def en_clair(self) -> str:
        """What an élu should remember, in three sentences at most."""
        debuts = {
            COUVERT: "En vigueur aujourd’hui",
            A_VERIFIER: f"Vus il y a plus de {duree_en_mots()}, à vérifier",
            EN_PARTIE: "Connus dans une partie du territoire",
            INCONNU: "On ne sait pas encore",
        }
        rangees = self.blocs[0].rangees
        noms = {etat: [rangee.dispositif for rangee in rangees if rangee.etat == etat] for etat in debuts}
        return " ".join(f"{debut}\u00a0: {enumeration(noms[etat])}." for etat, debut in debuts.items() if noms[etat])

    @property
    def legende(self) -> list[Fait]:
        duree = duree_en_mots()
        mots = {
            MOTS[COUVERT]: f"une fin à venir, ou vu par une source il y a moins de {duree}",
            MOTS[A_VERIFIER]: f"vu il y a plus de {duree}, sans fin connue",
            "terme passé": "la fin qu’une source donnait est passée, suite inconnue",
            MOTS[FINI]: "une source le dit",
            MOTS[ABSENT]: "une source dit qu’il n’y en a pas",
            "connu en partie": "pour une partie du territoire seulement",
            MOTS[INCONNU]: "personne ne nous l’a dit\u00a0; cela ne veut pas dire «\u00a0absent\u00a0»",
        }
        return [Fait(etat.capitalize(), dit) for etat, dit in mots.items()]

    @property
    def decoupage(self) -> str:
        return mention(self.territoire.millesimes)

    def retenus(self, cles: Collection[str]) -> list[Bloc]:
        """Return the blocks of these keys; all of them when none is asked."""
        return [bloc for bloc in self.blocs if bloc.cle in cles or not cles]

    def citees(self, blocs: list[Bloc]) -> list[str]:
        """Return the addresses that these blocks lead to, in order, once each."""
        faits = (fait for bloc in blocs for fait in [*(f for r in bloc.rangees for f in r.faits), *bloc.faits])
        return [*dict.fromkeys(fait.adresse for fait in faits if fait.adresse)]

    def imprimer(self, blocs: list[Bloc], ligne: str) -> Imprime:
        """Return these blocks and a line of one's own, as they are printed."""
        etats = [Element(Genre.PUCES, [str(fait) for fait in self.legende])]
        legende = Partie("Comment lire les états", [*etats, Element(Genre.TEXTE, [self.decoupage])])
        return Imprime(
            titre=self.titre,
            resume=self.en_clair,
            date=en_mots(self.jour),
            adresse=self.territoire.get_absolute_url(),
            ligne=ligne,
            parties=[*(Partie(bloc.titre, [*bloc.elements]) for bloc in blocs), legende],
        )


def note(territoire: Territoire, jour: date) -> Note:
    """Return the whole note of a territory on a day. Nine queries."""
    concerne = ce_qui_concerne(territoire, jour)
    suivis, absences = suivis_et_absences(territoire)
    connues = cases(territoire, concerne, suivis, absences, jour)
    lignes = {ligne.fiche.pk: ligne for ligne in concerne.lignes}
    en_partie = par_dispositif(concerne.en_partie)
    principaux = {local.pk for case in connues for local in case.locaux}
    entiers = [ligne for ligne in lignes.values() if ligne.perimetre.entier and ligne.fiche.pk not in principaux]
    aussi = [ligne for ligne in entiers if ligne.fiche.etat_local in COUVRENT]
    finissent = [ligne for ligne in lignes.values() if ligne.fiche.etat_local == EtatLocal.FIN_PROCHE]
    finissent = sorted(finissent, key=lambda ligne: ligne.fiche.fin)[:ECHEANCES]
    sources = Sources([*principaux, *(ligne.fiche.pk for ligne in [*aussi[:AUSSI], *finissent])])
    blocs = [
        Bloc(
            "dispositifs",
            rangees=[_rangee(case, lignes, en_partie, sources) for case in connues],
        ),
        Bloc("aussi", faits=[_fait(ligne, sources) for ligne in aussi[:AUSSI]]),
        Bloc("verifier", faits=[question for case in connues if (question := _question(case, en_partie))]),
        Bloc("echeances", faits=[_echeance(ligne, sources) for ligne in finissent]),
        _villes(semblables(territoire, jour)),
        Bloc("contacts", faits=[_contact(contact) for contact in Contact.objects.pour(territoire)]),
        Bloc("sources", faits=[Fait(texte) for texte in sources.textes]),
    ]
    return Note(territoire, jour, blocs)


class Sources:
    """The sources of some local schemes, numbered as they are called, once each. One query."""

    def __init__(self, locaux: Iterable[int]):
        lus = DispositifLocal.objects.filter(pk__in=locaux).values_list("pk", "contenu")
        self._contenus: dict[int, dict[str, Any]] = dict(lus)
        self.textes: list[str] = []

    def numeros(self, local: DispositifLocal) -> list[int]:
        """Return the numbers of those of its last statement."""
        contenu = self._contenus[local.pk]
        derniers = [constat["source"] for constat in contenu["constats"] if constat["le"] == local.vu_le]
        return sorted({self.numero(reference(s)) for s in contenu["sources"] if s["cle"] in derniers})

    def numero(self, texte: str) -> int:
        if texte not in self.textes:
            self.textes.append(texte)
        return self.textes.index(texte) + 1


def _rangee(
    case: Case, lignes: dict[int, Ligne[DispositifLocal]], en_partie: dict[int, Groupe], sources: Sources
) -> Rangee:
    nom = case.dispositif.nom_complet
    if case.etat == ABSENT and case.absence:
        dite = case.absence.precision or "une source le dit"
        faits = [Fait(f"{dite.rstrip('.')}.", sources=[sources.numero(case.absence.source)])]
        return Rangee(nom, ABSENT, f"{MOTS[ABSENT]} {case.precision}".capitalize(), faits)
    if case.etat == INCONNU and (groupe := en_partie.get(case.dispositif.pk)):
        titres = [ligne.fiche.titre for ligne in groupe.lignes]
        autres = f" et {len(titres) - CITES} autres" * (len(titres) > CITES)
        return Rangee(
            nom, EN_PARTIE, f"Connu en partie ({groupe.nombre})", [Fait(f"{', '.join(titres[:CITES])}{autres}.")]
        )
    faits = [_fait(lignes[local.pk], sources) for local in case.locaux]
    return Rangee(nom, case.etat, case.etat_en_mots.capitalize(), faits)


def _fait(ligne: Ligne[DispositifLocal], sources: Sources) -> Fait:
    local = ligne.fiche
    dates = filter(None, (local.debut.depuis, local.fin.jusque))
    dit = ", ".join([ligne.perimetre.en_mots, *dates, f"vu {local.vu_le.situee}"])
    return Fait(local.titre, f"{dit}.", sources.numeros(local), local.get_absolute_url())


def _echeance(ligne: Ligne[DispositifLocal], sources: Sources) -> Fait:
    local = ligne.fiche
    return Fait(local.titre, f"fin {local.fin.situee}.", sources.numeros(local), local.get_absolute_url())


def _question(case: Case, en_partie: Collection[int]) -> Fait | None:
    if case.etat == INCONNU:
        if case.dispositif.pk in en_partie:
            return None
        return Fait(case.dispositif.nom_complet, "y en a-t-il un, ou un projet\u00a0?")
    if case.contredite:
        return Fait(case.locaux[0].titre, "une source plus récente dit qu’il n’y en a pas.")
    if case.etat == A_VERIFIER:
        return Fait(case.locaux[0].titre, f"toujours actif\u00a0? Dernière trace {case.locaux[0].vu_le.situee}.")
    if case.etat == FINI:
        return Fait(case.locaux[0].titre, f"{case.etat_en_mots}\u00a0; quelle suite\u00a0?")
    return None


def _villes(semblables: Semblables) -> Bloc:
    """Return the most alike of those where an action is told; without any, the most alike."""
    if not semblables.actives:
        return Bloc("villes", faits=[_ville(voisine) for voisine in semblables.proches[:VILLES]])
    faits = []
    for voisine in semblables.actives[:VILLES]:
        cites = [f"«\u00a0{idee.action.titre}\u00a0»" for idee in voisine.actions[:ACTIONS]]
        faits.append(_ville(voisine, f"À regarder\u00a0: {enumeration(cites)}"))
    return Bloc("villes", precision="choisis parce qu’une action y est racontée", faits=faits)


def _ville(voisine: Voisine, *phrases: str) -> Fait:
    en_vigueur = [f"En vigueur\u00a0: {', '.join(voisine.dispositifs)}"] if voisine.dispositifs else []
    raisons = "\u00a0; ".join(voisine.raisons)
    texte = f"{'. '.join([raisons, *en_vigueur, *phrases])}."
    return Fait(voisine.territoire.nom_complet, texte, adresse=voisine.territoire.get_absolute_url())


def _contact(contact: Contact) -> Fait:
    joindre = ", ".join(filter(None, (contact.telephone, contact.courriel)))
    return Fait(contact.organisme, joindre, adresse=contact.url, fonction=contact.get_fonction_display())
