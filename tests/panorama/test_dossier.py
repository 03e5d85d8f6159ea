"""The dossier: what it holds, what its address may ask, and its files."""

import re
from datetime import timedelta
from io import BytesIO
from itertools import islice, permutations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from fiches import edition
from fiches.models import Fiche
from panorama import tirages
from panorama.impression import FORMATS
from panorama.models import Tirage
from tests.balisage import texte
from tests.factories import (
    SOURCE,
    constat,
    fiche_action,
    fiche_dispositif,
    fiche_locale,
    masquer,
    publier,
    territoire,
)
from tests.pdf import elements, en_a4, verifier_l_acces

pytestmark = pytest.mark.django_db
HOSTILE = '#import "/etc/passwd": * <b>&amp; *gras* $x$ \\ [^1]'
CLSM = "dispositifs/clsm"


@pytest.fixture
def clsm():
    return fiche_dispositif(slug="clsm", titre="Conseil local de santé mentale", sigle="CLSM")


def adresse(*fiches: str, **reste: str) -> str:
    return "/dossier/?" + "&".join([f"f={fiche}" for fiche in fiches] + [f"{n}={v}" for n, v in reste.items()])


def longue(nombre: int = 6) -> list[str]:
    """Make so many fiches; return what designates them."""
    for n in range(nombre):
        fiche_dispositif(slug=f"d{n}", titre=f"Dispositif {n}")
    return [f"dispositifs/d{n}" for n in range(nombre)]


def imprime(client, *fiches: str) -> str:
    return texte(client.get(adresse(*fiches)).text.partition("<article")[2].partition("</article>")[0])


# What it holds.


def test_chaque_fiche_a_sa_version_sa_date_et_ses_sources(client, clsm):
    publier(clsm, sources=[{**SOURCE, "url": "https://exemple.fr/rapport"}])
    dit = imprime(client, CLSM)
    assert re.search(r"Dispositif, version 2 du \d+", dit) and "/dispositifs/clsm/versions/2/" in dit
    assert "Une démarche. [1]" in dit
    assert "Observatoire, Rapport d’essai, 29 mars 2022, https://exemple.fr/rapport" in dit


def test_il_reunit_les_trois_natures_dans_l_ordre_de_l_adresse(client, clsm):
    fiche_locale(slug="cls-elbeuf", titre="CLS d’Elbeuf", dispositif="clsm", constats=[constat("signe", "2023-07-03")])
    fiche_action(slug="bus", titre="Un bus", periode="2019-2022")
    dit = imprime(client, "actions/bus", CLSM, "dispositifs-locaux/cls-elbeuf")
    assert dit.index("Un bus") < dit.index("Conseil local") < dit.index("CLS d’Elbeuf")
    assert "Période : 2019-2022" in dit and "Signé, le 3 juillet 2023 [1]" in dit


def test_une_action_vue_il_y_a_longtemps_y_est_a_verifier(client):
    fiche_action(slug="bus", avancement="en_cours", vu_le="2020-03")
    assert "État de l’action : En cours, à vérifier" in imprime(client, "actions/bus")


def test_ce_que_personne_ne_sait_n_y_est_pas(client, clsm):
    assert "Qui le porte" not in imprime(client, CLSM) and "Missions" not in imprime(client, CLSM)


def test_on_y_ajoute_une_fiche_par_son_nom(client, clsm):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    page = client.get(adresse(CLSM, q="CLS")).text
    assert 'href="/dossier/?f=dispositifs/clsm&amp;f=dispositifs/cls"' in page


def test_on_en_retire_une_fiche(client, clsm):
    fiche_action(slug="bus")
    assert 'href="/dossier/?f=actions/bus"' in client.get(adresse(CLSM, "actions/bus")).text


def test_une_fiche_deux_fois_n_y_est_qu_une(client, clsm):
    assert "1 fiche sur 20" in texte(client.get(adresse(CLSM, CLSM, f"/{CLSM}/")).text)


# What its address may ask.


def test_sans_fiche_on_en_cherche(client):
    reponse = client.get("/dossier/")
    assert reponse.status_code == 200 and "Composer un dossier" in texte(reponse.text)


