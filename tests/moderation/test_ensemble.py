"""Several people at once, for good: real connections, real commits."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from contributions.models import Demande, Dossier, Journal, Proposition, Signalement
from contributions.verbes import confirmations, propositions, retraits, signalements
from contributions.verbes.empechements import Empechement
from courriels.models import Courriel
from fiches.models import Fiche, Version
from tests.contributions.papier import sceau
from tests.contributions.recits import ancienne, proposition, signalement
from tests.ensemble import ensemble
from tests.essais import COMPLET
from tests.factories import fiche_dispositif, moderateur, moderatrice

FOIS = range(20 if COMPLET else 4)


@pytest.mark.django_db
def test_la_base_des_tests_existe():
    """Without a marked test in the run, pytest-django makes no test database, and the others would refuse to start."""
    assert not Proposition.objects.exists()


def poste(personne) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def accepter(client: Client, une: Proposition) -> Callable[[], Any]:
    donnees = {f"verdict-{cle}": "oui" for cle in une.depot.changements}
    donnees |= {"depot": 1, "sur": 1, "verbe": "accepter", "confirme": "oui"}
    return lambda: client.post(f"/moderation/propositions/{une.pk}/", donnees)


def ecarter(client: Client, une: Proposition) -> Callable[[], Any]:
    donnees = {
        "depot": 1,
        "sur": 1,
        "verbe": "ecarter",
        "confirme": "oui",
        "motif": "inexact",
        "message": "Un refus pesé.",
    }
    donnees |= {f"verdict-{cle}": "oui" for cle in une.depot.changements}
    return lambda: client.post(f"/moderation/propositions/{une.pk}/", donnees)


def test_vingt_fois_deux_moderateurs_decident_ensemble_un_seul_l_emporte(base_ouverte):
    elle, lui = poste(moderatrice()), poste(moderateur())
    for n in FOIS:
        fiche = fiche_dispositif()
        une = proposition(fiche, courriel=f"a{n}@exemple.fr", cout="Vingt.")
        # A hardest half: one accepts while the other refuses.
        autre = ecarter(lui, une) if n % 2 else accepter(lui, une)
        reponses = ensemble(accepter(elle, une), autre)
        assert sorted(reponse.status_code for reponse in reponses) == [302, 409], n
        perdue = next(reponse for reponse in reponses if reponse.status_code == 409).text
        assert "Cette proposition a déjà été décidée" in perdue
        if n % 2 and reponses[1].status_code == 409:
            assert "Un refus pesé." in perdue
        decisions = Journal.objects.filter(proposition=une, verbe__in=["accepter", "ecarter"])
        assert decisions.count() == 1
        attendues = 2 if decisions.get().verbe == "accepter" else 1
        assert Version.objects.filter(fiche=fiche.pk).count() == attendues
        assert Fiche.objects.get(pk=fiche.pk).numero == attendues


def test_deux_propositions_d_endroits_differents_acceptees_ensemble_sont_publiees_toutes_les_deux(base_ouverte):
    elle, lui = poste(moderatrice()), poste(moderateur())
    for n in FOIS[:10]:
        fiche = fiche_dispositif()
        un, deux = (proposition(fiche, courriel=f"{c}{n}@exemple.fr", **{c: "Neuf."}) for c in ("cout", "duree"))
        reponses = ensemble(accepter(elle, un), accepter(lui, deux))
        assert [reponse.status_code for reponse in reponses] == [302, 302]
        publiee = Fiche.objects.get(pk=fiche.pk)
        assert publiee.numero == 3 and publiee.contenu["sections"] == {
            "description": "Une démarche.[^1]", "cout": "Neuf.", "duree": "Neuf."
        }  # fmt: skip


def test_deux_moderateurs_prennent_ensemble_un_seul_la_tient(base_ouverte):
    elle, lui = poste(moderatrice()), poste(moderateur())
    for n in FOIS[:10]:
        une = proposition(fiche_dispositif(), courriel=f"a{n}@exemple.fr", cout="Vingt.")
        adresse = f"/moderation/propositions/{une.pk}/"
        ensemble(
            lambda a=adresse: elle.post(a, {"verbe": "prendre"}), lambda a=adresse: lui.post(a, {"verbe": "prendre"})
        )
        assert Journal.objects.filter(proposition=une, verbe="prendre").count() == 1


def test_un_signalement_traite_ensemble_n_a_qu_une_reponse(base_ouverte):
    elle, lui = poste(moderatrice()), poste(moderateur())
    donnees = {"verbe": "classer", "classer-motif": "autre", "classer-explication": "Non.", "confirme": "oui"}
    for _ in FOIS[:10]:
        dossier = signalement(fiche_dispositif()).dossier
        adresse = f"/moderation/signalements/{dossier.pk}/"
        reponses = ensemble(lambda a=adresse: elle.post(a, donnees), lambda a=adresse: lui.post(a, donnees))
        assert sorted(reponse.status_code for reponse in reponses) == [302, 409]
        assert Dossier.objects.get(pk=dossier.pk).statut == "sans_suite"


def test_le_meme_envoi_quatre_fois_ensemble_est_un_seul_signalement(base_ouverte):
    fiche_dispositif(slug="asv")
    donnees = {"ouvert": sceau(), "categorie": "erreur", "texte": "Faux."}
    envois = ensemble(*[lambda: Client().post("/dispositifs/asv/signaler/", donnees)["Location"]] * 4)
    assert len(set(envois)) == Signalement.objects.count() == Dossier.objects.count() == 1


def test_deux_fiches_fusionnees_l_une_dans_l_autre_une_seule_disparait(base_ouverte):
    elle, lui = moderatrice(), moderateur()
    for _ in FOIS[:10]:
        une, autre = fiche_dispositif(), fiche_dispositif()
        ensemble(
            lambda a=une, b=autre: retraits.fusionner(a, dans=b, par=elle, explication="Même dispositif."),
            lambda a=une, b=autre: retraits.fusionner(b, dans=a, par=lui, explication="Même dispositif."),
        )
        etats = Fiche.objects.filter(pk__in=(une.pk, autre.pk)).values_list("etat", flat=True)
        assert sorted(etats) == ["archivee", "publiee"]


def test_un_signalement_recu_pendant_qu_on_classe_n_est_jamais_oublie(base_ouverte):
    elle = moderatrice()
    for n in FOIS[:10]:
        fiche = fiche_dispositif()
        dossier = signalement(fiche).dossier
        ensemble(
            lambda d=dossier: signalements.classer(d, par=elle, motif="autre", explication="Non."),
            lambda f=fiche, n=n: signalement(f, courriel=f"tardive{n}@exemple.fr"),
        )
        tardif = Signalement.objects.get(courriel=f"tardive{n}@exemple.fr")
        repondu = Courriel.objects.filter(destinataire=tardif.courriel, cle__contains="traite").exists()
        assert tardif.dossier.statut in Dossier.A_TRAITER or repondu


def test_changer_son_texte_pendant_qu_on_le_prend_ou_le_rend_reussit_toujours(base_ouverte):
    elle = moderatrice()
    une = proposition(fiche_dispositif(), cout="Vingt.")
    for n in FOIS[:10]:
        geste = propositions.rendre if n % 2 else propositions.prendre
        _, depot = ensemble(
            lambda geste=geste: geste(une, par=elle),
            lambda n=n: propositions.deposer(
                une, base=une.base, changements={"section-cout": f"Vingt {n}."}, pourquoi="Je précise"
            ),
        )
        assert depot.changements == {"section-cout": f"Vingt {n}."}


def test_masquer_et_signaler_ensemble_ne_se_bloquent_pas(base_ouverte):
    elle = moderatrice()
    for n in FOIS[:10]:
        fiche = fiche_dispositif()
        dossier = signalement(fiche).dossier
        rendus = ensemble(
            lambda d=dossier: signalements.masquer(d, par=elle, motif="inexact", explication="Le temps de vérifier."),
            lambda f=fiche, n=n: signalement(f, courriel=f"autre{n}@exemple.fr"),
        )
        assert not any(rendu is None or isinstance(rendu, Empechement) for rendu in rendus)


def test_a_plusieurs_une_institution_est_interrogee_une_fois_et_entendue_une_fois(base_ouverte):
    fiche, elle, lui = ancienne(), moderatrice(), moderateur()
    a_qui = {"institution": "Ville", "destinataire": "sante@ville.example", "origine": "ville.example"}
    ensemble(*[lambda par=par: confirmations.preparer(fiche, par=par, **a_qui) for par in (elle, lui) * 2])
    une = Demande.objects.get()
    confirmations.relire(une, par=elle)
    ensemble(*[lambda par=par: confirmations.envoyer(une, par=par) for par in (elle, lui) * 2])
    assert Courriel.objects.count() == 1 and Journal.objects.filter(verbe="envoyer_demande").count() == 1
    ensemble(*[lambda: confirmations.repondre(une, sens="oui")] * 4, lambda: confirmations.arreter(une))
    assert (une.reponses.count(), Proposition.objects.get().depots.count()) == (1, 1)
