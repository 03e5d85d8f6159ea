"""The article of a territory, in a sentence."""

import pytest

from territoires.articles import avec_article, la_ou
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


@pytest.mark.parametrize(
    "nature, nom, dit",
    [
        ("commune", "Rouen", "à Rouen"),
        ("commune", "Le Havre", "au Havre"),
        ("commune", "Les Andelys", "aux Andelys"),
        ("commune", "La Rochelle", "à La Rochelle"),
        ("commune", "L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
        ("commune", "Lescar", "à Lescar"),
        ("departement", "Seine-Maritime", "en Seine-Maritime"),
        ("departement", "Ille-et-Vilaine", "en Ille-et-Vilaine"),
        ("departement", "Somme", "dans la Somme"),
        ("departement", "Eure", "dans l’Eure"),
        ("departement", "Nord", "dans le Nord"),
        ("departement", "Val-de-Marne", "dans le Val-de-Marne"),
        ("departement", "Côtes-d'Armor", "dans les Côtes-d'Armor"),
        ("departement", "Paris", "à Paris"),
        ("departement", "Mayotte", "à Mayotte"),
        ("region", "Normandie", "en Normandie"),
        ("region", "Île-de-France", "en Île-de-France"),
        ("region", "Provence-Alpes-Côte d'Azur", "en Provence-Alpes-Côte d'Azur"),
        ("region", "Hauts-de-France", "dans les Hauts-de-France"),
        ("region", "Grand Est", "dans le Grand Est"),
        ("region", "La Réunion", "à La Réunion"),
        ("epci", "Métropole Rouen Normandie", "dans la Métropole Rouen Normandie"),
        ("epci", "Nantes Métropole", "à Nantes Métropole"),
        ("qpv", "Centre ville", "dans le quartier Centre ville"),
    ],
)
def test_on_est_quelque_part_en_francais(nature, nom, dit):
    assert la_ou(Territoire(nature=nature, nom=nom)) == dit
