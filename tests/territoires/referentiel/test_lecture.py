"""What is written of a territory is read, or asked back: never guessed."""

import pytest

from territoires.recherche import lire

PAGES = [
    "/dispositifs/choisir/",
    "/dispositifs/echeancier/",
    "/contribuer/a-faire/",
    "/fiches/",
    "/contribuer/nouvelle-fiche/local/?titre=CLS",
]


def sur(saisie: str) -> str:
    territoire = lire(saisie).territoire
    return territoire.designation if territoire else ""


def proches(saisie: str) -> list[str]:
    return [territoire.designation for territoire in lire(saisie).proches]


@pytest.mark.parametrize(
    "saisie, designation",
    [
        ("commune:76540", "commune:76540"),
        ("rouen", "commune:76540"),
        ("Rouen (76)", "commune:76540"),
        ("Rouen 76000", "commune:76540"),
        ("76000 Rouen", "commune:76540"),
        ("76", "departement:76"),
        ("département 76", "departement:76"),
        ("MEL", "epci:200093201"),
        ("paris", "commune:75056"),
        ("mayotte", "departement:976"),
        ("Saint-Denis (93)", "commune:93066"),
        ("commune:93059", "commune:93066"),
        ("QN07620M", "qpv:QN07620M"),
        *((f"750{numero:02}", "commune:75056") for numero in range(1, 21)),
        ("75116", "commune:75056"),
        ("69003", "commune:69123"),
        ("13016", "commune:13055"),
        ("Paris 18e", "commune:75056"),
        ("paris 13", "commune:75056"),
        ("Lyon 3", "commune:69123"),
        ("18e arrondissement", "commune:75056"),
        ("Marseille 8e arrondissement", "commune:13055"),
        ("perimetre:pays-de-brest", "perimetre:pays-de-brest"),
        ("Pays de Brest", "perimetre:pays-de-brest"),
        ("pays de brest", "perimetre:pays-de-brest"),
        ("pôle métropolitain du Pays de Brest", "perimetre:pays-de-brest"),
        ("PETR du Pays de Bray", "perimetre:pays-de-bray"),
        ("petr pays sud toulousain", "perimetre:sud-toulousain"),
        ("pôle d’équilibre territorial et rural du Pays de Langres", "perimetre:pays-de-langres"),
        ("syndicat mixte du pays de Brocéliande", "perimetre:pays-de-broceliande"),
        ("territoire de projet Grand Sud Amienois", "perimetre:grand-sud-amienois"),
        ("les sapins rouen", "qpv:QN07620M"),
        ("QPV Les Sapins, Rouen", "qpv:QN07620M"),
        ("Centre ville Elbeuf", "qpv:QN07613M"),
        ("elbeuf centre ville", "qpv:QN07613M"),
    ],
)
def test_ce_qui_est_ecrit_en_entier_est_lu(referentiel, saisie, designation):
    assert sur(saisie) == designation


@pytest.mark.parametrize(
    "saisie, premier",
    [
        ("76500", "commune:76231"),
        ("76540", "commune:76540"),
        ("Saint-Denis", "commune:97411"),
        ("8e arrondissement", "commune:75056"),
        ("Rouan", "commune:76540"),
        ("rouenn", "commune:76540"),
        ("elbeuf sur seine", "commune:76231"),
        ("Pays de Dunkerque", "commune:59183"),
        ("PETR de Langres", "perimetre:pays-de-langres"),
        ("PETR Sud Toulousain", "perimetre:sud-toulousain"),
        ("EPT 8", "epci:200057875"),
        ("ept n8", ""),
        ("quartier elbeuf", "commune:76231"),
        ("villes sœurs", "epci:247600588"),
        ("marseile", "commune:13055"),
        ("pôle métropolitain", ""),
        ("agglo rouen", "epci:200023414"),
        ("métropole rouen", "epci:200023414"),
        ("agglo de Saint-Étienne", "epci:244200770"),
        ("cc dieppe", "epci:247600786"),
        ("dieppe agglo", "epci:247600786"),
        ("agglo cherbourg", "epci:200067205"),
        ("grand nancy", "epci:245400676"),
        ("pays bray", "perimetre:pays-de-bray"),
        ("quartier les arts fleuris", "qpv:QN07611M"),
        ("grammont rouen", "qpv:QN07619M"),
        ("les violettes rouen", "commune:76540"),
        ("vitry chatillon", "commune:91687"),
    ],
)
def test_ce_qui_n_est_pas_sur_est_demande(referentiel, saisie, premier):
    assert not sur(saisie)
    assert not premier or proches(saisie)[0] == premier


