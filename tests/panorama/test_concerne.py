from datetime import date

import pytest

from panorama.concerne import ce_qui_concerne
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 23)


@pytest.fixture
def lieux():
    departement = territoire("departement", "76", "Seine-Maritime")
    metropole = territoire("epci", "200023414", "Métropole", dans=[departement])
    oissel = territoire("commune", "76484", "Oissel", dans=[metropole, departement])
    rouen = territoire("commune", "76540", "Rouen", dans=[metropole, departement])
    return {"departement": departement, "metropole": metropole, "oissel": oissel, "rouen": rouen}


def titres(groupes) -> list[str]:
    return [ligne.fiche.titre for groupe in groupes for ligne in groupe.lignes]


def test_une_commune_est_couverte_via_sa_metropole(lieux):
    fiche_locale(titre="CLS", sur=[lieux["metropole"]])
    concerne = ce_qui_concerne(lieux["oissel"], JOUR)
    assert titres(concerne.partout) == ["CLS"]
    assert concerne.partout[0].lignes[0].perimetre.en_mots == "via Métropole"


def test_ce_qui_couvre_une_commune_ne_couvre_qu_une_partie_du_departement(lieux):
    fiche_locale(titre="ASV", sur=[lieux["rouen"]])
    concerne = ce_qui_concerne(lieux["departement"], JOUR)
    assert (titres(concerne.partout), titres(concerne.en_partie)) == ([], ["ASV"])
    assert concerne.en_partie[0].lignes[0].perimetre.en_mots == "en partie\u00a0: Rouen"


def test_ce_qui_couvre_une_commune_ne_concerne_pas_sa_voisine(lieux):
    fiche_locale(sur=[lieux["rouen"]])
    concerne = ce_qui_concerne(lieux["oissel"], JOUR)
    assert not concerne.partout and not concerne.en_partie


@pytest.mark.parametrize("lieu", ["oissel", "metropole", "departement"])
def test_un_perimetre_incertain_ne_couvre_rien_pas_meme_ce_qu_il_nomme(lieux, lieu):
    fiche_locale(titre="CLS du pays", sur=[lieux["metropole"]], perimetre_incertain=True)
    concerne = ce_qui_concerne(lieux[lieu], JOUR)
    assert (titres(concerne.partout), titres(concerne.en_partie)) == ([], ["CLS du pays"])
    dit = concerne.en_partie[0].lignes[0].perimetre.en_mots
    assert dit == "périmètre incertain, au plus près\u00a0: Métropole"


def test_des_perimetres_incertains_ne_se_reunissent_pas(lieux):
    fiche_locale(titre="CMT", sur=[lieux["rouen"], lieux["oissel"]], perimetre_incertain=True)
    assert titres(ce_qui_concerne(lieux["metropole"], JOUR).en_partie) == ["CMT"]


@pytest.mark.parametrize(
    "lieu, dit",
    [
        ("oissel", "pour la commune"),
        ("metropole", "pour toute l’intercommunalité"),
        ("departement", "pour tout le département"),
    ],
)
def test_ce_qui_est_attache_au_territoire_dit_pour_qui_sans_dire_qu_il_le_couvre(lieux, lieu, dit):
    fiche_locale(sur=[lieux[lieu]], constats=[constat("actif", "2016-04")])
    assert ce_qui_concerne(lieux[lieu], JOUR).partout[0].lignes[0].perimetre.en_mots == dit


def test_les_postes_decrits_par_une_seule_fiche_comptent_pour_plusieurs(lieux):
    fiche_dispositif(slug="cmt")
    fiche_locale(dispositif="cmt", nombre=2, sur=[lieux["oissel"]])
    assert ce_qui_concerne(lieux["departement"], JOUR).comptes == {"cmt": 2}


def test_un_quartier_a_cheval_n_est_couvert_qu_en_partie(lieux):
    qpv = territoire("qpv", "QN07620M", "Hauts", dans=[lieux["rouen"], lieux["oissel"]], partielle=True)
    fiche_locale(sur=[lieux["rouen"]])
    assert ce_qui_concerne(qpv, JOUR).en_partie[0].lignes[0].perimetre.en_mots == "en partie, via Rouen"


def test_toutes_les_communes_d_une_intercommunalite_la_couvrent_en_entier(lieux):
    fiche_locale(titre="CMT", sur=[lieux["rouen"], lieux["oissel"]])
    concerne = ce_qui_concerne(lieux["metropole"], JOUR)
    assert titres(concerne.partout) == ["CMT"]
    assert concerne.partout[0].lignes[0].perimetre.en_mots == "en entier, via Oissel, Rouen"


def test_une_commune_de_moins_et_ce_n_est_plus_qu_une_partie(lieux):
    territoire("commune", "76095", "Bihorel", dans=[lieux["metropole"]])
    fiche_locale(titre="CMT", sur=[lieux["rouen"], lieux["oissel"]])
    assert titres(ce_qui_concerne(lieux["metropole"], JOUR).en_partie) == ["CMT"]


def test_un_quartier_a_cheval_est_entier_si_ses_deux_communes_sont_couvertes(lieux):
    qpv = territoire("qpv", "QN07620M", "Hauts", dans=[lieux["rouen"], lieux["oissel"]], partielle=True)
    fiche_locale(titre="ASV", sur=[lieux["rouen"], lieux["oissel"]])
    assert titres(ce_qui_concerne(qpv, JOUR).partout) == ["ASV"]


def test_trois_requetes_quel_que_soit_le_nombre_de_fiches(lieux, django_assert_num_queries):
    for _ in range(6):
        fiche_locale(sur=[lieux["rouen"]])
        fiche_action(sur=[lieux["metropole"]])
    with django_assert_num_queries(3):
        assert len(ce_qui_concerne(lieux["departement"], JOUR).actions) == 6
