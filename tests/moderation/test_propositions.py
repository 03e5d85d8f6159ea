"""Examining a proposition and deciding, as a moderator does it in her browser."""

from typing import Any

import pytest

from contributions.models import Journal, Proposition, ReponseType
from contributions.models.examen import RESERVATION
from contributions.verbes import propositions
from fiches.models import Fiche
from tests.balisage import d_une_ligne
from tests.balisage import texte as lu
from tests.contributions.recits import absence, nouvelle_fiche, proposition, signalement
from tests.factories import (
    SOURCE,
    fiche_dispositif,
    fiche_locale,
    masquer,
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


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", titre="Atelier", sections={"description": "D.[^1]", "cout": "Dix euros."})


def saisie(une: Proposition, verbe: str = "accepter", *, confirme: bool = True, **champs: Any) -> dict[str, Any]:
    """What the browser posts: every unit retained, unless said otherwise (`cout="non"`)."""
    depot = une.depot
    donnees = {f"verdict-{cle}": "oui" for cle in depot.changements}
    donnees |= {"depot": depot.numero, "sur": une.base.numero if une.base else 0, "verbe": verbe}
    if confirme:
        donnees["confirme"] = "oui"
    return donnees | {cle.replace("__", "-"): valeur for cle, valeur in champs.items()}


def test_la_page_montre_les_differences_et_ce_qu_on_peut_faire(poste, fiche):
    page = d_une_ligne(poste.get(proposition(fiche, cout="Vingt euros.").adresse_au_poste).text)
    for texte in ("Précise ce point", "Retenir en ajustant", "Je prends", "Écarter", "sur la version 1"):
        assert texte in page


def test_accepter_se_confirme_apres_avoir_vu_l_effet_et_le_courriel(poste, fiche, courriels):
    une = proposition(fiche, cout="Vingt euros.")
    avant = len(courriels)
    page = poste.post(une.adresse_au_poste, saisie(une, confirme=False))
    assert page.status_code == 200 and "La version 2 sera publiée, créditée « Contribution anonyme »" in page.text
    assert f"Votre proposition n° {une.pk}" in page.text and "tel quel" in page.text
    assert relu(une).statut == Statut.SOUMISE and relu(fiche).numero == 1 and len(courriels) == avant
    assert not Journal.objects.filter(verbe="accepter").exists()


def test_le_courriel_montre_est_celui_qui_part(poste, fiche, courriels):
    une = proposition(fiche, cout="Vingt euros.")
    page = poste.post(une.adresse_au_poste, saisie(une, confirme=False)).text
    poste.post(une.adresse_au_poste, saisie(une))
    assert courriels[-1].corps.strip() in page.replace("&#x27;", "'")


def test_les_courriels_a_qui_a_signale_se_comptent_avant_d_accepter(poste, fiche, courriels):
    une = proposition(fiche, cout="Vingt euros.")
    Proposition.objects.update(dossier=signalement(fiche, courriel="temoin@exemple.fr").dossier)
    page = poste.post(une.adresse_au_poste, saisie(une, confirme=False)).text
    avant = len(courriels)
    poste.post(une.adresse_au_poste, saisie(une))
    assert len(courriels) == avant + 2 and "2 courriels partiront. Voici le premier." in page
    assert courriels[avant].corps.strip() in page.replace("&#x27;", "'")


def test_accepter_publie(poste, fiche):
    une = proposition(fiche, cout="Vingt euros.")
    assert poste.post(une.adresse_au_poste, saisie(une)).status_code == 302
    assert relu(une).statut == Statut.ACCEPTEE and relu(fiche).contenu["sections"]["cout"] == "Vingt euros."
    assert "La version 2 est publiée." in poste.get(une.adresse_au_poste).text


def test_accepter_en_partie_demande_un_motif_et_un_message(poste, fiche):
    une = proposition(fiche, cout="Vingt.", duree="Un an.")
    page = poste.post(une.adresse_au_poste, saisie(une, **{"verdict-section-cout": "non"}))
    assert page.status_code == 422 and "Choisissez un motif" in page.text and "Écrivez une phrase" in page.text
    poste.post(
        une.adresse_au_poste, saisie(une, **{"verdict-section-cout": "non"}, motif="inexact", message="Prix faux.")
    )
    assert relu(une).statut == Statut.ACCEPTEE_EN_PARTIE
    assert relu(fiche).contenu["sections"] == {"description": "D.[^1]", "cout": "Dix euros.", "duree": "Un an."}


def test_ne_rien_retenir_n_est_pas_accepter(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    page = poste.post(
        une.adresse_au_poste, saisie(une, **{"verdict-section-cout": "non"}, motif="inexact", message="Non.")
    )
    assert page.status_code == 422 and "Vous ne retenez rien" in page.text and "Non." in page.text


def test_retenir_en_ajustant_credite_les_deux(poste, fiche):
    une = proposition(fiche, cout="Vingt euro.")
    ajuste = {"verdict-section-cout": "ajuster", "texte-section-cout": "Vingt euros."}
    page = poste.post(une.adresse_au_poste, saisie(une, confirme=False, **ajuste))
    assert "ajustée par vous" in page.text and "ajusté par la personne qui a relu" in page.text
    poste.post(une.adresse_au_poste, saisie(une, **ajuste))
    assert relu(fiche).contenu["sections"]["cout"] == "Vingt euros."
    assert [c["role"] for c in relu(une).version.credits] == ["proposition", "ajustement"]


def test_un_ajustement_qui_ne_change_rien_n_en_est_pas_un(poste, fiche):
    une = proposition(fiche, cout="Vingt euros.")
    poste.post(
        une.adresse_au_poste, saisie(une, **{"verdict-section-cout": "ajuster", "texte-section-cout": "Vingt euros."})
    )
    assert [c["role"] for c in relu(une).version.credits] == ["proposition"]


def test_le_titre_s_ajuste_une_liste_non(poste, fiche):
    une = proposition(fiche, titre="Ateliers", sources=[*fiche.contenu["sources"], {**SOURCE, "titre": "Bilan"}])
    page = poste.get(une.adresse_au_poste).text
    assert 'name="texte-titre"' in page and 'name="texte-sources"' not in page
    assert "Une liste ou un choix se retient ou non, sans l’ajuster." in page
    page = poste.post(une.adresse_au_poste, saisie(une, **{"verdict-sources": "ajuster"}))
    assert page.status_code == 422 and relu(une).statut == Statut.SOUMISE


def test_demander_des_corrections_rend_le_texte_avec_ses_remarques(poste, fiche, courriels):
    une = proposition(fiche, cout="Vingt.")
    donnees = saisie(une, "demander_corrections", message="Presque.", **{"remarque-section-cout": "L’année ?"})
    assert poste.post(une.adresse_au_poste, donnees).status_code == 302
    assert relu(une).statut == Statut.CORRECTIONS_DEMANDEES
    assert "L’année ?" in courriels[-1].corps and "Presque." in courriels[-1].corps


def test_ecarter_demande_un_motif_et_une_phrase(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    assert poste.post(une.adresse_au_poste, saisie(une, "ecarter")).status_code == 422
    poste.post(une.adresse_au_poste, saisie(une, "ecarter", motif="promotionnel", message="C’est une publicité."))
    assert (relu(une).statut, relu(une).motif) == (Statut.ECARTEE, "promotionnel")


def test_une_reponse_enregistree_s_insere_sans_javascript(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    reponse = ReponseType.objects.create(titre="Année", motif="pas_clair", texte="Il manque l’année du chiffre.")
    page = poste.post(
        une.adresse_au_poste, saisie(une, "inserer", reponse=reponse.pk, message="Merci !", confirme=False)
    )
    assert "Merci !\n\nIl manque l’année du chiffre.</textarea>" in page.text
    assert '<option value="pas_clair" selected>' in page.text


def test_revenir_a_l_examen_ne_perd_rien(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    page = poste.post(une.adresse_au_poste, saisie(une, "ecarter", revenir="oui", message="Un long message."))
    assert page.status_code == 200 and "Un long message." in page.text and relu(une).statut == Statut.SOUMISE


# When something moved


def test_la_fiche_a_bouge_ailleurs(poste, fiche):
    une = proposition(fiche, cout="Vingt euros.")
    publier(fiche, sections={**fiche.contenu["sections"], "duree": "Un an."})
    page = d_une_ligne(poste.get(une.adresse_au_poste).text)
    assert "La fiche est passée en version 2&nbsp;: 1 partie sans conflit" in page
    assert "Ce que l’auteur a changé" in page
    poste.post(une.adresse_au_poste, saisie(une, sur=2))
    assert relu(fiche).contenu["sections"]["duree"] == "Un an."


def test_un_conflit_se_tranche_en_trois_colonnes(poste, fiche):
    une = proposition(fiche, cout="Vingt euros.")
    publier(fiche, sections={**fiche.contenu["sections"], "cout": "Quinze euros."})
    page = poste.get(une.adresse_au_poste).text
    for texte in ("à trancher", "Base, version 1", "Publiée, version 2", "Quinze euros.", "Garder ce qui est publié"):
        assert texte in page
    assert "Quinze euros.</textarea>" in page and "Vingt euros.</textarea>" not in page
    resultat = {"verdict-section-cout": "ajuster", "texte-section-cout": "De quinze à vingt euros."}
    poste.post(une.adresse_au_poste, saisie(une, sur=2, **resultat))
    assert relu(fiche).contenu["sections"]["cout"] == "De quinze à vingt euros."


def test_un_conflit_survenu_pendant_l_examen_revient_avec_ce_qui_etait_ecrit(poste, fiche):
    une = proposition(fiche, cout="Vingt euros.")
    publier(fiche, sections={**fiche.contenu["sections"], "cout": "Quinze euros."})
    page = poste.post(une.adresse_au_poste, saisie(une, message="Merci beaucoup."))
    assert page.status_code in (409, 422) and "Merci beaucoup." in page.text and "à trancher" in page.text
    assert relu(une).statut == Statut.SOUMISE


def test_un_ajustement_sur_une_version_depassee_revient_avec_le_texte(poste, fiche):
    une = proposition(fiche, cout="Vingt euro.")
    publier(fiche, titre="Autre titre")
    ajuste = {"verdict-section-cout": "ajuster", "texte-section-cout": "Vingt euros tout rond."}
    page = poste.post(une.adresse_au_poste, saisie(une, sur=1, **ajuste))
    assert page.status_code == 409 and "version 2" in page.text and "Vingt euros tout rond." in page.text
    assert '<input type="hidden" name="sur" value="2">' in page.text


def test_le_texte_change_par_son_auteur_revient_a_relire(poste, fiche):
    une = proposition(fiche, cout="Vingt euros.")
    donnees = saisie(une, message="Bien vu.")
    propositions.deposer(une, base=une.base, changements={"section-cout": "Trente euros."}, pourquoi="Mieux")
    page = poste.post(une.adresse_au_poste, donnees)
    assert page.status_code == 409 and "L’auteur a changé son texte" in page.text and "Bien vu." in page.text
    assert '<input type="hidden" name="depot" value="2">' in page.text


def test_un_resultat_invalide_est_refuse_et_rien_n_est_perdu(poste, fiche):
    une = proposition(fiche, cout="Selon une source absente.[^7]")
    vue = lu(poste.get(une.adresse_au_poste).text)
    assert "ne peut pas être publié" in vue and "section-" not in vue
    assert "Coût : Ce texte appelle une source" in vue
    page = poste.post(une.adresse_au_poste, saisie(une, message="Un mot."))
    assert page.status_code == 409 and "source qui n’existe pas : 7" in page.text and "Un mot." in page.text


def test_le_second_qui_decide_apprend_qui_quand_quoi_et_garde_son_texte(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    donnees = saisie(une, "ecarter", motif="inexact", message="Un refus longuement pesé.")
    propositions.accepter(une, par=moderateur(), depot=1)
    page = poste.post(une.adresse_au_poste, donnees)
    assert page.status_code == 409 and "acceptée par Moderateur le" in page.text
    assert "Un refus longuement pesé." in page.text and relu(une).statut == Statut.ACCEPTEE


def test_une_proposition_retiree_entre_temps_ne_se_decide_plus(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.retirer(une)
    page = poste.post(une.adresse_au_poste, saisie(une, message="Merci."))
    assert page.status_code == 409 and "retirée" in page.text


# Who


def test_on_ne_decide_pas_de_sa_propre_proposition(poste, fiche):
    une = proposition(fiche, auteur=moderatrice(), cout="Vingt.")
    page = poste.get(une.adresse_au_poste).text
    assert "C’est votre proposition" in page and 'value="accepter"' not in page
    assert poste.post(une.adresse_au_poste, saisie(une)).status_code == 403


def test_prendre_et_rendre(poste, client, fiche):
    une = proposition(fiche, cout="Vingt.")
    poste.post(une.adresse_au_poste, {"verbe": "prendre"})
    assert relu(une).prise_par == moderatrice() and "Vous l’avez prise, jusqu’à" in poste.get(une.adresse_au_poste).text
    client.force_login(moderateur())
    page = client.get(une.adresse_au_poste).text
    assert "Moderatrice l’a prise, jusqu’à" in page and 'value="accepter"' not in page
    assert client.post(une.adresse_au_poste, saisie(une)).status_code == 409
    client.force_login(moderatrice())
    poste.post(une.adresse_au_poste, {"verbe": "rendre"})
    assert relu(une).statut == Statut.SOUMISE


def test_ce_qu_un_autre_tient_se_libere_apres_deux_heures(poste, fiche):
    une = propositions.prendre(proposition(fiche, cout="Vingt."), par=moderateur())
    Proposition.objects.update(prise_jusqua=une.prise_jusqua - RESERVATION)
    assert "Je prends" in poste.get(une.adresse_au_poste).text


def test_demander_un_avis_ecrit_a_l_autre_et_au_journal(poste, fiche, courriels):
    une, autre = proposition(fiche, cout="Vingt."), moderateur()
    page = poste.post(une.adresse_au_poste, {"verbe": "avis", "avis-a": autre.pk, "avis-texte": ""})
    assert page.status_code == 422
    poste.post(une.adresse_au_poste, {"verbe": "avis", "avis-a": autre.pk, "avis-texte": "Qu’en penses-tu ?"})
    assert courriels[-1].destinataire == autre.email and "Qu’en penses-tu ?" in courriels[-1].corps
    assert une.adresse_au_poste in courriels[-1].corps and "Qu’en penses-tu ?" in poste.get(une.adresse_au_poste).text
    assert relu(une).statut == Statut.SOUMISE


def test_on_ne_demande_pas_l_avis_de_n_importe_qui(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    page = poste.post(une.adresse_au_poste, {"verbe": "avis", "avis-a": personne().pk, "avis-texte": "Alors ?"})
    assert page.status_code == 422 and "Alors ?" in page.text


@pytest.mark.parametrize("statut", ["brouillon", "a_confirmer"])
def test_ce_qui_n_est_pas_depose_ne_se_lit_pas(poste, fiche, statut):
    une = Proposition.objects.create(nature="dispositif", titre="T", fiche=fiche, statut=statut, courriel="a@b.fr")
    assert poste.get(une.adresse_au_poste).status_code == 404


# The tabs, the warnings


def test_l_apercu_montre_la_fiche_telle_qu_elle_serait(poste, fiche):
    page = poste.get(proposition(fiche, cout="**Vingt** euros.").adresse_au_poste + "?vue=apercu").text
    assert "<strong>Vingt</strong> euros." in page and relu(fiche).numero == 1


def test_les_sources_nouvelles_et_celles_signalees_mortes_se_voient(poste, fiche):
    morte = {**SOURCE, "titre": "Page disparue", "url": "https://exemple.fr/disparue"}
    signalement(fiche_dispositif(sources=[morte]), categorie="lien_mort", cible="source-1")
    une = proposition(fiche, sources=[*fiche.contenu["sources"], morte])
    page = poste.get(une.adresse_au_poste + "?vue=sources").text
    assert page.count("Nouvelle</span>") == 1 and page.count("Signalée morte") == 1


def test_le_passe_de_l_auteur(poste, fiche):
    auteur = personne()
    propositions.accepter(proposition(fiche, auteur=auteur, cout="Vingt."), par=moderateur(), depot=1)
    une = proposition(relu(fiche), auteur=auteur, duree="Un an.")
    page = poste.get(une.adresse_au_poste + "?vue=auteur").text
    assert "Acceptée" in page and "première contribution" not in page


def test_les_alertes_les_voisines_et_les_signalements_sont_a_cote_de_l_unite(poste, fiche):
    voisine = proposition(fiche, cout="Trente.")
    dossier = signalement(fiche, cible="section-cout").dossier
    une = proposition(fiche, cout="20 euros, selon jean.dupont@exemple.fr.")
    page = poste.get(une.adresse_au_poste).text
    assert "Des coordonnées personnelles ?" in page and "Un chiffre sans année ?" in page
    assert f"proposition n°&nbsp;{voisine.pk}" in page and f"dossier n°&nbsp;{dossier.pk}" in page


def test_une_nouvelle_fiche_s_examine_et_se_publie(poste):
    contenu = valider(
        "dispositif", titre="Équipe mobile", resume="R", categorie="demarche",
        sections={"description": "D.[^1]"}, sources=[{"titre": "A"}],
    )  # fmt: skip
    une = nouvelle_fiche(contenu)
    assert "Nouvelle fiche" in poste.get(une.adresse_au_poste).text
    poste.post(une.adresse_au_poste, saisie(une))
    assert Fiche.objects.get(slug="equipe-mobile").titre == "Équipe mobile"
    assert poste.get(une.adresse_au_poste).status_code == 200


def test_la_fiche_masquee_le_dit(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    masquer(fiche)
    assert "hors de la vue du public" in poste.get(une.adresse_au_poste).text


def test_les_numeros_caches_faux_ne_font_pas_tomber_la_page(poste, fiche):
    une = proposition(fiche, cout="Vingt.")
    page = poste.post(une.adresse_au_poste, saisie(une, depot="x" * 40, sur="-1"))
    assert page.status_code == 409 and relu(une).statut == Statut.SOUMISE


def test_l_examen_montre_dans_l_ordre_ce_qui_attend_aussi_sur_la_fiche(poste, fiche):
    une = proposition(fiche, courriel="a@exemple.fr", cout="Vingt.")
    rivale = proposition(fiche, courriel="b@exemple.fr", cout="Trente.")
    compatible = proposition(fiche, courriel="c@exemple.fr", duree="Un an.")
    page = lu(poste.get(une.adresse_au_poste).text)
    assert "2 autres propositions sur cette fiche" in page
    assert (
        f"Proposition n° {rivale.pk}, Contribution anonyme : « Précise ce point ». Coût Change la même partie" in page
    )
    assert f"Proposition n° {compatible.pk}, Contribution anonyme : « Précise ce point ». Durée Sans conflit" in page
    proposition(fiche_dispositif(), cout="Ailleurs.")
    suivie = poste.get(f"{une.adresse_au_poste}?fiche={fiche.pk}").text
    assert f'href="/moderation/propositions/{rivale.pk}/?fiche={fiche.pk}" rel="next"' in suivie


def test_une_absence_proposee_se_compare_a_ce_que_dit_la_base(poste):
    fiche, lieu = fiche_dispositif(slug="clsm"), territoire()
    une = absence(fiche, lieu)
    assert "Inconnu : la base n’en dit rien." in lu(poste.get(une.adresse_au_poste).text)
    fiche_locale(sur=[lieu], dispositif="clsm", titre="Le CLSM d’ici")
    assert "La base en connaît : Le CLSM d’ici" in lu(poste.get(une.adresse_au_poste).text)
    propositions.accepter(absence(fiche, lieu, auteur=personne()), par=moderateur(), depot=1)
    assert "Une absence déjà écrite, en 2025" in lu(poste.get(une.adresse_au_poste).text)


@pytest.mark.parametrize("vue", ["", "apercu", "sources", "auteur"])
def test_l_examen_coute_peu(poste, fiche, django_assert_max_num_queries, vue):
    for n in range(8):
        proposition(fiche, courriel=f"a{n}@exemple.fr", cout=f"{n} euros.", duree="Un an.")
    une = proposition(fiche, cout="Vingt.", duree="Deux ans.", sources=fiche.contenu["sources"] * 2)
    with django_assert_max_num_queries(26):
        assert poste.get(f"{une.adresse_au_poste}?vue={vue}").status_code == 200


def test_un_texte_ajuste_vide_ne_vide_pas_la_section(poste, fiche):
    une = proposition(fiche, cout="Vingt euros.")
    vide = {"verdict-section-cout": "ajuster", "texte-section-cout": "  "}
    reponse = poste.post(une.adresse_au_poste, saisie(une, **vide, verbe="accepter"))
    assert reponse.status_code == 422 and "Écrivez le texte ajusté" in reponse.text
    assert relu(une).statut == "soumise"
