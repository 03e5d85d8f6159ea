"""The probes, and what readers see when the database is away."""

from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from comptes import disque
from comptes.roles import Role
from config import sante
from courriels.envoi import ecrire
from courriels.models import Courriel
from tests.factories import moderatrice, personne
from veille.taches import verifier_sources

Place = namedtuple("Place", "total used free")


@pytest.fixture(autouse=True)
def libre(monkeypatch) -> Callable[[int], None]:
    """Call it with what is left on the disk, in per cent: half of it unless said otherwise."""

    def regler(pour_cent: int) -> None:
        monkeypatch.setattr(disque.shutil, "disk_usage", lambda dossier: Place(100, 100 - pour_cent, pour_cent))

    regler(50)
    return regler


@pytest.fixture
def base_injoignable(db) -> Callable:
    """Call it with a function, run with a database connection of its own that leads nowhere."""

    def executer(essai: Callable[[Callable[[], None]], object]) -> None:
        def fil() -> None:
            ici = connections["default"]  # each thread has its own
            bons = ici.settings_dict
            ici.settings_dict = {**bons, "HOST": "/aucun/serveur/ici", "PORT": "1"}

            def reparer() -> None:
                ici.settings_dict = bons

            try:
                essai(reparer)
            finally:
                ici.close()

        with ThreadPoolExecutor(max_workers=1) as executeur:
            executeur.submit(fil).result()

    return executer


def lire(adresse: str, **champs) -> HttpResponse:
    return Client(raise_request_exception=False).get(adresse, **champs)


def test_la_sonde_de_vie_ne_demande_rien_a_la_base():
    """Without the `db` fixture, asking the database anything would be an error."""
    reponse = Client().get("/sante")
    assert (reponse.status_code, reponse.text) == (200, "vivant\n")


@pytest.mark.parametrize("adresse", ["/sante", "/sante/pret"])
def test_une_sonde_ne_pose_ni_cookie_ni_cache(db, adresse):
    reponse = Client().get(adresse)
    assert not reponse.cookies
    assert "no-store" in reponse["Cache-Control"]
    assert "Cookie" not in reponse.get("Vary", "")
    assert Client().post(adresse).status_code == 405


def test_le_site_est_pret_quand_base_tables_et_file_le_sont(db, django_assert_num_queries):
    Client().get("/sante/pret")  # the migrations of the code are read once
    with django_assert_num_queries(6):
        reponse = Client().get("/sante/pret")
    assert (reponse.status_code, reponse.text) == (200, "prêt\n")


def test_il_n_est_pas_pret_si_une_migration_manque(db):
    with connection.cursor() as curseur:
        curseur.execute("DELETE FROM django_migrations WHERE app = 'fiches' AND name LIKE '0003%'")
    reponse = Client().get("/sante/pret")
    assert (reponse.status_code, reponse.text) == (503, "pas prêt : migrations\n")


def test_une_base_en_lecture_seule_se_dit(db):
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL transaction_read_only = on")  # for good in this transaction, the last of this test
    reponse = Client().get("/sante/pret")
    assert (reponse.status_code, reponse.text) == (503, "pas prêt : lecture seule\n")


def vieillir_la_file(depuis: timedelta) -> None:
    with connection.cursor() as curseur:
        curseur.execute("UPDATE procrastinate_events SET at = %s", [timezone.now() - depuis])


def test_il_n_est_pas_pret_si_une_tache_attend_depuis_longtemps(db):
    ecrire("a@exemple.fr", "Objet", "Corps", cle="essai")
    assert Client().get("/sante/pret").status_code == 200
    vieillir_la_file(timedelta(minutes=11))
    assert Client().get("/sante/pret").text == "pas prêt : file\n"


def test_une_tache_prise_recemment_montre_que_la_file_avance(db):
    ecrire("a@exemple.fr", "Objet", "Corps", cle="essai")
    vieillir_la_file(timedelta(minutes=11))
    with connection.cursor() as curseur:
        curseur.execute("INSERT INTO procrastinate_events (job_id, type) SELECT id, 'started' FROM procrastinate_jobs")
    assert Client().get("/sante/pret").status_code == 200


