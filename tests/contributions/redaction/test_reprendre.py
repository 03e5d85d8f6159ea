"""Taking a proposition up again: while it waits, or because corrections were asked."""

import pytest
from django.test import Client

from contributions.models import Proposition
from contributions.verbes import propositions
from contributions.verbes.empechements import Empechement
from tests.contributions.papier import Papier, erreurs, ouvrir, seule
from tests.contributions.recits import nouvelle_fiche, proposition
from tests.factories import fiche_dispositif, moderatrice, personne, publier, valider

pytestmark = pytest.mark.django_db
Statut = Proposition.Statut


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche. Deux phrases.[^1]", "cout": "Peu."})


def adresse(une: Proposition) -> str:
    return f"{une.get_absolute_url()}modifier/"


def test_modifier_tant_que_personne_ne_l_a_prise(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    papier = ouvrir(client, adresse(une))
    assert (papier["section-cout"], papier["pourquoi"]) == ("Beaucoup.", "Précise ce point")
    papier.remplir(**{"section-cout": "Énormément."}).signer().envoyer()
    assert seule().statut == Statut.SOUMISE and seule().depot.changements == {"section-cout": "Énormément."}
    assert seule().depots.count() == 2


def test_l_adresse_confirmee_n_est_plus_demandee(client, fiche):
    assert "courriel" not in ouvrir(client, adresse(proposition(fiche, cout="Beaucoup."))).noms


def test_les_remarques_sont_a_cote_des_sections(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    propositions.demander_corrections(
        une, par=moderatrice(), depot=1, explication="Précisez le montant.", remarques={"section-cout": "Combien ?"}
    )
    page = client.get(adresse(une)).text
    assert "Des corrections vous sont demandées" in page and "Précisez le montant." in page
    bloc = page.partition('id="bloc-cout" open')[2].partition("</details>")[0]
    assert "Remarque de la modération" in bloc and "Combien ?" in bloc and "Beaucoup." in bloc


def test_les_remarques_auxquelles_on_a_repondu_ne_reviennent_pas(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    demande = {"par": moderatrice(), "explication": "Précisez."}
    propositions.demander_corrections(une, depot=1, remarques={"section-cout": "Combien ?"}, **demande)
    ouvrir(client, adresse(une)).remplir(**{"section-cout": "Dix."}).signer(source_suffit="on").envoyer()
    propositions.demander_corrections(seule(), depot=2, remarques={"section-cout": "De quoi ?"}, **demande)
    page = client.get(adresse(une)).text
    assert "De quoi ?" in page and "Combien ?" not in page


def test_renvoyer_apres_correction_c_est_la_meme_proposition(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    propositions.demander_corrections(une, par=moderatrice(), depot=1, explication="Précisez.")
    papier = ouvrir(client, adresse(une)).remplir(**{"section-cout": "Beaucoup trop."}).signer()
    assert papier.envoyer().status_code == 303
    assert (seule().statut, seule().depot.numero) == (Statut.SOUMISE, 2)


def test_renvoyer_le_meme_texte_apres_correction_est_permis(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    ouvrir(client, adresse(une)).remplir(**{"section-cout": "Trop."}).signer().envoyer()
    propositions.demander_corrections(seule(), par=moderatrice(), depot=2, explication="Sûr ?")
    assert ouvrir(client, adresse(une)).envoyer().status_code == 303
    assert seule().statut == Statut.SOUMISE


def test_ce_qui_n_est_pas_renvoye_est_garde_et_dit(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    ouvrir(client, adresse(une)).remplir(**{"section-cout": "Trop."}).envoyer(voir="modifications")
    reprise = ouvrir(Client(), adresse(une))
    assert reprise["section-cout"] == "Trop." and "pas encore été renvoyés" in reprise.reponse.text
    assert seule().depot.changements == {"section-cout": "Beaucoup."}


def test_prise_pendant_qu_on_la_corrige_elle_change_sous_les_yeux_de_la_moderation(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    papier = ouvrir(client, adresse(une)).remplir(**{"section-cout": "Trop."}).signer()
    propositions.prendre(une, par=moderatrice())
    assert papier.envoyer().status_code == 303
    assert (seule().statut, seule().depots.count()) == (Statut.EN_EXAMEN, 2)


def test_decidee_pendant_qu_on_la_corrige_le_texte_devient_un_brouillon(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    papier = ouvrir(client, adresse(une)).remplir(**{"section-cout": "Trop."}).signer()
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    reponse = papier.envoyer()
    assert "brouillon à part" in reponse.text or reponse.status_code == 303
    assert Proposition.objects.exclude(pk=une.pk).get().saisie["section-cout"] == ["Trop."]


def test_une_proposition_decidee_ne_se_modifie_plus(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    assert client.get(adresse(une)).status_code == 404


def test_la_fiche_a_avance_le_texte_est_reporte_dessus(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    publier(fiche, resume="Un résumé neuf.")
    papier = ouvrir(client, adresse(une))
    assert "passée en version 2" in papier.reponse.text and "reportés" in papier.reponse.text
    assert (papier["section-cout"], papier["resume"]) == ("Beaucoup.", "Un résumé neuf.")
    papier.signer().envoyer()
    assert seule().depot.base.numero == 2 and seule().depot.changements == {"section-cout": "Beaucoup."}


def test_la_fiche_a_avance_au_meme_endroit_le_texte_reste_sur_sa_version(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    publier(fiche, sections={**fiche.contenu["sections"], "cout": "Un peu."})
    papier = ouvrir(client, adresse(une))
    assert papier["section-cout"] == "Beaucoup." and "reste sur la version 1" in papier.reponse.text
    papier.signer(pourquoi="Je maintiens").envoyer()
    assert seule().depot.base.numero == 1


def test_un_brouillon_reporte_garde_ses_autres_champs(client, fiche):
    ouvrir(client, "/dispositifs/asv/proposer/").remplir(
        **{"section-cout": "Beaucoup.", "pourquoi": "Voilà", "courriel": "a@exemple.fr"}
    ).envoyer(brouillon="1")
    publier(fiche, resume="Un résumé neuf.")
    papier = ouvrir(client, adresse(seule()))
    assert [papier[n] for n in ("section-cout", "resume", "pourquoi", "courriel")] == [
        "Beaucoup.", "Un résumé neuf.", "Voilà", "a@exemple.fr",
    ]  # fmt: skip
    suite = papier.presser(brouillon="1")
    assert seule().base.numero == 2 and "passée en version" not in suite.reponse.text


def test_on_peut_revoir_son_texte_tel_quel(client, fiche):
    une = proposition(fiche, cout="Beaucoup.")
    publier(fiche, resume="Un résumé neuf.")
    papier = ouvrir(client, f"{adresse(une)}?tel-quel=1")
    assert papier["resume"] == fiche.resume and "reste sur la version 1" in papier.reponse.text


def test_corriger_son_adresse_renvoie_le_lien(client, fiche, courriels):
    papier = ouvrir(client, "/dispositifs/asv/proposer/").remplir(**{"section-cout": "Beaucoup."}).signer()
    papier.envoyer()
    ouvrir(client, adresse(seule())).remplir(courriel="juste@exemple.fr").envoyer()
    assert [c.destinataire for c in courriels] == ["visiteuse@exemple.fr", "juste@exemple.fr"]
    assert seule().courriel == "juste@exemple.fr" and seule().statut == Statut.A_CONFIRMER


def test_une_adresse_qui_ne_repond_pas_n_est_pas_inondee(client, fiche, courriels):
    papier = ouvrir(client, "/dispositifs/asv/proposer/").signer()
    reponses = [papier.remplir(**{"section-cout": f"Prix {'x' * n}."}).envoyer() for n in range(12)]
    assert [r.status_code for r in reponses] == [303] * 3 + [422] * 9
    assert len(courriels) == 3 and "Déjà 3 courriels aujourd’hui à cette adresse" in erreurs(reponses[-1])
    assert Proposition.objects.filter(saisie__contains={"section-cout": [f"Prix {'x' * 11}."]}).exists()


def test_un_lien_inconnu_ne_mene_nulle_part(client):
    assert client.get("/suivi/inconnu/modifier/").status_code == 404
    assert client.post("/suivi/inconnu/modifier/", {"a": "b"}).status_code == 404


def test_une_nouvelle_fiche_se_modifie_aussi(client):
    contenu = valider(
        "dispositif", titre="Neuve", resume="Résumé.", categorie="demarche", sources=[{"titre": "Source"}],
        sections={"description": "Texte.[^1]"}, themes=[], publics=[], territoires=[],
    )  # fmt: skip
    une = nouvelle_fiche(contenu, auteur=personne())
    papier = ouvrir(client, adresse(une))
    assert papier["titre"] == "Neuve" and "pourquoi" not in papier.noms
    assert papier.remplir(titre="Plus neuve").signer().envoyer().status_code == 303
    assert seule().titre == "Plus neuve" and seule().depot.changements["titre"] == "Plus neuve"


def test_l_empechement_est_dit_et_le_texte_garde(client, fiche, monkeypatch):
    def refuser(*_, **__):
        raise Empechement("C’est impossible maintenant.")

    monkeypatch.setattr(propositions, "deposer", refuser)
    papier = ouvrir(client, "/dispositifs/asv/proposer/").remplir(**{"section-cout": "Beaucoup."}).signer()
    reponse = papier.envoyer()
    assert reponse.status_code == 409 and "impossible maintenant" in reponse.text and not erreurs(reponse)
    assert Papier(client, reponse)["section-cout"] == "Beaucoup."
