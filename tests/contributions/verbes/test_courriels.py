"""The e-mails as they are read: one for each decision, with all of it."""

from textwrap import dedent

import pytest
import time_machine

from contributions.models import Proposition
from contributions.verbes import echanges, propositions, recours, signalements
from tests.contributions.recits import derniere, proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne

pytestmark = pytest.mark.django_db
ADRESSE = "visiteuse@exemple.fr"


@pytest.fixture(autouse=True)
def _en_novembre():
    with time_machine.travel("2026-11-20 09:12+01:00", tick=False):
        yield


@pytest.fixture
def fiche():
    return fiche_dispositif(
        slug="asv", titre="Atelier santé ville", sections={"description": "Une démarche.[^1]", "cout": "Dix euros."}
    )


@pytest.fixture
def une(fiche):
    creee = proposition(fiche, cout="Vingt.", duree="Un an.", resume="Mieux dit.")
    Proposition.objects.filter(pk=creee.pk).update(credit="nom", credit_nom="Association Repères santé")
    return Proposition.objects.get(pk=creee.pk)


def a_plat(courriel) -> str:
    """The text without its folded lines, to look for a sentence in it."""
    return " ".join(courriel.corps.split()).replace("\xa0", " ")


def dernier(courriels, adresse: str = ADRESSE):
    return courriels.pour(adresse)[-1]


def test_la_decision_en_partie_dit_tout(une, courriels):
    avant = len(courriels)
    propositions.accepter(
        une, par=moderatrice(), depot=1, sur=1, retenues={"section-duree", "resume"},
        ajustements={"resume": "Encore mieux dit."}, motif="promotionnel",
        explication="Le lien mène à une page de présentation.",
    )  # fmt: skip
    assert len(courriels) == avant + 1
    une.refresh_from_db()
    assert dernier(courriels).objet == (
        f"Votre proposition n° {une.pk} sur « Atelier santé ville » est acceptée en partie"
    )
    assert dernier(courriels).corps.replace("\xa0", " ") == dedent(f"""\
        Bonjour,

        Merci pour votre proposition du 20 novembre 2026 : « Précise ce point ».

        Elle est acceptée en partie. La version 2 de la fiche est en ligne :
        http://testserver/dispositifs/asv/

        CE QUI EST PUBLIÉ
        - Durée : tel quel.
        - Résumé : ajusté par la personne qui a relu.

        CE QUI N’EST PAS PUBLIÉ
        - Coût.

        Motif : contenu promotionnel.

        > Le lien mène à une page de présentation.

        Votre texte et le texte publié, avec nos échanges :
        http://testserver{une.get_absolute_url()}

        Vous n’êtes pas d’accord ? Depuis cette page, vous pouvez contester la
        décision jusqu’au 22 mai 2027. Une autre personne la réexaminera.

        La fiche vous crédite ainsi : Association Repères santé. La même page permet
        de changer ou de retirer cette mention.

        L’équipe de Santé en territoires
        http://testserver/

        --
        Ce lien est personnel, ne le transférez pas. Votre adresse ne sert qu’à
        cette contribution ; elle sera effacée six mois après sa clôture.
        """)


def test_une_acceptation_ne_parle_pas_de_refus(une, courriels):
    propositions.accepter(une, par=moderatrice(), depot=1)
    texte = a_plat(dernier(courriels))
    assert "Elle est acceptée. La version 2" in texte and "contester" not in texte and "Motif" not in texte


def test_un_refus_dit_le_motif_l_explication_et_jusqu_a_quand_contester(une, courriels):
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Le bilan dit autre chose.")
    texte = a_plat(dernier(courriels))
    for attendu in (
        "Elle est écartée : rien n’en est publié.",
        "Motif : information inexacte.",
        "Le bilan dit autre chose.",
        "contester la décision jusqu’au 22 mai 2027",
    ):
        assert attendu in texte
    assert "crédite" not in texte


def test_les_corrections_disent_quoi_ou_et_jusqu_a_quand(une, courriels):
    propositions.demander_corrections(
        une, par=moderatrice(), depot=1, explication="Il manque la page.", remarques={"section-cout": "Quelle page ?"}
    )
    texte = a_plat(dernier(courriels))
    assert "> Il manque la page. SECTION PAR SECTION - Coût : Quelle page ?" in texte
    assert "Sans réponse le 20 janvier 2027, elle sera rangée, jamais effacée." in texte


