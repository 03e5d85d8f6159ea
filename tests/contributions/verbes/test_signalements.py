import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from contributions.models import Dossier, Journal, Proposition
from contributions.verbes import propositions, signalements
from contributions.verbes.empechements import DejaDecidee, Empechement
from fiches.models import Fiche
from tests.contributions.recits import proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, publier, relu

pytestmark = pytest.mark.django_db
Statut = Dossier.Statut


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Dix euros."})


def test_le_signalement_retient_la_version_lue(fiche):
    recu = signalement(fiche, cible="section-cout", passage="Dix euros.")
    publier(fiche, titre="Autre titre")
    assert (relu(recu).version.numero, relu(recu).passage) == (1, "Dix euros.")


def test_les_signalements_d_un_meme_endroit_font_un_dossier(fiche):
    un, deux = signalement(fiche, cible="section-cout"), signalement(fiche, cible="section-cout")
    assert un.dossier == deux.dossier and un.jeton != deux.jeton


@pytest.mark.parametrize("autre", [{"cible": "section-duree"}, {"categorie": "illicite"}])
def test_un_autre_endroit_ou_une_autre_categorie_font_un_autre_dossier(fiche, autre):
    un = signalement(fiche, cible="section-cout")
    assert signalement(fiche, **{"cible": "section-cout", **autre}).dossier != un.dossier


def test_apres_la_reponse_un_nouveau_signalement_ouvre_un_nouveau_dossier(fiche):
    un = signalement(fiche)
    signalements.classer(un.dossier, par=moderatrice(), motif="inexact", explication="C’est toujours vrai.")
    assert signalement(fiche).dossier != un.dossier


def test_la_base_refuse_deux_dossiers_ouverts_au_meme_endroit(fiche):
    signalement(fiche)
    with pytest.raises(IntegrityError, match="dossier_ouvert_unique"), transaction.atomic():
        Dossier.objects.create(fiche=fiche, categorie="erreur")


def test_une_decision_repond_a_tous(fiche, courriels):
    for nom in ("a", "b"):
        signalement(fiche, courriel=f"{nom}@exemple.fr")
    signalements.classer(Dossier.objects.get(), par=moderatrice(), motif="inexact", explication="C’est toujours vrai.")
    traites = [c for c in courriels if "sans suite" in c.objet]
    assert sorted(c.destinataire for c in traites) == ["a@exemple.fr", "b@exemple.fr"]
    assert all("C’est toujours vrai." in c.corps for c in traites)


def test_classer_demande_un_motif_et_une_phrase(fiche):
    with pytest.raises(Empechement, match="motif"):
        signalements.classer(signalement(fiche).dossier, par=moderatrice(), motif="inexact", explication="")


def test_masquer_retire_la_fiche_de_la_vue_et_dit_pourquoi(fiche):
    dossier = signalement(fiche, categorie="illicite").dossier
    signalements.masquer(dossier, par=moderatrice(), motif="illicite", explication="Le temps de vérifier.")
    cachee = Fiche.objects.get(pk=fiche.pk)
    assert (cachee.etat, cachee.etat_explication) == ("masquee", "Le temps de vérifier.")
    assert not Fiche.objects.visibles_pour().exists() and relu(dossier).statut == Statut.MASQUE


def test_le_second_moderateur_apprend_que_c_est_fait(fiche):
    dossier = signalement(fiche).dossier
    signalements.corriger(dossier, par=moderatrice())
    with pytest.raises(DejaDecidee, match="corrigé par Moderatrice"):
        signalements.classer(dossier, par=moderateur(), motif="inexact", explication="Non.")


def test_ce_qu_un_autre_a_pris_ne_se_traite_pas(fiche):
    dossier = signalements.prendre(signalement(fiche).dossier, par=moderatrice())
    with pytest.raises(Empechement, match="l’a pris, jusqu’à"):
        signalements.corriger(dossier, par=moderateur())


def test_il_faut_etre_moderateur(fiche):
    with pytest.raises(PermissionDenied):
        signalements.corriger(signalement(fiche).dossier, par=personne())


def test_accepter_la_correction_clot_le_dossier_et_credite_qui_a_signale(fiche):
    recu = signalement(fiche, cible="section-cout", nom="Une lectrice")
    dossier = recu.dossier
    une = proposition(fiche, auteur=personne(), cout="Vingt euros.")
    Proposition.objects.filter(pk=une.pk).update(dossier=dossier)
    version = propositions.accepter(une, par=moderatrice(), depot=1)
    assert relu(dossier).statut == Statut.CORRIGE
    credit = {"cle": f"signalement-{recu.pk}", "nom": "Une lectrice", "role": "signalement"}
    assert credit in version.credits


