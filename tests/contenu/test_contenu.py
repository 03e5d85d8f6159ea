"""The content itself: what a reader finds, and the facts that must hold."""

import re
from collections import Counter
from datetime import date

import pytest
import yaml
from django.db.models import Q
from django.test import Client

from actions.models import ActionInspirante
from contenu.chargement import charger
from dispositifs.models import (
    REPONSES,
    Articulation,
    DispositifLocal,
    MissionAssuree,
    Question,
    Regle,
)
from fiches.gabarits import Nature
from fiches.models import Chiffre, Edition, Fiche, Organisme, Repere, Sigle, Source, Version
from panorama.concerne import ce_qui_concerne
from territoires.models import Contact, Territoire
from tests.balisage import d_une_ligne
from tests.base_reelle import FIXTURES
from tests.contenu.lecture import page
from tests.essais import eventail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]


def test_chaque_fichier_est_une_fiche(contenu):
    fichiers = {n.pluriel: sum(1 for _ in (FIXTURES / "contenu" / n.chemin).rglob("*.yaml")) for n in Nature}
    assert contenu.par_nature == fichiers
    assert fichiers["Dispositifs locaux"] >= 650 and fichiers["Actions inspirantes"] >= 180


def test_chaque_fiche_s_ouvre():
    for fiche in eventail(Fiche.objects.visibles_pour()):
        assert fiche.titre in page(fiche.get_absolute_url()).replace("&#x27;", "'").replace("&quot;", '"').replace(
            "&amp;", "&"
        )


def test_chaque_lien_interne_mene_quelque_part():
    adresses = set()
    for fiche in Fiche.objects.visibles_pour():
        for html in fiche.rendu["sections"].values():
            adresses |= set(re.findall(r'href="(/[^"]*)"', html))
    mortes = sorted(adresse for adresse in eventail(sorted(adresses)) if Client().get(adresse).status_code != 200)
    assert adresses and not mortes


def test_chaque_chiffre_a_unite_annee_et_source():
    assert Chiffre.objects.exists()
    assert not Chiffre.objects.filter(unite="").exists()
    assert not Chiffre.objects.filter(annee__isnull=True).exists()
    assert not Chiffre.objects.filter(source__isnull=True).exists()


def test_chaque_fiche_cite_une_source():
    assert not Fiche.objects.visibles_pour().filter(sources__isnull=True).exists()


def test_chaque_source_dit_qui_parle_et_de_quoi():
    assert not Source.objects.filter(fiche__etat="publiee").filter(Q(titre="") | Q(organisation="")).exists()


def test_chaque_lieu_d_une_fiche_existe_encore():
    assert not Fiche.objects.filter(territoires__fin__isnull=False).exists()


def test_recharger_ne_change_rien_et_garde_les_pages_en_cache(contenu):
    avant = Version.objects.count(), Edition.objects.get().numero
    bilan = charger(FIXTURES / "contenu")
    assert (bilan.publiees, bilan.actualisees, bilan.inchangees) == (0, 0, contenu.publiees)
    assert (Version.objects.count(), Edition.objects.get().numero) == avant


def test_chaque_regle_de_choix_est_sourcee_et_mene_a_un_dispositif_publie():
    assert Regle.objects.count() == len(yaml.safe_load((FIXTURES / "contenu" / "regles.yaml").read_text()))
    assert not Regle.objects.exclude(dispositif__etat="publiee").exists()
    assert set(Regle.objects.values_list("question", flat=True)) == set(Question.values)


def test_chaque_reponse_proposee_met_en_jeu_une_regle():
    muettes = {
        (question, reponse)
        for question, reponses in REPONSES.items()
        for reponse in reponses
        if not Regle.objects.filter(question=question, reponse=reponse).exists()
    }
    assert muettes == set()


def test_aucune_coordonnee_personnelle():
    textes = [
        *(str(f.contenu) for f in Fiche.objects.all()),
        *(f"{o.role} {o.source}" for o in Organisme.objects.all()),
        *(s.definition for s in Sigle.objects.all()),
        *(r.texte for r in Repere.objects.all()),
    ]
    for texte in textes:
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", texte)
        assert not re.search(r"\b0[1-9](?:[ .]?\d{2}){4}\b", texte)


def test_chaque_region_dit_son_agence_de_sante_et_chaque_departement_sa_prefecture():
    for nature, fonction in (("region", "ars"), ("departement", "ville")):
        lieux = Territoire.objects.actifs().filter(nature=nature).exclude(sous_nature="COM")
        assert not lieux.exclude(contacts__fonction=fonction), nature


def test_un_quartier_sait_qui_appeler():
    quartier = Territoire.objects.get(nature="qpv", code="QN07613M")
    assert {"ars", "cohesion", "ville", "observation"} <= {c.fonction for c in Contact.objects.pour(quartier)}


def test_la_typographie_est_francaise():
    for fichier in sorted((FIXTURES / "contenu").rglob("*.yaml")):
        texte = re.sub(r"https?://\S+|\]\([^)]*\)|(?m:^\s*#.*$)", "", fichier.read_text())
        droites = re.findall(r"\w'\w", texte)
        assert not droites, f"{fichier.name} : apostrophes droites"
        assert "« " not in texte and " »" not in texte, f"{fichier.name} : espaces des guillemets"


