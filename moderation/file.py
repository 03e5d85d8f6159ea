"""The queue of moderators: propositions, new fiches, cases of reports, appeals and messages, the gravest first.

What waits (moderation/attentes.py) is put together by the database, which filters it, counts it by lane
(moderation/voies.py), cuts it into pages and walks it from line to line: no line is read that is not shown.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Value
from django.utils import timezone

from contributions.models import Portee
from moderation.attentes import ATTENTES, Attente
from moderation.entrees import Entree, Ligne
from moderation.portees import RIEN, dans_la_portee, du_theme, sur
from moderation.voies import TOUT, VOIES, dans_la_voie
from territoires.models import Territoire

PAR_PAGE = 20
A_COTE = 5  # beside what one works on
LE_PLUS_PRESSE, LE_PLUS_ANCIEN = ("-urgente", "echeance", "pk", "genre"), ("depuis", "pk", "genre")
ROUTES = {attente.genre: attente.route for attente in ATTENTES}
# Who holds them now: nobody or her, her, somebody else.
PRISES: dict[str, Callable[[int], Q]] = {
    "libres": lambda elle: Q(tenue_par=None) | Q(tenue_par=elle),
    "moi": lambda elle: Q(tenue_par=elle),
    "autres": lambda elle: Q(tenue_par__isnull=False) & ~Q(tenue_par=elle),
}


@dataclass(frozen=True)
class Criteres:
    """What a moderator asks of the queue. `portee`: None for the whole base."""

    portee: Portee | None = None
    territoire: Territoire | None = None
    theme: str = ""
    fiche: int | None = None
    cherche: str = ""  # a number, or words all of which are there
    depuis: timedelta | None = None  # handed in at least so long ago
    en_retard: bool = False
    urgentes: bool = False
    prise: str = ""  # one of PRISES
    premieres: bool = False


class Compte(NamedTuple):
    """How many wait, and how many of them longer than promised."""

    nombre: int = 0
    en_retard: int = 0


class Voisine(NamedTuple):
    """Where the line before, or after, is examined."""

    route: str
    pk: int


class Environs(NamedTuple):
    """A row of the queue, and what stands around it."""

    avant: Voisine | None
    ici: Ligne | None
    apres: Voisine | None


class File:
    """The queue as one moderator asks for it, in one lane or whole."""

    def __init__(self, moderateur, criteres: Criteres, *, voie: str = TOUT, par_age: bool = False):
        self.moderateur, self.criteres, self.voie = moderateur, criteres, voie
        self.ordre = LE_PLUS_ANCIEN if par_age else LE_PLUS_PRESSE

    @cached_property
    def comptes(self) -> dict[str, Compte]:
        """How many wait in each lane, and in the whole (`TOUT`): exact, one query."""
        rangees = list(_reunir(self._compter(attente) for attente in ATTENTES))
        sommes = [sum(colonne) for colonne in zip(*rangees, strict=True)] or [0] * 2 * (1 + len(VOIES))
        return {voie: Compte(*sommes[2 * n : 2 * n + 2]) for n, voie in enumerate((TOUT, *VOIES))}

    @property
    def nombre(self) -> int:
        return self.comptes[self.voie].nombre

    @property
    def entrees(self) -> "Entrees":
        """The lines of the lane; those of a slice are read when it is taken."""
        return Entrees(self)

    def lignes(self, condition: Callable[[Attente], Q] = lambda _: Q(), ordre: tuple[str, ...] = ()) -> QuerySet:
        """Return the rows of the lane that satisfy this too, as `Ligne` wants them, in order."""
        calculees = {nom: F(nom) for nom in ("urgente", "depuis", "echeance")}
        reunies = _reunir(
            self._demandees[attente.genre]
            .filter(dans_la_voie(self.voie, attente.genre), condition(attente))
            .annotate(genre=Value(attente.genre), **calculees)
            .values_list(*Ligne._fields)
            for attente in ATTENTES
        )
        return reunies.order_by(*(ordre or self.ordre))

    def lire(self, lignes: Iterable[tuple[Any, ...]]) -> list[Entree]:
        """Return what the page says of these rows, in their order: one query for each kind among them."""
        voulues = [Ligne(*ligne) for ligne in lignes]
        lues: dict[tuple[str, int], Entree] = {}
        for attente in ATTENTES:
            siennes = {ligne.pk: ligne for ligne in voulues if ligne.genre == attente.genre}
            if siennes:
                lues |= {(attente.genre, entree.pk): entree for entree in attente.entrees(siennes, self.moderateur)}
        return [lues[voulue.genre, voulue.pk] for voulue in voulues if (voulue.genre, voulue.pk) in lues]

    @cached_property
    def tete(self) -> list[Ligne]:
        """The first rows: what one works on is most often among them, and the page shows them beside it."""
        return [Ligne(*ligne) for ligne in self.lignes()[:A_COTE]]

    def autour(self, route: str, pk: int) -> Environs:
        """Return where the row before this one is, its own, where the row after is.

        Of what is not in the queue there is no row, and the first of all comes after.
        """
        for rang, ligne in enumerate(self.tete):
            if (ROUTES[ligne.genre], ligne.pk) == (route, pk):
                avant, suite = self.tete[rang - 1 : rang] if rang else [], self.tete[rang + 1 :]
                fini = suite or len(self.tete) < A_COTE
                return Environs(_premiere(avant), ligne, _premiere(suite if fini else self._apres(ligne)))
        trouvee = self.lignes(lambda attente: Q(pk=pk) if attente.route == route else RIEN).first()
        if trouvee is None:
            return Environs(None, None, _premiere(self.tete))
        ici, envers = Ligne(*trouvee), tuple(map(_envers, self.ordre))
        precedente = self.lignes(partial(_au_dela, ici, envers), envers)[:1]
        return Environs(_premiere(precedente), ici, _premiere(self._apres(ici)))

    def _apres(self, ici: Ligne) -> QuerySet:
        return self.lignes(partial(_au_dela, ici, self.ordre))[:1]

    def _compter(self, attente: Attente) -> QuerySet:
        """Return one row, or none: of the whole and of each lane, how many of this kind, how many of them late."""
        tard, comptes = Q(echeance__lt=timezone.now()), dict[str, Count]()
        for n, voie in enumerate((TOUT, *VOIES)):
            dedans = dans_la_voie(voie, attente.genre)
            comptes |= {f"n{n}": Count("pk", filter=dedans), f"tard{n}": Count("pk", filter=dedans & tard)}
        d_un_genre = self._demandees[attente.genre].annotate(genre=Value(attente.genre)).values("genre")
        return d_un_genre.annotate(**comptes).values_list(*comptes)

    @cached_property
    def _demandees(self) -> dict[str, QuerySet]:
        """By kind, what waits and fits what was asked, in whatever lane; a search is made once."""
        filtrees = {attente.genre: self._filtrer(attente) for attente in ATTENTES}
        if not self.criteres.cherche.strip():
            return filtrees
        trouvees: dict[str, list[int]] = {genre: [] for genre in filtrees}
        for genre, pk in _reunir(
            attente.trouves(filtrees[attente.genre], self.criteres.cherche)
            .annotate(genre=Value(attente.genre))
            .values_list("genre", "pk")
            for attente in ATTENTES
        ):
            trouvees[genre].append(pk)
        return {genre: filtrees[genre].filter(pk__in=cles) for genre, cles in trouvees.items()}

    def _filtrer(self, attente: Attente) -> QuerySet:
        demande, objets = self.criteres, attente.lignes(self.moderateur)
        if demande.portee:
            dedans = dans_la_portee(demande.portee, *attente.fiches, avec_neuves=attente.neuves)
            objets = objets.filter(dedans | attente.toujours(self.moderateur))
        if demande.territoire:
            seul = Territoire.objects.filter(pk=demande.territoire.pk).values("pk")
            objets = objets.filter(sur(seul, *attente.fiches, avec_neuves=attente.neuves))
        if demande.theme:
            objets = objets.filter(du_theme([demande.theme], *attente.fiches, avec_neuves=attente.neuves))
        objets = objets.filter(*self._conditions(attente))
        if attente.plusieurs:  # each once, though several of its fiches are concerned
            return attente.lignes(self.moderateur).filter(pk__in=objets.values("pk"))
        return objets

    def _conditions(self, attente: Attente) -> Iterator[Q]:
        demande = self.criteres
        if demande.fiche:
            yield Q(*[(chemin, demande.fiche) for chemin in attente.fiches], _connector=Q.OR)
        if demande.depuis:
            yield Q(depuis__lte=timezone.now() - demande.depuis)
        if demande.en_retard:
            yield Q(echeance__lt=timezone.now())
        if demande.urgentes:
            yield Q(urgente=True)
        if demande.premieres:
            yield Q(premiere=True)
        if demande.prise in PRISES:
            yield PRISES[demande.prise](self.moderateur.pk)


class Entrees(Sequence[Entree]):
    """The lines of a queue: as many as it counts, read a slice at a time."""

    def __init__(self, file: File):
        self.file = file

    def __len__(self) -> int:
        return self.file.nombre

    def __getitem__(self, place: Any) -> Any:
        lues = self.file.lire(self.file.lignes()[place if isinstance(place, slice) else slice(place, place + 1)])
        return lues if isinstance(place, slice) else lues[0]

    def __iter__(self) -> Iterator[Entree]:
        return iter(self[:])


def _reunir(requetes: Iterable[QuerySet]) -> QuerySet:
    premiere, *autres = requetes
    return premiere.union(*autres, all=True)


def _premiere(lignes: Iterable[tuple[Any, ...]]) -> Voisine | None:
    return next((Voisine(ROUTES[genre], pk) for genre, pk, *_ in lignes), None)


def _envers(nom: str) -> str:
    return nom.removeprefix("-") if nom.startswith("-") else f"-{nom}"


def _au_dela(ici: Ligne, ordre: tuple[str, ...], attente: Attente) -> Q:
    """Return what comes after a row in this order, among what waits of this kind."""
    suite, jusque_la = RIEN, Q()
    for nom in ordre:
        champ, sens = nom.removeprefix("-"), "lt" if nom.startswith("-") else "gt"
        valeur = getattr(ici, champ)
        if champ == "genre":  # the same for all of a kind: known before it is asked
            plus_loin = attente.genre < valeur if sens == "lt" else attente.genre > valeur
            suite |= jusque_la if plus_loin else RIEN
        else:
            suite |= jusque_la & Q(**{f"{champ}__{sens}": valeur})
            jusque_la &= Q(**{champ: valeur})
    return suite
