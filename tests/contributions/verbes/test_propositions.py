import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from contributions.models import Depot, Journal, Proposition
from contributions.models.examen import RESERVATION
from contributions.verbes import propositions, retraits
from contributions.verbes.empechements import ConflitATrancher, ContenuRefuse, DejaDecidee, Empechement, TexteModifie
from courriels.models import Courriel
from dispositifs.models import Dispositif
from fiches.models import Version
from tests.contributions.recits import absence, derniere, nouvelle_fiche, proposition
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, publier, relu, territoire, valider

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Dix euros."})


# Handing in


def test_sans_compte_on_confirme_d_abord_son_adresse(fiche):
    deposee = Proposition.objects.create(
        fiche=fiche, nature=fiche.nature, titre=fiche.titre, base=derniere(fiche), courriel="a@exemple.fr"
    )
    propositions.deposer(
        deposee, base=derniere(fiche), changements={"section-cout": "Vingt."}, pourquoi="Le prix a changé"
    )
    assert relu(deposee).statut == Statut.A_CONFIRMER
    assert propositions.confirmer(deposee).statut == Statut.SOUMISE


def test_confirmer_deux_fois_ne_change_rien(fiche):
    confirmee = proposition(fiche, cout="Vingt.")
    assert propositions.confirmer(confirmee).confirmee_le == confirmee.confirmee_le
    assert Journal.objects.filter(verbe="confirmer").count() == 1


def test_avec_un_compte_la_proposition_est_deposee_tout_de_suite(fiche):
    assert proposition(fiche, auteur=personne(), cout="Vingt.").statut == Statut.SOUMISE


def test_un_double_clic_ne_depose_qu_une_fois(fiche):
    une = proposition(fiche, cout="Vingt.")
    for _ in range(2):
        propositions.deposer(
            une, base=derniere(fiche), changements={"section-cout": "Vingt."}, pourquoi="Précise ce point"
        )
    assert une.depots.count() == 1


