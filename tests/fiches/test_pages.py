import html
import re

import pytest
import time_machine
from django.utils import timezone

from dispositifs.models import Articulation
from fiches.edition import changer_etat
from fiches.models import Fiche, Repere
from tests.balisage import d_une_ligne
from tests.balisage import texte as mots_de
from tests.factories import SOURCE, constat, fiche_action, fiche_dispositif, fiche_locale, publier, territoire

pytestmark = pytest.mark.django_db


def test_la_page_d_un_dispositif_montre_ses_sections_et_ses_sources(client):
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    page = client.get("/dispositifs/asv/")
    assert page.status_code == 200
    for texte in ("Atelier santé ville (ASV)", "Une démarche.", "Rapport d’essai", 'id="source-1"', "version 1, "):
        assert texte in page.text


@pytest.mark.parametrize(
    "creer, dit",
    [
        (lambda: fiche_locale(constats=[constat("actif", "2016-11")]), "Vu en novembre 2016"),
        (lambda: fiche_action(avancement="en_cours", vu_le="2022"), "Vue en 2022"),
        (fiche_action, None),
        (
            lambda: fiche_dispositif(sources=[{"titre": "A", "date": "2025-05"}, {"titre": "B", "date": "2016-04-01"}]),
            "Source la plus récente : mai 2025",
        ),
        (lambda: fiche_dispositif(sources=[{"titre": "A"}]), None),
    ],
)
def test_l_entete_dit_quand_une_source_l_a_vu_et_non_quand_la_fiche_est_entree(client, creer, dit):
    page = d_une_ligne(client.get(creer().get_absolute_url()).text)
    entete = mots_de(re.search(r'<p class="meta">(.*?)</p>', page)[1])
    assert entete == f"{dit} Historique Citer" if dit else "Historique Citer"


def test_la_page_d_un_dispositif_montre_les_reperes_qui_l_eclairent(client):
    repere = Repere.objects.create(sujet="Agir tôt", texte="Dès l’enfance.", source="Observatoire, Rapport, 2022")
    repere.fiches.add(fiche_dispositif(slug="pre"))
    fiche_dispositif(slug="asv")
    page = client.get("/dispositifs/pre/").text
    assert '<a href="#reperes">Repères</a>' in page
    assert "<strong>Agir tôt.</strong> Dès l’enfance.<small>Source&nbsp;: Observatoire, Rapport, 2022.</small>" in page
    assert "Agir tôt" not in client.get("/dispositifs/asv/").text


@pytest.mark.parametrize("creer", [fiche_dispositif, fiche_locale, fiche_action])
def test_l_orange_et_le_rouge_sont_en_tete_de_chaque_fiche(client, creer):
    fiche = creer()
    tete = (
        client.get(fiche.get_absolute_url()).text.partition('<header class="titre-fiche">')[2].partition("</header>")[0]
    )
    for verbe in ("proposer", "signaler"):
        assert f'<a class="bouton {verbe}" href="{fiche.get_absolute_url()}{verbe}/"' in tete
    assert "details" not in tete


def test_chaque_section_replie_ses_boutons_avec_leur_nom_entier(client):
    fiche_dispositif(slug="asv")
    page = client.get("/dispositifs/asv/").text
    menu = page.partition('id="description"')[2].partition("<details")[2].partition("</details>")[0]
    assert mots_de(menu.partition(">")[2]).startswith("Améliorer ou signaler : Description")
    for verbe, page, mots in [
        ("proposer", "corriger", "Proposer une amélioration de la section Description"),
        ("signaler", "signaler", "Signaler un problème dans la section Description"),
    ]:
        lien = re.search(
            rf'<a class="lien {verbe}" href="/dispositifs/asv/{page}/\?section=description".*?</a>', menu, re.DOTALL
        )
        assert lien and mots_de(lien[0]) == mots


