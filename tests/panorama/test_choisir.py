import pytest
from django.db import IntegrityError, transaction

from dispositifs.models import Dispositif, Regle
from panorama.choix import choisir
from tests.balisage import texte
from tests.factories import fiche_dispositif, fiche_locale, masquer, territoire

pytestmark = pytest.mark.django_db
ADRESSE = "/dispositifs/choisir/"


def regle(dispositif: str, question: str, reponse: str, **champs) -> Regle:
    defauts = {"poids": 0 if champs.get("exclut") else 1, "explication": "Parce que.", "source": "Rapport, 2022"}
    return Regle.objects.create(
        dispositif=Dispositif.objects.get(slug=dispositif),
        question=question,
        reponse=reponse,
        **{**defauts, **champs},
    )


@pytest.fixture
def lieux():
    normandie = territoire("region", "28", "Normandie")
    rouen = territoire("commune", "76540", "Rouen", dans=[normandie])
    lille = territoire("commune", "59350", "Lille")
    territoire("qpv", "QN07619M", "Grammont", dans=[rouen])
    for slug, titre in (("asv", "Atelier santé ville"), ("clsm", "Conseil de santé mentale")):
        fiche_dispositif(slug=slug, titre=titre, sigle=slug.upper())
    fiche_dispositif(slug="cmt", titre="Conseiller méthodologique", sigle="CMT", territoires=["region:28"])
    regle("asv", "qpv", "oui", poids=3, explication="Il agit dans les quartiers.")
    regle("asv", "qpv", "non", exclut=True, explication="Il lui faut un quartier.")
    regle("asv", "besoin", "sante-mentale", explication="Ses diagnostics en parlent.")
    regle("clsm", "besoin", "sante-mentale", poids=3, explication="C’est son objet.")
    regle("cmt", "besoin", "methode", poids=3, explication="Il apporte la méthode.")
    return {"rouen": rouen, "lille": lille}


def proposes(reponses: dict[str, str], lieu=None) -> list[tuple[str, int]]:
    return [(conseil.dispositif.slug, conseil.note) for conseil in choisir(reponses, lieu).proposes]


def test_les_poids_s_ajoutent_et_le_plus_lourd_vient_d_abord(lieux):
    assert proposes({"besoin": "sante-mentale"}) == [("clsm", 3), ("asv", 1)]
    assert proposes({"besoin": "sante-mentale", "qpv": "oui"}) == [("asv", 4), ("clsm", 3)]


def test_une_regle_qui_ecarte_l_emporte_sur_les_autres(lieux):
    choix = choisir({"besoin": "sante-mentale", "qpv": "non"}, None)
    assert [c.dispositif.slug for c in choix.proposes] == ["clsm"]
    assert [(c.dispositif.slug, c.exclusions[0].explication) for c in choix.ecartes] == [
        ("asv", "Il lui faut un quartier.")
    ]


def test_une_question_passee_ne_compte_pas(lieux):
    assert proposes({"besoin": "", "qpv": "oui"}) == [("asv", 3)]


def test_une_regle_mise_de_cote_ne_compte_pas(lieux):
    Regle.objects.filter(dispositif__slug="clsm").update(actif=False)
    assert proposes({"besoin": "sante-mentale"}) == [("asv", 1)]


def test_un_dispositif_retire_n_est_plus_propose(lieux):
    masquer(Dispositif.objects.get(slug="clsm"))
    assert proposes({"besoin": "sante-mentale"}) == [("asv", 1)]


def test_un_dispositif_d_une_region_n_est_propose_que_la(lieux):
    assert proposes({"besoin": "methode"}, lieux["rouen"]) == [("cmt", 3)]
    choix = choisir({"besoin": "methode"}, lieux["lille"])
    assert not choix.proposes and choix.ailleurs[0].existe_en == "Normandie"


# The page


def test_la_page_vide_pose_cinq_questions_que_l_on_peut_passer(lieux, client):
    page = client.get(ADRESSE)
    assert page.status_code == 200 and not page.cookies
    assert page.text.count("Je passe") == 5 and page.text.partition("<footer")[0].count("<fieldset") == 5


def test_chaque_reponse_dit_pourquoi_et_d_apres_quelle_source(lieux, client):
    page = texte(client.get(f"{ADRESSE}?besoin=sante-mentale").text)
    assert "C’est son objet." in page and "Réponse : « La santé mentale » (poids 3)" in page
    assert "Source : Rapport, 2022" in page and "indicative" in page


