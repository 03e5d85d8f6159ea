"""How often one may try: counted by network and by address, in a table that nothing empties."""

from datetime import timedelta

import pytest
import time_machine
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from comptes.models import Limite
from comptes.taches import oublier_limites
from courriels.models import Courriel
from tests.comptes.test_connexion import CAMILLE

pytestmark = pytest.mark.django_db


def essayer(adresse: str = "192.0.2.7", taux: str = "3/m/key", cle: str = CAMILLE) -> bool:
    demande = RequestFactory().post("/", REMOTE_ADDR=adresse)
    return bool(ratelimit.consume(demande, app="essais", action="essai", config={"essai": taux}, key=cle))


def depuis(*adresses: str) -> list[bool]:
    return [essayer(adresse, "5/h/ip") for adresse in adresses]


def test_un_64_en_ipv6_compte_comme_une_seule_adresse():
    assert depuis(*(f"2001:db8:1:2::{n}" for n in range(7))) == [True] * 5 + [False] * 2
    assert depuis("2001:db8:1:3::1") == [True]


def test_une_ipv4_ecrite_en_ipv6_compte_comme_ipv4():
    assert depuis(*["192.0.2.7", "::ffff:192.0.2.7"] * 4) == [True] * 5 + [False] * 3


@pytest.mark.parametrize("reseau", ["192.0.2.{}", "2001:db8:1:{}::1"])
def test_les_voisins_ont_ensemble_plus_de_demandes_qu_une_adresse(reseau):
    assert sum(depuis(*(reseau.format(n) for n in range(100)))) == 15
    assert depuis("198.51.100.7") == [True]


def test_la_page_de_connexion_compte_par_reseau():
    codes = [
        Client(REMOTE_ADDR=f"2001:db8::{n}").post("/comptes/connexion/", {"email": f"r{n}@ville.example"}).status_code
        for n in range(22)
    ]
    assert codes.count(302) == Courriel.objects.count() == 20


def test_vingt_mille_cles_etrangeres_ne_font_rien_oublier():
    assert [essayer() for _ in range(4)] == [True] * 3 + [False]
    fin = timezone.now() + timedelta(days=1)
    Limite.objects.bulk_create(Limite(cle=f"{n:064}", nombre=1, fin=fin) for n in range(20_100))
    cache.set("une-de-plus", 1)
    assert not essayer() and not essayer()


def test_une_fenetre_finie_recommence_a_zero():
    with time_machine.travel(timezone.now(), tick=False) as temps:
        assert [essayer() for _ in range(4)] == [True] * 3 + [False]
        temps.shift(timedelta(seconds=61))
        assert essayer()


@pytest.mark.parametrize("recul", [timedelta(minutes=2), timedelta(hours=1), timedelta(days=1)])
def test_une_horloge_reculee_ne_rouvre_rien(recul):
    with time_machine.travel(timezone.now(), tick=False) as temps:
        assert [essayer() for _ in range(4)] == [True] * 3 + [False]
        temps.shift(-recul)
        assert not essayer()
        temps.shift(timedelta(seconds=61))
        assert essayer()


def test_une_horloge_un_temps_en_avance_ne_ferme_pas_des_semaines():
    juste = timezone.now()
    with time_machine.travel(juste + timedelta(days=300), tick=False):
        assert [essayer() for _ in range(4)] == [True] * 3 + [False]
    with time_machine.travel(juste + timedelta(days=1), tick=False):
        assert essayer()


def test_prouver_qui_l_on_est_oublie_les_essais_mais_pas_ceux_du_reseau():
    demande = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")
    for _ in range(3):
        ratelimit.consume(demande, app="allauth.account", action="login_failed", key="camille")
    ratelimit.clear(demande, app="allauth.account", action="login_failed", key="camille")
    assert sorted(Limite.objects.values_list("nombre", flat=True)) == [2, 2]


def test_ce_qui_est_fini_est_efface_la_nuit():
    maintenant = timezone.now()
    fins = {"finie": -1, "en cours": 12, "d une horloge en avance": 24 * 300}
    Limite.objects.bulk_create(
        Limite(cle=nom, nombre=1, fin=maintenant + timedelta(hours=heures)) for nom, heures in fins.items()
    )
    oublier_limites(timestamp=0)
    assert [limite.cle for limite in Limite.objects.all()] == ["en cours"]


def test_une_limite_ne_dit_ni_qui_ni_d_ou():
    essayer("192.0.2.7", "5/h/ip,3/m/key")
    assert all(cle.isalnum() and len(cle) == 64 for cle in Limite.objects.values_list("cle", flat=True))
