"""A lot decided whole: accepted but for some rows, refused, taken back; what cannot be done is left with its reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from comptes.roles import Role
from contributions import taches
from contributions.models import Journal, Proposition, Traitement
from contributions.verbes import decisions_de_lot, lots, propositions, retraits
from contributions.verbes.empechements import Empechement
from courriels.models import Courriel
from dispositifs.models import DispositifLocal
from fiches.models import Edition, Fiche
from territoires.models import Territoire
from tests.boite import vider_la_file
from tests.contributions.recits import VU, cls_d_elbeuf, ligne, suivi_des_cls
from tests.factories import constat, fiche_locale, masquer, moderateur, moderatrice, personne, publier, relu

pytestmark = pytest.mark.django_db


@pytest.fixture
def cls():
    return cls_d_elbeuf()


@pytest.fixture
def lot(cls):
    return suivi_des_cls(cls)


def statuts(lot) -> list[str]:
    return [proposition.statut for proposition in lot.propositions.order_by("ligne")]


def une(lot, numero: int) -> Proposition:
    return lot.propositions.get(ligne=numero)


def test_un_lot_accepte_publie_chaque_fiche_et_ecrit_une_fois(lot, cls, courriels):
    decisions_de_lot.accepter(lot, par=moderatrice(), explication="Merci !")
    assert statuts(lot) == ["acceptee"] * 3 and relu(cls).contenu["constats"] == VU
    recus = courriels.pour("contributrice@ville.example")
    assert len(recus) == 2 and "3 lignes publiées" in recus[-1].objet and "Merci !" in recus[-1].corps
    (note,) = Journal.objects.filter(lot=lot, verbe="decider_lot")
    assert note.detail["lignes"] == 3 and cls.versions.count() == 2


def test_d_une_decision_annulee_l_auteur_apprend_ce_qui_en_reste(lot, cls, courriels):
    decisions_de_lot.accepter(lot, par=moderatrice(), remarques={une(lot, 8).pk: "Quelle date ?"})
    publier(cls, porteur="Agglomération")  # its row cannot be taken back any more
    decisions_de_lot.annuler(lot, par=moderatrice())
    assert statuts(lot) == ["acceptee", "soumise", "corrections_demandees"]
    _, dit = courriels.pour("contributrice@ville.example")
    assert "1 ligne est publiée" in dit.corps and "1 ligne vous est rendue" in dit.corps
    assert "1 ligne attend encore" in dit.corps


def test_tout_sauf_des_lignes_laissees_et_des_lignes_rendues_avec_une_remarque(lot, courriels):
    decisions_de_lot.accepter(
        lot, par=moderatrice(), sauf={une(lot, 7).pk}, remarques={une(lot, 8).pk: "Quelle date ?"}
    )
    assert statuts(lot) == ["acceptee", "soumise", "corrections_demandees"]
    assert une(lot, 8).explication == "Quelle date ?" and une(lot, 8).messages.get().texte == "Quelle date ?"
    corps = courriels[-1].corps
    assert "1 ligne est publiée" in corps and "1 ligne vous est rendue" in corps and "1 ligne attend encore" in corps
    with pytest.raises(Empechement, match="au moins une ligne"):
        decisions_de_lot.accepter(lot, par=moderatrice(), sauf={une(lot, 7).pk})


def test_un_lot_ecarte_dit_son_motif_et_chaque_ligne_se_conteste(lot, courriels):
    decisions_de_lot.ecarter(lot, par=moderatrice(), motif="inexact", explication="Tableau de 2019.")
    assert statuts(lot) == ["ecartee"] * 3 and all(p.contestable and p.explication for p in lot.propositions.all())
    assert "information inexacte" in courriels[-1].corps and "contester" in courriels[-1].corps
    assert DispositifLocal.objects.count() == 1


def test_deux_lignes_d_une_meme_fiche_la_seconde_en_conflit_reste_avec_sa_raison(cls):
    autre = [constat("actif", "2024"), constat("termine", "2025")]
    lot = lots.deposer(
        personne(),
        "CLS",
        [ligne(4, cls, porteur="Ville"), ligne(5, cls, porteur="Agglo"), ligne(6, cls, constats=autre)],
    )
    traitement = decisions_de_lot.accepter(lot, par=moderatrice())
    assert statuts(lot) == ["acceptee", "soumise", "acceptee"] and relu(cls).porteur == "Ville"
    assert "a changé au même endroit" in relu(traitement).empechees[str(une(lot, 5).pk)]


def test_une_fiche_masquee_ou_reunie_entre_temps_ne_bloque_pas_les_autres(lot, cls):
    autre = fiche_locale()
    masquee = fiche_locale(constats=[constat("actif", "2024")])
    second = lots.deposer(personne(), "CLS", [ligne(9, masquee, constats=VU), ligne(10, cls, constats=VU), ligne(11)])
    masquer(masquee)
    retraits.fusionner(cls, dans=autre, par=moderatrice(), explication="La même.")
    traitement = decisions_de_lot.accepter(second, par=moderatrice())
    assert une(second, 11).statut == "acceptee" and une(second, 9).statut == "soumise"
    assert "masquée" in relu(traitement).empechees[str(une(second, 9).pk)]
    assert une(second, 10).statut in ("acceptee", "corrections_demandees") and une(second, 10).fiche_id == autre.pk


def test_une_ligne_qui_n_est_plus_valable_reste_seule(lot):
    lieu = une(lot, 7).depot.recus["territoires"][0]
    Territoire.objects.designes_par([lieu]).update(fin="2025-12-31", code="99999")
    traitement = decisions_de_lot.accepter(lot, par=moderatrice())
    assert statuts(lot) == ["acceptee", "soumise", "acceptee"]
    assert "n’est pas valide" in relu(traitement).empechees[str(une(lot, 7).pk)]


def test_ce_que_l_auteur_a_change_depuis_la_lecture_n_est_pas_publie(lot, cls):
    lu_le = timezone.now()
    changee = une(lot, 4)
    propositions.deposer(changee, base=changee.base, changements={"porteur": "Autre"}, pourquoi="Mieux")
    traitement = decisions_de_lot.accepter(lot, par=moderatrice(), lu_le=lu_le)
    assert statuts(lot) == ["soumise", "acceptee", "acceptee"]
    assert "depuis votre lecture" in relu(traitement).empechees[str(changee.pk)]


def test_on_ne_decide_pas_de_son_tableau_et_pas_deux_fois(cls):
    elle = personne("juge", Role.MODERATEUR)
    lot = lots.deposer(elle, "CLS", [ligne(4, cls, constats=VU)])
    for par in (elle, personne()):
        with pytest.raises(PermissionDenied):
            decisions_de_lot.accepter(lot, par=par)
    decisions_de_lot.accepter(lot, par=moderatrice())
    with pytest.raises(Empechement, match="acceptation par Moderatrice"):
        decisions_de_lot.ecarter(lot, par=moderateur(), motif="inexact", explication="Non.")


def test_un_long_lot_est_laisse_a_l_ouvrier_qui_reprend_ou_il_en_etait(cls, monkeypatch):
    monkeypatch.setattr(decisions_de_lot, "AUSSITOT", 2)
    monkeypatch.setattr(decisions_de_lot, "ENSEMBLE", 2)
    lot = lots.deposer(personne(), "CLS", [ligne(n) for n in range(2, 7)])
    traitement = decisions_de_lot.accepter(lot, par=moderatrice())
    assert statuts(lot) == ["soumise"] * 5 and traitement.fini_le is None
    for geste in (lambda: decisions_de_lot.ecarter(lot, par=moderateur(), motif="inexact", explication="Non."),
                  lambda: lots.retirer(lot)):  # fmt: skip
        with pytest.raises(Empechement, match="c’est en cours"):
            geste()
    avant = Edition.objects.get().numero
    assert decisions_de_lot.avancer(traitement.pk) and statuts(lot).count("acceptee") == 2  # then the worker is killed
    assert Edition.objects.get().numero > avant and relu(traitement).pour_cent == 40
    Traitement.objects.update(demande_le=timezone.now() - timedelta(minutes=6))
    taches.reprendre_lots(0)
    assert vider_la_file() == [] and statuts(lot) == ["acceptee"] * 5
    assert Proposition.objects.filter(version__numero=1).count() == 5
    assert not decisions_de_lot.avancer(traitement.pk)
    assert Courriel.objects.filter(cle=f"lot_traite-{traitement.pk}").count() == 1


def test_une_panne_sur_une_ligne_est_dite_et_n_arrete_pas_les_autres(lot, monkeypatch):
    accepter = propositions.accepter

    def panne(proposition, **reste):
        if proposition.ligne == 7:
            raise RuntimeError("!")
        return accepter(proposition, **reste)

    monkeypatch.setattr(propositions, "accepter", panne)
    traitement = decisions_de_lot.accepter(lot, par=moderatrice())
    assert statuts(lot) == ["acceptee", "soumise", "acceptee"]
    assert relu(traitement).empechees == {str(une(lot, 7).pk): decisions_de_lot.PANNE}


def test_la_decision_s_annule_entiere_avant_que_l_auteur_soit_prevenu(lot, cls, courriels):
    decisions_de_lot.accepter(lot, par=moderatrice())
    assert decisions_de_lot.annulable(lot, moderatrice()) and not decisions_de_lot.annulable(lot, moderateur())
    decisions_de_lot.annuler(lot, par=moderatrice())
    assert statuts(lot) == ["soumise"] * 3 and relu(cls).contenu["constats"] == [constat("actif", "2024")]
    assert Fiche.objects.filter(etat=Fiche.Etat.PUBLIEE).count() == 1
    assert len(courriels.pour("contributrice@ville.example")) == 1  # nothing was told
    decisions_de_lot.accepter(lot, par=moderateur())
    assert statuts(lot) == ["acceptee"] * 3


def test_ce_qui_a_change_depuis_ne_s_annule_pas_et_le_reste_si(lot, cls):
    decisions_de_lot.accepter(lot, par=moderatrice())
    publier(relu(cls), porteur="Ville")
    traitement = decisions_de_lot.annuler(lot, par=moderatrice())
    assert statuts(lot) == ["acceptee", "soumise", "soumise"]
    assert "version 3" in relu(traitement).empechees[str(une(lot, 4).pk)]


def test_passe_le_delai_plus_personne_n_annule(lot):
    decisions_de_lot.accepter(lot, par=moderatrice())
    Traitement.objects.update(fini_le=timezone.now() - timedelta(minutes=11))
    with pytest.raises(Empechement, match="Seule la personne qui a décidé"):
        decisions_de_lot.annuler(lot, par=moderatrice())
