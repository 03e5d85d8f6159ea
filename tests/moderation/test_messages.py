"""What contributors write reaches the desk, is answered from there in every state, and both sides read it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contributions.models import Dossier, Journal, Message, Note, Notification, Proposition
from contributions.verbes import echanges, propositions, recours, signalements
from moderation.file import Criteres, File
from tests.balisage import texte
from tests.contributions.recits import proposition, signalement
from tests.contributions.suivi.lecture import lire, poster
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, relu

pytestmark = pytest.mark.django_db
RAISON = {"motif": "inexact", "explication": "Ce n’est pas cela."}


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", titre="Atelier", sections={"description": "Une.[^1]", "cout": "Dix euros."})


def _soumise(fiche):
    return proposition(fiche, cout="Vingt euros.", duree="Un an.")


def _prise(fiche):
    return propositions.prendre(_soumise(fiche), par=moderatrice())


def _a_corriger(fiche):
    return propositions.demander_corrections(_soumise(fiche), par=moderatrice(), depot=1, explication="Une date ?")


def _acceptee(fiche):
    une = _soumise(fiche)
    propositions.accepter(une, par=moderatrice(), depot=1)
    return relu(une)


def _en_partie(fiche):
    une = _soumise(fiche)
    propositions.accepter(une, par=moderatrice(), depot=1, retenues={"section-cout"}, **RAISON)
    return relu(une)


def _ecartee(fiche):
    return propositions.ecarter(_soumise(fiche), par=moderatrice(), depot=1, **RAISON)


def _retiree(fiche):
    return propositions.retirer(_soumise(fiche))


def _contestee(fiche):
    une = _ecartee(fiche)
    recours.contester(relu(une), texte="Si.")
    return relu(une)


def _recu(fiche):
    return signalement(fiche)


def _classe(fiche):
    recu = signalement(fiche)
    signalements.classer(recu.dossier, par=moderatrice(), **RAISON)
    return relu(recu)


def _masque(fiche):
    recu = signalement(fiche)
    signalements.masquer(recu.dossier, par=moderatrice(), **RAISON)
    return relu(recu)


ETATS = [_soumise, _prise, _a_corriger, _acceptee, _en_partie, _ecartee, _retiree, _contestee, _recu, _classe, _masque]


def repondre(client, message: Message, verbe: str = "repondre", texte: str = "Voici."):
    return client.post(message.adresse_au_poste, {"verbe": verbe, "texte": texte})


@pytest.mark.parametrize("etat", ETATS, ids=[etat.__name__.strip("_") for etat in ETATS])
def test_dans_chaque_etat_on_ecrit_on_est_lu_et_on_recoit_une_reponse(etat, client, poste, fiche, courriels):
    contribution = etat(fiche)
    assert poster(client, contribution, "ecrire", message="Et si je raccourcis ?").status_code == 303
    message = Message.objects.sans_reponse().get()
    assert "Réponse attendue avant le" in lire(client, contribution)
    assert "Et si je raccourcis ?" in poste.get("/moderation/messages/").text
    assert message.adresse_au_poste in poste.get("/moderation/").text
    assert "Et si je raccourcis ?" in poste.get(message.adresse_au_poste).text
    assert repondre(poste, message, texte="Oui, raccourcissez.").status_code == 302
    assert "Oui, raccourcissez." in lire(client, contribution)
    assert "Oui, raccourcissez." in courriels.pour(contribution.adresse)[-1].corps
    assert not Message.objects.sans_reponse().exists()
    assert message.adresse_au_poste not in poste.get("/moderation/").text


def test_l_onglet_dit_combien_attendent_et_depuis_quand(poste, fiche):
    for numero in range(3):
        une = proposition(fiche, courriel=f"a{numero}@exemple.fr", cout=f"{numero} euros.")
        echanges.ecrire(une, texte="Une question ?")
        echanges.ecrire(une, texte="Et une autre ?")
    Message.objects.filter(pk=Message.objects.first().pk).update(le=timezone.now() - timedelta(days=4))
    assert "Messages 3 depuis 4 jours" in texte(poste.get("/moderation/").text)
    page = texte(poste.get("/moderation/messages/").text)
    assert "3 attendent une réponse" in page and "le plus ancien depuis 4 jours" in page


def test_qui_suit_le_dossier_est_prevenu_et_personne_d_autre(fiche, courriels):
    une = _en_partie(fiche)
    avant = len(courriels)
    moderateur()
    echanges.ecrire(une, texte="Et si je raccourcis ?")
    recu = courriels[avant:]
    assert [c.destinataire for c in recu] == [moderatrice().email] and "Et si je raccourcis" in recu[0].corps
    assert Notification.objects.pour(moderatrice()).filter(adresse__startswith="/moderation/messages/").count() == 1


def test_une_adresse_non_confirmee_ne_fait_pas_voyager_ses_mots(fiche, courriels):
    recu = signalement(fiche)
    signalements.prendre(recu.dossier, par=moderatrice())
    echanges.ecrire(relu(recu), texte="Gagnez 1000 euros sur https://ailleurs.example/x")
    assert "ailleurs.example" not in courriels.pour(moderatrice().email)[-1].corps


def test_une_note_interne_n_est_jamais_envoyee_et_ne_repond_pas(client, poste, fiche, courriels):
    une = _en_partie(fiche)
    message = echanges.ecrire(une, texte="Alors ?")
    avant = len(courriels)
    repondre(poste, message, "noter", "La Ville vient de publier un bilan.")
    assert Note.objects.count() == 1 and len(courriels) == avant
    assert "jamais envoyée" in texte(poste.get(message.adresse_au_poste).text)
    assert "bilan" not in lire(client, une) and Message.objects.sans_reponse().count() == 1


def test_on_ne_lit_pas_ce_que_les_autres_notent_sur_sa_contribution(client, fiche):
    une = proposition(fiche, auteur=moderateur(), cout="Vingt.")
    message = echanges.ecrire(une, texte="Alors ?")
    echanges.noter(une, par=moderatrice(), texte="Un conflit d’intérêts.")
    client.force_login(moderateur())
    page = client.get(message.adresse_au_poste)
    assert "conflit" not in page.text and 'name="verbe"' not in page.text.partition("<main")[2].partition("</main")[0]
    assert repondre(client, message).status_code == 403


def test_les_memes_mots_repondent_a_ce_qui_est_venu_depuis(fiche):
    une = _soumise(fiche)
    premiere = echanges.repondre(une, par=moderatrice(), texte="Merci, nous regardons.")
    assert echanges.repondre(une, par=moderatrice(), texte="Merci, nous regardons.") == premiere
    echanges.ecrire(une, texte="Et la source ?")
    assert echanges.repondre(une, par=moderatrice(), texte="Merci, nous regardons.") != premiere
    assert not Message.objects.sans_reponse().exists()


def test_repondre_et_rouvrir_remet_dans_la_file(client, poste, fiche):
    une = _en_partie(fiche)
    message = echanges.ecrire(une, texte="Et si je raccourcis ?")
    assert repondre(poste, message, "repondre_et_rouvrir", "Oui.").status_code == 302
    assert relu(une).statut == Proposition.Statut.SOUMISE
    page = lire(client, une)
    assert "Votre message a été entendu." in page and "Votre recours" not in page


def test_un_signalement_clos_se_rouvre_aussi(poste, fiche):
    recu = _classe(fiche)
    repondre(poste, echanges.ecrire(recu, texte="Regardez mieux."), "repondre_et_rouvrir", "Oui.")
    assert relu(recu.dossier).statut == Dossier.Statut.RECU


def test_ce_qui_n_est_pas_decide_ne_se_rouvre_pas(poste, fiche):
    une = _soumise(fiche)
    message = echanges.ecrire(une, texte="Alors ?")
    reponse = repondre(poste, message, "repondre_et_rouvrir", "Ma longue réponse.")
    assert reponse.status_code == 409 and "Ma longue réponse." in reponse.text
    assert Message.objects.filter(de_la_moderation=True).count() == 0


def test_clore_sans_repondre_se_dit_aux_deux_et_au_journal(client, poste, fiche):
    une = _ecartee(fiche)
    message = echanges.ecrire(une, texte="Merci quand même.")
    assert repondre(poste, message, "clore", "").status_code == 302
    assert "Lu par la modération" in lire(client, une) and not Message.objects.sans_reponse().exists()
    assert Journal.objects.filter(verbe="clore_messages", proposition=une, qui=moderatrice()).count() == 1


def test_clore_ne_jette_pas_ce_qu_on_avait_ecrit(poste, fiche):
    message = echanges.ecrire(_ecartee(fiche), texte="Merci.")
    reponse = repondre(poste, message, "clore", "Ma longue réponse.")
    assert reponse.status_code == 422 and "Ma longue réponse." in reponse.text
    assert Message.objects.sans_reponse().count() == 1


@pytest.mark.parametrize("saisie", ["", "  ", "x" * 3001])
def test_une_reponse_impossible_est_rendue(poste, fiche, saisie):
    message = echanges.ecrire(_ecartee(fiche), texte="Merci.")
    reponse = repondre(poste, message, texte=saisie)
    assert reponse.status_code == 422 and saisie.strip() in reponse.text


def test_a_moi_ne_montre_que_ce_que_je_suis(client, fiche):
    _, autre = echanges.ecrire(_en_partie(fiche), texte="À la modératrice ?"), _soumise(fiche)
    echanges.ecrire(autre, texte="À personne ?")
    client.force_login(moderatrice())
    assert "À personne" not in client.get("/moderation/messages/?qui=moi").text
    assert "À la modératrice" in client.get("/moderation/messages/?qui=moi").text
    client.force_login(moderateur())
    assert "À la modératrice" not in client.get("/moderation/messages/?qui=moi").text


def test_un_texte_dont_l_auteur_attend_une_reponse_ne_se_range_pas(fiche):
    une = _a_corriger(fiche)
    assert une.rangee_le
    echanges.ecrire(une, texte="Je demande à ma collègue.")
    assert relu(une).rangee_le is None
    echanges.repondre(une, par=moderatrice(), texte="Prenez votre temps.")
    assert relu(une).rangee_le


def test_un_message_suit_son_moderateur_hors_de_ses_territoires_dans_la_file(fiche):
    message = echanges.ecrire(_en_partie(fiche), texte="Alors ?")
    lignes = [entree for entree in File(moderatrice(), Criteres()).entrees if entree.genre == "messages"]
    assert [entree.pk for entree in lignes] == [message.pk] and lignes[0].delai.replace("\xa0", " ") == "Reste 6 jours"


def test_dix_mille_messages_se_comptent_juste_en_peu_de_requetes(poste, fiche, django_assert_max_num_queries):
    une = _en_partie(fiche)
    echanges.ecrire(une, texte="Le plus ancien ?")
    copies = [
        Proposition(nature="dispositif", fiche=fiche.fiche_ptr, titre=f"n {n}", courriel=f"b{n}@exemple.fr")
        for n in range(10_000)
    ]
    Proposition.objects.bulk_create(copies)
    Message.objects.bulk_create([Message(proposition=c, de_la_moderation=False, texte="Alors ?") for c in copies])
    for adresse in ("/moderation/messages/", "/moderation/messages/?qui=moi", "/moderation/messages/?page=500"):
        with django_assert_max_num_queries(12):
            assert "10 001 attendent une réponse" in texte(poste.get(adresse).text)
    with django_assert_max_num_queries(12):
        poste.get(Message.objects.sans_reponse().first().adresse_au_poste)


def test_les_messages_sont_fermes_aux_autres(client, fiche):
    message = echanges.ecrire(_soumise(fiche), texte="Alors ?")
    client.force_login(personne())
    assert {client.get(a).status_code for a in ("/moderation/messages/", message.adresse_au_poste)} == {403}


def test_le_nom_qu_un_inconnu_se_donne_montre_ses_signes_caches(poste, fiche):
    message = echanges.ecrire(signalement(fiche, nom="Lu\u200bcie"), texte="Alors ?")
    for adresse in ("/moderation/messages/", message.adresse_au_poste):
        page = poste.get(adresse).text
        assert "Lu" in page and "\u200b" not in page


def test_une_conversation_dit_qui_la_suit(poste, fiche):
    message = echanges.ecrire(_soumise(fiche), texte="Alors ?")
    assert "Personne ne la suit" in texte(poste.get(message.adresse_au_poste).text)


def test_une_reponse_en_retard_se_dit_sans_rien_promettre(client, fiche):
    une = _soumise(fiche)
    echanges.ecrire(une, texte="Alors ?")
    Message.objects.update(le=timezone.now() - timedelta(days=40))
    page = lire(client, une)
    assert "La modération vous doit une réponse depuis le" in page and "prévenue" not in page
