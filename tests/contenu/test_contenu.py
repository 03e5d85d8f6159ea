"""The content itself: what a reader finds, and the facts that must hold."""

import re
import shutil
from collections import Counter
from datetime import date

import pytest
import yaml
from django.forms import model_to_dict
from django.test import Client

from contenu.chargement import ContenuInvalide, _charger_regles, charger
from dispositifs.forms import FormulaireRegle
from dispositifs.models import (
    REPONSES,
    Absence,
    Articulation,
    Dispositif,
    DispositifLocal,
    MissionAssuree,
    Question,
    Regle,
)
from fiches import edition
from fiches.gabarits import Nature
from fiches.models import Chiffre, Edition, Fiche, Organisme, Repere, Sigle, Version
from moderation import regles
from panorama.concerne import ce_qui_concerne
from territoires.models import Territoire
from tests.base_reelle import FIXTURES
from tests.contributions.recits import moderatrice

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


@pytest.fixture
def copie(tmp_path):
    """A copy of the content files, to change them."""
    return shutil.copytree(FIXTURES / "contenu", tmp_path / "contenu")


@pytest.fixture
def sans_fiches(tmp_path):
    """A copy of what goes with the fiches, to change it: the fiches are loaded already, and take two seconds again."""
    fiches = shutil.ignore_patterns(*[nature.chemin for nature in Nature])
    return shutil.copytree(FIXTURES / "contenu", tmp_path / "contenu", ignore=fiches)


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
def test_ce_qui_change_hors_des_fiches_se_voit_a_la_page_suivante(sans_fiches, nom, changer):
    """The number of the edition is the key of every cache."""
    avant = numero()
    lu = yaml.safe_load((sans_fiches / nom).read_text())
    changer(lu)
    (sans_fiches / nom).write_text(yaml.safe_dump(lu, allow_unicode=True))
    charger(sans_fiches)
    assert numero() > avant


def test_recharger_laisse_ce_que_d_autres_ont_publie():
    fiche = Dispositif.objects.get(slug="gem")
    edition.publier(fiche, {**fiche.contenu, "titre": "Titre proposé"}, motif="Proposition acceptée.")
    bilan = charger(FIXTURES / "contenu")
    assert (bilan.publiees, bilan.laissees) == (0, ["gem"])
    assert Dispositif.objects.get(slug="gem").titre == "Titre proposé"


def test_un_fichier_faux_est_refuse_et_rien_ne_change(copie):
    fichier = copie / "dispositifs" / "asv.yaml"
    brut = yaml.safe_load(fichier.read_text())
    brut["sections"]["description"] = "Un fait.[^99]"
    brut["couleur"] = "bleu"
    fichier.write_text(yaml.safe_dump(brut))
    avant = Version.objects.count()
    with pytest.raises(ContenuInvalide, match=r"asv\.yaml.*couleur"):
        charger(copie)
    assert Version.objects.count() == avant


def test_une_absence_retiree_du_fichier_disparait_et_celles_du_site_restent(sans_fiches):
    clsm, dieppe = Dispositif.objects.get(slug="clsm"), Territoire.objects.get(nature="commune", code="76217")
    Absence.objects.create(dispositif=clsm, territoire=dieppe, constatee_le="2024-01-01", source="Délibération")
    (sans_fiches / "absences.yaml").write_text("[]")
    charger(sans_fiches)
    assert [absence.territoire.nom for absence in Absence.objects.all()] == ["Dieppe"]


def test_une_absence_corrigee_sur_le_site_n_est_pas_recouverte(sans_fiches):
    Absence.objects.update(precision="Corrigée.", du_chargement=False)
    charger(sans_fiches)
    assert Absence.objects.get().precision == "Corrigée."


def test_les_pages_gardees_en_memoire_savent_qu_une_regle_a_change(sans_fiches):
    avant = Edition.objects.get().numero
    charger(sans_fiches)
    assert Edition.objects.get().numero == avant
    (sans_fiches / "regles.yaml").write_text("[]")
    charger(sans_fiches)
    assert Edition.objects.get().numero == avant + 1


def test_une_regle_ecrite_par_une_personne_n_est_plus_suivie_par_les_fichiers():
    regle = Regle.objects.filter(dispositif__slug="asv").first()
    saisie = {**model_to_dict(regle), "dispositif": "asv", "explication": "Réécrite."}
    formulaire = FormulaireRegle(saisie, instance=regle)
    assert formulaire.is_valid(), formulaire.errors
    assert formulaire.save().du_chargement is False


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


def test_une_regle_retiree_du_fichier_disparait_et_celles_des_moderateurs_restent(sans_fiches):
    ecrite = Regle.objects.filter(dispositif__slug="asv").first()
    Regle.objects.filter(pk=ecrite.pk).update(explication="Réécrite.", du_chargement=False)
    (sans_fiches / "regles.yaml").write_text("[]")
    charger(sans_fiches)
    assert [regle.explication for regle in Regle.objects.all()] == ["Réécrite."]
    shutil.copy(FIXTURES / "contenu" / "regles.yaml", sans_fiches)
    charger(sans_fiches)
    assert Regle.objects.get(pk=ecrite.pk).explication == "Réécrite."


