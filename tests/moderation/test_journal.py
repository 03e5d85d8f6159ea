"""The journal and the figures made of it."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from contributions.models import Journal, Proposition
from contributions.models.journal import VERBES
from contributions.verbes import credits, propositions, recours, retraits, signalements
from moderation.transparence import Tableau, lignes_mensuelles
from tests.balisage import texte
from tests.contributions.recits import derniere, proposition, signalement
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", titre="=Atelier", sections={"description": "D.[^1]", "cout": "Dix."})


def refuser(une: Proposition, motif: str = "inexact") -> Proposition:
    return propositions.ecarter(une, par=moderatrice(), depot=1, motif=motif, explication="Parce que.")


def lire(reponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))


# The journal


def test_le_journal_est_ferme_aux_autres(client):
    client.force_login(personne())
    assert client.get("/moderation/journal/").status_code == 403


def test_le_journal_dit_tout_dans_l_ordre(poste, fiche):
    refuser(proposition(fiche, cout="Vingt."))
    retraits.masquer(fiche, par=moderateur(), motif="inexact", explication="À revoir.")
    page = poste.get("/moderation/journal/").text
    for mots in ("Proposition écartée par Moderatrice", "Fiche masquée par Moderateur", "4 lignes"):
        assert mots in page


def test_le_journal_se_filtre(poste, fiche):
    une = refuser(proposition(fiche, cout="Vingt."))
    retraits.masquer(fiche, par=moderateur(), motif="inexact", explication="À revoir.")

    def nombre(requete: str) -> str:
        page = poste.get(f"/moderation/journal/?{requete}")
        assert page.status_code == 200
        return page.text.partition('<h2 id="t-lignes">')[2].partition("</h2>")[0]

    demain = timezone.localdate() + timedelta(days=1)
    assert nombre("verbe=ecarter") == "1 ligne"
    assert nombre(f"qui={moderateur().pk}") == "1 ligne"
    assert nombre(f"objet=proposition&numero={une.pk}") == "3 lignes"
    assert nombre(f"du={demain}") == "0 ligne"
    assert nombre(f"au={timezone.localdate()}") == "4 lignes"
    assert nombre("du=0001-01-01&au=9999-12-31") == "4 lignes"


@pytest.mark.parametrize("requete", ["verbe=rien", "du=hier", "numero=0", "numero=99999999999999999999", "qui=x"])
def test_un_filtre_faux_est_dit(poste, requete):
    assert poste.get(f"/moderation/journal/?{requete}").status_code == 400


def test_l_export_ne_contient_ni_formule_ni_adresse(poste, fiche):
    refuser(proposition(fiche, cout="Vingt."))
    tableau = poste.get("/moderation/journal/?format=csv")
    lignes = lire(tableau)
    assert len(lignes) == 4 and lignes[1][5] == "'=Atelier" and "@" not in tableau.text


def test_le_journal_est_page_et_coute_peu(poste, fiche, django_assert_max_num_queries):
    for n in range(40):
        proposition(fiche, courriel=f"a{n}@exemple.fr", cout=f"{n}.")
    with django_assert_max_num_queries(8):
        page = poste.get("/moderation/journal/?page=2")
    assert "Page 2 sur 2" in page.text


def test_chaque_verbe_ecrit_au_journal_a_ses_mots(poste, fiche):
    une = refuser(proposition(fiche, cout="Vingt."))
    recours.infirmer(recours.contester(une, texte="Si."), par=moderateur(), explication="En effet.")
    propositions.rendre(propositions.prendre(une, par=moderatrice()), par=moderatrice())
    propositions.accepter(une, par=moderatrice(), depot=1)
    premiere = derniere(fiche)
    retraits.restaurer(
        type(fiche).objects.get(pk=fiche.pk), version=premiere, par=moderatrice(), pourquoi="c’était juste"
    )
    retraits.relire(fiche, par=moderatrice())
    signalements.classer(signalement(fiche).dossier, par=moderatrice(), motif="autre", explication="Non.")
    credits.changer(une, credit="anonyme", credit_nom="Claude")
    assert {ligne.verbe for ligne in Journal.objects.all()} <= set(VERBES)
    assert poste.get("/moderation/journal/").status_code == 200


# The figures


def test_la_page_est_publique_et_sans_cookie(client, fiche):
    proposition(fiche, cout="Vingt.")
    page = client.get("/transparence/")
    assert page.status_code == 200 and not page.cookies and "<strong>1</strong> en attente" in page.text


def test_les_issues_se_comptent_avec_leurs_motifs(fiche):
    refuser(proposition(fiche, cout="Vingt."))
    refuser(proposition(fiche, cout="Trente."), "promotionnel")
    propositions.accepter(proposition(fiche, cout="Onze."), par=moderatrice(), depot=1)
    une = proposition(type(fiche).objects.get(pk=fiche.pk), cout="Douze")
    propositions.accepter(une, par=moderatrice(), depot=1, sur=2, ajustements={"section-cout": "Douze."})
    une = proposition(type(fiche).objects.get(pk=fiche.pk), cout="Treize.", duree="Un an.")
    propositions.accepter(
        une, par=moderatrice(), depot=1, retenues={"section-duree"}, motif="inexact", explication="Faux."
    )
    issues = {libelle: (n, dict(motifs)) for libelle, n, motifs in Tableau().propositions}
    assert issues == {
        "acceptée telle quelle": (1, {}),
        "acceptée avec des ajustements": (1, {}),
        "acceptée en partie": (1, {"Information inexacte": 1}),
        "publiée par une personne habilitée": (0, {}),
        "corrections demandées": (0, {}),
        "écartée": (2, {"Information inexacte": 1, "Contenu promotionnel": 1}),
    }


def test_les_recours_et_les_decisions_infirmees_se_comptent(fiche):
    for verbe in (recours.confirmer, recours.infirmer):
        une = refuser(proposition(fiche, cout="Vingt."))
        verbe(recours.contester(une, texte="Si."), par=moderateur(), explication="Voici.")
    assert [(libelle, n) for libelle, n, _ in Tableau().recours] == [
        ("décision maintenue", 1),
        ("décision infirmée", 1),
        ("masquage ou retrait maintenu", 0),
        ("fiche rétablie", 0),
    ]


def test_une_adresse_confirmee_n_est_pas_une_decision_maintenue(fiche):
    proposition(fiche, cout="Vingt.")
    assert [n for _, n, _ in Tableau().recours] == [0, 0, 0, 0]


def test_le_delai_median_et_la_part_dans_la_cible(fiche):
    for jours in (2, 4, 12):
        une = proposition(fiche, cout=f"{jours}.")
        Proposition.objects.filter(pk=une.pk).update(deposee_le=timezone.now() - timedelta(days=jours, minutes=5))
        refuser(une)
    delai = Tableau().delais["proposition"]
    assert (delai.nombre, delai.en_mots.replace("\xa0", " "), delai.part) == (3, "4 jours", 67)


def test_le_delai_public_est_celui_de_la_page_de_suivi(client, fiche):
    une, autre = (proposition(fiche, cout=f"{n}.") for n in range(2))
    deposee_le = timezone.now() - timedelta(days=2, hours=20)
    Proposition.objects.filter(pk=une.pk).update(deposee_le=deposee_le)
    propositions.demander_corrections(
        autre, par=moderatrice(), depot=1, explication="Page ?"
    )  # waits still: no decision
    refuser(une)
    publique, suivi = (client.get(page).text for page in ("/transparence/", autre.get_absolute_url()))
    assert "Une décision sur deux vient en <strong>3\xa0jours</strong>" in publique
    assert "<dd>3\xa0jours <small" in suivi


@pytest.mark.parametrize(
    "attente, dite", [({"minutes": 5}, "vient en moins d’une heure ;"), ({"hours": 5}, "vient en 5 heures ou moins ;")]
)
def test_le_delai_public_se_dit_en_francais(client, fiche, attente, dite):
    une = proposition(fiche, cout="Vingt.")
    Proposition.objects.filter(pk=une.pk).update(deposee_le=timezone.now() - timedelta(**attente))
    refuser(une)
    assert dite in texte(client.get("/transparence/").text)


def test_une_demande_de_corrections_est_une_reponse_et_pas_une_decision(client, fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Page ?")
    refuser(proposition(fiche, cout="Trente."))
    page = texte(client.get("/transparence/").text)
    assert "(1 décision, 90 derniers jours)" in page and "Réponses des douze derniers mois." in page
    assert "Une même proposition peut en recevoir plusieurs : des corrections demandées, puis une décision." in page


def test_un_signalement_urgent_a_sa_propre_cible(fiche):
    for categorie in ("illicite", "erreur"):
        dossier = signalement(fiche, categorie=categorie).dossier
        type(dossier).objects.filter(pk=dossier.pk).update(ouvert_le=timezone.now() - timedelta(days=2))
        signalements.classer(dossier, par=moderatrice(), motif="autre", explication="Non.")
    assert Tableau().delais["signalement"].part == 50


def test_les_publications_directes_se_comptent(fiche):
    premiere = derniere(fiche)
    retraits.restaurer(publier(fiche, titre="Autre"), version=premiere, par=moderatrice(), pourquoi="c’était juste")
    assert Tableau().directes == 1


def test_la_page_coute_peu(client, fiche, django_assert_max_num_queries):
    for n in range(6):
        refuser(proposition(fiche, cout=f"{n}."))
    with django_assert_max_num_queries(7):
        client.get("/transparence/")


def test_le_tableau_mensuel_regroupe_les_petits_nombres(client, fiche):
    for n in range(6):
        refuser(proposition(fiche, courriel=f"a{n}@exemple.fr", cout=f"{n}."))
    for n in range(2):
        refuser(proposition(fiche, cout=f"2{n}."), "promotionnel")
    mois = f"{timezone.localdate():%Y-%m}"
    assert lire(client.get("/transparence/?format=csv"))[1:] == [
        [mois, "proposition", "écartée", "Information inexacte", "6", "0,0"],
        [mois, "proposition", "autres issues, regroupées", "", "moins de 5", ""],
    ]


def test_plusieurs_petits_nombres_se_disent_ensemble(fiche):
    for motif in ("promotionnel", "doublon", "droits"):
        for n in range(2):
            refuser(proposition(fiche, cout=f"{motif} {n}."), motif)
    assert list(lignes_mensuelles())[1][2:5] == ["autres issues, regroupées", "", 6]


def test_le_tableau_ne_nomme_personne(client, fiche):
    for n in range(6):
        refuser(proposition(fiche, courriel=f"a{n}@exemple.fr", cout=f"{n}."))
    tableau = client.get("/transparence/?format=csv").text
    assert "Moderatrice" not in tableau and "@" not in tableau


def test_la_base_refuse_de_recrire_le_journal(fiche):
    proposition(fiche, cout="Vingt.")
    with connection.cursor() as curseur, pytest.raises(Exception, match="contributions_journal|immuable|refus|modif"):
        curseur.execute("UPDATE contributions_journal SET verbe = 'rien'")
