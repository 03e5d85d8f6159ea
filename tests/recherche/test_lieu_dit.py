"""A place in the words of a search is the territory asked; the card answers before the list."""

import pytest

from dispositifs.models import Absence, Dispositif
from recherche.lieu_dit import Separation, requete_de
from recherche.lieu_dit import separer as separer_de
from recherche.portions import portions_de
from tests.balisage import texte
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, territoire, theme
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


def separer(saisie: str) -> Separation:
    requete = requete_de(saisie)
    return separer_de(saisie, requete.lignes() if requete else [])


@pytest.fixture
def lieux():
    normandie = territoire("region", "28", "Normandie")
    seine = territoire("departement", "76", "Seine-Maritime", dans=[normandie])
    metropole = territoire(
        "epci", "200023414", "Métropole Rouen Normandie", sous_nature="METRO", autres_noms=["MRN"], dans=[seine]
    )
    habitee = {"population_annee": 2023, "population_source": "Insee"}
    rouen = territoire(
        "commune",
        "76540",
        "Rouen",
        dans=[normandie, seine, metropole],
        population=114_000,
        departements=["76"],
        **habitee,
    )
    elbeuf = territoire(
        "commune", "76231", "Elbeuf", dans=[normandie, seine, metropole], population=15_500, departements=["76"],
        codes_postaux=["76500"], **habitee,
    )  # fmt: skip
    territoire("commune", "76486", "Orival", population=800, codes_postaux=["76500"], departements=["76"], **habitee)
    territoire("commune", "59153", "Condé-sur-l’Escaut", population=9_600, **habitee)
    territoire("commune", "46331", "Vers", population=400, **habitee)
    territoire("commune", "60678", "Ville", population=700, **habitee)
    territoire("qpv", "QN07613M", "Centre ville", dans=[elbeuf, metropole, seine, normandie])
    territoire("qpv", "QN07620M", "Les Hauts de Rouen", autres_noms=["Les Sapins"], dans=[rouen, metropole, seine])
    territoire("qpv", "QN07619M", "Grammont - Saint Sever - Orléans", dans=[rouen, metropole, seine])
    territoire("departement", "93", "Seine-Saint-Denis")
    territoire("departement", "974", "La Réunion")
    territoire("commune", "93066", "Saint-Denis", departements=["93"], population=150_000, **habitee)
    territoire("commune", "97411", "Saint-Denis", departements=["974"], population=155_000, **habitee)
    territoire("commune", "75056", "Paris", population=2_100_000, **habitee)
    territoire("epci", "200057875", "Est Ensemble", sous_nature="EPT", autres_noms=["T8"])
    territoire("commune", "12345", "Seine-Maritime", population=300, **habitee)
    region_dieppoise = territoire(
        "epci",
        "247600786",
        "CA de la Région Dieppoise",
        sous_nature="CA",
        autres_noms=["Dieppe Maritime"],
        dans=[seine],
    )
    territoire("commune", "76217", "Dieppe", population=28_000, dans=[seine, region_dieppoise], **habitee)
    territoire("epci", "245400676", "Métropole du Grand Nancy", sous_nature="METRO")
    territoire("commune", "54395", "Nancy", population=104_000, **habitee)
    pays = {"sous_nature": "PETR", "autres_noms": ["Pays de Bray"]}
    territoire("perimetre", "pays-de-bray", "PETR du Pays de Bray", **pays)
    territoire("epci", "246000913", "CC du Pays de Bray", sous_nature="CC")
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_dispositif(slug="contrat-de-ville", titre="Contrat de ville")
    theme("sante-mentale", "Santé mentale")
    return {"metropole": metropole, "rouen": rouen, "elbeuf": elbeuf, "seine": seine}


