"""What is loaded: the counts of the official sources, the known traps, and nothing more the second time."""

from django.core.management import call_command
from django.db.models import Count, Q

from territoires.models import Inclusion, Succession, Territoire


def combien(**criteres) -> int:
    return Territoire.objects.actifs().filter(**criteres).count()


def test_les_comptes_officiels(referentiel):
    assert combien(nature="region") == 18
    assert combien(nature="departement", sous_nature="") == 101
    assert combien(nature="epci") == 1_253 + 11
    assert combien(nature="epci", sous_nature="EPT") == 11
    assert combien(nature="qpv") == 1_584


def test_les_communes_hors_collectivites_d_outre_mer(referentiel):
    com = set(Territoire.objects.filter(sous_nature="COM").values_list("code", flat=True))
    communes = Territoire.objects.actifs().filter(nature="commune")
    assert communes.count() == 34_969
    assert communes.exclude(departements__overlap=list(com)).exclude(code="98901").count() == 34_875


def test_les_natures_des_epci(referentiel):
    comptes = dict(Territoire.objects.actifs().filter(nature="epci").values_list("sous_nature").annotate(Count("pk")))
    assert comptes == {"CC": 987, "CA": 230, "CU": 14, "METRO": 21, "MET69": 1, "EPT": 11}


def test_les_fusions_du_1er_janvier_2026(referentiel):
    assert referentiel("epci:994579670").nom == "CC du Lévézou"
    assert not Territoire.objects.actifs().filter(code__in=["241200658", "241200765", "245701222", "245701362"])
    thionville = referentiel("epci:992367730")
    quartiers = Territoire.objects.contenus_dans(thionville).filter(nature="qpv")
    assert {f"QN0570{n}M" for n in range(5, 10)} <= {q.code for q in quartiers}


def test_les_quatre_iles_sans_epci(referentiel):
    sans = (
        Territoire.objects.actifs()
        .filter(nature="commune")
        .exclude(pk__in=Inclusion.objects.filter(contenant__nature="epci").values("contenu"))
        .exclude(departements__overlap=["975", "977", "978", "984", "986", "987", "988"])
        .exclude(code="98901")
    )
    assert {t.code for t in sans} == {"22016", "29083", "29155", "85113"}


def test_une_commune_a_ses_codes_postaux_sa_population_datee_et_son_point(referentiel):
    rouen = referentiel("commune:76540")
    assert {"76000", "76100"} <= set(rouen.codes_postaux)
    assert rouen.population > 100_000 and rouen.population_annee == 2023 and rouen.population_source
    assert 1.0 < rouen.longitude < 1.2 and 49.4 < rouen.latitude < 49.5


def test_les_recensements_d_outre_mer_ont_leur_propre_annee(referentiel):
    assert referentiel("commune:97611").population_annee == 2017
    assert referentiel("departement:976").population_annee == 2017
    assert referentiel("commune:98735").population_annee == 2022


def test_la_population_d_un_departement_est_la_somme_de_ses_communes(referentiel):
    paris = referentiel("departement:75")
    assert paris.population == referentiel("commune:75056").population


def test_la_corse_et_l_outre_mer(referentiel):
    assert str(referentiel("departement:2A")) == "Corse-du-Sud (2A)"
    assert referentiel("commune:2A004").departements == ["2A"]
    assert referentiel("commune:97411").departements == ["974"]
    assert referentiel("departement:987").sous_nature == "COM"


def test_les_quartiers_a_noms_difficiles(referentiel):
    assert "," in referentiel("qpv:QN01202M").nom and "," in referentiel("qpv:QN03016M").nom
    assert not Territoire.objects.filter(nom__regex="[\u0080-\u009f]").exists()


def test_boueni_est_dans_sa_commune(referentiel):
    boueni = referentiel("qpv:QN97654C")
    assert [t.code for t in Territoire.objects.contenant(boueni).filter(nature="commune")] == ["97604"]


def test_les_quartiers_de_pierrefitte_sont_dans_saint_denis(referentiel):
    assert referentiel("commune:93059").est_ferme
    saint_denis = referentiel("commune:93066")
    assert Territoire.objects.contenus_dans(saint_denis).filter(nature="qpv").count() >= 2


def test_les_quartiers_de_saint_martin_et_de_polynesie(referentiel):
    for code, combien_de_quartiers in (("978", 3), ("987", 88)):
        collectivite = referentiel(f"departement:{code}")
        assert Territoire.objects.contenus_dans(collectivite).filter(nature="qpv").count() == combien_de_quartiers


def test_une_ancienne_commune_mene_a_celle_d_aujourd_hui(referentiel):
    succession = Succession.objects.get(ancien__code="93059")
    assert succession.nouveau.code == "93066"


def test_toute_ancienne_commune_a_un_successeur_ouvert(referentiel):
    orphelines = Territoire.objects.filter(fin__isnull=False).annotate(
        suites=Count("successeurs", filter=Q(successeurs__nouveau__fin__isnull=True))
    )
    assert not orphelines.filter(suites=0).exists()


def test_charger_une_seconde_fois_ne_change_rien_et_le_dit(referentiel, capsys):
    call_command("charger_territoires")
    assert "Rien n’a changé." in capsys.readouterr().out


def test_les_territoires_de_projet_ont_leurs_membres_et_leur_source(referentiel):
    brest = referentiel("perimetre:pays-de-brest")
    communes = Territoire.objects.contenus_dans(brest).filter(nature="commune")
    assert communes.count() == 103 and brest.departements == ["29"]
    assert not communes.exclude(departements=["29"]).exists()


def test_un_territoire_de_projet_mal_connu_n_a_pas_de_commune(referentiel):
    amienois = referentiel("perimetre:grand-sud-amienois")
    assert not Territoire.objects.contenus_dans(amienois).exists() and amienois.departements == ["80"]
