"""What is too long, too many or badly addressed is refused with its own status, in French, before it costs anything."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.limites import ADRESSE_MAX

FORMULAIRE = "/comptes/connexion/"


def refus(reponse, code: int, titre: str) -> None:
    assert reponse.status_code == code
    assert f"<h1>{titre}</h1>" in reponse.text
    assert '<html lang="fr">' in reponse.text
    assert not reponse.cookies
    assert "default-src 'none'" in reponse["Content-Security-Policy"]


def test_une_adresse_trop_longue():
    refus(Client().get("/fiches/", {"q": "a" * ADRESSE_MAX}), 414, "Cette adresse est trop longue")


def test_un_chemin_trop_long():
    refus(Client().get(f"/dispositifs/{'a' * ADRESSE_MAX}/"), 414, "Cette adresse est trop longue")


def test_une_longue_recherche_reste_permise(db):
    assert Client().get("/fiches/", {"q": "a" * 200, "theme": ["un-theme-assez-long"] * 40}).status_code < 500


def test_trop_de_champs_dans_une_adresse(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
    adresse = "/fiches/?" + "&".join(["q=a"] * 51)
    refus(Client().get(adresse), 400, "Cette demande a trop de champs")


def test_trop_de_champs_dans_un_formulaire():
    champs = {f"champ-{n}": "x" for n in range(2_001)}
    refus(Client().post(FORMULAIRE, champs), 400, "Cette demande a trop de champs")


def test_un_formulaire_trop_lourd():
    corps = "email=" + "a" * 1_000_001
    reponse = Client().post(FORMULAIRE, corps, content_type="application/x-www-form-urlencoded")
    refus(reponse, 413, "Cet envoi est trop lourd")


def test_un_fichier_trop_lourd_n_est_meme_pas_lu(settings):
    """Django limits the fields of a form, not its files: they would fill the disk."""
    fichier = SimpleUploadedFile("gros.bin", b"x" * settings.TAILLE_REQUETE_MAX)
    refus(Client().post(FORMULAIRE, {"piece": fichier}), 413, "Cet envoi est trop lourd")


def test_trop_de_fichiers():
    fichiers = {f"f{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)}
    refus(Client().post(FORMULAIRE, fichiers), 400, "Cette demande a trop de fichiers")


@pytest.mark.parametrize(
    "hote", ["mechant.exemple", "testserver.mechant.exemple", "testserver@mechant", "a b", "..", ""]
)
def test_un_autre_nom_de_site_est_refuse(hote):
    """A link in an e-mail or a redirection must never be built on a name the client chose."""
    reponse = Client().get("/aide/", headers={"host": hote} if hote else {"host": " "})
    refus(reponse, 400, "Cette demande n’a pas été comprise")
    if hote.strip(". "):
        assert hote not in reponse.text


def test_l_hote_transmis_par_le_client_n_est_pas_cru():
    reponse = Client().get("/aide", headers={"x-forwarded-host": "mechant.exemple"})
    assert reponse["Location"] == "/aide/"


@pytest.mark.parametrize(
    "adresse",
    [
        "/fiches/?q=%00",
        "/fiches/?q=%ff%fe",
        "/fiches/?page=-1",
        "/fiches/?page=99999999999999999999",
        "/fiches/?territoire=%00",
        "/territoires/chercher/?q=%00",
        "/territoires/commune/%00/",
        "/dispositifs/comparer/?d=%00&d=" + "&d=x" * 100,
        "/dossier/?f=%00&q=%00&f=" + "&f=x" * 100,
        "/dossier/preparation/?format=pdf&f=dispositifs/%ff&f=" + "&f=actions/x" * 100,
        "/dispositifs/%2e%2e%2f%2e%2e%2fetc%2fpasswd/",
        "/suivi/%00/",
        "/static/../config/settings/base.py",
        "/static/%2e%2e/manage.py",
    ],
)
def test_une_adresse_bizarre_n_est_jamais_une_panne(db, adresse):
    assert Client(raise_request_exception=False).get(adresse).status_code in (200, 301, 302, 400, 404)