def test_un_fichier_sans_fiche_se_refuse(client):
    for page in ("/dossier/?format=pdf", "/dossier/?f=&format=docx"):
        reponse = client.get(page)
        assert reponse.status_code == 400 and "Ce dossier est vide" in texte(reponse.text)


@pytest.mark.parametrize(
    "inconnue",
    [
        "dispositifs/zut",
        "zut",
        "dispositifs/a%00b",
        "territoires/clsm",
        "%s" % ("a" * 500),
        "dispositifs/<b>",
        "../etc",
    ],
)
@pytest.mark.parametrize("forme", ["", "pdf"])
def test_une_fiche_inconnue_se_dit_et_les_autres_restent(client, clsm, inconnue, forme):
    reponse = client.get(adresse(CLSM, inconnue, format=forme))
    assert reponse.status_code == 400 and "Fiche inconnue" in texte(reponse.text)
    assert "Conseil local de santé mentale" in reponse.text and "<b>" not in reponse.text


def test_vingt_fiches_au_plus(client):
    fiches = longue(21)
    assert client.get(adresse(*fiches[:20])).status_code == 200
    reponse = client.get(adresse(*fiches))
    assert reponse.status_code == 400 and "20 fiches au plus" in texte(reponse.text)
    assert "Dispositif 19" in reponse.text and "Dispositif 20" not in reponse.text


@pytest.mark.parametrize("forme", ["", "pdf"])
def test_une_fiche_masquee_n_y_est_plus_et_son_titre_ne_se_dit_pas(client, clsm, forme):
    masquer(clsm)
    fiche_action(slug="bus")
    reponse = client.get(adresse(CLSM, "actions/bus", format=forme))
    assert reponse.status_code == 410 and "n’est plus publiée" in texte(reponse.text)
    assert "santé mentale" not in reponse.text and 'href="/dossier/?f=actions/bus"' in reponse.text


def test_une_fiche_reunie_a_une_autre_y_est_par_elle(client, clsm):
    autre = fiche_dispositif(slug="autre", titre="L’autre")
    edition.changer_etat(clsm, Fiche.Etat.ARCHIVEE, explication="La même.", remplacee_par=autre)
    reponse = client.get(adresse(CLSM, "dispositifs/autre"))
    assert reponse.status_code == 200 and "1 fiche sur 20" in texte(reponse.text)


def test_neuf_requetes_au_plus(client, django_assert_max_num_queries):
    fiches = [*longue(10), *(f"actions/{fiche_action().slug}" for _ in range(5))]
    with django_assert_max_num_queries(9):
        assert client.get(adresse(*fiches, q="dispositif")).status_code == 200


# Its files.


def test_le_pdf_est_balise_et_a_un_sommaire(client, clsm):
    fiche_action(slug="bus", titre="Un bus")
    reponse = client.get(adresse(CLSM, "actions/bus", format="pdf"))
    assert 'filename="dossier-2-fiches.pdf"' in reponse["Content-Disposition"]
    pdf = verifier_l_acces(reponse.content)
    assert en_a4(pdf) and {sorte: len([*elements(pdf, sorte)]) for sorte in ("H1", "H2")} == {"H1": 1, "H2": 2}
    assert [*elements(pdf, "TOC")] and [*elements(pdf, "H3")]


