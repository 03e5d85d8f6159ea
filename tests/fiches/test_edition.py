import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from actions.models import ActionInspirante
from dispositifs.models import Dispositif
from fiches import edition
from fiches.gabarits import GABARITS, Nature
from fiches.models import Chiffre, Edition, Fiche, Sigle, Source, Version
from tests.essais import essais
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, masquer, publier, relu, territoire, valider

pytestmark = pytest.mark.django_db


def test_la_premiere_publication_fait_la_version_1():
    fiche = fiche_dispositif(titre="Atelier santé ville")
    assert (fiche.numero, fiche.etat) == (1, Fiche.Etat.PUBLIEE)
    assert fiche.versions.get().contenu["titre"] == "Atelier santé ville"


def test_publier_de_nouveau_fait_la_version_suivante_et_garde_la_precedente():
    fiche = publier(fiche_dispositif(titre="Ancien titre"), titre="Nouveau titre")
    assert fiche.numero == 2
    assert [v.contenu["titre"] for v in fiche.versions.order_by("numero")] == ["Ancien titre", "Nouveau titre"]


def test_la_date_de_premiere_publication_ne_bouge_plus():
    avant = fiche_dispositif()
    assert publier(avant, titre="Autre").publiee_le == avant.publiee_le


def test_chaque_publication_avance_l_edition():
    avant = Edition.objects.get().numero
    fiche_dispositif()
    assert Edition.objects.get().numero == avant + 1


@pytest.mark.parametrize("requete", ["UPDATE fiches_version SET motif = 'x'", "DELETE FROM fiches_version"])
def test_une_version_ne_se_modifie_ni_ne_s_efface(requete):
    fiche_dispositif()
    with pytest.raises(DatabaseError, match="on y ajoute seulement"), transaction.atomic():
        connection.cursor().execute(requete)
    assert Version.objects.count() == 1


def test_la_base_refuse_une_fiche_publiee_sans_version():
    fiche = Fiche(nature=Nature.ACTION, slug="vide", titre="Vide", etat=Fiche.Etat.PUBLIEE)
    with pytest.raises(IntegrityError, match="fiche_publiee_a_une_version"), transaction.atomic():
        fiche.save()


def test_une_fiche_en_preparation_est_invisible():
    Fiche.objects.create(nature=Nature.DISPOSITIF, slug="a-venir", titre="À venir")
    assert not Fiche.objects.visibles_pour().exists()


def test_les_sources_et_les_chiffres_sont_projetes():
    chiffre = {
        "libelle": "ateliers",
        "valeur": 7,
        "unite": "ASV",
        "annee": 2022,
        "precision_annee": "exacte",
        "source": 1,
    }
    fiche = fiche_dispositif(chiffres=[chiffre])
    assert fiche.sources.get().titre == "Rapport d’essai"
    assert (fiche.chiffres.get().valeur, fiche.chiffres.get().source) == (7, fiche.sources.get())


def test_publier_remplace_les_sources_et_les_chiffres():
    fiche = publier(fiche_dispositif(), sources=[{"titre": "Nouvelle"}])
    assert [s.titre for s in fiche.sources.all()] == ["Nouvelle"]
    assert (Source.objects.count(), Chiffre.objects.count()) == (1, 0)


def test_le_rendu_porte_les_noms_des_territoires():
    rouen = territoire("commune", "76540", "Rouen", departements=["76"])
    fiche = fiche_locale(sur=[rouen])
    assert fiche.rendu["territoires"] == [
        {"nature": "commune", "code": "76540", "nom": "Rouen (76)", "url": "/territoires/commune/76540/"}
    ]


def test_reprojeter_suit_un_territoire_renomme_sans_faire_de_version():
    rouen = territoire("commune", "76540", "Rouen", departements=["76"])
    fiche = fiche_locale(sur=[rouen])
    rouen.nom = "Rouen-la-Neuve"
    rouen.save()
    assert edition.reprojeter(fiche) is True
    fiche = type(fiche).objects.get(pk=fiche.pk)
    assert (fiche.rendu["territoires"][0]["nom"], fiche.numero) == ("Rouen-la-Neuve (76)", 1)


@pytest.mark.parametrize("preuve, avancement", [("capitalisee", ""), ("idee", "idee")])
def test_reprojeter_lit_une_action_du_format_precedent(preuve, avancement):
    fiche = fiche_action(preuve="capitalisee")
    ancien = {cle: valeur for cle, valeur in fiche.contenu.items() if cle not in ("avancement", "vu_le")}
    ActionInspirante.objects.filter(pk=fiche.pk).update(contenu=ancien | {"format": 2, "preuve": preuve})
    edition.reprojeter(fiche)
    assert relu(fiche).avancement == avancement


def test_reprojeter_ne_fait_rien_quand_rien_n_a_bouge():
    assert edition.reprojeter(fiche_dispositif()) is False


def test_reprojeter_une_instance_perimee_ne_defait_pas_la_derniere_version():
    ancienne = fiche_dispositif(titre="Avant")
    publier(ancienne, titre="Après")
    edition.reprojeter(ancienne)
    fiche = Fiche.objects.get(pk=ancienne.pk)
    assert (fiche.titre, fiche.numero) == ("Après", 2)


def test_deux_premieres_publications_d_une_adresse_font_deux_versions():
    contenu = fiche_dispositif(slug="asv").contenu
    edition.publier(Dispositif(nature=Nature.DISPOSITIF, slug="asv"), contenu, motif="En même temps.")
    assert Dispositif.objects.get().numero == 2


