"""The rules of « Choisir » at the desk: who, what, why, and what readers see at once."""

import pytest
from django.test import Client

from config.settings import base
from contributions.models import Journal
from contributions.verbes.empechements import Empechement
from dispositifs.models import Dispositif, Regle
from fiches.models import Edition
from moderation import ecrits
from tests.balisage import texte
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne
from tests.moderation.test_html import valider
from tests.panorama.test_choisir import regle

pytestmark = pytest.mark.django_db
LISTE, NOUVELLE = "/moderation/choisir/", "/moderation/choisir/nouvelle/"
SAISIE = {
    "dispositif": "asv", "condition": "besoin:soins", "effet": "2", "explication": "Il oriente vers les soins.",
    "source": "Observatoire, Rapport, 2022", "url": "https://exemple.fr/rapport", "raison": "Le rapport le dit.",
    "verbe": "ecrire",
}  # fmt: skip


@pytest.fixture
def une():
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    fiche_dispositif(slug="clsm", titre="Conseil de santé mentale", sigle="CLSM")
    return regle("asv", "qpv", "oui", poids=2, explication="Il agit dans les quartiers.")


def adresse(une: Regle) -> str:
    return f"/moderation/choisir/{une.pk}/"


def modification(une: Regle, **champs) -> dict[str, str]:
    actuelle = Regle.objects.get(pk=une.pk)
    dits = {"effet": str(actuelle.poids), "explication": actuelle.explication, "source": actuelle.source}
    return {**dits, "raison": "C’est plus juste.", "lue": actuelle.marque, "verbe": "ecrire", **champs}


# Reading


def test_les_regles_se_lisent_en_mots_par_question_ou_par_dispositif(poste, une):
    regle("clsm", "qpv", "non", exclut=True)
    for page in (poste.get(LISTE), poste.get(f"{LISTE}?par=dispositif")):
        lue = texte(page.text)
        assert "Si « Oui, au moins un » ASV +2" in lue and "Si « Non » CLSM écarte" in lue
        assert "Il agit dans les quartiers. Source : Rapport, 2022." in lue
        valider(page)
    assert '<h2 id="groupe-1">Atelier santé ville (ASV)</h2>' in poste.get(f"{LISTE}?par=dispositif").text


def test_le_poste_y_mene(poste):
    assert f'href="{LISTE}"' in poste.get("/moderation/").text


def test_la_liste_coute_aussi_peu_avec_beaucoup_de_regles(poste, une, django_assert_max_num_queries):
    for question, reponse in (("besoin", "soins"), ("besoin", "prevention"), ("echelle", "commune")):
        regle("asv", question, reponse)
    with django_assert_max_num_queries(5):
        poste.get(LISTE)
    with django_assert_max_num_queries(7):
        poste.get(adresse(une))


def test_qui_n_est_pas_moderateur_ne_change_rien(client, une):
    client.force_login(personne())
    for chemin in (LISTE, NOUVELLE, adresse(une)):
        assert client.get(chemin).status_code == 403
    assert client.post(adresse(une), modification(une, effet="3")).status_code == 403
    assert Regle.objects.get().poids == 2


# Adding, changing, withdrawing


def test_une_regle_ajoutee_joue_et_se_lit_au_journal(poste, une):
    assert poste.post(NOUVELLE, SAISIE).status_code == 302
    ajoutee = Regle.objects.get(question="besoin")
    assert (ajoutee.reponse, ajoutee.poids, ajoutee.actif, ajoutee.du_chargement) == ("soins", 2, True, False)
    ligne = Journal.objects.get()
    assert (ligne.verbe, ligne.regle, ligne.qui, ligne.vers) == ("ajouter_regle", ajoutee, moderatrice(), "en_vigueur")
    assert ligne.fiche_id == ajoutee.dispositif_id and ligne.detail["texte"] == "Le rapport le dit."
    assert "Il oriente vers les soins." in Client().get("/dispositifs/choisir/?besoin=soins").text