def test_les_sources_de_chaque_fiche_se_comptent_de_un_dans_le_docx(client, clsm):
    fiche_action(slug="bus", titre="Un bus")
    document = Document(BytesIO(client.get(adresse(CLSM, "actions/bus", format="docx")).content))
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 2"] == [
        "Conseil local de santé mentale (CLSM)", "Un bus"
    ]  # fmt: skip
    listes = {p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"}
    assert len(listes) == 2 and document.part.numbering_part.element.xml.count("startOverride") == 2


@pytest.mark.parametrize("forme", ["pdf", "docx", ""])
@pytest.mark.parametrize("ou", ["titre", "resume", "section", "source"])
def test_un_texte_hostile_reste_un_texte(client, forme, ou):
    valeurs = {
        "titre": {"titre": HOSTILE},
        "resume": {"resume": HOSTILE},
        "section": {"sections": {"description": HOSTILE}},
    }
    valeurs["source"] = {"sources": [{**SOURCE, "titre": HOSTILE}]}
    fiche_dispositif(slug="hostile", **valeurs[ou])
    reponse = client.get(adresse("dispositifs/hostile", format=forme))
    assert reponse.status_code == 200
    if not forme:
        assert "<b>" not in reponse.text.partition("<article")[2]


@pytest.mark.parametrize("signes", ["Merci à tous 😀", "漢字 한", "ا ש ไทย"])
@pytest.mark.parametrize("forme", ["pdf", "docx"])
def test_un_signe_qu_on_ne_sait_pas_imprimer_n_empeche_pas_le_fichier(client, forme, signes):
    fiche_dispositif(slug="signes", titre=signes, sections={"description": signes})
    assert client.get(adresse("dispositifs/signes", format=forme)).status_code == 200


def test_un_reseau_n_en_fait_que_soixante_par_heure(client, clsm, monkeypatch):
    monkeypatch.setitem(FORMATS, "pdf", lambda _: b"%PDF")
    territoire("commune", "76231", "Elbeuf")
    pages = [adresse(CLSM, format="pdf"), "/territoires/commune/76231/note/?bloc=contacts&format=pdf"] * 30
    assert {client.get(page).status_code for page in pages} == {200}
    for page in pages[:2]:
        refus = client.get(page)
        assert refus.status_code == 429 and refus["Retry-After"] and "Attendez une heure" in refus.text
        assert client.get(page.replace("&format=pdf", "")).status_code == 200
        assert Client(REMOTE_ADDR="192.0.2.7").get(page).status_code == 200


# A long one is made aside.


@pytest.fixture
def long_dossier():
    return longue(6)


def test_au_dela_de_cinq_fiches_le_fichier_est_fait_a_part(client, long_dossier, vider_la_file):
    demande = client.get(adresse(*long_dossier, format="pdf"))
    assert demande.status_code == 302 and demande["Location"].startswith("/dossier/preparation/?f=dispositifs/d0&")
    page = client.get(demande["Location"])
    assert page.status_code == 202 and "en préparation" in texte(page.text) and "prochain" in texte(page.text)
    assert vider_la_file() == []
    prete = client.get(demande["Location"])
    assert prete.status_code == 200 and "Télécharger le PDF" in texte(prete.text)
    fichier = client.get(adresse(*long_dossier, format="pdf"))
    assert fichier.status_code == 200 and fichier.content.startswith(b"%PDF")


def preparer(client, fiches: list[str], forme: str = "pdf"):
    return client.get("/dossier/preparation/?" + adresse(*fiches, format=forme).partition("?")[2])


def test_qui_demande_le_meme_a_le_meme_fichier(client, long_dossier):
    for qui in (client, Client(REMOTE_ADDR="192.0.2.7")):
        preparer(qui, long_dossier)
    assert Tirage.objects.count() == 1


def test_regarder_sans_lire_ne_demande_rien(client, long_dossier):
    adresse_de_la_page = client.get(adresse(*long_dossier, format="pdf"))["Location"]
    assert client.head(adresse_de_la_page).status_code == 202 and not Tirage.objects.exists()


def test_la_page_qui_dit_ou_il_en_est_ne_lit_pas_le_fichier(client, long_dossier, vider_la_file):
    preparer(client, long_dossier)
    vider_la_file()
    with CaptureQueriesContext(connection) as requetes:
        assert preparer(client, long_dossier).status_code == 200
    assert not [lue for lue in requetes.captured_queries if '"panorama_tirage"."contenu"' in lue["sql"]]


def test_une_publication_demande_un_autre_fichier(client, long_dossier, vider_la_file):
    preparer(client, long_dossier)
    vider_la_file()
    publier(Fiche.objects.get(slug="d0").comme_dispositif, titre="Nouveau titre")
    assert client.get(adresse(*long_dossier, format="pdf")).status_code == 302


def test_une_fiche_masquee_entre_temps_n_est_pas_dans_le_fichier(client, long_dossier, vider_la_file):
    preparer(client, long_dossier, "docx")
    masquer(Fiche.objects.get(slug="d3").comme_dispositif)
    assert vider_la_file() == []
    document = Document(BytesIO(bytes(Tirage.objects.get().contenu)))
    assert "Dispositif 3" not in [p.text for p in document.paragraphs]


def test_on_dit_combien_passent_avant(client, long_dossier):
    for place, attendu in enumerate(("C’est le prochain", "1 autre dossier passe", "2 autres dossiers passent")):
        page = preparer(client, [*long_dossier[place:], *long_dossier[:place]])
        assert attendu in texte(page.text)


def test_un_inconnu_ne_remplit_pas_la_file(client, long_dossier, monkeypatch):
    monkeypatch.setattr(tirages, "EN_ATTENTE_AU_PLUS", 1)
    preparer(client, long_dossier)
    refus = preparer(client, long_dossier[::-1])
    assert refus.status_code == 503 and refus["Retry-After"] and "attendent déjà" in texte(refus.text)
    assert Tirage.objects.count() == 1


def test_un_reseau_n_en_demande_que_vingt_par_heure(client, long_dossier):
    statuts = [preparer(client, fiches).status_code for fiches in islice(permutations(long_dossier), 21)]
    assert statuts == [202] * 20 + [429]


def test_les_fichiers_gardes_tiennent_dans_leur_place(client, long_dossier, vider_la_file, monkeypatch):
    monkeypatch.setattr("panorama.models.OCTETS_AU_PLUS", 1)
    preparer(client, long_dossier)
    vider_la_file()
    preparer(client, long_dossier[::-1])
    assert list(Tirage.objects.values_list("octets", flat=True)) == [0]


def test_un_fichier_ne_vit_qu_un_jour(client, long_dossier, vider_la_file):
    preparer(client, long_dossier)
    vider_la_file()
    assert not Tirage.objects.a_oublier().exists()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert Tirage.objects.a_oublier().count() == 1


def test_un_ouvrier_mort_n_empeche_pas_de_redemander(client, long_dossier, vider_la_file):
    preparer(client, long_dossier)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert preparer(client, long_dossier).status_code == 202
        vider_la_file()
        assert preparer(client, long_dossier).status_code == 200


def test_un_fichier_manque_se_dit_et_n_est_pas_refait_sans_fin(client, long_dossier, vider_la_file, monkeypatch):
    preparer(client, long_dossier)
    monkeypatch.setitem(FORMATS, "pdf", lambda _: 1 / 0)
    assert len(vider_la_file()) == 1
    for _ in range(2):
        assert "n’a pas pu être fait" in texte(preparer(client, long_dossier).text)
    assert Tirage.objects.count() == 1


def test_un_fichier_oublie_pendant_qu_on_le_fait_n_est_pas_un_echec(client, long_dossier, vider_la_file, monkeypatch):
    preparer(client, long_dossier)
    monkeypatch.setitem(FORMATS, "pdf", lambda _: Tirage.objects.all().delete() and b"%PDF")
    assert vider_la_file() == [] and not Tirage.objects.exists()


@pytest.mark.parametrize("suite, statut", [("", 200), ("f=zut&format=pdf", 400), ("f=dispositifs/d0&format=zut", 200)])
def test_une_preparation_impossible_est_la_page_du_dossier(client, suite, statut):
    longue(1)
    page = client.get(f"/dossier/preparation/?{suite}")
    assert page.status_code == statut and "Ajouter une fiche" in texte(page.text)
    assert not Tirage.objects.exists()


# Where one finds it.


def test_une_fiche_une_comparaison_et_une_note_y_menent(client, clsm):
    elbeuf = territoire("commune", "76231", "Elbeuf")
    fiche_locale(slug="clsm-elbeuf", dispositif="clsm", sur=[elbeuf])
    fiche_dispositif(slug="cls")
    menent = {
        "/dispositifs/clsm/": "?f=/dispositifs/clsm/",
        "/dispositifs/comparer/?d=clsm&d=cls": "?f=/dispositifs/clsm/&amp;f=/dispositifs/cls/",
        "/territoires/commune/76231/note/": "?f=dispositifs-locaux/clsm-elbeuf",
    }
    for page, suite in menent.items():
        assert f'href="/dossier/{suite}"' in client.get(page).text
    assert 'name="f" value="/dispositifs-locaux/clsm-elbeuf/" checked' in client.get("/dispositifs-locaux/").text
    assert client.get("/dossier/?f=/dispositifs/clsm/&f=/dispositifs/cls/").status_code == 200
