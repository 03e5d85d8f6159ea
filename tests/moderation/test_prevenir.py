"""Moderators are told: at once of what cannot wait, in the morning of the rest, late of what was promised."""

from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from comptes import desabonnement
from comptes.models import Utilisateur
from comptes.roles import Role
from contributions import taches
from contributions.models import Dossier, Message, Notification, Portee, Proposition
from contributions.verbes import echanges, propositions, recours, signalements
from moderation import resume
from moderation.taches import envoyer_resumes
from tests.contributions.recits import nouvelle_fiche, proposition, signalement
from tests.factories import (
    constat,
    fiche_dispositif,
    fiche_locale,
    moderateur,
    moderatrice,
    personne,
    relu,
    territoire,
    theme,
    valider,
)  # fmt: skip

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
LUNDI, MARDI, SAMEDI = (datetime(2026, 11, jour, 8, 5, tzinfo=PARIS) for jour in (30, 24, 28))
INVENTE = "Gagnez 1000 euros sur https://ailleurs.example/x"


@pytest.fixture
def normandie():
    return territoire("region", "28", "Normandie")


@pytest.fixture
def fiche(normandie):
    return fiche_locale(
        slug="cls", titre="Contrat", sur=[territoire(code="76540", dans=[normandie])], themes=["prevention"]
    )


def suit(qui: Utilisateur, *lieux, sujets=()) -> None:
    portee = Portee.objects.create(utilisateur=qui)
    portee.territoires.set(lieux)
    portee.themes.set(sujets)


def destinataires(courriels, mot: str) -> set[str]:
    return {courriel.destinataire for courriel in courriels if mot in courriel.objet}


@pytest.mark.parametrize("categorie", ["illicite", "donnee_personnelle"])
def test_l_urgent_se_dit_tout_de_suite_a_qui_suit_le_territoire(fiche, normandie, courriels, categorie):
    suit(moderatrice(), normandie)
    suit(moderateur(), territoire("region", "11"))
    dossier = signalement(fiche, categorie=categorie).dossier
    assert destinataires(courriels, "[Urgent]") == {moderatrice().email}
    assert Notification.objects.pour(moderatrice()).get().adresse == dossier.adresse_au_poste


def test_le_reste_ne_se_dit_pas_tout_de_suite(fiche, courriels):
    moderatrice()
    signalement(fiche)
    proposition(fiche, resume="Autre.")
    assert not courriels.pour(moderatrice().email)


def test_le_meme_dossier_ne_se_dit_qu_une_fois(fiche, courriels):
    moderatrice()
    for n in range(3):
        signalement(fiche, categorie="illicite", courriel=f"a{n}@exemple.fr")
    assert len(courriels.pour(moderatrice().email)) == 1


def test_rien_de_ce_qu_un_inconnu_tape_ne_voyage(fiche, courriels):
    moderatrice()
    recu = signalements.signaler(fiche, categorie="illicite", texte=INVENTE, courriel="x@exemple.fr", nom=INVENTE)
    recours_de(recu)
    assert not [c for c in courriels if "ailleurs.example" in c.corps + c.objet]


def recours_de(recu) -> None:
    signalements.classer(recu.dossier, par=moderatrice(), motif="inexact", explication="Non.")
    recours.contester(relu(recu), texte=INVENTE)


def test_une_portee_par_theme_ou_vide_compte_aussi(fiche, courriels):
    suit(moderatrice(), sujets=[theme("prevention")])
    moderateur()  # no scope: the whole base
    suit(personne("ailleurs", Role.MODERATEUR), territoire("region", "11"))
    signalement(fiche, categorie="illicite")
    assert destinataires(courriels, "[Urgent]") == {moderatrice().email, moderateur().email}


def test_quand_personne_ne_suit_le_lieu_tout_le_monde_est_prevenu(fiche, courriels):
    suit(moderatrice(), territoire("region", "11"))
    signalement(fiche, categorie="illicite")
    assert destinataires(courriels, "[Urgent]") == {moderatrice().email}


def test_sans_moderateur_l_adresse_de_secours(fiche, courriels, settings):
    settings.ADRESSE_DE_SECOURS = "garde@exemple.fr"
    signalement(fiche, categorie="illicite", auteur=moderatrice())
    assert destinataires(courriels, "[Urgent]") == {"garde@exemple.fr"}


def test_a_mi_delai_sans_prise_tout_le_monde_et_le_secours_une_seule_fois(fiche, normandie, courriels, settings):
    settings.ADRESSE_DE_SECOURS = "garde@exemple.fr"
    suit(moderatrice(), normandie)
    suit(moderateur(), territoire("region", "11"))
    dossier = signalement(fiche, categorie="illicite").dossier
    taches.relancer_urgences(0)
    assert not destinataires(courriels, "personne ne l’a pris")
    Dossier.objects.filter(pk=dossier.pk).update(ouvert_le=timezone.now() - timedelta(hours=13))
    for _ in range(3):
        taches.relancer_urgences(0)
    attendus = {"garde@exemple.fr", moderatrice().email, moderateur().email}
    assert destinataires(courriels, "personne ne l’a pris") == attendus
    assert len([c for c in courriels if "personne ne l’a pris" in c.objet]) == 3


