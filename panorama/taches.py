"""The jobs of dossiers: making their files, and forgetting them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from panorama.dossier import imprimer, par_pk
from panorama.impression import FORMATS
from panorama.models import Tirage


@app.task(name="panorama.tirer", queue="tirages")
def tirer(*, pk: int) -> None:
    """Make a file with what the public may read now; one that fails is not tried again, and says so."""
    tirage = Tirage.objects.filter(pk=pk, fini_le=None).first()
    if tirage is None:
        return
    contenu = b""
    try:
        jour = timezone.localdate()
        contenu = FORMATS[tirage.forme](imprimer(par_pk(tirage.fiches, jour), jour))
    finally:  # it may have been forgotten in between: then nobody waits for it
        Tirage.objects.filter(pk=pk).update(contenu=contenu, octets=len(contenu), fini_le=timezone.now())


@app.periodic(cron="*/10 * * * *", periodic_id="oublier_tirages")
@app.task(name="panorama.oublier_tirages", queue="tirages", queueing_lock="panorama.oublier_tirages")
def oublier_tirages(timestamp: int) -> None:
    """Delete the files of yesterday, and what does not hold in the room they have."""
    Tirage.objects.a_oublier().delete()
