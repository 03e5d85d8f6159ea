"""Every page that search engines read has a title and a description of its own; an error says that it is one."""

import html
import re
from collections import Counter

import pytest

from tests.balisage import d_une_ligne
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, masquer, personne, publier, territoire

pytestmark = pytest.mark.django_db
GENERIQUE = "La base de connaissances contributive des dispositifs territoriaux de santé."


def lire(client, adresse: str, statut: int = 200) -> tuple[str, str]:
    """Return the title, without the name of the site, and the description of a page."""
    reponse = client.get(adresse)
    assert reponse.status_code == statut, adresse
    page = html.unescape(d_une_ligne(reponse.text)).replace("\xa0", " ")
    titre, description = (
        re.search(r"<title>(.*?)</title>", page),
        re.search(r'name="description" content="(.*?)">', page),
    )
    return titre[1].partition(" – ")[0] if titre else "", description[1] if description else ""


@pytest.fixture
def monde():
    """Places with homonyms, and a fiche of each nature."""
    region = territoire("region", "11", "Île-de-France")
    paris = territoire("departement", "75", "Paris", departements=["75"], dans=[region])
    commune = territoire("commune", "75056", "Paris", departements=["75"], dans=[paris, region])
    elbeuf = territoire("commune", "76231", "Elbeuf", departements=["76"])
    louviers = territoire("commune", "27375", "Louviers", departements=["27"])
    for code, ville in [("QN07501M", commune), ("QN07602M", elbeuf), ("QN07603M", elbeuf)]:
        nom = "Centre ville" if code != "QN07603M" else "Les Écameaux"
        territoire("qpv", code, nom, departements=ville.departements, dans=[ville])
    for code, ville in [("QN02701M", louviers), ("QN02702M", territoire("commune", "27701", "Val-de-Reuil"))]:
        territoire("qpv", code, "Centre ville", departements=["27"], dans=[ville])
    for code, numero in [("247000623", "70"), ("247400666", "74")]:
        territoire("epci", code, "CC des Quatre Rivières", sous_nature="CC", departements=[numero])
    for sigle in ("asv", "rtps", "cmt"):
        fiche_dispositif(slug=sigle, titre=f"Dispositif {sigle}", sigle=sigle.upper())
    for ville in (elbeuf, louviers):
        fiche_locale(slug=f"cls-{ville.code}", titre=f"CLS de {ville.nom}", dispositif="asv", sur=[ville])
    publier(fiche_action(slug="marche", titre="Marcher ensemble", sur=[elbeuf]), resume="Marcher.")


PAGES = (
    "/ /fiches/ /dispositifs/ /dispositifs-locaux/ /actions/ /carte/ /dispositifs/echeancier/ /dispositifs/choisir/"
    " /dispositifs/comparer/ /dispositifs/comparer/?d=asv&d=rtps /dispositifs/comparer/?d=asv&d=rtps&d=cmt"
    " /dispositifs-locaux/comparer/ /dispositifs-locaux/comparer/?l=cls-76231&l=cls-27375 /dispositifs/asv/"
    " /dispositifs/cmt/ /dispositifs-locaux/cls-76231/ /actions/marche/ /actions/marche/historique/"
    " /actions/marche/versions/1/ /actions/marche/comparer/?de=1&a=2 /territoires/ /territoires/region/11/"
    " /territoires/departement/75/ /territoires/commune/75056/ /territoires/commune/76231/ /territoires/qpv/QN07501M/"
    " /territoires/qpv/QN07602M/ /territoires/qpv/QN07603M/ /territoires/qpv/QN02701M/ /territoires/qpv/QN02702M/"
    " /territoires/epci/247000623/ /territoires/epci/247400666/ /territoires/commune/76231/couverture/"
    " /territoires/qpv/QN07602M/couverture/ /territoires/qpv/QN02701M/couverture/ /territoires/qpv/QN02702M/couverture/"
    " /territoires/commune/76231/semblables/ /territoires/commune/76231/note/ /territoires/qpv/QN02701M/note/"
    " /territoires/qpv/QN02702M/note/ /dispositifs/echeancier/?territoire=qpv:QN02701M"
    " /dispositifs/echeancier/?territoire=qpv:QN02702M /contribuer/a-faire/?territoire=qpv:QN02701M"
    " /contribuer/a-faire/?territoire=qpv:QN02702M /sigles/ /organismes/ /statistiques/ /transparence/ /contribuer/"
    " /contribuer/a-faire/ /contribuer/gabarits/ /contribuer/nouvelle-fiche/ /aide/ /a-propos/ /mentions-legales/"
    " /accessibilite/ /confidentialite/ /charte/ /dossier/ /dossier/?f=dispositifs/asv"
    " /dossier/?f=dispositifs/asv&f=dispositifs/cmt&f=dispositifs/rtps&f=actions/marche"
).split()


