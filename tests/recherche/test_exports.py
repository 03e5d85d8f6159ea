import pytest

from recherche.exports import reponse_csv, sans_formule


@pytest.mark.parametrize("texte", ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1+1", "＠SUM(A1)"])
def test_une_cellule_n_est_jamais_une_formule(texte):
    assert sans_formule(texte) == f"'{texte}"


def test_le_csv_s_ouvre_dans_un_tableur_francais():
    reponse = reponse_csv("essai", [["a", "é;è"]])
    assert reponse.content.decode("utf-8") == '\ufeffa;"é;è"\r\n'
