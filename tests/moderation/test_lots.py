"""The examination of a lot: counts, a sample, differences; accepted but for some rows, in two posts."""

import pytest
from django.utils import timezone

from comptes.roles import Role
from contributions.verbes import decisions_de_lot, lots, propositions
from moderation.file import Criteres, File
from moderation.lots import ecrire_les_numeros, lire_les_numeros
from moderation.resume import resumer
from tests.balisage import texte
from tests.comptes.preuves import entrer
from tests.contributions.recits import VU, cls_d_elbeuf, ligne, suivi_des_cls
from tests.factories import constat, fiche_locale, moderatrice, personne, publier, relu

pytestmark = pytest.mark.django_db


@pytest.fixture
def cls():
    return cls_d_elbeuf()


@pytest.fixture
def lot(cls):
    return suivi_des_cls(cls, mot="Vu en mars")


@pytest.fixture
def poste(client):
    entrer(client, moderatrice())
    return client


def choix(lot, *gardees: int, **reste) -> dict:
    """What the page posts with these rows ticked."""
    toutes = lot.propositions.a_traiter().order_by("ligne")
    return {
        "montree": [p.pk for p in toutes],
        "garde": [p.pk for p in toutes if p.ligne in gardees],
        "verbe": "accepter",
        **reste,
    }


def statuts(lot) -> list[str]:
    return [proposition.statut for proposition in lot.propositions.order_by("ligne")]


def test_la_page_dit_ce_que_le_lot_fait_et_montre_chaque_difference(poste, lot):
    page = poste.get(lot.adresse_au_poste).text
    lue = texte(page)
    assert "Suivi des CLS" in lue and "Vu en mars" in lue and "3 lignes attendent" in lue
    assert "2025" in page and "<ins>" in page and "Ligne 4" in lue and page.count(" checked") == 3


def test_accepter_dit_l_effet_puis_le_fait(poste, lot, cls):
    confirmation = poste.post(lot.adresse_au_poste, choix(lot, 4, 7))
    lue = texte(confirmation.text)
    assert (
        "2 lignes seront publiées" in lue
        and "1 reste dans la file : ligne 8." in lue
        and statuts(lot) == ["soumise"] * 3
    )
    assert poste.post(lot.adresse_au_poste, choix(lot, 4, 7, confirme="oui")).status_code == 302
    assert statuts(lot) == ["acceptee", "acceptee", "soumise"] and relu(cls).contenu["constats"] == VU


def test_des_numeros_ecrits_et_une_remarque_laissent_aussi_de_cote(poste, lot):
    une = lot.propositions.get(ligne=8)
    envoi = choix(lot, 4, 7, 8, sauf="7", confirme="oui", **{f"remarque-{une.pk}": "Quelle date ?"})
    poste.post(lot.adresse_au_poste, envoi)
    assert statuts(lot) == ["acceptee", "soumise", "corrections_demandees"]
    refus = poste.post(lot.adresse_au_poste, choix(lot, 7, sauf="sept"))
    assert refus.status_code == 422 and "Des numéros de lignes seulement" in refus.text and "sept" in refus.text


@pytest.mark.parametrize("remarque", ["Quelle\0 date ?", "Quelle \u202edate ?", "a" * 3_001])
def test_une_remarque_que_rien_ne_peut_garder_se_dit_sans_rien_perdre(poste, lot, remarque):
    une = lot.propositions.get(ligne=8)
    envoi = choix(lot, 4, 7, 8, confirme="oui", **{f"remarque-{une.pk}": remarque})
    refus = poste.post(lot.adresse_au_poste, envoi)
    assert refus.status_code == 422 and "erreur-champ" in refus.text and remarque in refus.text
    envoi["montree"] = [une.pk]
    ailleurs = poste.post(f"{lot.adresse_au_poste}?vue=changer", envoi)
    assert ailleurs.status_code == 422 and "erreur-champ" in ailleurs.text and remarque in ailleurs.text
    assert statuts(lot) == ["soumise"] * 3


