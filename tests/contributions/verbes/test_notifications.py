"""« Mes notifications », and the e-mails one wants or not."""

import html5lib
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from comptes import desabonnement, donnees
from comptes.models import Utilisateur
from contributions import taches
from contributions.models import Notification, Proposition
from contributions.models.notifications import GARDE
from contributions.verbes import avis, echanges, propositions, recours, retraits, signalements
from courriels.models import Courriel
from tests.boite import Boite
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne

pytestmark = pytest.mark.django_db
ADRESSE = "/mes-notifications/"
ESSENTIELS = Utilisateur.Courriels.ESSENTIELS


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})


@pytest.fixture
def connectee(client):
    client.force_login(personne())
    return client


@pytest.fixture
def discrete() -> Utilisateur:
    Utilisateur.objects.filter(pk=personne().pk).update(courriels=ESSENTIELS)
    return personne()


def objets(qui: Utilisateur) -> list[str]:
    return [notification.objet for notification in Notification.objects.pour(qui).order_by("pk")]


def recus(courriels: Boite, qui: Utilisateur) -> list[str]:
    return [courriel.objet for courriel in courriels.pour(qui.email)]


def test_il_faut_un_compte(client):
    assert client.get(ADRESSE)["Location"].startswith("/comptes/connexion/")
    assert client.post(ADRESSE, {"lue": "toutes"})["Location"].startswith("/comptes/connexion/")


