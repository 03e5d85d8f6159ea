"""The rules of the queue: said to everybody, changed at the desk with their reason."""

import pytest

from contributions.models import Journal, RegleDeFile
from moderation import ecrits
from tests.factories import moderateur, personne
from tests.moderation.test_html import valider
from tests.recherche.lecture import texte

pytestmark = pytest.mark.django_db
LISTE = "/moderation/regles-de-la-file/"


def regle(cle: str = "fiable") -> RegleDeFile:
    return RegleDeFile.objects.get(cle=cle)


def saisie(une: RegleDeFile, **champs) -> dict[str, str]:
    bornes = {} if une.borne is None else {"borne": une.borne}
    return {"seuil": une.seuil, **bornes, "raison": une.raison, "lue": une.marque, "verbe": "ecrire", **champs}


def test_les_regles_se_lisent_au_poste_et_en_public(poste, client):
    page, publique = poste.get(LISTE), client.get("/transparence/")
    for une in RegleDeFile.objects.all():
        phrase = une.en_mots.replace("\xa0", " ")
        assert phrase in texte(page.text) and phrase in texte(publique.text)
        assert une.raison in texte(publique.text)
        valider(poste.get(f"{LISTE}{une.pk}/"))
    valider(page)
    valider(publique)


def test_un_nombre_change_avec_sa_raison_et_le_journal_le_dit(poste):
    une = regle()
    adresse = f"{LISTE}{une.pk}/"
    page = poste.post(adresse, saisie(une, seuil="25", raison="Vingt-cinq, pour commencer."), follow=True)
    assert "25 envois acceptés" in texte(page.text) and regle().seuil == 25
    ligne = Journal.objects.get()
    assert (ligne.verbe, ligne.regle_de_file) == ("modifier_regle_de_file", une)
    assert {"champ": "premier nombre", "avant": "10", "apres": "25"} in ligne.detail["changements"]
    journal = texte(poste.get("/moderation/journal/?objet=regle_de_file").text)
    assert "Règle de la file modifiée" in journal and "Vingt-cinq, pour commencer." in journal


@pytest.mark.parametrize(
    "cle,faute",
    [("fiable", {"seuil": "0"}), ("fiable", {"borne": ""}), ("meme_lien", {"seuil": "1"}),
     ("petit", {"seuil": "99999999999"}), ("petit", {"raison": " "}), ("liens_inconnus", {"seuil": "trois"})],
)  # fmt: skip
def test_un_nombre_faux_est_dit_a_cote_et_rien_ne_change(poste, cle, faute):
    une = regle(cle)
    page = poste.post(f"{LISTE}{une.pk}/", saisie(une, **faute))
    assert page.status_code == 422 and not Journal.objects.exists() and regle(cle).marque == une.marque
    valider(page)


def test_la_seconde_personne_voit_la_regle_d_aujourd_hui_et_garde_ses_nombres(poste):
    une = regle()
    sienne = saisie(une, seuil="7", raison="Sept suffisent.")
    une.seuil = 30
    ecrits.modifier(une, par=moderateur(), raison="Trente.", lue=sienne["lue"])
    page = poste.post(f"{LISTE}{une.pk}/", sienne)
    assert page.status_code == 409 and "30 envois acceptés" in texte(page.text) and "Sept suffisent." in page.text


def test_une_regle_retiree_se_remet_et_ne_se_dit_plus_en_public(poste, client):
    une = regle("meme_lien")
    for verbe, actif in (("retirer", False), ("remettre", True)):
        donnees = {"verbe": verbe, "etat-raison": "Trop large.", "etat-lue": regle("meme_lien").marque}
        assert poste.post(f"{LISTE}{une.pk}/", donnees).status_code == 302
        assert regle("meme_lien").actif is actif
        assert (une.raison in texte(client.get("/transparence/").text)) is actif


def test_les_regles_sont_fermees_aux_autres(client):
    client.force_login(personne())
    for chemin in (LISTE, f"{LISTE}{regle().pk}/"):
        assert client.get(chemin).status_code == 403
    assert client.post(f"{LISTE}{regle().pk}/", saisie(regle(), seuil="2")).status_code == 403
