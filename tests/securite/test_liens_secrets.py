"""Every secret link and code: what SECURITY.md promises of them."""

import json
import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from config.journaux import Ligne, LigneJson
from contributions.models import Message, Proposition
from contributions.models.examen import nouveau_jeton
from contributions.verbes import propositions
from tests.boite import Boite
from tests.comptes.test_connexion import CAMILLE, demander, est_connecte, faux, saisir, sans_jeton
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderatrice, personne

pytestmark = pytest.mark.django_db
PARTIE = (settings.BASE_DIR / "SECURITY.md").read_text().partition("## Secret links and codes")[2].partition("\n## ")[0]
TABLE = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| [^|]+ \| `([^`]+)` \|$", PARTIE, re.MULTILINE)
PAGES = ["suivi", "modifier_proposition"]


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})


@pytest.fixture
def a_confirmer(fiche) -> Proposition:
    une = Proposition.objects.create(
        fiche_id=fiche.pk, nature=fiche.nature, titre=fiche.titre, base=fiche.versions.get(), courriel="a@exemple.fr"
    )
    propositions.deposer(une, base=une.base, changements={"section-cout": "Un."}, pourquoi="Précise")
    return Proposition.objects.get()


def presque(jeton: str) -> str:
    """Return the same secret but for its last letter."""
    return jeton[:-1] + ("A" if jeton[-1] != "A" else "B")


def test_chaque_lien_secret_est_au_tableau():
    gabarits = {motif for chemins in get_resolver().reverse_dict.getlist("suivi") for motif, _ in chemins[0]}
    avec_jeton = {
        "/" + forme.replace("%(jeton)s", "<jeton>")
        for nom in get_resolver().reverse_dict
        if isinstance(nom, str)
        for formes, *_ in get_resolver().reverse_dict.getlist(nom)
        for forme, _ in formes
        if "jeton" in forme
    }
    assert gabarits and avec_jeton == {secret.strip("`") for secret, _ in TABLE if "<jeton>" in secret}


def test_chaque_secret_du_tableau_a_ses_tests():
    assert len(TABLE) >= 7
    assert all((settings.BASE_DIR / fichier).exists() for _, fichier in TABLE)


def test_un_lien_ne_se_devine_pas():
    jetons = {nouveau_jeton() for _ in range(100)}
    assert len(jetons) == 100 and {len(jeton) for jeton in jetons} == {32}  # 24 bytes


@pytest.mark.parametrize("route", PAGES)
@pytest.mark.parametrize("verbe", ["get", "post"])
def test_un_lien_presque_juste_repond_comme_un_lien_qui_n_a_jamais_ete(client, fiche, route, verbe):
    vrai = proposition(fiche, cout="Un.").jeton
    corps = set()
    for jeton in (presque(vrai), nouveau_jeton(), nouveau_jeton()):
        reponse = getattr(client, verbe)(reverse(route, args=[jeton]))
        assert reponse.status_code == 404
        corps.add(sans_jeton(reponse.text).replace(jeton, ""))  # the link to sign in comes back here
    assert len(corps) == 1


@pytest.mark.parametrize("route", PAGES)
def test_une_page_secrete_ne_laisse_pas_de_trace(client, fiche, route):
    reponse = client.get(reverse(route, args=[proposition(fiche, cout="Un.").jeton]))
    assert reponse.status_code == 200
    assert "no-store" in reponse["Cache-Control"] and "private" in reponse["Cache-Control"]
    assert reponse["X-Robots-Tag"] == "noindex, nofollow" and 'name="robots" content="noindex' in reponse.text
    assert reponse["Referrer-Policy"] == "strict-origin"


