"""Lines and territories added and taken away by posting the form: no script is needed, nothing typed is lost."""

import pytest

from tests.balisage import d_une_ligne
from tests.contributions.papier import Papier, erreurs, ouvrir, seule
from tests.factories import SOURCE, fiche_dispositif, territoire

pytestmark = pytest.mark.django_db
ADRESSE = "/dispositifs/asv/proposer/"
DEUX = {**SOURCE, "titre": "Deuxième"}
TROIS = {**SOURCE, "titre": "Troisième"}
CHIFFRE = {"libelle": "ASV", "valeur": 7, "unite": "ateliers", "annee": 2022, "precision_annee": "exacte", "source": 3}


@pytest.fixture
def papier(client):
    textes = {"description": "Une démarche.[^1]", "cout": "Peu.[^3]"}
    fiche_dispositif(slug="asv", sections=textes, sources=[SOURCE, DEUX, TROIS], chiffres=[CHIFFRE])
    return ouvrir(client, ADRESSE)


def test_ajouter_une_source_garde_tout_ce_qui_est_ecrit(papier):
    suite = papier.remplir(**{"section-cout": "Beaucoup.", "pourquoi": "Parce que"}).presser(ajouter="sources")
    assert suite["sources-3-titre"] == "" and suite["section-cout"] == "Beaucoup." and suite["pourquoi"] == "Parce que"
    assert '<details class="redaction" id="bloc-sources" open>' in suite.reponse.text
    assert erreurs(suite.reponse) == ""


def test_une_source_ajoutee_a_une_cle_que_personne_n_a_eue_et_se_laisse_appeler(papier):
    suite = papier.remplir(**{"section-cout": "Peu.", "chiffres-0-source": "1"}).presser(retirer="sources-3")
    suite = suite.presser(ajouter="sources")
    assert suite["sources-2-cle"] == "4" and "<code>[^4]</code>" in suite.reponse.text
    neuve = {"sources-2-titre": "Quatrième", "section-cout": "Moins.[^4]", "chiffres-0-source": "[^4]"}
    assert suite.remplir(**neuve).signer().envoyer().status_code == 303
    depot = seule().depot
    assert [source["cle"] for source in depot.changements["sources"]] == ["1", "2", "4"]
    assert depot.changements["chiffres"][0]["source"] == "4"


@pytest.mark.parametrize("appel", ["[^rdv22]", "[^9]", "[^RDV]", "[^é]"])
def test_un_appel_d_une_source_inconnue_se_dit_a_cote_du_texte(papier, appel):
    reponse = papier.remplir(**{"section-cout": f"Peu.{appel}"}).signer().envoyer()
    assert reponse.status_code == 422 and f"n’existe pas : {appel[2:-1]}" in erreurs(reponse).replace("\xa0", " ")
    assert 'id="id_section-cout_error"' in reponse.text


def test_une_page_d_avant_les_cles_s_envoie_encore(papier):
    """Its sources have no key: they are those of the text it started from, whatever their number has become."""
    for nom in [nom for nom in papier.champs if nom.startswith("sources-2-") or nom.endswith("-cle")]:
        del papier.champs[nom]  # the second was taken away when what follows was renumbered
    papier.remplir(**{"sources-1-titre": "Troisième", "section-cout": "Moins.[^2]", "chiffres-0-source": "2"})
    assert papier.signer().envoyer().status_code == 303
    changements = seule().depot.changements
    assert [source["cle"] for source in changements["sources"]] == ["1", "3"]
    assert changements["section-cout"] == "Moins.[^3]" and "chiffres" not in changements


@pytest.mark.parametrize("jeu,champ", [("chiffres", "libelle"), ("missions", "nuance"), ("articulations", "precision")])
def test_toutes_les_listes_s_allongent(papier, jeu, champ):
    depart = sum(1 for nom in papier.noms if nom.startswith(f"{jeu}-") and nom.endswith(champ))
    assert f"{jeu}-{depart}-{champ}" in papier.presser(ajouter=jeu).noms


def test_une_liste_inconnue_ne_s_allonge_pas(papier):
    reponse = papier.envoyer(ajouter="licornes")
    assert reponse.status_code == 400 and Papier(papier.client, reponse)["section-cout"] == "Peu.[^3]"


