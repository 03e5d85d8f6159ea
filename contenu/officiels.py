"""Official files, from what one is given to what it would change; the terminal and the desk both come here."""

from pathlib import Path
from typing import Any

from django.db import DataError, transaction

from fiches import edition
from fiches.forms import FORMULAIRES
from fiches.models import Edition, Fiche
from territoires.imports import application, cog, ecarts, epci, qpv
from territoires.imports.ecarts import Ecarts
from territoires.imports.releve import HORS_BASE, FichierRefuse, Releve

IMPORTEURS: dict[str, Any] = {"cog": cog, "epci": epci, "qpv": qpv}


def lire(genre: str, fichiers: list[Path], millesime: int | None = None) -> Releve:
    """Read these files; raise FichierRefuse with all that is wrong with them."""
    return IMPORTEURS[genre].lire(fichiers, millesime)


@transaction.atomic
def comparer(genre: str, releve: Releve, *, plus_ancien: bool = False, fermer_absents: bool = False) -> Ecarts:
    """Return what a releve would change, other imports waiting until the transaction ends. Raise FichierRefuse.

    The releve is brought to the territories of today: it is compared once.
    """
    application.verrouiller()
    if not plus_ancien:
        ecarts.refuser_si_plus_ancien(releve)
    IMPORTEURS[genre].situer(releve)
    return ecarts.comparer(releve, fermer_absents=fermer_absents)


@transaction.atomic
def appliquer(differences: Ecarts) -> None:
    """Write what was compared in this transaction: all of it, or nothing. Raise FichierRefuse."""
    try:
        with transaction.atomic():
            change = application.appliquer(differences)
    except DataError as erreur:
        raise FichierRefuse([f"{differences.releve.titre} : {HORS_BASE}"]) from erreur
    if change:
        Edition.avancer()  # the pages that readers have in cache are those of before
    renommes = [modification.territoire.pk for modification in differences.modifies if "nom" in modification.champs]
    for fiche in Fiche.objects.sur_territoires(renommes).only("pk", "nature"):
        edition.reprojeter(FORMULAIRES[fiche.nature].modele.objects.get(pk=fiche.pk))
