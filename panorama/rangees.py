"""The rows of the coverage table: those asked for, those that say the same together, all of them to take away."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from dispositifs.age import A_VERIFIER, ABSENT, COUVERT, FINI, INCONNU
from dispositifs.models import DispositifLocal
from panorama.couverture import MOTS, Case, Couverture, Rangee
from territoires.models import Territoire

LISTE = "liste"  # `?vue=liste`: one row a place
# `?voir=`: the rows that have a cell in this state.
VOIR = {"tout": "", "couverts": COUVERT, "a-verifier": A_VERIFIER, "inconnus": INCONNU}
COLONNES = "territoire;lieu;intercommunalite;dispositif;etat;date;fin;chemin;precision;source;fiche;decoupage".split(
    ";"
)


def montrer(rangees: Iterable[Rangee], voir: str) -> list[Rangee]:
    """Return the rows that have a cell in the state asked for: all of them for any other word."""
    etat = VOIR.get(voir)
    return [rangee for rangee in rangees if not etat or any(case.etat == etat for case in rangee.cases)]


def reunir(rangees: Iterable[Rangee], territoire: Territoire) -> list[Rangee]:
    """Put together the places whose cells say the same: the most covered first, then the most numerous."""
    semblables: dict[tuple, list[Rangee]] = {}
    for rangee in rangees:
        semblables.setdefault(tuple(case.dit for case in rangee.cases), []).append(rangee)
    reunies = [
        Rangee([r.lieu for r in groupe], groupe[0].cases, territoire) if len(groupe) > 1 else groupe[0]
        for groupe in semblables.values()
    ]
    return sorted(reunies, key=_rang)


def _rang(rangee: Rangee) -> tuple:
    etats = [case.etat for case in rangee.cases]
    connus = [-etats.count(etat) for etat in (COUVERT, A_VERIFIER, FINI, ABSENT)]
    return *connus, -len(rangee.lieux), rangee.lieu.rang_alphabetique


def en_tableau(couverture: Couverture, decoupage: str) -> Iterator[list[str]]:
    """Yield one row for each place and scheme, one column for each value, after their names. One query.

    The territory is written with its nature, `commune:01011`: no spreadsheet makes a number of it. `decoupage`: the
    vintages that the table speaks of.
    """
    yield COLONNES
    pks = {local.pk for rangee in couverture.rangees for case in rangee.cases for local in case.locaux}
    sources = {local.pk: local.source_du_constat for local in DispositifLocal.objects.filter(pk__in=pks)}
    for rangee in couverture.rangees:
        for case in rangee.cases:
            lieu = rangee.lieu
            situation = [lieu.designation, lieu.nom_situe, rangee.intercommunalite]
            yield [*situation, case.dispositif.nom_court, MOTS[case.etat], *_valeurs(case, sources), decoupage]


def avec_code(tableau: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the same rows, their official code before them: for files whose texts stay texts."""
    yield ["code", *next(tableau)]
    for ligne in tableau:
        yield [ligne[0].partition(":")[2], *ligne]


def _valeurs(case: Case, sources: dict[int, str]) -> list[str]:
    """Return the date, the end, the paths, what is added, the sources and the fiches of a cell."""
    if case.etat == ABSENT and case.absence:
        return [case.absence.constatee_le, "", "", case.absence.precision, case.absence.source, ""]
    if case.etat == INCONNU:
        return ["", "", "", case.precision, "", ""]
    chemins = case.via if case.etat == COUVERT else ()
    fiches = [settings.SITE_URL + local.get_absolute_url() for local in case.locaux]
    dites = dict.fromkeys(sources[local.pk] for local in case.locaux)
    return [case.vu_le, case.terme, ", ".join(chemins), case.mention, " ; ".join(dites), " ".join(fiches)]