def test_les_reponses_sont_dans_l_adresse(lieux, client):
    page = client.get(f"{ADRESSE}?besoin=sante-mentale&echelle=commune").text
    assert 'name="besoin" value="sante-mentale" checked' in page and 'value="commune" checked' in page


def test_le_quartier_prioritaire_est_su_quand_le_territoire_est_donne(lieux, client):
    page = client.get(f"{ADRESSE}?territoire=commune:76540").text
    assert 'name="qpv" value="oui" checked' in page
    assert "Nous le savons déjà" in page and "Il agit dans les quartiers." in page


def test_on_peut_passer_la_question_du_quartier_malgre_tout(lieux, client):
    page = client.get(f"{ADRESSE}?territoire=commune:76540&qpv=&besoin=sante-mentale").text
    assert 'name="qpv" value="" checked' in page and "Il agit dans les quartiers." not in page


def test_ce_qui_couvre_deja_vient_avant_et_dit_qui_appeler(lieux, client):
    fiche_locale(titre="ASV de Rouen", dispositif="asv", porteur="Ville de Rouen", sur=[lieux["rouen"]])
    page = texte(client.get(f"{ADRESSE}?territoire=commune:76540&besoin=sante-mentale").text)
    assert page.index("Ce qui vous couvre déjà") < page.index("ASV de Rouen") < page.index("Ce que vos réponses")
    assert "À qui s’adresser : Ville de Rouen" in page


def test_une_reponse_inconnue_est_dite_a_sa_place_et_rien_n_est_perdu(lieux, client):
    page = client.get(f"{ADRESSE}?qpv=bleu&besoin=methode")
    assert page.status_code == 400
    assert "Cette réponse n’est pas dans la liste." in page.text and 'value="methode" checked' in page.text


def test_un_territoire_inconnu_est_dit_et_reste_dans_son_champ(lieux, client):
    page = client.get(f"{ADRESSE}?territoire=zzzzqq")
    assert page.status_code == 400 and 'value="zzzzqq"' in page.text and 'id="erreur-territoire"' in page.text


def test_le_territoire_reste_le_meme_d_un_envoi_a_l_autre_et_se_remplace(lieux, client):
    page = client.get(f"{ADRESSE}?territoire=commune:76540").text
    assert 'name="territoire" value="commune:76540" checked' in page
    page = client.get(f"{ADRESSE}?territoire=commune:76540&territoire=").text
    assert 'value="commune:76540" checked' in page
    page = client.get(f"{ADRESSE}?territoire=commune:76540&territoire=Lille").text
    assert 'value="commune:59350" checked' in page


@pytest.mark.parametrize("demande", ["territoire=%00", "qpv=%00", "territoire=commune:%00&besoin=soins"])
def test_un_octet_nul_n_est_pas_une_panne(lieux, client, demande):
    assert client.get(f"{ADRESSE}?{demande}").status_code == 400


def test_sans_regle_la_page_le_dit_sans_refuser(lieux, client):
    assert "Rien de net" in client.get(f"{ADRESSE}?porteur=etat").text


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_regles(lieux, client, django_assert_max_num_queries):
    for n in range(12):
        fiche_dispositif(slug=f"d-{n}", territoires=["region:28"])
        regle(f"d-{n}", "besoin", "sante-mentale")
        fiche_locale(sur=[lieux["rouen"]], dispositif=f"d-{n}")
    with django_assert_max_num_queries(9):
        client.get(f"{ADRESSE}?territoire=commune:76540&besoin=sante-mentale")


# What the database refuses


@pytest.mark.parametrize(
    "champs",
    [
        {"question": "couleur", "reponse": "oui"},
        {"reponse": "bleu"},
        {"poids": 0},
        {"poids": 4},
        {"exclut": True, "poids": 1},
        {"explication": ""},
        {"source": ""},
    ],
)
def test_la_base_refuse_une_regle_incoherente(champs):
    fiche_dispositif(slug="asv")
    valeurs = {"question": "qpv", "reponse": "oui", "poids": 1, **champs}
    with pytest.raises(IntegrityError), transaction.atomic():
        regle("asv", **valeurs)
