"""Measures of moderators on a whole fiche: hide, withdraw, merge into another, show again, go back, check."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from contributions.models import Journal
from contributions.models.transitions import FICHE
from contributions.verbes import defaits, notifications, suites
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import peut_moderer
from fiches import edition
from fiches.forms import FORMULAIRES
from fiches.models import Fiche, Version
from fiches.unites import changements

Etat = Fiche.Etat


@transaction.atomic
def masquer(fiche: Fiche, *, par, motif: str, explication: str) -> Fiche:
    """Take out of sight for a while: its address says since when and why."""
    return _changer("masquer_fiche", fiche, par, motif, explication)


@transaction.atomic
def retirer(fiche: Fiche, *, par, motif: str, explication: str) -> Fiche:
    """Take out of the base: its address answers 410 and says why."""
    return _changer("retirer_fiche", fiche, par, motif, explication)


@transaction.atomic
def fusionner(fiche: Fiche, *, dans: Fiche, par, explication: str) -> Fiche:
    """Archive a fiche whose content another one says: its address leads there from now on (301)."""
    suites.verrouiller(fiche)
    edition.verrouiller()
    dans = Fiche.objects.get(pk=dans.pk)  # as it is now: somebody may be merging it into this one
    if dans.pk == fiche.pk or dans.nature != fiche.nature or dans.etat != Etat.PUBLIEE:
        raise Empechement("On fusionne dans une autre fiche publiée, de la même nature.")
    return _changer("fusionner_fiche", fiche, par, "doublon", explication, remplacee_par=dans)


@transaction.atomic
def retablir(fiche: Fiche, *, par, explication: str) -> Fiche:
    return _changer("retablir_fiche", fiche, par, "", explication)


@transaction.atomic
def restaurer(fiche: Fiche, *, version: Version, par, pourquoi: str) -> Version:
    """Publish an older version again, as a new one: nothing is ever rewritten."""
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    if not pourquoi.strip():
        raise Empechement("Dites pourquoi la fiche revient à cette version.")
    edition.verrouiller()
    if Fiche.objects.get(pk=version.fiche_id).etat == Etat.ARCHIVEE:
        raise Empechement("Cette fiche a été retirée : rétablissez-la d’abord.")
    motif = f"Retour à la version {version.numero} : {pourquoi.strip()}"[:300]
    credits = [{"cle": f"personne-{par.pk}", "nom": str(par), "role": "modération"}]
    entiere = FORMULAIRES[fiche.nature].modele.objects.get(pk=fiche.pk)
    avant = entiere.contenu
    neuve = edition.revenir(entiere, version, motif=motif, credits=credits, par=par)
    ligne = Journal.noter("restaurer", fiche, qui=par, version=neuve.numero, restauree=version.numero)
    touchees = changements(fiche.nature, avant, neuve.contenu)
    defaits.annoncer(neuve, depuis=version.numero, touchees=touchees, ligne=ligne)
    return neuve


@transaction.atomic
def relire(fiche: Fiche, *, par) -> None:
    """« Toujours valable »: somebody trusted checked the fiche today, without changing it."""
    if not (peut_moderer(par) or (par and par.is_active and par.est_de_confiance)):
        raise PermissionDenied("Il faut un compte de confiance.")
    edition.marquer_relue(fiche, timezone.localdate())
    Journal.noter("relire", fiche, qui=par)


def _changer(verbe: str, fiche: Fiche, par, motif: str, explication: str, **champs) -> Fiche:
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    attendent = suites.verrouiller(fiche)
    edition.verrouiller()
    actuelle = Fiche.objects.get(pk=fiche.pk)
    depuis, vers = FICHE[verbe].depuis, Etat(*FICHE[verbe].vers)
    if actuelle.etat not in depuis:
        raise Empechement(f"Cette fiche n’attend pas cela : {actuelle.get_etat_display().lower()}.")
    if vers != Etat.PUBLIEE and not (motif and explication.strip()):
        raise Empechement("Choisissez un motif et écrivez une explication : elle est publique.")
    de = actuelle.etat
    publique = "" if vers == Etat.PUBLIEE else explication.strip()
    actuelle = edition.changer_etat(actuelle, vers, explication=publique, **champs)
    ligne = Journal.noter(verbe, actuelle, qui=par, de=de, motif=motif, explication=explication.strip())
    if vers != Etat.PUBLIEE:
        notifications.hors_de_vue(actuelle, ligne)
    if actuelle.remplacee_par:
        suites.deplacer(attendent, actuelle, actuelle.remplacee_par, par=par)
    elif vers == Etat.ARCHIVEE:
        suites.clore(attendent, actuelle, ligne, par=par)
    elif vers == Etat.MASQUEE:
        suites.annoncer(attendent, actuelle, ligne)
    return actuelle
