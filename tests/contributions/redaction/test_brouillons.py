"""Nothing typed is lost: whatever one does, whatever happens to the page, the text can be found again."""

import pytest
import time_machine
from django.test import Client

from contributions.models import Proposition
from contributions.verbes import propositions
from tests.contributions.papier import Papier, ouvrir, seule
from tests.factories import fiche_dispositif, moderatrice, personne

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut
ADRESSE = "/dispositifs/asv/proposer/"


def textes() -> list[str]:
    return sorted(p.saisie["section-cout"][0] for p in Proposition.objects.all())


def test_regarder_n_enregistre_rien(papier):
    assert not Proposition.objects.exists()


@pytest.mark.parametrize(
    "bouton",
    [{"ajouter": "sources"}, {"retirer": "sources-8"}, {"voir": "apercu"}, {"voir": "modifications"},
     {"brouillon": "1"}, {"chercher": "territoires"}, {"envoyer": "1"}, {"inconnu": "?"}],
)  # fmt: skip
def test_chaque_bouton_enregistre_d_abord(papier, bouton):
    papier.remplir(**{"section-cout": "Beaucoup.", "titre": ""}).envoyer(**bouton)
    assert seule().saisie["section-cout"] == ["Beaucoup."] and seule().statut == Statut.BROUILLON


def test_le_brouillon_dit_son_heure_et_son_lien(papier):
    page = papier.remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1").text
    assert "Brouillon enregistré à" in page and seule().get_absolute_url() in page


def test_le_lien_secret_ramene_au_brouillon(papier):
    papier.remplir(**{"section-cout": "Beaucoup.", "pourquoi": "Voilà"}).envoyer(brouillon="1")
    ailleurs = Client()
    suivi = ailleurs.get(seule().get_absolute_url())
    assert f"{seule().get_absolute_url()}modifier/" in suivi.text and "Reprendre" in suivi.text
    repris = ouvrir(ailleurs, f"{seule().get_absolute_url()}modifier/")
    assert (repris["section-cout"], repris["pourquoi"]) == ("Beaucoup.", "Voilà")
    assert repris.signer().envoyer().status_code == 303 and seule().statut == Statut.A_CONFIRMER


def test_en_revenant_le_brouillon_est_propose(client, papier):
    papier.remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1")
    retour = client.get(ADRESSE)
    assert "Reprendre le brouillon du" in retour.text and "Repartir du texte publié" in retour.text
    assert Papier(client, retour)["section-cout"] == "Peu."
    assert "Reprendre le brouillon" not in client.get(f"{ADRESSE}?neuf=1").text
    assert "Reprendre le brouillon" not in Client().get(ADRESSE).text


def test_repartir_du_texte_publie_garde_l_ancien_brouillon(client, papier):
    papier.remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1")
    ouvrir(client, f"{ADRESSE}?neuf=1").remplir(**{"section-cout": "Trop."}).envoyer(brouillon="1")
    assert textes() == ["Beaucoup.", "Trop."]


def test_deux_onglets_font_deux_brouillons(client, papier):
    autre = ouvrir(client, ADRESSE)
    papier.remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1")
    autre.remplir(**{"section-cout": "Trop."}).envoyer(brouillon="1")
    assert textes() == ["Beaucoup.", "Trop."]


def test_deux_onglets_sur_le_meme_brouillon_ne_s_ecrasent_pas(client, papier):
    papier.remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1")
    un, deux = (ouvrir(client, f"{seule().get_absolute_url()}modifier/") for _ in range(2))
    un.remplir(**{"section-cout": "Un."}).envoyer(brouillon="1")
    reponse = deux.remplir(**{"section-cout": "Deux."}).envoyer(brouillon="1")
    assert textes() == ["Deux.", "Un."] and "dans un brouillon à part" in reponse.text


def test_revenir_en_arriere_garde_les_deux_textes(papier):
    suite = papier.remplir(**{"section-cout": "Beaucoup."}).presser(brouillon="1")
    suite.remplir(**{"section-cout": "Énormément."}).envoyer(brouillon="1")
    papier.remplir(**{"section-cout": "Trop."}).envoyer(brouillon="1")
    assert textes() == ["Trop.", "Énormément."]


def test_un_brouillon_s_ecrit_d_une_page_a_l_autre(papier):
    suite = papier.remplir(**{"section-cout": "Un."}).presser(brouillon="1")
    suite = suite.remplir(**{"section-cout": "Deux."}).presser(ajouter="sources")
    suite.remplir(**{"section-cout": "Trois."}).envoyer(voir="modifications")
    assert textes() == ["Trois."]


