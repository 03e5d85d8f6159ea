"""Ceilings: what a stranger can have the site send in a day, to one address and to all."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.core.internal.ratelimit import parse_rates
from django.conf import settings as reglages
from django.contrib.auth import get_user_model
from django.test import Client

from contributions.models import Proposition, Signalement
from contributions.verbes import recours, signalements
from courriels import plafonds, taches
from courriels.envoi import ecrire, ecrire_a_l_adresse_tapee, ecrits
from courriels.models import Courriel, Preuve
from tests.boite import Boite
from tests.comptes.test_connexion import CAMILLE, demander
from tests.contributions.papier import erreurs, ouvrir, signaler
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderatrice

pytestmark = pytest.mark.django_db
VICTIME = "victime@ailleurs.example"
PROPOSER, SIGNALER = "/dispositifs/asv/proposer/", "/dispositifs/asv/signaler/"
ECRITURES = [VICTIME, "Victime@Ailleurs.EXAMPLE", "victime+un@ailleurs.example", "VICTIME+a+b@ailleurs.example"]


@pytest.fixture(autouse=True)
def temps():
    with time_machine.travel("2026-11-20 09:12+01:00", tick=False) as temps:
        yield temps


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})


def taper(adresse: str = VICTIME, combien: int = 1) -> list[bool]:
    nombre = Courriel.objects.count()
    return [
        ecrire_a_l_adresse_tapee(adresse, "Bonjour", "Un mot.", cle=f"essai-{nombre}-{n}") is not None
        for n in range(combien)
    ]


def proposer(client: Client, adresse: str = VICTIME, prix: str = "Beaucoup."):
    papier = ouvrir(client, f"{PROPOSER}?neuf=1").remplir(**{"section-cout": prix}).signer(courriel=adresse)
    return papier.envoyer()


# One address


@pytest.mark.parametrize("ecriture", ECRITURES)
def test_pas_plus_de_trois_par_jour_a_une_boite_de_quelque_facon_qu_on_l_ecrive(ecriture):
    assert taper(VICTIME, 2) == [True, True]
    assert taper(ecriture, 2) == [True, False]
    assert plafonds.places("victime2@ailleurs.example")[0] == plafonds.PAR_ADRESSE


def test_celui_qui_ne_part_pas_n_est_pas_de_ceux_qui_sont_ecrits():
    with ecrits() as partis:
        assert taper(combien=4) == [True, True, True, False]
    assert len(partis) == Courriel.objects.count() == 3


def test_le_lendemain_on_recommence(temps):
    taper(combien=3)
    temps.move_to("2026-11-20 23:59+01:00")
    assert taper() == [False]
    temps.move_to("2026-11-21 00:01+01:00")
    assert taper() == [True]


def test_ce_qui_part_a_une_adresse_prouvee_ne_compte_pas():
    for n in range(10):
        ecrire(VICTIME, "Bonjour", "Un mot.", cle=f"prouvee-{n}")
    assert taper() == [True]


def test_toutes_les_sortes_comptent_ensemble(client, fiche, courriels: Boite):
    """A confirmation, a receipt, an unknown account, a sign-up: three, whatever the door."""
    demander(client, VICTIME)
    client.post("/comptes/inscription/", {"email": VICTIME})
    proposer(client)
    assert len(courriels.pour(VICTIME)) == 3
    signaler(client, SIGNALER, categorie="erreur", texte="C’est faux.", courriel=VICTIME)
    assert "Déjà 3 courriels" in erreurs(proposer(client, prix="Trop."))
    refus = Client().post("/comptes/inscription/", {"email": "Victime+2@ailleurs.example"})
    assert refus.status_code == 422 and "Déjà 3 courriels" in refus.text and "Victime+2@" in refus.text
    assert demander(Client(), VICTIME).status_code == 302
    assert len(courriels) == 3


def test_qui_confirme_au_fur_et_a_mesure_propose_autant_qu_elle_veut(fiche, courriels: Boite):
    for n in range(6):
        proposition(fiche, courriel=VICTIME, cout=f"Prix {n}.")
    assert len(courriels.pour(VICTIME)) == 12 and plafonds.envoyes_sans_preuve() == 0


def test_rien_n_est_perdu_d_une_proposition_refusee(client, fiche):
    taper(combien=3)
    reponse = proposer(client, prix="Un prix à garder.")
    assert reponse.status_code == 422 and "gardé en brouillon" in erreurs(reponse)
    assert "Un prix à garder." in reponse.text
    assert Proposition.objects.get().saisie["section-cout"] == ["Un prix à garder."]


def test_un_signalement_est_recu_meme_sans_son_accuse(client, fiche, courriels: Boite):
    taper(combien=3)
    page = signaler(client, SIGNALER, categorie="erreur", texte="C’est faux.", courriel=VICTIME)
    assert page.status_code == 303 and Signalement.objects.count() == 1 and len(courriels) == 3
    assert "l’accusé de réception n’est pas envoyé" in client.get(page.url).text


def test_la_reponse_a_un_signalement_part_quand_meme(fiche, courriels: Boite):
    """The law wants a decision told (article 16 of the Digital Services Act); moderators provoke it, not a stranger."""
    taper(combien=3)
    recu = signalement(fiche, courriel=VICTIME)
    signalements.classer(recu.dossier, par=moderatrice(), motif="inexact", explication="C’est juste.")
    assert "est traité" in " ".join(courriels.pour(VICTIME)[-1].corps.split())
    recours.contester(Signalement.objects.get(), texte="Si.")
    assert len(courriels.pour(VICTIME)) == 4


def test_un_texte_depose_en_meme_temps_qu_un_autre_prend_la_derniere_place(fiche, monkeypatch):
    """The form had looked before the last place was taken: the verb looks again, under a lock."""
    taper(combien=3)
    monkeypatch.setattr(plafonds, "verifier", lambda adresse: None)
    reponse = proposer(Client(), prix="Un prix à garder.")
    assert reponse.status_code == 409 and "Un prix à garder." in reponse.text and "demain" in reponse.text
    assert Proposition.objects.get().statut == Proposition.Statut.BROUILLON


# Nobody learns who has an account


def essais(adresse: str) -> list[tuple[int, str]]:
    """What a stranger sees by typing an address at every door, again and again."""
    vus = []
    for _ in range(2):
        navigateur = Client()
        for chemin, donnees in (
            ("/comptes/connexion/", {"email": adresse}),
            ("/comptes/code/", {"action": "resend"}),
            ("/comptes/code/", {"action": "resend"}),
        ):
            reponse = navigateur.post(chemin, donnees)
            vus.append((reponse.status_code, reponse.get("Location", "")))
    reponse = Client().post("/comptes/inscription/", {"email": adresse})
    vus.append((reponse.status_code, re.sub(r"\s+", " ", "Déjà 3 courriels" if "Déjà 3" in reponse.text else "")))
    reponse = proposer(Client(), adresse)
    return [*vus, (reponse.status_code, "Déjà 3 courriels" if "Déjà 3" in reponse.text else "")]


@pytest.mark.parametrize("dabord", ["connexion", "inscription"])
def test_un_compte_et_une_adresse_inconnue_se_voient_pareil(fiche, courriels: Boite, dabord):
    get_user_model().objects.create_user(CAMILLE)
    if dabord == "inscription":
        for adresse in (CAMILLE, "inconnue@ville.example"):
            navigateur = Client()
            navigateur.post("/comptes/inscription/", {"email": adresse})
            navigateur.post("/comptes/confirmation/", {"action": "resend"})
    assert essais(CAMILLE) == essais("inconnue@ville.example")
    assert Courriel.objects.pour("inconnue@ville.example").sans_preuve().count() <= plafonds.PAR_ADRESSE


def test_la_proprietaire_d_un_compte_recoit_toujours_son_code(client, courriels: Boite):
    get_user_model().objects.create_user(CAMILLE)
    taper(CAMILLE, 3)
    demander(client)
    assert courriels[-1].preuve == Preuve.DEMANDEE and courriels.code(CAMILLE)


def test_un_compte_que_personne_n_a_confirme_ne_recoit_pas_plus_de_trois_codes(courriels: Boite):
    Client().post("/comptes/inscription/", {"email": VICTIME})
    for _ in range(3):
        demander(Client(), VICTIME)
    assert len(courriels.pour(VICTIME)) == 3


# The whole site


def test_le_site_s_arrete_a_son_plafond_et_le_dit_une_fois(settings, caplog, django_capture_on_commit_callbacks):
    settings.PLAFOND_COURRIELS = 4
    with django_capture_on_commit_callbacks(execute=True), caplog.at_level(logging.WARNING):
        assert [taper(f"a{n}@ailleurs.example") for n in range(6)] == [[True]] * 4 + [[False]] * 2
    (dit,) = [r for r in caplog.records if r.name == "courriels.plafonds"]
    assert dit.levelname == "WARNING" and "4 courriels" in dit.getMessage()


def test_la_sonde_le_dit_et_le_site_reste_pret(settings, client):
    settings.PLAFOND_COURRIELS = 1
    assert client.get("/sante/pret").text == "prêt\n"
    taper()
    reponse = client.get("/sante/pret")
    assert (reponse.status_code, reponse.text) == (200, "prêt ; plafond des courriels atteint\n")


def test_au_plafond_chaque_porte_le_dit_et_les_comptes_entrent(settings, client, fiche, courriels: Boite):
    settings.PLAFOND_COURRIELS = 0
    get_user_model().objects.create_user(CAMILLE)
    for adresse in (CAMILLE, "neuve@ville.example"):
        refus = Client().post("/comptes/inscription/", {"email": adresse})
        assert refus.status_code == 422 and "tous les courriels" in refus.text
        assert "tous les courriels" in erreurs(proposer(Client(), adresse))
    assert len(courriels) == 0
    demander(client)
    assert courriels.code(CAMILLE)
    proposition(fiche, auteur=moderatrice(), cout="Un.")
    assert len(courriels) == 2


def test_une_adresse_deja_confirmee_continue(settings, client, fiche, courriels: Boite):
    une = proposition(fiche, courriel=VICTIME, cout="Un.")
    settings.PLAFOND_COURRIELS = 0
    assert courriels[-1].preuve == Preuve.FAITE and une.adresse_prouvee


# What is kept, what is promised


def test_une_adresse_tapee_est_oubliee_le_surlendemain(courriels: Boite, temps):
    demander(Client(), VICTIME)
    assert "effacée après un jour" in " ".join(courriels[0].corps.split())
    temps.shift(timedelta(hours=23))
    taches.purger(timestamp=0)
    assert len(courriels) == 1
    temps.shift(timedelta(hours=2))
    taches.purger(timestamp=0)
    assert len(courriels) == 0


def test_la_documentation_dit_combien_un_inconnu_peut_en_faire_partir():
    """docs/exploitation.md gives the figures; they are those of the settings."""
    page = " ".join((reglages.BASE_DIR / "docs" / "exploitation.md").read_text(encoding="utf-8").split())
    (codes,) = [r.amount for r in parse_rates(reglages.ACCOUNT_RATE_LIMITS["request_login_code"])
                if r.per == "key" and r.duration == 86_400]  # fmt: skip
    attendu = (
        f"**{reglages.PLAFOND_COURRIELS}** to addresses nobody proved, **{plafonds.PAR_ADRESSE}** at most to each, and "
        f"**{codes}** codes to each account whose address he knows"
    )
    assert attendu in page
