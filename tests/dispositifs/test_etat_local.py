from datetime import date

import pytest

from dispositifs.models import DispositifLocal, EtatLocal
from tests.factories import fiche_dispositif, fiche_locale

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 23)


def etat(**brut) -> tuple[str, date | None]:
    fiche = fiche_locale(**brut)
    lu = DispositifLocal.objects.avec_etat(JOUR).get(pk=fiche.pk)
    return lu.etat_local, lu.terme


def test_un_contrat_dont_l_echeance_est_passee_est_echu():
    assert etat(echeance="2023-12-31") == (EtatLocal.ECHU, date(2023, 12, 31))


def test_un_contrat_qui_finit_dans_l_annee_le_dit():
    assert etat(echeance="2027-06-30")[0] == EtatLocal.ECHEANCE_PROCHE


def test_un_contrat_qui_finit_plus_tard_est_en_cours():
    assert etat(echeance="2029-01-01")[0] == EtatLocal.EN_COURS


def test_sans_echeance_le_terme_est_estime_d_apres_la_duree_du_dispositif():
    fiche_dispositif(slug="cls", duree_ans=5)
    assert etat(dispositif="cls", signe_le="2015-12-17") == (EtatLocal.ECHU, date(2020, 12, 17))


def test_une_echeance_connue_l_emporte_sur_l_estimation():
    fiche_dispositif(slug="cls", duree_ans=5)
    assert etat(dispositif="cls", signe_le="2015-12-17", echeance="2030-01-01")[1] == date(2030, 1, 1)


def test_sans_date_ni_duree_le_terme_est_inconnu():
    assert etat() == (EtatLocal.INCONNU, None)


def test_un_projet_reste_en_projet_meme_si_son_terme_est_connu():
    assert etat(constat="en_projet", echeance="2030-01-01")[0] == EtatLocal.EN_PROJET


def test_un_contrat_qui_n_a_pas_commence_est_en_projet():
    assert etat(debut="2027-06-01", echeance="2032-01-01")[0] == EtatLocal.EN_PROJET


def test_un_projet_sans_terme_reste_en_projet():
    assert etat(constat="en_projet")[0] == EtatLocal.EN_PROJET