def test_un_code_partage_propose_toutes_ses_communes(referentiel):
    assert set(proches("76500")) == {"commune:76231", "commune:76391", "commune:76486", "commune:76500"}
    assert len(proches("51300")) >= 46


def test_une_designation_inconnue_n_est_rien(referentiel):
    assert lire("commune:00000") == lire("qpv:rouen") == lire("")


@pytest.mark.parametrize("chemin", PAGES)
@pytest.mark.parametrize(
    "saisie, attendu", [("Rouan", "commune:76540"), ("76500", "commune:76231"), ("EPT 8", "epci:200057875")]
)
def test_chaque_page_demande_et_garde_le_reste(referentiel, client, chemin, saisie, attendu):
    adresse, _, reste = chemin.partition("?")
    reponse = client.get(f"{adresse}?{reste}&territoire={saisie}&page=1")
    html = reponse.content.decode()
    assert reponse.status_code == 400
    assert "Vouliez-vous dire" in html and saisie in html
    assert f"territoire={attendu}" in html
    assert reste in html


@pytest.mark.parametrize(
    "chemin", ["/dispositifs/choisir/", "/dispositifs/echeancier/", "/fiches/", "/contribuer/a-faire/"]
)
@pytest.mark.parametrize("code", ["75018", "75001"])
def test_un_code_postal_de_paris_n_est_pas_une_ancienne_commune(referentiel, client, chemin, code):
    reponse = client.get(chemin, {"territoire": code})
    html = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Paris (75)" in html and "Charenton" not in html and "Bourg-en-Bresse" not in html


def test_un_code_postal_de_paris_dit_son_arrondissement(referentiel, client):
    donnees = client.get("/territoires/chercher/?q=75018&format=json").json()["resultats"]
    assert (donnees[0]["code"], donnees[0]["nature"]) == ("75056", "commune")
    assert "code postal 75018" in donnees[0]["precision"] and "18e" in donnees[0]["precision"]


@pytest.mark.parametrize(
    "nom, code",
    [("Marissel", "60057"), ("Tréboul", "29046"), ("Saint-Denis-Hors", "37003"), ("Châlons-sur-Marne", "51108")],
)
def test_un_nom_d_autrefois_mene_a_la_commune_d_aujourd_hui(referentiel, client, nom, code):
    premier = client.get("/territoires/chercher/", {"q": nom, "format": "json"}).json()["resultats"][0]
    assert premier["code"] == code and sur(nom) == f"commune:{code}"


def test_une_commune_absorbee_est_nommee(referentiel, client):
    premier = client.get("/territoires/chercher/?q=marissel&format=json").json()["resultats"][0]
    assert "Marissel, ancienne commune" in premier["precision"]


def test_les_communes_d_autrefois_ont_un_nom_et_un_dernier_jour(referentiel):
    marissel = referentiel("commune:60384")
    assert (marissel.nom, f"{marissel.fin}") == ("Marissel", "1943-02-19")


@pytest.mark.parametrize("ancien, actuel, voisine", [("97127", "97801", "97110"), ("97123", "97701", None)])
def test_les_codes_de_saint_martin_et_de_saint_barthelemy_menent_aux_leurs(
    referentiel, client, ancien, actuel, voisine
):
    page = client.get(f"/territoires/commune/{ancien}/")
    assert page.status_code in (301, 302) and page["Location"] == f"/territoires/commune/{actuel}/"
    trouves = [r["code"] for r in client.get(f"/territoires/chercher/?q={ancien}&format=json").json()["resultats"]]
    assert actuel in trouves and (voisine is None or trouves[0] == voisine)
