"""A correspondent of the ARS publishes what only adds dated statements, with a source, in her départements; no more."""

import pytest
from django.core.exceptions import PermissionDenied

from comptes.models import Utilisateur
from comptes.roles import Role
from contributions.models import Habilitation, Journal
from contributions.verbes import decisions_de_lot, lots
from dispositifs.models import DispositifLocal
from tests.comptes.preuves import entrer
from tests.contributions.recits import VU, derniere, ligne
from tests.factories import SOURCE, constat, fiche_locale, personne, publier, relu, territoire

pytestmark = pytest.mark.django_db


@pytest.fixture
def seine_maritime():
    return territoire("departement", "76", "Seine-Maritime")


@pytest.fixture
def elle(seine_maritime) -> Utilisateur:
    personne_habilitee = personne("correspondante", Role.CORRESPONDANT)
    Habilitation.objects.create(utilisateur=personne_habilitee).departements.add(seine_maritime)
    return personne_habilitee


@pytest.fixture
def cls(seine_maritime):
    return fiche_locale(constats=[constat("actif", "2024")], sur=[territoire(dans=[seine_maritime])])


def statuts(lot) -> list[str]:
    return [proposition.statut for proposition in lot.propositions.order_by("ligne")]


def test_un_constat_date_et_source_de_son_departement_se_publie_sans_moderateur(elle, cls):
    lot = lots.deposer(elle, "CLS", [ligne(4, cls, constats=VU)])
    decisions_de_lot.publier(lot, par=elle)
    une = lot.propositions.get()
    assert une.statut == "publiee" and une.version == derniere(cls) and une.decidee_par is None
    assert relu(cls).contenu["constats"] == VU
    assert Journal.objects.get(proposition=une, verbe="publier").qui == elle


@pytest.mark.parametrize(
    "change",
    [
        {"porteur": "Ville"},
        {"constats": VU, "porteur": "Ville"},
        {"constats": [constat("actif", "2025")]},
        {"constats": [constat("actif", "2024"), constat("actif", "2025", source="")]},
        {"constats": VU, "sources": [{"cle": "1", "titre": "Autre", "date": "2025"}]},
        {
            "constats": VU,
            "sources": [{"cle": "1", **SOURCE}, {"cle": "2", "titre": "Sans rapport", "url": "https://pub.example/"}],
        },
    ],
)
def test_tout_le_reste_attend_la_moderation(elle, cls, change):
    lot = lots.deposer(elle, "CLS", [ligne(4, cls, **change), ligne(5)])
    traitement = decisions_de_lot.publier(lot, par=elle)
    assert statuts(lot) == ["soumise", "soumise"] and DispositifLocal.objects.count() == 1
    assert len(relu(traitement).empechees) == 2


def test_hors_de_son_departement_ou_a_cheval_rien_ne_se_publie(elle, seine_maritime):
    eure = territoire("departement", "27", "Eure")
    ailleurs = fiche_locale(constats=[constat("actif", "2024")], sur=[territoire(dans=[eure])])
    a_cheval = territoire("epci", dans=[seine_maritime], partielle=True)
    des_deux = fiche_locale(constats=[constat("actif", "2024")], sur=[a_cheval])
    lot = lots.deposer(elle, "CLS", [ligne(4, ailleurs, constats=VU), ligne(5, des_deux, constats=VU)])
    traitement = decisions_de_lot.publier(lot, par=elle)
    assert statuts(lot) == ["soumise", "soumise"]
    assert all("dans vos départements" in raison for raison in relu(traitement).empechees.values())


def test_la_regle_regarde_ce_qui_serait_publie_maintenant(elle, cls):
    lue = ligne(4, cls, constats=VU)
    publier(cls, porteur="Ville d’Elbeuf")
    lot = lots.deposer(elle, "CLS", [lue])
    decisions_de_lot.publier(lot, par=elle)
    assert statuts(lot) == ["publiee"] and relu(cls).porteur == "Ville d’Elbeuf"


def test_seulement_son_tableau_et_seulement_une_personne_habilitee(elle, cls):
    lot = lots.deposer(personne(), "CLS", [ligne(4, cls, constats=VU)])
    for par in (elle, personne()):
        with pytest.raises(PermissionDenied):
            decisions_de_lot.publier(lot, par=par)


def test_la_page_dit_l_effet_puis_publie(client, elle, cls):
    lot = lots.deposer(elle, "CLS", [ligne(4, cls, constats=VU), ligne(5)])
    adresse = f"{lot.get_absolute_url()}publier/"
    assert adresse not in client.get(lot.get_absolute_url()).text
    assert client.post(adresse).status_code == 403
    entrer(client, elle)
    assert adresse in client.get(lot.get_absolute_url()).text
    page = client.get(adresse).text
    assert (
        "Seine-Maritime" in page
        and "1 fiche à créer" in page.replace("\u00a0", " ")
        and statuts(lot) == ["soumise"] * 2
    )
    assert client.post(adresse).status_code == 303 and statuts(lot) == ["publiee", "soumise"]
    autre = lots.deposer(personne(), "CLS", [ligne(4, cls, constats=[*VU, constat("actif", "2023")])])
    assert client.get(f"{autre.get_absolute_url()}publier/").status_code == 404
