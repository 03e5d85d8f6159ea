"""Whom to ask, by function: in a région, in a département, and in all that lies there."""

import pytest
from django.db import IntegrityError, transaction

from territoires.models import Contact
from tests.factories import contact, territoire

pytestmark = pytest.mark.django_db


@pytest.fixture
def lieux():
    region = territoire("region", "28", "Normandie")
    departement = territoire("departement", "76", "Seine-Maritime", dans=[region])
    commune = territoire("commune", "76540", "Rouen", dans=[departement, region])
    return {"region": region, "departement": departement, "commune": commune}


def organismes(lieu) -> list[str]:
    return [contact.organisme for contact in Contact.objects.pour(lieu)]


def test_une_commune_herite_de_son_departement_puis_de_sa_region(lieux, django_assert_num_queries):
    contact(lieux["region"], organisme="ARS Normandie")
    contact(lieux["departement"], organisme="ARS Normandie, Seine-Maritime")
    with django_assert_num_queries(1):
        assert organismes(lieux["commune"]) == ["ARS Normandie, Seine-Maritime", "ARS Normandie"]


def test_une_region_ne_montre_pas_ceux_de_ses_departements(lieux):
    contact(lieux["departement"])
    assert organismes(lieux["region"]) == []


def test_ils_sont_ranges_par_fonction(lieux):
    for fonction, organisme in (("handicap", "CREAI"), ("ars", "ARS"), ("ville", "Préfecture")):
        contact(lieux["region"], fonction=fonction, organisme=organisme)
    assert organismes(lieux["commune"]) == ["ARS", "Préfecture", "CREAI"]


def test_un_quartier_a_cheval_a_ceux_de_ses_deux_departements(lieux):
    voisin = territoire("departement", "27", "Eure", dans=[lieux["region"]])
    quartier = territoire("qpv", "QN07601M", dans=[lieux["departement"], voisin], partielle=True)
    contact(lieux["departement"], organisme="DDETS de la Seine-Maritime")
    contact(voisin, organisme="DDETS de l’Eure")
    assert organismes(quartier) == ["DDETS de la Seine-Maritime", "DDETS de l’Eure"]


@pytest.mark.parametrize(
    "champs",
    [
        {"fonction": "maire"},
        {"organisme": ""},
        {"source": ""},
        {"url": "ars.sante.fr"},
        {"telephone": "06 12 34 56 78"},
        {"telephone": "0235585327"},
        {"courriel": "jeanne.exemple@ars.sante.fr"},
    ],
    ids=str,
)
def test_la_base_refuse_ce_qui_n_est_pas_un_service(lieux, champs):
    with pytest.raises(IntegrityError), transaction.atomic():
        contact(lieux["region"], **champs)


@pytest.mark.parametrize(
    "courriel",
    [
        "",
        "ars-normandie-contact@ars.sante.fr",
        "ddets.direction@exemple.gouv.fr",
        "secretariat.general@exemple.gouv.fr",
    ],
)
def test_la_base_accepte_l_adresse_d_un_service(lieux, courriel):
    assert contact(lieux["region"], courriel=courriel).pk