def test_une_page_du_site_n_est_liee_qu_une_fois_dans_le_texte(client):
    liens = "[CLS](/dispositifs/cls/) et [guide](https://exemple.fr/)"
    fiche_dispositif(
        slug="asv", sections={"description": f"Un {liens}.", "objectif": f"Le {liens}, [CLS](/dispositifs/cls/)."}
    )
    page = client.get("/dispositifs/asv/").text
    assert page.count('<a href="/dispositifs/cls/">') == 1 and page.count('href="https://exemple.fr/"') == 2
    assert "Le CLS et guide, CLS." in mots_de(page)


def test_au_dela_de_trois_articulations_les_autres_sont_repliees(client):
    for n in range(5):
        fiche_dispositif(slug=f"d{n}", titre=f"Dispositif {n}")
    liens = [{"vers": f"d{n}", "type": "finance", "source": 1} for n in range(5)]
    fiche_dispositif(slug="asv", articulations=liens)
    section = client.get("/dispositifs/asv/").text.partition('id="articulations"')[2].partition("</section>")[0]
    debut, _, repli = section.partition("<summary>Voir les 2 autres articulations</summary>")
    assert debut.count("/dispositifs/d") == 3 and repli.count("/dispositifs/d") == 2


def test_on_cite_une_version_a_la_date_de_sa_publication(client):
    with time_machine.travel("2026-03-01"):
        fiche = fiche_dispositif(slug="asv")
    with time_machine.travel("2026-05-02"):
        publier(fiche, titre="Autre titre")
    for adresse, dite in {
        "": "version 2, publiée le 2 mai 2026",
        "versions/1/": "version 1, publiée le 1er mars 2026",
    }.items():
        page = client.get(f"/dispositifs/asv/{adresse}").text
        assert dite in mots_de(page)
        assert f'date = "{"2026-05-02" if not adresse else "2026-03-01"}"' in html.unescape(page)


def test_en_bref_dit_les_faits_et_ce_qu_on_ne_sait_pas(client):
    fiche_dispositif(slug="asv", porteur_type="La commune", sections={"description": "Une démarche.", "cout": "Rien."})
    bref = client.get("/dispositifs/asv/").text.partition('class="en-bref"')[2].partition("</section>")[0]
    assert "Qui le porte La commune" in mots_de(bref) and '<a href="#cout">' in bref
    assert "Pour combien de temps On ne sait pas. Le dire : pour combien de temps" in mots_de(bref)
    assert 'href="/dispositifs/asv/corriger/?fait=duree"' in bref


def test_les_passages_d_un_document_sont_reunis_sous_lui_et_gardent_leur_numero(client):
    actes = {**SOURCE, "titre": "Actes"}
    fiche_dispositif(slug="asv", sources=[{**actes, "repere": "page 2"}, SOURCE, {**actes, "repere": "page 9"}])
    page = client.get("/dispositifs/asv/").text
    assert page.count("<cite>Actes</cite>") == 1
    sources = page.partition('<ul class="documents">')[2]
    places = [sources.index(f'id="source-{numero}"') for numero in (1, 3, 2)]
    assert places == sorted(places)
    assert "1 page 2" in mots_de(sources) and "3 page 9" in mots_de(sources)


def test_au_dela_de_dix_documents_les_autres_sont_replies(client):
    fiche_dispositif(slug="asv", sources=[{**SOURCE, "titre": f"Document {n}"} for n in range(13)])
    page = client.get("/dispositifs/asv/").text
    repli = page.partition("<summary>Voir les 3 autres documents</summary>")[2].partition("</details>")[0]
    assert [f'id="source-{n}"' in repli for n in (10, 11, 13)] == [False, True, True]


def test_on_peut_mener_a_chaque_etape(client):
    etapes = "1. Réunir.\n   - les élus\n   1. un\n2. Écrire.\n\nPuis :\n\n- relire\n\n1. Signer."
    fiche_dispositif(slug="asv", sections={"description": "Une démarche.", "etapes": etapes})
    page = client.get("/dispositifs/asv/").text
    assert re.findall(r'<li id="pas-(\d)">\s*(?:<p>)?(\w+)', page) == [
        ("1", "Réunir"),
        ("2", "Écrire"),
        ("3", "Signer"),
    ]
    assert '<a class="bouton principal" href="#etapes">' in page


