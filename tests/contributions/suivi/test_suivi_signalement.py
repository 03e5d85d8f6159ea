"""The follow-up page of a report, over HTTP, and what may be posted to any follow-up page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.models import Recours, Signalement
from contributions.verbes import echanges, propositions, signalements
from tests.contributions.recits import proposition, signalement
from tests.contributions.suivi.lecture import etapes, lire, poster
from tests.essais import essais
from tests.factories import moderatrice

pytestmark = pytest.mark.django_db


def test_un_signalement_dit_ou_il_en_est_sans_rien_dire_des_autres(client, fiche):
    signalement(fiche, cible="section-cout", courriel="autre@exemple.fr", nom="Autre personne")
    recu = signalement(fiche, cible="section-cout", passage="Dix euros.", courriel="")
    echanges.ecrire(Signalement.objects.first(), texte="Secret de l’autre.")
    signalements.prendre(recu.dossier, par=moderatrice())
    signalement(fiche, cible="section-cout")
    texte = lire(client, recu)
    assert "Une erreur, section Coût, dans Atelier" in texte and "Ici seulement" in texte
    assert re.search("Reçu .* Pris en charge .* Réponse motivée", etapes(texte))
    assert etapes(texte).count("Reçu") == 1 and not re.search("[Aa]utre (personne|exemple)|Secret|Moderatrice", texte)


def test_la_reponse_a_un_signalement_vient_d_abord_et_se_conteste(client, fiche):
    recu = signalement(fiche)
    signalements.classer(recu.dossier, par=moderatrice(), motif="inexact", explication="C’est toujours vrai.")
    texte = lire(client, recu)
    assert texte.index("La réponse : sans suite") < texte.index("Où il en est")
    assert "C’est toujours vrai." in texte and "Contester cette décision" in texte
    assert poster(client, recu, "contester", contestation="Non.").status_code == 303
    assert Recours.objects.get().signalement == recu


def test_arrive_apres_la_prise_en_charge_le_recu_reste_la_premiere_etape(client, fiche):
    premier = signalement(fiche)
    signalements.prendre(premier.dossier, par=moderatrice())
    assert re.search("^en est Reçu .* Pris en charge", etapes(lire(client, signalement(fiche))))


@essais(60)
@given(
    st.sampled_from(["ecrire", "contester", "crediter", "confirmer", "retirer", "autre"]),
    st.dictionaries(
        st.sampled_from(["message", "contestation", "credit", "credit_nom", "credit_lien", "credit_role", "nom"]),
        st.one_of(st.text(max_size=30), st.sampled_from(["nom", "anonyme", "//[", "\x00", "https://a.fr"])),
    ),
    st.booleans(),
)
def test_quoi_qu_on_envoie_la_reponse_est_claire(client, fiche, verbe, saisie, refusee):
    une = proposition(fiche, cout="Vingt.")
    recu = signalement(fiche)
    if refusee:
        propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    for contribution in (une, recu):
        assert poster(client, contribution, verbe, **saisie).status_code in (303, 400, 409, 422)
        assert client.get(contribution.get_absolute_url()).status_code == 200