def test_publier_ne_demasque_pas():
    fiche = fiche_dispositif()
    masquer(fiche)
    assert publier(fiche, titre="Autre").etat == Fiche.Etat.MASQUEE


def test_un_sigle_du_glossaire_est_explique_a_son_premier_emploi():
    Sigle.objects.create(sigle="ARS", developpe="Agence régionale de santé", definition="Pilote la santé publique.")
    fiche = fiche_dispositif(sections={"description": "L’ARS signe.[^1]", "objectif": "L’ARS finance.[^1]"})
    assert '<abbr title="Agence régionale de santé">ARS</abbr>' in fiche.rendu["sections"]["description"]
    assert "<abbr" not in fiche.rendu["sections"]["objectif"]


def test_la_completude_est_la_part_des_sections_remplies():
    sections = {"description": "a[^1]", "objectif": "b", "demarche": "c"}
    assert fiche_dispositif(sections=sections).completude == round(100 * 3 / len(GABARITS["dispositif"].sections))


TEXTES = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cc"]), max_size=60)


def test_composer_montre_sans_publier_ce_que_publier_montrerait():
    publiee = fiche_dispositif(sections={"description": "D.[^1]", "cout": "Dix."})
    montree = edition.composer(Dispositif(nature="dispositif", slug="autre"), publiee.contenu)
    vues = [(f.titre, f.resume, f.rendu, f.completude) for f in (montree, publiee)]
    assert vues[0] == vues[1]
    assert montree.pk is None


@essais(40)
@given(textes=st.lists(TEXTES, min_size=1, max_size=3))
def test_ce_qui_est_lu_est_exactement_la_derniere_version(textes):
    """Invariant 1, for any text: the projection equals the last version, and only the last."""
    with transaction.atomic():
        fiche = fiche_action()
        for texte in textes:
            fiche = publier(fiche, resume=texte.strip() or "Résumé.", sections={"deroule": texte.strip() or "Rien."})
        derniere = fiche.versions.order_by("-numero").first()
        assert (fiche.contenu, fiche.numero) == (derniere.contenu, len(textes) + 1)
        assert (fiche.titre, fiche.resume) == (derniere.contenu["titre"], derniere.contenu["resume"])
        transaction.set_rollback(True)


def test_valider_est_idempotent():
    contenu = fiche_action(themes=["sante-mentale"], levier="culture").contenu
    assert valider("action", **contenu) == contenu


@pytest.mark.parametrize("slug", ["comparer", "echeancier", "choisir"])
def test_la_base_refuse_a_un_dispositif_l_adresse_d_une_page_du_site(slug):
    with pytest.raises(IntegrityError, match="dispositif_adresse_reservee"), transaction.atomic():
        fiche_dispositif(slug=slug)
    assert fiche_action(slug=slug).pk


# Credits: the only thing of a published version that may change


@pytest.fixture
def creditee():
    fiche = fiche_dispositif(slug="asv")
    for nom in ("Camille", "Camille", "Dominique"):
        n = Version.objects.count()
        credits = [{"cle": f"proposition-{n}", "nom": nom, "role": "proposition", "lien": "https://a.fr"}]
        edition.publier(fiche, fiche.contenu, motif="Essai.", credits=credits)
    return fiche


def noms(fiche) -> list[str]:
    return [credit["nom"] for credit in Fiche.objects.get(pk=fiche.pk).credits]


def test_changer_un_credit_nomme_autrement_dans_la_version_et_sur_la_fiche(creditee):
    avant = Edition.objects.get().numero
    assert edition.changer_credit("proposition-3", "Contribution anonyme") == 1
    assert noms(creditee) == ["Équipe de Santé en territoires", "Camille", "Contribution anonyme"]
    credit = {"cle": "proposition-3", "nom": "Contribution anonyme", "role": "proposition"}
    assert creditee.versions.get(numero=4).credits == [credit]
    assert Edition.objects.get().numero == avant + 1


def test_une_autre_contribution_sous_le_meme_nom_garde_le_sien(creditee):
    edition.changer_credit("proposition-1", "Contribution anonyme")
    assert noms(creditee) == ["Équipe de Santé en territoires", "Contribution anonyme", "Camille", "Dominique"]


def test_retirer_un_credit_ne_laisse_rien_du_nom(creditee):
    edition.changer_credit("proposition-3")
    assert "Dominique" not in str([v.credits for v in Version.objects.all()]) + str(noms(creditee))
    assert creditee.versions.get(numero=4).credits == []
    assert edition.changer_credit("proposition-3") == 0


@pytest.mark.parametrize(
    "colonne,valeur",
    [("contenu", "'{}'"), ("motif", "'x'"), ("numero", "9"), ("publiee_le", "now()"), ("publiee_par_id", "1")],
)
def test_meme_credits_ouverts_rien_d_autre_d_une_version_ne_bouge(creditee, colonne, valeur):
    with transaction.atomic(), edition._credits_ouverts(), connection.cursor() as curseur:
        for requete in (
            f"UPDATE fiches_version SET {colonne} = {valeur}, credits = '[]'",
            "DELETE FROM fiches_version",
        ):
            with pytest.raises(DatabaseError, match="on y ajoute seulement"), transaction.atomic():
                curseur.execute(requete)


def test_la_porte_des_credits_se_referme(creditee):
    edition.changer_credit("proposition-3", "Claude")
    with pytest.raises(DatabaseError, match="on y ajoute seulement"), transaction.atomic():
        Version.objects.update(credits=[])