def test_chaque_courriel_a_sa_notification(connectee, fiche, courriels: Boite):
    une = proposition(fiche, auteur=personne(), cout="Un.")
    echanges.repondre(une, par=moderatrice(), texte="Bonjour.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    recours.contester(Proposition.objects.get(), texte="Si.")
    assert objets(personne()) == recus(courriels, personne()) and len(objets(personne())) >= 3
    page = connectee.get(ADRESSE).text
    html5lib.HTMLParser(strict=True).parse(page)
    assert all(objet in page for objet in objets(personne()))
    assert page.count(">Non lue<") == len(objets(personne())) and une.get_absolute_url() in page


def test_sans_compte_il_n_y_a_que_le_courriel(fiche, courriels: Boite):
    proposition(fiche, cout="Un.")
    assert len(courriels) and not Notification.objects.exists()


def test_on_n_y_voit_rien_des_autres_et_on_n_y_touche_pas(connectee, fiche):
    proposition(fiche, auteur=personne("autre"), cout="Un.")
    (sienne,) = Notification.objects.pour(personne("autre"))
    assert sienne.objet not in connectee.get(ADRESSE).text
    for lue in (str(sienne.pk), "toutes", "9" * 40, "-1", "²", "a"):
        assert connectee.post(ADRESSE, {"lue": lue}).status_code == 302
    assert Notification.objects.non_lues().count() == 1


def test_on_marque_comme_lue(connectee, fiche):
    proposition(fiche, auteur=personne(), cout="Un.")
    signalement(fiche, auteur=personne())
    premiere = Notification.objects.order_by("pk")[0]
    connectee.post(ADRESSE, {"lue": premiere.pk})
    assert "1 non lue." in connectee.get(ADRESSE).text
    connectee.post(ADRESSE, {"lue": "toutes"})
    page = connectee.get(ADRESSE).text
    assert "Non lue" not in page and premiere.objet in page


def test_ce_que_la_loi_oblige_a_dire_part_toujours(discrete, fiche, courriels: Boite):
    """Receipts, refusals, decisions on reports and on appeals, fiches taken out of sight."""
    dossier = signalement(fiche, auteur=discrete).dossier
    signalements.classer(dossier, par=moderatrice(), motif="inexact", explication="C’est juste.")
    une = proposition(fiche, auteur=discrete, cout="Un.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    conteste = recours.contester(Proposition.objects.get(pk=une.pk), texte="Si.")
    recours.confirmer(conteste, par=moderateur(), explication="Toujours non.")
    assert recus(courriels, discrete) == objets(discrete) and len(objets(discrete)) >= 6
    assert not any(courriel.arreter for courriel in courriels.pour(discrete.email))


def test_une_fiche_retiree_se_dit_toujours_a_qui_l_a_ecrite(discrete, fiche, courriels: Boite):
    une = proposition(fiche, auteur=discrete, cout="Un.")
    propositions.accepter(une, par=moderatrice(), depot=1)
    avant = len(courriels.pour(discrete.email))
    retraits.masquer(fiche, par=moderatrice(), motif="inexact", explication="Fausse.")
    assert len(courriels.pour(discrete.email)) == avant + 1
    assert objets(discrete)[-1] == recus(courriels, discrete)[-1]


def test_le_reste_attend_sur_la_page_si_on_le_veut(discrete, fiche, courriels: Boite):
    une = proposition(fiche, auteur=discrete, cout="Un.")
    accuse = len(courriels.pour(discrete.email))
    propositions.accepter(une, par=moderatrice(), depot=1)
    assert len(courriels.pour(discrete.email)) == accuse and len(objets(discrete)) == accuse + 1


def test_sinon_le_courriel_part_et_dit_comment_l_arreter(fiche, courriels: Boite, vider_la_file, settings):
    settings.DELAI_ANNULATION = 0
    une = proposition(fiche, auteur=personne(), cout="Un.")
    propositions.accepter(une, par=moderatrice(), depot=1)
    accuse, publiee = courriels.pour(personne().email)
    page = desabonnement.adresse(personne())
    assert page in publiee.corps and page not in accuse.corps
    vider_la_file()
    partis = {parti.subject: parti.extra_headers for parti in mail.outbox}
    assert partis[publiee.objet]["List-Unsubscribe"] == f"<{page}>"
    assert "List-Unsubscribe" not in partis[accuse.objet]


def test_une_demande_d_avis_suit_le_choix_de_qui_la_recoit(fiche, courriels: Boite):
    une = proposition(fiche, cout="Un.")
    avis.demander(une, par=moderatrice(), a=moderateur(), texte="Qu’en penses-tu ?")
    Utilisateur.objects.filter(pk=moderateur().pk).update(courriels=ESSENTIELS)
    avis.demander(une, par=moderatrice(), a=moderateur(), texte="Et maintenant ?")
    assert len(objets(moderateur())) == 2 and len(recus(courriels, moderateur())) == 1
    assert Notification.objects.pour(moderateur())[0].adresse == une.adresse_au_poste


def test_qui_a_ferme_son_compte_n_est_plus_prevenu(fiche, courriels: Boite):
    une = proposition(fiche, cout="Un.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    conteste = recours.contester(Proposition.objects.get(), texte="Si.")
    partie = moderatrice()
    donnees.fermer(partie, garder_nom=True)
    recours.confirmer(conteste, par=moderateur(), explication="Toujours non.")
    assert not Notification.objects.exists() and not [c for c in courriels if c.destinataire.endswith(".invalid")]


def test_rien_n_est_dit_d_un_acte_defait(fiche):
    with transaction.atomic():
        proposition(fiche, auteur=personne(), cout="Un.")
        assert Notification.objects.count() == Courriel.objects.count() == 1
        transaction.set_rollback(True)
    assert not Notification.objects.exists() and not Courriel.objects.exists()


def test_on_choisit_ses_courriels(connectee):
    reponse = connectee.post(ADRESSE, {"courriels": "essentiels"})
    assert reponse.status_code == 302 and personne().courriels == "essentiels"
    connectee.post(ADRESSE, {"courriels": "tous"})
    assert personne().courriels == "tous"


@pytest.mark.parametrize("choix", [{}, {"courriels": "aucun"}])
def test_un_mauvais_choix_se_dit(connectee, choix):
    reponse = connectee.post(ADRESSE, choix)
    assert reponse.status_code == 422 and "erreur-champ" in reponse.text
    html5lib.HTMLParser(strict=True).parse(reponse.text)
    assert personne().courriels == "tous"


def test_la_page_ne_coute_pas_plus_avec_cent_notifications(connectee, django_assert_max_num_queries):
    noter(personne(), 100)
    with django_assert_max_num_queries(8):
        page = connectee.get(ADRESSE)
    assert "100 non lues" in page.text and "Plus anciennes" in page.text


def noter(qui: Utilisateur, combien: int = 1, **champs) -> None:
    Notification.objects.bulk_create(
        Notification(personne=qui, cle=f"essai-{n}", objet=f"Objet {n}", **{"adresse": "/aide/", **champs})
        for n in range(combien)
    )


@pytest.mark.parametrize(
    "champs", [{"adresse": "https://a.fr/"}, {"adresse": "//a.fr/"}, {"lue_le": timezone.now() - GARDE}]
)
def test_la_base_refuse_ce_qui_n_a_pas_de_sens(champs):
    with pytest.raises(IntegrityError), transaction.atomic():
        noter(personne(), **champs)


def test_elles_s_emportent_et_s_effacent(connectee):
    noter(personne(), 2)
    noter(personne("autre"))
    emportees = donnees.exporter(personne())
    assert [n["objet"] for n in emportees["contributions"]["notifications"]] == ["Objet 1", "Objet 0"]
    assert emportees["compte"]["courriels voulus"] == "Un courriel à chaque fois"
    donnees.fermer(personne(), garder_nom=True)
    assert Notification.objects.get().personne == personne("autre")


def test_elles_s_oublient_apres_un_an():
    noter(personne(), le=timezone.now() - GARDE * 1.01)
    noter(personne("autre"))
    taches.oublier_notifications(0)
    assert Notification.objects.get().personne == personne("autre")
