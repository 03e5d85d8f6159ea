"""The page of the link an institution received: it asks, takes the answer, and stops."""

from datetime import timedelta
from email import message_from_bytes

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.journaux import masquer as masquer_les_secrets
from contributions.donnees import oublier_demandes
from contributions.models import AdresseArretee, Demande, Journal, Proposition, Reponse
from contributions.models.confirmations import SEL, VALIDITE
from contributions.verbes import confirmations, propositions
from courriels.models import Courriel
from tests.balisage import texte
from tests.contributions.recits import ancienne, demande
from tests.factories import fiche_locale, masquer, moderatrice, relu

pytestmark = pytest.mark.django_db
FERMES = {404: "Ce lien n’ouvre rien", 410: "ne permet plus de répondre"}


@pytest.fixture
def posee() -> Demande:
    return demande(fiche=ancienne(debut="2020"))


def lire(reponse) -> str:
    return texte(reponse.text)


def page(une: Demande) -> str:
    return reverse("confirmer", args=[une.jeton])


def repondre(client: Client, une: Demande, reponse: str = "", **champs: str):
    return client.post(page(une), {"reponse": reponse, **champs})


def ecrits() -> tuple[int, int, int]:
    return Reponse.objects.count(), Proposition.objects.count(), Journal.objects.count()


def test_ouvrir_le_lien_montre_le_fait_et_n_ecrit_rien(client, posee):
    avant = ecrits()
    for verbe in ("head", "get", "get"):
        reponse = getattr(client, verbe)(page(posee))
    dit = lire(reponse)
    assert "Atelier santé ville" in dit and "Vu en mars 2022" in dit and "À vérifier" in dit
    client.get(reverse("ne_plus_demander", args=[posee.jeton]))
    assert ecrits() == avant and not AdresseArretee.objects.exists()
    assert (reponse["Referrer-Policy"], "no-store" in reponse["Cache-Control"]) == ("strict-origin", True)
    assert "noindex" in reponse["X-Robots-Tag"]


@pytest.mark.parametrize("reponse", ["oui", "fini", "sais_pas", "pas_nous"])
def test_chaque_reponse_est_recue_et_dit_sa_suite(client, posee, reponse):
    recue = repondre(client, posee, reponse, fini_le="mars 2024" if reponse == "fini" else "")
    assert recue.status_code == 303
    dit = lire(client.get(page(posee)))
    assert "Merci, votre réponse est reçue" in dit and posee.reponses.get().en_mots.replace("\u00a0", " ") in dit
    suite = "Une personne la relit" if reponse in ("oui", "fini") else "ne change rien à la fiche"
    assert suite in dit and relu(posee.fiche).numero == 1


def test_la_reponse_se_suit_et_se_change_par_le_meme_lien(client, posee):
    repondre(client, posee, "oui")
    assert posee.reponses.get().proposition.get_absolute_url() in client.get(page(posee)).text
    repondre(client, posee, "fini", fini_le="2024")
    dit = lire(client.get(page(posee)))
    assert "Vos réponses précédentes" in dit and f"Fini en 2024, selon : {posee.institution}, le " in dit
    proposition = Proposition.objects.get()
    propositions.accepter(proposition, par=moderatrice(), depot=2)
    assert "Elle est publiée" in lire(client.get(page(posee)))
    public = lire(Client().get(posee.fiche.get_absolute_url()))
    assert "Terminé" in public and "Ville d’Elbeuf" in public and "Réponse de l’institution" in public


def test_une_reponse_ecartee_le_dit_et_mene_a_la_raison(client, posee):
    repondre(client, posee, "oui")
    proposition = posee.reponses.get().proposition
    propositions.ecarter(proposition, par=moderatrice(), depot=1, motif="pas_clair", explication="Le contrat est clos.")
    dit = client.get(page(posee))
    assert "Elle n’a pas été retenue" in lire(dit) and "Après relecture" not in lire(dit)
    assert "Le contrat est clos." in lire(client.get(proposition.get_absolute_url()))


