"""French as the templates write it."""

import pytest

from config.balises import de


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
