"""The contacts of the content files: kept in step with the base, refused whole with file, line and remedy."""

import pytest

from contenu.chargement import charger
from contenu.fichiers import ContenuInvalide
from fiches.models import Edition
from territoires.models import Contact
from tests.contenu.test_chargement import dossier, poser  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
ARS = {
    "territoire": "region:28",
    "fonction": "ars",
    "organisme": "ARS Normandie",
    "url": "https://www.normandie.ars.sante.fr/",
    "source": "ARS Normandie, accueil",
    "lue_le": "2026-11-26",
}


@pytest.fixture
def recharger(dossier):  # noqa: F811
    """Return what writes contacts in the file of a région and loads the content again."""

    def recharger(*entrees, nom: str = "28-normandie.yaml"):
        poser(dossier / "contacts" / nom, list(entrees))
        charger(dossier)

    return recharger


def test_les_contacts_d_un_fichier_sont_ceux_de_la_base(recharger):
    recharger(ARS | {"telephone": "02 32 18 31 65"})
    assert [(c.organisme, c.telephone) for c in Contact.objects.all()] == [("ARS Normandie", "02 32 18 31 65")]
    recharger(ARS)
    assert Contact.objects.get().telephone == ""
    recharger()
    assert not Contact.objects.exists()


def test_rien_de_change_n_ecrit_rien(recharger):
    recharger(ARS)
    avant = (Contact.objects.get().pk, Edition.objects.get().numero)
    recharger(ARS)
    assert (Contact.objects.get().pk, Edition.objects.get().numero) == avant


def test_un_contact_change_se_voit_a_la_page_suivante(recharger):
    recharger(ARS)
    avant = Edition.objects.get().numero
    recharger(ARS | {"url": "https://www.normandie.ars.sante.fr/contacts"})
    assert Edition.objects.get().numero > avant


@pytest.mark.parametrize(
    "champs, dit",
    [
        ({"territoire": "region:99"}, "écrivez region:28 ou departement:76"),
        ({"territoire": "commune:76540"}, "écrivez region:28 ou departement:76"),
        ({"fonction": "maire"}, "fonction, "),
        ({"organisme": None}, "organisme, "),
        ({"url": "normandie.ars.sante.fr"}, "url, "),
        ({"telephone": "06 12 34 56 78"}, "telephone, Écrivez le numéro d’un service"),
        ({"courriel": "jeanne.exemple@ars.sante.fr"}, "donnez celle d’un service"),
        ({"lue_le": "hier"}, "lue_le, "),
        ({"lue_le": ["2026-11-26"]}, "des valeurs simples"),
        ({"nom": "Jeanne Exemple"}, "clé inconnue, nom"),
        ({"organisme": "ARS\u202e Normandie"}, "organisme, "),
    ],
    ids=str,
)
def test_un_fichier_faux_est_refuse_entier_avec_sa_ligne(recharger, champs, dit):
    recharger(ARS)
    faux = {cle: valeur for cle, valeur in {**ARS, "fonction": "ville", **champs}.items() if valeur is not None}
    with pytest.raises(ContenuInvalide) as refus:
        recharger(ARS | {"organisme": "ARS d’ailleurs"}, faux)
    assert str(refus.value).startswith("28-normandie.yaml, ligne 7")
    assert dit in str(refus.value)
    assert [c.organisme for c in Contact.objects.all()] == ["ARS Normandie"]


def test_deux_fois_le_meme_contact_est_une_faute(recharger):
    recharger(ARS)
    with pytest.raises(ContenuInvalide, match="autre.yaml, ligne 1\u00a0: il répète un autre contact"):
        recharger(ARS, nom="autre.yaml")


def test_ce_qui_n_est_pas_un_contact_est_refuse_avec_sa_ligne(recharger):
    with pytest.raises(ContenuInvalide, match="28-normandie.yaml, ligne 1\u00a0: des clés"):
        recharger("ARS Normandie")