@pytest.mark.parametrize("lu_le", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_une_page_ne_peut_avoir_ete_lue_avant_le_lot_ni_dans_l_avenir(poste, lot, lu_le):
    assert poste.post(lot.adresse_au_poste, choix(lot, 4, 7, 8, confirme="oui", lu_le=lu_le)).status_code == 302
    assert lot.depose_le <= lot.traitements.get().lu_le <= timezone.now()


def test_un_numero_a_l_envers_laisse_les_memes_lignes_un_numero_illisible_se_dit(poste, lot):
    poste.post(lot.adresse_au_poste, choix(lot, 4, 7, 8, sauf="8-7", confirme="oui"))
    assert statuts(lot) == ["acceptee", "soumise", "soumise"]
    for ecrit in ("7²", "123456789", "7-"):
        assert poste.post(lot.adresse_au_poste, choix(lot, 7, 8, sauf=ecrit)).status_code == 422


def test_ce_qu_on_a_ecrit_suit_d_une_page_de_lignes_a_l_autre(poste):
    lot = lots.deposer(personne(), "Suivi", [ligne(numero) for numero in range(2, 24)])
    premiere, *_ = lot.propositions.order_by("ligne")
    envoi = choix(lot, 2, retenir="2", explication="Merci bien", **{f"remarque-{premiere.pk}": "Quelle date ?"})
    envoi["montree"] = [premiere.pk]
    page = poste.post(f"{lot.adresse_au_poste}?vue=tout", envoi)
    assert "Page 2 sur 2" in texte(page.text) and "Merci bien" in page.text
    assert f'name="remarque-{premiere.pk}" value="Quelle date ?"' in page.text


def test_une_ligne_en_conflit_est_montree_et_decochee(poste, cls):
    lot = lots.deposer(personne(), "CLS", [ligne(4, cls, porteur="Ville"), ligne(7), ligne(8)])
    publier(cls, porteur="Agglomération")
    page = texte(poste.get(lot.adresse_au_poste).text)
    assert "La fiche a changé au même endroit : Porteur" in page
    poste.post(lot.adresse_au_poste, choix(lot, 4, 7, 8, confirme="oui"))
    assert statuts(lot) == ["soumise", "acceptee", "acceptee"]
    assert "1 laissée de côté" in texte(poste.get(lot.adresse_au_poste).text)


def test_ecarter_demande_un_motif_et_une_phrase(poste, lot):
    vide = poste.post(lot.adresse_au_poste, choix(lot, 4, verbe="ecarter"))
    assert vide.status_code == 422 and "Choisissez un motif" in vide.text
    plein = choix(lot, 4, verbe="ecarter", motif="inexact", explication="Tableau de 2019.")
    assert "3 lignes seront écartées" in texte(poste.post(lot.adresse_au_poste, plein).text)
    poste.post(lot.adresse_au_poste, {**plein, "confirme": "oui"})
    assert statuts(lot) == ["ecartee"] * 3


def test_ecrire_a_l_auteur_ne_decide_de_rien(poste, lot, courriels):
    poste.post(lot.adresse_au_poste, choix(lot, 4, verbe="ecrire", explication="De quelle année ?"))
    assert statuts(lot) == ["soumise"] * 3 and "De quelle année ?" in courriels[-1].corps
    assert "De quelle année ?" in texte(poste.get(lot.adresse_au_poste).text)


def test_une_decision_prise_entre_temps_se_dit_et_rien_de_saisi_n_est_perdu(poste, lot):
    decisions_de_lot.accepter(lot, par=personne("autre", Role.MODERATEUR))
    reponse = poste.post(lot.adresse_au_poste, {"verbe": "accepter", "confirme": "oui", "explication": "Merci !"})
    assert reponse.status_code == 409 and "acceptation par Autre" in texte(reponse.text)
    assert poste.post(lot.adresse_au_poste, {"verbe": "annuler"}).status_code == 409


def test_la_decision_s_annule_de_la_page(poste, lot):
    poste.post(lot.adresse_au_poste, choix(lot, 4, 7, 8, confirme="oui"))
    assert "Annuler la décision" in poste.get(lot.adresse_au_poste).text
    poste.post(lot.adresse_au_poste, {"verbe": "annuler"})
    assert statuts(lot) == ["soumise"] * 3


def test_un_long_lot_montre_un_echantillon_et_garde_les_choix_de_page_en_page(
    poste, monkeypatch, django_assert_max_num_queries
):
    modele = ligne(2)
    lot = lots.deposer(personne(), "CLS", [modele._replace(numero=n) for n in range(2, 102)])
    with django_assert_max_num_queries(40):
        assert poste.get(lot.adresse_au_poste).text.count(" checked") == 20
    suite = poste.get(lot.adresse_au_poste, {"vue": "tout"})
    premiere = list(lot.propositions.order_by("ligne")[:20])
    envoi = {"montree": [p.pk for p in premiere], "garde": [p.pk for p in premiere[2:]], "retenir": "2"}
    suite = poste.post(f"{lot.adresse_au_poste}?vue=tout", envoi)
    assert suite.headers["Location"].endswith("?vue=tout&sauf=2-3&page=2")
    retour = poste.get(f"{lot.adresse_au_poste}?vue=tout&sauf=2-3")
    assert retour.text.count(" checked") == 18 and 'value="2-3"' in retour.text
    poste.post(lot.adresse_au_poste, {"verbe": "accepter", "sauf": "2-3", "confirme": "oui"})
    page = texte(poste.get(lot.adresse_au_poste).text)
    assert "0 ligne traitée sur 98" in page and "Acceptation en cours" in page


def test_sa_propre_ligne_et_les_adresses_inventees(client, lot):
    entrer(client, personne("contributrice", Role.MODERATEUR))
    assert "C’est votre tableau" in client.get(lot.adresse_au_poste).text
    assert client.post(lot.adresse_au_poste, choix(lot, 4, confirme="oui")).status_code == 403
    assert client.post(lot.adresse_au_poste, {"verbe": "voler"}).status_code == 400
    assert client.get(lot.adresse_au_poste, {"vue": "x", "page": "y", "sauf": "é" * 300}).status_code == 200
    assert client.get("/moderation/lots/999999/").status_code == 404
    assert propositions.Statut.SOUMISE in statuts(lot)


@pytest.mark.parametrize("ecrit,lus", [("4, 12-18", [(4, 4), (12, 18)]), ("4;5 – 6", [(4, 4), (5, 6)]), ("", [])])
def test_les_numeros_s_ecrivent_et_se_lisent(ecrit, lus):
    assert lire_les_numeros(ecrit) == lus
    assert ecrire_les_numeros([6, 4, 5, 9, 4]) == "4-6, 9"


def test_la_file_et_le_journal_montrent_un_lot_comme_une_seule_chose(poste, lot):
    file = poste.get("/moderation/").text
    assert file.count("Suivi des CLS") == 1 and lot.adresse_au_poste in file and "ligne 7" not in file
    assert "3 lignes attendent sur 3" in texte(file)
    assert File(moderatrice(), Criteres(fiche=lot.propositions.get(ligne=4).fiche_id)).nombre == 1
    assert resumer(moderatrice()).a_prendre.nombre == 1
    decisions_de_lot.accepter(lot, par=moderatrice())
    assert File(moderatrice(), Criteres()).nombre == 0
    journal = poste.get("/moderation/journal/").text
    assert "Tableau décidé" in journal and "Proposition acceptée par" not in texte(journal)
    assert "Proposition acceptée par" in texte(poste.get("/moderation/journal/", {"objet": "proposition"}).text)
    deux = fiche_locale(constats=[constat("actif", "2024")])
    lots.deposer(personne(), "Double", [ligne(2, deux, constats=VU), ligne(3, deux, porteur="Ville")])
    assert File(moderatrice(), Criteres(fiche=deux.pk)).nombre == 1
