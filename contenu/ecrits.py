"""The rules and synonyms of the content files, kept in step until a moderator writes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from contenu.documents import citer
from contenu.fichiers import ContenuInvalide
from dispositifs.forms import FormulaireRegle
from dispositifs.models import Regle
from recherche.forms import FormulaireSynonyme
from recherche.models import Synonyme


@dataclass(frozen=True)
class Sorte:
    place: str  # of an entry, before its rank
    repete: str
    formulaire: type[FormulaireRegle] | type[FormulaireSynonyme]
    trouver: Callable[[dict], Any]  # the row that an entry makes, if it is there already
    saisir: Callable[[dict], dict]  # an entry as the form wants it
    autres_cles: frozenset[str] = frozenset()  # besides the fields of the form


def charger_regles(entrees: list[dict], documents: dict) -> int:
    return _charger(
        entrees,
        Sorte(
            "regles.yaml, règle",
            "elle répète une autre règle",
            FormulaireRegle,
            lambda dite: Regle.objects.liant(*(dite.get(cle, "") for cle in ("dispositif", "question", "reponse"))),
            lambda dite: {"actif": True, "poids": 0, **_sourcer(dite, documents)},
            frozenset({"document", "repere"}),
        ),
    )


def charger_synonymes(entrees: list[dict]) -> int:
    return _charger(
        entrees,
        Sorte(
            "synonymes.yaml, synonyme",
            "il répète un autre synonyme",
            FormulaireSynonyme,
            lambda dit: Synonyme.objects.rapprochant(dit.get("terme", ""), dit.get("voisin", "")),
            lambda dit: {"sens": Synonyme.Sens.EGALITE, "actif": True, **dit},
        ),
    )


def _charger(entrees: list[dict], sorte: Sorte) -> int:
    """Replace the rows of the previous loading by these; those that a moderator wrote, changed or withdrew stay.

    Return the number of those that stay. Raises ContenuInvalide with all that is wrong, each with its place.
    """
    gardes: list[int] = []
    erreurs: list[str] = []
    laisses = 0
    for rang, entree in enumerate(entrees, 1):
        try:
            _refuser_les_inconnues(entree, sorte)
            deja = sorte.trouver(entree)
            if deja and not deja.du_chargement:
                laisses += 1
            else:
                gardes.append(_ecrire(entree, deja, sorte, gardes))
        except ValidationError as refus:
            erreurs += [f"{sorte.place} n° {rang}, {message}" for message in refus.messages]
    if erreurs:
        raise ContenuInvalide("\n".join(erreurs))
    sorte.formulaire.Meta.model.objects.filter(du_chargement=True).exclude(pk__in=gardes).delete()
    return laisses


def _refuser_les_inconnues(entree: dict, sorte: Sorte) -> None:
    if inconnues := set(entree) - {*sorte.formulaire.base_fields, *sorte.autres_cles}:
        raise ValidationError(f"clé inconnue : {', '.join(sorted(inconnues))}")


def _ecrire(entree: dict, deja: Any, sorte: Sorte, gardes: list[int]) -> int:
    """Save the row that this entry makes; return its key."""
    formulaire = sorte.formulaire(sorte.saisir(entree), instance=deja, du_chargement=True)
    if not formulaire.is_valid():
        raise ValidationError([f"{champ} : {m}" for champ, messages in formulaire.errors.items() for m in messages])
    if deja and deja.pk in gardes:
        raise ValidationError(sorte.repete)
    return formulaire.save().pk


def _sourcer(entree: dict, documents: dict) -> dict:
    """Return a rule with its source in words: of a document that the project knows, or given as it is."""
    if "document" not in entree:
        return entree
    cle, repere = entree["document"], entree.get("repere")
    if cle not in documents or not repere:
        raise ValidationError(f"document inconnu ou sans repère : {cle}")
    return {**entree, "source": f"{citer(cle, documents)}, {repere}", "url": documents[cle].get("url", "")}
