"""Dates as precise as their source: read as people write them, bounded, sorted, written."""

from datetime import date

import pytest

from francais.dates import DatePartielle, il_y_a


@pytest.mark.parametrize(
    "ecrite, lue",
    [
        ("2021", "2021"),
        ("2021-09", "2021-09"),
        ("2021-09-27", "2021-09-27"),
        ("sept. 2021", "2021-09"),
        ("Septembre 2021", "2021-09"),
        ("09/2021", "2021-09"),
        ("9/2021", "2021-09"),
        ("12/03/2021", "2021-03-12"),
        ("12.03.2021", "2021-03-12"),
        ("1er mars 2021", "2021-03-01"),
        (" 27 septembre\u00a02021 ", "2021-09-27"),
        ("févr. 2024", "2024-02"),
        ("déc 1999", "1999-12"),
        ("août 2022", "2022-08"),
        ("29/02/2024", "2024-02-29"),
        ("juil. 2020", "2020-07"),
    ],
)
def test_une_date_se_lit_comme_on_l_ecrit(ecrite, lue):
    assert DatePartielle.lire(ecrite) == lue


@pytest.mark.parametrize(
    "ecrite",
    [
        *("", "octobre", "jui 2021", "2021-13", "2021-00-00", "31/02/2021", "29/02/2023", "13/2021", "09/21", "21"),
        *("2021-9", "1899", "2101", "20211002", "2021-10-02\n9", "0000", "demain", "12/03/2021 ou après", "9" * 10_000),
    ],
)
def test_ce_qui_n_est_pas_une_date_est_refuse(ecrite):
    with pytest.raises(ValueError, match="date|année|jour"):
        DatePartielle.lire(ecrite)


@pytest.mark.parametrize(
    "ecrite, premier, dernier",
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2021-09-27", date(2021, 9, 27), date(2021, 9, 27)),
        ("", None, None),
    ],
)
def test_une_date_a_un_premier_et_un_dernier_jour(ecrite, premier, dernier):
    assert (DatePartielle(ecrite).premier_jour, DatePartielle(ecrite).dernier_jour) == (premier, dernier)


def test_les_dates_se_rangent_les_moins_precises_d_abord():
    assert sorted(map(DatePartielle, ["2022", "2021-10", "2021-09-27", "2021", "2021-09"])) == [
        "2021", "2021-09", "2021-09-27", "2021-10", "2022",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "ecrite, mots, situee",
    [
        ("2021", "2021", "en 2021"),
        ("2021-09", "septembre\u00a02021", "en septembre\u00a02021"),
        ("2021-03-01", "1er\u00a0mars\u00a02021", "le 1er\u00a0mars\u00a02021"),
        ("", "", ""),
    ],
)
def test_une_date_s_ecrit_en_francais(ecrite, mots, situee):
    assert (DatePartielle(ecrite).en_mots, DatePartielle(ecrite).situee) == (mots, situee)


@pytest.mark.parametrize(
    "mois, jour, avant",
    [
        (24, date(2026, 11, 23), date(2024, 11, 23)),
        (1, date(2024, 3, 31), date(2024, 2, 29)),
        (12, date(2024, 2, 29), date(2023, 2, 28)),
        (-12, date(2026, 11, 23), date(2027, 11, 23)),
        (11, date(2026, 11, 1), date(2025, 12, 1)),
    ],
)
def test_tant_de_mois_avant(mois, jour, avant):
    assert il_y_a(mois, jour) == avant
