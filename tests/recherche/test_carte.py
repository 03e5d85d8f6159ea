import re

import pytest

from fiches.models import Fiche
from recherche.carte import HAUTEUR, LARGEUR, traces, zones
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, territoire


def test_chaque_departement_est_dessine_dans_le_cadre():
    assert len(traces()) == 101
    for code, trace in traces().items():
        assert trace.chemin.startswith("M") and trace.chemin.endswith("z"), code
        assert 0 <= trace.x <= LARGEUR and 0 <= trace.y <= HAUTEUR, code


@pytest.mark.django_db
class TestCarte:
    @pytest.fixture
    def rouen(self):
        departement = territoire("departement", "76", "Seine-Maritime")
        territoire("departement", "80", "Somme")
        return territoire("commune", "76540", "Rouen", dans=[departement])

    def test_un_departement_compte_ce_qui_est_fait_dans_ses_communes(self, rouen):
        fiche_locale(sur=[rouen])
        fiche_action(sur=[rouen])
        fiche_action(sur=[rouen])
        lues = {zone.territoire.code: zone for zone in zones(Fiche.objects.visibles_pour())}
        assert (lues["76"].locaux, lues["76"].actions, lues["76"].teinte) == (1, 2, 1)
        assert (lues["80"].total, lues["80"].teinte) == (0, 0)

    def test_une_fiche_sur_deux_communes_ne_compte_qu_une_fois(self, rouen):
        voisine = territoire("commune", dans=[rouen.inclusions.get(contenant__code="76").contenant])
        fiche_locale(sur=[rouen, voisine])
        assert next(z for z in zones(Fiche.objects.visibles_pour()) if z.territoire.code == "76").locaux == 1

    def test_la_page_dit_les_nombres_en_chiffres_et_en_tableau(self, client, rouen):
        fiche_locale(sur=[rouen])
        page = client.get("/carte/").text
        assert 'aria-label="Seine-Maritime&nbsp;: 1 dispositif local, 0 action"' in page
        assert re.search(r'<th scope="row"><a href="/territoires/departement/76/">Seine-Maritime \(76\)</a>', page)

    def test_les_filtres_du_catalogue_s_appliquent(self, client, rouen):
        fiche_dispositif(slug="asv")
        fiche_locale(dispositif="asv", sur=[rouen])
        fiche_action(sur=[rouen])
        page = client.get("/carte/?nature=local&dispositif=asv").text
        assert "1 dispositif local, 0 action" in page

    def test_un_filtre_inconnu_est_dit(self, client, rouen):
        reponse = client.get("/carte/?nature=poisson")
        assert reponse.status_code == 400 and "Ce filtre n’existe pas" in reponse.text

    def test_le_nombre_de_requetes_ne_depend_pas_des_fiches(self, client, rouen, django_assert_max_num_queries):
        for _ in range(10):
            fiche_locale(sur=[rouen])
        with django_assert_max_num_queries(7):
            client.get("/carte/")
