"""The note for a council: what it says, what one keeps of it, and its files."""

import re
from io import BytesIO

import pytest
from docx import Document
from pikepdf import Dictionary, Pdf

from territoires.models import Territoire
from tests.balisage import texte
from tests.factories import constat, contact, fiche_action, fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db
ADRESSE = "/territoires/commune/76231/note/"
POPULATION = {"population": 15_000, "population_annee": 2023, "population_source": "Insee"}
HOSTILE = '#import "/etc/passwd": * <b>&amp; *gras* $x$ \\ [^1]'


@pytest.fixture(autouse=True)
def elbeuf():
    region = territoire("region", "28", "Normandie")
    metropole = territoire("epci", "200023414", "Métropole Rouen Normandie", dans=[region])
    elbeuf = territoire("commune", "76231", "Elbeuf", dans=[metropole, region], **POPULATION)
    for slug, titre, sigle in (("cls", "Contrat local de santé", "CLS"), ("clsm", "Conseil local", "CLSM")):
        fiche_dispositif(slug=slug, titre=titre, sigle=sigle)
    fiche_locale(
        titre="CLS de la métropole", dispositif="cls", sur=[metropole], debut="2023", fin="2028-06",
        constats=[constat("signe", "2023-07-03")],
    )  # fmt: skip
    contact(region, organisme="ARS Normandie", telephone="02 32 18 31 65")
    return elbeuf


def lire(client, **choix) -> str:
    return texte(client.get(ADRESSE, choix).text.partition("<article")[2].partition("</article>")[0])


def imprime(client, **choix) -> str:
    """What the DOCX says: its paragraphs, of which one makes the PDF too."""
    document = Document(BytesIO(client.get(ADRESSE, choix | {"format": "docx"}).content))
    return texte(" ".join(p.text for p in document.paragraphs))


def test_elle_dit_ce_qui_couvre_par_ou_depuis_quand_et_qui_le_dit(client):
    dit = lire(client)
    assert "CLS de la métropole : via Métropole Rouen Normandie, depuis 2023, jusqu’à juin 2028" in dit
    assert "vu le 3 juillet 2023. [1]" in dit and "Observatoire, Rapport d’essai, 29 mars 2022" in dit


def test_elle_commence_par_l_essentiel(client):
    debut = lire(client).partition("Ce qui nous couvre")[0]
    assert "En vigueur aujourd’hui : Contrat local de santé (CLS)." in debut
    assert "On ne sait pas encore : Conseil local (CLSM)." in debut


def test_ce_qui_a_vieilli_devient_une_question(client, elbeuf):
    fiche_locale(titre="CLSM d’Elbeuf", dispositif="clsm", sur=[elbeuf], constats=[constat("actif", "2016-04")])
    assert "CLSM d’Elbeuf : toujours actif ? Dernière trace en avril 2016." in lire(client)


def test_ce_qui_n_est_connu_qu_en_partie_ne_couvre_pas_le_reste(client):
    territoire("commune", "76217", "Dieppe", dans=[Territoire.objects.get(nature="region")])
    dit = texte(client.get("/territoires/region/28/note/").text)
    assert "Connu en partie (1)" in dit and "En vigueur aujourd’hui" not in dit


def test_elle_dit_ce_qu_ont_fait_des_villes_comparables(client):
    autre = territoire("commune", "54323", "Longwy", **POPULATION)
    fiche_action(titre="Fraîch’attitude", sur=[autre])
    assert "Longwy : même taille" in lire(client) and "« Fraîch’attitude »" in lire(client)


@pytest.mark.parametrize("action, titre", [(True, ", choisis parce qu’une action y est racontée"), (False, "")])
def test_elle_dit_comment_ces_villes_sont_choisies(client, action, titre):
    autre = territoire("commune", "54323", "Longwy", **POPULATION)
    if action:
        fiche_action(titre="Fraîch’attitude", sur=[autre])
    assert f"Des territoires comparables{titre} Longwy" in lire(client)
    assert f"Des territoires comparables{titre}" in imprime(client)


def test_elle_dit_qui_appeler(client):
    assert "À l’agence régionale de santé : ARS Normandie, 02 32 18 31 65" in lire(client)
    assert 'href="https://www.ars.sante.fr/">ARS Normandie</a>' in client.get(ADRESSE).text


def test_imprimee_elle_garde_l_adresse_de_qui_appeler(client, elbeuf):
    contact(elbeuf, fonction="ville", organisme="Ville", url="https://elbeuf.exemple.fr/sante")
    dit = imprime(client)
    assert "ARS Normandie, 02 32 18 31 65, https://www.ars.sante.fr/" in dit
    assert "Ville, https://elbeuf.exemple.fr/sante" in dit


@pytest.mark.parametrize(
    "bloc, dit",
    [
        ("echeances", "Rien, à notre connaissance, ne finit dans l’année."),
        ("villes", "Nous ne connaissons pas de territoire comparable."),
        ("aussi", "Rien d’autre, à notre connaissance, n’est en vigueur sur tout le territoire."),
    ],
)
def test_une_partie_demandee_qui_n_a_rien_a_dire_le_dit(client, bloc, dit):
    assert dit in lire(client, bloc=bloc) and dit in imprime(client, bloc=bloc)


