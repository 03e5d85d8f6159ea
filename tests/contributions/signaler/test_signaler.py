"""The red buttons, over HTTP."""

import re
from datetime import timedelta

import html5lib
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contributions.abus import LIENS_AU_PLUS, PAR_ADRESSE
from contributions.models import Dossier, Signalement
from contributions.signaler.forms import FormulaireSignalement
from fiches.models import Fiche
from tests.balisage import d_une_ligne
from tests.contributions.papier import Papier, ouvrir, sceau, signaler
from tests.contributions.recits import signalement
from tests.essais import essais
from tests.factories import fiche_action, fiche_dispositif, masquer, personne, publier

pytestmark = pytest.mark.django_db
ADRESSE = "/dispositifs/asv/signaler/"
SOURCES = [
    {"titre": "Rapport", "url": "https://exemple.org/rapport"},
    {"titre": "Sans lien"},
]
CHIFFRE = {
    "libelle": "Villes", "valeur": 12, "unite": "villes", "annee": 2024, "precision_annee": "exacte", "source": 1
}  # fmt: skip
EXEMPLES = "Trois villes :\n\n- à Rouen, **un** atelier ;[^1]\n- à Lille :\n  - l’un ;\n  - l’autre.\n- à Metz."
ILLICITE = {
    "categorie": "illicite", "loi": "Diffamation.", "nom": "Dominique Martin", "bonne_foi": "on",
    "courriel": "d@exemple.fr",
}  # fmt: skip


@pytest.fixture
def fiche():
    return fiche_dispositif(
        slug="asv",
        titre="Atelier santé ville",
        sections={"description": "Une *démarche*.[^1]", "cout": "Dix euros.", "exemples": EXEMPLES},
        sources=SOURCES,
        chiffres=[CHIFFRE],
    )


def recu() -> Signalement:
    return Signalement.objects.get()


# Where one comes from


def test_chaque_source_chiffre_et_exemple_porte_son_lien(client, fiche):
    page = d_une_ligne(client.get("/dispositifs/asv/").text)
    for cible, nom in [
        ("source-2", "la source 2"), ("chiffre-1", "le chiffre 1"), ("exemple-1", "l’exemple 1"),
        ("exemple-2", "l’exemple 2"), ("exemple-3", "l’exemple 3"),
    ]:  # fmt: skip
        debut, _, numero = nom.rpartition(" ")
        lu = f'<span class="lecteur">Signaler {debut} </span>{numero}</a>'
        assert f'{ADRESSE}?cible={cible}" rel="nofollow">{lu}' in page
    assert "exemple-4" not in page  # those of an inner list belong to their example
    html5lib.HTMLParser(strict=True).parse(page)


def test_une_ancienne_version_ne_porte_pas_ces_liens(client, fiche):
    assert "?cible=" not in client.get("/dispositifs/asv/versions/1/").text


@pytest.mark.parametrize(
    "suite,choisi,passage",
    [
        ("section=cout", "section-cout", "Dix euros."),
        ("cible=section-description", "section-description", "Une démarche."),
        ("cible=source-1", "source-1", "Rapport, https://exemple.org/rapport"),
        ("cible=chiffre-1", "chiffre-1", "Villes : 12 villes (2024)"),
        ("cible=exemple-1", "exemple-1", "à Rouen, un atelier ;"),
    ],
)
def test_le_formulaire_s_ouvre_au_bon_endroit_avec_le_passage(client, fiche, suite, choisi, passage):
    page = client.get(f"{ADRESSE}?{suite}").text
    assert f'<option value="{choisi}" selected>' in page and f'<blockquote class="extrait"><p>{passage}' in page


@pytest.mark.parametrize("suite", ["section=inconnue", "cible=source-99", "cible=<script>", "cible=%00", "section="])
def test_un_endroit_inconnu_ouvre_le_formulaire_sur_toute_la_fiche(client, fiche, suite):
    page = client.get(f"{ADRESSE}?{suite}")
    assert page.status_code == 200 and '<blockquote class="extrait">' not in page.text and "<script>" not in page.text


