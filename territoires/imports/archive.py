"""Opening a ZIP, or the workbook that is one, without letting it fill the memory."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from xml.parsers.expat import ExpatError

MEMBRES_AU_PLUS = 1_000
PANNES = (
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error, LZMAError),
    *(RuntimeError, LookupError, ValueError, ArithmeticError, ExpatError),
)


class ArchiveIllisible(Exception):
    """The file is not an archive that can be read; the message is a French sentence."""


@contextmanager
def traduire(constat: str) -> Iterator[None]:
    """Turn whatever fails in an archive or a workbook into ArchiveIllisible, which begins by `constat`."""
    try:
        yield
    except PANNES as erreur:
        raise ArchiveIllisible(
            f"{constat} : abîmé, protégé par un mot de passe ou compressé d’une façon inconnue."
        ) from erreur


@contextmanager
def ouvrir(octets: bytes, constat: str) -> Iterator[zipfile.ZipFile]:
    """Give the archive to read; whatever fails on the way raises ArchiveIllisible."""
    if octets.count(b"PK\x01\x02") > MEMBRES_AU_PLUS:
        raise ArchiveIllisible(f"plus de {MEMBRES_AU_PLUS} fichiers dans cette archive.")
    with traduire(constat), zipfile.ZipFile(io.BytesIO(octets)) as archive:
        yield archive


def peser(membres: list[zipfile.ZipInfo], au_plus: int) -> None:
    """Raise ArchiveIllisible when these members make more bytes than that once decompressed."""
    if sum(membre.file_size for membre in membres) > au_plus:
        raise ArchiveIllisible(f"plus de {au_plus // 1_000_000} Mo une fois ouvert.")
