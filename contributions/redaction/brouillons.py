"""Drafts: nothing typed is lost. Every display of the form carries, signed, the draft it belongs to.

Two tabs are two displays, hence two drafts. A display that is late on its draft (another tab went on with it, one came
back in the history) does not overwrite it: what it says goes to a draft of its own.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from comptes.reseau import INCONNUS, Reseaux
from contributions import abus
from contributions.credit import DETAILS
from contributions.models import Proposition
from contributions.models.examen import nouveau_jeton
from contributions.models.propositions import PropositionQuerySet
from contributions.redaction.saisie import DEPOSE, Saisie, marque_de
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche, Version

SEL = "contributions.affichage"
SESSION = "brouillons"  # in the session, those that this browser wrote
JETONS_GARDES = 30
PERSONNELLES = ("courriel", *DETAILS)
TITRE_PAR_DEFAUT = "Nouvelle fiche"
Statut = Proposition.Statut
TROP = (
    "Trop de brouillons viennent de votre réseau aujourd’hui : celui-ci n’est pas enregistré. "
    "Gardez une copie de votre texte, et réessayez demain."
)


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


class Brouillon:
    """Where a posted text is stored: a row locked and filled in, that one call writes. Made inside a transaction."""

    def __init__(
        self,
        saisie: Saisie,
        affichage: Affichage,
        *,
        fiche: Fiche | None,
        base: Version | None,
        auteur: Any = None,
        reseaux: Reseaux = INCONNUS,
        envoi: bool = False,
    ):
        self.posee = saisie.en_json()
        trouvee = Proposition.objects.select_for_update(of=("self",)).filter(jeton=affichage.jeton).first()
        self.a_ecrire = trouvee is None or not _est_connue(trouvee, self.posee)
        self.a_part = self.a_ecrire and trouvee is not None and not _peut_recevoir(trouvee, affichage, envoi)
        self.neuf = trouvee is None or self.a_part
        if trouvee is None or self.a_part:
            self.proposition = Proposition(
                jeton=nouveau_jeton() if self.a_part else affichage.jeton,
                nature=affichage.nature,
                fiche=fiche,
                dossier_id=affichage.dossier,
                reseau=reseaux.proche,
                voisins=reseaux.large,
            )
        else:
            self.proposition = trouvee
        if self.a_ecrire:
            self._remplir(fiche, base, auteur)

    def _remplir(self, fiche: Fiche | None, base: Version | None, auteur: Any) -> None:
        proposition = self.proposition
        proposition.saisie, proposition.modifiee_le, proposition.base = self.posee, timezone.now(), base
        if proposition.statut == Statut.BROUILLON:
            proposition.titre = fiche.titre if fiche else _titre(self.posee)
            if proposition.auteur_id is None:
                proposition.auteur = auteur

    @property
    def deja_remis(self) -> bool:
        """Whether this very text was handed in."""
        deposees = (Statut.A_CONFIRMER, Statut.SOUMISE, Statut.EN_EXAMEN, *Proposition.DECIDEES)
        return self.proposition.statut in deposees and DEPOSE in self.proposition.saisie

    def remplacer(self, saisie: Saisie) -> None:
        """Store what the server did to what was just typed: a line added, a line removed."""
        self.posee = self.proposition.saisie = saisie.en_json()
        self.a_ecrire = True

    def ecrire(self) -> None:
        """Write the row, unless the base has it. Raises TropDeBrouillons when it must be a machine that writes."""
        if self.neuf and self.a_ecrire:
            if abus.trop_de_brouillons(Reseaux(self.proposition.reseau, self.proposition.voisins)):
                raise TropDeBrouillons(TROP)
            self.proposition.save(force_insert=True)
        elif self.a_ecrire:
            self.proposition.save(update_fields=["saisie", "modifiee_le", "titre", "base", "auteur"])
        self.a_ecrire = False

    def remettre(self, titre: str) -> dict[str, Any]:
        """Return the columns of a text that is handed in. Who wrote it is said by others, and erased with them."""
        saisie = {cle: valeurs for cle, valeurs in self.posee.items() if cle not in PERSONNELLES}
        saisie[DEPOSE] = [marque_de(self.posee)]
        return {"saisie": saisie, "titre": titre, "auteur_id": self.proposition.auteur_id}

    def remis(self, proposition: Proposition) -> None:
        """Take note that a verb wrote the row, with the text."""
        self.proposition, self.a_ecrire = proposition, False


def _titre(posee: dict[str, list[str]]) -> str:
    return "".join(posee.get("titre", [])[-1:]).strip()[:150] or TITRE_PAR_DEFAUT


def _est_connue(proposition: Proposition, stockee: dict[str, list[str]]) -> bool:
    """Return whether this very text is already kept there, as a draft or as what was handed in."""
    if DEPOSE in proposition.saisie and proposition.statut != Statut.RETIREE:
        return proposition.saisie[DEPOSE][-1] == marque_de(stockee)
    return proposition.reprenable and marque_de(proposition.saisie) == marque_de(stockee)


def _peut_recevoir(proposition: Proposition, affichage: Affichage, envoi: bool) -> bool:
    if not proposition.reprenable:
        return False
    a_jour = marque_de(proposition.saisie) == affichage.marque
    # What was handed in is kept by its deposit: sending again, corrected, from the page one came back to, is fine.
    return a_jour or (envoi and DEPOSE in proposition.saisie)


def retenir(request: HttpRequest, proposition: Proposition) -> None:
    """Remember, for this browser, that it wrote this draft."""
    if proposition.statut == Statut.BROUILLON:
        jetons = [jeton for jeton in request.session.get(SESSION, []) if jeton != proposition.jeton]
        request.session[SESSION] = [*jetons, proposition.jeton][-JETONS_GARDES:]


def brouillons_de(request: HttpRequest) -> QuerySet[Proposition]:
    """Return the drafts of this person: of the account, and of this browser."""
    return _propositions_de(request).filter(statut=Statut.BROUILLON).order_by("-modifiee_le")


def deja_remises(request: HttpRequest, fiche: Fiche) -> list[Proposition]:
    """Return what this person handed in on a fiche, as far as one knows, and that is not decided."""
    if not (request.user.is_authenticated or request.session.get(SESSION)):
        return []
    return list(_propositions_de(request).ouvertes().filter(fiche=fiche.pk).order_by("pk"))


def _propositions_de(request: HttpRequest) -> PropositionQuerySet:
    siennes = Q(jeton__in=request.session.get(SESSION, []))
    if request.user.is_authenticated:
        siennes |= Q(auteur=request.user)
    return Proposition.objects.filter(siennes)
