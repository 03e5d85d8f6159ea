"""The case of a report: seen with all its reporters, decided once, everybody answered."""

import pytest

from contributions.models import Dossier, Message
from contributions.verbes import signalements
from fiches.models import Fiche
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, publier, relu

pytestmark = pytest.mark.django_db
Statut = Dossier.Statut
EXPOSE = {
    "verbe": "masquer", "masquer-motif": "donnee_personnelle", "masquer-faits": "Le nom d’une patiente y figure.",
    "masquer-clause": "personnes",
}  # fmt: skip


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", titre="Atelier", sections={"description": "D.[^1]", "cout": "Dix euros."})


def test_le_dossier_montre_chaque_signalement_jamais_les_adresses(poste, fiche):
    for nom in ("a", "b"):
        dossier = signalement(fiche, cible="section-cout", courriel=f"{nom}@exemple.fr").dossier
    signalement(fiche, cible="section-cout", courriel="")
    page = poste.get(dossier.adresse_au_poste).text
    assert "3 personnes ont signalé" in page and page.count("Réponse possible.") == 2
    assert page.count("pas de réponse possible") == 1
    assert "@exemple.fr" not in page


def test_le_passage_alors_et_maintenant(poste, fiche):
    dossier = signalement(fiche, cible="section-cout", passage="Dix euros.").dossier
    assert "Pareil dans la version 1 et maintenant." in poste.get(dossier.adresse_au_poste).text
    publier(fiche, sections={**fiche.contenu["sections"], "cout": "Quinze euros."})
    page = poste.get(dossier.adresse_au_poste).text
    assert "a changé depuis la version 1" in page and "Quinze" in page


@pytest.mark.parametrize("cible", ["", "section-cout", "source-1", "source-99", "chiffre-3", "exemple-1", "titre"])
def test_toute_cible_se_montre(poste, fiche, cible):
    assert poste.get(signalement(fiche, cible=cible).dossier.adresse_au_poste).status_code == 200


def test_corriger_maintenant_ouvre_le_formulaire_qui_cite_le_dossier(poste, fiche):
    dossier = signalement(fiche, cible="section-cout").dossier
    page = poste.get(dossier.adresse_au_poste).text
    assert f'href="/dispositifs/asv/proposer/?section=cout&amp;dossier={dossier.pk}"' in page


def test_accepter_la_correction_clot_le_dossier(poste, fiche):
    dossier = signalement(fiche, cible="section-cout").dossier
    une = proposition(fiche, auteur=moderateur(), cout="Vingt.")
    une.dossier = dossier
    une.save()
    assert f"proposition n°&nbsp;{une.pk}" in poste.get(dossier.adresse_au_poste).text
    donnees = {"verdict-section-cout": "oui", "depot": 1, "sur": 1, "verbe": "accepter", "confirme": "oui"}
    poste.post(f"/moderation/propositions/{une.pk}/", donnees)
    assert relu(dossier).statut == Statut.CORRIGE


def test_classer_repond_a_tous_apres_confirmation(poste, fiche, courriels):
    for nom in ("a", "b"):
        dossier = signalement(fiche, courriel=f"{nom}@exemple.fr").dossier
    avant = len(courriels)
    donnees = {"verbe": "classer", "classer-motif": "inexact", "classer-explication": "C’est toujours vrai."}
    page = poste.post(dossier.adresse_au_poste, donnees)
    assert "2 courriels partiront" in page.text and "C’est toujours vrai." in page.text
    assert relu(dossier).statut == Statut.RECU and len(courriels) == avant
    poste.post(dossier.adresse_au_poste, {**donnees, "confirme": "oui"})
    assert relu(dossier).statut == Statut.SANS_SUITE and len(courriels) == avant + 2


def test_un_motif_et_une_phrase_sont_demandes(poste, fiche):
    dossier = signalement(fiche).dossier
    page = poste.post(dossier.adresse_au_poste, {"verbe": "classer", "classer-explication": "Une phrase gardée."})
    assert page.status_code == 422 and "Une phrase gardée." in page.text and relu(dossier).statut == Statut.RECU


def test_masquer_expose_ses_raisons_au_public_et_aux_personnes(poste, client, fiche, courriels):
    dossier = signalement(fiche, categorie="donnee_personnelle").dossier
    poste.post(dossier.adresse_au_poste, {**EXPOSE, "confirme": "oui"})
    assert relu(dossier).statut == Statut.MASQUE and relu(fiche).etat == Fiche.Etat.MASQUEE
    client.logout()
    page = client.get("/dispositifs/asv/")
    assert page.status_code == 410
    for texte in (
        "Le nom d’une patiente y figure.", "le respect des personnes", "sans traitement automatisé", "contester",
        "depuis le",
    ):  # fmt: skip
        assert texte in page.text
    assert "Le nom d’une patiente y figure." in courriels[-1].corps


