"""The synonyms of the search at the desk: who, what, why, and what the very next search finds."""

import pytest
from django.test import Client

from config.settings import base
from contributions.models import Journal
from contributions.verbes.empechements import Empechement
from moderation import ecrits
from recherche.models import Synonyme
from tests.factories import fiche_action, moderateur, moderatrice, personne
from tests.moderation.test_html import valider
from tests.recherche.lecture import texte

pytestmark = pytest.mark.django_db
LISTE, NOUVEAU = "/moderation/synonymes/", "/moderation/synonymes/nouveau/"
SAISIE = {
    "terme": "adolescents", "voisin": "jeunes", "sens": "egalite", "raison": "Les fiches disent jeunes.",
    "verbe": "ecrire",
}  # fmt: skip


@pytest.fixture
def poste(client):
    client.force_login(moderatrice())
    return client


@pytest.fixture
def un():
    return Synonyme.objects.create(terme="bailleur", voisin="logement social", raison="Ils y agissent.")


def adresse(un: Synonyme) -> str:
    return f"{LISTE}{un.pk}/"


def modification(un: Synonyme, **champs) -> dict[str, str]:
    actuel = Synonyme.objects.get(pk=un.pk)
    return {"sens": actuel.sens, "raison": actuel.raison, "lue": actuel.marque, "verbe": "ecrire", **champs}


def test_le_poste_y_mene_et_la_liste_se_lit(poste, un, django_assert_max_num_queries):
    assert f'href="{LISTE}"' in poste.get("/moderation/").text
    with django_assert_max_num_queries(5):
        page = poste.get(LISTE)
    assert "bailleur vaut logement social" in texte(page.text) and "Ils y agissent." in page.text
    for lue in (page, poste.get(NOUVEAU), poste.get(adresse(un))):
        valider(lue)


def test_qui_n_est_pas_moderateur_ne_change_rien(client, un):
    client.force_login(personne())
    for chemin in (LISTE, NOUVEAU, adresse(un)):
        assert client.get(chemin).status_code == 403
    assert client.post(NOUVEAU, SAISIE).status_code == 403


def test_un_synonyme_ajoute_compte_a_la_recherche_suivante(poste, settings):
    settings.MIDDLEWARE = base.MIDDLEWARE
    fiche_action(titre="Bouger avec les jeunes")
    lecteur, recherche = Client(), "/fiches/?q=adolescents"
    gardee = {"If-None-Match": lecteur.get(recherche)["ETag"]}
    assert poste.post(NOUVEAU, SAISIE).status_code == 302
    apres = lecteur.get(recherche, headers=gardee)
    assert apres.status_code == 200 and "Bouger avec les jeunes" in apres.text
    ligne = Journal.objects.get()
    assert (ligne.verbe, ligne.synonyme, ligne.vers) == ("ajouter_synonyme", Synonyme.objects.get(), "en_vigueur")
    journal = texte(poste.get("/moderation/journal/?objet=synonyme").text)
    assert "Synonyme ajouté" in journal and "Les fiches disent jeunes." in journal


def test_un_changement_dit_ce_qui_a_change(poste, un):
    poste.post(adresse(un), modification(un, sens="sens_unique"))
    assert Synonyme.objects.get().sens == "sens_unique"
    assert Journal.objects.get().detail["changements"] == [
        {"champ": "sens", "avant": "egalite", "apres": "sens_unique"}
    ]


def test_un_synonyme_retire_se_remet(poste, un):
    for verbe, actif in (("retirer", False), ("remettre", True)):
        donnees = {"verbe": verbe, "etat-raison": "Trop large.", "etat-lue": Synonyme.objects.get().marque}
        assert poste.post(adresse(un), donnees).status_code == 302
        assert Synonyme.objects.get().actif is actif
        valider(poste.get(adresse(un)))


@pytest.mark.parametrize(
    "faute, message",
    [
        ({"raison": ""}, "Ce champ est obligatoire."),
        ({"terme": "?"}, "Écrivez de un à 5 mots."),
        ({"voisin": "Adolescents"}, "C’est le même mot."),
        ({"terme": "Logement social", "voisin": "Bailleur"}, "Un synonyme rapproche déjà ces mots."),
        ({"terme": "a\0b"}, "caractère nul"),
    ],
)
def test_une_saisie_fausse_est_dite_et_rien_n_est_perdu(poste, un, faute, message):
    page = poste.post(NOUVEAU, {**SAISIE, **faute})
    assert page.status_code == 422 and message in page.text
    assert faute.get("raison") == "" or "Les fiches disent jeunes." in page.text
    valider(page)
    assert Synonyme.objects.count() == 1 and not Journal.objects.exists()


def test_la_seconde_personne_voit_le_synonyme_d_aujourd_hui_et_garde_son_texte(poste, un):
    sienne = modification(un, raison="Ma phrase à moi.")
    change = Synonyme.objects.get()
    change.raison = "Entre-temps."
    ecrits.modifier(change, par=moderateur(), raison="Mieux dit.", lue=un.marque)
    page = poste.post(adresse(un), sienne)
    assert page.status_code == 409 and "Quelqu’un a changé ce synonyme" in page.text
    assert "Ma phrase à moi." in page.text and "Entre-temps." in page.text
    assert poste.post(adresse(un), modification(un, raison="Ma phrase à moi.")).status_code == 302


def test_ce_qui_ne_change_rien_et_ce_qui_ne_dit_pas_pourquoi_est_refuse(poste, un):
    assert poste.post(adresse(un), modification(un)).status_code == 409
    with pytest.raises(Empechement, match="Dites pourquoi"):
        ecrits.retirer(un, par=moderatrice(), raison=" ", lue=un.marque)
    assert not Journal.objects.exists()


def test_un_synonyme_inconnu_donne_404(poste):
    assert poste.get(f"{LISTE}99999999999999999999999/").status_code == 404
