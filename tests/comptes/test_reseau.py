"""The networks a request comes from."""

import pytest
from django.test import RequestFactory

from comptes.reseau import INCONNUS, empreintes, reseaux


def de(adresse: str):
    return RequestFactory().get("/", REMOTE_ADDR=adresse)


@pytest.mark.parametrize(
    "adresse, proche, large",
    [
        ("192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("::ffff:c000:207", "192.0.2.7/32", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("192.0.2.7:4321", "192.0.2.7/32", "192.0.2.0/24"),
        ("[2001:db8:1:2::6]:4321", "2001:db8:1:2::/64", "2001:db8:1::/48"),
    ],
)
def test_les_reseaux_d_une_adresse(adresse, proche, large):
    assert reseaux(de(adresse)) == (proche, large)


@pytest.mark.parametrize("adresse", ["", "unix:", "n’importe quoi", "1.2.3.4.5"])
def test_ce_qui_n_est_pas_une_adresse_est_compte_ensemble(adresse):
    assert reseaux(de(adresse)).proche == "sans adresse" and empreintes(de(adresse)) == INCONNUS


@pytest.mark.parametrize(
    "une, autre, memes",
    [
        ("192.0.2.7", "::ffff:192.0.2.7", (True, True)),
        ("192.0.2.7", "192.0.2.200", (False, True)),
        ("192.0.2.7", "192.0.3.7", (False, False)),
        ("::ffff:192.0.2.7", "192.0.2.8", (False, True)),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", (True, True)),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", (False, True)),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", (False, False)),
    ],
)
def test_les_empreintes_des_reseaux_ne_disent_pas_lesquels(une, autre, memes):
    d_une, d_autre = empreintes(de(une)), empreintes(de(autre))
    assert (d_une.proche == d_autre.proche, d_une.large == d_autre.large) == memes
    assert all(len(marque) == 64 and une not in marque for marque in d_une)
