"""The secrets of second factors are unreadable in a copy of the database, and outlive a change of key."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command

from comptes import coffre
from tests.factories import personne

pytestmark = pytest.mark.django_db
AUTRE = "une autre clé, tirée au hasard elle aussi, et bien assez longue pour être acceptée"
SECRET = generate_totp_secret()


@pytest.fixture
def facteurs() -> tuple[TOTP, RecoveryCodes]:
    quelqu_un = personne()
    return TOTP.activate(quelqu_un, SECRET), RecoveryCodes.activate(quelqu_un)


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def relus() -> tuple[TOTP, RecoveryCodes]:
    totp, secours = Authenticator.objects.order_by("pk")
    return TOTP(totp), RecoveryCodes(secours)


def en_base() -> str:
    return str(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))


def test_rien_n_est_lisible_en_base(facteurs):
    secours = facteurs[1].get_unused_codes()
    assert SECRET not in en_base() and coffre.dechiffrer(facteurs[1].instance.data["seed"]) not in en_base()
    assert en_base().count(coffre.MARQUE) == 2
    totp, relu = relus()
    assert totp.validate_code(code()) and relu.get_unused_codes() == secours


def test_deux_fois_le_meme_secret_ne_se_voit_pas():
    assert coffre.chiffrer("a") != coffre.chiffrer("a")
    assert coffre.dechiffrer(coffre.chiffrer("é")) == "é"


def test_la_cle_du_coffre_n_est_pas_celle_du_site(settings):
    assert coffre._cle(settings.SECRET_KEY) != coffre._cle(AUTRE)
    Fernet(coffre._cle(AUTRE))


def test_la_cle_change_sans_que_personne_perde_son_second_facteur(facteurs, settings):
    secours = facteurs[1].get_unused_codes()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = AUTRE
    totp, relu = relus()
    assert totp.validate_code(code()) and relu.get_unused_codes() == secours
    call_command("rechiffrer", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    assert coffre.dechiffrer(Authenticator.objects.order_by("pk")[0].data["secret"]) == SECRET
    assert relus()[1].get_unused_codes() == secours


def test_sans_la_cle_aucun_code_n_est_le_bon(facteurs, settings, caplog):
    """Above all not one that could be computed from an empty secret."""
    secours = facteurs[1].get_unused_codes()
    settings.SECRET_KEY = AUTRE
    totp, relu = relus()
    assert not totp.validate_code(code()) and not any(relu.validate_code(c) for c in secours)
    assert "SECRET_KEY" in caplog.text and SECRET not in caplog.text


def test_rechiffrer_sans_la_cle_ne_change_rien(facteurs, settings):
    avant = en_base()
    settings.SECRET_KEY = AUTRE
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("rechiffrer")
    assert en_base() == avant


def test_ce_qui_etait_en_clair_est_chiffre_par_la_migration(facteurs):
    migration = import_module("comptes.migrations.0006_chiffrer_seconds_facteurs")
    secours = facteurs[1].get_unused_codes()
    migration.dechiffrer(apps, None)
    assert SECRET in en_base() and coffre.MARQUE not in en_base()
    assert relus()[0].validate_code(code()) and relus()[1].get_unused_codes() == secours  # read all the same
    migration.chiffrer(apps, None)
    assert SECRET not in en_base() and relus()[1].get_unused_codes() == secours