def test_une_regle_peut_ecarter(poste, une):
    poste.post(NOUVELLE, {**SAISIE, "effet": "ecarte"})
    assert Regle.objects.filter(question="besoin", exclut=True, poids=0).exists()


def test_un_changement_dit_ce_qui_a_change(poste, une):
    poste.post(adresse(une), modification(une, effet="3"))
    assert Regle.objects.get().poids == 3
    assert Journal.objects.get().detail["changements"] == [{"champ": "poids", "avant": "2", "apres": "3"}]
    page = texte(poste.get("/moderation/journal/").text)
    assert "C’est plus juste." in page and "« 2 » devient « 3 »" in page
    assert f'href="{adresse(une)}"' in poste.get("/moderation/journal/?objet=regle").text


def test_une_regle_retiree_ne_joue_plus_et_se_remet(poste, une):
    for verbe, joue in (("retirer", False), ("remettre", True)):
        lue = Regle.objects.get().marque
        donnees = {"verbe": verbe, "etat-raison": "Le rapport date.", "etat-lue": lue}
        assert poste.post(adresse(une), donnees).status_code == 302
        page = Client().get("/dispositifs/choisir/?qpv=oui").text
        assert ("Il agit dans les quartiers." in page) is joue
        valider(poste.get(adresse(une)))
    assert list(Journal.objects.values_list("verbe", "de", "vers")) == [
        ("remettre_regle", "retiree", "en_vigueur"), ("retirer_regle", "en_vigueur", "retiree")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "faute,message",
    [
        ({"raison": " "}, "Ce champ est obligatoire."),
        ({"explication": ""}, "Ce champ est obligatoire."),
        ({"explication": "é" * 301}, "300"),
        ({"source": ""}, "Ce champ est obligatoire."),
        ({"url": "javascript:alert(1)"}, "URL valide"),
        ({"effet": "9"}, "Sélectionnez un choix valide"),
        ({"condition": "qpv:soins"}, "Sélectionnez un choix valide"),
        ({"dispositif": "inconnu"}, "Sélectionnez un choix valide"),
        ({"condition": "qpv:oui"}, "Une règle lie déjà cette réponse à ce dispositif"),
        ({"explication": "\x00"}, "caractère nul"),
    ],
)
def test_une_saisie_fausse_est_dite_et_rien_n_est_perdu(poste, une, faute, message):
    page = poste.post(NOUVELLE, {**SAISIE, **faute})
    assert page.status_code == 422 and message in page.text
    assert faute.get("source") == "" or "Observatoire, Rapport, 2022" in page.text
    valider(page)
    assert Regle.objects.count() == 1 and not Journal.objects.exists()


@pytest.mark.parametrize("verbe", ["retirer", "remettre", "rien", "", "\x00"])
def test_un_verbe_incomplet_ou_inconnu_ne_fait_rien(poste, une, verbe):
    assert poste.post(adresse(une), {"verbe": verbe}).status_code == 422
    assert poste.post(NOUVELLE, {"verbe": verbe}).status_code == 422
    assert not Journal.objects.exists()


def test_une_regle_inconnue_donne_404(poste):
    assert poste.get("/moderation/choisir/99999999999999999999999/").status_code == 404


def test_ce_qui_ne_change_rien_n_encombre_pas_le_journal(poste, une):
    page = poste.post(adresse(une), modification(une))
    assert page.status_code == 409 and "rien n’est à changer" in page.text and not Journal.objects.exists()


def test_sans_raison_aucun_verbe_n_ecrit(une):
    with pytest.raises(Empechement, match="Dites pourquoi"):
        ecrits.retirer(une, par=moderatrice(), raison="  ", lue=une.marque)


# Two at once


