"""When the database cannot do its work: 503, never 500; what was typed comes back; what is ours stays 500."""

from collections.abc import Callable

import psycopg
import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DataError, InternalError, ProgrammingError, connection, transaction
from django.test import Client
from psycopg import errors

from config import erreurs
from config.indisponibilite import base_indisponible
from tests.contributions.papier import Papier, ouvrir, seule
from tests.factories import fiche_dispositif

PASSAGERES = {
    "lecture seule": errors.ReadOnlySqlTransaction,
    "disque plein": errors.DiskFull,
    "trop de connexions": errors.TooManyConnections,
    "mémoire épuisée": errors.OutOfMemory,
    "serveur arrêté": errors.AdminShutdown,
    "serveur tué": errors.CrashShutdown,
    "serveur qui démarre": errors.CannotConnectNow,
    "base effacée": errors.DatabaseDropped,
    "requête interrompue": errors.QueryCanceled,
    "verrou attendu trop longtemps": errors.LockNotAvailable,
    "étreinte fatale": errors.DeadlockDetected,
    "écritures croisées": errors.SerializationFailure,
    "connexion perdue": errors.ConnectionFailure,
    "transaction oisive": errors.IdleInTransactionSessionTimeout,
    "lecture du disque": errors.IoError,
    "sans code": psycopg.OperationalError,
    "connexion fermée": psycopg.InterfaceError,
}
DE_NOTRE_FAIT = [
    errors.UniqueViolation,
    errors.UndefinedColumn,
    errors.InsufficientPrivilege,
    errors.NumericValueOutOfRange,
]


def enveloppee(cause: type[psycopg.Error], enveloppe: type[Exception] = InternalError) -> Exception:
    """Return the error as Django raises it: its own, from that of PostgreSQL."""
    try:
        try:
            raise cause("cannot execute")
        except psycopg.Error as erreur:
            raise enveloppe(*erreur.args) from erreur
    except enveloppe as erreur:
        return erreur


@pytest.mark.parametrize("cause", PASSAGERES.values(), ids=PASSAGERES)
def test_ce_que_postgresql_ne_peut_pas_faire_est_passager(cause):
    assert base_indisponible(enveloppee(cause))


@pytest.mark.parametrize("cause", DE_NOTRE_FAIT)
def test_une_faute_du_programme_n_est_pas_passagere(cause):
    assert not base_indisponible(enveloppee(cause, ProgrammingError))
    assert not base_indisponible(DataError("trop long"))
    assert not base_indisponible(None)


@pytest.fixture
def en_lecture_seule(db) -> Callable[[], None]:
    """Call it: from then on, the database of the test refuses what is written, as a standby does."""

    def geler() -> None:
        with connection.cursor() as curseur:
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is checked at the end of a test would write too
            curseur.execute("SET LOCAL transaction_read_only = on")

    return geler


@pytest.fixture
def lectrice() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def test_en_lecture_seule_on_lit_encore(lectrice, en_lecture_seule):
    fiche_dispositif(slug="asv")
    en_lecture_seule()
    for adresse in (
        "/",
        "/dispositifs/asv/",
        "/fiches/?q=atelier",
        "/dispositifs/asv/proposer/",
        "/comptes/connexion/",
    ):
        assert lectrice.get(adresse).status_code == 200, adresse


def test_en_lecture_seule_un_texte_revient_et_se_renvoie(lectrice, en_lecture_seule):
    fiche_dispositif(slug="asv")
    papier = ouvrir(lectrice, "/dispositifs/asv/proposer/?section=cout").signer()
    papier.remplir(**{"section-cout": "Dix euros <b>par</b> habitant, et l’aide de l’État."})
    with transaction.atomic():  # the database comes back as it ends
        en_lecture_seule()
        reponse = papier.envoyer()
        transaction.set_rollback(True)
    assert reponse.status_code == 503 and int(reponse["Retry-After"]) and "lecture seule" in reponse.text
    assert reponse["Cache-Control"] == "no-store" and "<b>par" not in reponse.text
    rendu = Papier(lectrice, reponse)
    assert rendu["section-cout"] == papier["section-cout"]
    assert lectrice.post(rendu.adresse, rendu.champs).status_code == 303
    assert seule().depot.changements["section-cout"].startswith("Dix euros")


def test_un_signalement_revient_aussi(en_lecture_seule):
    fiche_dispositif(slug="asv")
    client = Client(raise_request_exception=False)
    papier = ouvrir(client, "/dispositifs/asv/signaler/", "Signalement")
    en_lecture_seule()
    reponse = papier.remplir(categorie="erreur", texte="Ce numéro n’est plus le bon.").envoyer()
    assert reponse.status_code == 503 and "Ce numéro n’est plus le bon." in reponse.text


def test_demander_un_code_en_lecture_seule_n_est_pas_une_faute(en_lecture_seule):
    client = Client(raise_request_exception=False)
    assert client.get("/comptes/connexion/").status_code == 200
    en_lecture_seule()
    reponse = client.post("/comptes/connexion/", {"email": "a@ville.exemple"})
    assert reponse.status_code == 503 and Papier(client, reponse)["email"] == "a@ville.exemple"


def test_un_code_recu_n_est_jamais_montre(rf):
    for adresse in ("/comptes/connexion/code/", "/moderation/"):
        envoi = rf.post(
            adresse, {"code": "482 913 et la suite", "password": "un mot de passe secret", "credential": "{ }"}
        )
        assert envoi.POST
        textes, autres = erreurs._postes(envoi)
        assert not textes and not autres


def test_ce_qu_un_autre_site_envoie_ne_se_renvoie_pas_d_un_clic(rf):
    envoi = rf.post("/dispositifs/asv/proposer/", {"section-cout": "Un texte venu d’ailleurs."})
    assert envoi.POST
    try:
        raise enveloppee(errors.DiskFull)
    except InternalError:
        reponse = erreurs.panne(envoi)
    assert "Un texte venu d’ailleurs." in reponse.text and "Renvoyer" not in reponse.text


def test_une_session_qui_ne_s_ecrit_pas_n_est_pas_une_session_falsifiee(rf):
    interrompue = SessionInterrupted("deleted before the request completed")
    assert erreurs.requete_refusee(rf.get("/"), interrompue).status_code == 400
    interrompue.__context__ = enveloppee(errors.ReadOnlySqlTransaction)  # as Django raises it
    try:
        raise interrompue
    except SessionInterrupted:
        reponse = erreurs.requete_refusee(rf.get("/"), interrompue)
    assert reponse.status_code == 503
