"""The cache that all processes share, in the database: what allauth notes there must not be lost in silence."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connections, router

from config.indisponibilite import base_indisponible


class CachePartage(DatabaseCache):
    """Django's own, which takes for « somebody else wrote it first » any error of the database, read-only included."""

    def _base_set(self, mode: str, key: str, value: Any, *duree: Any) -> bool:
        fautes: list[DatabaseError] = []

        def noter(execute: Callable[..., Any], *arguments: Any) -> Any:
            try:
                return execute(*arguments)
            except DatabaseError as faute:
                fautes.append(faute)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(noter):
            ecrit: bool = super()._base_set(mode, key, value, *duree)  # type: ignore[misc]  # private, hence unknown to the stubs
        for faute in fautes:
            if base_indisponible(faute):
                raise faute
        return ecrit
