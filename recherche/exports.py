"""The table of fiches to take away."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils import timezone

from actions.models import ActionInspirante
from dispositifs.age import EtatLocal
from dispositifs.models import Dispositif, DispositifLocal
from fiches.models import Fiche
from recherche import licence
from territoires.millesimes import mention

COLONNES = (
    "nature;titre;sigle;resume;themes;publics;codes_territoires;territoires;dispositif;porteur;constat;vu_le;etat;"
    "debut;fin;generation;levier;periode;avancement;preuve;completude;version;publiee_le;modifiee_le;relue_le;adresse;licence;decoupage"
).split(";")


def tableau(fiches: list[Fiche]) -> Iterator[list[object]]:
    """Yield these fiches, one a row, after the names of the columns. Two queries, however many there are."""
    yield list(COLONNES)
    decoupage = mention(getattr(fiches[0], "millesimes", None)) if fiches else ""
    propres = _propres_aux_locaux(fiches) | _propres_aux_actions(fiches)
    for fiche in fiches:
        cellules = _communes(fiche) | propres.get(fiche.pk, {}) | {"decoupage": decoupage}
        yield [cellules.get(colonne, "") for colonne in COLONNES]


def _communes(fiche: Fiche) -> dict[str, object]:
    rendu = fiche.rendu
    return {
        "nature": fiche.get_nature_display(),
        "titre": fiche.titre,
        "sigle": rendu.get("sigle", ""),
        "resume": fiche.resume,
        "themes": _liste(theme["nom"] for theme in rendu["themes"]),
        "publics": _liste(public["nom"] for public in rendu["publics"]),
        "codes_territoires": _liste(f"{t['nature']}:{t['code']}" for t in rendu["territoires"]),
        "territoires": _liste(t["nom"] for t in rendu["territoires"]),
        "levier": rendu.get("levier", ""),
        "completude": fiche.completude,
        "version": fiche.numero,
        "publiee_le": _jour(fiche.publiee_le),
        "modifiee_le": _jour(fiche.modifiee_le),
        "relue_le": fiche.relue_le,
        "adresse": settings.SITE_URL + fiche.get_absolute_url(),
        "licence": licence.NOM,
    }


def _nom(dispositif: Dispositif | None) -> str:
    """Return the name of a dispositif, unless it is out of sight."""
    return dispositif.nom_complet if dispositif and dispositif.etat == Fiche.Etat.PUBLIEE else ""


def _propres_aux_locaux(fiches: list[Fiche]) -> dict[int, dict[str, object]]:
    locaux = DispositifLocal.objects.filter(pk__in=[fiche.pk for fiche in fiches]).avec_etat(timezone.localdate())
    return {
        local.pk: {
            "dispositif": _nom(local.dispositif),
            "porteur": local.porteur,
            "constat": local.get_constat_display(),
            "vu_le": local.vu_le,
            "etat": EtatLocal(local.etat_local).label,
            "debut": local.debut,
            "fin": local.fin,
            "generation": local.generation or "",
        }
        for local in locaux.select_related("dispositif").en_cartes()
    }


def _propres_aux_actions(fiches: list[Fiche]) -> dict[int, dict[str, object]]:
    actions = ActionInspirante.objects.filter(pk__in=[fiche.pk for fiche in fiches]).select_related("dispositif")
    return {
        action.pk: {
            "dispositif": _nom(action.dispositif),
            "periode": action.periode,
            "avancement": action.get_avancement_display(),
            "vu_le": action.vu_le,
            "etat": EtatLocal.A_VERIFIER.label if action.a_verifier else "",
            "debut": action.debut,
            "fin": action.fin,
            "preuve": action.get_preuve_display(),
        }
        for action in actions.en_cartes()
    }


def _liste(valeurs: Iterable[str]) -> str:
    return " | ".join(valeurs)


def _jour(moment) -> object:
    return timezone.localdate(moment) if moment else ""
