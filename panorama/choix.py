"""« Quel dispositif pour mon territoire ? »: answers in the address, rules that are sourced data, a ranked reply.

Nothing is decided here: a rule that fires adds its weight or rules out, and says why in words, with its source.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch

from dispositifs.models import Dispositif, Question, Regle
from territoires.models import Inclusion, Territoire

Reponses = dict[str, str]  # by question, the answers given


@dataclass
class Conseil:
    """A dispositif, and the rules that the answers fired."""

    dispositif: Dispositif
    regles: list[Regle] = field(default_factory=list)

    @property
    def note(self) -> int:
        return sum(regle.poids for regle in self.regles)

    @property
    def exclusions(self) -> list[Regle]:
        return [regle for regle in self.regles if regle.exclut]

    @property
    def existe_en(self) -> str:
        """The only territories where this dispositif exists, in words; empty when it exists anywhere."""
        return ", ".join(t.nom for t in self.dispositif.territoires.all())


@dataclass
class Choix:
    proposes: list[Conseil]  # the best first
    ecartes: list[Conseil]  # by an answer
    ailleurs: list[Conseil]  # would answer, but do not exist in this territory


def choisir(reponses: Reponses, territoire: Territoire | None) -> Choix:
    """Return what the answers lead to. Three queries: the rules, where their dispositifs exist, whether here."""
    conseils: dict[int, Conseil] = {}
    for regle in _regles():
        if reponses.get(regle.question) == regle.reponse:
            conseils.setdefault(regle.dispositif_id, Conseil(regle.dispositif)).regles.append(regle)
    ranges = sorted(conseils.values(), key=lambda c: (-c.note, -len(c.regles), c.dispositif.titre))
    hors = _hors_de_portee(territoire, conseils) if territoire else set()
    return Choix(
        proposes=[c for c in ranges if not c.exclusions and c.dispositif.pk not in hors],
        ecartes=[c for c in ranges if c.exclusions],
        ailleurs=[c for c in ranges if not c.exclusions and c.dispositif.pk in hors],
    )


def _regles() -> list[Regle]:
    """Return the rules in force, in the order of the questions."""
    publies = Dispositif.objects.visibles_pour().values("pk")
    regles = Regle.objects.filter(actif=True, dispositif__in=publies).avec_dispositif()
    portees = Prefetch("dispositif__territoires", Territoire.objects.only("nom"))
    return sorted(regles.prefetch_related(portees), key=lambda regle: Question.values.index(regle.question))


def _hors_de_portee(territoire: Territoire, dispositifs: Iterable[int]) -> set[int]:
    """Return those of the dispositifs that exist in some territories only, and not in this one. One query."""
    portee = Territoire.objects.filter(fiches=OuterRef("pk"))
    ici = Inclusion.objects.filter(contenu=territoire, contenant__fiches=OuterRef("pk"))
    restreints = Dispositif.objects.filter(pk__in=list(dispositifs)).filter(Exists(portee), ~Exists(ici))
    return set(restreints.values_list("pk", flat=True))
