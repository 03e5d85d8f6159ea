"""French as the templates write it."""

import pytest
from django.template import Context, Template

from francais.balises import de, insecables


@pytest.mark.parametrize(
    "nom, attendu",
    [
        ("Rouen", "de Rouen"),
        ("Oissel-sur-Seine", "d’Oissel-sur-Seine"),
        ("Évreux", "d’Évreux"),
        ("Yvetot", "d’Yvetot"),
        ("Le Havre", "du Havre"),
        ("Les Lilas", "des Lilas"),
        ("La Courneuve", "de La Courneuve"),
        ("Hénin-Beaumont", "de Hénin-Beaumont"),
        ("", "de "),
    ],
)
def test_un_nom_s_ecrit_apres_de(nom, attendu):
    assert de(nom) == attendu


def test_aucune_ligne_d_un_message_ne_commence_par_un_deux_points():
    assert insecables("Trop long : « Coût » ! 12 %") == "Trop long\xa0: «\xa0Coût\xa0»\xa0! 12\xa0%"


def test_un_message_reste_echappe():
    assert Template("{{ m|insecables }}").render(Context({"m": "<b> : </b>"})) == "&lt;b&gt;\xa0: &lt;/b&gt;"