def test_ce_qui_est_pris_ne_se_relance_pas(fiche, courriels):
    dossier = signalement(fiche, categorie="illicite").dossier
    signalements.prendre(dossier, par=moderatrice())
    Dossier.objects.filter(pk=dossier.pk).update(ouvert_le=timezone.now() - timedelta(hours=13))
    taches.relancer_urgences(0)
    assert not destinataires(courriels, "personne ne l’a pris")


def test_un_recours_va_a_qui_peut_en_decider(fiche, courriels):
    une = proposition(fiche, resume="Autre.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    moderateur()
    recours.contester(relu(une), texte="Si.")
    assert destinataires(courriels, "à réexaminer") == {moderateur().email}
    assert "Vous êtes la seule personne prévenue." in courriels.pour(moderateur().email)[-1].corps


def test_apres_le_delai_l_equipe_lit_les_messages_en_un_courriel_une_seule_fois(fiche, normandie, courriels):
    suit(moderatrice(), normandie)
    suit(moderateur(), territoire("region", "11"))
    for n in range(3):
        echanges.ecrire(proposition(fiche, courriel=f"a{n}@exemple.fr", resume=f"Le {n}."), texte="Alors ?")
    taches.rappeler_messages(0)
    assert not destinataires(courriels, "sans réponse")
    Message.objects.update(le=timezone.now() - timedelta(days=8))
    for _ in range(3):
        taches.rappeler_messages(0)
    rappels = [c for c in courriels if "sans réponse" in c.objet]
    assert [c.destinataire for c in rappels] == [moderatrice().email] and rappels[0].objet.startswith("3 messages")


def test_un_rappel_coupe_en_plein_travail_ne_se_perd_ni_ne_se_repete(fiche, courriels):
    moderatrice(), moderateur()
    echanges.ecrire(proposition(fiche, resume="Autre."), texte="Alors ?")
    Message.objects.update(le=timezone.now() - timedelta(days=8))
    with (
        mock.patch("contributions.verbes.alertes.prevenir", side_effect=[None, RuntimeError]),
        pytest.raises(RuntimeError),
    ):
        taches.rappeler_messages(0)
    taches.rappeler_messages(0)
    taches.rappeler_messages(0)
    assert len([c for c in courriels if "sans réponse" in c.objet]) == 2


def au_matin(jour: datetime) -> None:
    with time_machine.travel(jour, tick=False):
        envoyer_resumes(0)


def test_le_resume_part_les_jours_ouvres_une_seule_fois(fiche, courriels):
    moderatrice()
    with time_machine.travel(MARDI - timedelta(days=1)):
        proposition(fiche, resume="Autre.")
    for _ in range(3):
        au_matin(MARDI)
    au_matin(MARDI + timedelta(hours=1))
    au_matin(SAMEDI)
    au_matin(MARDI + timedelta(hours=9))
    assert len(courriels.pour(moderatrice().email)) == 1
    assert "1 à prendre" in courriels.pour(moderatrice().email)[0].corps
    au_matin(MARDI + timedelta(days=1))
    assert len(courriels.pour(moderatrice().email)) == 2


def test_le_resume_ne_part_pas_vide(fiche, normandie, courriels):
    suit(moderatrice(), territoire("region", "11"))
    proposition(fiche, resume="Autre.")
    au_matin(MARDI)
    assert not courriels.pour(moderatrice().email)


def test_le_resume_dit_ce_qui_est_en_retard_et_ce_qui_m_attend(fiche, courriels):
    with time_machine.travel(MARDI - timedelta(days=12)):
        une = propositions.prendre(proposition(fiche, resume="Autre."), par=moderatrice())
        propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Une date ?")
        echanges.ecrire(une, texte="Je cherche.")
        proposition(fiche, courriel="b@exemple.fr", titre="Un autre titre")
        signalement(fiche, categorie="illicite")
        signalement(fiche, categorie="erreur")
    au_matin(MARDI)
    recu = courriels.pour(moderatrice().email)[-1]
    objet = "Modération du 24 novembre 2026 : 1 urgence, 1 message sans réponse, 2 en retard"
    assert recu.objet.replace("\xa0", " ") == objet
    for mots in ("en retard de 10 jours", "1 conversation sans réponse", "2 à prendre, dont 2 en retard"):
        assert mots in recu.corps.replace("\xa0", " "), mots


def test_une_fiche_nouvelle_compte_la_ou_elle_serait(normandie, courriels):
    rouen = territoire(code="76540", dans=[normandie])
    suit(moderatrice(), normandie)
    suit(moderateur(), territoire("region", "11"))
    fiche_dispositif(slug="asv")
    contenu = valider("local", titre="Un nouveau", resume="R.", dispositif="asv", territoires=[rouen.designation],
                      sources=[{"titre": "S", "date": "2022"}], constats=[constat("actif", "2022")],
                      sections={"description": "Ici.[^1]"})  # fmt: skip
    nouvelle_fiche(contenu, "local")
    au_matin(MARDI)
    assert destinataires(courriels, "Modération du") == {moderatrice().email}


def test_le_rythme_se_choisit_et_le_lundi_suffit(client, fiche, courriels):
    client.force_login(moderatrice())
    assert client.post("/mes-notifications/", {"choix": "resume", "resume": "hebdomadaire"}).status_code == 302
    with time_machine.travel(MARDI - timedelta(days=1)):
        proposition(fiche, resume="Autre.")
    au_matin(MARDI)
    assert not courriels.pour(moderatrice().email)
    for _ in range(2):
        au_matin(LUNDI)
    assert len(courriels.pour(moderatrice().email)) == 1


def test_un_rythme_qui_n_existe_pas_est_refuse(client):
    client.force_login(moderatrice())
    reponse = client.post("/mes-notifications/", {"choix": "resume", "resume": "horaire"})
    assert reponse.status_code == 422 and "Ce choix n’existe pas" in reponse.text


def test_qui_ne_modere_pas_n_a_pas_de_resume_a_choisir(client):
    client.force_login(personne())
    assert "résumé" not in client.get("/mes-notifications/").text
    assert client.post("/mes-notifications/", {"choix": "resume", "resume": "jamais"}).status_code == 422


def test_un_clic_arrete_le_resume_et_lui_seul(client, fiche, courriels):
    moderatrice()
    with time_machine.travel(MARDI - timedelta(days=1)):
        proposition(fiche, resume="Autre.")
    au_matin(MARDI)
    recu = courriels.pour(moderatrice().email)[0]
    abonnement = desabonnement.designe(recu.arreter.rstrip("/").rpartition("/")[2])
    assert abonnement == (moderatrice(), desabonnement.RESUME)
    lien = recu.arreter.removeprefix("http://testserver")
    assert "Le résumé de ce qui attend" in client.get(lien).text and relu(moderatrice()).resume == "quotidien"
    assert "ces courriels sont arrêtés" in client.post(lien, {"List-Unsubscribe": "One-Click"}).text
    assert (relu(moderatrice()).resume, relu(moderatrice()).courriels) == ("jamais", "tous")
    au_matin(MARDI + timedelta(days=1))
    assert len(courriels.pour(moderatrice().email)) == 1


def test_un_resume_coupe_reprend_sans_repeter(fiche, courriels):
    moderatrice(), moderateur()
    with time_machine.travel(MARDI - timedelta(days=1)):
        proposition(fiche, resume="Autre.")
    vrai = resume.ecrire
    with mock.patch.object(resume, "ecrire") as ecrire:
        ecrire.side_effect = lambda *mots, **champs: vrai(*mots, **champs) if ecrire.call_count == 1 else 1 / 0
        with pytest.raises(ZeroDivisionError):
            au_matin(MARDI)
    au_matin(MARDI + timedelta(hours=1))
    assert sorted(c.destinataire for c in courriels if "Modération du" in c.objet) == sorted(
        [moderatrice().email, moderateur().email]
    )


def test_dix_mille_se_comptent_juste(fiche, normandie, django_assert_max_num_queries):
    suit(moderatrice(), normandie)
    depot = {"nature": "local", "fiche": fiche.fiche_ptr, "titre": "T", "statut": Proposition.Statut.SOUMISE}
    Proposition.objects.bulk_create(
        Proposition(**depot, deposee_le=timezone.now() - timedelta(days=n % 20)) for n in range(10_000)
    )
    with django_assert_max_num_queries(25):
        compte = resume.resumer(Utilisateur.objects.get(pk=moderatrice().pk)).a_prendre
    assert (compte.nombre, compte.en_retard) == (10_000, 5_000)


@pytest.mark.parametrize("categorie,promis", [("illicite", "6 heures"), ("erreur", "4 jours")])
def test_la_promesse_est_un_reglage_dit_partout(client, settings, fiche, courriels, categorie, promis):
    settings.DELAI_URGENT, settings.DELAI_DECISION = 6, 4
    adresse = f"{fiche.get_absolute_url()}signaler/"
    pages = [client.get(a).text.replace("\xa0", " ") for a in (adresse, "/transparence/", "/confidentialite/")]
    signalement(fiche, categorie=categorie)
    assert f"sous {promis}" in courriels[-1 if categorie == "erreur" else 0].corps.replace("\xa0", " ")
    assert all("6 heures" in page for page in pages) and all("4 jours" in page for page in pages[:2])
