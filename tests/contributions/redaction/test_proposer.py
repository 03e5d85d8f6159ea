"""« Proposer une amélioration »: the form of a fiche, until it is handed in."""

import pytest
from django.test import Client

from contributions.charte import CHARTE, LICENCE
from contributions.models import Proposition
from fiches.gabarits import GABARITS
from tests.contributions.papier import Papier, erreurs, ouvrir, seule
from tests.contributions.recits import derniere, proposition
from tests.factories import SOURCE, fiche_dispositif, masquer, moderatrice, personne, publier, territoire, theme

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut
ADRESSE = "/dispositifs/asv/proposer/"


# The page


def test_la_section_demandee_est_ouverte_les_autres_fermees(client, fiche):
    page = client.get(f"{ADRESSE}?section=cout").text.partition("<main")[2]
    assert '<details class="redaction" id="bloc-cout" open>' in page
    assert page.index('id="bloc-cout"') < page.index('id="bloc-identite"')  # first
    autres = len(GABARITS["dispositif"].sections) + 4
    assert page.count("<details") == autres + 1 and page.count("<details class") - page.count(" open>") == autres


def test_le_texte_publie_est_dans_le_formulaire(papier):
    assert papier["section-cout"] == "Peu."
    assert papier["sources-0-titre"] == SOURCE["titre"]


def test_toutes_les_unites_de_la_nature_sont_dans_le_formulaire(papier):
    attendus = {"titre", "resume", "themes", "publics", "territoires", "categorie", "sigle", "section-bibliographie"}
    assert attendus <= papier.noms
    assert {"sources-TOTAL_FORMS", "chiffres-TOTAL_FORMS", "missions-TOTAL_FORMS"} <= papier.noms


def test_une_section_inconnue_ne_gene_personne(client, fiche):
    for section in ("<script>", "rien", "\0", "a" * 3000):
        assert client.get(ADRESSE, {"section": section}).status_code == 200


def test_la_page_reste_legere(client, django_assert_max_num_queries):
    fiche_dispositif(slug="cls")
    missions = [
        {"type": "finance", "vers": "cls", "source": 1},
        {"type": "s_articule_avec", "vers": "cls", "source": 1},
    ]
    fiche_dispositif(slug="asv", articulations=missions, sources=[SOURCE] * 3)
    with django_assert_max_num_queries(14):
        client.get(ADRESSE)


def test_une_fiche_hors_de_vue_ne_se_modifie_pas(client, fiche):
    masquer(fiche)
    assert client.get(ADRESSE).status_code == 404


# Handing in


def test_sans_compte_la_proposition_est_deposee_et_son_recepisse_est_une_page(papier):
    reponse = papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    deposee = seule()
    assert (reponse.status_code, reponse["Location"]) == (303, deposee.get_absolute_url())
    assert (deposee.statut, deposee.courriel) == (Statut.A_CONFIRMER, "visiteuse@exemple.fr")
    assert deposee.depot.changements == {"section-cout": "Beaucoup."}
    assert (deposee.depot.pourquoi, deposee.depot.type) == ("Le prix a changé", "correction")


def test_ce_qui_est_accepte_est_garde_avec_sa_version(client, papier):
    papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    assert (seule().charte, seule().licence) == (CHARTE, LICENCE)
    charte = client.get("/charte/").text
    assert CHARTE in charte and LICENCE in charte


def test_avec_un_compte_l_adresse_n_est_pas_demandee(client, fiche):
    client.force_login(personne())
    papier = ouvrir(client, ADRESSE)
    assert "courriel" not in papier.noms
    papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    assert (seule().statut, seule().auteur) == (Statut.SOUMISE, personne())


def test_le_credit_du_compte_est_propose(client, fiche):
    auteur = personne()
    auteur.credit_prefere, auteur.lien = "nom", "https://exemple.fr/moi"
    auteur.save()
    client.force_login(auteur)
    papier = ouvrir(client, ADRESSE)
    assert [papier[nom] for nom in ("credit", "credit_nom", "credit_lien")] == [
        "nom", auteur.nom_affiche, "https://exemple.fr/moi",
    ]  # fmt: skip


