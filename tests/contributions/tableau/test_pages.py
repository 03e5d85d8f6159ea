"""« Apporter un tableau », step by step, as somebody plays it; what one may not do; what is forgotten."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contributions import donnees
from contributions.models import ColonneApprise, Lot, Tableau
from contributions.tableau import etapes, lecture
from contributions.tableau.questions import LAISSER, cle
from contributions.taches import lire_tableau, oublier_tableaux
from tests.balisage import texte
from tests.contributions.tableau.classeurs import classeur
from tests.factories import fiche_dispositif, fiche_locale, masquer, personne
from tests.territoires.monde import construire

pytestmark = pytest.mark.django_db
LIGNES: list[list[object]] = [
    ["Suivi des CLS"],
    ["Collectivité", "Communes", "Signature", "Statut", "Référente"],
    ["Ville du Bourg", "Le Bourg", "sept. 2021", "Signé", "Mme Invention"],
    ["CC de la Vallée", "Haute Rivière", "T3 2022", "En cours", "06 00 00 00 00"],
    ["TOTAL", "", "2", "", ""],
]
NOMS = ["", "'A'", "a", "A/B:C" * 20, "A/B:C" * 20, "History", "Z (9)", "Z", "z"]
ANNONCE = {"dispositif": "cls", "editeur": "ARS du Bocage", "le": "mars 2025", "adresse": ""}


@pytest.fixture(autouse=True)
def monde():
    construire()
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")


@pytest.fixture
def client():
    client = Client()
    client.force_login(personne())
    return client


def _dit(page) -> str:
    return texte(page.text)


def _apporter(client, octets: bytes | None = None, nom="suivi.xlsx", **dit):
    fichier = SimpleUploadedFile(nom, classeur(LIGNES) if octets is None else octets)
    return client.post(reverse("tableau"), {"fichier": fichier, **ANNONCE, **dit}, follow=True)


def _aux_lignes(client, octets: bytes | None = None):
    page = _apporter(client, octets)
    formulaire = page.context["formulaire"]
    postes = {champ.html_name: champ.value() for champ in formulaire if champ.value() not in (None, False)}
    return client.post(page.request["PATH_INFO"], postes, follow=True)


def test_un_tableau_se_joue_jusqu_au_lot(client, courriels):
    page = _apporter(client)
    assert "2 lignes lues" in _dit(page)
    assert "Noms des colonnes trouvés ligne 2" in _dit(page)
    assert "Mme Invention" not in page.text
    page = _aux_lignes(client)
    assert "« Haute Rivière »" in _dit(page)
    assert "ligne 4" in _dit(page)
    tableau = Tableau.objects.latest("pk")
    reponse = {f"r-{cle('territoires', 'Haute Rivière')}": "commune:99004", "suite": "1"}
    page = client.post(reverse("tableau_lignes", args=[tableau.pk]), reponse, follow=True)
    assert "Envoyer 2 fiches à la relecture" in _dit(page)
    envoi = {"titre": "Suivi des CLS", "mot": "Merci", "jeton": tableau.jeton}
    page = client.post(reverse("tableau_envoi", args=[tableau.pk]), envoi, follow=True)
    lot = Lot.objects.get()
    assert page.request["PATH_INFO"] == lot.get_absolute_url()
    assert [une.ligne for une in lot.propositions.order_by("ligne")] == [3, 4]
    assert lot.propositions.first().depot.recus["sources"][0]["organisation"] == "ARS du Bocage"
    assert not Tableau.objects.filter(pk=tableau.pk).exists()
    # A double click leads to the same lot.
    assert client.post(reverse("tableau_envoi", args=[tableau.pk]), envoi).headers["Location"] == lot.get_absolute_url()
    assert Lot.objects.count() == 1


def test_les_comptes_de_l_envoi_font_toutes_les_lignes_et_nomment_celles_laissees_pour_une_autre(client):
    lignes = [["Commune", "Statut", "Fin"], *(["Le Bourg", "Actif", fin] for fin in ("2026", "2027", "2028"))]
    page = _aux_lignes(client, classeur([*lignes, ["Nulle part", "Actif", ""]]))
    assert "4 lignes à régler" in _dit(page)
    tableau = Tableau.objects.get()
    client.post(reverse("tableau_lignes", args=[tableau.pk]), {f"r-{cle('repetees', '')}": "derniere"})
    page = client.get(reverse("tableau_envoi", args=[tableau.pk]))
    assert "Lignes laissées pour une autre du même dispositif : 2, 3." in _dit(page)
    tableau.refresh_from_db()
    comptes = tableau.analyse["comptes"]
    assert (comptes["creer"], comptes["revoir"], len(tableau.analyse["remplacees"])) == (1, 1, 2)
    assert tableau.analyse["reunies"] == 0


DEUX_FOIS = [["Commune", "Statut", "Fin"], ["X", "Actif", "2026"], ["Le Bourg", "Actif", "2028"], ["Y", "Actif", ""]]
MEME_LIEU, QUI_L_EMPORTE = cle("territoires", "X"), cle("repetees", "")


def test_une_question_nee_d_une_reponse_ramene_aux_lignes_et_non_a_l_envoi(client):
    _aux_lignes(client, classeur(DEUX_FOIS))
    lignes, envoi = (reverse(nom, args=[Tableau.objects.get().pk]) for nom in ("tableau_lignes", "tableau_envoi"))
    page = client.post(lignes, {f"r-{MEME_LIEU}": "commune:99001", "suite": "1"}, follow=True)
    assert page.request["PATH_INFO"] == lignes
    assert "Il reste 1 question." in _dit(page)
    page = client.post(lignes, {f"r-{QUI_L_EMPORTE}": "derniere", "suite": "1"}, follow=True)
    assert page.request["PATH_INFO"] == envoi


def test_une_reponse_qui_ne_regle_rien_ramene_aux_lignes_et_ne_pas_repondre_mene_a_l_envoi(client):
    _aux_lignes(client, classeur([["Commune", "Fin"], ["Le Bourg", "un jour"]]))
    lignes, envoi = (reverse(nom, args=[Tableau.objects.get().pk]) for nom in ("tableau_lignes", "tableau_envoi"))
    illisible = {f"l-{cle('fin', 'un jour')}": "bientôt", "suite": "1"}
    assert client.post(lignes, illisible, follow=True).request["PATH_INFO"] == lignes
    assert client.post(lignes, {"suite": "1"}, follow=True).request["PATH_INFO"] == envoi


def test_l_envoi_dit_ce_qui_ne_partira_pas_et_que_des_questions_restent(client):
    _aux_lignes(client, classeur(DEUX_FOIS))
    tableau = Tableau.objects.get()
    envoi = reverse("tableau_envoi", args=[tableau.pk])
    lu = _dit(client.get(envoi))
    assert "2 lignes ne partiront pas, et le tableau sera effacé." in lu
    assert "Étape 3, faite" not in lu and "2 questions" in lu
    etapes.repondre(tableau, {MEME_LIEU: "commune:99002", cle("territoires", "Y"): LAISSER})
    lu = _dit(client.get(envoi))
    assert "1 ligne ne partira pas, et le tableau sera effacé." in lu
    assert "Étape 3, faite" in lu


def test_le_tableau_revient_annote_et_se_rapporte_tel_quel(client):
    _aux_lignes(client)
    tableau = Tableau.objects.get()
    rendu = client.get(reverse("tableau_annote", args=[tableau.pk]))
    (feuille,) = lecture.lire(rendu.content).feuilles
    rangees = dict(feuille.rangees)
    assert rangees[2] == ["Collectivité", "Communes", "Signature", "Statut", "Référente", "À revoir"]
    assert rangees[4][1:4] == ["Haute Rivière", "T3 2022", "En cours"]
    assert "Haute Rivière" in rangees[4][5]
    assert len(rangees[3]) < 6 or not rangees[3][5]
    assert "2 lignes lues" in _dit(_apporter(client, rendu.content))


def test_une_colonne_corrigee_est_retenue_pour_la_personne(client):
    octets = classeur([["Machin", "Statut", "Échéance"], ["Le Bourg", "signé", "2030"]])
    page = _apporter(client, octets)
    tableau = Tableau.objects.get()
    adresse = reverse("tableau_colonnes", args=[tableau.pk])
    refus = client.post(
        adresse, {"prise-0": "on", "entete-0": "1", "role-0-0": "", "role-0-1": "etat", "role-0-2": "fin"}
    )
    assert refus.status_code == 422
    assert "quelle colonne donne les territoires" in _dit(refus)
    double = client.post(
        adresse, {"prise-0": "on", "entete-0": "1", "role-0-0": "etat", "role-0-1": "etat", "role-0-2": "fin"}
    )
    assert "Une autre colonne est déjà" in _dit(double)
    page = client.post(
        adresse,
        {"prise-0": "on", "entete-0": "1", "role-0-0": "territoires", "role-0-1": "etat", "role-0-2": "fin"},
        follow=True,
    )
    assert "1 fiche prête" in _dit(page)
    assert list(ColonneApprise.objects.values_list("nom", "role")) == [("machin", "territoires")]
    page = _apporter(client, octets)
    assert page.context["formulaire"]["role-0-0"].value() == "territoires"


def test_des_cellules_collees_se_lisent_et_une_autre_ligne_peut_nommer_les_colonnes(client):
    colle = "Chose\tTruc\nCommune\tÉtat\nLe Bourg\tsigné\n"
    page = client.post(reverse("tableau"), {"colle": colle, **ANNONCE}, follow=True)
    assert "trouvés ligne 2" in _dit(page)
    tableau = Tableau.objects.get()
    adresse = reverse("tableau_colonnes", args=[tableau.pk])
    page = client.post(adresse, {"prise-0": "on", "entete-0": "1", "relire": "1"}, follow=True)
    assert "trouvés ligne 1" in _dit(page)


def test_des_personnes_reconnues_apres_coup_ne_se_gardent_pas(client):
    colle = "Commune\tÉtat\tDurée\tSuivi\nTerritoire\tStatut\t\tTéléphone\nLe Bourg\tsigné\t\t06 00 00 00 00\n"
    client.post(reverse("tableau"), {"colle": colle, **ANNONCE}, follow=True)
    tableau = Tableau.objects.get()
    adresse = reverse("tableau_colonnes", args=[tableau.pk])
    postes = {"prise-0": "on", "entete-0": "2", "role-0-0": "territoires", "role-0-1": "etat"}
    client.post(adresse, postes, follow=True)
    tableau.refresh_from_db()
    assert tableau.analyse["comptes"]["creer"] == 1
    assert "06 00 00 00 00" not in str(tableau.feuilles)


@pytest.mark.parametrize(
    "octets, dit, mots",
    [
        (b"%PDF-1.4", {}, "PDF"),
        (b"", {}, "vide"),
        (b"a;b\n", {"le": "2099"}, "à venir"),
        (b"a;b\n", {"le": "hier"}, "date"),
        (b"a;b\n", {"colle": "a\tb"}, "l’un des deux"),
        (b"a;b\n", {"adresse": "javascript:alert(1)"}, "https"),
    ],
)
def test_ce_qui_ne_se_lit_pas_est_dit_a_cote_du_champ(client, octets, dit, mots):
    page = _apporter(client, octets, nom="x.pdf", **dit)
    assert page.status_code == 422
    assert mots in _dit(page)
    assert not Tableau.objects.exists()


def test_le_resume_nomme_chaque_champ_que_django_dit_seulement_obligatoire(client):
    lot = _aux_lignes(client).context["tableau"]
    page = client.post(reverse("tableau_envoi", args=[lot.pk]), {"jeton": lot.jeton, "titre": ""})
    resume = page.text.partition('id="erreurs"')[2].partition("</ul>")[0]
    assert "Nom du lot : ce champ est obligatoire." in texte(resume)
    vide = texte(client.post(reverse("tableau"), {}).text)
    assert "De quoi parle-t-il : ce champ est obligatoire." in vide


def test_le_tableau_d_une_autre_personne_n_existe_pas(client):
    _aux_lignes(client)
    autre = Client()
    autre.force_login(personne("autre"))
    pk = Tableau.objects.get().pk
    for route in ("tableau_colonnes", "tableau_lignes", "tableau_envoi", "tableau_annote"):
        assert autre.get(reverse(route, args=[pk])).status_code == 404
    assert autre.post(reverse("tableau"), {"effacer": pk}).status_code == 404
    assert Client().get(reverse("tableau")).status_code == 302


def test_une_reponse_forgee_ne_change_rien_et_des_lignes_se_laissent(client):
    _aux_lignes(client)
    tableau = Tableau.objects.get()
    adresse = reverse("tableau_lignes", args=[tableau.pk])
    client.post(adresse, {"r-inconnue": "x", "l-": "y"})
    assert Tableau.objects.get().reponses == {}
    client.post(adresse, {f"l-{cle('territoires', 'Haute Rivière')}": "Le" + " " * 3_000 + "Bourg"})
    assert [*Tableau.objects.get().reponses.values()] == ["Le Bourg"]
    client.post(adresse, {"oublier": "1"})
    client.post(adresse, {f"r-{cle('territoires', 'Haute Rivière')}": LAISSER})
    assert Tableau.objects.get().analyse["comptes"]["laissee"] == 1
    client.post(adresse, {"oublier": "1"})
    assert Tableau.objects.get().reponses == {}


def test_une_fiche_masquee_pendant_qu_on_repond_fait_relire_le_tableau(client):
    fiche = fiche_locale(titre="CLS du Bourg", dispositif="cls", territoires=["commune:99001"])
    _aux_lignes(client, classeur([["Commune", "Statut"], ["Le Bourg", "signé"]]))
    tableau = Tableau.objects.get()
    assert tableau.analyse["comptes"]["changer"] == 1
    masquer(fiche)
    envoi = {"titre": "Suivi", "mot": "", "jeton": "\0"}
    page = client.post(reverse("tableau_envoi", args=[tableau.pk]), envoi, follow=True)
    assert "Rien n’est envoyé" in _dit(page)
    assert "Le tableau vient d’être relu" in _dit(page)
    assert Tableau.objects.get().analyse["comptes"]["changer"] == 0
    assert not Lot.objects.exists()


def test_des_feuilles_aux_noms_etranges_reviennent_annotees(client):
    feuilles = [{"nom": nom, "rangees": [[1, ["Commune", "Statut"]], [2, ["X", "signé"]]]} for nom in NOMS]
    tableau = Tableau.objects.create(auteur=personne(), nom="t", editeur="ARS", le="2025", feuilles=feuilles)
    etapes.relire(tableau)
    rendu = client.get(reverse("tableau_annote", args=[tableau.pk]))
    assert len(lecture.lire(rendu.content).feuilles) == len(NOMS)


def test_un_long_tableau_est_lu_par_un_ouvrier_qui_dit_ou_il_en_est(client, vider_la_file):
    lignes = [["Commune", "Statut"], *(["Le Bourg", "signé"] for _ in range(301))]
    page = _aux_lignes(client, classeur(lignes))
    assert "0 ligne lue" in _dit(page)
    tableau = Tableau.objects.get()
    assert client.get(reverse("tableau_annote", args=[tableau.pk])).status_code == 404
    assert client.get(reverse("tableau_envoi", args=[tableau.pk])).status_code == 302
    vider_la_file()
    page = client.get(reverse("tableau_lignes", args=[tableau.pk]))
    assert "1 fiche prête" in _dit(page)
    avant = Tableau.objects.get().analyse
    lire_tableau(pk=tableau.pk, tour=0)  # a reading that another one took the place of
    assert Tableau.objects.get().analyse == avant


def test_de_courtes_lignes_de_trop_de_lieux_sont_aussi_lues_par_un_ouvrier(client):
    lieux = [["Commune", "État"], *([";".join(f"Nulle part {n} {m}" for m in range(40)), "signé"] for n in range(30))]
    assert "en cours" in _dit(_aux_lignes(client, classeur(lieux))).lower()
    assert Tableau.objects.get().analyse is None


def test_un_tableau_s_efface_et_s_oublie(client):
    _aux_lignes(client)
    pk = Tableau.objects.get().pk
    client.post(reverse("tableau"), {"effacer": pk})
    assert not Tableau.objects.exists()
    _apporter(client)
    oublier_tableaux(0)
    assert Tableau.objects.exists()
    Tableau.objects.update(modifie_le=timezone.now() - timedelta(days=31))
    oublier_tableaux(0)
    assert not Tableau.objects.exists()


def test_qui_part_emporte_ses_tableaux_et_n_en_laisse_aucun(client):
    _apporter(client)
    ColonneApprise.objects.create(auteur=personne(), nom="machin", role="etat")
    emporte = donnees.exporter(personne())
    assert (emporte["tableaux"][0]["nom"], emporte["colonnes apprises"]) == ("suivi.xlsx", {"machin": "etat"})
    donnees.effacer(personne(), garder_nom=True)
    assert not Tableau.objects.exists()
    assert not ColonneApprise.objects.exists()


def test_une_personne_n_a_pas_plus_de_dix_tableaux_commences(client):
    assert "un onzième efface le plus ancien" in _dit(client.get(reverse("tableau")))
    for _ in range(11):
        _apporter(client, b"Commune;Statut\nLe Bourg;signe\n")
    assert Tableau.objects.count() == 10


@pytest.mark.parametrize("forme", ["xlsx", "csv"])
def test_notre_tableau_vide_se_lit_en_entier_et_son_exemple_n_est_pas_une_ligne(client, forme):
    vide = client.get(reverse("tableau_vide", args=[forme]), {"departement": "99"} if forme == "xlsx" else {})
    page = _apporter(client, vide.content)
    formulaire = page.context["formulaire"]
    roles = [formulaire[f"role-0-{place}"].value() for place in range(11)]
    assert "" not in roles
    assert "0 ligne lue" in _dit(page)
    if forme == "xlsx":
        assert formulaire["prise-1"].value() is False
        assert "commune:99001" in str(lecture.lire(vide.content).feuilles[1].rangees)
    assert client.get(reverse("tableau_vide", args=["xlsx"]), {"departement": "00"}).status_code == 404
    assert client.get(reverse("tableau_vide", args=["exe"])).status_code == 404


def test_un_fichier_de_plus_de_cinq_mega_octets_est_dit_trop_lourd(client):
    assert "5 Mo" in _dit(_apporter(client, io.BytesIO(b"a;b\n" * 1_300_000).getvalue()))


def test_la_source_porte_le_titre_du_tableau_pas_le_nom_du_fichier(client):
    _aux_lignes(client)
    (contenu, *_) = Tableau.objects.get().contenus.values()
    assert [source["titre"] for source in contenu["sources"]] == ["Suivi des CLS"]


def test_chaque_etape_demande_une_feuille_et_un_script_communs(client):
    pages = [client.get(reverse("tableau")), _apporter(client), _aux_lignes(client)]
    assert [page.text.count('rel="stylesheet"') for page in pages] == [1, 1, 1]
    assert [page.text.count('type="module"') for page in pages] == [1, 1, 1]
