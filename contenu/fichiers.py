"""Reading a content file: a plain YAML, bounded; whatever is wrong with it is said in a sentence, with its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError

OCTETS_AU_PLUS = 2_000_000  # of a file; the largest of ours has a twentieth of that
PROFONDEUR = 20
# The loader parses hundreds of files: the C parser of PyYAML is ten times faster, where the wheel has it.
LECTEUR = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContenuInvalide(Exception):
    """Some content files are wrong; the message lists every error, one a line, with its file."""


def lire(chemin: Path, attendu: type = dict) -> Any:
    """Return what a file says; raise ContenuInvalide for whatever is not a plain YAML of this kind."""
    with _fichier(chemin):
        with chemin.open("rb") as fichier:
            octets = fichier.read(OCTETS_AU_PLUS + 1)
        if len(octets) > OCTETS_AU_PLUS:
            raise ContenuInvalide(f"{chemin.name} : plus de {OCTETS_AU_PLUS // 1_000_000} Mo, c’est trop")
        _refuser_les_pieges(chemin, octets)
        lu = yaml.load(octets, LECTEUR)  # noqa: S506  (a safe loader either way)
    if not isinstance(lu, attendu):
        raise ContenuInvalide(f"{chemin.name} : {'une liste' if attendu is list else 'des clés'} attendues à la racine")
    return lu


def _refuser_les_pieges(chemin: Path, octets: bytes) -> None:
    """Refuse what the reader would follow without end: aliases, that content files do not need, and deep nesting."""
    profondeur = 0
    for evenement in yaml.parse(octets, LECTEUR):
        ou = f"{chemin.name}, ligne {evenement.start_mark.line + 1}"  # type: ignore[union-attr]  # it has one when read
        if isinstance(evenement, yaml.AliasEvent):
            raise ContenuInvalide(f"{ou} : les alias ne sont pas admis")
        if isinstance(evenement, yaml.CollectionStartEvent):
            profondeur += 1
            if profondeur > PROFONDEUR:
                raise ContenuInvalide(f"{ou} : des listes dans des listes, trop profondes")
        elif isinstance(evenement, yaml.CollectionEndEvent):
            profondeur -= 1


@contextmanager
def lu(chemin: Path, attendu: type = dict) -> Iterator[Any]:
    """Give what a file says, to be used there: what is wrong with it is told with its name."""
    with _fichier(chemin):
        yield lire(chemin, attendu)


@contextmanager
def _fichier(chemin: Path) -> Iterator[None]:
    """Say in one sentence which file is wrong, and where if YAML knows, whatever it holds."""
    try:
        yield
    except yaml.YAMLError as erreur:
        marque = getattr(erreur, "problem_mark", None)
        ou = f"{chemin.name}, ligne {marque.line + 1}" if marque else chemin.name
        raise ContenuInvalide(f"{ou} : ce n’est pas du YAML valide") from erreur
    except OSError as erreur:
        raise ContenuInvalide(f"{chemin.name} : ce fichier ne se lit pas") from erreur
    except KeyError as erreur:
        raise ContenuInvalide(f"{chemin.name} : clé absente ou inconnue, {erreur.args[0]}") from erreur
    except (
        LookupError,
        TypeError,
        AttributeError,
        ValueError,
        ArithmeticError,
        DataError,
        ObjectDoesNotExist,
    ) as erreur:
        raise ContenuInvalide(f"{chemin.name} : une valeur n’est pas de la forme attendue") from erreur