@pytest.mark.parametrize(
    "saisie, mots, lieu",
    [
        ("CLS Elbeuf", "CLS", "commune:76231"),
        ("elbeuf cls", "cls", "commune:76231"),
        ("cls d’Elbeuf", "cls", "commune:76231"),
        ("cls 76", "cls", "departement:76"),
        ("que faire à Elbeuf", "", "commune:76231"),
        ("contrat de ville rouen", "contrat de ville", "commune:76540"),
        ("CLS de la Métropole Rouen Normandie", "CLS", "epci:200023414"),
        ("santé en Normandie", "santé", "region:28"),
        ("cls Orival", "cls", "commune:76486"),
        ("santé mentale jeunes Rouen", "santé mentale jeunes", "commune:76540"),
        ("cls Elbeuf jeunes", "cls jeunes", "commune:76231"),
        ("jeunes à Rouen santé mentale", "jeunes santé mentale", "commune:76540"),
        ("CLS Condé-sur-l’Escaut", "CLS", "commune:59153"),
        ("cls conde sur l escaut", "cls", "commune:59153"),
        ("cls commune de Rouen", "cls", "commune:76540"),
        ("cls département de la Seine-Maritime", "cls", "departement:76"),
        ("métropole rouen", "", "epci:200023414"),
        ("agglo rouen", "", "epci:200023414"),
        ("CLS agglo de Rouen", "CLS", "epci:200023414"),
        ("contrat de ville métropole rouen", "contrat de ville", "epci:200023414"),
        ("cls rouen agglo", "cls", "epci:200023414"),
        ("agglo dieppe cls", "cls", "epci:247600786"),
        ("cls grand nancy", "cls", "epci:245400676"),
        ("cls pays de bray", "cls", "perimetre:pays-de-bray"),
        ("cls cc pays de bray", "cls", "epci:246000913"),
        ("les sapins rouen", "", "qpv:QN07620M"),
        ("asv les sapins à Rouen", "asv", "qpv:QN07620M"),
        ("quartier grammont rouen", "", "qpv:QN07619M"),
        ("santé mentale quartier Orléans à Rouen", "santé mentale", "qpv:QN07619M"),
        ("cls hauts de rouen", "cls", "qpv:QN07620M"),
        ("qpv centre ville", "", "qpv:QN07613M"),
        ("centre ville d’Elbeuf jeunes", "jeunes", "qpv:QN07613M"),
        ("contrat de ville de Rouen", "contrat de ville", "commune:76540"),
        ("QPV rouen", "QPV", "commune:76540"),
        ("ville de Rouen cls", "cls", "commune:76540"),
        ("CLS saint-denis 93", "CLS", "commune:93066"),
        ("cls saint denis 974", "cls", "commune:97411"),
        ("cls en Seine-Maritime", "cls", "departement:76"),
        ("cls paris 18e", "cls", "commune:75056"),
        ("cls paris 3ème arrondissement", "cls", "commune:75056"),
        ("EPT 8 cls", "cls", "epci:200057875"),
        ("CLS d’ Elbeuf", "CLS", "commune:76231"),
        ("CLS d' Elbeuf", "CLS", "commune:76231"),
        ("cls à l’ Elbeuf", "cls", "commune:76231"),
        ("jeunes d' Elbeuf cls", "jeunes cls", "commune:76231"),
    ],
)
def test_le_lieu_se_lit_dans_les_mots(lieux, saisie, mots, lieu):
    separation = separer(saisie)
    assert separation.territoire and (separation.mots, separation.territoire.designation) == (mots, lieu)


@pytest.mark.parametrize(
    "saisie", ["Rouen l{}", "cls Rouen l{}", "l{} Elbeuf d{}", "CLS d{}, Elbeuf", "d{} l{}", "CLS D{} L{} Rouen"]
)
@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_un_article_seul_n_est_pas_un_lieu(client, lieux, saisie, apostrophe):
    saisie = saisie.format(apostrophe, apostrophe)
    assert client.get("/fiches/", {"q": saisie}).status_code == 200
    assert client.get("/territoires/chercher/", {"q": saisie}).status_code == 200
    assert all(portion.texte.strip() for portion in portions_de(saisie))


@pytest.mark.parametrize(
    "saisie",
    [
        "Elbeuf",
        "contrat de ville",
        "aller vers",
        "orival sport",
        "elbeuf sur seine",
        '"CLS Elbeuf"',
        "cls -Elbeuf",
        "",
        "comment ca marche",
        "agglo",
        "hauts de rouen",
        "x " * 400,
    ],
)
def test_ce_qui_ne_nomme_pas_un_lieu_reste_des_mots(lieux, saisie):
    separation = separer(saisie)
    assert separation.territoire is None and not separation.possibles and separation.mots == saisie


def test_un_titre_qui_nomme_un_lieu_se_trouve_en_entier(client, lieux):
    fiche_action(titre="Un détour par Rouen", territoires=["commune:76231"])
    assert lire(client, q="Un détour par Rouen").titres == ["Un détour par Rouen"]


def test_le_lieu_filtre_la_liste_et_sa_puce_se_retire(client, lieux):
    fiche_locale(titre="CLS de la métropole", dispositif="cls", sur=[lieux["metropole"]])
    fiche_locale(titre="CLS d’ailleurs", dispositif="cls", sur=[territoire("commune", "59350", "Lille")])
    page = lire(client, q="CLS Elbeuf")
    assert "CLS de la métropole" in page.titres and "CLS d’ailleurs" not in page.titres
    assert 'name="territoire" value="commune:76231" checked' in page.html
    assert '<a class="puce active" href="/fiches/?q=CLS">' in page.html


def test_la_reponse_dit_par_ou_l_on_est_couvert(client, lieux):
    fiche_locale(
        titre="CLS de la métropole", dispositif="cls", sur=[lieux["metropole"]], fin="2030-03-04",
        constats=[constat("actif", "2022-03-29")],
    )  # fmt: skip
    page = texte(lire(client, q="cls elbeuf").html)
    assert "CLS à Elbeuf" in page and "Via Métropole Rouen Normandie, fin : 4 mars 2030, vu en mars 2022" in page


def test_la_reponse_dit_qu_on_ne_sait_pas(client, lieux):
    page = texte(lire(client, q="contrats de ville Rouen").html)
    assert "Contrat de ville à Rouen" in page and "On ne sait pas s’il y a un contrat de ville ici" in page