@pytest.mark.parametrize(
    "reponse,champs,faute",
    [
        ("", {}, "Choisissez une réponse."),
        ("peut-être", {}, "Choisissez une des quatre réponses."),
        ("fini", {}, "Dites depuis quand"),
        ("fini", {"fini_le": "2999"}, "n’est pas plausible"),
        ("fini", {"fini_le": "2090"}, "à venir"),
        ("fini", {"fini_le": "2019"}, "cette fin est avant"),
        ("fini", {"fini_le": "hier\u202e"}, ""),
        ("oui", {"fini_le": "2024"}, "Vous avez donné une date de fin"),
        ("oui", {"precision": "x" * 1001}, "C’est trop long"),
        ("oui", {"site_web": "http://robot.example"}, "Laissez ce champ vide"),
    ],
)
def test_une_reponse_qui_ne_se_lit_pas_revient_avec_ce_qui_est_ecrit(client, posee, reponse, champs, faute):
    avant = ecrits()
    refusee = repondre(client, posee, reponse, **champs)
    assert refusee.status_code == 422 and faute in lire(refusee) and ecrits() == avant
    assert champs.get("precision", "") in refusee.text


def test_qui_sait_repond_aussitot_d_un_clic(client, posee):
    vue = client.get(page(posee))
    assert 'name="ouvert"' not in vue.text and repondre(client, posee, "oui").status_code == 303
    assert Reponse.objects.count() == 1


def test_un_lien_force_ou_d_une_autre_demande_n_ouvre_rien(client, posee):
    preparee = demande("preparee", fiche_locale(), destinataire="autre@ville.example")
    autre_fiche = signing.dumps([posee.pk, preparee.fiche_id], salt=SEL)
    autre_sel = signing.dumps([posee.pk, posee.fiche_id], salt="autre")
    etranges = [signing.dumps(dit, salt=SEL) for dit in (None, [posee.pk], [2**70, 1])]
    for jeton in (
        posee.jeton[:-1],
        posee.jeton + "A",
        autre_fiche,
        autre_sel,
        preparee.jeton,
        "x",
        "é" * 300,
        ":::",
        *etranges,
    ):
        for route in ("confirmer", "ne_plus_demander"):
            for verbe in ("get", "post"):
                assert getattr(client, verbe)(reverse(route, args=[jeton])).status_code == 404, jeton
    assert not Reponse.objects.exists() and not AdresseArretee.objects.exists()


def test_un_lien_trop_ancien_le_dit_et_mene_a_la_correction(client, posee):
    repondre(client, posee, "sais_pas")
    with time_machine.travel(timezone.now() + VALIDITE + timedelta(minutes=1)):
        vue = client.get(page(posee))
        assert vue.status_code == 410 and FERMES[410] in lire(vue) and "corriger/?fait=etat" in vue.text
        assert repondre(client, posee, "oui").status_code == 410
    assert posee.reponses.count() == 1


def test_une_fiche_masquee_ne_montre_plus_rien(client, posee):
    masquer(posee.fiche)
    vue = client.get(page(posee))
    assert vue.status_code == 410 and posee.fiche.titre not in vue.text
    assert repondre(client, posee, "oui").status_code == 410 and not Reponse.objects.exists()


def test_ne_plus_ecrire_est_un_post_sans_page_et_vaut_meme_apres_la_fin(posee):
    courriel = Courriel.objects.get()
    entetes = message_from_bytes(courriel.message().message().as_bytes())
    lien = entetes["List-Unsubscribe"].replace("\n", "").strip("<> ")
    assert entetes["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and lien in courriel.corps
    strict = Client(enforce_csrf_checks=True)
    with time_machine.travel(timezone.now() + VALIDITE * 2):
        reponse = strict.post("/" + lien.split("/", 3)[3], {"List-Unsubscribe": "One-Click"})
    assert reponse.status_code == 200 and "nous n’écrirons plus à cette adresse" in lire(reponse)
    assert AdresseArretee.objects.count() == 1
    assert Journal.objects.filter(demande=posee, verbe="arreter_demandes").count() == 1


def test_deux_reponses_en_meme_temps_se_suivent(client, posee):
    repondre(client, posee, "oui")
    repondre(client, posee, "oui")
    assert (posee.reponses.count(), Proposition.objects.get().depots.count()) == (1, 1)


def test_le_secret_du_lien_n_est_ni_au_journal_technique_ni_au_poste(posee):
    assert posee.jeton not in masquer_les_secrets(f"GET {page(posee)} 200") and "/confirmer/•" in masquer_les_secrets(
        page(posee)
    )
    _, corps = confirmations.texte(posee, lien="(lien)")
    assert posee.jeton not in corps


def test_un_lien_d_arret_dont_l_adresse_est_oubliee_le_dit(client, posee):
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        oublier_demandes()
        reponse = client.post(reverse("ne_plus_demander", args=[posee.jeton]))
    assert reponse.status_code == 410 and "Rien n’a changé" in texte(reponse.text)