@pytest.mark.usefixtures("monde")
def test_chaque_page_a_un_titre_et_une_description_a_elle(client):
    lues = {adresse: lire(client, adresse) for adresse in PAGES}
    titres = Counter(titre for titre, _ in lues.values())
    assert [titre for titre, pages in titres.items() if pages > 1 or not titre] == []
    sans = [adresse for adresse, (_, description) in lues.items() if description in ("", GENERIQUE) and adresse != "/"]
    assert sans == []


@pytest.mark.usefixtures("monde")
@pytest.mark.parametrize(
    "adresse, titre",
    [
        ("/territoires/qpv/QN07602M/", "Centre ville, Elbeuf (76)"),
        ("/territoires/epci/247400666/", "CC des Quatre Rivières (74)"),
        ("/territoires/departement/75/", "Paris (75), département"),
        ("/territoires/commune/75056/", "Paris (75)"),
        ("/dispositifs/comparer/?d=asv&d=rtps&d=cmt", "ASV, RTPS et CMT comparés"),
        ("/dossier/?f=dispositifs/asv&f=actions/marche", "Dossier : ASV, Marcher ensemble"),
        (
            "/dossier/?f=dispositifs/asv&f=dispositifs/cmt&f=dispositifs/rtps&f=actions/marche",
            "Dossier : ASV, CMT, RTPS et 1 autre",
        ),
        ("/dispositifs-locaux/comparer/?l=cls-76231&l=cls-27375", "CLS de Elbeuf et CLS de Louviers comparés"),
    ],
)
def test_un_titre_dit_de_quoi_il_s_agit(client, adresse, titre):
    assert lire(client, adresse)[0] == titre


def test_un_quartier_de_plusieurs_communes_les_nomme_toutes(client):
    villes = [territoire("commune", nom=nom) for nom in ("Anzin", "Beuvrages", "Valenciennes")]
    territoire("qpv", "QN05901M", "Les Rives", departements=["59"], dans=villes, partielle=True)
    assert lire(client, "/territoires/qpv/QN05901M/")[0] == "Les Rives, Anzin, Beuvrages et Valenciennes (59)"


@pytest.mark.usefixtures("monde")
@pytest.mark.parametrize("suite", ["historique/", "versions/1/", "comparer/?de=1&a=2"])
def test_l_histoire_d_une_fiche_ne_s_indexe_pas(client, suite):
    assert '<meta name="robots" content="noindex">' in client.get(f"/actions/marche/{suite}").text


@pytest.mark.usefixtures("monde")
@pytest.mark.parametrize(
    "adresse, statut",
    [
        ("/nulle-part/", 404),
        ("/fiches/?theme=rien", 400),
        ("/carte/?departement=zz", 400),
        ("/dispositifs/comparer/?d=rien", 400),
        ("/dispositifs-locaux/comparer/?l=rien", 400),
        ("/dispositifs/echeancier/?territoire=zzzzqq", 400),
        ("/dispositifs/choisir/?territoire=zzzzqq", 400),
        ("/contribuer/a-faire/?territoire=zzzzqq", 400),
        ("/territoires/commune/76231/note/?bloc=rien", 400),
        ("/actions/marche/comparer/?de=x", 400),
        ("/actions/marche/comparer/?de=1&a=9", 404),
        (f"/fiches/?q={'a' * 9000}", 414),
    ],
)
def test_une_erreur_se_dit_dans_le_titre(client, adresse, statut):
    assert re.match(rf"Erreur( {statut})? : ", lire(client, adresse, statut)[0])


def test_une_page_reservee_se_dit_dans_le_titre(client):
    client.force_login(personne())
    assert lire(client, "/moderation/", 403)[0] == "Erreur 403 : accès réservé"


def test_une_fiche_retiree_se_dit_dans_le_titre(client):
    masquer(fiche_action(slug="marche"))
    assert lire(client, "/actions/marche/", 410)[0] == "Fiche masquée"
