"""The periodic tasks of accounts."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from procrastinate.contrib.django import app

from comptes import adresses, donnees
from comptes.models import Limite, Utilisateur


@app.periodic(cron="37 3 * * *", periodic_id="oublier_sessions")
@app.task(name="comptes.oublier_sessions", queue="comptes", queueing_lock="comptes.oublier_sessions")
def oublier_sessions(timestamp: int) -> None:
    """Delete the sessions that have expired, and what was noted of the devices (an IP address) with them."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@app.periodic(cron="47 3 * * *", periodic_id="oublier_inscriptions")
@app.task(name="comptes.oublier_inscriptions", queue="comptes", queueing_lock="comptes.oublier_inscriptions")
def oublier_inscriptions(timestamp: int) -> None:
    """Delete the accounts nobody confirmed within a week: the address may be somebody else's."""
    Utilisateur.objects.jamais_confirmes().delete()


@app.periodic(cron="57 3 * * *", periodic_id="oublier_limites")
@app.task(name="comptes.oublier_limites", queue="comptes", queueing_lock="comptes.oublier_limites")
def oublier_limites(timestamp: int) -> None:
    """Delete the counts whose window is over."""
    Limite.objects.a_oublier().delete()


@app.periodic(cron="7 * * * *", periodic_id="fermer_comptes")
@app.task(name="comptes.fermer_comptes", queue="comptes", queueing_lock="comptes.fermer_comptes")
def fermer_comptes(timestamp: int) -> None:
    """Close for good the accounts whose closing was asked a week ago, and not taken back."""
    donnees.fermer_ceux_qui_attendent()


@app.periodic(cron="57 3 * * *", periodic_id="oublier_adresses")
@app.task(name="comptes.oublier_adresses", queue="comptes", queueing_lock="comptes.oublier_adresses")
def oublier_adresses(timestamp: int) -> None:
    """Forget the addresses left a week ago, but what recognises them: nobody decides on her own texts."""
    adresses.oublier()