def test_un_signalement_aussi(client, fiche):
    reponse = client.get(signalement(fiche).get_absolute_url())
    assert "no-store" in reponse["Cache-Control"] and reponse["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("route", ["annuler_adresse", "garder_mon_compte", "arreter_courriels"])
def test_un_lien_de_compte_aussi(client, route):
    reponse = client.get(reverse(route, args=["perdu"]))
    assert reponse.status_code == 404
    assert "no-store" in reponse["Cache-Control"] and reponse["X-Robots-Tag"] == "noindex, nofollow"
    assert reponse["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("route", PAGES)
def test_le_journal_ne_dit_jamais_un_lien(client, fiche, caplog, route):
    caplog.set_level(logging.DEBUG, "acces")
    caplog.set_level(logging.DEBUG, "django.request")
    vrai = proposition(fiche, cout="Un.").jeton
    for jeton in (vrai, presque(vrai)):
        client.get(reverse(route, args=[jeton]), {"confirmer": "SIGNATURE", "code": "CODE", "state": "ETAT"})
    ecrits = [r for r in caplog.records if r.name in ("acces", "django.request")]
    assert ecrits
    for forme in (Ligne("{message}", style="{"), LigneJson()):
        lignes = "\n".join(map(forme.format, ecrits))
        assert vrai not in lignes and presque(vrai) not in lignes and "/suivi/•" in lignes


@pytest.mark.parametrize("forme", [Ligne(), LigneJson()])
@pytest.mark.parametrize("nom", ["confirmer", "code", "state", "id_token_hint", "reprise"])
def test_une_adresse_citee_par_une_erreur_ne_livre_pas_son_secret(forme, nom):
    ligne = logging.makeLogRecord({"msg": f"Not Found: /suivi/AbC-9/?x=1&{nom}=SECRET-1.a_b&y=2"})
    assert "AbC-9" not in forme.format(ligne) and "SECRET" not in forme.format(ligne) and "y=2" in forme.format(ligne)


def confirmer(une: Proposition, signature: str):
    return Client().post(une.get_absolute_url(), {"verbe": "confirmer", "cle": signature})


def test_confirmer_deux_fois_ne_change_rien(a_confirmer, courriels: Boite):
    signature = a_confirmer.cle_de_confirmation
    assert confirmer(a_confirmer, signature).status_code == 303
    avant = len(courriels), a_confirmer.journal.count()
    assert confirmer(a_confirmer, signature).status_code == 303
    assert (len(courriels), a_confirmer.journal.count()) == avant


def test_seule_la_cle_de_cette_adresse_la_confirme(a_confirmer, fiche):
    juste = a_confirmer.cle_de_confirmation
    autre = Proposition(pk=a_confirmer.pk + 1, courriel="a@exemple.fr")
    for fausse in ("", "x", presque(juste), autre.cle_de_confirmation, juste.upper(), "é" * 40):
        assert confirmer(a_confirmer, fausse).status_code == 403
    a_confirmer.courriel = "corrigee@exemple.fr"
    a_confirmer.save(update_fields=["courriel"])
    assert confirmer(a_confirmer, juste).status_code == 403
    a_confirmer.refresh_from_db()
    assert a_confirmer.statut == Proposition.Statut.A_CONFIRMER


def test_lire_un_lien_ne_fait_rien(a_confirmer):
    """The machines that look into e-mails follow every link."""
    Client().get(f"{a_confirmer.get_absolute_url()}?confirmer={a_confirmer.cle_de_confirmation}")
    a_confirmer.refresh_from_db()
    assert a_confirmer.statut == Proposition.Statut.A_CONFIRMER


def test_un_lien_dont_le_temps_est_passe_ne_fait_plus_rien(client, fiche):
    une = proposition(fiche, cout="Un.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    adresse, avant = une.get_absolute_url(), Message.objects.count()
    with time_machine.travel(timezone.now() + timedelta(days=200), tick=False):
        assert client.get(adresse).status_code == 200  # still read
        for verbe in ("retirer", "contester", "confirmer"):
            reponse = client.post(adresse, {"verbe": verbe, "texte": "Si.", "cle": une.cle_de_confirmation})
            assert verbe == "confirmer" or reponse.status_code in (400, 403, 409, 422), (verbe, reponse.status_code)
        assert client.get(reverse("modifier_proposition", args=[une.jeton])).status_code == 404
    une.refresh_from_db()
    assert une.statut == Proposition.Statut.ECARTEE and not une.recours.exists() and Message.objects.count() == avant


def changer_d_adresse(client: Client, courriels: Boite, nouvelle: str) -> str:
    personne("camille")
    demander(client)
    saisir(client, courriels.code(CAMILLE))
    client.post("/comptes/adresse/", {"email": nouvelle, "action_add": "1"})
    return courriels.code(nouvelle)


@pytest.mark.parametrize("attente, change", [(timedelta(minutes=9), True), (timedelta(minutes=11), False)])
def test_le_code_d_une_nouvelle_adresse_se_perime(client, courriels: Boite, attente, change):
    with time_machine.travel(timezone.now(), tick=False) as temps:
        code = changer_d_adresse(client, courriels, "n@ville.example")
        temps.shift(attente)
        client.post("/comptes/confirmation/", {"code": code})
        assert f"<dd>{'n@ville.example' if change else CAMILLE}</dd>" in client.get("/comptes/").text


def test_le_code_d_une_nouvelle_adresse_ne_se_devine_pas(client, courriels: Boite):
    code = changer_d_adresse(client, courriels, "n@ville.example")
    for _ in range(3):
        client.post("/comptes/confirmation/", {"code": faux(code)})
    client.post("/comptes/confirmation/", {"code": code})
    assert f"<dd>{CAMILLE}</dd>" in client.get("/comptes/").text


def test_le_code_d_une_inscription_ne_sert_qu_une_fois(client, courriels: Boite):
    client.post("/comptes/inscription/", {"email": CAMILLE})
    code = courriels.code(CAMILLE)
    client.post("/comptes/confirmation/", {"code": code})
    assert est_connecte(client)
    client.post("/comptes/deconnexion/")
    client.post("/comptes/confirmation/", {"code": code})
    assert not est_connecte(client)


@pytest.mark.parametrize("porte", ["connexion", "inscription"])
def test_une_adresse_connue_ne_coute_ni_plus_ni_moins(courriels: Boite, porte):
    personne("camille")
    couts = []
    for adresse in (CAMILLE, "inconnue@ville.example"):
        with CaptureQueriesContext(connection) as requetes:
            Client().post(f"/comptes/{porte}/", {"email": adresse}, REMOTE_ADDR=f"192.0.2.{len(couts) + 1}")
        couts.append(len(requetes))
    assert couts[0] == couts[1]
    assert [len(courriels.pour(adresse)) for adresse in (CAMILLE, "inconnue@ville.example")] == [1, 1]


def test_aucun_code_n_est_dans_les_taches(courriels: Boite):
    """Jobs carry the number of an e-mail, never its text."""
    demander(Client(), CAMILLE)
    with connection.cursor() as curseur:
        curseur.execute("SELECT args FROM procrastinate_jobs")
        taches = [args if isinstance(args, dict) else json.loads(args) for (args,) in curseur.fetchall()]
    assert taches and all(set(tache) == {"pk"} for tache in taches)
