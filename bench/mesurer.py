"""How long the main pages take, and how many queries: `make bench`, or `python bench/mesurer.py [--sans-grande-base]`.

Works in a database of its own, dropped at the end: the real content first, then 100 000 more fiches, copied in SQL from
the real ones. A page is timed as it is made, then as readers without a cookie are given it again. Times are those of
the server (Django's client, no network), compared with the home page of the same run, for machines differ more than
pages do. Never a part of the tests: a time is no assertion.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit

DEPOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(DEPOT))
import psycopg
from psycopg import sql

from config import base_embarquee

FICHES = 100_000
PASSAGES = 15
PATIENCE = 10  # seconds: a page this slow is not asked again
PAGES = {
    "accueil": "/",
    "catalogue": "/fiches/",
    "catalogue, page 3": "/fiches/?page=3",
    "catalogue filtré": "/fiches/?nature=local&territoire=Rouen",
    "recherche": "/fiches/?q=sant%C3%A9+mentale",
    "recherche sans réponse": "/fiches/?q=introuvablissime",
    "fiche dispositif": "/dispositifs/asv/",
    "fiche locale": "/dispositifs-locaux/cls-chateau-thierry/",
    "fiche action": "/actions/amiens-matinales/",
    "territoire, commune": "/territoires/commune/76540/",
    "territoire, département": "/territoires/departement/76/",
    "couverture, 708 communes": "/territoires/departement/76/couverture/?niveau=commune",
    "suggestions": "/territoires/chercher/?q=saint&fragment",
    "carte": "/carte/",
    "carte, département": "/carte/?departement=76",
    "comparer": "/dispositifs/comparer/?d=asv&d=rtps&d=cmt",
    "échéancier": "/dispositifs/echeancier/",
    "choisir": "/dispositifs/choisir/",
    "territoires semblables": "/territoires/commune/76540/semblables/",
    "historique": "/dispositifs/asv/historique/",
    "statistiques": "/statistiques/",
    "flux Atom": "/fiches/flux.atom",
    "export CSV": "/fiches/?format=csv",
}


@contextmanager
def base_d_essai() -> Iterator[str]:
    """Give the address of an empty database, dropped afterwards, on the server of the demo or of DATABASE_URL."""
    demarree = base_embarquee.demarrer()
    origine = os.environ.get("DATABASE_URL") or base_embarquee.url()
    parties = urlsplit(origine)
    nom = f"bench_{os.getpid()}"
    with psycopg.connect(urlunsplit(parties._replace(path="/postgres")), autocommit=True) as serveur:
        serveur.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(nom)))
        try:
            yield urlunsplit(parties._replace(path=f"/{nom}"))
        finally:
            serveur.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(nom)))
            if demarree:
                base_embarquee.arreter()


def preparer(adresse: str, reglages: str = "config.settings.demo") -> None:
    """Start Django on this database with the reference content; static files are not gathered."""
    os.environ |= {"DATABASE_URL": adresse, "DJANGO_SETTINGS_MODULE": reglages, "JOURNAUX": "ERROR"}
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STATIC_ROOT = None
    django.setup()
    with open(os.devnull, "w") as rien:
        call_command("migrate", verbosity=0)
        call_command("charger_territoires", stdout=rien)
        call_command("charger_contenu", stdout=rien)


def mesurer(titre: str, passages: int = PASSAGES) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    lectrice = Client(headers={"host": "127.0.0.1"})
    connue = Client(headers={"host": "127.0.0.1"})
    connue.cookies["essai"] = "1"  # pages are kept for readers without a cookie only
    print(
        f"\n{titre}\n{'page':28}{'requêtes':>9}{'SQL ms':>9}{'faite ms':>10}{'× accueil':>11}{'gardée ms':>11}{'Ko':>7}"
    )
    accueil = 0.0
    for nom, adresse in PAGES.items():
        with CaptureQueriesContext(connection) as requetes:
            reponse = connue.get(adresse)
        if reponse.status_code != 200:
            raise SystemExit(f"{adresse} répond {reponse.status_code}")
        poids = len(b"".join(reponse)) / 1000
        combien = len(requetes)  # before the next request forgets them
        en_base = 1000 * sum(float(requete["time"]) for requete in requetes)
        faite, gardee = _duree(connue, adresse, passages), _duree(lectrice, adresse, passages)
        accueil = accueil or faite
        print(
            f"{nom:28}{combien:9}{en_base:9.0f}{faite:10.1f}{faite / accueil:11.1f}{gardee:11.1f}{poids:7.0f}",
            flush=True,
        )


def _duree(client, adresse: str, passages: int) -> float:
    """Return the median time of a page in milliseconds, its first time left out unless it tried our patience."""
    durees: list[float] = []
    while len(durees) <= passages and sum(durees) < 1000 * PATIENCE:
        debut = time.perf_counter()
        b"".join(client.get(adresse))
        durees.append(1000 * (time.perf_counter() - debut))
    return median(durees[1:] or durees)


def agrandir(combien: int) -> None:
    """Copy the local schemes and the actions until there are that many more, each on another commune."""
    from django.db import connection

    with connection.cursor() as curseur:
        curseur.execute(
            """
            CREATE TEMPORARY TABLE copie AS
            SELECT nextval(pg_get_serial_sequence('fiches_fiche', 'id')) AS id, f.id AS origine, n,
                   row_number() OVER () AS rang
              FROM fiches_fiche f,
                   generate_series(1, 1 + %s / (SELECT count(*) FROM fiches_fiche WHERE nature <> 'dispositif')) n
             WHERE f.nature <> 'dispositif' LIMIT %s
            """,
            [combien, combien],
        )
        propres = {"id": "c.id", "slug": "left(o.slug, 100) || '-' || c.n", "titre": "left(o.titre, 130) || ' ' || c.n"}
        _copier(curseur, "fiches_fiche", "id", propres)
        for table in ("dispositifs_dispositiflocal", "actions_actioninspirante"):
            _copier(curseur, table, "fiche_ptr_id", {"fiche_ptr_id": "c.id"})
        for table in ("fiches_fiche_themes", "fiches_fiche_publics"):
            _copier(curseur, table, "fiche_id", {"fiche_id": "c.id"}, sans={"id"})
        curseur.execute(
            """
            INSERT INTO fiches_fiche_territoires (fiche_id, territoire_id)
            SELECT c.id, t.ids[1 + c.rang % array_length(t.ids, 1)]
              FROM copie c, (SELECT array_agg(id ORDER BY code) AS ids FROM territoires_territoire
                              WHERE nature = 'commune' AND fin IS NULL) t
            """
        )
        curseur.execute("VACUUM ANALYZE")


def _copier(curseur, table: str, cle: str, propres: dict[str, str], sans: frozenset | set = frozenset()) -> None:
    """Copy the rows of a table for each copy, with these columns its own, the others those of the original."""
    curseur.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table]
    )
    colonnes = [nom for (nom,) in curseur.fetchall() if nom not in sans]
    valeurs = ", ".join(propres.get(nom, f'o."{nom}"') for nom in colonnes)
    noms = ", ".join(f'"{nom}"' for nom in colonnes)
    curseur.execute(
        f'INSERT INTO {table} ({noms}) SELECT {valeurs} FROM copie c JOIN {table} o ON o."{cle}" = c.origine'
    )


def main(arguments: list[str]) -> None:
    if not {*arguments} <= {"--sans-grande-base"}:
        raise SystemExit(__doc__)
    with base_d_essai() as adresse:
        debut = time.monotonic()
        preparer(adresse)
        print(f"Contenu réel chargé en {time.monotonic() - debut:.0f} s.", flush=True)
        from django.db import connection

        mesurer("Contenu réel (134 fiches)")
        if not arguments:
            debut = time.monotonic()
            agrandir(FICHES)
            duree = time.monotonic() - debut
            print(f"\n{FICHES} fiches de plus écrites en {duree:.0f} s.", flush=True)
            mesurer("Grande base (100 134 fiches)", passages=5)
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
