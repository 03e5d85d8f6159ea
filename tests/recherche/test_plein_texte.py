import pytest
from django.db import connection
from django.utils import timezone

from fiches.models import Fiche, Sigle
from recherche.catalogue import Catalogue
from recherche.plein_texte import classer, interpreter
from tests.factories import fiche_action, fiche_dispositif
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


def agir(texte: str, **brut):
    return fiche_action(sections={"deroule": texte}, **brut)


@pytest.mark.parametrize(
    "recherche, texte",
    [
        ("precarite", "Lutter contre la précarité."),
        ("coordonnateur", "Deux coordonnateurs et une coordonnatrice."),
        ("coordonnatrices", "Une coordonnatrice."),
        ("hopital epernay", "L’hôpital d’Épernay."),
        ("l'hôpital", "Un hôpital."),
        ("l’hôpital", "Un hôpital."),
        ("oeuvre", "La mise en œuvre."),
        ("œuvre", "La mise en oeuvre."),
        ("vandoeuvre", "À Vandœuvre-lès-Nancy."),
        ("chateau thierry", "À Château-Thierry."),
        ("château-thierry", "Le château Thierry."),
        ("Château-Thierry", "À Château-Thierry."),
        ("accès à la santé", "Accès santé."),
        ("les soins", "Un soin."),
        ("Quelles sont les aides", "Une aide."),
        ("cette ville et ses élus", "Une ville, un élu."),
        ('"maison de santé"', "La maison de santé ouvre."),
        ('"maison de santé" -valenciennes', "La maison de santé de Lens."),
        ("maison -hôpital", "La maison de santé ouvre."),
        ("lens OU lille", "À Lille."),
    ],
)
def test_la_recherche_trouve(client, recherche, texte):
    agir(texte, titre="Trouvée")
    assert lire(client, q=recherche).titres == ["Trouvée"]


@pytest.mark.parametrize(
    "recherche, texte",
    [
        ('"maison de santé"', "La santé à la maison."),
        ('"maison de santé" -valenciennes', "La maison de santé de Valenciennes."),
        ("maison -château-thierry", "La maison de santé de Château-Thierry."),
        ("lens -lille", "À Lille."),
        ("", ""),
    ],
)
def test_la_recherche_ecarte(client, recherche, texte):
    agir(texte or "Rien.", titre="Écartée")
    assert lire(client, q=recherche or "absent").titres == []


def test_un_sigle_vaut_ses_mots_et_ses_mots_le_sigle(client):
    fiche_dispositif(slug="clsm", titre="Conseil local de santé mentale", sigle="CLSM", autres_noms=["Conseil psy"])
    agir("Le CLSM se réunit.", titre="Sigle")
    agir("Le conseil local de santé mentale se réunit.", titre="Mots")
    agir("Le conseil psy se réunit.", titre="Autre nom")
    agir("Un conseil, une santé, un local, mentale.", titre="Dispersés")
    premier, *autres = lire(client, q="clsm").titres
    assert premier == "Conseil local de santé mentale (CLSM)" and set(autres) == {"Autre nom", "Mots", "Sigle"}
    assert {"Sigle", "Mots"} < set(lire(client, q="conseils locaux de santé mentale").titres)
    assert {"Sigle", "Mots"} < set(lire(client, q='"conseil local de santé mentale"').titres)
    assert lire(client, q="clsm réunit -psy").titres == ["Mots", "Sigle"]


def test_un_sigle_du_glossaire_aussi(client):
    Sigle.objects.create(sigle="ARS", developpe="Agence régionale de santé", definition="Pilote.")
    agir("Avec l’agence régionale de santé.", titre="Mots")
    agir("Avec l’ARS.", titre="Sigle")
    assert lire(client, q="ars").titres == lire(client, q="agence régionale de santé").titres == ["Mots", "Sigle"]


def test_un_mot_qui_ressemble_a_un_sigle_n_en_est_pas_un(client):
    Sigle.objects.create(sigle="PASS", developpe="Permanence d’accès aux soins de santé", definition="Soigne.")
    agir("La permanence d’accès aux soins de santé.", titre="Permanence")
    agir("Le temps passe.", titre="Temps")
    assert lire(client, q="passé").titres == ["Temps"]


def test_le_nom_compte_plus_que_le_resume_et_le_resume_plus_que_le_texte(client):
    agir("Le logement, encore le logement.", titre="Texte")
    fiche_action(titre="Résumé", resume="Le logement.")
    fiche_action(titre="Logement")
    assert lire(client, q="logement").titres == ["Logement", "Résumé", "Texte"]


