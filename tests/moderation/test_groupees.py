"""Decisions on several equal things: what is shown, what is done to each, what is left and said."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from contributions.models import Journal, Proposition, RegleDeFile
from contributions.verbes import annulation, propositions, recours
from courriels.models import Courriel
from dispositifs.models import Dispositif
from moderation import groupees
from moderation.file import Criteres, File
from moderation.groupees import Groupe, Sorte
from moderation.transparence import Tableau, lignes_mensuelles
from tests.contributions.recits import derniere, proposition
from tests.factories import SOURCE, fiche_dispositif, fiche_locale, moderateur, moderatrice, personne, publier, relu
from tests.moderation.test_html import valider
from tests.recherche.lecture import texte

pytestmark = pytest.mark.django_db
FAUTE, JUSTE = "La ville porte une politique de santee.[^1]", "La ville porte une politique de santé.[^1]"
PUB = "Meilleurs prix sur la pharmacie en ligne, livraison rapide et discrète"
RAISON = {"motif": "promotionnel", "explication": "De la publicité."}
RAPIDES = "/moderation/groupees/rapides/"


@pytest.fixture(autouse=True)
def regles():
    RegleDeFile.objects.filter(cle="fiable").update(seuil=1)
    RegleDeFile.objects.filter(cle__in=("meme_texte", "meme_lien")).update(seuil=2)


def fiable(nom: str = "camille"):
    auteur = personne(nom)
    une = proposition(fiche_dispositif(), auteur=auteur, cout="Vingt.")
    propositions.accepter(une, par=moderateur(), depot=1)
    return auteur


def petits(nombre: int, auteur=None) -> list[Proposition]:
    auteur = auteur or fiable()
    fiches = [fiche_dispositif(sections={"description": FAUTE}) for _ in range(nombre)]
    return [proposition(fiche, auteur=auteur, description=JUSTE) for fiche in fiches]


def remplacements(nombre: int) -> list[Proposition]:
    faites = []
    for n in range(nombre):
        fiche = fiche_dispositif(sources=[{**SOURCE, "url": "https://vieux.exemple/r"}])
        (source,) = derniere(fiche).contenu["sources"]
        sources = [{**source, "url": "https://neuf.exemple/r"}]
        faites.append(proposition(fiche, courriel=f"r{n}@exemple.fr", sources=sources))
    Proposition.objects.update(mise_a_part="", vague="")
    return faites


def vague(nombre: int) -> list[Proposition]:
    return [proposition(fiche_dispositif(), courriel=f"s{n}@exemple.fr", cout=PUB) for n in range(nombre)]


def cocher(unes: list[Proposition], depot: int = 1) -> list[str]:
    return [f"{une.pk}-{depot}" for une in unes]


def statuts(unes: list[Proposition]) -> set[str]:
    return {relu(une).statut for une in unes}


def adresse(sorte: Sorte, par=None) -> str:
    (groupe,) = groupees.groupes(par or moderatrice())[sorte]
    return groupe.adresse


def test_la_page_montre_chaque_groupe_et_chaque_chose_avec_ce_qu_elle_change(poste):
    petits(2)
    remplacements(2)
    vague(2)
    hub = poste.get("/moderation/groupees/")
    valider(hub)
    for sorte in Sorte:
        page = poste.get(adresse(sorte))
        valider(page)
        assert page.text.count('name="choisies"') == 2 and page.text.count("checked") == 2
    page = texte(poste.get(RAPIDES).text)
    assert "santee" in page and "1 envoi accepté en 365 jours" in page


def test_accepter_ensemble_donne_a_chacune_sa_version_sa_ligne_et_son_courriel(poste):
    unes = petits(3)
    avant = Journal.objects.count()
    page = poste.post(RAPIDES, {"verbe": "accepter", "choisies": cocher(unes)}, follow=True)
    assert "3 propositions acceptées" in texte(page.text) and statuts(unes) == {"acceptee"}
    lignes = Journal.objects.order_by("pk")[avant:]
    assert [(ligne.verbe, ligne.qui) for ligne in lignes] == [("accepter", moderatrice())] * 3
    assert {relu(une).version.contenu["sections"]["description"] for une in unes} == {JUSTE}
    objets = [c.objet for c in Courriel.objects.filter(envoye_le=None) if "acceptée" in c.objet]
    assert all(any(f"n° {une.pk} " in objet for objet in objets) for une in unes)


def test_ce_qui_n_est_pas_coche_reste_et_rien_de_coche_se_dit(poste):
    une, autre = petits(2)
    assert poste.post(RAPIDES, {"verbe": "accepter"}).status_code == 422
    poste.post(RAPIDES, {"verbe": "accepter", "choisies": cocher([une])})
    assert statuts([une]) == {"acceptee"} and statuts([autre]) == {"soumise"}


def test_ce_qui_a_change_est_laisse_avec_sa_raison_et_le_reste_est_fait(poste):
    auteur = fiable()
    changee, decidee, prise, bonne = unes = petits(4, auteur)
    cochees = cocher(unes)
    propositions.deposer(
        changee, base=changee.base, changements={"section-description": JUSTE + " Et plus."}, pourquoi="Mieux"
    )
    propositions.ecarter(decidee, par=moderateur(), depot=1, **RAISON)
    RegleDeFile.objects.filter(cle="fiable").update(seuil=1)
    Proposition.objects.filter(pk=decidee.pk).update(auteur=personne("autre"))  # a refusal of hers would close the lane
    propositions.prendre(prise, par=moderateur())
    page = poste.post(RAPIDES, {"verbe": "accepter", "choisies": cochees})
    lue = texte(page.text)
    assert page.status_code == 409 and "1 proposition acceptée" in lue and "3 sont laissées" in lue
    assert "L’auteur a changé son texte" in lue and "a déjà été décidée : écartée par Moderateur" in lue
    assert statuts([bonne]) == {"acceptee"} and statuts([changee, prise]) == {"soumise", "en_examen"}
    valider(page)


def test_rien_d_autre_que_le_groupe_ne_s_accepte_ainsi(poste):
    petits(1)
    autre = proposition(fiche_dispositif(), cout="Dix.")
    page = poste.post(RAPIDES, {"verbe": "accepter", "choisies": [*cocher([autre]), "999999999999999-1"]})
    assert page.status_code == 409 and statuts([autre]) == {"soumise"}
    for faux in ("", "x", "1", "0-1", "1-1-1", "-1-1", "9" * 30 + "-1", "١-١"):
        assert poste.post(RAPIDES, {"verbe": "accepter", "choisies": [faux]}).status_code == 422
    assert poste.post(RAPIDES, {"verbe": "ecarter", "choisies": cocher([autre])}).status_code == 400
    for nom in ("rien", "rapides2", "sources", "sources-0", "indesirables", "indesirables-fiable-x"):
        assert poste.get(f"/moderation/groupees/{nom}/").status_code in (200, 404)


def test_personne_n_accepte_les_siennes(poste):
    unes = petits(2, fiable("moderatrice"))
    assert "Rien n’attend plus ici" in poste.get(RAPIDES).text
    poste.post(RAPIDES, {"verbe": "accepter", "choisies": cocher(unes)})
    assert statuts(unes) == {"soumise"}


def test_un_conflit_se_lit_a_part(poste):
    (une,) = petits(1)
    publier(
        Dispositif.objects.get(pk=une.fiche_id), sections={"description": FAUTE.replace("santee", "la santé publique")}
    )
    page = poste.get(RAPIDES)
    assert "a changé au même endroit" in page.text and 'name="choisies"' not in page.text
    page = poste.post(RAPIDES, {"verbe": "accepter", "choisies": cocher([une])})
    assert page.status_code == 409 and statuts([une]) == {"soumise"}


def test_on_en_decide_un_nombre_borne_et_la_page_le_dit(poste, monkeypatch):
    monkeypatch.setattr("moderation.groupees.BORNE", 2)
    monkeypatch.setattr("moderation.views.groupees.BORNE", 2)
    monkeypatch.setattr("moderation.forms.groupees.BORNE", 2)
    unes = petits(3)
    page = poste.get(RAPIDES)
    assert "Voici les 2 plus anciennes sur 3" in texte(page.text) and page.text.count('name="choisies"') == 2
    page = poste.post(RAPIDES, {"verbe": "accepter", "choisies": cocher(unes)})
    assert page.status_code == 422 and "Pas plus de 2 à la fois" in texte(page.text)


def test_le_meme_remplacement_de_source_s_accepte_sur_toutes_les_fiches(poste):
    unes = remplacements(3)
    autre = remplacements(1)[0]
    propositions.deposer(
        autre, base=autre.base, changements={"section-cout": "Dix."}, pourquoi="Autre chose, finalement"
    )
    ou = adresse(Sorte.SOURCES)
    poste.post(ou, {"verbe": "accepter", "choisies": cocher(unes)})
    assert statuts(unes) == {"acceptee"} and statuts([autre]) == {"soumise"}
    assert {relu(une).version.contenu["sources"][0]["url"] for une in unes} == {"https://neuf.exemple/r"}


def test_ecarter_des_indesirables_dit_le_motif_a_chacun_qui_peut_contester(poste):
    unes = vague(3)
    ou = adresse(Sorte.INDESIRABLES)
    page = poste.post(ou, {"verbe": "ecarter", "choisies": cocher(unes), "motif": "promotionnel", "explication": " "})
    assert page.status_code == 422 and statuts(unes) == {"soumise"} and page.text.count("checked") == 3
    poste.post(ou, {"verbe": "ecarter", "choisies": cocher(unes), **RAISON})
    assert statuts(unes) == {"ecartee"}
    for une in unes:
        courriel = Courriel.objects.get(destinataire=une.courriel, objet__contains="écartée")
        assert "De la publicité." in courriel.corps and "contester" in courriel.corps
        assert "Une règle publique l’avait mise à part" in texte(courriel.corps)
    assert "Une règle publique l’avait mise à part" in texte(poste.get(unes[0].get_absolute_url()).text)
    conteste = recours.contester(relu(unes[0]), texte="C’est vrai.")
    recours.infirmer(conteste, par=moderateur(), explication="En effet.")
    assert (relu(unes[0]).statut, relu(unes[0]).mise_a_part) == ("soumise", "")


def test_rendre_a_la_file_garde_les_propositions_et_le_motif_tape(poste):
    unes = vague(3)
    ou = adresse(Sorte.INDESIRABLES)
    page = poste.post(ou, {"verbe": "disculper", "motif": "inexact", "explication": "Ma phrase."})
    assert page.status_code == 422 and "Ma phrase." in page.text
    poste.post(ou, {"verbe": "disculper", "choisies": cocher(unes[:2])})
    assert [relu(une).mise_a_part for une in unes] == ["", "", "meme_texte"] and statuts(unes) == {"soumise"}
    assert Tableau().notes["a_part"] == 3 and Tableau().notes["disculpees"] == 2


def test_l_examen_dit_qu_une_regle_l_a_mise_a_part_et_la_rend_en_un_clic(poste):
    une, autre = vague(2)
    examen = f"/moderation/propositions/{une.pk}/"
    page = poste.get(examen)
    valider(page)
    assert "Mise à part : même texte" in texte(page.text)
    poste.post(examen, {"verbe": "disculper"})
    assert relu(une).mise_a_part == "" and relu(autre).mise_a_part == "meme_texte"
    assert "Ce n’est pas un indésirable" not in poste.get(examen).text


def test_la_file_a_une_voie_pour_chacun_et_les_indesirables_ne_sont_dans_aucune_autre(poste):
    rapides, indesirables = petits(2), vague(3)
    file = File(moderatrice(), Criteres())
    comptes = {voie: compte.nombre for voie, compte in file.comptes.items() if compte.nombre}
    assert comptes == {"": 2, "rapides": 2, "propositions": 2, "indesirables": 3}
    Proposition.objects.filter(pk=indesirables[0].pk).update(deposee_le=timezone.now() - timedelta(days=30))
    page = texte(poste.get("/moderation/?voie=indesirables").text)
    assert page.count("Mise à part : même texte") == 3 and "Indésirables 3 1 en retard" in page
    assert "Lire et décider ensemble" in page and "Mise à part" not in texte(poste.get("/moderation/").text)
    page = poste.get("/moderation/?voie=rapides").text
    assert all(f"n° {une.pk}" in page for une in rapides)


def test_chacune_s_annule_seule(poste):
    unes = petits(3)
    poste.post(RAPIDES, {"verbe": "accepter", "choisies": cocher(unes)})
    hub = poste.get("/moderation/groupees/").text
    assert len(re.findall('value="annuler"', hub)) == 3
    poste.post(f"/moderation/propositions/{unes[1].pk}/", {"verbe": "annuler"})
    assert [relu(une).statut for une in unes] == ["acceptee", "soumise", "acceptee"]
    assert [a.pk for a in annulation.annulables(moderatrice())] == [unes[2].pk, unes[0].pk]


def test_decider_une_par_une_ou_ensemble_donne_les_memes_chiffres():
    rapides, memes, indesirables = petits(6), remplacements(6), vague(7)
    cles = {sorte: Groupe.lire(adresse(sorte).split("/")[-2]) for sorte in Sorte}
    par = moderatrice()

    def une_par_une() -> None:
        for une in [*rapides, *memes]:
            propositions.accepter(une, par=par, depot=1)
        for une in indesirables:
            propositions.ecarter(une, par=par, depot=1, **RAISON)

    def ensemble() -> None:
        for sorte, verbe, unes, raison in (
            (Sorte.RAPIDES, "accepter", rapides, {}),
            (Sorte.SOURCES, "accepter", memes, {}),
            (Sorte.INDESIRABLES, "ecarter", indesirables, RAISON),
        ):
            bilan = groupees.decider(cles[sorte], verbe, [(une.pk, 1) for une in unes], par=par, **raison)
            assert len(bilan.faites) == len(unes) and not bilan.laissees

    def chiffres(faire) -> tuple:
        with transaction.atomic():
            faire()
            annulation.annuler(relu(rapides[0]), par=par)
            tableau = Tableau()
            attente = {genre: attend["nombre"] for genre, attend in tableau.attente.items()}
            mensuelles = [ligne[:5] for ligne in lignes_mensuelles()]
            courriels = sorted(Courriel.objects.values_list("destinataire", "objet"))
            journal = sorted(Journal.objects.values_list("verbe", "de", "vers", "motif", "proposition", "qui"))
            vus = (tableau.propositions, tableau.notes, attente, mensuelles, courriels, journal)
            transaction.set_rollback(True)
        return vus

    assert chiffres(une_par_une) == chiffres(ensemble)


def test_les_decisions_groupees_sont_fermees_aux_autres(client):
    unes = petits(1)
    client.force_login(personne())
    assert client.get("/moderation/groupees/").status_code == client.get(RAPIDES).status_code == 403
    assert client.post(RAPIDES, {"verbe": "accepter", "choisies": cocher(unes)}).status_code == 403
    assert statuts(unes) == {"soumise"}


def test_la_liste_des_groupes_coute_autant_de_requetes_qu_ils_soient_un_ou_dix(poste, django_assert_max_num_queries):
    for numero in range(10):
        une = proposition(fiche_locale(titre=f"CLS {numero}"), porteur="Agglomération")
        Proposition.objects.filter(pk=une.pk).update(mise_a_part="meme_lien", vague=f"v{numero}")
    with django_assert_max_num_queries(14):
        page = poste.get("/moderation/groupees/")
    assert len(page.context["groupes"]["indesirables"]) == 10