def test_une_source_retiree_les_autres_s_appellent_comme_avant(papier):
    suite = papier.presser(retirer="sources-2")
    assert [suite[f"sources-{n}-titre"] for n in (0, 1)] == [SOURCE["titre"], "Troisième"]
    assert suite["section-cout"] == "Peu.[^3]" and suite["chiffres-0-source"] == "3"
    assert [suite[f"sources-{n}-cle"] for n in (0, 1)] == ["1", "3"]
    assert "Source 2 retirée" in suite.reponse.text
    assert suite.remplir(pourquoi="Morte").signer(pourquoi="Source morte").envoyer().status_code == 303


def test_une_source_encore_appelee_ne_se_retire_pas(papier):
    reponse = papier.envoyer(retirer="sources-3")
    assert reponse.status_code == 422
    assert "La source 3 est encore appelée («\xa0Coût\xa0», «\xa0Chiffres, n° 1\xa0»)" in erreurs(reponse)
    assert Papier(papier.client, reponse)["sources-2-titre"] == "Troisième"


def test_retirer_un_chiffre_puis_sa_source(papier):
    suite = papier.presser(retirer="chiffres-1").remplir(**{"section-cout": "Peu."}).presser(retirer="sources-3")
    suite.signer().envoyer()
    sources = [_canonique("1", SOURCE), _canonique("2", DEUX)]
    assert seule().depot.changements == {"section-cout": "Peu.", "sources": sources, "chiffres": []}


def _canonique(cle: str, source: dict) -> dict:
    return {"cle": cle, "apres": None, "repere": "", "url": "", **source}


@pytest.mark.parametrize(
    "ligne", ["sources-0", "sources-9", "sources-", "sources--1", "sources-²", "x-1", "", "1" * 50]
)
def test_retirer_une_ligne_qui_n_existe_pas(papier, ligne):
    reponse = papier.envoyer(retirer=ligne)
    assert reponse.status_code == 400 and "n’existe plus" in reponse.text


def test_une_ligne_ajoutee_et_laissee_vide_ne_gene_pas(papier):
    suite = papier.presser(ajouter="sources").remplir(**{"section-cout": "Beaucoup."})
    suite.signer().envoyer()
    assert set(seule().depot.changements) == {"section-cout"}


def test_les_comptes_faux_de_la_page_sont_ignores(papier):
    for compte in ("", "abc", "-1", "1", "999999999999", "²"):
        suite = papier.remplir(**{"sources-TOTAL_FORMS": compte}).presser(brouillon="1")
        assert suite["sources-TOTAL_FORMS"] == "3" and suite["sources-2-titre"] == "Troisième"


def test_des_numeros_a_trous_sont_resserres(papier):
    papier.champs["sources-70000-titre"] = ["Dernière"]
    assert papier.presser(brouillon="1")["sources-3-titre"] == "Dernière"


def test_soixante_lignes_pas_plus(papier):
    for n in range(70):
        papier.champs[f"chiffres-{n}-libelle"] = ["Chiffre"]
    assert papier.envoyer(ajouter="chiffres").status_code == 422
    reponse = papier.signer().envoyer()
    assert reponse.status_code == 422 and 'href="#bloc-chiffres"' in erreurs(reponse)


def test_un_territoire_se_cherche_puis_se_coche(papier):
    territoire(nom="Oissel-sur-Seine", code="76484")
    suite = papier.remplir(chercher_territoire="oissel").presser(chercher="territoires")
    assert 'value="commune:76484"' in suite.reponse.text
    assert 'id="bloc-identite" open' in suite.reponse.text
    suite.remplir(territoires=["", "commune:76484"], chercher_territoire="").signer().envoyer()
    assert seule().depot.changements == {"territoires": ["commune:76484"]}


def test_un_territoire_cherche_mais_pas_coche_n_est_pas_oublie_a_l_envoi(papier):
    territoire(nom="Oissel-sur-Seine", code="76484")
    reponse = papier.remplir(chercher_territoire="oissel", **{"section-cout": "Plus."}).signer().envoyer()
    assert reponse.status_code == 422 and "cochez celui que vous cherchiez" in erreurs(reponse)
    assert 'value="commune:76484"' in reponse.text


def test_un_territoire_introuvable_se_dit(papier):
    assert (
        "Aucun territoire ne correspond" in papier.remplir(chercher_territoire="xyzzy").presser(voir="1").reponse.text
    )