def test_le_credit_choisi_est_garde_l_anonymat_n_en_garde_rien(papier):
    nom = {"credit_nom": "Repères santé", "credit_role": "association", "credit_lien": "https://exemple.fr"}
    papier.remplir(**{"section-cout": "Beaucoup."}).signer(credit="nom", **nom).envoyer()
    une = seule()
    assert (une.credit, une.credit_nom, une.credit_role) == ("nom", "Repères santé", "association")
    papier.remplir(credit="anonyme").envoyer()
    assert (seule().credit_nom, seule().credit_lien) == ("", "")


def test_ne_rien_changer_se_dit(papier):
    reponse = papier.signer().envoyer()
    assert reponse.status_code == 422 and "rien changé encore" in erreurs(reponse)
    assert seule().statut == Statut.BROUILLON


def test_les_erreurs_sont_en_haut_et_a_cote_du_champ(papier):
    reponse = papier.remplir(**{"section-cout": "Beaucoup.[^9]", "titre": ""}).signer(pourquoi="", charte="").envoyer()
    assert reponse.status_code == 422
    resume = erreurs(reponse)
    for ancre in ("id_titre", "id_section-cout", "id_pourquoi", "id_charte"):
        assert f'href="#{ancre}"' in resume and f'id="{ancre}"' in reponse.text
        assert f'id="{ancre}_error"' in reponse.text
    assert '<details class="redaction" id="bloc-identite" open>' in reponse.text
    assert Papier(papier.client, reponse)["section-cout"] == "Beaucoup.[^9]"


def test_un_champ_en_faute_le_dit_aux_lecteurs_d_ecran(papier):
    page = papier.remplir(titre="").signer().envoyer().text
    champ = page.partition('name="titre"')[2].partition(">")[0]
    assert 'aria-invalid="true"' in champ and "id_titre_error" in champ


@pytest.mark.parametrize(
    "champ,valeur,message",
    [
        ("pourquoi", "", "Dites en une phrase"),
        ("sorte", "", "Choisissez"),
        ("sorte", "magie", "Sélectionnez un choix valide"),
        ("credit", "", "Choisissez comment"),
        ("credit", "nom", "Indiquez le nom"),
        ("credit_lien", "http://exemple.fr", "https://"),
        ("courriel", "", "Indiquez une adresse"),
        ("courriel", "pas une adresse", "pas complète"),
        ("charte", "", "accepter la charte"),
        ("site_web", "https://robot.exemple", "Laissez ce champ vide"),
        ("ouvert", "", "rouvert"),
    ],
)
def test_ce_qui_manque_est_dit_et_rien_n_est_perdu(papier, champ, valeur, message):
    papier.remplir(**{"section-cout": "Beaucoup."}).signer(credit="pseudonyme", credit_nom="Nom")
    if champ == "credit" and valeur == "nom":
        papier.remplir(credit_nom="")
    reponse = papier.remplir(**{champ: valeur}).envoyer()
    assert reponse.status_code == 422 and message in erreurs(reponse)
    assert Papier(papier.client, reponse)["section-cout"] == "Beaucoup."


def test_trop_vite_se_dit_et_le_second_envoi_passe(client, fiche):
    papier = ouvrir(client, ADRESSE)
    papier.champs["ouvert"] = [_champ(client.get(ADRESSE).text, "ouvert")]
    reponse = papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    assert reponse.status_code == 422 and "très rapide" in erreurs(reponse)
    assert Papier(client, reponse).envoyer().status_code == 303


def _champ(page: str, nom: str) -> str:
    return page.partition(f'name="{nom}" value="')[2].partition('"')[0]


def test_une_section_trop_longue_est_refusee_sans_etre_coupee(papier):
    reponse = papier.remplir(**{"section-cout": "a" * 20_001}).signer().envoyer()
    assert reponse.status_code == 422
    assert len(Papier(papier.client, reponse)["section-cout"]) == 20_001


