"""Lines of tables as they are read, and what they come to, made for the tests."""

from django.utils import timezone

from contributions.tableau.analyse import Analyse, Sort, analyser
from contributions.tableau.colonnes import Ligne, Role
from contributions.tableau.contenus import Document
from contributions.tableau.dits import Annonce
from dispositifs.models import Dispositif
from francais.dates import DatePartielle

MARS = DatePartielle("2025-03")
DOCUMENT = Document("Suivi des CLS", "ARS du Bocage", MARS, "")


def ligne(numero: int = 2, **cellules: str) -> Ligne:
    """Return a line of a table: a signed contract of Le Bourg, but for what is said."""
    dites = {"territoires": "Le Bourg", "etat": "Signé"} | cellules
    return Ligne("", numero, {Role(role): texte for role, texte in dites.items() if texte})


def lire(*lignes: Ligne, reponses=None, le=MARS, officiels=False) -> Analyse:
    """Return what lines come to, in a table of contracts that dates from March 2025."""
    cls = Dispositif.objects.get(slug="cls")
    annonce = Annonce(cls, le, timezone.localdate())
    return analyser(lignes or [ligne()], annonce, DOCUMENT, reponses or {}, officiels=officiels)


def seul(lue: Analyse) -> Sort:
    """Return what becomes of the only lines there are."""
    (sort,) = lue.sorts
    return sort


def questions(lue: Analyse) -> list[tuple[str, str]]:
    """Return what is asked, by role and value."""
    return [(question.role, question.valeur) for question in lue.carnet.questions.values()]
