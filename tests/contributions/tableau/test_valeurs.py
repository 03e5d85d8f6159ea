"""Cells are read as people write them: what is sure is mended, what is not is asked."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.tableau.valeurs import (
    lire_date,
    lire_duree,
    lire_etat,
    lire_rang,
    nettoyer,
    reparer,
    terme,
)
from dispositifs.age import Constat
from francais.dates import DatePartielle

FRANCAIS = st.text("abcdefghijklmnopqrstuvwxyzéèêëàâçîïôùûœ’ -«»ABCÉÈÀÇŒ0123456789°…")


@pytest.mark.parametrize(
    "ecrite, lue",
    [
        ("01/09/2021", "2021-09-01"),
        ("1/9/21", "2021-09-01"),
        ("01-09-2021", "2021-09-01"),
        ("2021-09-01 00:00:00", "2021-09-01"),
        ("44440", "2021-09-01"),
        ("sept. 2021", "2021-09"),
        ("sept-21", "2021-09"),
        ("09/2021", "2021-09"),
        ("signé le 12 mars 2021", "2021-03-12"),
        ("12/03/2021 (avenant en cours)", "2021-03-12"),
        ("T3 2022", "2022"),
        ("1er semestre 2023", "2023"),
        ("courant 2024", "2024"),
        ("2021", "2021"),
        ("NC", ""),
        ("à préciser", ""),
    ],
)
def test_une_date_se_lit_comme_on_l_ecrit_sans_devenir_plus_precise(ecrite, lue):
    assert lire_date(ecrite).le == lue


def test_une_periode_donne_un_debut_et_une_fin():
    dite = lire_date("2021-2026")
    assert (dite.le, dite.fin) == ("2021", "2026")


@pytest.mark.parametrize(
    "ecrite, le, etat",
    [
        ("en cours de signature", "", Constat.EN_PROJET),
        ("reconduit", "", Constat.ACTIF),
        ("reconduit jusqu’en 2027", "2027", Constat.ACTIF),
        ("2026 (reconduit)", "2026", Constat.ACTIF),
    ],
)
def test_un_etat_ecrit_a_la_place_d_une_date_est_compris(ecrite, le, etat):
    dite = lire_date(ecrite)
    assert (dite.le, dite.etat) == (le, etat)
    assert dite.compris


@pytest.mark.parametrize("ecrite", ["05/12", "31/02/2021", "bientôt", "#REF!", "2026-2021", "12 ou 13 mars 2021"])
def test_une_date_douteuse_se_demande(ecrite):
    with pytest.raises(ValueError, match=r"."):
        lire_date(ecrite)


@pytest.mark.parametrize(
    "ecrit, etat",
    [
        ("Signé", Constat.SIGNE),
        ("EN COURS", Constat.ACTIF),
        ("en cours d’élaboration", Constat.EN_PROJET),
        ("En renouvellement", Constat.ACTIF),
        ("Avenant signé", Constat.ACTIF),
        ("adoptée", Constat.ADOPTE),
        ("Clôturé", Constat.TERMINE),
        ("", None),
    ],
)
def test_un_etat_se_lit(ecrit, etat):
    assert lire_etat(ecrit) == etat


@pytest.mark.parametrize("ecrit", ["Échu", "non", "CLS 2", "non signé", "voir avec l’ARS"])
def test_un_etat_douteux_se_demande(ecrit):
    with pytest.raises(ValueError, match=r"."):
        lire_etat(ecrit)


def test_une_duree_dit_ses_mois_et_d_ou_elle_part():
    assert lire_duree("5 ans à partir de sept. 2021") == (60, "sept. 2021")
    assert lire_duree("cinq ans") == lire_duree("5") == lire_duree("60 mois") == (60, "")
    with pytest.raises(ValueError, match="durée"):
        lire_duree("longtemps")


@pytest.mark.parametrize(
    "debut, mois, fin",
    [
        ("2021", 60, "2026"),
        ("2021", 18, ""),
        ("2021-09", 18, "2023-03"),
        ("2021-09-01", 60, "2026-08-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2021-01-31", 1, "2021-02-28"),
    ],
)
def test_le_terme_est_aussi_precis_que_le_debut(debut, mois, fin):
    assert terme(DatePartielle(debut), mois) == fin


def test_un_rang_se_lit_en_chiffres_ou_en_lettres():
    assert [lire_rang(ecrit) for ecrit in ("CLS 2", "2e", "II", "3ème génération", "")] == [2, 2, 2, 3, None]
    with pytest.raises(ValueError, match="rang"):
        lire_rang("99")


@given(FRANCAIS)
def test_des_accents_perdus_reviennent_et_un_texte_juste_ne_bouge_pas(texte):
    assert reparer(texte) == texte
    abime = texte.encode().decode("cp1252", "ignore")
    if abime.isascii() or len(abime) == len(texte.encode()):  # nothing was lost on the way
        assert reparer(abime) == texte


def test_ce_que_les_tableurs_ajoutent_s_enleve():
    assert [nettoyer(t) for t in ('="01053"', "'2a004", " a  b ", "a\r\n\n b")] == ["01053", "2a004", "a b", "a\nb"]


@given(st.text(max_size=60))
def test_quoi_que_dise_une_cellule_on_la_lit_ou_on_la_demande(texte):
    for lire in (lire_date, lire_etat, lire_duree, lire_rang):
        with suppress(ValueError):
            lire(texte)
