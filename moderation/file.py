"""The queue of moderators: propositions, new fiches, cases of reports and appeals in one list, the gravest first.

Each kind is one bounded query; they are put together, counted and cut into pages in memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone
from django.utils.text import Truncator

from contributions import delais
from contributions.models import Depot, Dossier, Message, Portee, Proposition, Recours, Signalement
from contributions.signaler.cibles import nommer_cible
from fiches.models import Fiche
from territoires.models import Inclusion, Territoire

PAR_PAGE = 20
RIEN = Q(pk__in=[])
DES_LIES = ("prise_par__nom_affiche", "prise_par__pseudonyme", "fiche__titre", "fiche__nature", "fiche__slug")
SANS_ADRESSE = ExpressionWrapper(Q(auteur=None, courriel=""), output_field=BooleanField())
PLAFOND = 1000  # of each kind, oldest first: beyond, the list says that it is not whole


class Genre(NamedTuple):
    titre: str  # of all those that wait
    nom: str  # of one
    route: str
    icone: str


GENRES = {
    "propositions": Genre("Propositions", "Proposition", "examiner", "crayon"),
    "sans_adresse": Genre("Sans adresse", "Proposition", "examiner", "crayon"),
    "nouvelles": Genre("Nouvelles fiches", "Nouvelle fiche", "examiner", "plus"),
    "signalements": Genre("Signalements", "Signalement", "traiter", "drapeau"),
    "recours": Genre("Recours", "Recours", "reexaminer", "reponse"),
    "messages": Genre("Messages", "Message", "conversation", "courrier"),
}


@dataclass(frozen=True)
class Criteres:
    """What a moderator asks of the queue. `portee`: None for the whole base."""

    portee: Portee | None = None
    theme: str = ""
    depuis: timedelta | None = None  # handed in at least so long ago
    en_retard: bool = False
    urgentes: bool = False
    prise: str = "tous"  # "libres" (nobody's or mine), "moi", "tous"
    premieres: bool = False


@dataclass(frozen=True)
class Entree:
    """A line of the queue."""

    genre: str
    pk: int
    titre: str
    fiche: str
    depuis: datetime
    endroit: str = ""
    urgente: bool = False
    prise_par: str = ""  # who holds it now, "" for nobody
    prise_par_moi: bool = False
    premiere: bool = False

    @property
    def echeance(self) -> datetime:
        return self.depuis + (delais.reponse() if self.genre == "messages" else delais.decision(urgente=self.urgente))

    @property
    def en_retard(self) -> bool:
        return self.echeance < timezone.now()

    @property
    def delai(self) -> str:
        """« En retard de 1 jour », « Reste 4 jours »."""
        return delais.reste_en_mots(self.echeance)

    @property
    def proche(self) -> bool:
        return timedelta() <= self.echeance - timezone.now() < timedelta(days=2)

    @property
    def reference(self) -> str:
        return f"{GENRES[self.genre].nom} n° {self.pk}"

    @property
    def route(self) -> str:
        return GENRES[self.genre].route

    @property
    def icone(self) -> str:
        return GENRES[self.genre].icone


class File:
    """The queue as one moderator asks for it."""

    def __init__(self, moderateur, criteres: Criteres, *, par_age: bool = False):
        self.moderateur, self.criteres = moderateur, criteres
        entrees = [*self._propositions(), *self._dossiers(), *self._recours(), *self._messages()]
        entrees = [entree for entree in entrees if self._convient(entree)]
        self.entrees = sorted(
            entrees, key=lambda e: (False if par_age else not e.urgente, e.depuis if par_age else e.echeance, e.pk)
        )
        self.comptes = Counter(entree.genre for entree in self.entrees)

    def du_genre(self, genre: str) -> list[Entree]:
        return [entree for entree in self.entrees if not genre or entree.genre == genre]

    @property
    def nb_en_retard(self) -> int:
        return sum(1 for entree in self.entrees if entree.en_retard)

    def autour(self, route: str, pk: int) -> tuple[Entree | None, Entree | None, Entree | None]:
        """Return the line before this one, its own, the line after; the first of all after what is not in the queue."""
        rang = next((n for n, entree in enumerate(self.entrees) if (entree.route, entree.pk) == (route, pk)), None)
        if rang is None:
            return None, None, next(iter(self.entrees), None)
        avant, apres = self.entrees[:rang], self.entrees[rang + 1 :]
        return next(reversed(avant), None), self.entrees[rang], next(iter(apres), None)

    def _convient(self, entree: Entree) -> bool:
        demande = self.criteres
        return not (
            (demande.urgentes and not entree.urgente)
            or (demande.en_retard and not entree.en_retard)
            or (demande.depuis and entree.depuis > timezone.now() - demande.depuis)
            or (demande.premieres and not entree.premiere)
            or (demande.prise == "moi" and not entree.prise_par_moi)
            or (demande.prise == "libres" and entree.prise_par and not entree.prise_par_moi)
        )

    def _propositions(self) -> Iterator[Entree]:
        propositions: Any
        depots = Depot.objects.filter(proposition=OuterRef("pk")).order_by("-numero")
        propositions = (
            avec_lieux(Proposition.objects.a_traiter())
            .annotate(resume=Subquery(depots.values("pourquoi")[:1]), connue=_a_deja_contribue(), anonyme=SANS_ADRESSE)
            .select_related("prise_par")
            .defer("saisie")
            .order_by("deposee_le")
        )
        propositions = self._dans_la_portee(propositions, "fiche", nouvelles=Q(fiche__isnull=True))
        for lue in a_propos(propositions[:PLAFOND], self.criteres.portee, self.criteres.theme):
            genre = "propositions" if lue.base_id else "nouvelles"
            genre, titre = "sans_adresse" if lue.anonyme else genre, lue.resume or lue.titre
            yield Entree(genre, lue.pk, titre, lue.titre, lue.deposee_le, **self._prise(lue), premiere=not lue.connue)

    def _dossiers(self) -> Iterator[Entree]:
        dossiers = (
            Dossier.objects.a_traiter()
            .select_related("prise_par", "fiche")
            .annotate(personnes=Count("signalements"))
            .only("cible", "categorie", "ouvert_le", "prise_jusqua", *DES_LIES)
            .order_by("ouvert_le")
        )
        urgentes = Q(categorie__in=Dossier.URGENTES)  # everybody's business, whatever the scope
        for dossier in self._dans_la_portee(dossiers, "fiche", toujours=urgentes)[:PLAFOND]:
            nombre = f", {dossier.personnes} personnes" if dossier.personnes > 1 else ""
            titre = f"{dossier.get_categorie_display()}{nombre}"
            ou = {"endroit": nommer_cible(dossier.fiche.nature, dossier.cible), "urgente": dossier.urgent}
            yield Entree(
                "signalements", dossier.pk, titre, dossier.fiche.titre, dossier.ouvert_le, **ou, **self._prise(dossier)
            )

    def _recours(self) -> Iterator[Entree]:
        """Appeals, those of one's own decisions left out: somebody else examines them."""
        recours = (
            Recours.objects.a_traiter()
            .select_related("mesure")
            .exclude(premier_decideur=self.moderateur)
            .exclude(Q(proposition__auteur=self.moderateur) | Q(signalement__auteur=self.moderateur))
            .annotate(titre_conteste=F("proposition__titre"), fiche_signalee=F("signalement__dossier__fiche__titre"))
            .order_by("depose_le")
        )
        recours = self._dans_la_portee(recours, "proposition__fiche", "signalement__dossier__fiche")
        for recu in recours[:PLAFOND]:
            yield Entree(
                "recours", recu.pk, recu.objet, recu.titre_conteste or recu.fiche_signalee or "", recu.depose_le
            )

    def _messages(self) -> Iterator[Entree]:
        """What authors wrote and nobody answered, whatever became of what it is about; one line a conversation."""
        attendus = Message.objects.sans_reponse()
        siens = Q(pk__in=attendus.suivies_par(self.moderateur).values("pk"))  # whatever the scope
        attendus = attendus.une_par_conversation().avec_contribution().order_by("le")
        attendus = attendus.exclude(Q(proposition__auteur=self.moderateur) | Q(signalement__auteur=self.moderateur))
        chemins = ("proposition__fiche", "signalement__dossier__fiche")
        nouvelles = Q(proposition__isnull=False, proposition__fiche=None)
        for message in self._dans_la_portee(attendus, *chemins, nouvelles=nouvelles, toujours=siens)[:PLAFOND]:
            sujet = message.contribution
            titre = Truncator(" ".join(message.texte.split())).chars(120)
            yield Entree("messages", message.pk, titre, titre_de(sujet), message.le, endroit=str(sujet).lower())

    def _prise(self, objet: Proposition | Dossier) -> dict[str, Any]:
        if not objet.reservee:
            return {}
        return {"prise_par": str(objet.prise_par), "prise_par_moi": objet.reservee_a(self.moderateur)}

    def _dans_la_portee(self, objets, *chemins: str, nouvelles: Q = RIEN, toujours: Q = RIEN):
        """Keep what is about a fiche of the scope and of the theme asked; `nouvelles` are looked at afterwards."""
        portee, theme = self.criteres.portee, self.criteres.theme
        if portee:
            objets = objets.filter(_sur(chemins, fiches_de(portee)) | nouvelles | toujours)
        if theme:
            du_theme = Fiche.objects.filter(themes__slug=theme).values("pk")
            objets = objets.filter(_sur(chemins, du_theme) | nouvelles)
        return objets


