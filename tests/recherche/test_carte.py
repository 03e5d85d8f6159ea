import re

import pytest
import time_machine

from dispositifs.age import A_VERIFIER, COUVERT, FINI, INCONNU
from dispositifs.models import Absence
from fiches.models import Fiche
from recherche.carte import HAUTEUR, LARGEUR, contours, traces, zones
from recherche.carte_departement import Projection, dresser
from tests.balisage import d_une_ligne
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, territoire


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

    @pytest.mark.parametrize(
        "brut, etat, ecrit",
        [
            ({"constats": [constat("actif", "2016-04")]}, A_VERIFIER, "1\xa0?"),
            ({"constats": [constat("actif", "2016-04")], "fin": "2020"}, FINI, "–"),
            ({"constats": [constat("termine", "2026")]}, FINI, "–"),
            ({"constats": [constat("en_projet", "2026-05")]}, INCONNU, ""),
            ({"constats": [constat("signe", "2025-05")], "fin": "2030"}, COUVERT, "1"),
            ({"constats": [constat("signe", "2022-05")], "fin": "2027-02"}, COUVERT, "1"),
        ],
    )
    def test_seul_ce_qui_est_en_vigueur_est_compte_sur_le_dessin(self, rouen, brut, etat, ecrit):
        with time_machine.travel("2026-06-15T12:00Z", tick=False):
            fiche_locale(sur=[rouen], **brut)
            (zone,) = (zone for zone in zones(Fiche.objects.visibles_pour()) if zone.locaux)
        assert (zone.etat, zone.etats[etat], zone.ecrit) == (etat, 1, ecrit)

    def test_les_cinq_etats_sont_dits_a_part(self, client, rouen):
        cls = fiche_dispositif(slug="cls")
        for brut in (
            {}, {"constats": [constat("actif", "2016-04")]}, {"constats": [constat("actif", "2016-04")]},
            {"constats": [constat("termine", "2023")]},
        ):  # fmt: skip
            fiche_locale(dispositif="cls", sur=[rouen], **brut)
        Absence.objects.create(dispositif=cls, territoire=rouen, constatee_le="2026", source="Rapport")
        fiche_action(dispositif="cls", sur=[rouen])
        dit = "1 en vigueur, 2 à vérifier, 1 terminé ou terme passé, 1 absence dite, 1 action"
        assert f'aria-label="Seine-Maritime&nbsp;: {dit}"' in d_une_ligne(client.get("/carte/").text)
        decrits = f"décrits ici&nbsp;: {dit.removesuffix(', 1 action')}."
        assert decrits in d_une_ligne(client.get("/carte/?departement=76").text)
        ligne = re.search(r"Seine-Maritime \(76\)</a></th>(.*?)</tr>", d_une_ligne(client.get("/carte/").text))[1]
        assert re.findall(r'<td class="nombre">(.*?)</td>', ligne) == ["1", "2", "1", "1", "", "1"]

    def test_une_absence_n_est_montree_que_pour_le_dispositif_demande(self, client, rouen):
        fiche_dispositif(slug="cls")
        clsm = fiche_dispositif(slug="clsm", themes=["logement"])
        Absence.objects.create(dispositif=clsm, territoire=rouen, constatee_le="2026", source="Rapport")
        dite = 'aria-label="Seine-Maritime&nbsp;: 1 absence dite"'
        assert dite in client.get("/carte/?dispositif=clsm").text
        for autre in ("dispositif=cls", "nature=action", "theme=logement"):
            assert dite not in client.get(f"/carte/?{autre}").text, autre

    def test_seules_des_actions_demandees_sont_comptees(self, client, rouen):
        fiche_locale(sur=[rouen])
        fiche_action(sur=[rouen])
        fiche_action(sur=[rouen])
        page = client.get("/carte/?nature=action").text
        assert 'aria-label="Seine-Maritime&nbsp;: 2 actions"' in page and re.search(r"<text [^>]*>2</text>", page)

    def test_une_fiche_sur_deux_communes_ne_compte_qu_une_fois(self, rouen):
        voisine = territoire("commune", dans=[rouen.inclusions.get(contenant__code="76").contenant])
        fiche_locale(sur=[rouen, voisine])
        assert next(z for z in zones(Fiche.objects.visibles_pour()) if z.territoire.code == "76").locaux == 1

    def test_la_page_dit_les_nombres_en_chiffres_et_en_tableau(self, client, rouen):
        fiche_locale(sur=[rouen])
        page = client.get("/carte/").text
        assert 'aria-label="Seine-Maritime&nbsp;: 1 en vigueur"' in page
        assert re.search(r'<th scope="row"><a href="\?departement=76">Seine-Maritime \(76\)</a>', page)

    def test_les_filtres_du_catalogue_s_appliquent(self, client, rouen):
        fiche_dispositif(slug="asv")
        fiche_locale(dispositif="asv", sur=[rouen])
        fiche_action(sur=[rouen])
        page = client.get("/carte/?nature=local&dispositif=asv").text
        assert 'aria-label="Seine-Maritime&nbsp;: 1 en vigueur"' in page

    def test_un_filtre_inconnu_est_dit(self, client, rouen):
        reponse = client.get("/carte/?nature=poisson")
        assert reponse.status_code == 400 and "Ce filtre n’existe pas" in reponse.text

    def test_le_nombre_de_requetes_ne_depend_pas_des_fiches(self, client, rouen, django_assert_max_num_queries):
        for _ in range(10):
            fiche_locale(sur=[rouen])
        with django_assert_max_num_queries(7):
            client.get("/carte/")