def test_le_bouton_d_une_source_propose_d_abord_le_lien_mort(client, fiche):
    page = client.get(f"{ADRESSE}?cible=source-1").text
    assert re.search(r'value="lien_mort"[^>]*checked', page)


def test_qui_connait_la_reponse_est_invite_a_proposer_la_section(client, fiche):
    assert 'href="/dispositifs/asv/proposer/?section=cout"' in client.get(f"{ADRESSE}?section=cout").text


def test_le_formulaire_coute_peu_et_ne_se_garde_nulle_part(client, fiche, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        page = client.get(f"{ADRESSE}?section=cout")
    assert "no-store" in page["Cache-Control"] and 'name="robots" content="noindex"' in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)


@pytest.mark.parametrize("nature", ["actions", "dispositifs-locaux"])
def test_une_adresse_inconnue_donne_404(client, fiche, nature):
    assert client.get(f"/{nature}/asv/signaler/").status_code == 404


def test_une_action_se_signale_aussi(client):
    action = fiche_action(slug="jardin")
    reponse = signaler(client, "/actions/jardin/signaler/", categorie="autre", texte="Bizarre.")
    assert reponse.status_code == 303 and recu().dossier.fiche_id == action.pk


# What is sent, and what comes back


def test_un_signalement_donne_un_numero_et_son_lien_de_suivi(client, fiche, courriels):
    reponse = signaler(
        client, f"{ADRESSE}?section=cout", categorie="erreur", texte="C’est vingt.", courriel="l@exemple.fr"
    )
    assert (reponse.status_code, reponse["Location"]) == (303, recu().get_absolute_url())
    page = client.get(reponse["Location"]).text
    assert f"Signalement n° {recu().pk} reçu. Nous répondons sous 10\xa0jours." in page
    assert [c.destinataire for c in courriels] == ["l@exemple.fr"] and recu().get_absolute_url() in courriels[0].corps
    assert (recu().texte, recu().passage, recu().dossier.cible) == ("C’est vingt.", "Dix euros.", "section-cout")
    assert recu().version.numero == 1 and recu().reseau


def test_sans_adresse_la_page_dit_de_garder_le_lien(client, fiche, courriels):
    reponse = signaler(client, ADRESSE, categorie="erreur", texte="Faux.")
    assert "gardez son lien" in client.get(reponse["Location"]).text and len(courriels) == 0


def test_la_version_lue_est_retenue_meme_si_la_fiche_a_bouge(client, fiche):
    papier = ouvrir(client, f"{ADRESSE}?section=cout", "Signalement")
    publier(fiche, sections={"description": "Autre.[^1]", "exemples": "Rien."})
    papier.remplir(categorie="erreur", texte="Faux.").envoyer()
    assert (recu().version.numero, recu().passage) == (1, "Dix euros.")


@pytest.mark.parametrize("version", ["", "n’importe quoi", "W10:x", "autre fiche"])
def test_une_version_non_signee_ne_vaut_rien(client, fiche, version):
    if version == "autre fiche":
        version = FormulaireSignalement.signer(fiche_action().versions.get())
    client.post(ADRESSE, {"ouvert": sceau(), "version": version, "categorie": "erreur", "texte": "Faux."})
    assert recu().version.numero == 1


def test_une_fiche_masquee_pendant_qu_on_ecrit_recoit_encore_ce_qui_etait_ecrit(client, fiche):
    papier = ouvrir(client, ADRESSE, "Signalement")
    masquer(fiche)
    assert client.get(ADRESSE).status_code == 404
    assert client.post(ADRESSE, {"categorie": "erreur", "texte": "Faux."}).status_code == 404
    assert papier.remplir(categorie="erreur", texte="Faux.").envoyer().status_code == 303
    assert client.get(recu().get_absolute_url()).status_code == 200


