"""Absences that somebody said and a moderator accepted: a fact about a territory, and no version of a fiche."""

from dispositifs.models import Absence
from fiches.models import Edition, Fiche, Version
from francais.dates import DatePartielle
from territoires.models import Territoire


def publier(dite: dict[str, str], fiche: Fiche) -> Version:
    """Write the absence of this kind of scheme, in the transaction of who accepts it; return the version it stands on.

    A later word replaces an earlier one, that of the content files too: they do not come back on it.
    """
    Absence.objects.update_or_create(
        dispositif_id=fiche.pk,
        territoire=Territoire.objects.designes_par([dite["territoire"]]).get(),
        defaults={
            "constatee_le": DatePartielle(dite["constatee_le"]),
            "precision": "",
            "source": dite["source"],
            "du_chargement": False,
        },
    )
    Edition.avancer()  # the pages that readers have in cache are those of before
    return fiche.versions.get(numero=fiche.numero)