def test_chaque_etape_d_une_proposition_ecrit_un_courriel_et_un_seul(fiche, courriels):
    une = Proposition.objects.create(
        fiche_id=fiche.pk, nature="dispositif", titre=fiche.titre, base=derniere(fiche), courriel=ADRESSE
    )

    def remettre(texte: str):
        propositions.deposer(une, base=derniere(fiche), changements={"section-cout": texte}, pourquoi="Prix")

    gestes = [
        (lambda: remettre("Vingt."), "Confirmez votre adresse"),
        (lambda: propositions.confirmer(une), "est déposée"),
        (lambda: propositions.prendre(une, par=moderatrice()), None),
        (lambda: propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Page ?"), "précision"),
        (lambda: remettre("Vingt, page 3."), "est déposée"),
        (lambda: echanges.repondre(une, par=moderatrice(), texte="Merci."), "Un message"),
        (lambda: echanges.ecrire(une, texte="De rien."), None),
        (lambda: propositions.ecarter(une, par=moderatrice(), depot=2, motif="inexact", explication="Non."), "écartée"),
        (lambda: recours.contester(Proposition.objects.get(), texte="Si."), "est reçu"),
        (lambda: recours.infirmer(une.recours.get(), par=moderateur(), explication="En effet."), "infirmée"),
        (lambda: propositions.accepter(une, par=moderateur(), depot=2), "acceptée"),
    ]
    for geste, objet in gestes:
        avant = len(courriels.pour(ADRESSE))
        geste()
        neufs = courriels.pour(ADRESSE)[avant:]
        assert len(neufs) == (objet is not None)
        assert objet is None or objet in neufs[0].objet


def test_un_compte_ne_lit_pas_que_son_adresse_sera_effacee(fiche, courriels):
    proposition(fiche, auteur=personne(), cout="Vingt.")
    assert "effacée" not in a_plat(dernier(courriels, "contributrice@ville.example"))


def test_le_recu_d_un_signalement_grave_dit_qu_il_passe_avant(fiche, courriels):
    signalement(fiche, categorie="illicite", courriel=ADRESSE)
    assert "(un contenu illicite) est reçu. Il passe avant les autres." in a_plat(dernier(courriels))


@pytest.mark.parametrize(
    "verbe,etat,contestable",
    [
        ("corriger", "corrigé", False),
        ("masquer", "masqué", False),
        ("classer", "sans suite", True),
        ("rattacher", "doublon", True),
    ],
)
def test_la_reponse_a_un_signalement_dit_l_issue_et_le_recours(fiche, courriels, verbe, etat, contestable):
    recu = signalement(fiche, courriel=ADRESSE)
    avant = len(courriels)
    champs = {"rattacher": {"double_de": signalement(fiche, cible="section-cout", courriel="").dossier}}.get(verbe, {})
    motif = {"motif": "inexact"} if verbe in ("masquer", "classer") else {}
    getattr(signalements, verbe)(recu.dossier, par=moderatrice(), explication="Vérifié à la source.", **motif, **champs)
    assert len(courriels) == avant + 1
    texte = a_plat(dernier(courriels))
    assert f"est traité : {etat}." in texte and "> Vérifié à la source." in texte
    assert ("contester jusqu’au 22 mai 2027" in texte) == contestable


def test_ce_qui_est_ecrit_en_plusieurs_lignes_reste_cite(une, courriels):
    echanges.repondre(une, par=moderatrice(), texte="Merci.\nEt la page ?")
    assert "> Merci.\n> Et la page ?\n" in dernier(courriels).corps


def test_changer_un_texte_deja_recu_n_ecrit_pas_un_second_recu(fiche, courriels):
    une = proposition(fiche, cout="Vingt.")
    avant = len(courriels)
    for texte in ("Trente.", "Quarante."):
        propositions.deposer(une, base=derniere(fiche), changements={"section-cout": texte}, pourquoi="Prix")
    propositions.prendre(une, par=moderatrice())
    propositions.deposer(une, base=derniere(fiche), changements={"section-cout": "Cent."}, pourquoi="Prix")
    assert len(courriels) == avant and une.depots.count() == 4


def test_un_titre_entre_guillemets_se_cite_sans_les_doubler(courriels):
    proposition(fiche_dispositif(slug="mental", titre="« Bouge ton mental », à Rouen"), cout="Vingt.")
    assert "sur « “Bouge ton mental”, à Rouen » est déposée" in dernier(courriels).objet
