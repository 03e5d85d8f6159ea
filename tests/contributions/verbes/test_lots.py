"""A table brought whole: one lot of propositions, one e-mail; whole or not at all."""

import pytest

from comptes.reseau import INCONNUS
from comptes.roles import Role
from contributions import abus
from contributions.donnees import effacer, exporter
from contributions.models import Depot, Journal, Lot, Proposition
from contributions.verbes import lots, propositions, retraits
from contributions.verbes.empechements import Empechement
from dispositifs.models import DispositifLocal
from tests.contributions.recits import VU, cls_d_elbeuf, derniere, ligne
from tests.factories import fiche_locale, masquer, moderatrice, personne, publier, relu

pytestmark = pytest.mark.django_db


@pytest.fixture
def cls():
    return cls_d_elbeuf()


def test_un_tableau_fait_un_lot_de_propositions_et_un_seul_courriel(cls, courriels):
    lot = lots.deposer(personne(), "Suivi des CLS", [ligne(4, cls, constats=VU), ligne(7)], mot=" Bonne lecture ")
    change, neuf = lot.propositions.order_by("ligne")
    assert (change.fiche_id, change.ligne, change.statut) == (cls.pk, 4, "soumise")
    assert change.depot.changements == {"constats": VU} and neuf.depot.changements["constats"] and not neuf.fiche
    assert change.depot.pourquoi == "Tableau « Suivi des CLS », ligne 4" and lot.mot == "Bonne lecture"
    (courriel,) = courriels.pour("contributrice@ville.example")
    assert "1 fiche à créer, 1 à changer" in courriel.objet and lot.get_absolute_url() in courriel.corps
    assert {note.verbe for note in Journal.objects.all()} == {"deposer_lot", "deposer"}


def test_une_ligne_du_lot_se_decide_comme_une_autre_proposition(cls):
    lot = lots.deposer(personne(), "CLS", [ligne(4, cls, constats=VU), ligne(7)])
    for une in lot.propositions.all():
        propositions.accepter(une, par=moderatrice(), depot=1)
    assert relu(cls).contenu["constats"] == VU and DispositifLocal.objects.count() == 2


def test_le_meme_envoi_deux_fois_fait_un_seul_lot(cls):
    premier = lots.deposer(personne(), "CLS", [ligne(4, cls, constats=VU)], jeton="abc")
    assert lots.deposer(personne(), "CLS", [ligne(4, cls, constats=VU)], jeton="abc") == premier
    assert Proposition.objects.count() == 1


def test_ce_que_la_fiche_dit_deja_ne_fait_pas_de_proposition(cls):
    lot = lots.deposer(personne(), "CLS", [ligne(3, cls), ligne(4, cls, constats=VU)])
    assert lot.sans_effet == [3] and lot.propositions.get().ligne == 4
    with pytest.raises(Empechement, match="ne change rien"):
        lots.deposer(personne(), "CLS", [ligne(3, cls)])


def test_ce_qui_a_ete_publie_depuis_la_lecture_n_est_pas_defait(cls):
    lue = ligne(4, cls, constats=VU)
    publier(cls, porteur="Ville d’Elbeuf")
    lot = lots.deposer(personne(), "CLS", [lue])
    propositions.accepter(lot.propositions.get(), par=moderatrice(), depot=1)
    assert relu(cls).porteur == "Ville d’Elbeuf" and relu(cls).contenu["constats"] == VU


def test_les_fiches_parties_entre_temps_sont_dites_ensemble_et_rien_n_est_envoye(cls):
    partie, cachee = fiche_locale(titre="Partie"), fiche_locale(titre="Cachée")
    lues = [ligne(4, cls, constats=VU), ligne(5, partie, constats=VU), ligne(6, cachee, constats=VU)]
    retraits.fusionner(partie, dans=cls, par=moderatrice(), explication="La même.")
    masquer(cachee)
    with pytest.raises(lots.LignesRefusees) as refus:
        lots.deposer(personne(), "CLS", lues)
    assert [*refus.value.raisons] == [5, 6] and "réunie à « CLS d’Elbeuf »" in str(refus.value)
    assert not Lot.objects.exists() and not Proposition.objects.exists()


def test_les_lignes_d_un_jour_sont_comptees_selon_qui_les_apporte(cls, monkeypatch):
    monkeypatch.setattr(lots, "PAR_JOUR", 3)
    lots.deposer(personne(), "CLS", [ligne(n) for n in (2, 3)])
    assert lots.lignes_permises(personne()) == 1
    with pytest.raises(Empechement, match="encore apporter 1 ligne aujourd’hui"):
        lots.deposer(personne(), "CLS", [ligne(n) for n in (4, 5)])
    assert lots.lignes_permises(personne("fiable", Role.CONFIANCE)) == lots.LIGNES_MAX
    abus.verifier_quota(courriel="", reseaux=INCONNUS, auteur=personne())


def test_un_lot_se_retire_entier_sauf_ce_qui_est_decide(cls):
    lot = lots.deposer(personne(), "CLS", [ligne(4, cls, constats=VU), ligne(7), ligne(8)])
    premiere, prise, derniere_ligne = lot.propositions.order_by("ligne")
    propositions.accepter(premiere, par=moderatrice(), depot=1)
    propositions.prendre(prise, par=moderatrice())
    lots.retirer(lot, qui=personne())
    assert [p.statut for p in lot.propositions.order_by("ligne")] == ["acceptee", "retiree", "retiree"]
    assert not relu(prise).reservee and derniere_ligne.journal.latest("pk").verbe == "retirer"
    with pytest.raises(Empechement, match="n’attend plus rien"):
        lots.retirer(lot)


def test_un_seul_credit_pour_tout_le_lot_change_partout(cls):
    auteur = personne()
    type(auteur).objects.filter(pk=auteur.pk).update(credit_prefere="nom")
    lot = lots.deposer(relu(auteur), "CLS", [ligne(4, cls, constats=VU), ligne(7)])
    for une in lot.propositions.all():
        propositions.accepter(une, par=moderatrice(), depot=1)
    assert [c["nom"] for c in derniere(cls).credits] == ["Contributrice"]
    assert exporter(auteur)["propositions"][0]["tableau"] == "CLS, ligne 4"
    assert exporter(auteur)["lots"][0]["titre"] == "CLS"
    effacer(auteur, garder_nom=False)
    noms = {c["nom"] for fiche in DispositifLocal.objects.all() for c in derniere(fiche).credits}
    assert noms == {"Contribution anonyme"} and relu(lot).auteur is None


def test_un_long_tableau_ne_coute_pas_plus_de_requetes(django_assert_max_num_queries):
    modele = ligne(2)
    lues = [modele._replace(numero=n) for n in range(2, 502)]
    with django_assert_max_num_queries(30):
        lots.deposer(personne(), "CLS", lues)
    assert Depot.objects.count() == 500
