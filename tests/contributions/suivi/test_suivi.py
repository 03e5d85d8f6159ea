"""The follow-up pages, over HTTP: whoever has the link needs no account, and sees only what is theirs."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from contributions import delais
from contributions.models import Proposition, Recours
from contributions.verbes import echanges, propositions, recours
from courriels.models import Courriel
from tests.contributions.recits import derniere, nouvelle_fiche, proposition, signalement
from tests.contributions.suivi.lecture import etapes, lire, poster
from tests.factories import moderateur, moderatrice, publier, relu

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut


# Secret pages


@pytest.mark.parametrize("genre", ["proposition", "signalement", "inconnu"])
def test_la_page_n_est_ni_gardee_ni_indexee_ni_racontee(client, fiche, une, genre):
    adresse = {"proposition": une, "signalement": signalement(fiche)}.get(genre)
    reponse = client.get(adresse.get_absolute_url() if adresse else "/suivi/inconnu/")
    assert "no-store" in reponse["Cache-Control"] and "private" in reponse["Cache-Control"]
    assert reponse["X-Robots-Tag"] == "noindex, nofollow"
    assert reponse["Referrer-Policy"] == "strict-origin"  # the address of the page never leaves it


def test_un_lien_inconnu_dit_comment_le_retrouver(client):
    reponse = client.get("/suivi/inconnu/")
    assert reponse.status_code == 404 and "Cherchez «&nbsp;Santé en territoires&nbsp;»" in reponse.text
    assert client.post("/suivi/inconnu/", {"verbe": "retirer"}).status_code == 404


def test_un_bouton_inconnu_a_une_reponse_claire(client, une):
    for verbe in ("", "accepter", "__class__"):
        reponse = poster(client, une, verbe)
        assert reponse.status_code == 400 and "Ce bouton n’existe pas" in reponse.text


def test_lire_ne_change_rien(client, fiche, courriels):
    """The machines that look into e-mails GET every link: an address is confirmed by a button."""
    une = Proposition.objects.create(fiche_id=fiche.pk, nature="dispositif", titre="A", courriel="v@exemple.fr")
    propositions.deposer(une, base=derniere(fiche), changements={"section-cout": "Vingt."}, pourquoi="Prix")
    lien = re.search(r"http://testserver(/suivi/\S+)", courriels.pour("v@exemple.fr")[-1].corps)[1]
    assert "Confirmer mon adresse" in client.get(lien).text and relu(une).statut == Statut.A_CONFIRMER
    cle_recue = lien.partition("confirmer=")[2]
    assert poster(client, une, "confirmer", cle=cle_recue).status_code == 303 and relu(une).statut == Statut.SOUMISE
    assert poster(client, une, "confirmer", cle=cle_recue).status_code == 303
    assert "Adresse confirmée" in etapes(lire(client, une))


def test_qui_ne_lit_pas_les_courriels_d_une_adresse_ne_la_confirme_pas(client, fiche):
    """Whoever sends a proposition holds its link: the key of the e-mail is another one."""
    une = Proposition.objects.create(fiche_id=fiche.pk, nature="dispositif", titre="A", courriel="autre@exemple.fr")
    propositions.deposer(une, base=derniere(fiche), changements={"section-cout": "Vingt."}, pourquoi="Prix")
    page = lire(client, une)
    assert "Ouvrez le courriel" in page and "Confirmer mon adresse" not in page
    Proposition.objects.filter(pk=une.pk).update(courriel="mienne@exemple.fr")
    ancienne = relu(une).cle_de_confirmation
    Proposition.objects.filter(pk=une.pk).update(courriel="autre@exemple.fr")
    for donnee in ("", "x", ancienne, "é" * 50):
        assert poster(client, une, "confirmer", cle=donnee).status_code == 403
    assert relu(une).statut == Statut.A_CONFIRMER


def test_la_page_d_une_proposition_coute_un_nombre_constant_de_requetes(
    client, fiche, une, django_assert_max_num_queries
):
    for n in range(8):
        echanges.ecrire(une, texte=f"Message {n}.")
    propositions.demander_corrections(
        une,
        par=moderatrice(),
        depot=1,
        explication="Page ?",
        remarques={"section-cout": "Ici.", "section-duree": "Là."},
    )
    publier(fiche, titre="Autre")
    with django_assert_max_num_queries(16):
        client.get(une.get_absolute_url())


# Where it is


def test_la_frise_raconte_le_journal(client, une):
    assert re.search("Déposée .* Adresse confirmée .* Prise en charge Décision", etapes(lire(client, une)))
    propositions.prendre(une, par=moderatrice())
    propositions.rendre(une, par=moderatrice())
    propositions.prendre(une, par=moderateur())
    assert etapes(lire(client, une)).count("Prise en charge") == 1
    propositions.demander_corrections(une, par=moderateur(), depot=1, explication="Page ?")
    assert re.search("Prise en charge .* Corrections demandées .* Décision", etapes(lire(client, une)))
    propositions.deposer(une, base=derniere(une.fiche), changements={"section-cout": "Vingt, p. 3."}, pourquoi="Page")
    assert re.search("Corrections demandées .* Renvoyée .* Prise en charge Décision", etapes(lire(client, une)))
    propositions.accepter(une, par=moderateur(), depot=2)
    assert etapes(lire(client, une)).strip().split(" Ce que")[0].count("Acceptée") == 1


def test_aucun_nom_de_moderateur_n_est_dit(client, une):
    propositions.prendre(une, par=moderatrice())
    echanges.repondre(une, par=moderatrice(), texte="Merci.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    texte = lire(client, une)
    assert "L’équipe de modération" in texte and "Moderatrice" not in texte


def test_elle_dit_combien_attendent_avant(client, fiche):
    premiere, deuxieme, troisieme = (proposition(fiche, cout=f"{n}.") for n in range(3))
    assert "Propositions devant la vôtre 0 c’est la prochaine" in lire(client, premiere)
    propositions.prendre(deuxieme, par=moderatrice())
    assert "2 propositions devant la vôtre" in lire(client, troisieme)
    propositions.ecarter(premiere, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    assert "1 proposition devant la vôtre" in lire(client, troisieme)


def test_le_delai_est_la_mediane_des_decisions_des_90_derniers_jours(client, fiche):
    assert delais.observes()["proposition"].median is None
    une = proposition(fiche, cout="0.")
    assert "Aucune décision ces 90 derniers jours : nous ne savons pas le dire." in lire(client, une)
    maintenant = timezone.now()
    for attente, decidee in ((1, 5), (3, 5), (50, 5), (200, 100)):  # days; the last one is too old to count
        autre = proposition(fiche, cout=f"{attente}.")
        propositions.ecarter(autre, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
        le = maintenant - timedelta(days=decidee)
        Proposition.objects.filter(pk=autre.pk).update(decidee_le=le, deposee_le=le - timedelta(days=attente))
    assert delais.observes()["proposition"].median == timedelta(days=3)
    assert "Délai médian d’une décision 3 jours 90 derniers jours" in lire(client, une)


@pytest.mark.parametrize(
    "duree,mots",
    [
        (timedelta(minutes=5), "moins d’une heure"), (timedelta(hours=1), "1 heure"), (timedelta(hours=5), "5 heures"),
        (timedelta(hours=23.7), "1 jour"), (timedelta(days=3, hours=2), "3 jours"), (timedelta(0), "moins d’une heure"),
        (timedelta(days=2, hours=20), "3 jours"), (timedelta(minutes=20), "moins d’une heure"),
    ],
)  # fmt: skip
def test_une_duree_se_dit_en_mots(duree, mots):
    assert delais.en_mots(duree).replace("\xa0", " ") == mots


def test_elle_montre_ce_qui_est_propose_avec_les_remarques_a_cote(client, une):
    propositions.demander_corrections(
        une, par=moderatrice(), depot=1, explication="Page ?", remarques={"section-cout": "L’année ?"}
    )
    texte = lire(client, une)
    assert (
        re.search("Coût .*supprimé : Dix.*ajouté : Vingt.*Remarque. L’année", texte) and texte.count("L’année ?") == 1
    )
    assert f'href="/suivi/{une.jeton}/modifier/"' in client.get(une.get_absolute_url()).text


def test_les_remarques_d_un_ancien_depot_restent_dans_le_fil(client, une):
    propositions.demander_corrections(
        une, par=moderatrice(), depot=1, explication="Page ?", remarques={"section-cout": "L’année ?"}
    )
    propositions.deposer(
        une, base=derniere(une.fiche), changements={"section-cout": "Vingt en 2024."}, pourquoi="Année"
    )
    texte = lire(client, une)
    assert "Remarque." not in texte and "Coût. L’année ?" in texte


def test_une_nouvelle_fiche_se_reprend_a_son_adresse(client, fiche):
    une = nouvelle_fiche({**fiche.contenu, "titre": "Autre"})
    page = client.get(une.get_absolute_url()).text
    assert f"/suivi/{une.jeton}/modifier/" in page and "une nouvelle fiche" in page


def test_un_brouillon_se_reprend(client, fiche):
    brouillon = Proposition.objects.create(fiche_id=fiche.pk, nature="dispositif", titre="A", base=derniere(fiche))
    assert "Reprendre mon brouillon" in lire(client, brouillon)


def test_la_fiche_a_bouge_au_meme_endroit_ou_ailleurs(client, fiche, une):
    publier(fiche, titre="Autre titre")
    assert "version 2 depuis votre dépôt, ailleurs que là où vous écrivez" in lire(client, une)
    publier(fiche, sections={**fiche.contenu["sections"], "cout": "Quinze euros."})
    assert "version 3 depuis votre dépôt, en touchant comme vous à « Coût »" in lire(client, une)
    assert "/dispositifs/asv/comparer/?de=1&amp;a=3" in client.get(une.get_absolute_url()).text


# The decision


def test_la_decision_vient_d_abord_avec_ce_qui_est_garde_ajuste_laisse(client, fiche):
    une = proposition(fiche, cout="Vingt euros.", duree="Un an.", resume="Mieux dit.")
    propositions.accepter(
        une, par=moderatrice(), depot=1, sur=1, retenues={"section-cout", "resume"},
        ajustements={"section-cout": "Vingt-deux euros."}, motif="source_insuffisante",
        explication="D’où vient la durée ?",
    )  # fmt: skip
    texte = lire(client, une)
    assert texte.index("La décision : acceptée en partie") < texte.index("Où elle en est")
    for attendu in (
        "Publié tel quel Résumé", "Publié, ajusté par la modération Coût", "Pas publié Durée",
        "Motif Source absente ou insuffisante", "D’où vient la durée ?", "Votre texte et le texte publié",
    ):  # fmt: skip
        assert attendu in texte
    assert re.search("Votre texte .*Vingt.* Texte publié .*Vingt-deux", texte)


def test_un_texte_publie_tel_quel_ne_montre_pas_d_ecart_meme_si_les_sources_ont_bouge(client, fiche):
    source = fiche.contenu["sources"][0]
    une = proposition(fiche, cout="Vingt.[^2]", sources=[source, {**source, "titre": "Bilan"}])
    publier(fiche, sources=[source, {**source, "titre": "Autre rapport"}])
    propositions.accepter(une, par=moderatrice(), depot=1)
    assert relu(fiche).contenu["sections"]["cout"] == "Vingt.[^3]"
    assert "Coût" not in lire(client, une).split("Votre texte et le texte publié")[-1].split("Où elle en est")[0]


def test_un_refus_se_conteste_jusqu_a_sa_date(client, une):
    with time_machine.travel("2026-11-20 09:12+01:00"):
        propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
        assert "Jusqu’au 22 mai 2027" in lire(client, une)
        assert poster(client, une, "contester", contestation=" ").status_code == 422
        for _ in range(2):  # a double click
            assert poster(client, une, "contester", contestation="Si, page 3.").status_code == 303
        assert Recours.objects.get().texte == "Si, page 3." and "Contester" not in lire(client, une)
        tard = poster(client, une, "contester", contestation="Autre raison.")
        assert tard.status_code == 409 and "Autre raison." in tard.text


def test_apres_six_mois_on_ne_conteste_plus_et_le_texte_tape_est_rendu(client, une):
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    with time_machine.travel(timezone.now() + timedelta(days=184)):
        assert "Contester" not in lire(client, une)
        assert poster(client, une, "contester", contestation="Si.").status_code == 409


def test_la_suite_d_un_recours_est_dite(client, une):
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    recours.infirmer(recours.contester(relu(une), texte="Si."), par=moderateur(), explication="La source le dit.")
    texte = etapes(lire(client, une))
    assert re.search("Écartée .* Décision contestée .* Décision infirmée .* « La source le dit. »", texte)
    assert "Examen rouvert" in texte and "La décision" not in lire(client, une)


def test_une_adresse_qui_refuse_se_dit_sur_la_page(client, fiche, courriels):
    une = proposition(fiche, cout="Vingt euros.")
    assert "ne vous parviennent pas" not in lire(client, une)
    Courriel.objects.filter(destinataire=une.courriel).update(refuse_le=timezone.now(), envoye_le=None)
    assert "Nos courriels ne vous parviennent pas" in lire(client, une)
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    Courriel.objects.filter(refuse_le=None).update(envoye_le=timezone.now(), tentatives=1)
    assert "ne vous parviennent pas" not in lire(client, une)