def test_une_section_vide_invite_a_completer_au_bon_endroit(client):
    fiche_dispositif(slug="asv")
    assert 'href="/dispositifs/asv/corriger/?section=cout"' in client.get("/dispositifs/asv/").text


@pytest.mark.parametrize("creer", [fiche_dispositif, fiche_locale, fiche_action])
def test_chaque_section_vide_mene_a_son_propre_champ(client, creer):
    fiche = creer()
    page = client.get(fiche.get_absolute_url()).text
    liens = re.findall(r'<a class="puce manquante" href="([^"]*)"[^>]*>(.*?)&nbsp;: non renseigné', page)
    assert [titre for _, titre in liens] == [section.titre for section in fiche.sections_vides] != []
    for lien, titre in liens:
        assert titre in client.get(lien).text.replace("&#x27;", "’")


def test_une_articulation_se_lit_des_deux_cotes(client):
    fiche_dispositif(slug="cv", titre="Contrat de ville")
    lien = {"type": "s_inscrit_dans", "vers": "cv", "source": 1}
    fiche_dispositif(slug="asv", titre="Atelier", articulations=[lien])
    assert "S’inscrit dans" in client.get("/dispositifs/asv/").text
    assert "Accueille" in client.get("/dispositifs/cv/").text
    assert Articulation.objects.count() == 1


def test_un_contrat_echu_le_dit(client):
    fiche_locale(slug="cls", fin="2020-01-01")
    assert "Ce contrat a passé son terme" in client.get("/dispositifs-locaux/cls/").text


def test_un_vieux_constat_demande_confirmation(client):
    fiche_locale(slug="asv-rouen", constats=[constat("actif", "2016-11-22")])
    assert "Vu pour la dernière fois le 22\xa0novembre\xa02016" in client.get("/dispositifs-locaux/asv-rouen/").text


def test_relire_une_fiche_ne_dit_pas_que_le_dispositif_existe_encore(client):
    fiche = fiche_locale(slug="asv-rouen", constats=[constat("actif", "2016-11-22")])
    type(fiche).objects.filter(pk=fiche.pk).update(relue_le=timezone.localdate())
    assert "À vérifier" in client.get("/dispositifs-locaux/asv-rouen/").text


def test_une_fiche_dit_tous_ses_constats_et_ses_generations(client):
    fiche_locale(
        slug="cls",
        constats=[constat("signe", "2015"), constat("actif", "2021-09"), constat("signe", "2025-01-28")],
        anterieures=[{"numero": 1, "debut": "2015", "fin": "2020", "source": "1"}],
        generation=2,
        debut="2024",
        fin="2028",
    )
    page = mots_de(client.get("/dispositifs-locaux/cls/").text)
    places = [page.index(mots) for mots in ("Signé, le 28 janvier 2025", "Actif, en septembre 2021", "Signé, en 2015")]
    assert places == sorted(places)
    assert "Génération 1, depuis 2015, jusqu’en 2020" in page


def test_ce_qui_se_lisait_mal_est_replie_sous_les_sources(client):
    fiche_locale(slug="cls", sources=[{**SOURCE, "note": "La diapositive est floue."}])
    page = d_une_ligne(client.get("/dispositifs-locaux/cls/").text)
    assert "<summary>Notes de lecture (1)</summary> <ul><li>Source 1&nbsp;: La diapositive est floue.</li></ul>" in page


@pytest.mark.parametrize("adresse", ["/dispositifs/rien/", "/dispositifs-locaux/rien/", "/actions/rien/"])
def test_une_fiche_inconnue_donne_404(client, adresse):
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize("etat", ["masquee", "archivee"])
def test_une_fiche_retiree_n_est_plus_lisible_et_dit_pourquoi(client, etat):
    fiche = fiche_dispositif(slug="asv", titre="Atelier")
    changer_etat(fiche, Fiche.Etat(etat), explication="À revoir.")
    page = client.get("/dispositifs/asv/")
    assert page.status_code == 410 and "À revoir." in page.text
    assert "Atelier" not in page.text and "Une démarche." not in page.text


