"""Writing an e-mail: in the transaction of what it tells, once, in clear plain text."""

import contextlib
import smtplib
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from courriels import taches
from courriels.envoi import ecrire, ecrits, rendre
from courriels.models import Courriel, Statut
from tests.boite import Boite

pytestmark = pytest.mark.django_db
CAMILLE = "camille@ville.example"


@pytest.fixture
def modele(tmp_path, settings):
    """Write a template of e-mail: `modele("Objet : …")` returns what `rendre` makes of it."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    (tmp_path / "courriels").mkdir()

    def rendu(texte: str, **contexte):
        (tmp_path / "courriels" / "essai.txt").write_text(texte, encoding="utf-8")
        return rendre("essai", contexte)

    return rendu


def en_panne(monkeypatch, erreur: Exception) -> None:
    def refuser(*args, **kwargs):
        raise erreur

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuser)


def test_un_courriel_ecrit_attend_puis_part(courriels: Boite, vider_la_file):
    ecrire(CAMILLE, "Bonjour", "Un mot.\n", cle="essai")
    assert courriels[0].statut == Statut.A_ENVOYER and mail.outbox == []
    assert vider_la_file() == []
    assert courriels[0].statut == Statut.ENVOYE
    (parti,) = mail.outbox
    assert (parti.to, parti.subject, parti.body) == ([CAMILLE], "Bonjour", "Un mot.\n")
    entetes = parti.message()
    assert entetes["Auto-Submitted"] == "auto-generated"
    assert str(make_header(decode_header(entetes["From"]))) == "Santé en territoires <ne-pas-repondre@exemple.fr>"


def test_on_sait_quels_courriels_viennent_d_etre_ecrits():
    ecrire(CAMILLE, "Avant", "Un mot.", cle="avant")
    with ecrits() as partis:
        ecrire(CAMILLE, "Avant", "Un mot.", cle="avant")  # written already
        with ecrits() as dedans:
            ecrire(CAMILLE, "Dedans", "Un mot.", cle="dedans")
        ecrire(CAMILLE, "Pendant", "Un mot.", cle="pendant")
    ecrire(CAMILLE, "Après", "Un mot.", cle="apres")
    assert [c.objet for c in dedans] == ["Dedans"] and [c.objet for c in partis] == ["Pendant"]


def test_la_tache_ne_porte_pas_l_adresse(courriels: Boite):
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    assert ProcrastinateJob.objects.get().args == {"pk": courriels[0].pk}


def test_la_meme_cle_n_ecrit_rien_de_plus(courriels: Boite, vider_la_file):
    premier = ecrire(CAMILLE, "Bonjour", "Un mot.", cle="proposition-12-acceptee-3")
    assert ecrire(CAMILLE, "Bonjour encore", "Deux mots.", cle="proposition-12-acceptee-3") == premier
    assert [courriel.objet for courriel in courriels] == ["Bonjour"]
    vider_la_file()
    assert len(mail.outbox) == 1


def test_rien_n_est_ecrit_si_la_transaction_est_defaite(courriels: Boite):
    with contextlib.suppress(RuntimeError), transaction.atomic():
        ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
        raise RuntimeError
    assert len(courriels) == 0 and not ProcrastinateJob.objects.exists()


def test_un_courriel_parti_ne_repart_pas(courriels: Boite, vider_la_file):
    pk = ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai").pk
    vider_la_file()
    taches.envoyer(pk=pk)
    assert len(mail.outbox) == 1 and courriels[0].tentatives == 1


@pytest.mark.parametrize(
    "panne", [ConnectionRefusedError("non"), smtplib.SMTPServerDisconnected("coupé"), TimeoutError()]
)
def test_un_serveur_en_panne_ne_perd_rien(courriels: Boite, vider_la_file, monkeypatch, panne):
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    with monkeypatch.context() as contexte:
        en_panne(contexte, panne)
        (echec,) = vider_la_file()
    assert isinstance(echec, taches.EnvoiRefuse)
    assert courriels[0].statut == Statut.RETARDE and type(panne).__name__ in courriels[0].derniere_erreur
    assert vider_la_file() == []
    assert courriels[0].statut == Statut.ENVOYE and courriels[0].tentatives == 2
    assert courriels[0].derniere_erreur == ""


def test_l_adresse_ne_va_pas_dans_les_journaux(courriels: Boite, vider_la_file, monkeypatch, caplog):
    en_panne(monkeypatch, smtplib.SMTPRecipientsRefused({CAMILLE: (450, b"occupee")}))
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    (echec,) = vider_la_file()
    assert CAMILLE in courriels[0].derniere_erreur
    assert CAMILLE not in caplog.text + str(echec) and echec.__cause__ is None


def test_la_meme_lettre_a_toujours_le_meme_numero(courriels: Boite):
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="autre")
    numeros = [courriel.message().extra_headers["Message-ID"] for courriel in [*courriels, *courriels]]
    assert numeros[:2] == numeros[2:] and numeros[0] != numeros[1]
    assert numeros[0].endswith("@testserver>")


def test_un_courriel_perime_n_est_plus_envoye(courriels: Boite, vider_la_file):
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
        ecrire(CAMILLE, "Votre code", "123456", cle="essai", duree=timedelta(minutes=10))
    vider_la_file()
    assert mail.outbox == [] and courriels[0].statut == Statut.PERIME


PERTES = {
    "supprimée": "DELETE FROM procrastinate_jobs WHERE (args->>'pk')::int = %s",
    "ouvrier tué": "UPDATE procrastinate_jobs SET status = 'doing' WHERE (args->>'pk')::int = %s",
}


@pytest.mark.parametrize("perte", PERTES.values(), ids=PERTES)
def test_un_courriel_qui_a_perdu_sa_tache_est_retrouve(courriels: Boite, perte):
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
        perdu = ecrire(CAMILLE, "Perdu", "Un mot.", cle="perdu")
        ecrire(CAMILLE, "En file", "Un mot.", cle="en-file")
    with connection.cursor() as curseur:
        curseur.execute(perte, [perdu.pk])
    ecrire(CAMILLE, "Récent", "Un mot.", cle="recent")
    for _ in range(2):  # the second time, there is nothing left to find
        taches.retrouver(timestamp=0)
        en_file = ProcrastinateJob.objects.filter(status="todo")
        assert sorted(job.args["pk"] for job in en_file) == sorted(courriel.pk for courriel in courriels)


def test_les_courriels_partis_sont_oublies_apres_trente_jours(courriels: Boite, vider_la_file, monkeypatch):
    for jours, objet in ((40, "Ancien"), (20, "Récent")):
        with time_machine.travel(timezone.now() - timedelta(days=jours), tick=False):
            ecrire(CAMILLE, objet, "Un mot.", cle=objet)
            Courriel.objects.filter(cle=objet).update(envoye_le=timezone.now(), tentatives=1)
    ecrire(CAMILLE, "En attente", "Un mot.", cle="attente")
    taches.purger(timestamp=0)
    assert [courriel.objet for courriel in courriels] == ["Récent", "En attente"]


def test_ce_qui_porte_un_code_est_oublie_apres_un_jour(courriels: Boite):
    ecrits = {"Ancien": 26, "Récent": 20}
    for objet, heures in ecrits.items():
        with time_machine.travel(timezone.now() - timedelta(hours=heures), tick=False):
            ecrire(CAMILLE, objet, "Un code.", cle=objet, duree=timedelta(minutes=10))
            ecrire(CAMILLE, f"{objet}, parti", "Un code.", cle=f"{objet}-parti", duree=timedelta(minutes=10))
            Courriel.objects.filter(cle=f"{objet}-parti").update(envoye_le=timezone.now(), tentatives=1)
            ecrire(CAMILLE, f"{objet}, à garder", "Un mot.", cle=f"{objet}-garde")
    taches.purger(timestamp=0)
    assert [c.objet for c in courriels] == ["Ancien, à garder", "Récent", "Récent, parti", "Récent, à garder"]


def test_on_essaie_de_plus_en_plus_rarement_et_sans_fin():
    class Tache:
        attempts = 0

    def attente(essais: int) -> timedelta:
        Tache.attempts = essais
        return taches.Patiemment().get_retry_decision(exception=OSError(), job=Tache).retry_at - timezone.now()

    with time_machine.travel(timezone.now(), tick=False):
        attentes = [attente(essais) for essais in range(15)]
        assert attentes == sorted(attentes)
        assert attentes[0] == timedelta(seconds=30) and attentes[-1] == timedelta(hours=6) == attente(10_000)


@pytest.mark.parametrize(
    "objet", ["Bonjour\nBcc: autre@exemple.fr", "Bonjour\r\nBcc: x", "Bon\x0bjour", "Bon\u2028jour"]
)
def test_un_objet_n_ajoute_pas_d_entete(courriels: Boite, vider_la_file, objet):
    ecrire(CAMILLE, objet, "Un mot.", cle="essai")
    assert vider_la_file() == []
    assert len(courriels[0].objet.splitlines()) == 1
    assert mail.outbox[0].recipients() == [CAMILLE] and "\nBcc" not in mail.outbox[0].message().as_string()


def test_la_base_refuse_un_objet_sur_deux_lignes():
    maintenant = timezone.now()
    with pytest.raises(IntegrityError, match="courriel_objet_sur_une_ligne"):
        Courriel.objects.create(
            destinataire=CAMILLE, objet="a\nb", corps="c", cle="d", perime_le=maintenant + timedelta(days=1)
        )


def test_un_gabarit_donne_l_objet_et_le_corps_sans_rien_echapper(modele):
    objet, corps = modele("Objet : L’avis sur {{ titre }}\nBonjour {{ titre }}\n", titre="« A & B »")
    assert (objet, corps) == ("L’avis sur « A & B »", "Bonjour « A & B »\n")


def test_un_titre_sur_deux_lignes_ne_casse_rien(modele):
    objet, corps = modele("Objet : Sur {{ titre }}\nBonjour\n", titre="A\nBcc: autre@exemple.fr")
    assert objet == "Sur A" and corps.endswith("Bonjour\n")


def test_un_gabarit_sans_objet_est_une_erreur(modele):
    with pytest.raises(ValueError, match="Objet"):
        modele("Bonjour\n")


def test_les_lignes_sont_pliees_sans_couper_les_adresses(modele):
    url = "https://sante.exemple.fr/" + "x" * 90
    _, corps = modele("Objet : Essai\n" + "mot " * 40 + f"\n- {'mot ' * 30}\n> {'mot ' * 30}\n{url}\n    123456\n")
    lignes = corps.splitlines()
    assert all(len(ligne) <= 76 for ligne in lignes if ligne != url) and url in lignes and "    123456" in lignes
    assert [ligne[:2] for ligne in lignes].count("> ") == 2 and [ligne[:2] for ligne in lignes].count("- ") == 1


def test_aucune_ligne_ne_commence_par_un_signe(modele):
    _, corps = modele("Objet : Essai\n" + "Oui : non ! « mot » ; " * 40)
    assert not [ligne for ligne in corps.splitlines() if ligne[0] in ":;!?»" or ligne[-1] == "«"]


def test_la_signature_donne_l_adresse_du_site(modele, settings):
    partiel = (settings.BASE_DIR / "templates/courriels/_signature.txt").read_text(encoding="utf-8")
    _, corps = modele("Objet : Essai\nBonjour\n" + partiel)
    assert corps == "Bonjour\n\nL’équipe de Santé en territoires\nhttp://testserver/\n"