def test_la_reponse_dit_une_absence_confirmee(client, lieux):
    cls = Dispositif.objects.get(slug="cls")
    Absence.objects.create(
        dispositif=cls, territoire=lieux["seine"], constatee_le="2024-01-02", source="Préfecture, 2024"
    )
    page = texte(lire(client, q="cls elbeuf").html)
    assert "Il n’y en avait pas le 2 janvier 2024" in page and "Préfecture, 2024" in page


def test_la_reponse_donne_les_quartiers_prioritaires(client, lieux):
    assert "1 quartier prioritaire" in texte(lire(client, q="QPV elbeuf").html)
    assert "Aucun quartier prioritaire ici" in texte(lire(client, q="quartiers prioritaires Dieppe").html)


def test_un_lieu_ambigu_est_demande(client, lieux):
    page = lire(client, q="cls 76500")
    assert "Vouliez-vous dire" in page.html
    assert 'href="/fiches/?q=cls&amp;territoire=commune:76231">Elbeuf (76)' in page.html
    assert 'name="territoire" value="commune' not in page.html


def test_un_territoire_deja_choisi_passe_avant_celui_des_mots(client, lieux):
    page = lire(client, q="CLS Elbeuf", territoire="commune:76540")
    assert 'name="territoire" value="commune:76540" checked' in page.html


def test_de_deux_lieux_l_un_est_garde_et_l_autre_propose(client, lieux):
    page = lire(client, q="CLS Rouen et Elbeuf")
    assert 'name="territoire" value="commune:76231" checked' in page.html
    assert "Vous nommez deux lieux : voici la liste pour Elbeuf (76)" in page.texte
    assert 'href="/fiches/?territoire=commune:76540&amp;q=CLS">Voir plutôt Rouen (76)' in page.html


@pytest.mark.parametrize(
    "q, adresse",
    [
        ("Rouan", "/fiches/?territoire=commune:76540"),
        ("roune", "/fiches/?territoire=commune:76540"),
        ("elbeuf sur seine", "/fiches/?territoire=commune:76231"),
        ("CLS Rouan", "/fiches/?q=CLS&amp;territoire=commune:76540"),
    ],
)
def test_un_nom_presque_juste_est_demande_sans_proposer_de_fiche(client, lieux, q, adresse):
    page = lire(client, q=q)
    assert "Vouliez-vous dire" in page.texte and f'href="{adresse}"' in page.html
    assert "Proposer cette fiche" not in page.texte


def test_un_mot_qui_ne_ressemble_a_aucun_lieu_n_en_amene_pas(client, lieux):
    page = lire(client, q="vacination")
    assert "Vouliez-vous dire" not in page.texte and "Proposer cette fiche" in page.texte


@pytest.mark.parametrize(
    "saisie, mots, possibles",
    [
        ("cc dieppe", "", ["epci:247600786"]),
        ("cls cc dieppe", "cls", ["epci:247600786"]),
        ("cls métropole de Dieppe", "cls", ["epci:247600786"]),
        ("asv interco elbeuf", "asv", ["epci:200023414"]),
    ],
)
def test_une_autre_sorte_que_celle_dite_est_demandee(lieux, saisie, mots, possibles):
    separation = separer(saisie)
    assert separation.territoire is None and separation.mots == mots
    assert [lieu.designation for lieu in separation.possibles] == possibles


def test_deux_lieux_de_la_sorte_dite_sont_demandes(client, lieux):
    for code, nom in (("200069730", "CC Terroir de Caux"), ("200070159", "CC Plateau de Caux")):
        territoire("epci", code, nom, sous_nature="CC")
    page = lire(client, q="cc caux")
    assert "Vouliez-vous dire" in page.texte and page.titres == [] and "Proposer cette fiche" not in page.texte
    assert 'href="/fiches/?territoire=epci:200069730">CC Terroir de Caux' in page.html


def test_un_lieu_seul_se_propose_avec_sa_page(client, lieux):
    page = lire(client, q="agglo rouen")
    assert 'href="/territoires/epci/200023414/">Métropole Rouen Normandie' in page.html
    assert 'name="territoire" value="epci:200023414" checked' in page.html


def test_un_quartier_inconnu_de_sa_ville_mene_aux_siens(client, lieux):
    page = lire(client, q="QPV les violettes rouen")
    assert "2 quartiers prioritaires" in page.texte and "Les Hauts de Rouen" in page.texte


def test_ce_qu_on_ne_sait_pas_se_dit_au_feminin(client, lieux):
    fiche_dispositif(slug="mediation", titre="Médiation en santé")
    page = lire(client, q="médiation en santé Rouen").texte
    assert "On ne sait pas s’il y a une médiation en santé ici" in page


def test_un_quartier_presque_nomme_est_demande(client, lieux):
    page = lire(client, q="quartier les sapin")
    assert 'href="/fiches/?territoire=qpv:QN07620M">Les Hauts de Rouen' in page.html