def test_le_meme_envoi_deux_fois_est_un_seul_signalement(client, fiche, courriels):
    donnees = {"ouvert": sceau(), "categorie": "erreur", "texte": "Faux.", "courriel": "l@exemple.fr"}
    un, deux = client.post(ADRESSE, donnees), client.post(ADRESSE, donnees)
    assert un["Location"] == deux["Location"] and Signalement.objects.count() == len(courriels) == 1
    client.post(ADRESSE, {**donnees, "texte": "Et autre chose."})  # went back, and wrote something else
    assert Signalement.objects.count() == 2


def test_deux_personnes_a_la_meme_seconde_font_deux_signalements(client, fiche):
    assert ouvrir(client, ADRESSE, "Signalement").sceau != ouvrir(client, ADRESSE, "Signalement").sceau


def test_une_personne_connectee_est_reconnue_et_son_adresse_n_est_pas_demandee(client, fiche, courriels):
    client.force_login(personne())
    assert 'name="courriel"' not in client.get(ADRESSE).text
    signaler(client, ADRESSE, categorie="erreur", texte="Faux.")
    assert (recu().auteur, recu().courriel) == (personne(), "") and len(
        courriels.pour("contributrice@ville.example")
    ) == 1


# One question for each category


@pytest.mark.parametrize(
    "saisie,champ",
    [
        ({}, "Choisissez ce qui décrit"),
        ({"categorie": "manger"}, "manger"),
        ({"categorie": "erreur"}, "Expliquez en une phrase"),
        ({"categorie": "obsolete", "texte": "  "}, "Expliquez en une phrase"),
        ({"categorie": "lien_mort"}, "Choisissez le lien"),
        ({"categorie": "lien_mort", "source": "source-2"}, "source-2"),  # it has no address
        ({"categorie": "doublon"}, "Indiquez l’adresse ou le titre"),
        ({"categorie": "doublon", "doublon": "Inconnue"}, "Aucune autre fiche"),
        ({"categorie": "doublon", "doublon": "Atelier santé ville"}, "Aucune autre fiche"),  # itself
        ({"categorie": "donnee_personnelle"}, "Expliquez en une phrase"),
        ({"categorie": "droits", "ou": "En ligne", "titulaire": "X", "qualite": "titulaire des droits"}, "l’œuvre"),
        ({"categorie": "droits", "oeuvre": "Carte", "ou": "En ligne", "titulaire": "X"}, "à quel titre"),
        ({**ILLICITE, "loi": ""}, "Expliquez en quoi"),
        ({**ILLICITE, "bonne_foi": ""}, "Cochez cette déclaration"),
        ({**ILLICITE, "nom": ""}, "Indiquez votre nom"),
        ({**ILLICITE, "courriel": ""}, "Indiquez votre adresse"),
        ({"categorie": "erreur", "texte": "Faux.", "courriel": "pas une adresse"}, "n’est pas complète"),
        ({"categorie": "erreur", "texte": "x" * 5001}, "5000"),
        ({"categorie": "erreur", "texte": "Faux.", "cible": "source-99"}, "source-99"),
        ({"categorie": "erreur", "texte": "Faux.", "ouvert": "faux"}, "rouvert"),
        ({"categorie": "erreur", "texte": "Faux.", "site_web": "https://spam"}, "Laissez ce champ vide"),
        ({"categorie": "erreur", "texte": "https://a.fr " * (LIENS_AU_PLUS + 1)}, "liens"),
    ],
)
def test_ce_qui_manque_est_dit_et_rien_de_ce_qui_est_ecrit_ne_se_perd(client, fiche, saisie, champ):
    ecrit = {"credit": "Mon « nom » & <moi>", "texte": "Mon texte.", **saisie}
    if ("texte" not in saisie and "Expliquez en une phrase" in champ) or "Choisissez le lien" in champ:
        ecrit["texte"] = ""
    reponse = client.post(ADRESSE, {"ouvert": sceau(), **ecrit})
    assert reponse.status_code == 422 and champ in reponse.text and "Rien n’est encore envoyé" in reponse.text
    assert not Signalement.objects.exists()
    assert "Mon « nom » &amp; &lt;moi&gt;" in reponse.text
    for nom in ("texte", "oeuvre", "ou", "titulaire", "loi", "nom", "doublon", "courriel"):
        if ecrit.get(nom, "").strip():
            assert ecrit[nom].replace("'", "&#x27;") in reponse.text
    html5lib.HTMLParser(strict=True).parse(reponse.text)
    ids = set(re.findall(r'\sid="([^"]+)"', reponse.text))
    assert set(re.findall(r'href="#([^"]+)"', reponse.text)) <= ids