# The facts that the founding documents give, as a coordinator reads them.


def comptes_du_departement(code: str) -> Counter:
    territoire = Territoire.objects.get(nature="departement", code=code)
    return Counter(ce_qui_concerne(territoire, date(2026, 11, 23)).comptes)


def test_la_seine_maritime_a_sept_asv_un_rtps_deux_cmt_et_six_cls():
    comptes = comptes_du_departement("76")
    assert {c: comptes[c] for c in ("asv", "rtps", "cmt", "cls")} == {"asv": 7, "rtps": 1, "cmt": 2, "cls": 6}


def test_la_carte_de_seine_maritime_dit_ses_sept_asv_et_ses_villes(client):
    page = d_une_ligne(client.get("/carte/?departement=76&dispositif=asv&nature=local").text)
    assert "7 dispositifs locaux et 0 action décrits ici" in page
    for ville in ("Rouen", "Dieppe", "Elbeuf"):
        assert f'aria-label="{ville}&nbsp;: ' in page, ville


def test_oissel_est_couverte_par_les_cmt_et_le_cls_de_la_metropole():
    texte = page("/territoires/commune/76484/")
    assert "/dispositifs-locaux/cmt-seine-maritime/" in texte
    assert "/dispositifs-locaux/cls-metropole-rouen-normandie/" in texte
    assert "Via Métropole Rouen Normandie" in texte
    assert "/dispositifs-locaux/asv-" not in texte


def test_saint_etienne_du_rouvray_a_deux_cls_et_un_asv():
    texte = page("/territoires/commune/76575/")
    for slug in (
        "cls-saint-etienne-du-rouvray",
        "cls-metropole-rouen-normandie",
        "asv-saint-etienne-du-rouvray",
    ):
        assert f"/dispositifs-locaux/{slug}/" in texte


def test_barentin_a_un_cmt_et_pas_d_asv_connu():
    texte = page("/territoires/commune/76057/")
    assert "cmt-seine-maritime" in texte and "/dispositifs-locaux/asv-" not in texte


def test_les_villes_soeurs_apparaissent_dans_leurs_deux_departements():
    for code in ("76", "80"):
        siennes = page(f"/fiches/?territoire=departement:{code}&q=villes+soeurs")
        assert "/dispositifs-locaux/cls-villes-soeurs/" in siennes


def test_aucune_fin_n_est_estimee():
    locaux = DispositifLocal.objects.avec_etat(date(2026, 11, 23))
    assert locaux.get(slug="contrat-de-ville-caudry").etat_local == "terme_passe"
    assert locaux.get(slug="cls-soissons").etat_local == "a_verifier"  # its source gives no end


def test_chaque_constat_d_un_fichier_a_sa_source():
    sans = [
        (local.slug, dit)
        for local in DispositifLocal.objects.all()
        for dit in [*local.contenu["constats"], *local.contenu["anterieures"]]
        if not dit["source"]
    ]
    assert sans == []


def test_une_action_dont_on_dit_l_etat_dit_quand():
    vues = ActionInspirante.objects.exclude(avancement="")
    assert vues.exists() and not vues.filter(vu_le="").exists()


def test_ce_qui_couvre_chateau_thierry_se_dit_avec_sa_date(client):
    tableau = client.get("/territoires/departement/02/couverture/?niveau=commune&format=csv").text
    _asv, cls, clsm, contrat = [
        ligne.split(";")[3:8] for ligne in tableau.splitlines() if ligne.startswith("commune:02168;")
    ]
    assert cls == ["CLS", "en vigueur", "2025-01-28", "2028", "ici, via CA de la Région de Château-Thierry"]
    assert clsm[:3] == ["CLSM", "à vérifier", "2017-11-09"]
    assert [contrat[1], contrat[3]] == ["en vigueur", "2030"]


def test_les_missions_ne_sont_decrites_que_pour_les_trois_dispositifs_de_la_source():
    decrits = set(MissionAssuree.objects.values_list("dispositif__slug", flat=True))
    assert decrits == {"asv", "rtps", "cmt"}
    assert MissionAssuree.objects.count() == 12


def test_les_articulations_sont_typees():
    assert Articulation.objects.filter(de__slug="asv", vers__slug="contrat-de-ville").exists()
    assert Articulation.objects.values("type").distinct().count() >= 2


def test_l_absence_de_clsm_a_rouen_est_dite():
    assert "Absence dite" in page("/territoires/commune/76540/")


def test_a_rouen_l_asv_est_conseille_et_ce_qui_couvre_est_dit():
    texte = page("/dispositifs/choisir/?territoire=commune:76540&besoin=prevention")
    assert "asv-rouen" in texte and texte.index("asv-rouen") < texte.index("Ce que vos réponses suggèrent")
    assert "/dispositifs/asv/" in texte.partition("Ce que vos réponses suggèrent")[2]


def test_a_lille_l_appui_normand_n_est_pas_conseille():
    texte = page("/dispositifs/choisir/?territoire=commune:59350&qpv=non&besoin=methode")
    assert "n’existent pas ici" in texte
    assert "/dispositifs/cmt/" not in texte.partition("n’existent pas ici")[0].partition("Ce que vos réponses")[2]
