"""Drafts: nothing typed is lost. Every display of the form carries, signed, the draft it belongs to.

Two tabs are two displays, hence two drafts. A display that is late on its draft (another tab went on with it, one came
back in the history) does not overwrite it: what it says goes to a draft of its own.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from contributions import abus
from contributions.models import Proposition
from contributions.models.examen import nouveau_jeton
from contributions.redaction.saisie import DEPOSE, Saisie, empreinte
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche, Version

SEL = "contributions.affichage"
PERSONNELLES = ("courriel", "credit_nom", "credit_lien", "credit_role")
TITRE_PAR_DEFAUT = "Nouvelle fiche"
S = Proposition.Statut


class TropDeBrouillons(Empechement):
    """More drafts from one network in a day than people write."""


@dataclass(frozen=True)
class Affichage:
    """One display of the form."""

    jeton: str
    nature: str
    fiche: int | None = None
    base: int | None = None  # the version read
    marque: str = ""  # of the draft as it is shown, « » before there is one
    connecte: bool = False
    dossier: int | None = None  # the case of reports that this text answers

    @classmethod
    def nouveau(cls, nature: str, **champs: Any) -> "Affichage":
        return cls(nouveau_jeton(), nature, **champs)

    def sceller(self) -> str:
        return signing.dumps(asdict(self), salt=SEL)

    @classmethod
    def lire(cls, scelle: str) -> "Affichage | None":
        try:
            return cls(**signing.loads(scelle, salt=SEL))
        except (signing.BadSignature, TypeError, ValueError):
            return None


@transaction.atomic
def garder(
    saisie: Saisie,
    affichage: Affichage,
    *,
    fiche: Fiche | None,
    base: Version | None,
    auteur: Any = None,
    reseau: str = "",
    envoi: bool = False,
) -> tuple[Proposition, bool]:
    """Store what was typed, before anything else; return the proposition, and whether it had to be another draft.

    Raises TropDeBrouillons when it must be a machine that writes.
    """
    stockee = saisie.en_json()
    maintenant = timezone.now()
    titre = fiche.titre if fiche else (saisie.get("titre") or "").strip()[:150] or TITRE_PAR_DEFAUT
    neuve = {
        "nature": affichage.nature,
        "fiche_id": fiche.pk if fiche else None,
        "titre": titre,
        "saisie": stockee,
        "base": base,
        "dossier_id": affichage.dossier,
        "auteur": auteur,
        "reseau": reseau,
        "modifiee_le": maintenant,
    }
    verrouillees = Proposition.objects.select_for_update(of=("self",))
    proposition = verrouillees.filter(jeton=affichage.jeton).first()
    if proposition is None:
        _compter(reseau)
        proposition, creee = verrouillees.get_or_create(jeton=affichage.jeton, defaults=neuve)
        if creee:
            return proposition, False
    if _est_connue(proposition, stockee):
        return proposition, False
    if not _peut_recevoir(proposition, affichage, envoi):
        _compter(reseau)
        return Proposition.objects.create(**neuve), True
    proposition.saisie, proposition.modifiee_le, proposition.base = stockee, maintenant, base
    if proposition.statut == S.BROUILLON:
        proposition.titre = titre
        proposition.auteur = proposition.auteur or auteur
    proposition.save(update_fields=["saisie", "modifiee_le", "titre", "base", "auteur"])
    return proposition, False


def _est_connue(proposition: Proposition, stockee: dict[str, list[str]]) -> bool:
    """Return whether this very text is already kept there, as a draft or as what was handed in."""
    if est_le_depot(proposition) and proposition.statut != S.RETIREE:
        return proposition.saisie[DEPOSE][-1] == empreinte(stockee)
    ouverte = proposition.modifiable or proposition.statut == S.EN_EXAMEN
    return ouverte and empreinte(proposition.saisie) == empreinte(stockee)


def _compter(reseau: str) -> None:
    if abus.trop_de_brouillons(reseau):
        raise TropDeBrouillons(
            "Trop de brouillons viennent de votre réseau aujourd’hui : celui-ci n’est pas enregistré. "
            "Gardez une copie de votre texte, et réessayez demain."
        )


def _peut_recevoir(proposition: Proposition, affichage: Affichage, envoi: bool) -> bool:
    if not (proposition.modifiable or proposition.statut == S.EN_EXAMEN):
        return False
    a_jour = empreinte(proposition.saisie) == affichage.marque
    # What was handed in is kept by its deposit: sending again, corrected, from the page one came back to, is fine.
    return a_jour or (envoi and DEPOSE in proposition.saisie)


def remplacer(proposition: Proposition, saisie: Saisie) -> None:
    """Store what the server did to what was just typed: a line added, a line removed."""
    proposition.saisie = saisie.en_json()
    proposition.save(update_fields=["saisie"])


def marquer_deposee(proposition: Proposition, numero: int) -> None:
    """Note that the text kept is the one handed in. Who wrote it is said by the columns, and erased with them."""
    saisie = {cle: valeurs for cle, valeurs in proposition.saisie.items() if cle not in PERSONNELLES}
    saisie[DEPOSE] = [str(numero), empreinte(proposition.saisie)]
    Proposition.objects.filter(pk=proposition.pk).update(saisie=saisie)


def est_le_depot(proposition: Proposition) -> bool:
    """Return whether what is kept is exactly what was last handed in."""
    return DEPOSE in proposition.saisie
