"""Groupées: decisions confirmed once on several equal things, each decided by the ordinary verb.

Each is decided in its own transaction: what stops one leaves the others done, and each can be taken back alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.text import Truncator

from comparaison.contenus import Difference, comparer
from contributions.models import Depot, Examinable, Proposition, RegleDeFile, Trace
from contributions.verbes import indesirables, propositions
from contributions.verbes.confiance import petits_changements
from contributions.verbes.empechements import Empechement
from contributions.verbes.traces import ecrits
from fiches.models import Fiche
from moderation.examen import Examen

BORNE = 30  # decided at once: the page shows each of them, and answers in a few seconds
EXTRAIT = 200  # signs
ENSEMBLE = 2  # fewer are read as any other


class Sorte(StrEnum):
    RAPIDES = "rapides"
    SOURCES = "sources"
    INDESIRABLES = "indesirables"


TITRES = {
    Sorte.RAPIDES: "Petits changements de personnes fiables",
    Sorte.SOURCES: "Un même remplacement de source",
    Sorte.INDESIRABLES: "Indésirables",
}


def _accepter(proposition: Proposition, par: Any, depot: int) -> None:
    propositions.accepter(proposition, par=par, depot=depot)


def _ecarter(proposition: Proposition, par: Any, depot: int, **raison: Any) -> None:
    propositions.ecarter(proposition, par=par, depot=depot, **raison)


def _disculper(proposition: Proposition, par: Any, depot: int) -> None:  # noqa: ARG001  # whatever was read
    indesirables.disculper(proposition, par=par)


VERBES: dict[str, dict[str, Callable[..., None]]] = {
    Sorte.RAPIDES: {"accepter": _accepter},
    Sorte.SOURCES: {"accepter": _accepter},
    Sorte.INDESIRABLES: {"ecarter": _ecarter, "disculper": _disculper},
}


@dataclass(frozen=True)
class Element:
    """One of those that are shown: what it changes, and why it cannot be decided with the others, if it cannot."""

    proposition: Any  # annotated with `acceptees` where its author is reliable
    depot: Depot
    differences: list[Difference]
    obstacle: str = ""

    @property
    def valeur(self) -> str:
        """What a page posts when it is ticked: the deposit that was read comes with it."""
        return f"{self.proposition.pk}-{self.depot.numero}"


@dataclass
class Bilan:
    """What became of those that were ticked: the others stay as they were, each with its reason."""

    faites: list[Proposition] = field(default_factory=list)
    laissees: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Groupe:
    """Equal things that wait. `cle`: the trace they share; of those set apart, the rule, then the trace."""

    sorte: Sorte
    cle: str = ""
    nombre: int = 0
    depuis: datetime | None = None
    exemple: str = ""

    @classmethod
    def lire(cls, nom: str) -> "Groupe | None":
        sorte, _, cle = nom.partition("-")
        return cls(Sorte(sorte), cle) if sorte in {*Sorte} else None

    @property
    def nom(self) -> str:
        return f"{self.sorte}-{self.cle}" if self.cle else self.sorte

    @property
    def adresse(self) -> str:
        return reverse("groupe", args=[self.nom])

    @property
    def titre(self) -> str:
        return f"Indésirables\u00a0: {self.regle_en_mots.lower()}" if self.regle_en_mots else TITRES[self.sorte]

    @property
    def regle_en_mots(self) -> str:
        return dict(RegleDeFile.Cle.choices).get(self.regle, "")

    @property
    def regle(self) -> str:
        """The rule that set them apart."""
        return self.cle.partition("-")[0] if self.sorte == Sorte.INDESIRABLES else ""

    @property
    def accepte(self) -> bool:
        return "accepter" in VERBES[self.sorte]

    def propositions(self, moderateur: Any) -> Any:
        """Return those that this moderator may decide on now, the oldest first."""
        if self.sorte == Sorte.RAPIDES:
            siennes: Any = petits_changements()
        elif self.sorte == Sorte.SOURCES:
            siennes = Proposition.objects.filter(pk__in=_remplacements().filter(valeur=self.cle).values(PROPOSITION))
        else:
            regle, _, vague = self.cle.partition("-")
            siennes = Proposition.objects.a_traiter().filter(mise_a_part=regle or "?", vague=vague)
        return (
            _decidables_par(moderateur, siennes)
            .select_related("fiche", "auteur", "prise_par")
            .defer("saisie")
            .order_by("deposee_le", "pk")
        )

    def elements(self, moderateur: Any) -> list[Element]:
        """Return the first of them, each with what it changes."""
        lues = self.propositions(moderateur).prefetch_related("depots__base")[:BORNE]
        return [self._element(lue, list(lue.depots.all())[-1]) for lue in lues]

    def _element(self, proposition: Proposition, depot: Depot) -> Element:
        prefixe, nature = f"p{proposition.pk}-", proposition.nature
        if not self.accepte:
            propose = comparer(nature, depot.lue, depot.proposee, prefixe=prefixe)
            return Element(proposition, depot, [*propose.differences])
        examen = Examen(proposition, depot)
        resultat = comparer(nature, examen.publiee, examen.entiere, prefixe=prefixe)
        obstacle = ""
        if examen.fusion.conflits:
            obstacle = "La fiche a changé au même endroit."
        elif examen.erreurs:
            obstacle = "Le texte qui serait publié n’est pas valide."
        elif not resultat.differences:
            obstacle = "La fiche le dit déjà."
        return Element(proposition, depot, [*resultat.differences], obstacle)


PROPOSITION = "depot__proposition"


def groupes(moderateur: Any) -> dict[str, list[Groupe]]:
    """Return what may be decided together now, by sort: how many of each, since when, one of them. A few queries."""
    siennes: Any = _decidables_par(moderateur, Proposition.objects.a_traiter()).order_by()
    rapides: Any = Groupe(Sorte.RAPIDES).propositions(moderateur).order_by().aggregate(**_comptes("pk"))
    sources: Any = _remplacements().filter(**{f"{PROPOSITION}__in": siennes.values("pk")}).values(cle=F("valeur"))
    memes = sources.annotate(**_comptes(PROPOSITION)).filter(nombre__gte=ENSEMBLE).order_by("-nombre")
    vagues = siennes.exclude(mise_a_part="").values(cle=Concat("mise_a_part", Value("-"), "vague"))
    a_part = vagues.annotate(**_comptes("pk")).order_by("-nombre")
    comptes = {
        Sorte.RAPIDES: [rapides | {"cle": ""}] if rapides["nombre"] else [],
        Sorte.SOURCES: list(memes[:BORNE]),
        Sorte.INDESIRABLES: list(a_part[:BORNE]),
    }
    lues = Proposition.objects.defer("saisie").prefetch_related("depots__base")
    premieres = lues.in_bulk([compte["premiere"] for siens in comptes.values() for compte in siens])
    return {
        sorte.value: [_groupe(sorte, premieres[compte.pop("premiere")], **compte) for compte in siens]
        for sorte, siens in comptes.items()
    }


def _groupe(sorte: Sorte, premiere: Proposition, *, cle: str, **compte: Any) -> Groupe:
    groupe = Groupe(sorte, cle.removesuffix("-"), **compte)
    return replace(groupe, exemple=_exemple(groupe, list(premiere.depots.all())[-1]))


def _comptes(chemin: str) -> dict[str, Any]:
    """Return what is asked of each group: how many propositions at the end of this way, since when, the first."""
    depuis = f"{chemin}__deposee_le".removeprefix("pk__")
    return {"nombre": Count(chemin, distinct=True), "depuis": Min(depuis), "premiere": Min(chemin)}


def _decidables_par(moderateur: Any, propositions: Any) -> Any:
    """Keep those that nobody else holds and that are not her own."""
    libres = Examinable.libre() | Examinable.tenu_par(moderateur)
    return propositions.filter(libres).exclude(auteur=moderateur)


def _exemple(groupe: Groupe, depot: Depot) -> str:
    """Return its sentence; of those set apart, what it writes first: that is where adverts are."""
    ecrit = "" if groupe.accepte else next((texte for texte in ecrits(depot) if texte.strip()), "")
    return Truncator(ecrit or depot.pourquoi).chars(EXTRAIT)


def decider(groupe: Groupe, verbe: str, choisies: Iterable[tuple[int, int]], *, par: Any, **raison: str) -> Bilan:
    """Decide so on those (number, deposit read) that are still of this group, one after the other.

    What cannot be done any more is left, with its reason.
    """
    voulues = dict(choisies)
    presentes = groupe.propositions(par).in_bulk(voulues)
    connues = Proposition.objects.visibles_pour(par).select_related("decidee_par").in_bulk(voulues)
    bilan = Bilan()
    for pk, depot in voulues.items():
        proposition = presentes.get(pk)
        if proposition is None:
            bilan.laissees.append((f"Proposition n° {pk}", _partie(connues.get(pk))))
            continue
        try:
            VERBES[groupe.sorte][verbe](proposition, par, depot, **raison)
        except (Empechement, PermissionDenied) as refus:
            bilan.laissees.append((str(proposition), str(refus)))
        else:
            bilan.faites.append(proposition)
    return bilan


def _partie(proposition: Proposition | None) -> str:
    """Return why it is not of the group any more."""
    if proposition and proposition.statut not in Proposition.A_TRAITER:
        return proposition.pourquoi_pas
    return "Elle n’est plus de ce groupe : prise par quelqu’un, ou changée depuis."


def _remplacements() -> QuerySet[Trace]:
    """Return the traces of the replacements of a source that wait, those of what was handed in last."""
    suivants = Depot.objects.filter(proposition=OuterRef(PROPOSITION), numero__gt=OuterRef("depot__numero"))
    return Trace.objects.filter(
        ~Exists(suivants),
        sorte=Trace.Sorte.REMPLACEMENT,
        depot__proposition__statut__in=Proposition.A_TRAITER,
        depot__proposition__mise_a_part="",
        depot__proposition__fiche__etat=Fiche.Etat.PUBLIEE,
    ).order_by()
