"""`manage.py importer_dispositifs_locaux`: the same reading, with nobody to answer: any doubt refuses the file."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dispositifs.models import DispositifLocal
from fiches.models import Version
from tests.contributions.tableau.classeurs import classeur
from tests.factories import fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db
ENTETE = (
    "type;nom;generation;statut;date_signature;date_debut;date_fin;porteur_siren;porteur_nom;echelle;territoires;"
    "url_source;date_verification"
)
ROUEN = "CLS;CLS de Rouen;1;actif;2024-01-15;;2029-01-14;;Ville de Rouen;commune;commune:76540;https://rouen.fr/cls;2026-03-01"
SUIVANT = ROUEN.replace(";1;", ";2;").replace("2024-01-15", "2026-02").replace("2029-01-14", "2031")


@pytest.fixture
def fichier(tmp_path):
    territoire("commune", "76540", "Rouen")
    territoire("commune", "76217", "Dieppe")
    fiche_dispositif(slug="cls", sigle="CLS", titre="Contrat local de santé")

    def ecrire(*lignes: str, octets: bytes = b"", entete: str = ENTETE) -> Path:
        chemin = tmp_path / "dispositifs.csv"
        chemin.write_bytes(octets or ("\ufeff" + "\r\n".join([entete, *lignes]) + "\r\n").encode())
        return chemin

    return ecrire


@pytest.fixture
def importer(capsys):
    def lancer(chemin: Path, *options: str) -> str:
        call_command("importer_dispositifs_locaux", str(chemin), *(options or ("--appliquer",)))
        return capsys.readouterr().out

    return lancer


def test_une_ligne_nouvelle_fait_une_fiche_sourcee(fichier, importer):
    assert "ligne 2 : nouvelle fiche « CLS de Rouen »" in importer(fichier(ROUEN))
    fiche = DispositifLocal.objects.get(slug="cls-ville-de-rouen")
    assert (fiche.porteur, fiche.fin, fiche.generation) == ("Ville de Rouen", "2029-01-14", 1)
    assert fiche.sources.get().url == "https://rouen.fr/cls"


def test_importer_deux_fois_ne_change_rien(fichier, importer):
    importer(fichier(ROUEN))
    avant = Version.objects.count()
    assert "Rien à changer" in importer(fichier(ROUEN))
    assert Version.objects.count() == avant


def test_seul_ce_qui_change_est_dit_et_le_texte_reste(fichier, importer):
    importer(fichier(ROUEN))
    assert "ligne 2 : change « CLS de Rouen », Fin" in importer(fichier(ROUEN.replace("2029-01-14", "31/12/2030")))
    fiche = DispositifLocal.objects.get()
    assert (fiche.numero, fiche.fin) == (2, "2030-12-31")
    assert "contrat local de santé" in fiche.contenu["sections"]["description"]


def test_une_fiche_de_meme_nom_et_porteur_est_reconnue(fichier, importer):
    lieu = territoire("commune", "76000", "Ailleurs")
    fiche_locale(slug="a-la-main", titre="CLS de Rouen", dispositif="cls", porteur="MAIRIE DE ROUEN", sur=[lieu])
    importer(fichier(ROUEN))
    assert DispositifLocal.objects.get().slug == "a-la-main"


def test_une_fiche_publiee_sans_porteur_n_est_pas_creee_deux_fois(fichier, importer):
    fiche_locale(slug="a-la-main", titre="CLS de Rouen", dispositif="cls", territoires=["commune:76540"])
    assert "change « CLS de Rouen »" in importer(fichier(ROUEN), "--le=2026")
    importer(fichier(ROUEN))
    assert DispositifLocal.objects.get().porteur == "Ville de Rouen"


def test_un_renouvellement_est_la_generation_suivante_de_la_meme_fiche(fichier, importer):
    importer(fichier(ROUEN))
    importer(fichier(SUIVANT))
    fiche = DispositifLocal.objects.get()
    assert (fiche.generation, fiche.fin, fiche.numero) == (2, "2031", 2)
    assert fiche.contenu["anterieures"] == [{"numero": 1, "debut": "", "fin": "2029-01-14", "source": ""}]
    assert [dit["le"] for dit in fiche.contenu["constats"]] == ["2024-01-15", "2026-03-01", "2026-02"]


@pytest.mark.parametrize("lignes", [(ROUEN, SUIVANT), (SUIVANT, ROUEN)], ids=["dans l’ordre", "à l’envers"])
def test_un_fichier_peut_dire_deux_generations(fichier, importer, lignes):
    assert "1 fiches publiées" in importer(fichier(*lignes))
    fiche = DispositifLocal.objects.get()
    assert (fiche.generation, fiche.fin, fiche.contenu["anterieures"][0]["fin"]) == (2, "2031", "2029-01-14")
    assert "Rien à changer" in importer(fichier(*lignes))


@pytest.mark.parametrize(
    "avant, apres, message",
    [
        ("CLS;CLS", "CLX;CLS", "« CLX » : nous ne connaissons pas ce dispositif"),
        ("actif", "dormant", "« dormant » : nous ne lisons pas cet état"),
        ("2024-01-15", "15 janvier", "« 15 janvier » : nous ne lisons pas cette date"),
        ("commune:76540", "commune:99999", "« commune:99999 » : aucun territoire"),
        ("commune:76540", "", "Le territoire manque"),
        ("2026-03-01", "", "La date du constat manque"),
        ("2026-03-01", "2099", "cette date est à venir"),
        ("2024-01-15", "2026-06", "Signé après avoir été constaté"),
        ("2029-01-14", "2020-01-01", "précède"),
    ],
)
def test_une_ligne_fausse_est_nommee_et_rien_ne_change(fichier, importer, avant, apres, message):
    bonne = ROUEN.replace("Ville de Rouen", "Ville de Dieppe").replace("76540", "76217").replace("Rouen", "Dieppe")
    with pytest.raises(CommandError, match=message) as refus:
        importer(fichier(bonne, ROUEN.replace(avant, apres, 1)))
    assert ", ligne 3" in str(refus.value)
    assert "vide.xlsx" in str(refus.value)
    assert not DispositifLocal.objects.exists()


def test_toutes_les_fautes_d_une_ligne_se_disent_ensemble(fichier, importer):
    with pytest.raises(CommandError) as refus:
        importer(fichier("CLX;CLS;99e;dormant;bientôt;;;;Ville;;Nulle part;;"))
    for dite in ("CLX", "99e", "dormant", "bientôt", "Nulle part", "La date du constat manque"):
        assert dite in str(refus.value)


def test_deux_lignes_pour_le_meme_dispositif_se_reunissent_ou_se_disent(fichier, importer):
    assert "lignes 2, 3 : nouvelle fiche" in importer(fichier(ROUEN, ROUEN), "--le=2026")
    with pytest.raises(CommandError, match=r"(?s)ne disent pas la même chose.*lignes 2, 3"):
        importer(fichier(ROUEN, ROUEN.replace("2029", "2030")))


def test_un_classeur_a_dates_et_a_deux_feuilles_se_lit_en_entier(fichier, importer):
    noms = ENTETE.split(";")
    ligne = [
        "cls",
        "CLS A",
        1,
        "signé",
        date(2021, 9, 1),
        "",
        date(2027, 8, 31),
        "",
        "Ville de Rouen",
        "",
        "commune:76540",
    ]
    autre = [*ligne[:1], "CLS B", *ligne[2:8], "Ville de Dieppe", "", "commune:76217"]
    importer(fichier(octets=classeur([noms, [*ligne, "", date(2024, 1, 1)]], [noms, [*autre, "", date(2024, 1, 1)]])))
    lus = DispositifLocal.objects.order_by("titre")
    assert [(fiche.titre, fiche.fin) for fiche in lus] == [("CLS A", "2027-08-31"), ("CLS B", "2027-08-31")]
    assert lus[0].contenu["constats"][0]["le"] == "2021-09-01"


def test_le_tableau_d_une_region_se_lit_quand_on_dit_de_quoi_et_de_quand(fichier, importer):
    lignes = (
        b"Collectivit\xe9;Communes;Date signature;Dur\xe9e;Statut\nVille;Rouen et Dieppe;sept. 2021;5 ans;En cours\n"
    )
    with pytest.raises(CommandError, match="De quel dispositif"):
        importer(fichier(octets=lignes))
    importer(fichier(octets=lignes), "--dispositif=cls", "--le=mars 2025", "--editeur=ARS", "--appliquer")
    fiche = DispositifLocal.objects.get()
    assert (fiche.titre, fiche.fin) == ("Contrat local de santé de Rouen et Dieppe", "2026-09")
    assert fiche.sources.get().organisation == "ARS"


def test_sans_colonne_reconnue_le_refus_dit_ou_est_le_gabarit(fichier, importer):
    with pytest.raises(CommandError, match=r"(?s)rien n’a changé.*vide\.xlsx"):
        importer(fichier("x;y", entete="a;b"))


def test_l_essai_a_blanc_n_ecrit_rien(fichier, importer):
    assert "Essai à blanc" in importer(fichier(ROUEN), "--le=2026")
    assert not DispositifLocal.objects.exists()


def test_une_adresse_deja_prise_ne_bloque_pas(fichier, importer):
    ailleurs = territoire("commune", "76000", "Ailleurs")
    fiche_locale(slug="cls-ville-de-rouen", titre="Autre chose", sur=[ailleurs])
    importer(fichier(ROUEN))
    assert DispositifLocal.objects.filter(slug="cls-ville-de-rouen-2").exists()
