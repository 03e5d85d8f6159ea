"""The disks of this machine, of which administrators are told when they are almost full.

PostgreSQL tells the role of the site nothing of its disk. What a process may measure is the file system of a folder it
may name: that of the code, of the clusters of Debian's PostgreSQL, of the backups. A database elsewhere is not seen.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

LIBRE_AU_MOINS = 10  # per cent, of what may be written without being root


def presque_pleins() -> dict[Path, int]:
    """Return what is left, in per cent, on each file system under the threshold, named by one of our folders there."""
    vus = {dossier.stat().st_dev: dossier for dossier in _dossiers()}
    libres = {dossier: _libre(dossier) for dossier in vus.values()}
    return {dossier: libre for dossier, libre in libres.items() if libre < LIBRE_AU_MOINS}


def _dossiers() -> Iterator[Path]:
    yield settings.BASE_DIR
    yield from Path("/var/lib/postgresql").glob("*/*")  # 15/main: each may have a disk of its own
    yield from Path("/var/backups").glob("sante*")


def _libre(dossier: Path) -> int:
    place = shutil.disk_usage(dossier)
    return int(100 * place.free / (place.used + place.free))
