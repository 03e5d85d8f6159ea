"""Decisions taken back: by who took them, as long as nobody was told; by the team later, with its reason."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from contributions import delais
from contributions.models import Dossier, Proposition, Recours
from contributions.models.propositions import ABSENCE, PropositionQuerySet
from contributions.verbes import examen, notifications, propositions, signalements
from contributions.verbes.empechements import Empechement, TexteModifie
from contributions.verbes.permissions import peut_decider
from fiches import edition
from fiches.models import Fiche, Version

DECISIONS = ("accepter", "accepter_en_partie", "ecarter")


def annulable_jusqua(proposition: Proposition, par) -> datetime | None:
    """Return until when this person may take back the decision that she took; None when she may not, or no longer."""
    if proposition.decidee_par_id != par.pk or proposition.statut not in Proposition.DECIDEES:
        return None
    if _absence_ecrite(proposition) or (proposition.fiche and proposition.fiche.etat == Fiche.Etat.ARCHIVEE):
        return None
    fin = (proposition.decidee_le or timezone.now()) + delais.annulation()
    return fin if fin > timezone.now() else None


def annulables(par) -> PropositionQuerySet:
    """Return what this person decided on and may still take back, the last first."""
    depuis = timezone.now() - delais.annulation()
    decidees = Proposition.objects.filter(decidee_par=par, decidee_le__gt=depuis, statut__in=Proposition.DECIDEES)
    decidees = decidees.exclude(version__isnull=False, depots__recus__has_key=ABSENCE)
    decidees = decidees.exclude(fiche__etat=Fiche.Etat.ARCHIVEE)
    return decidees.select_related("version").defer("saisie").order_by("-decidee_le")


def derniere_annulable(par) -> Proposition | None:
    return annulables(par).first()


def _absence_ecrite(proposition: Proposition) -> bool:
    """Return whether it was published as an absence: its version is that of a fiche which it did not write."""
    return proposition.version_id is not None and proposition.dit_une_absence


@transaction.atomic
def annuler(proposition: Proposition, *, par, traitement: int | None = None) -> Proposition:
    """Take a decision back: what it published is replaced by the text before, its e-mails are dropped, all is said.

    `traitement`: the taking back of a whole lot that this one is part of, asked for in time though it takes a while.
    Raises TexteModifie when the fiche got another version since, or another Empechement.
    """
    proposition = examen.verrouiller_pour(proposition, "annuler", par)
    if _absence_ecrite(proposition):
        raise Empechement("Une absence écrite ne s’annule pas : une constatation plus récente la remplace.")
    edition.verrouiller()
    propositions.refuser_archivee(propositions.fiche_de(proposition))
    if proposition.decidee_par_id != par.pk or not (traitement or annulable_jusqua(proposition, par)):
        raise Empechement(f"Seule la personne qui a décidé peut annuler, pendant {delais.annulation_en_mots()}.")
    if proposition.recours.filter(statut=Recours.Statut.DEPOSE).exists():
        raise Empechement("Cette décision est contestée : c’est le recours qui se décide.")
    decision = proposition.journal.filter(verbe__in=DECISIONS).latest("pk")
    if proposition.version:
        _rouvrir_le_dossier(proposition, proposition.version, par)
        _remettre_le_texte(proposition, proposition.version, par)
    notifications.taire("proposition_decidee", proposition, decision)
    notifications.taire_defaits(decision)
    proposition.close_le = proposition.version = None
    examen.rouvrir(proposition, par, "annuler", annulee=decision.pk)
    return proposition


@transaction.atomic
def reexaminer(proposition: Proposition, *, par, explication: str) -> Proposition:
    """Open a refusal again, on the team's own initiative; its author is told why."""
    if not peut_decider(par, proposition):
        raise PermissionDenied("On ne décide pas de sa propre proposition.")
    if not explication.strip():
        raise Empechement("Dites pourquoi vous rouvrez : la phrase est envoyée à l’auteur.")
    proposition = examen.verrouiller_pour(proposition, "rouvrir", par)
    if proposition.recours.filter(statut=Recours.Statut.DEPOSE).exists():
        raise Empechement("Cette décision est contestée : c’est le recours qui se décide.")
    proposition = propositions.rouvrir(proposition, par=par, explication=explication.strip())
    notifications.reexaminee(proposition, proposition.journal.latest("pk"))
    return proposition


def _remettre_le_texte(proposition: Proposition, version: Version, par) -> None:
    """Publish again the text before this version; a fiche that it made is no longer published."""
    fiche = propositions.fiche_de(proposition)
    if fiche.numero != version.numero or (version.numero == 1 and fiche.etat != Fiche.Etat.PUBLIEE):
        raise TexteModifie(f"La fiche est passée en version {fiche.numero}, ou a été retirée, depuis votre décision.")
    precedente = version.precedente
    if precedente is None:
        edition.changer_etat(fiche, Fiche.Etat.EN_PREPARATION)
        return
    retour = f"retour au texte de la version {precedente.numero}"
    motif = f"Version {version.numero} annulée par qui l’avait publiée : {retour}"
    credits = [{"cle": f"personne-{par.pk}", "nom": str(par), "role": "modération"}]
    edition.revenir(fiche, precedente, motif=motif, credits=credits, par=par)


def _rouvrir_le_dossier(proposition: Proposition, version: Version, par) -> None:
    """Open again the case of reports that this version closed, whose answers wait too."""
    corriges = Dossier.objects.filter(statut=Dossier.Statut.CORRIGE)
    dossier = corriges.filter(pk=proposition.dossier_id).first() if proposition.dossier_id else None
    close = dossier and dossier.journal.filter(verbe="corriger", detail__version=version.numero).order_by("-pk").first()
    if dossier and close:
        for signalement in dossier.signalements.all():
            notifications.taire("signalement_traite", signalement, close)
        signalements.annuler(dossier, par=par, annulee=close.pk)
