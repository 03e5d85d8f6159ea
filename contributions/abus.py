"""Spam and abuse held back without any third party: a trap, a minimum time, quotas, a limit on links.

Nothing is ever lost: the form comes back as it was typed, and says what to do.
"""

import re
import secrets
from datetime import timedelta

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils import timezone

from comptes.horloge import ECART_ADMIS
from comptes.reseau import VOISINS, Reseaux
from contributions.models import Proposition, Signalement
from courriels import plafonds

DUREE_MINIMALE = timedelta(seconds=3)
FENETRE = timedelta(days=1)
PAR_ADRESSE = 20
PAR_RESEAU = 60  # an address, a /64: a town hall, a school: many people behind one address
BROUILLONS_PAR_RESEAU = 300
LIENS_AU_PLUS = 10
LIEN = re.compile(r"https?://", re.IGNORECASE)
SEL = "contributions.abus"


class FormulairePiege(forms.Form):
    """To inherit from in the forms that a signed link opens: the trap alone, for one click answers them."""

    use_required_attribute = False  # browsers tell as wrong a choice that nobody made yet

    # Left empty by people (it is off screen and says so), filled by robots.
    site_web = forms.CharField(label="Ne remplissez pas ce champ", required=False, max_length=200)

    def clean_site_web(self) -> str:
        if self.cleaned_data["site_web"]:
            raise ValidationError("Laissez ce champ vide, puis renvoyez : votre texte est toujours là.")
        return ""


class FormulaireGarde(FormulairePiege):
    """To inherit from in the forms that anyone may post: the trap, and a seal that tells when they were shown."""

    ouvert = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100)

    @staticmethod
    def nouveau_sceau() -> str:
        """Return the hidden value that tells when this very form was first shown: no two are alike."""
        return signing.TimestampSigner(salt=SEL).sign(secrets.token_urlsafe(9))

    @classmethod
    def sceau(cls, poste: str) -> str:
        """Return the hidden value to show again: the one posted when it is ours, or a new one."""
        return poste if _valable(poste) else cls.nouveau_sceau()

    def clean_ouvert(self) -> str:
        sceau = self.cleaned_data["ouvert"]
        if not _valable(sceau):
            raise ValidationError("Ce formulaire a été rouvert : relisez votre texte, puis renvoyez.")
        try:
            signing.TimestampSigner(salt=SEL).unsign(sceau, max_age=DUREE_MINIMALE)
        except signing.SignatureExpired:
            return sceau
        raise ValidationError("C’était très rapide : relisez votre texte, puis renvoyez.")


def _valable(sceau: str) -> bool:
    """Say whether we sealed this, and before now: of a clock put back since, nobody knows the age of anything."""
    try:
        signing.TimestampSigner(salt=SEL).unsign(sceau, max_age=-ECART_ADMIS)
    except signing.SignatureExpired:  # older than « in a minute »
        return True
    except signing.BadSignature:
        return False
    return False


def verifier_quota(*, courriel: str, reseaux: Reseaux, auteur=None) -> None:
    """Raise ValidationError when this address, this network, its neighbours or this account has sent a lot in a day."""
    depuis = timezone.now() - FENETRE
    propositions = Proposition.objects.filter(creee_le__gt=depuis, lot=None).exclude(
        statut=Proposition.Statut.BROUILLON
    )
    signalements = Signalement.objects.filter(recu_le__gt=depuis)
    limites = (
        ("courriel", courriel, PAR_ADRESSE),
        ("auteur", auteur, PAR_RESEAU),
        ("reseau", reseaux.proche, PAR_RESEAU),
        ("voisins", reseaux.large, PAR_RESEAU * VOISINS),
    )
    demandes = {champ: Count("pk", filter=Q(**{champ: valeur})) for champ, valeur, _ in limites if valeur}
    if not demandes:
        return
    recus = [
        envoyes.aggregate(**{f"par_{champ}": compte for champ, compte in demandes.items()})
        for envoyes in (propositions, signalements)
    ]
    for champ, _, limite in limites:
        envoyes = sum(recu.get(f"par_{champ}", 0) for recu in recus)
        if envoyes >= limite:
            raise ValidationError(
                f"Déjà {envoyes} contributions en vingt-quatre heures d’ici : gardez ce texte en brouillon et "
                "renvoyez-le demain, ou connectez-vous.",
                code="quota",
            )


def verifier_confirmations(courriel: str) -> None:
    """Raise ValidationError when no link may go today to an address that nobody proved: maybe it is somebody else's."""
    try:
        if courriel:
            plafonds.verifier(courriel)
    except ValidationError as refus:
        raise ValidationError(f"{refus.message} Votre texte est gardé en brouillon.", code=refus.code) from None


def trop_de_brouillons(reseaux: Reseaux) -> bool:
    """Return whether this network has begun so many texts in a day that it must be a machine."""
    if not reseaux.proche:
        return False
    depuis = timezone.now() - FENETRE
    commences = Proposition.objects.filter(statut=Proposition.Statut.BROUILLON, creee_le__gt=depuis).aggregate(
        reseau=Count("pk", filter=Q(reseau=reseaux.proche)), voisins=Count("pk", filter=Q(voisins=reseaux.large))
    )
    return commences["reseau"] >= BROUILLONS_PAR_RESEAU or commences["voisins"] >= BROUILLONS_PAR_RESEAU * VOISINS


def verifier_liens(textes: list[str], *, connu: bool) -> None:
    """Raise ValidationError when somebody unknown writes a text full of links."""
    nombre = sum(len(LIEN.findall(texte)) for texte in textes)
    if not connu and nombre > LIENS_AU_PLUS:
        raise ValidationError(
            f"{nombre} liens dans une première contribution, c’est trop : gardez-en {LIENS_AU_PLUS} au plus.",
            code="liens",
        )