def test_une_regle_retiree_au_poste_ne_revient_pas_avec_le_chargement(sans_fiches):
    regle = Regle.objects.filter(dispositif__slug="asv").first()
    regles.retirer(regle, par=moderatrice(), raison="Le rapport date.", lue=regle.empreinte)
    assert charger(sans_fiches).regles_laissees == 1
    assert not Regle.objects.get(pk=regle.pk).actif


@pytest.mark.parametrize(
    "ajout, message",
    [
        ({}, "répète une autre"),
        ({"couleur": "bleu"}, "clé inconnue : couleur"),
        ({"reponse": "bleu"}, "reponse"),
        ({"poids": 9}, "Le poids va de 1 à 3"),
        ({"exclut": True}, "elle écarte"),
        ({"document": "inconnu"}, "document inconnu"),
        ({"repere": ""}, "sans repère"),
        ({"dispositif": "inconnu"}, "dispositif"),
    ],
)
def test_une_regle_fausse_est_refusee_et_dit_laquelle(ajout, message):
    bonne = {"dispositif": "asv", "question": "qpv", "reponse": "oui", "poids": 1, "explication": "Parce que."}
    documents = {"essai": {"organisation": "Observatoire", "titre": "Rapport", "date": "2022"}}
    source = {"document": "essai", "repere": "page 1"}
    with pytest.raises(ContenuInvalide, match=rf"regles\.yaml, règle n° 2.*{message}"):
        _charger_regles([{**bonne, **source}, {**bonne, **source, **ajout}], documents)


def test_une_regle_fausse_ne_change_rien(sans_fiches):
    avant = set(Regle.objects.values_list("pk", "explication"))
    (sans_fiches / "regles.yaml").write_text(yaml.safe_dump([{"dispositif": "asv"}]))
    with pytest.raises(ContenuInvalide, match=r"regles\.yaml, règle n° 1, question"):
        charger(sans_fiches)
    assert set(Regle.objects.values_list("pk", "explication")) == avant


def test_un_fichier_ne_prend_pas_l_adresse_d_une_page_du_site(copie):
    shutil.copy(copie / "dispositifs" / "gem.yaml", copie / "dispositifs" / "choisir.yaml")
    with pytest.raises(ContenuInvalide, match=r"choisir\.yaml.*page du site"):
        charger(copie)


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


def test_la_carte_de_seine_maritime_dit_ses_sept_asv_et_ses_villes(client):
    page = client.get("/carte/?departement=76&dispositif=asv&nature=local").text
    assert "7 dispositifs locaux et 0 action décrits ici" in page
    for ville in ("Rouen", "Dieppe", "Elbeuf"):
        assert f'aria-label="{ville}&nbsp;: ' in page, ville


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


def test_les_contrats_echus_de_chateau_thierry_ne_couvrent_plus_personne(client):
    tableau = client.get("/territoires/departement/02/couverture/?niveau=commune&format=csv").text
    ligne = next(ligne for ligne in tableau.splitlines() if ligne.startswith("02168;"))
    assert ligne.endswith("échu en 2020 (suite inconnue);inconnu;échu en 2023 (suite inconnue)"), ligne


def test_les_missions_ne_sont_decrites_que_pour_les_trois_dispositifs_de_la_source():
    decrits = set(MissionAssuree.objects.values_list("dispositif__slug", flat=True))
    assert decrits == {"asv", "rtps", "cmt"}
    assert MissionAssuree.objects.count() == 12


def test_les_articulations_sont_typees():
    assert Articulation.objects.filter(de__slug="asv", vers__slug="contrat-de-ville").exists()
    assert Articulation.objects.values("type").distinct().count() >= 2


def test_l_absence_de_clsm_a_rouen_est_dite():
    assert "Absence confirmée" in page("/territoires/commune/76540/")


def test_a_rouen_l_asv_est_conseille_et_ce_qui_couvre_est_dit():
    texte = page("/dispositifs/choisir/?territoire=commune:76540&besoin=prevention")
    assert "asv-rouen" in texte and texte.index("asv-rouen") < texte.index("Ce que vos réponses suggèrent")
    assert "/dispositifs/asv/" in texte.partition("Ce que vos réponses suggèrent")[2]


def test_a_lille_l_appui_normand_n_est_pas_conseille():
    texte = page("/dispositifs/choisir/?territoire=commune:59350&qpv=non&besoin=methode")
    assert "n’existent pas ici" in texte
    assert "/dispositifs/cmt/" not in texte.partition("n’existent pas ici")[0].partition("Ce que vos réponses")[2]
