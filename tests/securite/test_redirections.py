"""Nothing leads a reader out of the site unawares: addresses to return to are ours, whoever wrote the link."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from comptes.models import Utilisateur
from tests.boite import Boite
from tests.essais import croiser

AILLEURS = [
    "https://mechant.exemple/",
    "//mechant.exemple/",
    "///mechant.exemple/",
    "\\\\mechant.exemple/",
    "/\\mechant.exemple/",
    "http:mechant.exemple",
    "https:///mechant.exemple",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://testserver@mechant.exemple/",
    "https://testserver.mechant.exemple/",
    "\thttps://mechant.exemple/",
    "/\t/mechant.exemple/",
    "%68ttps://mechant.exemple",
]
RETOURS = ("next", "suivant", "retour", "url", "redirect_to")


def adresses_sans_variable(resolveur: URLResolver, prefixe: str = "/"):
    for motif in resolveur.url_patterns:
        chemin = prefixe + str(motif.pattern)
        if "<" in chemin or "^" in chemin:
            continue
        if isinstance(motif, URLPattern):
            yield chemin
        else:
            yield from adresses_sans_variable(motif, chemin)


def mene_ailleurs(reponse) -> bool:
    """Follow the redirection as browsers do, which ignore blanks and take « \\ » for « / »."""
    vers = "".join(lettre for lettre in reponse.get("Location", "") if ord(lettre) > 32).replace("\\", "/")
    return urlsplit(urljoin("http://testserver/une/page/", vers))[:2] != ("http", "testserver")


@pytest.mark.django_db
@pytest.mark.parametrize("personne", ["personne", "connectee"])
def test_aucune_page_ne_renvoie_ailleurs(personne, settings):
    settings.SECOND_FACTEUR_REQUIS = False
    client = Client(raise_request_exception=False)
    if personne == "connectee":
        client.force_login(Utilisateur.objects.create_superuser("m@exemple.fr"))
    adresses = list(adresses_sans_variable(get_resolver()))
    assert "/comptes/connexion/" in adresses and len(adresses) > 20
    for adresse, ailleurs in croiser(adresses, AILLEURS):
        assert not mene_ailleurs(client.get(adresse, dict.fromkeys(RETOURS, ailleurs))), (adresse, ailleurs)


@pytest.mark.django_db
@pytest.mark.parametrize("ailleurs", AILLEURS)
def test_se_deconnecter_ne_renvoie_pas_ailleurs(ailleurs):
    client = Client()
    client.force_login(Utilisateur.objects.create_user("a@exemple.fr"))
    reponse = client.post("/comptes/deconnexion/", {"next": ailleurs})
    assert reponse.status_code == 302
    assert not mene_ailleurs(reponse)


@pytest.mark.django_db
@pytest.mark.parametrize("retour, arrive", [("/aide/", "/aide/"), ("//mechant.exemple/", "/comptes/")])
def test_on_revient_ou_l_on_etait_et_nulle_part_ailleurs(retour, arrive, courriels: Boite, client):
    Utilisateur.objects.create_user("a@exemple.fr")
    client.post(f"/comptes/connexion/?next={retour}", {"email": "a@exemple.fr", "next": retour})
    reponse = client.post("/comptes/code/", {"code": courriels.code("a@exemple.fr"), "next": retour})
    assert reponse.status_code == 302 and not mene_ailleurs(reponse)
    assert reponse["Location"] in (arrive, "/")


@pytest.mark.parametrize(
    "chemin", ["//mechant.exemple", "//mechant.exemple/..", "/\\mechant.exemple", "//mechant.exemple/%2f.."]
)
def test_ajouter_la_barre_finale_ne_renvoie_pas_ailleurs(chemin, db):
    assert not mene_ailleurs(Client().get(chemin))
    assert not mene_ailleurs(Client().get("/", PATH_INFO=chemin))
