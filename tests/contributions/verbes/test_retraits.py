import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from contributions.models import Journal
from contributions.verbes import retraits
from contributions.verbes.empechements import Empechement
from fiches.models import Edition, Fiche
from tests.contributions.recits import derniere
from tests.factories import fiche_action, fiche_dispositif, moderatrice, personne, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv")


def etat(fiche) -> str:
    return Fiche.objects.get(pk=fiche.pk).etat


def test_masquer_puis_retablir(fiche):
    avant = Edition.objects.get().numero
    retraits.masquer(fiche, par=moderatrice(), motif="inexact", explication="Le temps de vérifier.")
    assert etat(fiche) == "masquee"
    retraits.retablir(fiche, par=moderatrice(), explication="Vérifiée.")
    assert etat(fiche) == "publiee" and Edition.objects.get().numero == avant + 2


@pytest.mark.parametrize("verbe", [retraits.masquer, retraits.retirer])
def test_retirer_demande_une_explication_publique(fiche, verbe):
    with pytest.raises(Empechement, match="publique"):
        verbe(fiche, par=moderatrice(), motif="inexact", explication="")


def test_la_base_refuse_une_fiche_cachee_sans_explication(fiche):
    with pytest.raises(IntegrityError, match="fiche_hors_de_vue_expliquee"), transaction.atomic():
        Fiche.objects.filter(pk=fiche.pk).update(etat="masquee")


def test_fusionner_mene_a_l_autre_fiche(fiche):
    autre = fiche_dispositif()
    retraits.fusionner(fiche, dans=autre, par=moderatrice(), explication="Même dispositif.")
    assert Fiche.objects.get(pk=fiche.pk).remplacee_par_id == autre.pk


def test_on_ne_fusionne_que_dans_une_autre_fiche_publiee_de_meme_nature(fiche):
    for dans in (fiche, fiche_action()):
        with pytest.raises(Empechement, match="même nature"):
            retraits.fusionner(fiche, dans=dans, par=moderatrice(), explication="Même dispositif.")


def test_revenir_a_une_version_en_fait_une_nouvelle(fiche):
    premiere = derniere(fiche)
    publier(fiche, titre="Une erreur")
    neuve = retraits.restaurer(fiche, version=premiere, par=moderatrice(), pourquoi="le titre était juste")
    assert (neuve.numero, neuve.contenu) == (3, premiere.contenu)
    assert neuve.motif == "Retour à la version 1 : le titre était juste"


def test_toujours_valable_date_la_relecture_sans_changer_la_fiche(fiche):
    retraits.relire(fiche, par=moderatrice())
    relue = Fiche.objects.get(pk=fiche.pk)
    assert relue.relue_le and relue.modifiee_le == fiche.modifiee_le and relue.numero == 1


@pytest.mark.parametrize("verbe", [retraits.masquer, retraits.retirer])
def test_il_faut_etre_moderateur(fiche, verbe):
    with pytest.raises(PermissionDenied):
        verbe(fiche, par=personne(), motif="inexact", explication="Non.")


def test_chaque_verbe_laisse_une_ligne(fiche):
    retraits.masquer(fiche, par=moderatrice(), motif="inexact", explication="À voir.")
    retraits.retablir(fiche, par=moderatrice(), explication="Vu.")
    retraits.relire(fiche, par=moderatrice())
    lignes = Journal.objects.filter(fiche=fiche).order_by("pk").values_list("verbe", "de", "vers")
    assert list(lignes) == [
        ("masquer_fiche", "publiee", "masquee"), ("retablir_fiche", "masquee", "publiee"), ("relire", "", "publiee"),
    ]  # fmt: skip


def test_une_fiche_retiree_ne_revient_pas_a_une_version_sans_etre_retablie(fiche):
    publier(fiche, titre="Un autre titre")
    retraits.retirer(fiche, par=moderatrice(), motif="inexact", explication="Hors sujet.")
    with pytest.raises(Empechement, match="rétablissez-la"):
        retraits.restaurer(fiche, version=fiche.versions.get(numero=1), par=moderatrice(), pourquoi="Mieux avant")
