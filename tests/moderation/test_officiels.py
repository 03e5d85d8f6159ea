"""Official files at the desk: brought, compared, read, then applied whole, or given up."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from comptes.roles import Role
from contributions.models import Journal
from contributions.verbes.empechements import Empechement
from fiches.models import Edition
from moderation import officiels
from territoires.models import FichierImporte, Importation, Millesime, Territoire
from tests.balisage import texte
from tests.factories import fiche_locale, moderatrice, personne
from tests.territoires import monde as petit_pays
from tests.territoires.imports.conftest import photographie
from tests.territoires.imports.test_cog import COMMUNES, MOUVEMENTS, PAYS, commune, mouvement
from tests.territoires.imports.test_epci import PAYS as COMPOSITION
from tests.territoires.imports.test_epci import lignes_csv
from tests.territoires.monde import COTE

pytestmark = pytest.mark.django_db
LISTE = "/moderation/fichiers-officiels/"


@pytest.fixture
def admin():
    return personne("administratrice", Role.ADMINISTRATEUR)


@pytest.fixture
def poste(client, admin):
    petit_pays.construire()
    Millesime.objects.retenir({"commune": 2026, "epci": 2026, "qpv": 2024})
    client.force_login(admin)
    return client


def cog(communes: dict[str, str], *mouvements: str, annee: int = 2027) -> dict:
    lignes = "".join(commune(code, nom) for code, nom in communes.items())
    return {
        "genre": "cog",
        "fichier": SimpleUploadedFile(f"v_commune_{annee}.csv", (COMMUNES + lignes).encode()),
        "mouvements": SimpleUploadedFile(f"v_mvt_commune_{annee}.csv", (MOUVEMENTS + "".join(mouvements)).encode()),
    }


FUSION = cog({c: n for c, n in PAYS.items() if c != "99002"}, mouvement(31, "2027-01-01", "99002", "99001"))


def apporter(poste: Client, saisie: dict) -> Importation:
    for envoye in saisie.values():
        if isinstance(envoye, SimpleUploadedFile):
            envoye.seek(0)
    reponse = poste.post(LISTE, saisie)
    assert reponse.status_code == 302, texte(reponse.text)
    importation = Importation.objects.latest("pk")
    assert reponse["Location"] == importation.get_absolute_url()
    return importation


def traiter(importation: Importation) -> Importation:
    officiels.traiter(importation.pk)
    importation.refresh_from_db()
    return importation


def test_un_caractere_interdit_fait_refuser_le_fichier_et_rien_n_est_repris_sans_fin(poste):
    importation = traiter(apporter(poste, cog(PAYS | {"99001": "Le\0Bourg"})))
    assert importation.etat == Importation.Etat.REFUSEE and "caractères interdits" in importation.fautes[0]


def test_un_fichier_est_compare_relu_puis_ecrit_en_entier(poste, admin):
    cls = fiche_locale(sur=[petit_pays.lire("commune:99002")], titre="CLS de Petit-Val")
    avant = photographie()
    importation = apporter(poste, FUSION)
    assert "En lecture" in texte(poste.get(importation.get_absolute_url()).text)
    traiter(importation)
    page = texte(poste.get(importation.get_absolute_url()).text)
    assert "Fermés : 1" in page and "Petit-Val (99) [99002], le 01/01/2027 → 99001" in page
    assert "La base est au 2026." in page and cls.titre in page
    assert photographie() == avant, "comparing writes nothing"

    edition = Edition.objects.get().numero
    poste.post(importation.get_absolute_url(), {"verbe": "confirmer"})
    assert photographie() == avant, "the worker writes, not the page"
    traiter(importation)
    assert importation.etat == "appliquee" and petit_pays.devenus("commune:99002") == {"99001"}
    assert Millesime.objects.en_vigueur()["commune"] == 2027 and Edition.objects.get().numero > edition
    assert "C’est écrit" in texte(poste.get(importation.get_absolute_url()).text)
    assert not FichierImporte.objects.exists()
    lignes = Journal.objects.filter(importation=importation).order_by("pk")
    assert [ligne.verbe for ligne in lignes] == ["apporter_fichier", "confirmer_fichier", "appliquer_fichier"]
    assert {ligne.qui for ligne in lignes} == {admin}
    assert "Fichier officiel appliqué" in texte(poste.get("/moderation/journal/").text)


def test_chaque_sorte_de_changement_a_son_chapitre(poste):
    Territoire.objects.filter(code="99005").update(fin="2020-01-01")
    saisie = cog(PAYS | {"99001": "Le Grand Bourg", "99009": "Nouvelle"})
    rapport = traiter(apporter(poste, saisie)).rapport
    chapitres = {c["titre"]: c["lignes"] for c in rapport["chapitres"]}
    assert chapitres["Créés"] == ["Nouvelle (99009)"] and chapitres["Rouverts"] == ["Port-la-Côte (99)"]
    assert chapitres["Renommés"] == ["Le Bourg [99001] → Le Grand Bourg"] and "Fermés" not in chapitres


def test_une_commune_qui_change_d_intercommunalite_est_dite_avec_ses_quartiers(poste):
    fichier = SimpleUploadedFile("epcicom2027.csv", lignes_csv(COMPOSITION | {"99004": COTE}).encode())
    (chapitre,) = traiter(apporter(poste, {"genre": "epci", "fichier": fichier})).rapport["chapitres"]
    assert chapitre["titre"] == "Rattachés autrement" and chapitre["lignes"] == [
        "Haute-Rive [99004] : CC du Plateau → CA de la Côte",
        "Rives [QN09902N] : rien → CA de la Côte",
    ]


def test_les_fiches_d_un_territoire_renomme_disent_son_nouveau_nom(poste, admin):
    fiche = fiche_locale(sur=[petit_pays.lire("commune:99001")])
    importation = traiter(apporter(poste, cog(PAYS | {"99001": "Le Grand Bourg"})))
    assert importation.rapport["fiches"]["premieres"] == [{"titre": fiche.titre, "adresse": fiche.get_absolute_url()}]
    traiter(officiels.confirmer(importation, par=admin))
    assert "Le Grand Bourg" in texte(poste.get(fiche.get_absolute_url()).text)


def test_un_fichier_refuse_dit_tout_ce_qui_est_faux_et_n_est_pas_garde(poste):
    fausses = "".join(f"COM,X{n},99,99,,,0,X,X,X,,\n" for n in range(30))
    fichier = SimpleUploadedFile("v_commune_2027.csv", (COMMUNES + fausses).encode())
    importation = traiter(apporter(poste, {**cog(PAYS), "fichier": fichier}))
    page = texte(poste.get(importation.get_absolute_url()).text)
    assert "Fichier refusé, rien n’a changé" in page and "ligne 31 : code, département ou nom illisible." in page
    assert importation.etat == "refusee" and not FichierImporte.objects.exists()
    assert Journal.objects.filter(verbe="refuser_fichier").exists()


def test_un_millesime_ancien_se_demande_par_sa_case(poste):
    ancien = cog(PAYS | {"99001": "Le Vieux Bourg"}, annee=2025)
    refusee = traiter(apporter(poste, ancien))
    assert refusee.etat == "refusee" and "la base est au 2026" in refusee.fautes[0]
    assert traiter(apporter(poste, ancien | {"plus_ancien": "on"})).etat == "comparee"


def test_ce_qui_ne_change_rien_ne_se_confirme_pas(poste):
    importation = traiter(apporter(poste, cog(PAYS, annee=2026)))
    page = poste.get(importation.get_absolute_url()).text
    assert "Rien à changer." in texte(page) and 'value="confirmer"' not in page and 'value="abandonner"' in page


def test_si_la_base_change_apres_le_rapport_rien_n_est_ecrit_sans_relire(poste, admin):
    importation = traiter(apporter(poste, FUSION))
    Territoire.objects.filter(code="99003").update(nom="Autre Mont")
    avant = photographie()
    traiter(officiels.confirmer(importation, par=admin))
    assert importation.etat == "comparee" and photographie() == avant
    page = texte(poste.get(importation.get_absolute_url()).text)
    assert "La base a changé depuis ce rapport" in page and "Autre Mont [99003] → Saint-Mont" in page
    assert traiter(officiels.confirmer(importation, par=admin)).etat == "appliquee"


def test_on_ne_confirme_ni_n_abandonne_deux_fois(poste, admin):
    importation = traiter(apporter(poste, FUSION))
    officiels.confirmer(importation, par=admin)
    for verbe in (officiels.confirmer, officiels.abandonner):
        with pytest.raises(Empechement):
            verbe(importation, par=admin)
    reponse = poste.post(importation.get_absolute_url(), {"verbe": "abandonner"}, follow=True)
    assert "Ce fichier n’est plus à abandonner." in texte(reponse.text)


def test_un_fichier_abandonne_n_ecrit_rien_et_est_oublie(poste):
    importation = traiter(apporter(poste, FUSION))
    avant = photographie()
    assert poste.post(importation.get_absolute_url(), {"verbe": "rien"}).status_code == 400
    poste.post(importation.get_absolute_url(), {"verbe": "abandonner"})
    assert traiter(importation).etat == "abandonnee" and photographie() == avant
    assert not FichierImporte.objects.exists()


def test_traite_deux_fois_il_ne_change_plus_rien(poste, admin):
    importation = traiter(officiels.confirmer(traiter(apporter(poste, FUSION)), par=admin))
    apres = photographie()
    assert traiter(importation).etat == "appliquee" and photographie() == apres


def test_un_ouvrier_tue_reprend_puis_renonce(poste, django_capture_on_commit_callbacks):
    importation = apporter(poste, FUSION)
    Importation.objects.update(essais=1, bougee_le=timezone.now() - timedelta(minutes=6))
    with django_capture_on_commit_callbacks() as confies:
        officiels.reprendre()
    assert len(confies) == 1
    assert traiter(importation).etat == "comparee"
    Importation.objects.update(etat="a_appliquer", essais=officiels.ESSAIS_AU_PLUS)
    assert traiter(importation).etat == "refusee" and "interrompue plusieurs fois" in importation.fautes[0]


def test_ce_qui_vient_d_etre_commence_n_est_pas_repris(poste, django_capture_on_commit_callbacks):
    apporter(poste, FUSION)
    with django_capture_on_commit_callbacks() as confies:
        officiels.reprendre()
    assert not confies


@pytest.mark.parametrize(
    "saisie, faute",
    [
        ({"genre": "epci"}, "Second fichier n’est lu"),
        ({"genre": "autre"}, "choix"),
        ({"annee": "1999"}, "2000"),
        ({"fichier": ""}, "obligatoire"),
        ({"fichier": SimpleUploadedFile("vide2027.csv", b"")}, "vide"),
    ],
)
def test_une_saisie_fautive_se_dit_pres_de_son_champ(poste, saisie, faute):
    reponse = poste.post(LISTE, cog(PAYS) | saisie)
    assert reponse.status_code == 422 and not Importation.objects.exists()
    assert re.search(faute, texte(reponse.text), re.IGNORECASE)


def test_seul_un_administrateur_apporte_un_fichier(client, poste):
    importation = traiter(apporter(poste, FUSION))
    client.force_login(moderatrice())
    assert client.get(LISTE).status_code == 403
    assert client.post(importation.get_absolute_url(), {"verbe": "confirmer"}).status_code == 403


def test_un_envoi_de_douze_megaoctets_passe_ici_et_ici_seulement(poste):
    lourd = SimpleUploadedFile("listeqp2024.csv", b"x" * 12_000_000)
    assert poste.post(LISTE, {"genre": "qpv", "fichier": lourd}).status_code == 302
    lourd.seek(0)
    assert poste.post("/moderation/portee/", {"fichier": lourd}).status_code == 413
