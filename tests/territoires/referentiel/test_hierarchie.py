"""What contains what: facts, and what follows from them, never by blind transitivity."""

import pytest
from django.db.models import Count, F

from territoires.models import Inclusion, Territoire


def codes(territoires, nature: str) -> set[str]:
    return {t.code for t in territoires.filter(nature=nature)}


def partielle(contenu: Territoire, contenant: Territoire) -> bool:
    return Inclusion.objects.get(contenu=contenu, contenant=contenant).partielle


def test_chaque_territoire_est_dans_lui_meme(referentiel):
    soi = Inclusion.objects.filter(contenu=F("contenant"))
    assert soi.count() == Territoire.objects.count()
    assert not soi.filter(partielle=True).exists()


def test_une_commune_dans_son_epci_son_departement_sa_region(referentiel):
    contenants = Territoire.objects.contenant(referentiel("commune:76484"))
    assert {f"{t.nature}:{t.code}" for t in contenants} == {"epci:200023414", "departement:76", "region:28"}


def test_un_epci_a_cheval_est_en_partie_dans_chaque_departement(referentiel):
    villes_soeurs = referentiel("epci:247600588")
    contenants = Territoire.objects.contenant(villes_soeurs)
    assert codes(contenants, "departement") == {"76", "80"}
    assert codes(contenants, "region") == {"28", "32"}
    assert all(partielle(villes_soeurs, c) for c in contenants.filter(nature__in=["departement", "region"]))


def test_une_commune_d_un_epci_a_cheval_n_est_que_dans_son_departement(referentiel):
    eu = Territoire.objects.contenant(referentiel("commune:76255"))
    assert codes(eu, "departement") == {"76"} and codes(eu, "region") == {"28"}


def test_un_epci_d_un_seul_departement_y_est_en_entier(referentiel):
    assert not partielle(referentiel("epci:200023414"), referentiel("departement:76"))


def test_les_quartiers_sur_plusieurs_communes(referentiel):
    # The list of 2024 says 149; one of them was in Pierrefitte and Saint-Denis, a single commune since 2025.
    dans = Inclusion.objects.filter(contenu__nature="qpv", contenant__nature="commune")
    par_quartier = dans.values("contenu").annotate(n=Count("pk"))
    assert par_quartier.filter(n__gt=1).count() == 148
    assert par_quartier.filter(n=5).count() == 1
    assert dans.filter(partielle=True).count() == 114 * 2 + 26 * 3 + 7 * 4 + 5


def test_le_quartier_aux_cinq_communes(referentiel):
    quartier = referentiel("qpv:QN05921M")
    communes = Territoire.objects.contenant(quartier).filter(nature="commune")
    assert communes.count() == 5
    assert all(partielle(quartier, commune) for commune in communes)


def test_les_quartiers_sur_deux_epci(referentiel):
    dans = Inclusion.objects.filter(contenu__nature="qpv", contenant__nature="epci")
    hors_ept = dans.exclude(contenant__sous_nature="EPT")
    assert hors_ept.values("contenu").annotate(n=Count("pk")).filter(n=2).count() == 10
    contenants = Territoire.objects.contenant(referentiel("qpv:QN09502I")).filter(nature="epci")
    assert contenants.exclude(sous_nature="EPT").count() == 2


def test_aucun_quartier_sur_deux_departements(referentiel):
    dans = Inclusion.objects.filter(contenu__nature="qpv", contenant__nature="departement")
    assert dans.count() == 1_584
    assert not dans.filter(partielle=True).exists()


def test_un_quartier_du_grand_paris_est_dans_l_ept_et_la_metropole(referentiel):
    ept = referentiel("epci:200057867")
    quartier = Territoire.objects.contenus_dans(ept).filter(nature="qpv").first()
    assert {"200057867", "200054781"} <= codes(Territoire.objects.contenant(quartier), "epci")
    assert "200054781" in codes(Territoire.objects.contenant(ept), "epci")


def test_paris_n_est_dans_aucun_ept(referentiel):
    assert codes(Territoire.objects.contenant(referentiel("commune:75056")), "epci") == {"200054781"}


@pytest.mark.parametrize("departement, region", [("2A", "94"), ("2B", "94"), ("971", "01"), ("976", "06")])
def test_corse_et_outre_mer_ont_leur_region(referentiel, departement, region):
    assert codes(Territoire.objects.contenant(referentiel(f"departement:{departement}")), "region") == {region}


def test_une_collectivite_d_outre_mer_n_est_dans_aucune_region(referentiel):
    assert not Territoire.objects.contenant(referentiel("departement:987")).exists()


def test_aucun_cycle(referentiel):
    plus_petit = {"qpv": 0, "commune": 1, "epci": 2, "perimetre": 3, "departement": 4, "region": 5}
    couples = Inclusion.objects.exclude(contenu=F("contenant")).values_list(
        "contenu__nature", "contenant__nature", "contenu__sous_nature"
    )
    for contenu, contenant, sous_nature in couples.distinct():
        assert plus_petit[contenu] < plus_petit[contenant] or sous_nature == "EPT"


def test_ce_qui_concerne_un_territoire_va_vers_le_haut_et_vers_le_bas(referentiel):
    rouen = referentiel("commune:76540")
    contenants, contenus = Territoire.objects.contenant(rouen), Territoire.objects.contenus_dans(rouen)
    assert not codes(contenants, "commune") and not codes(contenus, "commune")
    assert {"76"} == codes(contenants, "departement")
    assert "QN07620M" in codes(contenus, "qpv")


def test_ce_que_contient_une_region_se_lit_par_l_index(referentiel, django_assert_num_queries):
    region = referentiel("region:28")
    with django_assert_num_queries(1):
        assert Territoire.objects.contenus_dans(region).filter(nature="commune").count() > 2_500


def test_un_quartier_qui_deborde_d_un_ept_n_y_est_qu_en_partie(referentiel):
    # Argenteuil is in the EPT, Bezons is not.
    inclusion = referentiel("qpv:QN09502I").inclusions.get(contenant__sous_nature="EPT")
    assert inclusion.partielle
