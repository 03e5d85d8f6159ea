"""The article of a territory, in a sentence."""

import pytest

from territoires.articles import avec_article
from territoires.models import Territoire


@pytest.mark.parametrize(
    "nature, sous_nature, nom, dit",
    [
        ("perimetre", "PETR", "PETR du Pays de Bray", "le PETR du Pays de Bray"),
        ("perimetre", "PAYS", "Pays de Guingamp", "le Pays de Guingamp"),
        ("perimetre", "POLE", "Pôle métropolitain du Pays de Brest", "le Pôle métropolitain du Pays de Brest"),
        ("perimetre", "PETR", "Bresse bourguignonne", "le territoire Bresse bourguignonne"),
        ("epci", "CC", "CC du Pays de Bray", "la CC du Pays de Bray"),
        ("epci", "CA", "CA de la Région Dieppoise", "la CA de la Région Dieppoise"),
        ("epci", "METRO", "Métropole Rouen Normandie", "la Métropole Rouen Normandie"),
        ("epci", "METRO", "Eurométropole de Strasbourg", "l’Eurométropole de Strasbourg"),
        ("epci", "METRO", "Nantes Métropole", "Nantes Métropole"),
        ("epci", "EPT", "Est Ensemble", "l’EPT Est Ensemble"),
        ("qpv", "", "Les Hauts de Rouen", "le quartier Les Hauts de Rouen"),
        ("qpv", "", "Quartier Château Blanc", "le quartier Château Blanc"),
        ("departement", "", "Seine-Maritime", "la Seine-Maritime"),
        ("departement", "", "Eure", "l’Eure"),
        ("departement", "", "Hérault", "l’Hérault"),
        ("departement", "", "Haute-Marne", "la Haute-Marne"),
        ("departement", "", "Nord", "le Nord"),
        ("departement", "", "Côtes-d'Armor", "les Côtes-d'Armor"),
        ("departement", "", "Paris", "Paris"),
        ("region", "", "Hauts-de-France", "les Hauts-de-France"),
        ("region", "", "Île-de-France", "l’Île-de-France"),
        ("region", "", "Grand Est", "le Grand Est"),
        ("region", "", "La Réunion", "La Réunion"),
        ("commune", "", "Le Havre", "Le Havre"),
    ],
)
def test_un_territoire_se_dit_avec_son_article(nature, sous_nature, nom, dit):
    assert avec_article(Territoire(nature=nature, sous_nature=sous_nature, nom=nom)) == dit