def test_un_double_clic_ne_depose_qu_une_fois(papier, courriels):
    papier.remplir(**{"section-cout": "Beaucoup."}).signer()
    reponses = [papier.envoyer() for _ in range(2)]
    assert [r.status_code for r in reponses] == [303, 303] and reponses[0]["Location"] == reponses[1]["Location"]
    assert seule().depots.count() == 1 and len(courriels) == 1


def test_revenir_corriger_apres_l_envoi_change_la_meme_proposition(papier):
    papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    papier.remplir(**{"section-cout": "Énormément."}).envoyer()
    assert [d.changements["section-cout"] for d in seule().depots.all()] == ["Beaucoup.", "Énormément."]


def test_ecrire_sur_une_proposition_decidee_ouvre_un_brouillon(client, fiche):
    client.force_login(personne())
    papier = ouvrir(client, ADRESSE).remplir(**{"section-cout": "Beaucoup."}).signer()
    papier.envoyer()
    propositions.accepter(seule(), par=moderatrice(), depot=1)
    reponse = papier.remplir(**{"section-cout": "Trop."}).envoyer(brouillon="1")
    assert "brouillon à part" in reponse.text
    assert [p.statut for p in Proposition.objects.order_by("pk")] == [Statut.ACCEPTEE, Statut.BROUILLON]


def test_l_ecriture_survit_a_la_connexion(client, papier):
    papier.remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1")
    client.force_login(personne())
    assert "Reprendre le brouillon" in client.get(ADRESSE).text
    ouvrir(client, f"{seule().get_absolute_url()}modifier/").envoyer(brouillon="1")
    assert seule().auteur == personne()


def test_la_session_expire_avant_l_envoi(client, fiche):
    client.force_login(personne())
    papier = ouvrir(client, ADRESSE).remplir(**{"section-cout": "Beaucoup."}).signer()
    client.logout()
    reponse = papier.envoyer()
    assert reponse.status_code == 422 and "Vous n’êtes plus connecté" in reponse.text
    suite = Papier(client, reponse)
    assert suite["section-cout"] == "Beaucoup." and "courriel" in suite.noms


def test_le_brouillon_d_un_compte_se_retrouve_sur_un_autre_appareil(client, fiche):
    client.force_login(personne())
    ouvrir(client, ADRESSE).remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1")
    ailleurs = Client()
    ailleurs.force_login(personne())
    assert "Reprendre le brouillon" in ailleurs.get(ADRESSE).text
    assert seule().get_absolute_url() in ailleurs.get("/mes-contributions/").text


def test_une_page_bricolee_ecrit_dans_un_brouillon_neuf(client, papier):
    papier.remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1")
    for faux in ("", "n’importe quoi", papier["affichage"] + "x"):
        assert papier.remplir(affichage=faux).envoyer(brouillon="1").status_code == 200
    assert Proposition.objects.count() == 4


def test_la_page_d_une_autre_fiche_n_ecrit_pas_ici(client, papier):
    fiche_dispositif(slug="cls")
    ailleurs = ouvrir(client, "/dispositifs/cls/proposer/")
    papier.remplir(**{"section-cout": "Beaucoup."}).envoyer(brouillon="1")
    ailleurs.remplir(affichage=papier["affichage"]).envoyer(brouillon="1")
    assert "Beaucoup." in textes() and Proposition.objects.count() == 2


def test_trop_de_brouillons_d_un_meme_reseau(papier, monkeypatch):
    monkeypatch.setattr("contributions.abus.BROUILLONS_PAR_RESEAU", 1)
    papier.remplir(**{"section-cout": "Un."}).envoyer(brouillon="1")
    reponse = papier.remplir(**{"section-cout": "Deux."}).envoyer(brouillon="1")
    assert reponse.status_code == 429 and Papier(papier.client, reponse)["section-cout"] == "Deux."


def test_trop_de_brouillons_de_reseaux_voisins(monkeypatch):
    monkeypatch.setattr("contributions.abus.BROUILLONS_PAR_RESEAU", 1)
    fiche_dispositif(slug="cls")

    def depuis(adresse: str) -> int:
        papier = ouvrir(Client(REMOTE_ADDR=adresse), "/dispositifs/cls/proposer/")
        return papier.remplir(**{"section-cout": "Un."}).envoyer(brouillon="1").status_code

    assert [depuis(f"192.0.2.{n}") for n in range(4)] == [200, 200, 200, 429]
    assert depuis("192.0.3.1") == 200