@pytest.mark.django_db
class TestCarteDuDepartement:
    ADRESSE = "/carte/?departement=76"

    @pytest.fixture
    def lieux(self):
        departement = territoire("departement", "76", "Seine-Maritime")
        territoire("departement", "80", "Somme")
        metropole = territoire("epci", "200023414", "Métropole", dans=[departement])
        dans = {"dans": [metropole, departement]}
        rouen = territoire("commune", "76540", "Rouen", longitude=1.09, latitude=49.44, **dans)
        dieppe = territoire("commune", "76217", "Dieppe", longitude=1.08, latitude=49.92, dans=[departement])
        territoire("qpv", "QN07617M", "Bel Air", dans=[rouen, metropole, departement])
        return {"departement": departement, "metropole": metropole, "rouen": rouen, "dieppe": dieppe}

    def plan(self, lieux):
        return dresser(lieux["departement"], Fiche.objects.visibles_pour())

    def comptes(self, lieux) -> dict[str, tuple[int, int, str]]:
        return {lieu.territoire.nom: (lieu.locaux, lieu.actions, lieu.forme) for lieu in self.plan(lieux).lieux}

    def test_chaque_departement_tient_dans_son_cadre(self):
        for code, anneaux in contours().items():
            projeter = Projection(point for anneau in anneaux for point in anneau)
            assert max(projeter.largeur, projeter.hauteur) == 600, code
            assert all(
                0 <= x <= projeter.largeur and 0 <= y <= projeter.hauteur
                for anneau in anneaux
                for x, y in (projeter(*point) for point in anneau)
            ), code

    def test_chaque_commune_a_sa_forme_et_son_nombre(self, lieux):
        fiche_locale(sur=[lieux["rouen"]])
        fiche_action(sur=[lieux["rouen"]])
        fiche_action(sur=[lieux["dieppe"]])
        assert self.comptes(lieux) == {"Rouen": (1, 1, "carre"), "Dieppe": (0, 1, "losange")}

    def test_ce_qui_vise_un_quartier_compte_dans_sa_commune(self, lieux):
        fiche_locale(territoires=["qpv:QN07617M"])
        assert self.comptes(lieux) == {"Rouen": (1, 0, "rond")}

    def test_ce_qui_couvre_plusieurs_communes_est_dit_a_part(self, lieux):
        fiche_locale(sur=[lieux["metropole"]])
        fiche_action(sur=[lieux["departement"]])
        plan = self.plan(lieux)
        assert plan.lieux == []
        assert [(lieu.territoire.nom, lieu.locaux, lieu.actions) for lieu in plan.etendus] == [
            ("Métropole", 1, 0),
            ("Seine-Maritime", 0, 1),
        ]

    def test_le_nord_est_en_haut(self, lieux):
        fiche_locale(sur=[lieux["rouen"], lieux["dieppe"]])
        places = {lieu.territoire.nom: lieu for lieu in self.plan(lieux).lieux}
        assert places["Dieppe"].y < places["Rouen"].y

    def test_un_lieu_sans_coordonnees_reste_dans_le_tableau(self, lieux, client):
        nulle_part = territoire("commune", "76999", "Nulle-Part", dans=[lieux["departement"]])
        fiche_locale(sur=[nulle_part])
        assert client.get(self.ADRESSE).text.count("Nulle-Part") == 1

    def test_les_noms_ne_se_recouvrent_pas(self, lieux):
        fiche_locale(sur=[lieux["rouen"]])
        fiche_locale(
            sur=[
                territoire("commune", str(76600 + n), "Commune", longitude=1.09, latitude=49.44 + n / 100, dans=[
                    lieux["departement"]
                ])
                for n in range(4)
            ]
        )  # fmt: skip
        assert sum(lieu.nomme for lieu in self.plan(lieux).lieux) < 5

    def test_la_page_garde_les_filtres_et_mene_ailleurs(self, lieux, client):
        fiche_dispositif(slug="asv")
        fiche_locale(dispositif="asv", sur=[lieux["rouen"]])
        fiche_action(sur=[lieux["rouen"]])
        page = d_une_ligne(client.get(f"{self.ADRESSE}&dispositif=asv").text)
        assert "1 dispositif local et 0 action décrits ici" in page
        assert 'aria-label="Rouen&nbsp;: 1 en vigueur"' in page
        assert 'href="?dispositif=asv"' in page  # the whole of France, under the same filter
        assert 'href="/fiches/?dispositif=asv&amp;territoire=departement%3A76"' in page
        assert 'href="?dispositif=asv&amp;departement=76"' in client.get("/carte/?dispositif=asv").text

    @pytest.mark.parametrize("code", ["99", "976bis", "<b>", "\0", "7" * 400])
    def test_un_departement_qui_n_est_pas_sur_la_carte_est_dit(self, lieux, client, code):
        reponse = client.get("/carte/", {"departement": code})
        assert reponse.status_code == 400 and "Aucun département de la carte" in reponse.text

    def test_un_departement_vide_le_dit(self, lieux, client):
        assert "Aucune fiche ne correspond ici." in client.get("/carte/?departement=80").text

    def test_le_nombre_de_requetes_ne_depend_pas_des_fiches(self, lieux, client, django_assert_max_num_queries):
        for _ in range(10):
            fiche_locale(sur=[lieux["rouen"], lieux["metropole"]])
        with django_assert_max_num_queries(11):
            client.get(self.ADRESSE)
