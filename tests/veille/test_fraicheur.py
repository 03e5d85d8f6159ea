"""Old is not wrong: what is to be read again, and « Toujours valable »."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from comptes.roles import Role
from contributions.models import Journal
from dispositifs.models import DispositifLocal
from fiches.models import Fiche
from tests.factories import (
    SOURCE,
    constat,
    fiche_action,
    fiche_dispositif,
    fiche_locale,
    masquer,
    moderatrice,
    personne,
    publier,
    territoire,
)
from veille.fraicheur import SEUILS, a_rafraichir
from veille.models import VerificationSource

pytestmark = pytest.mark.django_db
ADRESSE = "/moderation/a-rafraichir/"


def vieillir(fiche, jours: int, relue: date | None = None) -> None:
    """Make it a fiche that nobody touched, nor noted anything of, for so long."""
    Fiche.objects.filter(pk=fiche.pk).update(modifiee_le=timezone.now() - timedelta(days=jours), relue_le=relue)
    vu_le = timezone.localdate() - timedelta(days=jours)
    DispositifLocal.objects.filter(pk=fiche.pk).update(vu_le=vu_le.isoformat())


@pytest.fixture
def de_confiance(client):
    client.force_login(personne("fidele", Role.CONFIANCE))
    return client


def test_chaque_nature_a_son_seuil():
    local, dispositif = fiche_locale(), fiche_dispositif()
    vieillir(local, SEUILS["local"].days + 2)
    vieillir(dispositif, SEUILS["local"].days + 2)
    assert [fiche.pk for fiche in a_rafraichir()] == [local.pk]
    vieillir(dispositif, SEUILS["dispositif"].days + 2)
    assert [fiche.pk for fiche in a_rafraichir()] == [dispositif.pk, local.pk]


def test_corriger_un_mot_ne_dit_rien_de_ce_qu_un_dispositif_local_devient():
    local = fiche_locale(constats=[constat("actif", "2016-11-22")])
    publier(local, resume="Un mot corrigé.")
    assert [(fiche.pk, fiche.vue_le) for fiche in a_rafraichir()] == [(local.pk, date(2016, 11, 22))]
    publier(local, constats=[constat("actif", timezone.localdate().isoformat())])
    assert not a_rafraichir().exists()


@pytest.mark.parametrize("avancement, attend", [("en_cours", True), ("idee", True), ("terminee", False), ("", False)])
def test_une_action_en_cours_vieillit_depuis_qu_une_source_l_a_vue(avancement, attend):
    action = fiche_action(avancement=avancement, vu_le="2016-11-22")
    publier(action, resume="Un mot corrigé.")
    assert a_rafraichir().filter(pk=action.pk).exists() == attend


def test_une_fiche_relue_ou_masquee_n_attend_pas():
    relue, masquee = fiche_locale(), fiche_locale()
    vieillir(relue, 900, timezone.localdate())
    vieillir(masquee, 900)
    masquer(masquee)
    assert not a_rafraichir().exists()


def test_il_faut_un_compte_de_confiance(client):
    assert client.get(ADRESSE).status_code == 302
    client.force_login(personne())
    assert client.get(ADRESSE).status_code == 403
    fiche = fiche_locale()
    assert client.post(ADRESSE, {"fiche": fiche.pk}).status_code == 403
    assert Fiche.objects.get(pk=fiche.pk).relue_le is None


def test_toujours_valable_en_un_clic_se_note_et_ne_change_pas_la_fiche(de_confiance):
    fiche = fiche_locale(titre="Le contrat")
    vieillir(fiche, 900)
    assert "Le contrat" in de_confiance.get(ADRESSE).text
    assert de_confiance.post(ADRESSE, {"fiche": fiche.pk}).status_code == 302
    relue = Fiche.objects.get(pk=fiche.pk)
    assert relue.relue_le == timezone.localdate() and relue.numero == 1
    assert Journal.objects.get(verbe="relire").qui.nom_affiche == "Fidele"
    assert "Tout a été vérifié." in de_confiance.get(ADRESSE).text


@pytest.mark.parametrize("numero", ["", "x", "0", "99999999999999"])
def test_une_fiche_qui_n_existe_pas_donne_404(de_confiance, numero):
    assert de_confiance.post(ADRESSE, {"fiche": numero}).status_code == 404


def test_par_territoire(de_confiance):
    rouen = territoire(code="76540", nom="Rouen")
    for fiche in (fiche_locale(titre="Ici", sur=[rouen]), fiche_locale(titre="Ailleurs")):
        vieillir(fiche, 900)
    page = de_confiance.get(f"{ADRESSE}?territoire=commune:76540").text
    assert "Ici" in page and "Ailleurs" not in page
    assert de_confiance.get(f"{ADRESSE}?territoire=nulle-part-du-tout").status_code == 400


def test_les_sources_mortes_sont_a_remplacer(de_confiance):
    fiche_dispositif(titre="Atelier", sources=[{**SOURCE, "url": "https://exemple.fr/disparue"}])
    maintenant = timezone.now()
    VerificationSource.objects.create(
        url="https://exemple.fr/disparue", etat="morte", echecs=3, premier_echec_le=maintenant, verifiee_le=maintenant
    )
    assert "Atelier, source 1" in de_confiance.get(ADRESSE).text


def test_la_page_coute_peu(client, django_assert_max_num_queries):
    for _ in range(12):
        vieillir(fiche_locale(), 900)
    client.force_login(moderatrice())
    with django_assert_max_num_queries(8):
        client.get(ADRESSE)