def test_un_territoire_ajoute_reste_la_meme_decoche_puis_recoche(papier):
    ici = territoire(nom="Oissel")
    suite = papier.remplir(territoires=["", ici.designation]).presser(brouillon="1")
    assert suite.champs["territoires"] == ["", ici.designation]


# Looking


def test_voir_ses_modifications(papier):
    suite = papier.remplir(**{"section-cout": "Beaucoup.[^3]"}).presser(voir="modifications")
    assert "<ins>" in suite.reponse.text and "telles que la personne qui relit" in suite.reponse.text
    assert "Modifiée" in suite.reponse.text and suite["section-cout"] == "Beaucoup.[^3]"


def test_sans_modification_on_le_dit(papier):
    assert "rien changé encore" in papier.presser(voir="modifications").reponse.text


def test_l_apercu_rend_le_texte_comme_la_fiche(papier):
    page = (
        papier.remplir(**{"section-cout": "**Beaucoup** <script>alert(1)</script>"}).presser(voir="apercu").reponse.text
    )
    apercu = page.partition('aria-label="Aperçu de la fiche"')[2].partition("</article>")[0]
    assert "<strong>Beaucoup</strong>" in apercu and "<script>" not in apercu and "&lt;script&gt;" in apercu


def test_l_apercu_d_un_texte_a_corriger_dit_quoi(papier):
    reponse = papier.remplir(titre="").envoyer(voir="apercu")
    assert reponse.status_code == 422 and "id_titre" in erreurs(reponse)


def apercu_de(page: str) -> str:
    return page.partition('aria-label="Aperçu de la fiche"')[2].partition("</article>")[0]


def test_l_apercu_montre_ce_qui_peut_l_etre_d_un_texte_a_corriger(papier):
    papier.remplir(**{"section-cout": "**Beaucoup**", "section-duree": "Selon personne.[^9]", "titre": ""})
    page = d_une_ligne(papier.presser(voir="apercu").reponse.text)
    assert "<strong>Beaucoup</strong>" in apercu_de(page) and "Selon personne" not in apercu_de(page)
    assert "absent de cet aperçu&nbsp;: Titre, Durée" in page and 'id="id_section-duree_error"' in page
    assert "Selon personne.[^9]" in page and "id_titre" in page


def test_l_apercu_garde_le_numero_des_sources_a_corriger(papier):
    fautive = {"sources-0-titre": "", "sources-0-url": "pas une adresse", "section-cout": "Dix euros.[^1]"}
    page = papier.remplir(**fautive).presser(voir="apercu").reponse.text
    assert "Source à compléter" in apercu_de(page) and "Dix euros." in apercu_de(page)
    assert "pas une adresse" in page


def test_voir_ses_modifications_malgre_une_faute_ailleurs(papier):
    suite = papier.remplir(**{"section-cout": "Beaucoup.[^1]", "titre": "", "section-duree": "Rien.[^9]"})
    page = d_une_ligne(suite.presser(voir="modifications").reponse.text)
    vues = page.partition('id="modifications"')[2].partition("</form>")[0]
    assert "<ins>" in vues and "Beaucoup." in vues and "Rien." not in vues
    assert "absent d’ici&nbsp;: Titre, Durée" in vues


@pytest.mark.parametrize("nature", ["dispositif", "local", "action"])
@pytest.mark.parametrize("vue", ["apercu", "modifications"])
def test_d_une_fiche_neuve_a_peine_commencee_on_voit_deja_quelque_chose(client, nature, vue):
    papier = ouvrir(client, f"/contribuer/nouvelle-fiche/{nature}/?titre=Une+fête&verifiee=1")
    cle = {"dispositif": "description", "local": "description", "action": "deroule"}[nature]
    reponse = papier.remplir(**{f"section-{cle}": "On se retrouve le jeudi."}).envoyer(voir=vue)
    assert reponse.status_code == 422
    assert reponse.text.partition('id="modifications"')[2].count("On se retrouve le jeudi.") >= 1


def test_les_conseils_ne_refusent_rien(papier):
    page = papier.remplir(**{"section-cout": "Cela coûte 12 000 euros."}).presser(voir="modifications").reponse.text
    assert "À vérifier" in page and "Un chiffre sans année" in page


def test_un_numero_de_source_interminable_ne_fait_rien_echouer(papier):
    numero = "9" * 5000
    suite = papier.remplir(**{"chiffres-0-source": numero, "section-cout": "Peu."}).presser(retirer="sources-2")
    assert suite["chiffres-0-source"] == numero
