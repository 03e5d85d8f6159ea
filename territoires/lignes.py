"""Territories as rows of JSON: what one query gives of them beside other things, read later by whoever asked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from territoires.models import Territoire

CHAMPS = [champ.attname for champ in Territoire._meta.concrete_fields]  # noqa: SLF001  (public, in spite of its name)


@dataclass(frozen=True)
class Requete:
    """The SQL of territories and its parameters: each row has `ordre`, and the territory as JSON, `lieu`."""

    sql: str
    parametres: dict[str, Any]

    def lignes(self) -> list[str]:
        """Return the rows, in their order. One query."""
        with connection.cursor() as curseur:
            curseur.execute(f"SELECT lieu::text FROM ({self.sql}) l ORDER BY ordre", self.parametres)  # noqa: S608  (ours)
            return [ligne for (ligne,) in curseur]


def en_territoires(lignes: Iterable[str]) -> list[Any]:
    """Return the territories of these rows, each with what its row says besides, as attributes."""
    return [_en_territoire(json.loads(ligne)) for ligne in lignes]


def _en_territoire(valeurs: dict[str, Any]) -> Any:
    territoire = Territoire.from_db(connection.alias, CHAMPS, [valeurs.pop(champ) for champ in CHAMPS])
    for borne in ("debut", "fin"):
        if ecrite := getattr(territoire, borne):
            setattr(territoire, borne, date.fromisoformat(ecrite))
    vars(territoire).update(valeurs)
    return territoire
