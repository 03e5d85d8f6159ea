"""One person in several requests at once, or several persons: real connections, real commits."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from comptes.models import Limite
from tests.comptes.preuves import SECRET, code_de
from tests.comptes.test_limites import essayer
from tests.ensemble import ensemble
from tests.factories import personne


@pytest.mark.django_db
def test_la_base_des_tests_existe():
    """Without a marked test in the run, pytest-django makes no test database, and the others would refuse to start."""
    assert not Limite.objects.exists()


def test_quarante_demandes_ensemble_sont_comptees_quarante(base_ouverte):
    assert ensemble(*[essayer] * 40).count(True) == 3
    assert [limite.nombre for limite in Limite.objects.all()] == [40]


def test_un_code_d_application_donne_six_fois_ensemble_n_est_accepte_qu_une(base_ouverte):
    TOTP.activate(personne(), SECRET)
    code = code_de(SECRET)
    assert ensemble(*[lambda: Authenticator.objects.get().wrap().validate_code(code)] * 6).count(True) == 1


def test_un_code_de_secours_donne_six_fois_ensemble_n_est_accepte_qu_une(base_ouverte):
    code = RecoveryCodes.activate(personne()).get_unused_codes()[0]
    assert ensemble(*[lambda: Authenticator.objects.get().wrap().validate_code(code)] * 6).count(True) == 1