def test_la_seconde_personne_voit_la_regle_d_aujourd_hui_et_garde_son_texte(poste, une):
    sienne = modification(une, explication="Ma phrase à moi.")
    ecrits.modifier(_changee(une, explication="Entre-temps."), par=moderateur(), raison="Mieux dit.", lue=une.marque)
    page = poste.post(adresse(une), sienne)
    assert page.status_code == 409 and "Quelqu’un a changé cette règle" in page.text
    assert "Ma phrase à moi." in page.text and "Entre-temps." in page.text
    valider(page)
    actuelle = Regle.objects.get()
    assert actuelle.explication == "Entre-temps." and f'value="{actuelle.marque}"' in page.text
    # Having read it, she may send hers again.
    assert poste.post(adresse(une), modification(une, explication="Ma phrase à moi.")).status_code == 302
    assert Regle.objects.get().explication == "Ma phrase à moi."


def test_on_ne_retire_pas_une_regle_changee_entre_temps(poste, une):
    Regle.objects.update(poids=1)
    donnees = {"verbe": "retirer", "etat-raison": "Trop vague.", "etat-lue": une.marque}
    page = poste.post(adresse(une), donnees)
    assert page.status_code == 409 and "Trop vague." in page.text and Regle.objects.get().actif


def test_deux_personnes_n_ajoutent_pas_la_meme_regle(une):
    autre = Regle(dispositif=une.dispositif, question="qpv", reponse="oui", poids=1, explication="E.", source="S.")
    with pytest.raises(Empechement, match="lie déjà"):
        ecrits.ajouter(autre, par=moderatrice(), raison="Utile.")


def _changee(une: Regle, **champs) -> Regle:
    changee = Regle.objects.get(pk=une.pk)
    for nom, valeur in champs.items():
        setattr(changee, nom, valeur)
    return changee


# What readers see


def test_la_page_que_le_lecteur_a_gardee_change_aussitot(poste, une, settings):
    settings.MIDDLEWARE = base.MIDDLEWARE
    lecteur, adresse = Client(), "/dispositifs/choisir/?qpv=oui"
    gardee = {"If-None-Match": lecteur.get(adresse)["ETag"]}
    assert lecteur.get(adresse, headers=gardee).status_code == 304
    ecrits.modifier(_changee(une, explication="Dit autrement."), par=moderatrice(), raison="R.", lue=une.marque)
    apres = lecteur.get(adresse, headers=gardee)
    assert apres.status_code == 200 and "Dit autrement." in apres.text


def test_voir_l_effet_montre_le_classement_et_n_ecrit_rien(poste, une):
    regle("clsm", "besoin", "sante-mentale", poids=3)
    avant = Edition.objects.get().numero
    essai = {"essai-qpv": "oui", "essai-besoin": "sante-mentale"}
    saisie = {**SAISIE, **essai, "condition": "besoin:sante-mentale", "raison": "", "verbe": "essayer"}
    page = poste.post(NOUVELLE, saisie)
    lue = texte(page.text)
    valider(page)
    assert page.status_code == 200
    assert "Aujourd’hui Conseil de santé mentale (CLSM) poids 3Atelier santé ville (ASV) poids 2" in lue
    assert "Avec cette règle Atelier santé ville (ASV) poids 4Conseil de santé mentale (CLSM) poids 3" in lue
    assert Regle.objects.count() == 2 and Edition.objects.get().numero == avant and not Journal.objects.exists()
    assert "Il oriente vers les soins." in page.text


def test_l_effet_d_un_changement_se_voit_aussi(poste, une):
    page = poste.post(adresse(une), modification(une, effet="ecarte", verbe="essayer", **{"essai-qpv": "oui"}))
    assert "Avec cette règle Rien de net. Écartés : Atelier santé ville (ASV)." in texte(page.text)
    assert Regle.objects.get().poids == 2


def test_un_essai_faux_se_dit(poste, une):
    page = poste.post(adresse(une), modification(une, verbe="essayer", **{"essai-qpv": "bleu"}))
    assert page.status_code == 422 and "Sélectionnez un choix valide" in page.text


def test_un_dispositif_a_son_histoire_sur_sa_page_de_moderation(poste, une):
    ecrits.retirer(une, par=moderatrice(), raison="Le rapport date.", lue=une.marque)
    asv = Dispositif.objects.get(slug="asv")
    assert "Le rapport date." in poste.get(f"/moderation/fiches/{asv.pk}/").text
