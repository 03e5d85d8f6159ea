"""« Est-ce toujours vrai ? »: asked by a moderator's word, answered by a link, published by a moderator's word."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from contributions.donnees import oublier_demandes
from contributions.models import AdresseArretee, Demande, Journal, Proposition
from contributions.models.confirmations import VALIDITE, empreinte
from contributions.taches import oublier_institutions
from contributions.verbes import confirmations, propositions, retraits
from contributions.verbes.empechements import Empechement
from courriels.models import Courriel
from dispositifs.age import EtatLocal
from dispositifs.models import DispositifLocal
from tests.contributions.recits import ancienne, demande
from tests.factories import constat, masquer, moderatrice, personne, relu

pytestmark = pytest.mark.django_db
SERVICE = "sante@ville.example"


def preparee(fiche: DispositifLocal | None = None, destinataire: str = SERVICE) -> Demande:
    return demande("preparee", fiche, destinataire=destinataire)


def envoyee(fiche: DispositifLocal | None = None) -> Demande:
    return demande("envoyee", fiche)


def etat(fiche: DispositifLocal) -> EtatLocal:
    return relu(fiche).situation.etat(timezone.localdate())


def verbes(une: Demande) -> list[str]:
    return [*Journal.objects.filter(demande=une).order_by("pk").values_list("verbe", flat=True)]


# Asking


def test_rien_ne_part_sans_etre_prepare_relu_puis_envoye():
    une = preparee()
    with pytest.raises(Empechement):
        confirmations.envoyer(une, par=moderatrice())
    confirmations.relire(une, par=moderatrice())
    assert not Courriel.objects.exists()
    confirmations.envoyer(une, par=moderatrice())
    courriel = Courriel.objects.get()
    assert courriel.destinataire == SERVICE and relu(une).adresse_publique.partition("/confirmer/")[0] in courriel.corps
    assert verbes(une) == ["preparer_demande", "relire_demande", "envoyer_demande"]
    assert {*Journal.objects.filter(demande=une).values_list("qui", flat=True)} == {moderatrice().pk}
    with pytest.raises(Empechement):
        confirmations.envoyer(une, par=moderatrice())
    with pytest.raises(PermissionDenied):
        confirmations.preparer(ancienne(), par=personne(), institution="A", destinataire="a@b.fr", origine="B")


def test_une_adresse_n_est_interrogee_qu_une_fois_par_an_sur_un_dispositif():
    fiche = ancienne()
    with time_machine.travel("2026-01-10 10:00", tick=False):
        envoyee(fiche)
        with pytest.raises(Empechement, match="moins d’un an"):
            preparee(fiche, SERVICE.upper())
        preparee(fiche, "autre@ville.example")
        preparee()
    with time_machine.travel("2027-01-09 10:00", tick=False), pytest.raises(Empechement):
        preparee(fiche)
    with time_machine.travel("2027-01-10 10:00", tick=False):
        preparee(fiche)


def test_la_base_tient_cette_regle_quoi_que_fasse_le_code():
    une = preparee()
    une.pk = None
    with pytest.raises(IntegrityError, match="demande_une_par_an"), transaction.atomic():
        une.save(force_insert=True)
    une.destinataire, une.empreinte = "prenom.nom@ville.example", "autre"
    with pytest.raises(IntegrityError, match="demande_a_un_service"), transaction.atomic():
        une.save(force_insert=True)


def test_une_demande_retiree_ne_garde_pas_l_adresse_et_n_empeche_pas_la_suivante():
    une = preparee()
    confirmations.retirer(une, par=moderatrice())
    assert (relu(une).destinataire, relu(une).empreinte) == ("", "")
    preparee(une.fiche)


def test_une_fiche_masquee_n_est_ni_demandee_ni_confirmee():
    une = envoyee()
    suivante = confirmations.relire(preparee(une.fiche, "autre@ville.example"), par=moderatrice())
    masquer(une.fiche)
    with pytest.raises(Empechement):
        confirmations.envoyer(suivante, par=moderatrice())
    with pytest.raises(Empechement):
        confirmations.repondre(une, sens="oui")
    assert not Proposition.objects.exists()


# Stopping


def test_qui_ne_veut_plus_etre_interroge_ne_l_est_plus_jamais_et_sa_file_se_vide():
    une, autre = envoyee(), preparee()
    confirmations.arreter(une)
    confirmations.arreter(une)
    assert relu(autre).statut == Demande.Statut.RETIREE
    assert AdresseArretee.objects.get().pk == empreinte(SERVICE) and SERVICE not in str(AdresseArretee.objects.values())
    with pytest.raises(Empechement, match="ne plus être interrogée"):
        preparee(ancienne())
    with time_machine.travel(timezone.now() + timedelta(days=3000)):
        oublier_demandes()
        with pytest.raises(Empechement, match="ne plus être interrogée"):
            preparee(ancienne(), f" {SERVICE.upper()} ")


def test_le_souvenir_d_un_arret_ne_tient_pas_a_la_cle_du_serveur(settings):
    avant = empreinte(SERVICE)
    settings.SECRET_KEY = "une autre"
    assert empreinte(SERVICE) == avant


# Answering


def test_oui_est_une_proposition_qui_dit_d_ou_elle_vient_et_rien_n_est_public_avant_un_moderateur():
    fiche = ancienne()
    assert etat(fiche) == EtatLocal.A_VERIFIER
    reponse = confirmations.repondre(envoyee(fiche), sens="oui")
    proposition = reponse.proposition
    assert (relu(fiche).numero, proposition.statut) == (1, "soumise")
    assert proposition.nom_credite == "Ville d’Elbeuf" and proposition.depot.pourquoi.startswith(
        "Ville d’Elbeuf confirme"
    )
    propositions.accepter(proposition, par=moderatrice(), depot=1)
    publiee = relu(fiche)
    assert etat(fiche) == EtatLocal.EN_VIGUEUR
    jour = timezone.localdate().isoformat()
    assert (publiee.vu_le, publiee.source_du_constat.partition(",")[0]) == (jour, "Ville d’Elbeuf")
    assert publiee.contenu["constats"][0]["le"] == "2022-03"


def test_fini_en_2024_finit_meme_ce_qui_a_ete_vu_depuis():
    fiche = ancienne(constats=[constat("actif", "2025-01")])
    reponse = confirmations.repondre(envoyee(fiche), sens="fini", fini_le="2024")
    assert "fini en 2024" in reponse.proposition.depot.pourquoi
    propositions.accepter(reponse.proposition, par=moderatrice(), depot=1)
    assert (etat(fiche), relu(fiche).fin) == (EtatLocal.TERMINE, "2024")


def test_je_ne_sais_pas_ne_propose_rien_et_se_lit_au_poste():
    une = envoyee()
    confirmations.repondre(une, sens="sais_pas", precision="Voyez le service habitat.")
    assert relu(une).statut == Demande.Statut.A_LIRE and not Proposition.objects.exists()
    confirmations.classer(une, par=moderatrice())
    assert relu(une).statut == Demande.Statut.CLASSEE


def test_changer_d_avis_remplace_ce_que_personne_n_a_decide_et_garde_l_histoire():
    une = envoyee()
    proposition = confirmations.repondre(une, sens="oui").proposition
    confirmations.repondre(une, sens="oui")  # a double click
    confirmations.repondre(une, sens="fini", fini_le="2024-06")
    assert Proposition.objects.get() == proposition and proposition.depots.count() == 2
    confirmations.repondre(une, sens="sais_pas")
    assert Proposition.objects.get().statut == "retiree"
    assert [reponse.sens for reponse in une.reponses.order_by("pk")] == ["oui", "fini", "sais_pas"]
    confirmations.repondre(une, sens="oui")
    assert [*Proposition.objects.order_by("pk").values_list("statut", flat=True)] == ["retiree", "soumise"]


def test_changer_d_avis_apres_la_decision_est_une_autre_proposition():
    une = envoyee()
    proposition = confirmations.repondre(une, sens="oui").proposition
    propositions.accepter(proposition, par=moderatrice(), depot=1)
    autre = confirmations.repondre(une, sens="fini", fini_le="2026").proposition
    assert autre != proposition and autre.base.numero == 2


def test_une_precision_attend_une_reponse_comme_tout_message():
    reponse = confirmations.repondre(envoyee(), sens="oui", precision="Voir notre page.")
    assert [message.texte for message in reponse.proposition.messages.sans_reponse()] == ["Voir notre page."]


def test_des_institutions_qui_repondent_de_meme_ne_sont_pas_des_indesirables():
    for rang in range(6):
        une = demande("envoyee", destinataire=f"service{rang}@ville.example")
        confirmations.repondre(une, sens="oui")
    assert Proposition.objects.a_traiter().count() == 6 and not Proposition.objects.exclude(mise_a_part="").exists()


def test_une_fin_avant_le_debut_est_refusee_et_rien_n_est_ecrit():
    une = envoyee(ancienne(debut="2025"))
    with pytest.raises(ValidationError):
        confirmations.repondre(une, sens="fini", fini_le="2020")
    assert not une.reponses.exists() and not Proposition.objects.exists()


def test_un_lien_termine_ne_repond_plus_et_les_reponses_sont_bornees():
    une = envoyee()
    for annee in range(2000, 2000 + confirmations.REPONSES_MAX):
        confirmations.repondre(une, sens="fini", fini_le=str(annee))
    with pytest.raises(Empechement, match="trop souvent"):
        confirmations.repondre(une, sens="oui")
    with time_machine.travel(timezone.now() + VALIDITE + timedelta(hours=1)), pytest.raises(Empechement):
        confirmations.repondre(une, sens="fini", fini_le="1999")


def test_une_fiche_fusionnee_n_attend_plus_de_reponse_mais_garde_celle_qui_est_venue():
    fiche, arrivee = ancienne(), ancienne()
    une = envoyee(fiche)
    reponse = confirmations.repondre(une, sens="oui")
    retraits.fusionner(fiche, dans=arrivee, par=moderatrice(), explication="La même.")
    assert relu(reponse.proposition).fiche_id == arrivee.pk
    with pytest.raises(Empechement):
        confirmations.repondre(une, sens="fini", fini_le="2024")


# Forgetting


def test_les_mots_dits_a_cote_d_un_oui_sont_oublies_aussi_dans_la_conversation():
    reponse = confirmations.repondre(envoyee(), sens="oui", precision="Demandez au 02 00 00 00 00.")
    with time_machine.travel(timezone.now() + VALIDITE + timedelta(days=31)):
        oublier_demandes()
    assert "02 00" not in reponse.proposition.messages.get().texte


def test_une_demande_pas_encore_partie_garde_de_quoi_obeir_a_un_arret():
    une = preparee()
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        oublier_demandes()
    assert relu(une).empreinte == empreinte(SERVICE)


def test_un_mois_apres_la_fin_du_lien_l_adresse_et_les_mots_sont_oublies_l_empreinte_apres_un_an():
    une = envoyee()
    confirmations.repondre(une, sens="sais_pas", precision="Demandez à l’accueil.")
    fin = timezone.now() + VALIDITE
    with time_machine.travel(fin + timedelta(days=29)):
        assert oublier_demandes() == 0
    with time_machine.travel(fin + timedelta(days=31)):
        assert (oublier_demandes(), oublier_demandes()) == (1, 0)
    une = relu(une)
    assert (une.destinataire, une.reponses.get().precision) == ("", "") and une.empreinte
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        oublier_demandes()
    assert relu(une).empreinte == ""


def test_ce_que_personne_n_envoie_est_retire_tout_seul_et_l_adresse_avec():
    une = preparee()
    for jours, statut in ((60, Demande.Statut.PREPAREE), (61, Demande.Statut.RETIREE)):
        with time_machine.travel(timezone.now() + timedelta(days=jours)):
            oublier_institutions(0)
        assert relu(une).statut == statut
    assert (relu(une).destinataire, verbes(une)[-1]) == ("", "retirer_demande")
