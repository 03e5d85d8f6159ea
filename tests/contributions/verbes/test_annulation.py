"""A decision taken back while nobody knows, a refusal opened again by the team."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from contributions import delais
from contributions.models import Dossier, Journal, Notification, Proposition
from contributions.verbes import annulation, propositions, recours, retraits
from contributions.verbes.empechements import Empechement, TexteModifie
from courriels.models import Courriel
from fiches.models import Fiche
from moderation.transparence import lignes_mensuelles
from tests.boite import vider_la_file
from tests.contributions.recits import absence, nouvelle_fiche, proposition, signalement
from tests.factories import (
    SOURCE,
    fiche_dispositif,
    moderateur,
    moderatrice,
    personne,
    publier,
    relu,
    territoire,
    valider,
)

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut
REFUS = {"motif": "inexact", "explication": "Le prix est faux."}


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "D.[^1]", "cout": "Dix euros."})


def acceptee(fiche, **champs) -> Proposition:
    une = proposition(fiche, cout="Vingt euros.", **champs)
    propositions.accepter(une, par=moderatrice(), depot=une.depot.numero)
    return relu(une)


def decisions() -> list[Courriel]:
    return [c for c in Courriel.objects.all() if c.cle.startswith(("proposition_decidee", "signalement_traite"))]


def test_annuler_remet_le_texte_d_avant_dans_une_version_qui_le_dit(fiche):
    une = annulation.annuler(acceptee(fiche), par=moderatrice())
    assert relu(fiche).contenu["sections"]["cout"] == "Dix euros." and relu(fiche).numero == 3
    derniere = relu(fiche).versions.order_by("-numero")[0]
    assert derniere.motif == "Version 2 annulée par qui l’avait publiée : retour au texte de la version 1"
    assert (relu(une).statut, relu(une).version, relu(une).decidee_par) == (Statut.SOUMISE, None, None)
    assert Journal.objects.filter(verbe="annuler", proposition=une, qui=moderatrice()).exists()


def test_la_proposition_annulee_s_accepte_a_nouveau(fiche):
    une = annulation.annuler(acceptee(fiche), par=moderatrice())
    propositions.accepter(une, par=moderateur(), depot=1)
    assert relu(fiche).contenu["sections"]["cout"] == "Vingt euros." and relu(fiche).numero == 4


def test_le_courriel_attend_dix_minutes_et_ne_part_pas_si_l_on_annule(fiche, mailoutbox):
    une = acceptee(fiche, auteur=personne())
    vider_la_file()
    assert len(decisions()) == 1 and not [m for m in mailoutbox if "est acceptée" in m.subject]
    assert Notification.objects.filter(objet__contains="acceptée").exists()
    annulation.annuler(une, par=moderatrice())
    assert decisions() == [] and not Notification.objects.filter(objet__contains="acceptée").exists()


def test_sans_annulation_le_courriel_part_apres_le_delai(fiche, settings):
    settings.DELAI_ANNULATION = 7
    une = acceptee(fiche, auteur=personne())
    tache = ProcrastinateJob.objects.get(task_name="courriels.envoyer", args__pk=decisions()[0].pk)
    assert abs(tache.scheduled_at - relu(une).decidee_le - timedelta(minutes=7)) < timedelta(minutes=1)
    assert annulation.derniere_annulable(moderatrice()) == une
    assert annulation.derniere_annulable(moderateur()) is None


def test_apres_dix_minutes_ou_par_un_autre_on_n_annule_plus(fiche):
    une = acceptee(fiche)
    with pytest.raises(Empechement, match="Seule la personne qui a décidé"):
        annulation.annuler(une, par=moderateur())
    Proposition.objects.update(decidee_le=timezone.now() - delais.annulation())
    with pytest.raises(Empechement, match="pendant 10"):
        annulation.annuler(une, par=moderatrice())
    assert relu(fiche).numero == 2


def test_une_autre_version_venue_depuis_ne_se_defait_pas(fiche):
    une = acceptee(fiche)
    publier(relu(fiche), titre="Autre titre")
    with pytest.raises(TexteModifie, match="version 3"):
        annulation.annuler(une, par=moderatrice())
    assert relu(une).statut == Statut.ACCEPTEE and relu(fiche).numero == 3


def test_annuler_deux_fois_n_annule_qu_une(fiche):
    une = annulation.annuler(acceptee(fiche), par=moderatrice())
    with pytest.raises(Empechement):
        annulation.annuler(une, par=moderatrice())
    assert relu(fiche).numero == 3


def test_un_refus_s_annule_aussi(fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.ecarter(une, par=moderatrice(), depot=1, **REFUS)
    annulation.annuler(relu(une), par=moderatrice())
    assert (relu(une).statut, relu(une).motif, decisions()) == (Statut.SOUMISE, "", [])


def test_une_fiche_nouvelle_annulee_n_est_plus_publiee_puis_l_est_a_nouveau(client):
    une = nouvelle_fiche(valider("dispositif", titre="Neuf", resume="R", categorie="demarche", sources=[SOURCE],
                                 sections={"description": "D.[^1]"}))  # fmt: skip
    version = propositions.accepter(une, par=moderatrice(), depot=1)
    adresse = Fiche.objects.get(pk=version.fiche_id).get_absolute_url()
    annulation.annuler(relu(une), par=moderatrice())
    assert client.get(adresse).status_code == 404
    propositions.accepter(relu(une), par=moderatrice(), depot=1)
    assert client.get(adresse).status_code == 200


def test_le_signalement_que_l_acceptation_avait_clos_attend_a_nouveau(fiche):
    dossier = signalement(fiche, courriel="temoin@exemple.fr").dossier
    une = proposition(fiche, cout="Vingt euros.")
    Proposition.objects.update(dossier=dossier)
    propositions.accepter(une, par=moderatrice(), depot=1)
    assert relu(dossier).statut == Dossier.Statut.CORRIGE and len(decisions()) == 2
    annulation.annuler(relu(une), par=moderatrice())
    assert relu(dossier).statut == Dossier.Statut.RECU and decisions() == []


def test_ce_qui_est_annule_ne_compte_pas_dans_les_chiffres_publics(fiche):
    annulation.annuler(acceptee(fiche), par=moderatrice())
    assert list(lignes_mensuelles())[1:] == []


def test_un_masquage_n_attend_pas(fiche, mailoutbox):
    une = acceptee(fiche, auteur=personne())
    Courriel.objects.all().delete()
    retraits.masquer(relu(fiche), par=moderatrice(), **REFUS)
    vider_la_file()
    assert [m.to for m in mailoutbox] == [[une.auteur.email]]


def test_l_equipe_rouvre_un_refus_avec_sa_raison(fiche, courriels):
    une = proposition(fiche, auteur=personne(), cout="Vingt.")
    propositions.ecarter(une, par=moderatrice(), depot=1, **REFUS)
    with pytest.raises(Empechement, match="Dites pourquoi"):
        annulation.reexaminer(relu(une), par=moderateur(), explication=" ")
    annulation.reexaminer(relu(une), par=moderateur(), explication="La source a été trouvée.")
    assert relu(une).statut == Statut.SOUMISE
    assert courriels[-1].objet.startswith("Nous avons réexaminé") and "La source a été trouvée." in courriels[-1].corps


def test_on_ne_rouvre_pas_sa_propre_proposition_ni_ce_qu_un_recours_conteste(fiche):
    sienne = proposition(fiche, auteur=moderateur(), cout="Vingt.")
    propositions.ecarter(sienne, par=moderatrice(), depot=1, **REFUS)
    with pytest.raises(PermissionDenied):
        annulation.reexaminer(relu(sienne), par=moderateur(), explication="Si.")
    recours.contester(relu(sienne), texte="Si.")
    for verbe, raison in ((annulation.annuler, {}), (annulation.reexaminer, {"explication": "Si."})):
        with pytest.raises(Empechement, match="recours"):
            verbe(relu(sienne), par=moderatrice(), **raison)


@pytest.mark.parametrize("version", [1, 2])
def test_une_absence_ecrite_ne_s_annule_pas_et_laisse_la_fiche_en_l_etat(fiche, version):
    if version == 2:
        publier(fiche, titre="Autre titre")
    une = absence(fiche, territoire())
    propositions.accepter(une, par=moderatrice(), depot=1)
    assert annulation.annulable_jusqua(relu(une), moderatrice()) is None
    assert annulation.derniere_annulable(moderatrice()) is None
    with pytest.raises(Empechement, match="absence"):
        annulation.annuler(une, par=moderatrice())
    assert (relu(fiche).numero, relu(fiche).etat) == (version, Fiche.Etat.PUBLIEE)
    assert relu(une).statut == Statut.ACCEPTEE


def test_l_absence_ecartee_s_annule(fiche):
    une = absence(fiche, territoire())
    propositions.ecarter(une, par=moderatrice(), depot=1, **REFUS)
    assert annulation.derniere_annulable(moderatrice()) == une
    assert annulation.annuler(une, par=moderatrice()).statut == Statut.SOUMISE


def test_on_n_annule_rien_sur_une_fiche_reunie_a_une_autre(fiche):
    une = acceptee(fiche)
    autre = fiche_dispositif(slug="autre", titre="L’autre fiche")
    retraits.fusionner(relu(fiche), dans=autre, par=moderatrice(), explication="La même.")
    assert annulation.annulable_jusqua(relu(une), moderatrice()) is annulation.derniere_annulable(moderatrice()) is None
    with pytest.raises(Empechement, match="L’autre fiche"):
        annulation.annuler(une, par=moderatrice())
    assert relu(fiche).numero == 2 and relu(une).statut == Statut.ACCEPTEE


def test_on_n_annule_rien_sur_une_fiche_retiree(fiche):
    une = acceptee(fiche)
    retraits.retirer(relu(fiche), par=moderatrice(), motif="doublon", explication="Elle en répète une autre.")
    with pytest.raises(Empechement, match="retirée"):
        annulation.annuler(une, par=moderatrice())
    assert relu(fiche).numero == 2


def test_l_auteur_du_texte_repris_n_est_plus_credite(fiche):
    une = proposition(fiche, cout="Vingt euros.")
    Proposition.objects.filter(pk=une.pk).update(credit=Proposition.Credit.NOM, credit_nom="Une lectrice")
    propositions.accepter(une, par=moderatrice(), depot=1)
    assert "Une lectrice" in [credit["nom"] for credit in relu(fiche).credits]
    avant = relu(fiche).versions.get(numero=1).credits
    annulation.annuler(une, par=moderatrice())
    noms = [credit["nom"] for credit in relu(fiche).credits]
    assert "Une lectrice" not in noms and avant[0]["nom"] in noms
