"""The content itself: what a reader finds, and the facts that must hold."""

import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.test import Client

from actions.concerne import ce_qui_concerne
from contributions.chargement import ContenuInvalide, charger
from dispositifs.models import Articulation, Dispositif, DispositifLocal, MissionAssuree
from fiches import edition
from fiches.models import Chiffre, Edition, Fiche, Organisme, Repere, Sigle, Version
from territoires.models import Territoire
from tests.base_reelle import FIXTURES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]


def page(adresse: str) -> str:
    reponse = Client().get(adresse)
    assert reponse.status_code == 200, adresse
    return reponse.text


def test_toutes_les_fiches_sont_la(contenu):
    assert contenu.par_nature == {"Dispositifs": 40, "Dispositifs locaux": 60, "Actions inspirantes": 34}


def test_chaque_fiche_s_ouvre():
    for fiche in Fiche.objects.visibles_pour():
        assert fiche.titre in page(fiche.get_absolute_url()).replace("&#x27;", "'").replace("&quot;", '"').replace(
            "&amp;", "&"
        )


def test_chaque_lien_interne_mene_quelque_part():
    adresses = set()
    for fiche in Fiche.objects.visibles_pour():
        for html in fiche.rendu["sections"].values():
            adresses |= set(re.findall(r'href="(/[^"]*)"', html))
    mortes = sorted(adresse for adresse in adresses if Client().get(adresse).status_code != 200)
    assert adresses and not mortes


def test_chaque_chiffre_a_unite_annee_et_source():
    assert Chiffre.objects.exists()
    assert not Chiffre.objects.filter(unite="").exists()
    assert not Chiffre.objects.filter(annee__isnull=True).exists()
    assert not Chiffre.objects.filter(source__isnull=True).exists()


def test_chaque_fiche_cite_une_source():
    assert not Fiche.objects.visibles_pour().filter(sources__isnull=True).exists()


def test_recharger_ne_change_rien(contenu):
    avant = Version.objects.count()
    bilan = charger(FIXTURES / "contenu")
    assert (bilan.publiees, bilan.actualisees, bilan.inchangees) == (0, 0, 134)
    assert Version.objects.count() == avant


def copie_changee(tmp_path, nom: str, changer) -> Path:
    """Return a copy of the content whose file `nom` was read, changed by this function and written again."""
    copie = tmp_path / "contenu"
    shutil.copytree(FIXTURES / "contenu", copie)
    brut = yaml.safe_load((copie / nom).read_text())
    changer(brut)
    (copie / nom).write_text(yaml.safe_dump(brut, allow_unicode=True))
    return copie


def numero() -> int:
    return Edition.objects.get().numero


def test_recharger_sans_rien_changer_garde_les_pages_en_cache():
    avant = numero()
    charger(FIXTURES / "contenu")
    assert numero() == avant


@pytest.mark.parametrize(
    "nom, changer",
    [
        ("glossaire.yaml", lambda lu: lu[-1].update(definition="Une autre définition.")),
        ("organismes.yaml", lambda lu: lu[0].update(territoires=["region:53"])),
        ("reperes.yaml", lambda lu: lu[0].update(texte="Un autre texte.")),
    ],
    ids=["un sigle", "le lieu d’un organisme", "un repère"],
)
def test_ce_qui_change_hors_des_fiches_se_voit_a_la_page_suivante(tmp_path, nom, changer):
    """The number of the edition is the key of every cache."""
    avant = numero()
    charger(copie_changee(tmp_path, nom, changer))
    assert numero() > avant


def test_recharger_laisse_ce_que_d_autres_ont_publie():
    fiche = Dispositif.objects.get(slug="gem")
    edition.publier(fiche, {**fiche.contenu, "titre": "Titre proposé"}, motif="Proposition acceptée.")
    bilan = charger(FIXTURES / "contenu")
    assert (bilan.publiees, bilan.laissees) == (0, ["gem"])
    assert Dispositif.objects.get(slug="gem").titre == "Titre proposé"


def test_un_fichier_faux_est_refuse_et_rien_ne_change(tmp_path):
    copie = tmp_path / "contenu"
    shutil.copytree(FIXTURES / "contenu", copie)
    fichier = copie / "dispositifs" / "asv.yaml"
    brut = yaml.safe_load(fichier.read_text())
    brut["sections"]["description"] = "Un fait.[^99]"
    brut["couleur"] = "bleu"
    fichier.write_text(yaml.safe_dump(brut))
    avant = Version.objects.count()
    with pytest.raises(ContenuInvalide, match=r"asv\.yaml.*couleur"):
        charger(copie)
    assert Version.objects.count() == avant


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


def test_oissel_est_couverte_par_les_cmt_et_le_cls_de_la_metropole():
    texte = page("/territoires/commune/76484/")
    assert "/dispositifs-locaux/cmt-seine-maritime/" in texte
    assert "/dispositifs-locaux/cls-metropole-rouen-normandie/" in texte
    assert "Couvert via Métropole Rouen Normandie" in texte
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
        assert "/dispositifs-locaux/cls-villes-soeurs/" in page(f"/territoires/departement/{code}/")


def test_les_deux_contrats_de_chateau_thierry_ont_passe_leur_terme():
    locaux = DispositifLocal.objects.avec_etat(date(2026, 11, 23))
    for slug in ("contrat-de-ville-chateau-thierry", "cls-chateau-thierry"):
        assert locaux.get(slug=slug).etat_local == "echu"


def test_les_missions_ne_sont_decrites_que_pour_les_trois_dispositifs_de_la_source():
    decrits = set(MissionAssuree.objects.values_list("dispositif__slug", flat=True))
    assert decrits == {"asv", "rtps", "cmt"}
    assert MissionAssuree.objects.count() == 12


def test_les_articulations_sont_typees():
    assert Articulation.objects.filter(de__slug="asv", vers__slug="contrat-de-ville").exists()
    assert Articulation.objects.values("type").distinct().count() >= 2


def test_l_absence_de_clsm_a_rouen_est_dite():
    assert "Absence confirmée" in page("/territoires/commune/76540/")