def test_un_formulaire_renvoye_trop_vite_puis_relu_passe(client, fiche):
    papier = ouvrir(client, ADRESSE, "Signalement").remplir(categorie="erreur", texte="Faux.")
    refus = papier.sans_attendre().envoyer()
    assert refus.status_code == 422 and "très rapide" in refus.text
    assert Papier(client, refus, "Signalement").sceau == papier.sceau  # the clock does not start again


def test_une_horloge_reculee_ne_bloque_pas_les_formulaires_ouverts(client, fiche):
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        papier = ouvrir(client, ADRESSE, "Signalement").remplir(categorie="erreur", texte="Faux.")
    refus = papier.sans_attendre().envoyer()
    assert refus.status_code == 422 and "rouvert" in refus.text
    rouvert = Papier(client, refus, "Signalement").sans_attendre()
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        rouvert.envoyer()
    assert recu().texte == "Faux."


def test_un_lien_mort_vise_sa_source_meme_sans_texte(client, fiche):
    signaler(client, f"{ADRESSE}?section=cout", categorie="lien_mort", source="source-1")
    assert recu().dossier.cible == "source-1"
    assert recu().reponses == [("Lien qui ne répond plus", "Rapport, https://exemple.org/rapport")]


@pytest.mark.parametrize(
    "designation",
    ["http://testserver/dispositifs/cls/", "/dispositifs/cls/proposer/?x=1", "contrat LOCAL de santé", "local de"],
)
def test_un_doublon_se_designe_par_son_adresse_ou_son_titre(client, fiche, designation):
    autre = fiche_dispositif(slug="cls", titre="Contrat local de santé")
    signaler(client, ADRESSE, categorie="doublon", doublon=designation)
    assert recu().precisions["doublon_de"] == autre.pk
    assert recu().reponses == [("Fiche qui dit la même chose", "Contrat local de santé (/dispositifs/cls/)")]


def test_un_titre_qui_designe_plusieurs_fiches_demande_laquelle(client, fiche):
    for n in range(5):
        fiche_dispositif(titre=f"Contrat {n}")
    reponse = signaler(client, ADRESSE, categorie="doublon", doublon="contrat")
    assert reponse.status_code == 422 and "Plusieurs fiches répondent" in reponse.text


def test_une_fiche_masquee_n_est_pas_devinee_par_les_doublons(client, fiche):
    masquer(fiche_dispositif(slug="secrete", titre="Fiche secrète"))
    assert "Aucune autre fiche" in signaler(client, ADRESSE, categorie="doublon", doublon="Fiche secrète").text


def test_les_droits_disent_l_oeuvre_son_titulaire_et_a_quel_titre(client, fiche):
    droits = {"oeuvre": "Une carte", "ou": "https://a.fr", "titulaire": "Agence", "qualite": "titulaire des droits"}
    signaler(client, ADRESSE, categorie="droits", **droits)
    assert dict(recu().reponses) == {
        "Œuvre reprise": "Une carte", "Titulaire des droits": "Agence", "Où la voir": "https://a.fr",
        "La personne qui signale est": "titulaire des droits",
    }  # fmt: skip


