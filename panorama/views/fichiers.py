"""A printed document as the answer to a request."""

from django.http import HttpResponse

from panorama.impression import TYPES


def fichier(contenu: bytes, nom: str, forme: str) -> HttpResponse:
    """Return an answer that is kept as a file of this name, in one of the `FORMATS`."""
    return HttpResponse(contenu, TYPES[forme], headers={"Content-Disposition": f'attachment; filename="{nom}.{forme}"'})
