import pytest
from django.core.management import CommandError, call_command

from dispositifs.imports import gabarit_maison
from dispositifs.models import DispositifLocal
from fiches.models import Version
from territoires.imports.releve import FichierRefuse
from tests.factories import fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db
ENTETE = (
    "type;nom;generation;statut;date_signature;date_debut;date_fin;porteur_siren;porteur_nom;echelle;territoires;"
    "url_source;date_verification"
)
ROUEN = "CLS;CLS de Rouen;1;actif;2024-01-15;;2029-01-14;;Ville de Rouen;commune;commune:76540;https://rouen.fr/cls;2026-03-01"


@pytest.fixture
def fichier(tmp_path):
    territoire("commune", "76540", "Rouen")
    fiche_dispositif(slug="cls", sigle="CLS", titre="Contrat local de santé")

    def ecrire(*lignes: str, entete: str = ENTETE):
        chemin = tmp_path / "dispositifs.csv"
        chemin.write_bytes(("\ufeff" + "\r\n".join([entete, *lignes]) + "\r\n").encode())
        return chemin

    return ecrire


def importer(chemin) -> list[str]:
    changements = gabarit_maison.lire(chemin)
    dits = [str(changement) for changement in changements]
    gabarit_maison.appliquer(changements, chemin.name)
    return dits


def test_une_ligne_nouvelle_fait_une_fiche_sourcee(fichier):
    assert importer(fichier(ROUEN)) == ["ligne 2 : nouvelle fiche « CLS de Rouen »"]
    fiche = DispositifLocal.objects.get(slug="cls-ville-de-rouen")
    assert (fiche.porteur, fiche.fin, fiche.generation) == ("Ville de Rouen", "2029-01-14", 1)
    assert fiche.sources.get().url == "https://rouen.fr/cls"


def test_importer_deux_fois_ne_change_rien(fichier):
    importer(fichier(ROUEN))
    avant = Version.objects.count()
    assert importer(fichier(ROUEN)) == []
    assert Version.objects.count() == avant


def test_seul_ce_qui_change_est_dit_et_le_texte_reste(fichier):
    importer(fichier(ROUEN))
    assert importer(fichier(ROUEN.replace("2029-01-14", "31/12/2030"))) == ["ligne 2 : « CLS de Rouen », fin"]
    fiche = DispositifLocal.objects.get()
    assert (fiche.numero, fiche.fin) == (2, "2030-12-31")
    assert "Contrat local de santé".lower() in fiche.contenu["sections"]["description"]


def test_une_fiche_de_meme_porteur_et_generation_est_reconnue(fichier):
    lieu = territoire("commune", "76000", "Ailleurs")
    fiche_locale(slug="cls-a-la-main", dispositif="cls", porteur="VILLE DE ROUEN", generation=1, sur=[lieu])
    importer(fichier(ROUEN))
    assert DispositifLocal.objects.get().slug == "cls-a-la-main"


SUIVANT = ROUEN.replace(";1;", ";2;").replace("2024-01-15", "2026-02").replace("2029-01-14", "2031")


def test_un_renouvellement_est_la_generation_suivante_de_la_meme_fiche(fichier):
    importer(fichier(ROUEN))
    importer(fichier(SUIVANT))
    fiche = DispositifLocal.objects.get()
    assert (fiche.generation, fiche.fin, fiche.numero) == (2, "2031", 2)
    assert fiche.contenu["anterieures"] == [{"numero": 1, "debut": "", "fin": "2029-01-14", "source": ""}]
    assert [dit["le"] for dit in fiche.contenu["constats"]] == ["2024-01-15", "2026-03-01", "2026-02"]


@pytest.mark.parametrize("lignes", [(ROUEN, SUIVANT), (SUIVANT, ROUEN)], ids=["dans l’ordre", "à l’envers"])
def test_un_fichier_peut_dire_deux_generations(fichier, lignes):
    assert len(importer(fichier(*lignes))) == 1
    fiche = DispositifLocal.objects.get()
    assert (fiche.generation, fiche.fin, fiche.contenu["anterieures"][0]["fin"]) == (2, "2031", "2029-01-14")
    assert importer(fichier(*lignes)) == []


@pytest.mark.parametrize(
    "avant, apres, message",
    [
        ("CLS;CLS", "CLX;CLS", "type inconnu"),
        ("actif", "dormant", "statut inconnu"),
        ("2024-01-15", "15 janvier", "date_signature illisible"),
        ("commune:76540", "commune:99999", "Territoire inconnu : commune:99999"),
        ("commune:76540", "", "territoire"),
        (";Ville de Rouen;", ";;", "le porteur manque"),
        ("2026-03-01", "", "constats n° 2, le"),
        ("2029-01-14", "2020-01-01", "précède"),
    ],
)
def test_une_ligne_fausse_est_nommee_et_rien_ne_change(fichier, avant, apres, message):
    bonne = ROUEN.replace("Ville de Rouen", "Métropole")
    with pytest.raises(FichierRefuse, match=message) as refus:
        gabarit_maison.lire(fichier(bonne, ROUEN.replace(avant, apres, 1)))
    assert all(erreur.startswith("ligne 3") for erreur in refus.value.erreurs)
    assert not DispositifLocal.objects.exists()


def test_deux_lignes_pour_le_meme_dispositif_sont_refusees(fichier):
    with pytest.raises(FichierRefuse, match="ligne 3 : même dispositif, porteur et génération que ligne 2"):
        gabarit_maison.lire(fichier(ROUEN, ROUEN))


def test_une_colonne_requise_qui_manque_refuse_le_fichier(fichier):
    with pytest.raises(FichierRefuse):
        gabarit_maison.lire(fichier(ROUEN, entete=ENTETE.replace("territoires", "lieux")))


def test_l_essai_a_blanc_n_ecrit_rien(fichier, capsys):
    call_command("importer_dispositifs_locaux", str(fichier(ROUEN)))
    assert "Essai à blanc" in capsys.readouterr().out
    assert not DispositifLocal.objects.exists()
    call_command("importer_dispositifs_locaux", str(fichier(ROUEN)), "--appliquer")
    assert DispositifLocal.objects.count() == 1


def test_la_commande_dit_le_refus_en_clair(fichier):
    with pytest.raises(CommandError, match="rien n’a changé"):
        call_command("importer_dispositifs_locaux", str(fichier("x;y")))
