"""Loading content again: what changed in the files is seen, what was written on the site stays.

On a content of two fiches: the real one, in test_contenu.py, takes seconds each time.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.forms import model_to_dict

from contenu.chargement import charger
from contenu.ecrits import charger_regles
from contenu.fichiers import ContenuInvalide
from dispositifs.forms import FormulaireRegle
from dispositifs.models import Absence, Dispositif, Regle
from fiches import edition
from fiches.models import Edition, Organisme, Repere, Sigle, Version
from fiches.unites import changements
from moderation import ecrits
from territoires.models import Territoire
from tests.factories import moderatrice, territoire

pytestmark = pytest.mark.django_db
SOURCE = {"document": "rapport", "repere": "page 1"}


def _dispositif(titre: str) -> dict[str, Any]:
    sections = {"description": "Une démarche.[^1]"}
    return {"titre": titre, "resume": "Un résumé.", "categorie": "demarche", "sections": sections, "sources": [SOURCE]}


PETIT: dict[str, Any] = {
    "vocabulaire.yaml": {"themes": [], "publics": [], "leviers": [], "missions": []},
    "documents.yaml": [{"cle": "rapport", "organisation": "Observatoire", "titre": "Rapport", "date": "2022"}],
    "glossaire.yaml": [{"sigle": "ASV", "definition": "Une démarche.", "dispositif": "asv", "document": "rapport"}],
    "organismes.yaml": [
        {"nom": "Observatoire", "type": "observatoire", "territoires": ["region:28"], "document": "rapport"}
    ],
    "reperes.yaml": [{"sujet": "Agir tôt", "texte": "Dès l’enfance.", "document": "rapport"}],
    "absences.yaml": [
        {"dispositif": "clsm", "territoire": "commune:76540", "constatee_le": "2019-01-01", **SOURCE},
    ],
    "regles.yaml": [
        {"dispositif": "asv", "question": "qpv", "reponse": "oui", "poids": 2, "explication": "Là il agit.", **SOURCE},
        {"dispositif": "asv", "question": "qpv", "reponse": "non", "exclut": True, "explication": "Non.", **SOURCE},
    ],
    "dispositifs/asv.yaml": _dispositif("Atelier santé ville"),
    "dispositifs/clsm.yaml": _dispositif("Conseil local de santé mentale"),
}


def poser(fichier: Path, lu: Any) -> None:
    fichier.parent.mkdir(exist_ok=True)
    fichier.write_text(yaml.safe_dump(lu, allow_unicode=True))


@pytest.fixture
def dossier(db, tmp_path) -> Path:
    """The folder of a small content, loaded already."""
    for nature, code in (("region", "28"), ("region", "53"), ("commune", "76540"), ("commune", "76217")):
        territoire(nature, code, "Dieppe" if code == "76217" else "")
    for nom, lu in PETIT.items():
        poser(tmp_path / nom, lu)
    charger(tmp_path)
    return tmp_path


def numero() -> int:
    return Edition.objects.get().numero


@pytest.mark.parametrize(
    "nom, changer",
    [
        ("glossaire.yaml", lambda lu: lu[-1].update(definition="Une autre définition.")),
        ("organismes.yaml", lambda lu: lu[0].update(territoires=["region:53"])),
        ("reperes.yaml", lambda lu: lu[0].update(texte="Un autre texte.")),
        ("reperes.yaml", lambda lu: lu[0].update(dispositifs=["asv"])),
    ],
    ids=["un sigle", "le lieu d’un organisme", "un repère", "la fiche d’un repère"],
)
def test_ce_qui_change_hors_des_fiches_se_voit_a_la_page_suivante(dossier, nom, changer):
    """The number of the edition is the key of every cache."""
    avant = numero()
    lu = yaml.safe_load((dossier / nom).read_text())
    changer(lu)
    (dossier / nom).write_text(yaml.safe_dump(lu, allow_unicode=True))
    charger(dossier)
    assert numero() > avant


@pytest.mark.parametrize(
    "nom, modele", [("glossaire.yaml", Sigle), ("organismes.yaml", Organisme), ("reperes.yaml", Repere)]
)
def test_ce_qui_quitte_une_liste_quitte_la_base(dossier, nom, modele):
    assert modele.objects.count() == 1
    poser(dossier / nom, [])
    charger(dossier)
    assert not modele.objects.exists()


def test_recharger_laisse_ce_que_d_autres_ont_publie(dossier):
    fiche = Dispositif.objects.get(slug="asv")
    edition.publier(fiche, {**fiche.contenu, "titre": "Titre proposé"}, motif="Proposition acceptée.")
    bilan = charger(dossier)
    assert (bilan.publiees, bilan.laissees) == (0, ["asv"])
    assert Dispositif.objects.get(slug="asv").titre == "Titre proposé"


def test_une_source_deplacee_ou_nommee_autrement_ne_fait_pas_de_version(dossier):
    """The base keeps the key that it knows; the file may give another one, and move the source."""
    fichier = dossier / "dispositifs" / "asv.yaml"
    brut = _dispositif("Atelier santé ville")
    poser(fichier, {**brut, "sources": [SOURCE, {**SOURCE, "repere": "page 2"}]})
    assert charger(dossier).publiees == 1
    deplacees = [{"cle": "autre", **SOURCE, "repere": "page 2"}, {"cle": "rdv22", **SOURCE}]
    poser(fichier, {**brut, "sections": {"description": "Une démarche.[^rdv22]"}, "sources": deplacees})
    assert charger(dossier).publiees == 0


def test_une_source_inseree_dans_un_fichier_laisse_leur_cle_aux_autres(dossier):
    avant = Dispositif.objects.get(slug="asv").contenu
    brut = _dispositif("Atelier santé ville")
    brut["sources"] = [{"cle": "neuve", "titre": "Guide d’essai"}, {"cle": "1", **SOURCE}]
    brut["sections"]["cout"] = "Selon le guide.[^neuve]"
    poser(dossier / "dispositifs" / "asv.yaml", brut)
    assert charger(dossier).publiees == 1
    apres = Dispositif.objects.get(slug="asv").contenu
    assert [source["cle"] for source in apres["sources"]] == ["neuve", "1"]
    assert set(changements("dispositif", avant, apres)) == {"sources", "section-cout"}


def test_un_fichier_faux_est_refuse_et_rien_ne_change(dossier):
    fichier = dossier / "dispositifs" / "asv.yaml"
    brut = yaml.safe_load(fichier.read_text())
    brut["sections"]["description"] = "Un fait.[^99]"
    brut["couleur"] = "bleu"
    fichier.write_text(yaml.safe_dump(brut))
    avant = Version.objects.count()
    with pytest.raises(ContenuInvalide, match=r"asv\.yaml.*couleur"):
        charger(dossier)
    assert Version.objects.count() == avant


def test_une_absence_retiree_du_fichier_disparait_et_celles_du_site_restent(dossier):
    clsm, dieppe = Dispositif.objects.get(slug="clsm"), Territoire.objects.get(nature="commune", code="76217")
    Absence.objects.create(dispositif=clsm, territoire=dieppe, constatee_le="2024-01-01", source="Délibération")
    (dossier / "absences.yaml").write_text("[]")
    charger(dossier)
    assert [absence.territoire.nom for absence in Absence.objects.all()] == ["Dieppe"]


def test_une_absence_corrigee_sur_le_site_n_est_pas_recouverte(dossier):
    Absence.objects.update(precision="Corrigée.", du_chargement=False)
    charger(dossier)
    assert Absence.objects.get().precision == "Corrigée."


def test_les_pages_gardees_en_memoire_savent_qu_une_regle_a_change(dossier):
    avant = Edition.objects.get().numero
    charger(dossier)
    assert Edition.objects.get().numero == avant
    (dossier / "regles.yaml").write_text("[]")
    charger(dossier)
    assert Edition.objects.get().numero == avant + 1


def test_une_regle_ecrite_par_une_personne_n_est_plus_suivie_par_les_fichiers(dossier):
    regle = Regle.objects.filter(dispositif__slug="asv").first()
    saisie = {**model_to_dict(regle), "dispositif": "asv", "explication": "Réécrite."}
    formulaire = FormulaireRegle(saisie, instance=regle)
    assert formulaire.is_valid(), formulaire.errors
    assert formulaire.save().du_chargement is False


def test_une_regle_retiree_du_fichier_disparait_et_celles_des_moderateurs_restent(dossier):
    ecrite = Regle.objects.filter(dispositif__slug="asv").first()
    Regle.objects.filter(pk=ecrite.pk).update(explication="Réécrite.", du_chargement=False)
    (dossier / "regles.yaml").write_text("[]")
    charger(dossier)
    assert [regle.explication for regle in Regle.objects.all()] == ["Réécrite."]
    poser(dossier / "regles.yaml", PETIT["regles.yaml"])
    charger(dossier)
    assert Regle.objects.get(pk=ecrite.pk).explication == "Réécrite."


def test_une_regle_retiree_au_poste_ne_revient_pas_avec_le_chargement(dossier):
    regle = Regle.objects.filter(dispositif__slug="asv").first()
    ecrits.retirer(regle, par=moderatrice(), raison="Le rapport date.", lue=regle.marque)
    assert charger(dossier).regles_laissees == 1
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
def test_une_regle_fausse_est_refusee_et_dit_laquelle(dossier, ajout, message):
    bonne = {"dispositif": "asv", "question": "qpv", "reponse": "oui", "poids": 1, "explication": "Parce que."}
    documents = {"essai": {"organisation": "Observatoire", "titre": "Rapport", "date": "2022"}}
    source = {"document": "essai", "repere": "page 1"}
    with pytest.raises(ContenuInvalide, match=rf"regles\.yaml, règle n° 2.*{message}"):
        charger_regles([{**bonne, **source}, {**bonne, **source, **ajout}], documents)


def test_une_regle_fausse_ne_change_rien(dossier):
    avant = set(Regle.objects.values_list("pk", "explication"))
    (dossier / "regles.yaml").write_text(yaml.safe_dump([{"dispositif": "asv"}]))
    with pytest.raises(ContenuInvalide, match=r"regles\.yaml, règle n° 1, question"):
        charger(dossier)
    assert set(Regle.objects.values_list("pk", "explication")) == avant


def test_un_fichier_ne_prend_pas_l_adresse_d_une_page_du_site(dossier):
    shutil.copy(dossier / "dispositifs" / "clsm.yaml", dossier / "dispositifs" / "choisir.yaml")
    with pytest.raises(ContenuInvalide, match=r"choisir\.yaml.*page du site"):
        charger(dossier)


def test_un_fichier_qui_n_a_pas_change_n_est_pas_relu(dossier, monkeypatch):
    lus = []
    monkeypatch.setattr("contenu.chargement.valider", lambda nature, brut, nom: lus.append(nom))
    assert charger(dossier).inchangees == 2
    assert lus == []


def test_ce_qu_une_page_montre_d_autre_la_fait_recalculer(dossier):
    poser(dossier / "dispositifs" / "asv.yaml", _dispositif("Atelier") | {"territoires": ["commune:76540"]})
    charger(dossier)
    Territoire.objects.filter(code="76540").update(nom="Rouen-sur-Seine")
    assert charger(dossier).actualisees == 1
    assert Dispositif.objects.get(slug="asv").rendu["territoires"][0]["nom"] == "Rouen-sur-Seine"


def test_deux_fichiers_ne_prennent_pas_la_meme_adresse(dossier):
    """Files may be put away in folders, a région each; the name of a file is still its address."""
    poser(dossier / "dispositifs" / "28-normandie" / "asv.yaml", _dispositif("Autre atelier"))
    avant = Version.objects.count()
    with pytest.raises(ContenuInvalide, match=r"28-normandie/asv\.yaml et dispositifs/asv\.yaml : deux fichiers"):
        charger(dossier)
    assert Version.objects.count() == avant


def test_un_fichier_range_ailleurs_reste_la_meme_fiche(dossier):
    ailleurs = dossier / "dispositifs" / "28-normandie"
    ailleurs.mkdir()
    (dossier / "dispositifs" / "asv.yaml").rename(ailleurs / "asv.yaml")
    assert charger(dossier).inchangees == 2