@pytest.mark.parametrize(
    "debut, fin, dit",
    [
        ("2024-01-08", "2028-12-31", "depuis le 8 janvier 2024, jusqu’au 31 décembre 2028"),
        ("2024-03-01", "2028-06", "depuis le 1er mars 2024, jusqu’à juin 2028"),
        ("2024-03", "2028", "depuis mars 2024, jusqu’en 2028"),
    ],
)
def test_ses_dates_se_disent_en_francais(client, elbeuf, debut, fin, dit):
    fiche_locale(titre="Le sien", dispositif="clsm", sur=[elbeuf], debut=debut, fin=fin)
    assert dit in lire(client)


def test_sa_cle_a_les_mots_de_ses_lignes(client, elbeuf):
    fiche_locale(titre="Le vieux", dispositif="clsm", sur=[elbeuf], fin="2023", constats=[constat("signe", "2020")])
    dit, _, cle = lire(client).partition("Comment lire les états")
    assert "Terme passé en 2023" in dit and "Terme passé : " in cle
    assert "En vigueur" in dit and "En vigueur : une fin à venir" in cle and "ouvert :" not in dit + cle


def test_on_n_en_garde_que_ce_qu_on_coche(client):
    dit = lire(client, bloc="contacts", ligne="Avant le vote du budget.")
    assert "Qui appeler" in dit and "Ce qui nous couvre" not in dit and "Avant le vote du budget." in dit


def test_les_fichiers_gardent_le_choix_de_l_adresse(client):
    page = client.get(ADRESSE, {"bloc": "contacts", "ligne": "Budget"}).text
    for forme in ("pdf", "docx"):  # in the form: what was ticked or typed since goes with it
        assert f'name="format" value="{forme}"' in page.partition("<form")[2].partition("</form>")[0]


@pytest.mark.parametrize(
    "choix, phrase",
    [
        ({"bloc": "zut"}, "La note n’a pas de partie « zut »."),
        ({"ligne": "a" * 401}, "400 caractères"),
        ({"ligne": "a\u202eb"}, "sens de lecture"),
    ],
)
def test_un_choix_impossible_se_dit_et_garde_ce_qu_on_a_ecrit(client, choix, phrase):
    for forme in ({}, {"format": "pdf"}):
        reponse = client.get(ADRESSE, choix | forme)
        assert reponse.status_code == 400 and phrase in texte(reponse.text)
        assert choix.get("ligne", "") in reponse.text


def test_un_territoire_qui_n_est_plus_n_en_a_pas(client):
    territoire("commune", "76999", "Ancienne", fin="2025-01-01")
    assert client.get("/territoires/commune/76999/note/").status_code == 404


def test_onze_requetes_au_plus(client, elbeuf, django_assert_max_num_queries):
    for _ in range(5):
        fiche_locale(sur=[elbeuf])
        fiche_action(sur=[elbeuf])
    with django_assert_max_num_queries(11):
        client.get(ADRESSE)


def test_le_pdf_est_balise_en_francais_et_ses_tableaux_ont_des_entetes(client):
    reponse = client.get(ADRESSE, {"format": "pdf"})
    assert reponse["Content-Type"] == "application/pdf" and "note-commune-76231.pdf" in reponse["Content-Disposition"]
    with Pdf.open(BytesIO(reponse.content)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("fr-FR", True)
        assert "<pdfuaid:part>1" in pdf.Root.Metadata.read_bytes().decode()
        balises = [str(objet.S) for objet in pdf.objects if isinstance(objet, Dictionary) and "/S" in objet]
        assert balises.count("/TH") == 3 and {"/H1", "/H2", "/L"} <= {*balises}


def test_le_docx_a_de_vrais_titres_et_se_dit_en_francais(client):
    document = Document(BytesIO(client.get(ADRESSE, {"format": "docx"}).content))
    titres = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert titres[:2] == ["Note sur la santé\u00a0: Elbeuf", "Ce qui nous couvre"]
    assert 'w:lang w:val="fr-FR"' in document.styles["Normal"].element.xml
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml


@pytest.mark.parametrize("forme", ["pdf", "docx", ""])
def test_un_texte_hostile_reste_un_texte(client, forme):
    fiche_locale(titre=f"Titre {HOSTILE}", dispositif="clsm", sur=[territoire()])
    reponse = client.get(ADRESSE, {"format": forme, "ligne": HOSTILE})
    assert reponse.status_code == 200
    if forme == "docx":
        assert HOSTILE in [p.text for p in Document(BytesIO(reponse.content)).paragraphs]
    elif not forme:
        assert not re.search("<b>&amp; ", reponse.text)


@pytest.mark.parametrize(
    "ligne", ["Merci à tous 😀", "漢字 한", "a\x01b\x1bc\x0c", "\ufffe\uffff\U000f0000", "ا ש ไทย"]
)
@pytest.mark.parametrize("forme", ["pdf", "docx"])
def test_un_signe_qu_on_ne_sait_pas_imprimer_n_empeche_pas_le_fichier(client, forme, ligne):
    assert client.get(ADRESSE, {"format": forme, "ligne": ligne}).status_code == 200
