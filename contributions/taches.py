"""Periodic tasks of contributions: what is kept, for how long (listed on /confidentialite/), and who is told."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from procrastinate.contrib.django import app

from comptes.models import Utilisateur
from contributions import delais
from contributions.donnees import oublier_demandes, oublier_propositions, oublier_signalements
from contributions.models import (
    Demande,
    Dossier,
    Journal,
    Message,
    Notification,
    Proposition,
    Recours,
    Signalement,
    Tableau,
    Traitement,
)
from contributions.models.propositions import RENDUE, SANS_REPONSE
from contributions.tableau import travail
from contributions.verbes import alertes, confirmations, decisions_de_lot, equipe, propositions
from contributions.verbes.decisions_de_lot import TACHE
from contributions.verbes.echanges import GARDE
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import est_de

logger = logging.getLogger(__name__)
SANS_CONFIRMATION = timedelta(days=30)
PERDU = timedelta(minutes=5)  # beyond, a decision that is not applied may have lost its job
RAPPELS = 500  # messages at once; the others an hour later
Statut = Proposition.Statut


@app.task(name=TACHE, queue="contributions")
def traiter_lot(*, pk: int) -> None:
    """Apply a decision on a lot, to the last of its rows; stopped anywhere, it goes on where it was."""
    while decisions_de_lot.avancer(pk):
        pass


@app.periodic(cron="*/5 * * * *", periodic_id="reprendre_lots")
@app.task(name="contributions.reprendre_lots", queue="contributions", queueing_lock="contributions.reprendre_lots")
def reprendre_lots(timestamp: int) -> None:
    """Give a job again to the decisions on lots that lost theirs: a worker was killed, a database restored."""
    for pk in Traitement.objects.filter(fini_le=None, demande_le__lt=timezone.now() - PERDU).values_list(
        "pk", flat=True
    ):
        decisions_de_lot.confier(pk)


@app.periodic(cron="37 3 * * *", periodic_id="oublier_adresses")
@app.task(name="contributions.oublier_adresses", queue="contributions", queueing_lock="contributions.oublier_adresses")
def oublier_adresses(timestamp: int) -> None:
    """Erase the addresses, the names the law asked for and the marks of networks, six months after the end.

    An appeal that waits keeps them, so that its answer can be sent.
    """
    avant = timezone.now() - GARDE
    contestees = Recours.objects.a_traiter()
    propositions = Proposition.objects.filter(close_le__lt=avant).exclude(
        pk__in=contestees.filter(proposition__isnull=False).values("proposition")
    )
    signalements = Signalement.objects.filter(dossier__statut__in=Dossier.CLOS, dossier__decidee_le__lt=avant).exclude(
        pk__in=contestees.filter(signalement__isnull=False).values("signalement")
    )
    nombre = oublier_propositions(propositions) + oublier_signalements(signalements)
    logger.info("%s contributions closes depuis six mois sont devenues anonymes.", nombre)


@app.periodic(cron="47 3 * * *", periodic_id="oublier_inacheves")
@app.task(
    name="contributions.oublier_inacheves", queue="contributions", queueing_lock="contributions.oublier_inacheves"
)
def oublier_inacheves(timestamp: int) -> None:
    """Erase the address of what was begun and never confirmed for thirty days; the text stays under its link."""
    inacheves = Proposition.objects.filter(
        statut__in=[Statut.BROUILLON, Statut.A_CONFIRMER], modifiee_le__lt=timezone.now() - SANS_CONFIRMATION
    )
    nombre = oublier_propositions(inacheves)
    logger.info("%s brouillons jamais confirmés sont devenus anonymes.", nombre)


@app.periodic(cron="42 3 * * *", periodic_id="oublier_institutions")
@app.task(
    name="contributions.oublier_institutions",
    queue="contributions",
    queueing_lock="contributions.oublier_institutions",
)
def oublier_institutions(timestamp: int) -> None:
    """Erase the addresses of services: a month after the link ended, or where nothing was sent in as long as it lasts.

    What they wrote beside their answers goes with them.
    """
    confirmations.abandonner(Demande.objects.delaissees())
    logger.info("%s demandes de confirmation n’ont plus d’adresse.", oublier_demandes())


@app.periodic(cron="52 3 * * *", periodic_id="oublier_notifications")
@app.task(
    name="contributions.oublier_notifications",
    queue="contributions",
    queueing_lock="contributions.oublier_notifications",
)
def oublier_notifications(timestamp: int) -> None:
    """Forget what was told a year ago."""
    Notification.objects.a_oublier().delete()


@app.periodic(cron="*/15 * * * *", periodic_id="relancer_urgences")
@app.task(
    name="contributions.relancer_urgences", queue="contributions", queueing_lock="contributions.relancer_urgences"
)
def relancer_urgences(timestamp: int) -> None:
    """Tell everybody of the urgent reports that nobody took in half of the time promised, each once."""
    maintenant = timezone.now()
    urgents = Dossier.objects.a_traiter().filter(Dossier.libre(), categorie__in=Dossier.URGENTES)
    for dossier in urgents.filter(ouvert_le__lt=maintenant - delais.decision(urgente=True) / 2).select_related("fiche"):
        with transaction.atomic():
            alertes.urgence_sans_prise(dossier)


@app.periodic(cron="12 * * * *", periodic_id="rappeler_messages")
@app.task(
    name="contributions.rappeler_messages", queue="contributions", queueing_lock="contributions.rappeler_messages"
)
@transaction.atomic
def rappeler_messages(timestamp: int) -> None:
    """Tell the teams of the messages that waited longer than promised, each once, in one e-mail a person."""
    attendus = Message.objects.sans_reponse().filter(le__lt=timezone.now() - delais.reponse(), rappele_le=None)
    retenus = attendus.select_for_update(skip_locked=True).order_by("le").values_list("pk", flat=True)[:RAPPELS]
    en_retard = Message.objects.filter(pk__in=[*retenus])
    par_personne: dict[Utilisateur, list[Message]] = {}
    for message in en_retard.une_par_conversation().avec_contribution():
        for personne in equipe.equipe(message.contribution.decision):
            if not est_de(personne, message.contribution):
                par_personne.setdefault(personne, []).append(message)
    for personne, messages in par_personne.items():
        alertes.messages_en_retard(personne, messages)
    en_retard.update(rappele_le=timezone.now())


@app.periodic(cron="57 3 * * *", periodic_id="ranger_sans_reponse")
@app.task(
    name="contributions.ranger_sans_reponse", queue="contributions", queueing_lock="contributions.ranger_sans_reponse"
)
def ranger_sans_reponse(timestamp: int) -> None:
    """Put away the texts whose corrections nobody answered in two months; their authors are told."""
    demande = Journal.objects.filter(proposition=OuterRef("pk"), verbe__in=RENDUE).order_by("-pk")
    attendues = Proposition.objects.filter(statut=Statut.CORRECTIONS_DEMANDEES).annotate(
        demandee_le=Subquery(demande.values("le")[:1])
    )
    for proposition in attendues.filter(demandee_le__lt=timezone.now() - SANS_REPONSE):
        limite = proposition.rangee_le
        if limite is None or limite > timezone.now():
            continue  # they wrote to each other meanwhile, or the author awaits an answer
        try:
            propositions.retirer(proposition, sans_reponse=True)
        except Empechement as empechement:  # the text came back at this very moment
            logger.info("%s n’est pas rangée : %s", proposition, empechement)


@app.task(name="contributions.lire_tableau", queue="tirages")
def lire_tableau(*, pk: int, tour: int) -> None:
    """Read a long table that somebody brought; one that was answered since is read by another job."""
    if tableau := Tableau.objects.filter(pk=pk, tour=tour, analyse__isnull=True).first():
        travail.lire(tableau, travail.lire_les_feuilles(tableau))


@app.periodic(cron="27 3 * * *", periodic_id="oublier_tableaux")
@app.task(name="contributions.oublier_tableaux", queue="contributions", queueing_lock="contributions.oublier_tableaux")
def oublier_tableaux(timestamp: int) -> None:
    """Delete the tables that nobody came back to for thirty days."""
    Tableau.objects.a_oublier().delete()
