"""The memory of pages: bounded in bytes, whoever asks for what, from several threads at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from config.memoire import Memoire, Page

LE_JOUR = datetime(2026, 11, 26, tzinfo=UTC)


def page(octets: int = 10, **entetes: str) -> Page:
    return Page(b"x" * octets, entetes, LE_JOUR)


def test_on_relit_ce_qui_est_garde():
    memoire = Memoire(10_000)
    memoire.garder("/aide/", page())
    assert memoire.lire("/aide/") == page() and memoire.lire("/carte/") is None


def test_ce_qui_n_a_pas_ete_lu_depuis_le_plus_longtemps_part_d_abord():
    memoire = Memoire(3 * 1_600)
    for adresse in "abc":
        memoire.garder(adresse, page(1_000))
    memoire.lire("a")
    memoire.garder("d", page(1_000))
    assert list(memoire.pages) == ["c", "a", "d"]


def test_les_entetes_et_les_adresses_comptent():
    for cle, une in (("a" * 9_000, page()), ("a", page(Lien="b" * 9_000)), ("a", page(9_000))):
        memoire = Memoire(20_000)
        memoire.garder(cle, une)
        assert 9_000 < memoire.octets < 10_500


def test_ce_qui_ne_tient_pas_n_est_pas_garde():
    memoire = Memoire(1_000)
    memoire.garder("a", page(2_000))
    assert (memoire.octets, len(memoire.pages)) == (0, 0)


def test_une_page_remplacee_ne_compte_qu_une_fois():
    memoire = Memoire(10_000)
    for octets in (2_000, 3_000, 1_000):
        memoire.garder("a", page(octets))
    assert memoire.octets < 2_000


def test_plusieurs_fils_ecrivent_sans_fausser_le_compte():
    memoire = Memoire(50_000)

    def remplir(fil: int) -> None:
        for n in range(300):
            memoire.garder(f"/{(fil * n) % 90}/", page(n))
            memoire.lire(f"/{n % 90}/")

    with ThreadPoolExecutor(max_workers=8) as fils:
        list(fils.map(remplir, range(8)))
    assert memoire.octets == sum(memoire._poids(cle) for cle in memoire.pages) <= 50_000