def a_propos(propositions: Iterable[Any], portee: Portee | None, theme: str = "") -> Iterator[Any]:
    """Leave out the fiches that do not exist yet and would be out of the scope, or of the theme.

    The propositions carry `lieux` and `sujets`, what a new fiche says of itself (`avec_lieux`).
    """
    lues = list(propositions)
    lieux = [designation for lue in lues if lue.fiche_id is None for designation in lue.lieux or []]
    dedans = territoires_de_la_portee(portee, lieux) if portee else set()
    suivis = {suivi.slug for suivi in portee.themes.all()} if portee else set()
    for lue in lues:
        sujets = {*(lue.sujets or [])}
        du_theme = not theme or theme in sujets
        de_la_portee = not portee or dedans & {*(lue.lieux or [])} or suivis & sujets
        if lue.fiche_id or (du_theme and de_la_portee):
            yield lue


def avec_lieux(propositions: Any) -> Any:
    """Annotate each with the territories and the themes that a new fiche says: of the others, the fiche says them."""
    depots = Depot.objects.filter(proposition=OuterRef("pk")).order_by("-numero")
    return propositions.annotate(
        lieux=_si_neuve(depots.values("recus__territoires")[:1]), sujets=_si_neuve(depots.values("recus__themes")[:1])
    )


