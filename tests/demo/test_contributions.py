"""The invented work of the demonstration, on the real content."""

import pytest
from django.core.management import CommandError, call_command

from comptes.models import Utilisateur
from contributions.models import Dossier, Journal, Proposition, Recours
from contributions.verbes.propositions import fiche_de, reunir_avec
from demo import contributions as demo
from demo import personnes
from fiches.models import Fiche, Version
from tests.base_reelle import base_reelle

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def contenu(django_db_setup, django_db_blocker):
    with base_reelle(django_db_blocker):
        yield


@pytest.fixture
def chargee(contenu, db):
    personnes.charger()
    demo.charger()


@pytest.mark.usefixtures("chargee")
def test_chaque_etat_a_son_exemple():
    etats = Proposition.objects.order_by("pk").values_list("statut", flat=True)
    assert sorted(etats) == sorted(
        ["acceptee", "acceptee", "soumise", "soumise", "en_examen", "corrections_demandees", "ecartee"]
    )
    assert sorted(d.signalements.count() for d in Dossier.objects.all()) == [1, 1, 3]
    assert Recours.objects.get().statut == "depose"


@pytest.mark.usefixtures("chargee")
def test_une_proposition_rencontre_une_version_plus_recente():
    conflit = Proposition.objects.get(courriel="voisine@exemple.fr")
    assert reunir_avec(fiche_de(conflit), conflit.depot).conflits == ["section-demarche"]


@pytest.mark.usefixtures("chargee")
def test_tout_se_dit_exemple_et_le_vrai_contenu_n_a_pas_bouge():
    (exemple,) = Fiche.objects.filter(versions__numero__gt=1).distinct()
    assert exemple.titre.startswith("Exemple : ") and exemple.territoires.count() == 0
    assert Version.objects.filter(motif__startswith="Exemple : ").count() == 2
    for proposition in Proposition.objects.all():
        assert proposition.depot.pourquoi.startswith("Exemple : ")
    for dossier in Dossier.objects.all():
        assert all(s.texte.startswith("Exemple : ") and s.passage for s in dossier.signalements.all())


@pytest.mark.usefixtures("chargee")
def test_rien_d_invente_n_est_dans_les_listes_ni_dans_le_plan_du_site(client):
    (exemple,) = Fiche.objects.filter(titre__startswith="Exemple : ")
    assert exemple.get_absolute_url() not in client.get("/sitemap-fiches.xml").text
    for adresse in ("/fiches/?q=jardin+exemple", "/dispositifs/", "/fiches/flux.atom", "/dispositifs/?format=csv"):
        assert exemple.titre not in client.get(adresse).text
    client.force_login(Utilisateur.objects.get(email="moderatrice@exemple.fr"))
    conflit = Proposition.objects.get(courriel="voisine@exemple.fr")
    assert "à trancher" in client.get(f"/moderation/propositions/{conflit.pk}/").text


@pytest.mark.usefixtures("chargee")
def test_charger_deux_fois_n_ajoute_rien(courriels):
    avant = Journal.objects.count(), len(courriels)
    call_command("charger_demo", verbosity=0)
    assert (Journal.objects.count(), len(courriels)) == avant


def test_ailleurs_que_dans_la_demonstration_c_est_refuse(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="démonstration"):
        call_command("charger_demo")
    with pytest.raises(RuntimeError):
        demo.charger()
