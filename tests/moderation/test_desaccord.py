"""A text or a value that both sides changed: the desk chooses nothing beforehand, and undoes nobody by an oversight."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparaison.mots import decouper
from moderation.examen import Examen
from moderation.forms.propositions import FormulaireDecision
from tests.balisage import d_une_ligne
from tests.contributions.recits import proposition
from tests.essais import essais
from tests.factories import fiche_dispositif, moderateur, publier, relu
from tests.moderation.test_propositions import Statut, saisie

pytestmark = pytest.mark.django_db
OUVRE = "Le lieu ouvre deux après-midi par semaine, avec une infirmière."
PUBLIE, PROPOSE = OUVRE.replace("deux", "trois"), OUVRE.replace("infirmière", "médiatrice")
REUNI = PUBLIE.replace("infirmière", "médiatrice")
VERDICT, TEXTE = "verdict-section-cout", "texte-section-cout"


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="lieu", titre="Lieu", sections={"description": "D.[^1]", "cout": OUVRE})


@pytest.fixture
def une(fiche):
    creee = proposition(fiche, cout=PROPOSE)
    publier(fiche, sections={**fiche.contenu["sections"], "cout": PUBLIE})
    return creee


def intacte(formulaire: FormulaireDecision) -> dict[str, Any]:
    """What a browser posts of a form that nobody touched."""
    return {champ.html_name: champ.value() for champ in formulaire if champ.value() not in (None, "")}


def test_rien_n_est_coche_d_avance(poste, une):
    page = poste.get(une.adresse_au_poste).text
    choix = page[page.index("choix obligatoire") :]
    assert " checked" not in choix[: choix.index("</fieldset>")]


def test_sans_choix_rien_ne_se_publie_et_le_message_reste(poste, fiche, une):
    page = poste.post(une.adresse_au_poste, saisie(une, sur=2, message="Merci bien.", **{VERDICT: ""}))
    assert page.status_code == 422 and "Choisissez ce qu’il faut publier" in page.text and "Merci bien." in page.text
    assert "Vous ne retenez rien" not in page.text
    assert relu(fiche).numero == 2 and relu(une).statut == Statut.SOUMISE


def test_demander_des_corrections_ou_ecarter_ne_demande_pas_de_choisir(poste, une):
    donnees = saisie(une, "ecarter", sur=2, motif="inexact", message="Non.", **{VERDICT: ""})
    assert poste.post(une.adresse_au_poste, donnees).status_code == 302
    assert relu(une).statut == Statut.ECARTEE


def test_la_reunion_mot_a_mot_est_offerte_la_premiere(poste, fiche, une, courriels):
    page = d_une_ligne(poste.get(une.adresse_au_poste).text)
    assert page.index("Réunir les deux") < page.index("Garder ce qui est publié") < page.index("Prendre ce qui")
    assert poste.post(une.adresse_au_poste, saisie(une, sur=2, **{VERDICT: "reunir"})).status_code == 302
    assert relu(fiche).contenu["sections"]["cout"] == REUNI
    assert [credit["role"] for credit in relu(une).version.credits] == ["proposition"]
    assert "réuni avec ce qui avait été publié depuis" in courriels[-1].corps and "ajusté" not in courriels[-1].corps
    assert "réuni avec ce qui" in poste.get(une.get_absolute_url()).text.replace("Publié, ", "")


def test_des_mots_qui_se_chevauchent_ne_sont_pas_reunis(poste, fiche):
    une = proposition(fiche, cout=OUVRE.replace("deux", "six"))
    publier(fiche, sections={**fiche.contenu["sections"], "cout": PUBLIE})
    assert "Réunir les deux" not in poste.get(une.adresse_au_poste).text
    assert poste.post(une.adresse_au_poste, saisie(une, sur=2, **{VERDICT: "reunir"})).status_code == 422


def test_chaque_cote_se_lit_contre_le_texte_commun(poste, une):
    page = d_une_ligne(poste.get(une.adresse_au_poste).text)
    for mot, sorte in (("trois", "ins"), ("deux", "del"), ("médiatrice", "ins"), ("infirmière", "del")):
        assert f"</span>{mot}</{sorte}" in page


def test_prendre_ce_qui_est_propose_se_dit_et_ne_se_dit_pas_ajuste(poste, fiche, une):
    page = poste.post(une.adresse_au_poste, saisie(une, sur=2, confirme=False, **{VERDICT: "oui"}))
    assert "</span>trois</del" in d_une_ligne(page.text) and "ajustée par vous" not in page.text
    poste.post(une.adresse_au_poste, saisie(une, sur=2, **{VERDICT: "oui"}))
    assert relu(fiche).contenu["sections"]["cout"] == PROPOSE


def test_ecrire_autrement_part_de_la_reunion_et_credite_qui_ecrit(poste, fiche, une):
    assert f"{REUNI}</textarea>" in poste.get(une.adresse_au_poste).text
    poste.post(une.adresse_au_poste, saisie(une, sur=2, **{VERDICT: "ajuster", TEXTE: "Tous les jours."}))
    assert relu(fiche).contenu["sections"]["cout"] == "Tous les jours."
    assert [credit["role"] for credit in relu(une).version.credits] == ["proposition", "ajustement"]


def test_ecrire_ce_qui_est_publie_n_est_pas_retenir(poste, fiche, une):
    page = poste.post(une.adresse_au_poste, saisie(une, sur=2, **{VERDICT: "ajuster", TEXTE: PUBLIE}))
    assert page.status_code == 422 and "C’est le texte publié" in page.text and relu(fiche).numero == 2


def test_une_valeur_changee_des_deux_cotes_demande_aussi_un_choix(poste, fiche):
    une = proposition(fiche, categorie="contrat")
    publier(fiche, categorie="instance")
    page = poste.get(une.adresse_au_poste).text
    choix = page[page.index("choix obligatoire") :]
    assert " checked" not in choix[: choix.index("</fieldset>")]
    assert poste.post(une.adresse_au_poste, saisie(une, sur=2, **{"verdict-categorie": ""})).status_code == 422
    assert poste.post(une.adresse_au_poste, saisie(une, sur=2, **{"verdict-categorie": "oui"})).status_code == 302
    assert relu(fiche).contenu["categorie"] == "contrat"


def test_la_confirmation_montre_ce_qui_changera_mot_a_mot(poste, fiche):
    une = proposition(fiche, cout=PROPOSE)
    page = d_une_ligne(poste.post(une.adresse_au_poste, saisie(une, confirme=False)).text)
    assert "Ce qui changera sur la fiche" in page
    assert "</span>médiatrice</ins>" in page and "</span>infirmière</del" in page


def test_l_histoire_dit_ce_qui_est_retenu_d_une_proposition(poste, fiche):
    une = proposition(fiche, cout="Vingt.", duree="Un an.")
    propose = saisie(une, motif="inexact", message="Prix faux.", **{VERDICT: "non"})
    poste.post(une.adresse_au_poste, propose)
    assert relu(une).version.motif == f"{une.depot.pourquoi} (retenu en partie : Durée)"


# Taking back


def test_qui_vient_de_decider_peut_annuler_depuis_le_poste(poste, fiche):
    une = proposition(fiche, cout=PROPOSE)
    poste.post(une.adresse_au_poste, saisie(une))
    autre = proposition(relu(fiche), courriel="b@exemple.fr", duree="Un an.")
    for adresse in (autre.adresse_au_poste, une.adresse_au_poste):
        assert poste.get(adresse).text.count('value="annuler"') == 1
    reponse = poste.post(une.adresse_au_poste, {"verbe": "annuler"}, follow=True)
    assert "La décision est annulée" in reponse.text and relu(une).statut == Statut.SOUMISE
    assert 'value="annuler"' not in poste.get(autre.adresse_au_poste).text
    assert "annulée par qui l’avait publiée" in poste.get(f"{fiche.get_absolute_url()}historique/").text


def test_annuler_apres_une_autre_version_se_refuse_et_le_dit(poste, fiche):
    une = proposition(fiche, cout=PROPOSE)
    poste.post(une.adresse_au_poste, saisie(une))
    publier(relu(fiche), titre="Autre titre")
    page = poste.post(une.adresse_au_poste, {"verbe": "annuler"})
    assert page.status_code == 409 and "version 3" in page.text and relu(une).statut == Statut.ACCEPTEE


def test_un_refus_se_rouvre_avec_sa_raison(poste, client, fiche):
    une = proposition(fiche, cout=PROPOSE)
    poste.post(une.adresse_au_poste, saisie(une, "ecarter", motif="inexact", message="Non."))
    client.force_login(moderateur())
    assert "Pourquoi rouvrir" in client.get(une.adresse_au_poste).text
    assert client.post(une.adresse_au_poste, {"verbe": "rouvrir", "rouvrir-explication": ""}).status_code == 422
    rouvrir = {"verbe": "rouvrir", "rouvrir-explication": "Une source existe.", "confirme": "oui"}
    assert client.post(une.adresse_au_poste, rouvrir).status_code == 302
    assert relu(une).statut == Statut.SOUMISE and "Une source existe." in client.get(une.get_absolute_url()).text


PHRASES = st.lists(
    st.sampled_from(
        ["Le lieu ouvre ", "deux ", "trois ", "jours", " par mois", ", avec ", "une infirmière", ".", " Fin."]
    ),
    min_size=1,
    max_size=7,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, parent=essais(60))
@given(base=PHRASES, publiee=PHRASES, proposee=PHRASES)
def test_un_formulaire_intact_ne_defait_jamais_ce_qui_est_publie(fiche, base, publiee, proposee):
    textes = [f"Bien. {texte.strip()}" for texte in (base, publiee, proposee)]
    if len(set(textes[:2])) == 1 or textes[2] == textes[0]:
        return
    publier(fiche, sections={"description": "D.[^1]", "cout": textes[0]})
    une = proposition(relu(fiche), cout=textes[2])
    publier(relu(fiche), sections={"description": "D.[^1]", "cout": textes[1]})
    examen = Examen(une, une.depot)
    formulaire = FormulaireDecision(examen, intacte(FormulaireDecision(examen)), verbe="accepter")
    if not formulaire.is_valid():
        assert VERDICT in formulaire.errors
        return
    resultat = examen.reunir(formulaire.retenues, formulaire.choix).ajuster(formulaire.ajustements)
    mots = [{mot.cle for mot in decouper(texte)} for texte in (*textes, resultat["sections"]["cout"])]
    ancien, publie, propose, reste = mots
    assert publie - ancien <= reste  # what was accepted is there
    assert not (ancien - publie - propose) & reste