def test_une_file_qui_avance_ne_cache_pas_que_celle_des_courriels_est_arretee(db):
    ecrire("a@exemple.fr", "Objet", "Corps", cle="essai")
    vieillir_la_file(timedelta(minutes=11))
    autre = verifier_sources.defer(timestamp=0)
    with connection.cursor() as curseur:
        curseur.execute("INSERT INTO procrastinate_events (job_id, type) VALUES (%s, 'started')", [autre])
    assert Client().get("/sante/pret").text == "pas prêt : file\n"


def test_une_tache_dont_l_heure_n_est_pas_venue_n_attend_pas(db):
    ecrire("a@exemple.fr", "Objet", "Corps", cle="essai")
    vieillir_la_file(timedelta(minutes=11))
    with connection.cursor() as curseur:
        curseur.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
    assert Client().get("/sante/pret").status_code == 200


@pytest.mark.parametrize("pour_cent, dit", [(10, "prêt\n"), (9, "prêt ; disque presque plein\n")])
def test_un_disque_presque_plein_se_dit_sans_priver_de_lecture(db, libre, pour_cent, dit):
    libre(pour_cent)
    reponse = Client().get("/sante/pret")
    assert (reponse.status_code, reponse.text) == (200, dit)


def test_les_administrateurs_en_sont_avertis_une_fois_par_jour(db, libre, monkeypatch):
    personne("admin", Role.ADMINISTRATEUR)
    moderatrice()
    call_command("alerter_disque")
    assert not Courriel.objects.exists()
    libre(4)
    call_command("alerter_disque", stdout=StringIO())
    call_command("alerter_disque", stdout=StringIO())
    un = Courriel.objects.get()
    assert un.destinataire == "admin@ville.example"
    assert "4 % libres" in un.corps
    demain = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: demain)
    call_command("alerter_disque", stdout=StringIO())
    assert Courriel.objects.count() == 2


@pytest.mark.parametrize("adresse", ["/", "/fiches/", "/dispositifs/asv/", "/territoires/commune/76540/"])
def test_sans_base_une_page_en_francais_dit_de_revenir(base_injoignable, adresse):
    def essai(reparer):
        reponse = lire(adresse)
        assert reponse.status_code == 503
        assert int(reponse["Retry-After"]) > 0
        assert reponse["Cache-Control"] == "no-store"
        assert "Le site revient dans un instant" in reponse.text
        assert not reponse.cookies
        assert "Content-Security-Policy" in reponse and "X-Request-Id" in reponse
        for secret in ("aucun/serveur", "Traceback", "psycopg", "OperationalError"):
            assert secret not in reponse.text

    base_injoignable(essai)


def test_sans_base_un_compte_connecte_voit_la_meme_page(base_injoignable, settings):
    """The session is read by middlewares and templates, the error page of a missing page included."""

    def essai(reparer):
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = "n" * 32
        for adresse in ("/comptes/", "/aide/", "/nulle/part/"):
            assert client.get(adresse).status_code == 503

    base_injoignable(essai)


def test_le_site_revient_de_lui_meme(base_injoignable):
    def essai(reparer):
        assert lire("/sante").status_code == 200
        assert lire("/sante/pret").text == "pas prêt : base, migrations, file\n"
        assert lire("/").status_code == 503
        reparer()
        assert lire("/").status_code == 200
        assert lire("/sante/pret").status_code == 200

    base_injoignable(essai)


def test_une_erreur_du_programme_reste_une_erreur_500(db, monkeypatch):
    monkeypatch.setitem(sante.VERIFICATIONS, "base", lambda: 1 / 0)
    reponse = lire("/sante/pret")
    assert reponse.status_code == 500
    assert "Une panne, de notre côté" in reponse.text
    assert "ZeroDivisionError" not in reponse.text