def test_themes_et_territoires_se_cochent(client, fiche):
    theme("alimentation"), theme("logement")
    rouen, caen = territoire(nom="Rouen"), territoire(nom="Caen")
    publier(fiche, themes=["alimentation"], territoires=[rouen.designation, caen.designation])
    papier = ouvrir(client, ADRESSE)
    assert papier.champs["territoires"] == ["", rouen.designation, caen.designation]
    papier.remplir(territoires=["", caen.designation], themes=["", "logement"]).signer().envoyer()
    assert seule().depot.changements == {"themes": ["logement"], "territoires": [caen.designation]}


def test_un_champ_absent_de_l_envoi_garde_le_texte_publie(client, papier):
    envoi = {nom: papier[nom] for nom in ("affichage", "ouvert")}
    papier.champs = {nom: [v] for nom, v in envoi.items()}
    papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    assert seule().depot.changements == {"section-cout": "Beaucoup."}


# What is asked of a text


def test_un_chiffre_qui_change_demande_sa_source(papier):
    reponse = papier.remplir(**{"section-cout": "12 euros en 2025."}).signer().envoyer()
    assert reponse.status_code == 422 and "Un chiffre ou une date change («\xa0Coût\xa0»)" in erreurs(reponse)
    assert Papier(papier.client, reponse).remplir(source_suffit="on").envoyer().status_code == 303


def test_une_source_neuve_suffit(papier):
    neuve = papier.remplir(**{"section-cout": "12 euros en 2025.[^2]"}).presser(ajouter="sources")
    assert neuve.remplir(**{"sources-1-titre": "Délibération"}).signer().envoyer().status_code == 303


def test_des_coordonnees_se_confirment_une_par_une(papier):
    papier.remplir(**{"section-cout": "Écrire à accueil@exemple.fr, ou au 02 35 00 00 00."}).signer(source_suffit="on")
    reponse = papier.envoyer()
    assert reponse.status_code == 422 and "coordonnées" in erreurs(reponse)
    suite = Papier(papier.client, reponse)
    assert "accueil@exemple.fr" in suite["section-cout"]
    assert suite.remplir(coordonnees=["accueil@exemple.fr"]).envoyer().status_code == 422
    assert suite.remplir(coordonnees=["accueil@exemple.fr", "02 35 00 00 00"]).envoyer().status_code == 303


def test_trop_de_liens_chez_qui_n_est_pas_connu(papier):
    liens = " ".join(f"https://exemple.fr/page-{'x' * n}" for n in range(1, 15))
    reponse = papier.remplir(**{"section-cout": liens}).signer().envoyer()
    assert reponse.status_code == 422 and "14 liens" in erreurs(reponse)


def test_les_liens_deja_publies_ne_comptent_pas(client, fiche):
    liens = " ".join(f"https://exemple.fr/page-{'x' * n}" for n in range(1, 15))
    publier(fiche, sections={"description": "Une démarche.[^1]", "cout": liens})
    papier = ouvrir(client, ADRESSE)
    assert papier.remplir(**{"section-cout": f"{liens} Et plus."}).signer().envoyer().status_code == 303


def test_trop_d_envois_en_un_jour(papier, fiche):
    for _ in range(20):
        Proposition.objects.create(
            nature="dispositif", titre="ASV", fiche=fiche, base=derniere(fiche), statut=Statut.A_CONFIRMER,
            courriel="visiteuse@exemple.fr",
        )  # fmt: skip
    reponse = papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    assert reponse.status_code == 422 and "20 contributions" in erreurs(reponse)


def test_une_proposition_en_cours_se_dit_sans_rien_montrer(client, fiche):
    proposition(fiche, auteur=personne("autre"), cout="Secret bien gardé.")
    Proposition.objects.create(nature="dispositif", titre="ASV", fiche=fiche, base=derniere(fiche))
    page = client.get(ADRESSE).text
    assert "1 proposition en cours sur cette section" in page and "Secret" not in page
    assert page.count("proposition en cours sur cette section") == 1