def test_un_contenu_illicite_retient_ce_que_demande_la_loi(client, fiche):
    assert signaler(client, f"{ADRESSE}?section=cout", **ILLICITE).status_code == 303
    assert recu().texte == "Diffamation." and recu().bonne_foi and recu().courriel == "d@exemple.fr"
    assert recu().precisions == {
        "nom": "Dominique Martin", "adresse": "http://testserver/dispositifs/asv/#cout"
    }  # fmt: skip
    assert recu().nom == ""  # the name the law asks for is never credited


def test_une_infraction_contre_des_mineurs_se_signale_sans_nom(client, fiche):
    anonyme = {**ILLICITE, "nom": "", "courriel": "", "mineurs": "on"}
    assert signaler(client, ADRESSE, **anonyme).status_code == 303


def test_ce_qu_on_ne_demandait_pas_n_est_ni_valide_ni_retenu(client, fiche):
    hors_sujet = {"doublon": "Inconnue", "nom": "X" * 200, "source": "source-99", "oeuvre": "Carte", "mineurs": "on"}
    assert signaler(client, ADRESSE, categorie="erreur", texte="Faux.", **hors_sujet).status_code == 303
    assert recu().precisions == {}


def test_sans_selecteur_css_deux_explications_sont_gardees(client, fiche):
    signaler(client, ADRESSE, **ILLICITE, texte="Et c’est faux.")
    assert recu().texte == "Diffamation.\n\nEt c’est faux."


def test_au_dela_du_quota_le_texte_reste_et_la_page_dit_quand_revenir(client, fiche):
    for _ in range(PAR_ADRESSE):
        signalement(fiche, courriel="l@exemple.fr")
    reponse = signaler(client, ADRESSE, categorie="erreur", texte="Encore un.", courriel="l@exemple.fr")
    assert reponse.status_code == 429 and "demain" in reponse.text and "Encore un." in reponse.text


@pytest.mark.parametrize(
    "deja, encore, statut",
    [
        (["192.0.2.1"] * 2, "192.0.2.1", 429),
        (["192.0.2.1"] * 2, "192.0.2.2", 303),  # a neighbour is not held for the first
        ([f"192.0.2.{n}" for n in range(6)], "192.0.2.99", 429),  # but a whole /24 is somebody's
        ([f"192.0.2.{n}" for n in range(6)], "192.0.3.1", 303),
        (["2001:db8:1:2::1", "2001:db8:1:2::2"], "2001:db8:1:2::3", 429),
        ([f"2001:db8:1:{n}::1" for n in range(6)], "2001:db8:1:99::1", 429),
    ],
)
def test_on_compte_par_adresse_puis_par_reseau_voisin(fiche, monkeypatch, deja, encore, statut):
    monkeypatch.setattr("contributions.abus.PAR_RESEAU", 2)

    def depuis(adresse: str) -> int:
        return signaler(Client(REMOTE_ADDR=adresse), ADRESSE, categorie="erreur", texte="Faux.").status_code

    assert [depuis(adresse) for adresse in deja] == [303] * len(deja)
    assert depuis(encore) == statut


@essais(60)
@given(
    st.dictionaries(
        st.sampled_from([*sorted(FormulaireSignalement.base_fields), "version", "inconnu"]),
        st.one_of(
            st.text(max_size=40),
            st.sampled_from([*Dossier.Categorie.values, "source-1", "on", "//[", "\x00", "a@b.fr"]),
        ),
    ),
    st.text(max_size=20),
)
def test_quoi_qu_on_envoie_la_reponse_est_claire(client, fiche, saisie, suite):
    assert client.get(ADRESSE, {"section": suite, "cible": suite}).status_code == 200
    reponse = client.post(ADRESSE, {"ouvert": sceau(), **saisie})
    assert reponse.status_code in (303, 422, 429)


def test_l_adresse_a_un_nom(fiche):
    assert reverse("signaler", args=["dispositifs", "asv"]) == ADRESSE
    assert Fiche.objects.get(slug="asv").get_absolute_url() + "signaler/" == ADRESSE
