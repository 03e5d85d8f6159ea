"""The declaration of accessibility: complete as the law wants it, true to its audit, « non conforme » unsigned."""

import ast
from datetime import date

import pytest
import time_machine
from django.conf import settings as reglages
from django.test import Client
from django.urls import resolve

from config.accessibilite import A_DIRE, CONFORME, ETATS, NON_APPLICABLE, THEMATIQUES, audit
from tests.balisage import texte

pytestmark = pytest.mark.django_db
PAR_THEMATIQUE = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12]  # of the RGAA 4.1.2: 106 criteria
SIGNEE = {
    "ORGANISME": "La métropole de Valmont",
    "CONTACT_ACCESSIBILITE": "mailto:acces@valmont.exemple.fr",
    "SCHEMA_ACCESSIBILITE": "https://valmont.exemple.fr/schema",
    "DECLARATION_ACCESSIBILITE": date(2026, 12, 1),
}
CRITERES = audit().criteres


@pytest.fixture
def signer(settings):
    def poser(**dits) -> str:
        for nom, valeur in dits.items():
            setattr(settings, nom, valeur)
        return texte(Client().get("/accessibilite/").text)

    return poser


def test_l_audit_a_les_106_criteres_dans_leur_ordre():
    attendus = [f"{n}.{i}" for n, combien in enumerate(PAR_THEMATIQUE, 1) for i in range(1, combien + 1)]
    assert [critere.numero for critere in CRITERES] == attendus and len(attendus) == 106
    assert len(THEMATIQUES) == len(PAR_THEMATIQUE)


@pytest.mark.parametrize("critere", CRITERES, ids=lambda critere: critere.numero)
def test_un_critere_a_un_etat_connu_une_preuve_et_une_date(critere):
    assert critere.etat in ETATS
    assert critere.titre and len(critere.preuve) > 5
    assert date(2026, 1, 1) <= critere.le <= audit().le


def test_un_test_nomme_existe_et_veille_sur_un_critere_conforme():
    for critere in CRITERES:
        assert not critere.tests or critere.etat == CONFORME, critere.numero
        for test in critere.tests:
            fichier, _, nom = test.partition("::")
            arbre = ast.parse((reglages.BASE_DIR / fichier).read_text(encoding="utf-8"))
            assert nom in {noeud.name for noeud in arbre.body if isinstance(noeud, ast.FunctionDef)}, test


def test_ce_qu_un_test_de_maison_regarde_le_nomme():
    """Each rule of tests/acces.py and of the keyboard is the proof of a criterion."""
    surveilles = {critere.numero for critere in CRITERES if critere.tests}
    assert {"3.2", "3.3", "5.4", "6.1", "7.3", "10.4", "10.7", "10.11", "10.12", "11.10", "12.7", "12.8"} <= surveilles


def test_les_pages_de_l_echantillon_existent():
    assert len(audit().pages) >= 15
    for nom, adresse in audit().pages:
        assert nom and resolve(adresse.partition("?")[0])


def test_le_taux_ne_compte_que_les_criteres_applicables():
    sans_objet = sum(critere.etat == NON_APPLICABLE for critere in CRITERES)
    assert audit().applicables == 106 - sans_objet
    assert audit().taux <= 100 * audit().conformes / audit().applicables


def test_sans_exploitant_le_site_est_non_conforme_et_dit_son_taux(signer):
    page = signer()
    assert "est non conforme avec le référentiel" in page
    assert "Tant que personne n’en répond, un site est dit non conforme, quel que soit le taux" in page
    assert f"{audit().conformes} sur {audit().applicables}" in page
    assert "Il reste à l’organisme à dire : " + " ; ".join(A_DIRE.values()) in page


@pytest.mark.parametrize("oubli", SIGNEE)
def test_une_declaration_incomplete_reste_non_conforme(signer, oubli):
    page = signer(**SIGNEE | {oubli: None})
    assert "est non conforme avec le référentiel" in page and A_DIRE[oubli] in page


def test_une_declaration_signee_porte_l_etat_de_l_audit(signer):
    page = signer(**SIGNEE)
    etat = "partiellement conforme" if audit().manques else "totalement conforme"
    assert f"est {etat} avec le référentiel" in page
    assert "La métropole de Valmont s’engage à rendre ce site accessible" in page
    assert "établie le 1 décembre 2026" in page
    assert f"Accessibilité : {etat}" in page


def test_un_audit_de_plus_de_trois_ans_ne_vaut_plus(signer):
    with time_machine.travel(audit().le.replace(year=audit().le.year + 3, month=12, day=28), tick=False):
        page = signer(**SIGNEE)
    assert "est non conforme avec le référentiel" in page
    assert "Son audit a plus de trois ans : le site est dit non conforme, quel que soit le taux" in page


@pytest.mark.parametrize(
    "partie",
    [
        "loi n° 2005-102 du 11 février 2005", "décret n° 2019-768", "État de conformité", "Résultats des tests",
        "Contenus non accessibles", "Non-conformités", "Dérogations pour charge disproportionnée",
        "Contenus non soumis à l’obligation d’accessibilité", "Établissement de cette déclaration",
        "Technologies utilisées", "Environnement de test", "Outils pour évaluer", "Pages du site ayant fait l’objet",
        "Retour d’information et contact", "Voies de recours", "Libre réponse 71120", "schéma pluriannuel",
    ],
)  # fmt: skip
@pytest.mark.parametrize("signee", [False, True])
def test_la_declaration_a_toutes_ses_parties(signer, partie, signee):
    assert partie in signer(**SIGNEE if signee else {})


@pytest.mark.parametrize("adresse", ["/", "/aide/", "/nulle-part/", "/comptes/connexion/"])
def test_chaque_page_dit_l_etat_de_conformite(client, adresse):
    assert "Accessibilité : non conforme" in texte(client.get(adresse).text)
