"""Several requests at the same time, on connections of their own: to be used with the fixture `base_ouverte`."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connections

from contributions.verbes.empechements import Empechement


def ensemble(*gestes: Callable[[], Any]) -> list[Any]:
    """Do these at the same time, each in its thread with its connection; return what each gave, or was refused."""
    depart, rendus = Barrier(len(gestes)), [None] * len(gestes)

    def courir(rang: int, geste: Callable[[], Any]) -> None:
        try:
            depart.wait(10)
            rendus[rang] = geste()
        except Empechement as empechement:
            rendus[rang] = empechement
        finally:
            connections.close_all()

    fils = [Thread(target=courir, args=(n, geste)) for n, geste in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    return rendus