def titre_de(contribution: Proposition | Signalement) -> str:
    """Return the title of the fiche it is about."""
    return contribution.titre if isinstance(contribution, Proposition) else contribution.dossier.fiche.titre


def _sur(chemins: tuple[str, ...], fiches) -> Q:
    condition = RIEN
    for chemin in chemins:
        condition |= Q(**{f"{chemin}__in": fiches})
    return condition


def portee_de(utilisateur) -> Portee | None:
    """Return what this moderator looks after; nothing when she did not say."""
    dite = Q(territoires__isnull=False) | Q(themes__isnull=False)
    return Portee.objects.filter(dite, utilisateur=utilisateur).prefetch_related("themes").first()


def fiches_de(portee: Portee):
    """Return the keys of the fiches in a scope: on its territories or in what they hold, or on its themes."""
    inclus = Inclusion.objects.filter(contenant__in=portee.territoires.values("pk")).values("contenu")
    attachees = Fiche.territoires.through.objects.filter(territoire__in=inclus).values("fiche")
    sujets = Fiche.themes.through.objects.filter(theme__in=portee.themes.values("pk")).values("fiche")
    return Fiche.objects.filter(Q(pk__in=attachees) | Q(pk__in=sujets)).values("pk")


def territoires_de_la_portee(portee: Portee, designations: list[str]) -> set[str]:
    """Return those of these designations that lie in the territories of the scope."""
    if not designations:
        return set()
    dedans = Inclusion.objects.filter(contenant__in=portee.territoires.values("pk")).values("contenu")
    return {t.designation for t in Territoire.objects.designes_par(designations).filter(pk__in=dedans)}


def _si_neuve(depots: QuerySet) -> Case:
    """Return what a handing in says of a fiche that does not exist yet: of the others, the fiche says it."""
    return Case(When(fiche=None, then=Subquery(depots)))


def _a_deja_contribue() -> ExpressionWrapper:
    """Say whether the same account, or the same address, had handed in something before. The first ones are listed
    once: looked for from each row, the whole history would be read as many times as there are rows."""
    du_compte = Q(auteur__isnull=False) & ~Q(pk__in=_premieres("auteur"))
    de_l_adresse = ~Q(courriel="") & ~Q(pk__in=_premieres("courriel"))
    return ExpressionWrapper(du_compte | de_l_adresse, output_field=BooleanField())


def _premieres(champ: str) -> QuerySet:
    deposees = Proposition.objects.filter(deposee_le__isnull=False).order_by()
    return deposees.values(champ).annotate(premiere=Min("pk")).values("premiere")
