"""The state of a local scheme today, from what sources said of it and when: the one home of the rule of age.

A statement (`Constat`) is worth its day, and ages. No end is estimated: a source gives it, or nobody knows it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from operator import attrgetter, eq, ge, gt, lt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from francais.balises import en_lettres, pluriel
from francais.dates import DatePartielle, il_y_a

Regles = list[tuple["EtatLocal", Q]]
SANS_DATE = DatePartielle()
COMPARAISONS = {"exact": eq, "lt": lt, "gt": gt, "gte": ge}  # those that the rules use, under their names in queries


class Constat(models.TextChoices):
    """What a source says, on its day."""

    ACTIF = "actif", "Actif"
    SIGNE = "signe", "Signé"
    ADOPTE = "adopte", "Adopté"
    EN_PROJET = "en_projet", "En projet"
    TERMINE = "termine", "Terminé"


EN_VIE = (Constat.ACTIF, Constat.SIGNE, Constat.ADOPTE)


class EtatLocal(models.TextChoices):
    """State of a local scheme on a day: derived, never typed. Those in force cover, and no other."""

    EN_VIGUEUR = "en_vigueur", "En vigueur"
    FIN_PROCHE = "fin_proche", "Fin dans moins d’un an"
    A_VERIFIER = "a_verifier", "À vérifier"
    TERME_PASSE = "terme_passe", "Terme passé, suite inconnue"
    TERMINE = "termine", "Terminé"
    EN_PROJET = "en_projet", "En projet"


COUVRENT = (EtatLocal.EN_VIGUEUR, EtatLocal.FIN_PROCHE)
FINIS = (EtatLocal.TERME_PASSE, EtatLocal.TERMINE)
# The states of coverage, the one that wins first: what a scheme makes of the places it reaches. (ABSENT is said of a
# place by a source; what is but planned lets nobody know.)
COUVERT, A_VERIFIER, FINI, ABSENT, INCONNU = COUVERTURES = ("couvert", "a_verifier", "fini", "absent", "inconnu")


def couverture_de(etat: str) -> str:
    """Return the state of coverage that a local scheme in this state gives: only those in force cover."""
    if etat in COUVRENT:
        return COUVERT
    return A_VERIFIER if etat == EtatLocal.A_VERIFIER else FINI if etat in FINIS else INCONNU


def ancien(le: DatePartielle, jour: date) -> bool:
    """Return whether what was said then is to be checked on that day (`AGE_DES_CONSTATS`, in months)."""
    return le.premier_jour is None or le.premier_jour < _limite(jour)


def _limite(jour: date) -> date:
    return il_y_a(settings.AGE_DES_CONSTATS, jour)


def duree_en_mots() -> str:
    """Return how long what a source said holds (`AGE_DES_CONSTATS`): « deux ans », « un an », « 18 mois »."""
    ans, mois = divmod(settings.AGE_DES_CONSTATS, 12)
    if mois or not ans:
        return f"{en_lettres(settings.AGE_DES_CONSTATS)} mois"
    return f"{en_lettres(ans)} {pluriel(ans, 'an,ans')}"


def regles(jour: date) -> Regles:
    """Return the states in the order in which they are tried, each with the condition on columns of `Situation`.

    A date is taken at its word: an end in « 2026 » is ahead until the last day, what was seen in « 2024 » may have been
    so on the first day only.
    """
    vecu = ~Q(actif_le="")
    recent = _limite(jour)
    return [
        (EtatLocal.TERMINE, Q(constat=Constat.TERMINE)),
        (EtatLocal.EN_PROJET, Q(debut__premier_jour__gt=jour)),
        (EtatLocal.FIN_PROCHE, vecu & Q(fin__dernier_jour__gte=jour, fin__dernier_jour__lt=il_y_a(-12, jour))),
        (EtatLocal.EN_VIGUEUR, vecu & Q(fin__dernier_jour__gte=jour)),
        (EtatLocal.EN_PROJET, Q(constat=Constat.EN_PROJET, vu_le__premier_jour__gte=recent)),
        (EtatLocal.A_VERIFIER, Q(constat=Constat.EN_PROJET)),
        # Seen alive after its end, it went on: the end said is no longer the end.
        (EtatLocal.TERME_PASSE, Q(fin__dernier_jour__lt=jour, fin__dernier_jour__gte=F("actif_le__premier_jour"))),
        (EtatLocal.EN_VIGUEUR, Q(actif_le__premier_jour__gte=recent)),
        (EtatLocal.A_VERIFIER, Q()),
    ]


def etat_sql(jour: date) -> Case:
    """Return the state on that day as an expression on the columns of a local scheme."""
    *essais, (etat, _) = regles(jour)
    return Case(*(When(condition, then=Value(etat)) for etat, condition in essais), default=Value(etat))


@dataclass(frozen=True)
class Situation:
    """What the statements and the dates of a content come to; the state follows, whatever the day."""

    constat: str = ""  # the last one
    vu_le: DatePartielle = SANS_DATE
    actif_le: DatePartielle = SANS_DATE  # the last time it was seen alive
    debut: DatePartielle = SANS_DATE
    fin: DatePartielle = SANS_DATE

    @classmethod
    def de(cls, contenu: Mapping[str, Any]) -> Self:
        constats = sorted(contenu["constats"], key=lambda constat: constat["le"])
        vivants = [constat["le"] for constat in constats if constat["etat"] in EN_VIE]
        dernier = constats[-1] if constats else {"etat": "", "le": ""}
        return cls.lue(
            {
                "constat": dernier["etat"],
                "vu_le": dernier["le"],
                "actif_le": vivants[-1] if vivants else "",
                "debut": contenu["debut"],
                "fin": contenu["fin"],
            }
        )

    @classmethod
    def lue(cls, dite: Mapping[str, str]) -> Self:
        """Return the situation that `en_json` wrote."""
        dates = {nom: DatePartielle(dite[nom] or "") for nom in ("vu_le", "actif_le", "debut", "fin")}
        return cls(constat=dite["constat"], **dates)

    def en_json(self) -> dict[str, str]:
        return asdict(self)

    def etat(self, jour: date) -> EtatLocal:
        return next(etat for etat, condition in regles(jour) if _vraie(condition, self))


def _vraie(condition: Q, situation: Situation) -> bool:
    """Return whether a situation fulfils a condition, as PostgreSQL would say: nothing compares with no date."""
    faits = [_vraie(un, situation) if isinstance(un, Q) else _fait(situation, un) for un in condition.children]
    return (any(faits) if condition.connector == Q.OR else all(faits)) != condition.negated


def _fait(situation: Situation, fait: Any) -> bool:
    chemin, attendu = fait
    *noms, dernier = chemin.split("__")
    if dernier not in COMPARAISONS:
        noms, dernier = [*noms, dernier], "exact"
    valeur, autre = attrgetter(".".join(noms))(situation), attendu
    if isinstance(attendu, F):
        autre = attrgetter(str(vars(attendu)["name"]).replace("__", "."))(situation)
    return valeur is not None and autre is not None and COMPARAISONS[dernier](valeur, autre)