def test_au_dela_d_un_nombre_borne_le_reste_suit_sans_etre_classe(client, monkeypatch):
    monkeypatch.setattr("recherche.plein_texte.CLASSEES", 2)
    fiche_action(titre="Sport")
    for n in range(3):
        agir("Le sport.", titre=f"Texte {n}")
    requete = interpreter("sport")
    fiches = classer(Fiche.objects.filter(requete.condition), requete, 4)
    assert [f.titre for f in fiches.order_by("-rang", "titre")] == ["Sport", "Texte 2", "Texte 0", "Texte 1"]
    assert sorted(f.rang > 0 for f in fiches) == [False, False, True, True]


def test_les_premieres_pages_ne_lisent_que_les_classees(client, monkeypatch):
    monkeypatch.setattr("recherche.plein_texte.CLASSEES", 4)
    fiche_action(titre="Sport")
    for n in range(5):
        agir("Le sport.", titre=f"Texte {n}")
    requete = interpreter("sport")
    toutes = Fiche.objects.filter(requete.condition)
    entieres = [f.titre for f in classer(toutes, requete, 6).order_by("-rang", "titre")]
    assert [f.titre for f in classer(toutes, requete, 6, jusqu_a=2).order_by("-rang", "titre")[:2]] == entieres[:2]


def test_la_section_trouvee_est_nommee_et_les_mots_marques(client):
    agir("Des ateliers sur la précarité énergétique.[^1]", resume="Agir ensemble.")
    page = lire(client, q="precarite energetique")
    assert page.extraits == ["Déroulé : Des ateliers sur la précarité énergétique."]
    assert page.marques == ["précarité énergétique"]


def test_un_long_passage_est_coupe_autour_des_mots(client):
    agir(f"{'Avant. ' * 80} Le trampoline. {'Après. ' * 80}")
    (extrait,) = lire(client, q="trampoline").extraits
    assert extrait.startswith("Déroulé : … ") and extrait.endswith(" …") and len(extrait) < 300


def test_le_resume_est_marque_a_sa_place(client):
    fiche_action(resume="Agir sur le logement.")
    page = lire(client, q="logements")
    assert "Agir sur le <mark>logement</mark>." in page.html and page.extraits == []


def test_ce_qui_ressemble_a_du_html_n_en_devient_pas(client):
    agir("Écrire `<script>alert(1)</script>` et «\u00a0a < b\u00a0» & logement.", resume="Un <b>résumé</b>.")
    page = lire(client, q="logement")
    assert "<script>" not in page.html and "<b>" not in page.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; et «\u00a0a &lt; b\u00a0» &amp; <mark>logement</mark>" in page.html
    page = lire(client, q="résumé")
    assert "<b>" not in page.html and "Un &lt;b&gt;<mark>résumé</mark>&lt;/b&gt;." in page.html


def test_ce_qu_on_cherche_est_echappe_partout(client):
    page = lire(client, q='"><script>alert(1)</script>')
    assert page.statut == 200 and "<script>alert" not in page.html


@pytest.mark.parametrize(
    "q",
    [
        *("'", '"', "-", '"-" -"', "a & | ! (", "\\", "''", "%", "<->", ":*", "\u200b", "🙂", "-seul"),
        *("-a " * 66, "- " * 99, "-" * 199, "-à -" * 49),
    ],
)
def test_aucune_saisie_ne_casse_la_page(client, q):
    agir("L’eau.", titre="Eau")
    assert lire(client, q=q).statut == 200


@pytest.mark.parametrize("recherche", ["de la", "les", "Quels sont les"])
def test_des_mots_partout_presents_sont_signales(client, recherche):
    agir("De la eau.", titre="Eau")
    page = lire(client, q=recherche)
    assert page.titres == [] and "ajoutez un mot plus précis" in page.texte


@pytest.mark.parametrize("nature", [None, "action"])
def test_la_recherche_lit_son_index(nature, rf):
    publiees = {"etat": Fiche.Etat.PUBLIEE, "numero": 1, "publiee_le": timezone.now(), "nature": "action"}
    Fiche.objects.bulk_create(Fiche(slug=str(n), titre=f"Fiche {n}", **publiees) for n in range(2000))
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE fiches_fiche")
    catalogue = Catalogue(rf.get("/", {"q": "logement"}).GET, chemin="/", nature=nature)
    assert "Bitmap Index Scan on fiche_recherche" in catalogue.filtres.qs.explain()
    assert "Bitmap Index Scan on fiche_recherche" in catalogue.filtres.trouvees.explain()


def test_ce_qu_est_un_dispositif_vient_avant_les_actions_qui_en_portent_le_nom(client):
    """« Aller vers » begins the summary of a kind of scheme; actions have both words, apart."""
    fiche_action(titre="Aller vers les jeunes")
    fiche_action(titre="Vers les quartiers, aller ensemble")
    fiche_dispositif(titre="Médiation en santé", resume="« Aller vers » les habitants.")
    titres = ["Médiation en santé", "Aller vers les jeunes", "Vers les quartiers, aller ensemble"]
    assert lire(client, q="aller vers").titres == titres