def test_un_brouillon_commence_se_poursuit_malgre_la_limite(papier, monkeypatch):
    monkeypatch.setattr("contributions.abus.BROUILLONS_PAR_RESEAU", 1)
    suite = papier.remplir(**{"section-cout": "Un."}).presser(brouillon="1")
    assert suite.remplir(**{"section-cout": "Deux."}).envoyer(brouillon="1").status_code == 200
    assert textes() == ["Deux."]


def test_un_brouillon_n_est_vu_ni_de_la_moderation_ni_du_public(client, papier):
    papier.remplir(**{"section-cout": "Secret."}).envoyer(brouillon="1")
    assert not Proposition.objects.visibles_pour(moderatrice()).exists()
    for adresse in ("/dispositifs/asv/", "/fiches/?q=secret", "/"):
        assert "Secret" not in Client().get(adresse).text


def test_une_fois_deposee_le_brouillon_ne_dit_plus_qui_ecrit(papier):
    qui = {"credit_nom": "Repères santé", "credit_role": "association", "credit_lien": "https://exemple.fr"}
    papier.remplir(**{"section-cout": "Beaucoup."}).signer(credit="nom", **qui).envoyer()
    gardee = str(seule().saisie)
    assert not any(trace in gardee for trace in ("visiteuse", *qui.values())) and "Beaucoup." in gardee
    repris = ouvrir(papier.client, f"{seule().get_absolute_url()}modifier/")
    assert (repris["courriel"], repris["credit_nom"]) == ("visiteuse@exemple.fr", "Repères santé")


def test_changer_son_credit_suffit_a_renvoyer(papier):
    papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    papier.remplir(credit="nom", credit_nom="Repères santé").envoyer()
    assert seule().credit_nom == "Repères santé" and seule().depots.count() == 1


# As it is typed, by a script


def tape(papier: Papier, texte: str) -> dict[str, str]:
    """Post what static/brouillon.js posts, and take its answer in."""
    papier.remplir(**{"section-cout": texte})
    champs = {**papier.champs, "brouillon": "1"}
    reponse = papier.client.post(ADRESSE, champs, headers={"HX-Request": "true"})
    assert reponse.status_code == 200
    papier.remplir(affichage=reponse.json()["affichage"])
    return reponse.json()


def test_le_texte_se_garde_pendant_qu_on_ecrit_dans_un_seul_brouillon(client, papier):
    with time_machine.travel("2026-11-27T13:32:00Z", tick=False):
        assert tape(papier, "Bea")["dit"] == "Enregistré en brouillon à 14\u00a0h\u00a032."
    tape(papier, "Beaucoup.")
    assert textes() == ["Beaucoup."] and seule().statut == Statut.BROUILLON
    assert "Vous aviez commencé" in client.get(ADRESSE).text


def test_le_meme_texte_ne_s_ecrit_pas_deux_fois(papier):
    tape(papier, "Beaucoup.")
    avant = seule().modifiee_le
    tape(papier, "Beaucoup.")
    assert seule().modifiee_le == avant


def test_ce_qui_est_garde_s_envoie_ensuite_comme_la_meme_proposition(papier):
    tape(papier, "Beaucoup.")
    assert papier.signer().envoyer().status_code == 303
    assert seule().statut == Statut.A_CONFIRMER and seule().depot.changements["section-cout"] == "Beaucoup."


def test_un_onglet_en_retard_garde_son_texte_a_part_et_le_dit(client, papier):
    autre = ouvrir(client, ADRESSE)
    autre.remplir(affichage=papier["affichage"])
    tape(papier, "Beaucoup.")
    assert "dans un brouillon à part" in tape(autre, "Trop.")["dit"]
    assert textes() == ["Beaucoup.", "Trop."]


def test_ce_qui_n_a_pas_pu_etre_garde_ne_se_dit_pas_garde(papier, monkeypatch):
    monkeypatch.setattr("contributions.abus.BROUILLONS_PAR_RESEAU", 0)
    papier.remplir(**{"section-cout": "Beaucoup."})
    reponse = papier.client.post(ADRESSE, {**papier.champs, "brouillon": "1"}, headers={"HX-Request": "true"})
    assert reponse.status_code == 429 and not Proposition.objects.exists()


def test_sans_script_la_page_dit_de_penser_a_enregistrer(papier):
    page = papier.reponse.text
    assert "Pensez à enregistrer" in page and "tout s’enregistre" not in page