def test_un_double_renvoie_a_l_autre_dossier(fiche):
    un, deux = signalement(fiche).dossier, signalement(fiche, cible="section-cout").dossier
    signalements.rattacher(deux, par=moderatrice(), double_de=un, explication="Même sujet.")
    assert (relu(deux).statut, relu(deux).double_de) == (Statut.DOUBLON, un)
    with pytest.raises(Empechement, match="Choisissez un autre dossier"):
        signalements.rattacher(un, par=moderatrice(), double_de=un, explication="Même sujet.")


def test_chaque_verbe_laisse_une_ligne(fiche):
    dossier = signalement(fiche).dossier
    signalement(fiche)
    signalements.prendre(dossier, par=moderatrice())
    signalements.corriger(dossier, par=moderatrice())
    lignes = Journal.objects.filter(dossier=dossier).order_by("pk").values_list("verbe", "de", "vers")
    assert list(lignes) == [
        ("signaler", "", "recu"), ("signaler", "recu", "recu"), ("prendre", "recu", "en_examen"),
        ("corriger", "en_examen", "corrige"),
    ]  # fmt: skip


def test_le_meme_envoi_est_recu_une_fois(fiche, courriels):
    un, encore = signalement(fiche, envoi="sceau"), signalement(fiche, envoi="sceau")
    assert un == encore and Dossier.objects.get().signalements.count() == 1 and len(courriels) == 1
    assert signalement(fiche, envoi="autre sceau") != un


@pytest.mark.parametrize("geste", ["classer", "corriger", "masquer"])
def test_on_ne_decide_pas_de_son_propre_signalement(fiche, geste):
    dossier = signalement(fiche, auteur=moderatrice()).dossier
    raisons = {"explication": "Parce que."} | ({} if geste == "corriger" else {"motif": "autre"})
    with pytest.raises(PermissionDenied):
        getattr(signalements, geste)(dossier, par=moderatrice(), **raisons)
    assert relu(dossier).statut == "recu" and relu(fiche).etat == "publiee"
    getattr(signalements, geste)(dossier, par=moderateur(), **raisons)


def test_la_base_le_refuse_aussi(fiche):
    dossier = signalement(fiche, auteur=moderatrice()).dossier
    with pytest.raises(IntegrityError, match="décidé par qui a signalé"), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(
            statut="sans_suite", decidee_par=moderatrice(), decidee_le=timezone.now(), motif="autre", explication="Non."
        )


def test_accepter_une_correction_clot_aussi_ce_qu_on_a_signale(fiche):
    dossier = signalement(fiche, auteur=moderatrice()).dossier
    une = proposition(fiche, cout="Vingt.")
    Proposition.objects.filter(pk=une.pk).update(dossier=dossier)
    propositions.accepter(une, par=moderatrice(), depot=1)
    assert relu(dossier).statut == "corrige"


def test_deux_dossiers_d_une_fiche_masquee_se_closent_tous_les_deux(fiche):
    premier, second = (signalement(fiche, cible=cible).dossier for cible in ("", "section-cout"))
    for dossier in (premier, second):
        signalements.masquer(dossier, par=moderatrice(), motif="inexact", explication="Le temps de vérifier.")
    assert {relu(dossier).statut for dossier in (premier, second)} == {"masque"}
    assert Journal.objects.filter(verbe="masquer_fiche").count() == 1


def test_qui_masque_en_second_apprend_qui_quand_quoi(fiche):
    dossier = signalement(fiche).dossier
    signalements.classer(dossier, par=moderatrice(), motif="autre", explication="Non.")
    with pytest.raises(DejaDecidee, match="sans suite par Moderatrice"):
        signalements.masquer(dossier, par=moderateur(), motif="inexact", explication="Le temps de vérifier.")
    assert relu(fiche).etat == "publiee"


def test_deux_dossiers_ne_sont_pas_doubles_l_un_de_l_autre(fiche):
    un, deux = (signalement(fiche, cible=cible).dossier for cible in ("", "section-cout"))
    signalements.rattacher(un, par=moderatrice(), double_de=deux, explication="Le même.")
    with pytest.raises(Empechement, match="pas lui-même un doublon"):
        signalements.rattacher(deux, par=moderatrice(), double_de=un, explication="Le même.")
    ailleurs = signalement(fiche_dispositif()).dossier
    with pytest.raises(Empechement, match="de la même fiche"):
        signalements.rattacher(deux, par=moderatrice(), double_de=ailleurs, explication="Le même.")
