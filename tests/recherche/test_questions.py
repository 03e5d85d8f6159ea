"""A question asked as one speaks is answered first, by a card that leads to the section, the comparison, the steps."""

import re

import pytest

from fiches.models import Sigle
from recherche.demande import Demande, comprendre
from recherche.questions import Genre
from recherche.sujets import Sujets
from tests.balisage import texte
from tests.factories import fiche_dispositif, fiche_locale, masquer, territoire
from tests.recherche.lecture import lire

NOMS = {
    "clsm": "Conseil local de santé mentale (CLSM)",
    "cls": "Contrat local de santé (CLS)",
    "asv": "Atelier santé ville (ASV)",
    "contrat-de-ville": "Contrat de ville",
}
CONNUS = Sujets(NOMS, {"Médiateur santé": "asv"}, {"contrat santé": "contrat local de santé"})


def demande(saisie: str) -> Demande:
    return comprendre(saisie, CONNUS)


@pytest.mark.parametrize(
    "genre, saisies",
    [
        (Genre.MONTAGE, ["comment monter un X", "Comment on met en place un X ?", "mise en place d’un X", "monter un X",
                         "comment faire pour créer un X", "étapes pour monter un X", "X comment faire",
                         "comment met-on en place le X", "bonjour, comment monter un X svp"]),
        (Genre.FINANCEMENT, ["qui finance un X", "X qui finance", "par qui est financé un X", "financement X",
                             "comment financer un X ?", "subventions pour un X", "qui paie le X"]),
        (Genre.COUT, ["combien coûte un X", "combien ça coûte un X ?", "quel est le coût d'un X", "X combien ça coûte",
                      "budget d’un X", "quel budget pour un X"]),
        (Genre.DUREE, ["combien de temps dure un X", "quelle durée pour un X", "durée d'un X", "X quelle durée",
                       "un X dure combien de temps ?", "combien de temps pour monter un X"]),
        (Genre.DEFINITION, ["c'est quoi un X", "C’est quoi le X ?", "X c’est quoi ?", "X, c’est quoi", "c est quoi X",
                            "qu'est-ce qu'un X", "qu’est ce que le X", "X définition", "que veut dire X",
                            "qu'est-ce que c'est qu'un X", "c quoi un X"]),
        (Genre.UTILITE, ["à quoi sert un X", "un X à quoi ça sert", "pourquoi faire un X", "quel est le rôle d'un X",
                         "objectifs du X"]),
        (Genre.PORTEUR, ["qui porte un X", "qui peut porter un X ?", "X porté par qui", "porteur d’un X",
                         "qui signe le X", "qui s'occupe du X"]),
        (Genre.CONTACT, ["qui contacter pour un X", "à qui s’adresser pour monter un X", "contact X",
                         "X qui contacter ?", "qui appeler pour le X"]),
        (Genre.EVALUATION, ["comment évaluer un X", "évaluation d'un X"]),
        (Genre.FONCTIONNEMENT, ["comment fonctionne un X", "X comment ça marche"]),
        (Genre.DIFFERENCE, ["différence X"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "nom", ["CLS", "cls", "C.L.S.", "CLS2", "contrat local de santé", "contrats locaux de sante", "contrat santé"]
)
def test_chaque_tournure_est_comprise(genre, saisies, nom):
    for saisie in saisies:
        lue = demande(saisie.replace("X", nom))
        assert (lue.genre, [s.slug for s in lue.sujets]) == (genre, ["cls"]), saisie
        assert lue.mots == nom.rstrip(".")


@pytest.mark.parametrize(
    "saisie",
    [
        "différence entre ASV et CLS", "quelle est la différence entre un ASV et un CLS ?", "différence asv cls",
        "ASV ou CLS ?", "ASV vs CLS", "asv/cls", "en quoi un ASV est différent d’un CLS", "comparer ASV et CLS",
        "ateliers santé ville ou contrat local de santé", "choisir entre ASV et CLS",
    ],
)  # fmt: skip
def test_deux_dispositifs_se_comparent(saisie):
    lue = demande(saisie)
    assert (lue.genre, [s.slug for s in lue.sujets]) == (Genre.DIFFERENCE, ["asv", "cls"])
    assert " OU " in lue.mots


@pytest.mark.parametrize(
    "saisie",
    [
        "santé mentale",
        "jeunes ou adolescents",
        "durée du sommeil",
        "monter à cheval",
        "contact avec la nature",
        "",
        "?",
    ],
)
def test_ce_qui_n_interroge_sur_rien_de_connu_reste_des_mots(saisie):
    assert demande(saisie) == Demande(saisie, saisie)


@pytest.mark.parametrize(
    "saisie",
    [
        "y a-t-il un CLS", "est-ce qu’il y a un CLS ?", "quels sont les CLS", "Existe-t-il un CLS ?", "liste des CLS",
        "tous les CLS", "où trouver un CLS",
    ],
)  # fmt: skip
def test_demander_s_il_y_en_a_est_demander_le_dispositif(saisie):
    lue = demande(saisie)
    assert (lue.mots, [s.slug for s in lue.sujets], lue.genre) == ("CLS", ["cls"], None)


def test_les_mots_d_une_question_ne_sont_pas_cherches():
    assert demande("comment monter un jardin partagé").mots == "jardin partagé"


def test_un_texte_trop_long_n_est_pas_une_question():
    long = "comment monter un " + "x" * 200
    assert demande(long).mots == long


pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    clsm = {
        "description": "Un conseil.",
        "etapes": "1. Réunir l’élu et la psychiatrie.\n2. Délibérer.",
        "cout": "Un mi-temps de coordination.",
    }
    fiche_dispositif(slug="clsm", titre="Conseil local de santé mentale", sigle="CLSM", sections=clsm)
    cls = {"description": "Un contrat.", "objectif": "- moins d’inégalités ;\n- plus de prévention."}
    fiche_dispositif(
        slug="cls", titre="Contrat local de santé", sigle="CLS", sections=cls, duree_habituelle="5\u00a0ans",
        porteur_type="ARS et commune",
    )  # fmt: skip


def carte(client, q: str) -> str:
    html = lire(client, q=q).html
    assert 'class="encart reponse"' in html
    return html.partition('class="encart reponse"')[2].partition("</section>")[0]


def test_monter_mene_aux_etapes(client, base):
    reponse = carte(client, "comment monter un CLSM")
    assert "Réunir l’élu et la psychiatrie." in texte(reponse) and "<ol" in reponse
    assert 'href="/dispositifs/clsm/#etapes">Lire « Étapes pour le monter »'.replace(" »", "\xa0»").replace(
        "« ", "«\xa0"
    ) in reponse  # fmt: skip


@pytest.mark.parametrize(
    "q, dit, adresse",
    [
        ("qui finance un CLSM", "Un mi-temps de coordination.", "/dispositifs/clsm/#cout"),
        ("combien coûte un CLSM", "Un mi-temps de coordination.", "/dispositifs/clsm/#cout"),
        ("combien de temps dure un CLS", "Durée habituelle : 5 ans.", "/dispositifs/cls/"),
        ("c'est quoi un CLS", "Un contrat.", "/dispositifs/cls/#description"),
        ("à quoi sert un CLS", "plus de prévention", "/dispositifs/cls/#objectif"),
        ("qui porte un CLS", "Porteur habituel : ARS et commune.", "/dispositifs/cls/"),
        ("différence entre CLS et CLSM", "Contrat local de santé (CLS)", "/dispositifs/comparer/?d=cls&amp;d=clsm"),
    ],
)
def test_la_reponse_mene_ou_elle_est_entiere(client, base, q, dit, adresse):
    reponse = carte(client, q)
    assert dit in texte(reponse) and f'href="{adresse}"' in reponse


def test_ce_que_la_fiche_ne_dit_pas_est_a_dire(client, base):
    assert 'href="/dispositifs/cls/corriger/?section=cout"' in carte(client, "combien coûte un CLS")


def test_la_liste_est_celle_du_dispositif_et_le_champ_garde_la_question(client, base):
    page = lire(client, q="comment monter un CLSM")
    assert page.titres[0].startswith("Conseil local de santé mentale")
    assert 'value="comment monter un CLSM"' in page.html


def test_une_fiche_masquee_ne_repond_pas(client, base):
    masquer(
        fiche_dispositif(
            slug="secret",
            titre="Pacte discret",
            sigle="PDX",
            sections={"description": "Un pacte.", "cout": "Mille euros."},
        )
    )
    page = lire(client, q="combien coûte un PDX")
    assert "Mille euros" not in page.html and "encart reponse" not in page.html


def test_un_sigle_du_glossaire_est_defini(client, base):
    Sigle.objects.create(
        sigle="ARS", developpe="Agence régionale de santé", definition="Elle pilote la santé publique."
    )
    territoire("commune", "16019", "Ars", population=700, population_annee=2023, population_source="Insee")
    assert "Elle pilote la santé publique." in texte(carte(client, "c’est quoi l’ARS ?"))


def test_un_sigle_du_glossaire_seul_est_defini_avant_les_communes_de_son_nom(client, base):
    Sigle.objects.create(sigle="ARS", developpe="Agence régionale de santé", definition="Elle pilote.")
    territoire("commune", "16019", "Ars", population=700, population_annee=2023, population_source="Insee")
    for q in ("ARS", "ars"):
        assert (
            "Elle pilote." in texte(carte(client, q)) and "Vous cherchez un territoire" not in lire(client, q=q).texte
        )


def test_ici_on_repond_par_ce_qui_est_ici(client, base):
    habitee = {"population": 15_500, "population_annee": 2023, "population_source": "Insee"}
    elbeuf = territoire("commune", "76231", "Elbeuf", **habitee)
    fiche_locale(titre="CLS du val", dispositif="cls", sur=[elbeuf], porteur="Ville d’Elbeuf")
    for q in (
        "qui porte le CLS à Elbeuf",
        "CLS Elbeuf",
        "qui contacter à Elbeuf",
        "qui contacter pour un CLS à Elbeuf",
    ):
        assert "porté par Ville d’Elbeuf" in texte(carte(client, q)), q
    assert "Un contrat." in texte(carte(client, "c’est quoi un CLS à Elbeuf"))


@pytest.mark.parametrize("q", ["qui finance", "financements", "subventions", "qui finance à Elbeuf"])
def test_une_question_sur_aucun_dispositif_mene_a_ce_que_chacun_en_dit(client, q):
    territoire("commune", "76231", "Elbeuf", population=15_500, population_annee=2023, population_source="Insee")
    for slug, cout in (("asv", "La politique de la ville."), ("cls", "L’agence régionale."), ("gem", "")):
        fiche_dispositif(slug=slug, titre=f"Le {slug}", sections={"description": "Une démarche.", "cout": cout})
    masquer(fiche_dispositif(titre="Pacte discret", sections={"description": "Un pacte.", "cout": "Mille euros."}))
    fiche_locale(dispositif="cls")
    reponse = carte(client, q)
    assert "Les financements, dispositif par dispositif" in texte(reponse)
    assert re.findall(r'<li><a href="([^"]*)">', reponse) == ["/dispositifs/cls/#cout", "/dispositifs/asv/#cout"]
    assert "L’agence régionale." in texte(reponse) and "Pacte discret" not in reponse