def test_la_fiche_a_avance_pendant_qu_on_ecrivait(papier, fiche):
    publier(fiche, resume="Un autre résumé.")
    reponse = papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    assert reponse.status_code == 303
    assert seule().depot.base.numero == 1 and seule().depot.changements == {"section-cout": "Beaucoup."}


def test_la_fiche_est_masquee_pendant_qu_on_ecrivait(papier, fiche):
    masquer(fiche)
    reponse = papier.remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    assert reponse.status_code == 409 and "n’est plus publiée" in reponse.text
    assert seule().saisie["section-cout"] == ["Beaucoup."]


def test_un_moderateur_propose_comme_tout_le_monde(fiche):
    client = Client()
    client.force_login(moderatrice())
    ouvrir(client, ADRESSE).remplir(**{"section-cout": "Beaucoup."}).signer().envoyer()
    assert seule().statut == Statut.SOUMISE


def test_ce_qui_peut_rester_vide_le_dit_et_rien_n_est_obligatoire_pour_le_navigateur(client, fiche):
    page = client.get(f"{ADRESSE}?section=cout").text
    assert " required" not in page
    libelle = page.partition('<label for="id_section-cout">')[2].partition("</label>")[0]
    assert "(facultatif)" in libelle
    libelle = page.partition('<label for="id_section-description">')[2].partition("</label>")[0]
    assert "(facultatif)" not in libelle


@pytest.mark.parametrize(
    "champ, valeur, dit",
    [
        ("section-cout", "x" * 20_001, "C’est trop long\u00a0: 20001 caractères, pour 20000 au plus"),
        ("resume", "x" * 301, "301 caractères, pour 300 au plus"),
        ("sources-0-titre", "x" * 301, "301 caractères, pour 300 au plus"),
        ("sources-0-url", f"https://a.fr/{'x' * 500}", "caractères, pour 500 au plus"),
        ("sources-0-apres", "2500", "Ce nombre est trop grand\u00a0: 2100 au plus"),
        ("sources-0-apres", "12", "Ce nombre est trop petit\u00a0: 1900 au moins"),
        ("sources-0-apres", "hier", "Écrivez un nombre entier"),
    ],
)
def test_ce_qui_est_trop_long_ou_trop_grand_se_dit_dans_nos_mots(papier, champ, valeur, dit):
    reponse = papier.signer().remplir(**{champ: valeur}).envoyer()
    assert reponse.status_code == 422
    assert dit in erreurs(reponse) and "Assurez-vous" not in reponse.text


@pytest.mark.parametrize(
    "adresse, dit",
    [
        ("élodie@ville.fr", "sans accent\u00a0: elodie@ville.fr"),
        ("Moi <moi@ville.fr>", "Gardez l’adresse seule\u00a0: moi@ville.fr"),
        ("mailto:moi@ville.fr", "Gardez l’adresse seule\u00a0: moi@ville.fr"),
        ("a@ville.fr, b@ville.fr", "Une seule adresse"),
        ("a@ville.fr;b@ville.fr", "Une seule adresse"),
        ("moi@ville", "Cette adresse n’est pas complète"),
        ("@" * 5000, "Cette adresse"),
    ],
)
def test_une_adresse_fausse_dit_ce_qui_ne_va_pas(papier, adresse, dit):
    reponse = papier.signer(courriel=adresse).remplir(**{"section-cout": "Vingt."}).envoyer()
    assert reponse.status_code == 422 and dit in erreurs(reponse)


def test_sa_propre_proposition_ne_passe_pas_pour_celle_d_un_autre(client, fiche):
    elle = personne("elle")
    client.force_login(elle)
    sienne = proposition(fiche, auteur=elle, cout="Vingt.")
    for adresse in (f"{ADRESSE}?section=cout", "/dispositifs/asv/corriger/?section=cout"):
        page = client.get(adresse).text
        assert f'href="{sienne.get_absolute_url()}"' in page and "Vous avez déjà proposé un texte ici" in page
        assert "en cours sur cette section" not in page and "attend déjà ici" not in page
    proposition(fiche, cout="Dix.")
    assert "1 proposition en cours sur cette section" in client.get(f"{ADRESSE}?section=cout").text