def test_l_auteur_change_son_texte_et_l_ancien_reste(fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.deposer(une, base=derniere(fiche), changements={"section-cout": "Trente."}, pourquoi="Mieux")
    assert [depot.changements["section-cout"] for depot in une.depots.all()] == ["Vingt.", "Trente."]


def test_un_texte_depose_ne_se_recrit_jamais(fiche):
    une = proposition(fiche, cout="Vingt.")
    for geste in (lambda: Depot.objects.update(pourquoi="Autre"), lambda: Depot.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()
    assert une.depot.pourquoi == "Précise ce point"


def test_une_proposition_qui_ne_change_rien_ne_se_depose_pas(fiche):
    with pytest.raises(ValueError, match="change quelque chose"):
        proposition(fiche)


def test_retirer_garde_le_texte(fiche):
    une = proposition(fiche, cout="Vingt.")
    assert propositions.retirer(une).statut == Statut.RETIREE
    assert une.depots.get().changements == {"section-cout": "Vingt."}


# Taking


def test_prendre_reserve_deux_heures(fiche):
    prise = propositions.prendre(proposition(fiche, cout="Vingt."), par=moderatrice())
    assert prise.statut == Statut.EN_EXAMEN and prise.reservee_a_un_autre(moderateur())


def test_ce_qu_un_autre_a_pris_ne_se_prend_ni_ne_se_decide(fiche):
    une = propositions.prendre(proposition(fiche, cout="Vingt."), par=moderatrice())
    with pytest.raises(Empechement, match="Moderatrice l’a prise, jusqu’à"):
        propositions.prendre(une, par=moderateur())
    with pytest.raises(Empechement, match="l’a prise"):
        propositions.ecarter(une, par=moderateur(), depot=1, motif="inexact", explication="Non.")


def test_une_reservation_passee_ne_retient_personne(fiche):
    une = propositions.prendre(proposition(fiche, cout="Vingt."), par=moderatrice())
    Proposition.objects.update(prise_jusqua=timezone.now() - RESERVATION)
    assert propositions.prendre(une, par=moderateur()).prise_par == moderateur()


def test_rendre_la_remet_dans_la_file(fiche):
    une = propositions.prendre(proposition(fiche, cout="Vingt."), par=moderatrice())
    assert propositions.rendre(une, par=moderatrice()).statut == Statut.SOUMISE


def test_il_faut_etre_moderateur_pour_prendre(fiche):
    with pytest.raises(PermissionDenied):
        propositions.prendre(proposition(fiche, cout="Vingt."), par=personne("autre"))


# Deciding


def test_accepter_publie_la_version_suivante_creditee(fiche):
    une = proposition(fiche, cout="Vingt euros.")
    version = propositions.accepter(une, par=moderatrice(), depot=1)
    lue = relu(fiche)
    assert (version.numero, lue.numero, lue.contenu["sections"]["cout"]) == (2, 2, "Vingt euros.")
    assert version.motif == "Précise ce point" and version.publiee_par == moderatrice()
    assert version.credits == [{"cle": f"proposition-{une.pk}", "nom": "Contribution anonyme", "role": "proposition"}]
    assert relu(une).statut == Statut.ACCEPTEE and relu(une).version == version


def test_accepter_en_ajustant_credite_les_deux(fiche):
    une = proposition(fiche, cout="Vingt euro.")
    version = propositions.accepter(
        une, par=moderatrice(), depot=1, sur=1, ajustements={"section-cout": "Vingt euros."}
    )
    assert version.contenu["sections"]["cout"] == "Vingt euros."
    assert [credit["role"] for credit in version.credits] == ["proposition", "ajustement"]


def test_accepter_en_partie_laisse_le_reste_et_dit_pourquoi(fiche):
    une = proposition(fiche, cout="Vingt.", duree="Un an.")
    with pytest.raises(Empechement, match="dites pourquoi"):
        propositions.accepter(une, par=moderatrice(), depot=1, retenues={"section-duree"})
    propositions.accepter(
        une, par=moderatrice(), depot=1, retenues={"section-duree"}, motif="inexact", explication="Le prix est faux."
    )
    sections = relu(fiche).contenu["sections"]
    assert (sections["cout"], sections["duree"]) == ("Dix euros.", "Un an.")
    assert relu(une).statut == Statut.ACCEPTEE_EN_PARTIE


def test_une_source_appelee_par_ce_qui_est_retenu_vient_avec(fiche):
    sources = [*fiche.contenu["sources"], {**fiche.contenu["sources"][0], "titre": "Bilan"}]
    une = proposition(fiche, cout="Vingt.", duree="Un an.[^2]", sources=sources)
    propositions.accepter(
        une, par=moderatrice(), depot=1, retenues={"section-duree"}, motif="inexact", explication="Le prix est faux."
    )
    assert [source["titre"] for source in relu(fiche).contenu["sources"]] == ["Rapport d’essai", "Bilan"]


def test_un_texte_ajuste_garde_ses_sources_quoi_qu_on_retienne(fiche):
    """It was written with three sources in sight; the second one is left out with what called it."""
    autres = [{**fiche.contenu["sources"][0], "titre": titre} for titre in ("Tarifs", "Bilan")]
    sources = [*fiche.contenu["sources"], *autres]
    une = proposition(fiche, cout="Vingt.[^2]", duree="Un an.[^3]", sources=sources)
    propositions.accepter(
        une, par=moderatrice(), depot=1, sur=1, retenues={"section-duree"}, motif="inexact", explication="Prix faux.",
        ajustements={"section-duree": "Un an, dit le bilan.[^3]"},
    )  # fmt: skip
    assert relu(fiche).contenu["sections"]["duree"] == "Un an, dit le bilan.[^3]"
    assert [source["titre"] for source in relu(fiche).contenu["sources"]] == ["Rapport d’essai", "Bilan"]


def test_la_fiche_a_bouge_ailleurs_la_proposition_s_y_ajoute(fiche):
    une = proposition(fiche, cout="Vingt.")
    publier(fiche, sections={**fiche.contenu["sections"], "duree": "Un an."})
    propositions.accepter(une, par=moderatrice(), depot=1)
    assert relu(fiche).contenu["sections"] == {
        "description": "Une démarche.[^1]", "cout": "Vingt.", "duree": "Un an."
    }  # fmt: skip


def test_un_conflit_doit_etre_tranche(fiche):
    une = proposition(fiche, cout="Vingt euros.")
    publier(fiche, sections={**fiche.contenu["sections"], "cout": "Quinze euros."})
    with pytest.raises(ConflitATrancher) as arret:
        propositions.accepter(une, par=moderatrice(), depot=1)
    assert arret.value.conflits == ["section-cout"]
    propositions.accepter(une, par=moderatrice(), depot=1, sur=2, ajustements={"section-cout": "De quinze à vingt."})
    assert relu(fiche).contenu["sections"]["cout"] == "De quinze à vingt."


def test_un_ajustement_ecrit_sur_une_version_depassee_est_a_relire(fiche):
    une = proposition(fiche, cout="Vingt.")
    publier(fiche, titre="Autre titre")
    with pytest.raises(TexteModifie, match="version 2"):
        propositions.accepter(une, par=moderatrice(), depot=1, sur=1, ajustements={"section-cout": "Vingt euros."})


def test_on_ne_decide_pas_d_un_texte_que_son_auteur_vient_de_changer(fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.deposer(une, base=derniere(fiche), changements={"section-cout": "Trente."}, pourquoi="Mieux")
    with pytest.raises(TexteModifie):
        propositions.accepter(une, par=moderatrice(), depot=1)


def test_un_resultat_invalide_n_est_pas_publie(fiche):
    une = proposition(fiche, cout="Selon une source absente.[^7]")
    with pytest.raises(ContenuRefuse, match="source qui n’existe pas : 7"):
        propositions.accepter(une, par=moderatrice(), depot=1)
    assert relu(fiche).numero == 1 and relu(une).statut == Statut.SOUMISE


def test_on_n_accepte_rien_sur_une_fiche_retiree(fiche):
    une = proposition(fiche, cout="Vingt.")
    retraits.retirer(fiche, par=moderatrice(), motif="doublon", explication="Elle en répète une autre.")
    with pytest.raises(DejaDecidee, match="écartée par Moderatrice"):
        propositions.accepter(une, par=moderatrice(), depot=1)
    assert relu(une).motif == "doublon" and relu(une).explication.endswith("Elle en répète une autre.")
    assert relu(fiche).numero == 1


def test_ce_que_qui_retire_a_ecrit_attend_sur_la_fiche_retiree_sans_s_accepter(fiche):
    une = proposition(fiche, cout="Vingt.", auteur=moderatrice())
    retraits.retirer(fiche, par=moderatrice(), motif="doublon", explication="Elle en répète une autre.")
    with pytest.raises(Empechement, match="retirée"):
        propositions.accepter(une, par=moderateur(), depot=1)
    assert relu(une).statut == Statut.SOUMISE


def test_on_ne_rouvre_rien_sur_une_fiche_reunie_a_une_autre(fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Faux.")
    autre = fiche_dispositif(slug="autre", titre="L’autre fiche")
    retraits.fusionner(fiche, dans=autre, par=moderatrice(), explication="La même.")
    with pytest.raises(Empechement, match="L’autre fiche"):
        propositions.rouvrir(relu(une), par=moderateur())
    assert relu(une).statut == Statut.ECARTEE


def test_une_absence_ne_se_corrige_pas_mais_se_retire(fiche):
    une = absence(fiche, territoire(), auteur=personne())
    assert not une.modifiable
    with pytest.raises(Empechement, match="absence"):
        propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Dites où.")
    propositions.prendre(une, par=moderatrice())
    assert not relu(une).reprenable
    assert propositions.retirer(une).statut == Statut.RETIREE


def test_une_reponse_envoyee_avec_d_autres_recoit_son_lien_si_l_adresse_vient_apres(fiche):
    meneuse, suivante = (Proposition(fiche_id=fiche.pk, nature=fiche.nature, titre=fiche.titre) for _ in range(2))
    remise = {"base": derniere(fiche), "changements": {"section-cout": "Vingt."}, "pourquoi": "Le prix a changé"}
    propositions.deposer_ensemble(meneuse, [(meneuse, remise), (suivante, remise)])
    propositions.deposer(relu(suivante), **remise, signature={"courriel": "plus-tard@exemple.fr"})
    assert relu(suivante).statut == Statut.A_CONFIRMER
    assert [c.destinataire for c in Courriel.objects.all()] == ["plus-tard@exemple.fr"]


def test_ecarter_demande_un_motif_et_une_phrase(fiche):
    une = proposition(fiche, cout="Vingt.")
    with pytest.raises(Empechement, match="motif"):
        propositions.ecarter(une, par=moderatrice(), depot=1, motif="", explication="Non.")
    with pytest.raises(Empechement, match="phrase"):
        propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication=" ")
    ecartee = propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Faux.")
    assert ecartee.statut == Statut.ECARTEE


def test_la_base_refuse_un_refus_sans_raison(fiche):
    une = proposition(fiche, cout="Vingt.")
    with pytest.raises(IntegrityError, match="proposition_refus_motive"), transaction.atomic():
        Proposition.objects.filter(pk=une.pk).update(
            statut=Statut.ECARTEE, decidee_par=moderatrice(), decidee_le=timezone.now(), close_le=timezone.now()
        )


def test_demander_des_corrections_rend_le_texte_avec_des_remarques(fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.demander_corrections(
        une, par=moderatrice(), depot=1, explication="Quelle année ?", remarques={"section-cout": "L’année ?"}
    )
    assert relu(une).statut == Statut.CORRECTIONS_DEMANDEES
    assert [(m.unite, m.texte) for m in une.messages.all()] == [("", "Quelle année ?"), ("section-cout", "L’année ?")]
    propositions.deposer(une, base=derniere(fiche), changements={"section-cout": "Vingt en 2024."}, pourquoi="Année")
    assert relu(une).statut == Statut.SOUMISE


def test_on_ne_decide_pas_de_sa_propre_proposition(fiche):
    une = proposition(fiche, auteur=moderatrice(), cout="Vingt.")
    with pytest.raises(PermissionDenied):
        propositions.accepter(une, par=moderatrice(), depot=1)
    with pytest.raises(IntegrityError, match="pas_decidee_par_son_auteur"), transaction.atomic():
        Proposition.objects.filter(pk=une.pk).update(decidee_par=moderatrice())


def test_ni_de_celle_envoyee_de_son_adresse_sans_compte(fiche):
    une = proposition(fiche, courriel="moderatrice@ville.example", cout="Vingt.")
    with pytest.raises(PermissionDenied):
        propositions.accepter(une, par=moderatrice(), depot=1)


def test_le_second_qui_decide_apprend_qui_quand_et_quoi(fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.accepter(une, par=moderatrice(), depot=1)
    with pytest.raises(DejaDecidee, match=r"acceptée par Moderatrice le \d\d/\d\d/\d{4} à \d\d:\d\d"):
        propositions.ecarter(une, par=moderateur(), depot=1, motif="inexact", explication="Non.")


# A new fiche


def test_une_nouvelle_fiche_acceptee_est_publiee_a_son_adresse():
    contenu = valider(
        "dispositif", titre="L’œuvre d’Épernay", resume="R", categorie="demarche",
        sections={"description": "D.[^1]"}, sources=[{"titre": "A"}],
    )  # fmt: skip
    une = nouvelle_fiche(contenu)
    version = propositions.accepter(une, par=moderatrice(), depot=1)
    fiche = Dispositif.objects.get(slug="l-oeuvre-d-epernay")
    assert (fiche.contenu, version.numero, relu(une).fiche_id) == (contenu, 1, fiche.pk)


def test_deux_fiches_de_meme_titre_ont_deux_adresses(fiche):
    contenu = {**fiche.contenu, "titre": "asv"}
    propositions.accepter(nouvelle_fiche(contenu), par=moderatrice(), depot=1)
    assert Dispositif.objects.filter(slug="asv-2").exists()


# The journal


def test_chaque_verbe_laisse_une_ligne(fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.prendre(une, par=moderatrice())
    propositions.accepter(une, par=moderatrice(), depot=1)
    lignes = (
        Journal.objects.filter(proposition=une).order_by("pk").values_list("verbe", "de", "vers", "qui__nom_affiche")
    )
    assert list(lignes) == [
        ("deposer", "brouillon", "a_confirmer", None),
        ("confirmer", "a_confirmer", "soumise", None),
        ("prendre", "soumise", "en_examen", "Moderatrice"),
        ("accepter", "en_examen", "acceptee", "Moderatrice"),
    ]


def test_le_journal_ne_se_recrit_pas(fiche):
    proposition(fiche, cout="Vingt.")
    for geste in (lambda: Journal.objects.update(verbe="rien"), lambda: Journal.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()


def test_une_decision_refusee_ne_laisse_rien(fiche):
    une = proposition(fiche, cout="Sans source.[^9]")
    avant = Journal.objects.count()
    with pytest.raises(ContenuRefuse):
        propositions.accepter(une, par=moderatrice(), depot=1)
    assert (Journal.objects.count(), Version.objects.count()) == (avant, 1)
