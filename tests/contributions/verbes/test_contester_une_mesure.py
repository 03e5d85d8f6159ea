"""A fiche masked or withdrawn: who contributed to it contests the measure, and another moderator decides."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from contributions.models import Dossier, Recours
from contributions.verbes import propositions, recours, retraits, signalements
from contributions.verbes.empechements import DejaDecidee, Empechement
from fiches.models import Fiche
from tests.balisage import d_une_ligne
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, relu

pytestmark = pytest.mark.django_db
EXPOSE = {"motif": "inexact", "explication": "Le chiffre ne vient de nulle part."}


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]"})


@pytest.fixture
def publiee(fiche):
    """What somebody without an account proposed, and that is now in the fiche."""
    une = proposition(fiche, courriel="voisine@exemple.fr", cout="Vingt.")
    propositions.accepter(une, par=moderateur(), depot=1)
    return relu(une)


@pytest.fixture
def masquee(publiee):
    retraits.masquer(publiee.fiche, par=moderatrice(), **EXPOSE)
    return relu(publiee)


def test_qui_a_contribue_conteste_le_masquage(masquee):
    depose = recours.contester_mesure(masquee, texte="Le bilan le dit.")
    assert depose.mesure.verbe == "masquer_fiche" and depose.premier_decideur == moderatrice()
    assert depose.objet == "Masquage contesté" and depose.statut == "depose"


def test_le_masquage_venu_d_un_signalement_se_conteste_aussi(publiee):
    dossier = signalement(publiee.fiche).dossier
    signalements.masquer(dossier, par=moderatrice(), **EXPOSE)
    assert recours.contester_mesure(relu(publiee), texte="Le bilan le dit.").premier_decideur == moderatrice()


def test_un_retrait_se_conteste_aussi(publiee):
    retraits.retirer(publiee.fiche, par=moderatrice(), **EXPOSE)
    assert recours.contester_mesure(relu(publiee), texte="Si.").objet == "Retrait contesté"


def test_qui_n_a_rien_dans_la_fiche_ne_conteste_pas(fiche):
    une = proposition(fiche, auteur=personne(), cout="Vingt.")
    retraits.masquer(fiche, par=moderatrice(), **EXPOSE)
    with pytest.raises(Empechement, match="ne se conteste pas"):
        recours.contester_mesure(relu(une), texte="Si.")


def test_une_fiche_fusionnee_ou_retablie_ne_se_conteste_pas(publiee):
    assert recours.mesure_contestable(publiee) is None
    retraits.fusionner(publiee.fiche, dans=fiche_dispositif(), par=moderatrice(), explication="La même.")
    assert recours.mesure_contestable(relu(publiee)) is None


def test_un_autre_moderateur_decide(masquee):
    depose = recours.contester_mesure(masquee, texte="Si.")
    with pytest.raises(PermissionDenied):
        recours.infirmer(depose, par=moderatrice(), explication="Je change d’avis.")
    recours.confirmer(depose, par=moderateur(), explication="La source manque.")
    assert relu(masquee.fiche).etat == Fiche.Etat.MASQUEE


def test_infirmer_retablit_la_fiche_et_previent_les_deux(masquee, courriels):
    depose = recours.contester_mesure(masquee, texte="Si.")
    recours.infirmer(depose, par=moderateur(), explication="La source le dit, page 3.")
    assert relu(masquee.fiche).etat == Fiche.Etat.PUBLIEE
    recus = {c.destinataire: c.corps for c in courriels if "La source le dit, page 3." in c.corps}
    assert set(recus) == {"voisine@exemple.fr", "moderatrice@ville.example"}
    assert "La fiche est de nouveau visible." in " ".join(recus["voisine@exemple.fr"].split())


def test_infirmer_ne_leve_pas_une_mesure_prise_depuis(masquee):
    depose = recours.contester_mesure(masquee, texte="Si.")
    retraits.retirer(masquee.fiche, par=moderatrice(), motif="illicite", explication="Autre chose.")
    recours.infirmer(depose, par=moderateur(), explication="Le premier motif ne tenait pas.")
    assert relu(masquee.fiche).etat == Fiche.Etat.ARCHIVEE


def test_on_conteste_pendant_six_mois(masquee):
    with time_machine.travel(timezone.now() + timedelta(days=182)):
        assert recours.mesure_contestable(masquee)
    with time_machine.travel(timezone.now() + timedelta(days=184)), pytest.raises(Empechement, match="ou plus"):
        recours.contester_mesure(masquee, texte="Trop tard.")


def test_on_ne_conteste_qu_une_fois_a_la_fois(masquee):
    depose = recours.contester_mesure(masquee, texte="Si.")
    with pytest.raises(Empechement):
        recours.contester_mesure(masquee, texte="Si !")
    with pytest.raises(IntegrityError, match="recours_ouvert_unique_mesure"), transaction.atomic():
        Recours.objects.create(
            proposition=masquee, mesure=depose.mesure, texte="Si !", premier_decideur=depose.premier_decideur
        )


def test_la_base_veut_un_contributeur(masquee):
    recu, mesure = signalement(masquee.fiche), recours.mesure_contestable(masquee)
    with pytest.raises(IntegrityError, match="recours_mesure_par_un_contributeur"), transaction.atomic():
        Recours.objects.create(signalement=recu, mesure=mesure, texte="Si.", premier_decideur=moderatrice())


def test_la_decision_et_la_mesure_se_contestent_chacune(fiche):
    une = proposition(fiche, auteur=personne(), cout="Vingt.", duree="Un an.")
    propositions.accepter(
        une, par=moderateur(), depot=1, retenues={"section-cout"}, motif="inexact", explication="Faux."
    )
    recours.contester(relu(une), texte="La durée est vraie.")
    retraits.masquer(fiche, par=moderatrice(), **EXPOSE)
    recours.contester_mesure(relu(une), texte="Et la fiche aussi.")
    assert Recours.objects.a_traiter().count() == 2


# As one does it in a browser


def test_la_page_de_suivi_dit_pourquoi_et_prend_le_recours(client, masquee):
    page = client.get(masquee.get_absolute_url()).text
    assert "La fiche est masquée" in page and EXPOSE["explication"] in page and "Contester cette mesure" in page
    refus = client.post(masquee.get_absolute_url(), {"verbe": "contester_mesure", "contestation_mesure": " "})
    assert refus.status_code == 422 and "Dites ce que vous contestez" in refus.text
    donnees = {"verbe": "contester_mesure", "contestation_mesure": "Le bilan le dit."}
    assert client.post(masquee.get_absolute_url(), donnees).status_code == 303
    assert client.post(masquee.get_absolute_url(), donnees).status_code == 303  # a double click
    assert Recours.objects.get().texte == "Le bilan le dit."
    page = client.get(masquee.get_absolute_url()).text
    assert "Masquage contesté" in page and "Contester cette mesure" not in page


def test_un_recours_arrive_trop_tard_rend_le_texte(client, masquee):
    retraits.retablir(masquee.fiche, par=moderateur(), explication="Vérifié.")
    page = client.post(
        masquee.get_absolute_url(), {"verbe": "contester_mesure", "contestation_mesure": "Le bilan le dit."}
    )
    assert page.status_code == 409 and "ne se conteste pas, ou plus" in page.text and "Le bilan le dit." in page.text


def test_un_signalement_n_a_pas_ce_bouton(client, fiche):
    recu = signalement(fiche)
    assert client.post(f"/suivi/{recu.jeton}/", {"verbe": "contester_mesure"}).status_code == 400


def test_l_adresse_de_la_fiche_dit_comment_contester(client, masquee):
    page = client.get(masquee.fiche.get_absolute_url())
    assert page.status_code == 410 and "Pendant six mois" in page.text and "/mes-contributions/" in page.text


def test_le_courriel_mene_a_la_page_ou_l_on_conteste(masquee, courriels):
    recu = next(c for c in courriels if c.destinataire == "voisine@exemple.fr" and "plus visible" in c.objet)
    assert masquee.get_absolute_url() in recu.corps and "contester cette mesure pendant six mois" in recu.corps


def test_au_poste_on_retablit_la_fiche_par_le_recours(client, masquee):
    depose = recours.contester_mesure(masquee, texte="Le bilan le dit.")
    client.force_login(moderateur())
    ici = f"/moderation/recours/{depose.pk}/"
    assert "Masquage contesté" in client.get("/moderation/").text
    page = client.get(ici).text
    assert "rétablir la fiche" in page and EXPOSE["explication"] in page and "Le bilan le dit." in page
    donnees = {"verbe": "infirmer", "explication": "En effet."}
    assert "la fiche redevient publique" in client.post(ici, donnees).text
    assert relu(masquee.fiche).etat == Fiche.Etat.MASQUEE
    client.post(ici, donnees | {"confirme": "oui"})
    assert relu(masquee.fiche).etat == Fiche.Etat.PUBLIEE
    with pytest.raises(DejaDecidee):
        recours.confirmer(depose, par=moderateur(), explication="Non.")


def test_les_chiffres_disent_les_masquages_et_ce_que_deviennent_leurs_recours(client, masquee):
    recours.infirmer(recours.contester_mesure(masquee, texte="Si."), par=moderateur(), explication="En effet.")
    page = d_une_ligne(client.get("/transparence/").text)
    assert '<th scope="row">Fiche masquée</th> <td>1</td> <td> information inexacte&nbsp;: 1 </td>' in page
    assert '<th scope="row">Fiche rétablie</th> <td>1</td>' in page
    assert '<th scope="row">Décision infirmée</th> <td>0</td>' in page


def test_lever_un_masquage_rouvre_le_dossier_qu_il_avait_clos(publiee):
    dossier = signalement(publiee.fiche).dossier
    signalements.masquer(dossier, par=moderatrice(), motif="inexact", explication="Le temps de vérifier.")
    recours.infirmer(
        recours.contester_mesure(relu(publiee), texte="C’est exact."), par=moderateur(), explication="Vous avez raison."
    )
    assert Dossier.objects.get(pk=dossier.pk).statut == "recu"


def test_un_dossier_ne_rouvre_pas_a_cote_d_un_autre_ouvert_au_meme_endroit(fiche):
    ancien = signalement(fiche)
    signalements.classer(ancien.dossier, par=moderatrice(), motif="autre", explication="Non.")
    signalement(fiche)
    une = recours.contester(relu(ancien), texte="Si.")
    with pytest.raises(Empechement, match="est déjà ouvert au même endroit"):
        recours.infirmer(une, par=moderateur(), explication="Vous avez raison.")