def test_une_fiche_coute_au_plus_quatre_requetes(client, django_assert_max_num_queries):
    lieu = territoire()
    fiche_dispositif(slug="asv")
    for _ in range(8):
        locale = fiche_locale(dispositif="asv", sur=[lieu])
        action = fiche_action(dispositif="asv", levier="culture", sur=[lieu])
    for fiche in (Fiche.objects.get(slug="asv"), locale, action):
        with django_assert_max_num_queries(4):
            assert client.get(fiche.get_absolute_url()).status_code == 200


def test_un_lecteur_ne_recoit_aucun_cookie(client):
    fiche_dispositif(slug="asv")
    assert not client.get("/dispositifs/asv/").cookies


def test_une_publication_se_voit_a_la_requete_suivante(client):
    fiche = fiche_dispositif(slug="asv", titre="Avant")
    publier(fiche, titre="Après")
    assert "Après" in client.get("/dispositifs/asv/").text


@pytest.mark.parametrize(
    "dit, attendu",
    [
        ({"avancement": "en_cours", "vu_le": "2016-11-22"}, "En cours, vue le 22 novembre 2016, à vérifier"),
        ({"avancement": "ponctuelle", "vu_le": "2016"}, "Ponctuelle, vue en 2016"),
        ({"preuve": "evaluee"}, "Non précisé"),
    ],
)
def test_une_action_dit_son_etat_a_part_du_niveau_de_preuve(client, dit, attendu):
    fiche_action(slug="fete", **dit)
    page = mots_de(client.get("/actions/fete/").text)
    assert page.partition("État de l’action")[2].strip().startswith(attendu + " Niveau de preuve")


@pytest.mark.parametrize(
    "dit, attendu",
    [
        (
            {"avancement": "en_cours", "vu_le": "2024-02", "debut": "2022-11"},
            "En cours, vue en février\xa02024, depuis 2022",
        ),
        ({"avancement": "idee", "vu_le": "2026-01", "debut": "2027"}, "Idée, vue en janvier\xa02026, dès 2027"),
        ({"avancement": "ponctuelle", "vu_le": "2024", "debut": "2024-05", "fin": "2024-06"}, "Ponctuelle, en 2024"),
        ({"avancement": "ponctuelle", "vu_le": "2025", "debut": "2024"}, "Ponctuelle, en 2024"),
        ({"avancement": "terminee", "vu_le": "2024", "fin": "2023"}, "Terminée, jusqu’en 2023"),
        ({"avancement": "terminee", "vu_le": "2024", "debut": "2019", "fin": "2023"}, "Terminée, 2019-2023"),
        ({"debut": "2016"}, "Dès 2016"),
    ],
)
def test_aucune_annee_d_une_action_ne_passe_pour_le_jour_ou_elle_a_ete_vue(client, dit, attendu):
    fiche_action(**dit)
    assert f"<span>{attendu}</span>" in client.get("/fiches/").text


def test_une_carte_dit_ce_que_la_source_disait_a_sa_date(client):
    fiche_locale(constats=[constat("signe", "2016-11-22")])
    fiche_action(preuve="capitalisee", debut="2019", fin="2022", lieu_precis=False)
    page = client.get("/fiches/").text
    assert "À vérifier" in page and "<span>Vu en novembre\xa02016</span>" in page
    assert "Fiche modifiée" not in page and "Renseignée" not in page
    assert "<span>Capitalisée, 2019-2022, lieu non précisé</span>" in page
    fiche_action(avancement="en_cours", vu_le="2022-03-29", preuve="non_evaluee")
    page = client.get("/fiches/").text
    assert "<span>En cours, vue en mars\xa02022, sans évaluation connue</span>" in page and "À vérifier" in page