def test_masquer_previent_qui_avait_contribue(poste, fiche, courriels):
    autrice = personne("autrice")
    une = proposition(fiche, auteur=autrice, cout="Vingt.")
    donnees = {"verdict-section-cout": "oui", "depot": 1, "sur": 1, "verbe": "accepter", "confirme": "oui"}
    poste.post(f"/moderation/propositions/{une.pk}/", donnees)
    dossier = signalement(relu(fiche), categorie="donnee_personnelle").dossier
    poste.post(dossier.adresse_au_poste, {**EXPOSE, "confirme": "oui"})
    recu = courriels.pour(autrice.email)[-1]
    assert "n’est plus visible" in recu.objet and "Fondement : la charte" in recu.corps.replace("\n", " ")


def test_invoquer_la_loi_demande_laquelle(poste, fiche):
    dossier = signalement(fiche, categorie="illicite").dossier
    page = poste.post(dossier.adresse_au_poste, {**EXPOSE, "masquer-clause": "loi"})
    assert page.status_code == 422 and "Dites quelle loi" in page.text and "Le nom d’une patiente" in page.text


def test_rattacher_a_un_autre_dossier_de_la_fiche(poste, fiche):
    un, autre = signalement(fiche).dossier, signalement(fiche, categorie="obsolete").dossier
    ailleurs = signalement(fiche_dispositif()).dossier
    donnees = {"verbe": "rattacher", "rattacher-explication": "Déjà signalé.", "confirme": "oui"}
    assert poste.post(un.adresse_au_poste, {**donnees, "rattacher-double_de": ailleurs.pk}).status_code == 422
    poste.post(un.adresse_au_poste, {**donnees, "rattacher-double_de": autre.pk})
    assert (relu(un).statut, relu(un).double_de) == (Statut.DOUBLON, autre)


def test_clore_comme_corrige(poste, fiche):
    dossier = signalement(fiche).dossier
    poste.post(dossier.adresse_au_poste, {"verbe": "corriger", "corriger-explication": "", "confirme": "oui"})
    assert (relu(dossier).statut, relu(dossier).explication) == (Statut.CORRIGE, "La fiche a été corrigée.")


def test_ecrire_a_chaque_personne(poste, fiche, courriels):
    for nom in ("a", "b"):
        dossier = signalement(fiche, courriel=f"{nom}@exemple.fr").dossier
    poste.post(dossier.adresse_au_poste, {"verbe": "ecrire", "ecrire-texte": "Quelle page, précisément ?"})
    assert Message.objects.filter(de_la_moderation=True).count() == 2
    assert sorted(c.destinataire for c in courriels[-2:]) == ["a@exemple.fr", "b@exemple.fr"]
    assert "Quelle page" in poste.get(dossier.adresse_au_poste).text


def test_le_second_qui_decide_apprend_qui_quand_quoi(poste, fiche):
    dossier = signalement(fiche).dossier
    signalements.classer(dossier, par=moderateur(), motif="inexact", explication="C’est vrai.")
    donnees = {
        "verbe": "classer",
        "classer-motif": "autre",
        "classer-explication": "Mon explication.",
        "confirme": "oui",
    }
    page = poste.post(dossier.adresse_au_poste, donnees)
    assert page.status_code == 409 and "sans suite par Moderateur le" in page.text and "déjà été traité" in page.text
    assert "Mon explication." in page.text


def test_prendre_rendre_et_demander_un_avis(poste, fiche, courriels):
    dossier = signalement(fiche).dossier
    poste.post(dossier.adresse_au_poste, {"verbe": "prendre"})
    assert relu(dossier).prise_par == moderatrice()
    poste.post(dossier.adresse_au_poste, {"verbe": "rendre"})
    assert relu(dossier).statut == Statut.RECU
    poste.post(dossier.adresse_au_poste, {"verbe": "avis", "avis-a": moderateur().pk, "avis-texte": "Tu confirmes ?"})
    assert dossier.adresse_au_poste in courriels[-1].corps


def test_ce_qu_un_autre_tient_ne_se_decide_pas(poste, fiche):
    dossier = signalements.prendre(signalement(fiche).dossier, par=moderateur())
    assert "Moderateur s’en occupe" in poste.get(dossier.adresse_au_poste).text
    donnees = {"verbe": "corriger", "corriger-explication": "Fait hier.", "confirme": "oui"}
    page = poste.post(dossier.adresse_au_poste, donnees)
    assert page.status_code == 409 and "Fait hier." in page.text


def test_le_dossier_coute_peu(poste, fiche, django_assert_max_num_queries):
    for n in range(15):
        dossier = signalement(fiche, cible="section-cout", courriel=f"a{n}@exemple.fr").dossier
    with django_assert_max_num_queries(20):
        assert poste.get(dossier.adresse_au_poste).status_code == 200


def test_qui_a_signale_lit_qu_une_autre_personne_decide(poste, fiche):
    dossier = signalement(fiche, auteur=moderatrice()).dossier
    page = poste.get(dossier.adresse_au_poste).text
    assert "une autre personne décide" in page and "Classer sans suite" not in page
    donnees = {"verbe": "classer", "classer-motif": "autre", "classer-explication": "Non.", "confirme": "oui"}
    assert poste.post(dossier.adresse_au_poste, donnees).status_code == 403
