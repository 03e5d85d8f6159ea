"""What one may do from a follow-up page: withdraw, write, change how one is credited."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from contributions.models import Journal, Message, Proposition
from contributions.verbes import echanges, propositions
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche, Version
from tests.contributions.recits import proposition, signalement
from tests.contributions.suivi.lecture import etapes, lire, poster
from tests.factories import moderatrice, personne, relu

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut


def test_on_retire_par_un_bouton_qui_dit_ce_qu_il_fait(client, une):
    assert "ce n’est pas réversible" in lire(client, une)
    for _ in range(2):
        assert poster(client, une, "retirer").status_code == 303
    texte = lire(client, une)
    assert relu(une).statut == Statut.RETIREE and "Retirée" in etapes(texte) and "Vingt" in texte


def test_ce_qui_est_decide_ne_se_retire_plus(client, une):
    propositions.accepter(une, par=moderatrice(), depot=1)
    reponse = poster(client, une, "retirer")
    assert reponse.status_code == 409 and "déjà été décidée" in reponse.text


def test_un_signalement_ni_ne_se_retire_ni_ne_se_confirme(client, fiche):
    recu = signalement(fiche)
    assert [poster(client, recu, verbe).status_code for verbe in ("retirer", "confirmer")] == [400, 400]


def test_on_s_ecrit_dans_les_deux_sens(client, une, courriels):
    assert poster(client, une, "ecrire", message="Une question ?").status_code == 303
    echanges.repondre(une, par=moderatrice(), texte="Une réponse.")
    assert re.search("Une question \\? Vous, .* Une réponse. L’équipe de modération", lire(client, une))
    assert [c.objet for c in courriels.pour("visiteuse@exemple.fr")][-1].startswith("Un message au sujet")


@pytest.mark.parametrize("texte", ["", "  ", "x" * 3001, "a\x00b"])
def test_un_message_impossible_est_rendu_a_qui_l_ecrit(client, une, texte):
    reponse = poster(client, une, "ecrire", message=texte)
    assert reponse.status_code == 422 and not Message.objects.exists()
    assert texte.strip().replace("\x00", "") in reponse.text.replace("\x00", "")


def test_un_double_clic_n_ecrit_qu_une_fois_et_dix_messages_par_jour_suffisent(client, une):
    for _ in range(2):
        poster(client, une, "ecrire", message="Une question ?")
    assert Message.objects.count() == 1
    for n in range(echanges.PAR_JOUR - 1):
        echanges.ecrire(une, texte=f"{n}")
    reponse = poster(client, une, "ecrire", message="Le onzième.")
    assert (
        reponse.status_code == 409 and "gardez celui-ci pour demain" in reponse.text and "Le onzième." in reponse.text
    )


def test_seule_la_moderation_repond_et_on_n_ecrit_pas_six_mois_apres(une):
    with pytest.raises(Exception, match="modérateur"):
        echanges.repondre(une, par=personne(), texte="Bonjour.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    with time_machine.travel(timezone.now() + timedelta(days=184)), pytest.raises(Empechement, match="close"):
        echanges.ecrire(une, texte="Bonjour.")


# Credits


def test_la_mention_se_change_et_se_retire_partout(client, fiche, une):
    Proposition.objects.filter(pk=une.pk).update(credit="nom", credit_nom="Dominique Martin")
    propositions.accepter(une, par=moderatrice(), depot=1)
    assert "Dominique Martin" in client.get("/dispositifs/asv/").text
    poster(client, une, "crediter", credit="pseudonyme", credit_nom="domi", credit_lien="https://domi.fr")
    assert "domi" in client.get("/dispositifs/asv/").text
    assert poster(client, une, "crediter", credit="anonyme", credit_nom="Reste tapé").status_code == 303
    gardes = [Version.objects.values_list("credits"), Fiche.objects.values_list("credits"), Journal.objects.values()]
    siennes = Proposition.objects.values("credit_nom", "credit_lien", "credit_role", "credit")
    for lignes in [*gardes, siennes]:
        assert not re.search("Dominique|domi|Reste", str(list(lignes)))
    assert Journal.objects.filter(verbe="changer_credit", proposition=une).count() == 2
    assert "Contribution anonyme" in client.get("/dispositifs/asv/").text


@pytest.mark.parametrize(
    "saisie,message",
    [
        ({"credit": "nom"}, "Indiquez le nom"),
        ({"credit": "nom", "credit_nom": "D", "credit_lien": "http://d.fr"}, "https://"),
        ({"credit": "nom", "credit_nom": "D", "credit_lien": "pas un lien"}, "complet"),
        ({"credit": "roi", "credit_nom": "D"}, "roi"),
    ],
)
def test_une_mention_impossible_est_rendue(client, une, saisie, message):
    reponse = poster(client, une, "crediter", **saisie)
    assert reponse.status_code == 422 and message in reponse.text and saisie.get("credit_nom", "") in reponse.text


def test_qui_a_signale_retire_son_nom(client, fiche):
    recu = signalement(fiche, nom="Une lectrice")
    une = proposition(fiche, auteur=personne(), cout="Vingt.")
    Proposition.objects.filter(pk=une.pk).update(dossier=recu.dossier)
    propositions.accepter(relu(une), par=moderatrice(), depot=1)
    assert "Une lectrice" in client.get("/dispositifs/asv/").text
    poster(client, recu, "crediter", nom="")
    assert "Une lectrice" not in client.get("/dispositifs/asv/").text + str(list(Version.objects.values("credits")))
