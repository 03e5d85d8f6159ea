"""The queue with real workers and real transactions: nothing twice, nothing lost."""

import smtplib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from courriels import taches
from courriels.envoi import ecrire, ecrire_a_l_adresse_tapee
from courriels.models import Courriel

ATTENTE = 20  # seconds before a test that hangs fails


# These tests commit. Only the tables of this application are emptied after them: others have rows of migrations.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["courriels"])


@pytest.fixture(autouse=True)
def base(db, monkeypatch) -> Iterator[None]:
    # The threads of a worker keep their connections otherwise, and the test database could not be dropped.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    yield
    with connection.cursor() as curseur:
        curseur.execute("DELETE FROM procrastinate_jobs")


def lettre() -> Courriel:
    return ecrire("camille@ville.example", "Bonjour", "Un mot.", cle="essai")


def faire_travailler() -> None:
    """Run a real worker until the queue is empty."""
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


def test_un_ouvrier_envoie_ce_qui_attend():
    lettre()
    faire_travailler()
    assert len(mail.outbox) == 1
    assert Courriel.objects.get().envoye_le and not ProcrastinateJob.objects.exists()


def test_rien_ne_part_d_une_transaction_defaite():
    with transaction.atomic():
        lettre()
        transaction.set_rollback(True)
    faire_travailler()
    assert mail.outbox == [] and not Courriel.objects.exists() and not ProcrastinateJob.objects.exists()


def test_rien_ne_part_avant_que_la_transaction_soit_faite():
    with transaction.atomic():
        lettre()
        with ThreadPoolExecutor(1) as fil:
            fil.submit(faire_travailler).result(ATTENTE)
        assert mail.outbox == []
    faire_travailler()
    assert len(mail.outbox) == 1


def test_un_serveur_en_panne_remet_l_envoi_a_plus_tard(monkeypatch, caplog):
    def refuser(*args):
        raise smtplib.SMTPRecipientsRefused({"camille@ville.example": (450, b"plus tard")})

    lettre()
    with monkeypatch.context() as panne:
        panne.setattr(EmailBackend, "send_messages", refuser)
        faire_travailler()
    job = ProcrastinateJob.objects.get()
    assert (job.status, job.attempts) == ("todo", 1) and job.scheduled_at
    assert Courriel.objects.get().derniere_erreur.startswith("SMTPRecipientsRefused")
    assert "SMTPRecipientsRefused" in caplog.text and "camille" not in caplog.text
    with connection.cursor() as curseur:
        curseur.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")  # time passes
    faire_travailler()
    assert len(mail.outbox) == 1 and Courriel.objects.get().tentatives == 2


def test_deux_ouvriers_n_envoient_pas_deux_fois(monkeypatch):
    """The second one comes while the mail server is answering the first."""
    en_cours, reprendre = threading.Event(), threading.Event()
    envoyer = EmailBackend.send_messages

    def lentement(self, messages):
        en_cours.set()
        assert reprendre.wait(ATTENTE)
        return envoyer(self, messages)

    def travailler() -> None:
        try:
            taches.envoyer(pk=pk)
        finally:
            connection.close()

    pk = lettre().pk
    monkeypatch.setattr(EmailBackend, "send_messages", lentement)
    with ThreadPoolExecutor(2) as fils:
        premier = fils.submit(travailler)
        assert en_cours.wait(ATTENTE)
        fils.submit(travailler).result(ATTENTE)  # it does not wait for the first: it has nothing to do
        assert mail.outbox == []
        reprendre.set()
        premier.result(ATTENTE)
    assert len(mail.outbox) == 1 and Courriel.objects.get().tentatives == 1


def test_la_meme_cle_ecrite_en_meme_temps_ne_donne_qu_un_courriel():
    depart = threading.Barrier(2, timeout=ATTENTE)

    def ecrire_ensemble() -> int:
        try:
            depart.wait()
            return lettre().pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        numeros = {fil.result(ATTENTE) for fil in [fils.submit(ecrire_ensemble) for _ in range(2)]}
    assert len(numeros) == 1 and ProcrastinateJob.objects.count() == 1


def test_dix_textes_en_meme_temps_pour_une_adresse_tapee_n_en_font_partir_que_trois():
    def ecrire_ensemble(n: int) -> bool:
        try:
            return ecrire_a_l_adresse_tapee("a@ville.example", "Bonjour", "Un mot.", cle=f"essai-{n}") is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as fils:
        assert sum(fils.map(ecrire_ensemble, range(10))) == 3


def test_un_courriel_ecrit_par_un_ouvrier_part_aussi(monkeypatch):
    """A worker defers by another connection than its transactions: what it writes must still be sent."""

    def repondre(courriel: Courriel) -> mail.EmailMessage:
        if courriel.cle == "essai":
            ecrire("zoe@ville.example", "Réponse", "Un mot.", cle="reponse")
        return mail.EmailMessage(courriel.objet, courriel.corps, to=[courriel.destinataire])

    monkeypatch.setattr(Courriel, "message", repondre)
    lettre()
    faire_travailler()
    assert sorted(parti.subject for parti in mail.outbox) == ["Bonjour", "Réponse"]


def test_les_taches_periodiques_passent():
    taches_du_module = [tache.task for tache in app.periodic_registry.periodic_tasks.values()]
    nos_taches = [tache for tache in taches_du_module if tache.name.startswith("courriels.")]
    for tache in nos_taches:
        tache.defer(timestamp=0)
    faire_travailler()
    assert len(nos_taches) == 3 and not ProcrastinateJob.objects.exists()
