"""« Demandes de confirmation »: which schemes to ask about in a territory, prepared, read, sent; answers read."""

import pytest
from django.urls import reverse

from contributions.models import Demande, Journal, Portee, Proposition
from contributions.verbes import confirmations, propositions
from courriels.models import Courriel
from moderation.resume import resumer
from tests.balisage import texte
from tests.contributions.recits import ancienne, demande
from tests.factories import constat, contact, fiche_locale, masquer, moderatrice, relu, territoire

pytestmark = pytest.mark.django_db
PAGE = "/moderation/confirmations/"
A_QUI = {"institution": "Ville d’Elbeuf", "destinataire": "sante@ville.example", "origine": "ville.example"}


@pytest.fixture
def eure():
    return territoire("departement", "27", "Eure")


def lire(reponse) -> str:
    return texte(reponse.text)


def remplir(fiche, **champs) -> dict[str, object]:
    dits = {**A_QUI, **champs}
    return {"verbe": "preparer", "fiche": fiche.pk, **{f"fiche-{fiche.pk}-{nom}": dit for nom, dit in dits.items()}}


def test_la_liste_donne_ce_qui_est_a_verifier_ou_au_terme_passe_et_rien_d_autre(poste, eure):
    ville = territoire("commune", "27229", "Évreux", dans=[eure])
    ancienne(titre="Ancien", sur=[ville])
    fiche_locale(titre="Passé", sur=[eure], constats=[constat("signe", "2019")], debut="2019", fin="2022")
    fiche_locale(titre="Vivant", sur=[ville])
    ancienne(titre="D’ailleurs")
    masquer(ancienne(titre="Masqué", sur=[ville]))
    demande("preparee", ancienne(titre="Demandé", sur=[ville]))
    dit = lire(poste.get(PAGE, {"territoire": "departement:27"}))
    assert "2 dispositifs à vérifier" in dit and "Ancien" in dit and "Passé" in dit
    assert not any(absent in dit for absent in ("Vivant", "D’ailleurs", "Masqué", "Demandé"))


def test_l_adresse_d_un_service_connu_qui_porte_le_dispositif_est_deja_ecrite(poste, eure):
    contact(eure, organisme="DDETS de l’Eure", courriel="ddets-sante@eure.gouv.fr", source="DDETS, contacts")
    ancienne(sur=[eure], porteur="DDETS de l’Eure et la Ville")
    ancienne(sur=[eure], porteur="Centre hospitalier")
    page = poste.get(PAGE, {"territoire": "departement:27"}).text
    assert page.count('value="ddets-sante@eure.gouv.fr"') == 1 and page.count('value="Centre hospitalier"') == 1


def test_preparer_puis_relire_puis_envoyer(poste, eure):
    fiche = ancienne(sur=[eure])
    adresse = f"{PAGE}?territoire=departement:27"
    assert poste.post(adresse, remplir(fiche)).status_code == 302
    une = Demande.objects.get()
    assert une.fiche_id == fiche.pk and not Courriel.objects.exists()
    a_relire = lire(poste.get(f"{PAGE}?etape=relire"))
    assert "Est-ce toujours vrai ? « Atelier santé ville »" in a_relire and "Lue ici" not in a_relire
    assert une.jeton not in a_relire and "le lien personnel" in a_relire
    poste.post(f"{PAGE}?etape=envoyer", {"verbe": "envoyer", "demande": une.pk})  # not read yet
    assert relu(une).statut == Demande.Statut.PREPAREE
    poste.post(f"{PAGE}?etape=relire", {"verbe": "relire", "demande": une.pk})
    poste.post(f"{PAGE}?etape=envoyer", {"verbe": "envoyer", "demande": une.pk})
    poste.post(f"{PAGE}?etape=envoyer", {"verbe": "envoyer", "demande": une.pk})  # a double click
    assert relu(une).statut == Demande.Statut.ENVOYEE and Courriel.objects.count() == 1
    assert Journal.objects.filter(demande=une).count() == 3
    envoyees = lire(poste.get(f"{PAGE}?etape=parties"))
    assert "Envoyées" in envoyees and "Parties" not in envoyees and "Envoyée le" in envoyees


@pytest.mark.parametrize(
    "champs,faute",
    [
        ({"destinataire": "camille.durand@ville.example"}, "semble celle d’une personne"),
        ({"destinataire": "pas une adresse"}, "n’est pas complète"),
        ({"destinataire": ""}, "Donnez l’adresse d’un service"),
        ({"institution": "Mme Durand"}, "Une adresse de fonction seulement"),
        ({"institution": "x" * 101}, "C’est trop long"),
        ({"origine": ""}, "Dites où cette adresse est publique"),
    ],
)
def test_une_demande_mal_remplie_revient_avec_ce_qui_est_ecrit(poste, eure, champs, faute):
    fiche = ancienne(sur=[eure])
    reponse = poste.post(f"{PAGE}?territoire=departement:27", remplir(fiche, **champs))
    assert reponse.status_code == 422 and faute in lire(reponse) and not Demande.objects.exists()
    assert all(f'value="{dit}"' in reponse.text for dit in {**A_QUI, **champs}.values() if dit)


def test_ce_qui_est_complet_se_prepare_le_reste_revient_rempli_et_resume(poste, eure):
    complete, vide, nommee = (ancienne(titre=titre, sur=[eure]) for titre in ("Complet", "Vide", "Nommé"))
    dits = remplir(complete) | remplir(vide, origine="", destinataire="") | remplir(nommee, institution="Mme Durand")
    cochees = {"fiche": [complete.pk, vide.pk, nommee.pk]}
    reponse = poste.post(f"{PAGE}?territoire=departement:27", dits | cochees)
    dit = lire(reponse)
    assert reponse.status_code == 422 and Demande.objects.get().fiche_id == complete.pk
    assert "1 demande préparée." in dit and "2 demandes ne sont pas encore préparées" in dit
    for fiche, champ, faute in (
        (vide, "destinataire", "Vide : Donnez l’adresse"),
        (vide, "origine", "Vide : Dites où"),
        (nommee, "institution", "Nommé : Une adresse de fonction"),
    ):
        identifiant = f"id_fiche-{fiche.pk}-{champ}"
        assert f'href="#{identifiant}"' in reponse.text and f'id="{identifiant}"' in reponse.text and faute in dit
    assert f'value="{vide.pk}" checked' in reponse.text and 'value="Mme Durand"' in reponse.text
    assert f'value="{complete.pk}"' not in reponse.text


def test_une_demande_empechee_n_est_pas_dite_non_cochee(poste, eure):
    fiche = ancienne(sur=[eure])
    finie = demande(fiche=fiche, destinataire=A_QUI["destinataire"])
    Demande.objects.filter(pk=finie.pk).update(envoyee_le="2026-01-01T10:00Z", expire_le="2026-03-01T10:00Z")
    dit = lire(poste.post(f"{PAGE}?territoire=departement:27", remplir(fiche)))
    assert "1 demande n’est pas encore préparée" in dit and "Cochez au moins" not in dit


def test_une_adresse_arretee_ou_deja_interrogee_est_dite_a_cote_du_champ(poste, eure):
    fiche = ancienne(sur=[eure])
    confirmations.arreter(demande(destinataire="accueil@ville.example"))
    arretee = poste.post(f"{PAGE}?territoire=departement:27", remplir(fiche, destinataire="Accueil@ville.example"))
    assert arretee.status_code == 422 and "ne plus être interrogée" in lire(arretee)
    finie = demande("preparee", fiche)
    Demande.objects.filter(pk=finie.pk).update(
        statut="envoyee", envoyee_le="2026-01-01T10:00Z", expire_le="2026-03-01T10:00Z"
    )
    deja = poste.post(f"{PAGE}?territoire=departement:27", remplir(fiche))
    assert deja.status_code == 409 and "moins d’un an" in lire(deja)


def test_les_reponses_sans_proposition_se_lisent_et_se_classent(poste):
    une = demande("a_lire")
    confirmations.repondre(une, sens="sais_pas", precision="Voyez l’agglomération.")
    dit = lire(poste.get(f"{PAGE}?etape=reponses"))
    assert "Je ne sais pas" in dit and "Voyez l’agglomération." in dit
    poste.post(f"{PAGE}?etape=reponses", {"verbe": "classer", "demande": une.pk})
    assert relu(une).statut == Demande.Statut.CLASSEE


@pytest.mark.parametrize("sens", ["oui", "fini"])
def test_les_reponses_qui_attendent_dans_la_file_y_sont_annoncees(poste, sens):
    assert "Aucune réponse n’attend" in lire(poste.get(f"{PAGE}?etape=reponses"))
    for titre in ("Un", "Deux"):
        fini_le = "2024" if sens == "fini" else ""
        confirmations.repondre(demande(fiche=ancienne(titre=titre)), sens=sens, fini_le=fini_le)
    page = poste.get(f"{PAGE}?etape=reponses")
    assert "2 réponses attendent dans la file : Institutions" in lire(page) and "Aucune réponse" not in lire(page)
    assert 'href="/moderation/?voie=institutions"' in page.text
    assert "dans la file" not in lire(poste.get(f"{PAGE}?etape=parties"))
    propositions.accepter(Proposition.objects.first(), par=moderatrice(), depot=1)
    assert "1 réponse attend dans la file" in lire(poste.get(f"{PAGE}?etape=reponses"))


def test_un_courriel_refuse_se_voit(poste):
    une = demande()
    Courriel.objects.filter(cle=une.cle_du_courriel).update(refuse_le="2026-11-27T10:00Z", tentatives=1)
    assert "personne ne lit cette adresse" in lire(poste.get(f"{PAGE}?etape=parties"))


def test_une_adresse_de_page_etrange_ou_un_post_force_ne_fait_rien(poste, eure):
    for question in ("?etape=x", "?territoire=zzz", "?page=x&territoire=departement:27", "?etape=relire&page=99"):
        assert poste.get(PAGE + question).status_code in (200, 400)
    for donnees in (
        {},
        {"verbe": "relire"},
        {"verbe": "preparer", "fiche": "x"},
        {"verbe": "preparer", "fiche": 2**40},
    ):
        assert poste.post(f"{PAGE}?territoire=departement:27", donnees).status_code in (302, 400)
    assert poste.post(f"{PAGE}?etape=envoyer", {"verbe": "envoyer", "demande": ["a", "1"]}).status_code == 302
    assert not Demande.objects.exists()


def test_la_page_ne_fait_pas_plus_de_requetes_a_vingt_qu_a_deux(poste, eure, django_assert_max_num_queries):
    for rang in range(20):
        demande("preparee", ancienne(titre=f"Fiche {rang}"), destinataire=f"service{rang}@ville.example")
    with django_assert_max_num_queries(14):
        poste.get(f"{PAGE}?etape=relire")


def test_le_poste_mene_a_la_page_et_le_journal_la_nomme(poste):
    une = demande()
    assert f'href="{PAGE}"' in poste.get(reverse("moderation")).text
    dit = lire(poste.get(reverse("journal"), {"objet": "demande", "numero": une.pk}))
    assert "3 lignes" in dit and "Demande de confirmation envoyée" in dit


def test_une_reponse_a_lire_est_au_resume_du_matin_de_qui_suit_le_territoire():
    ici, ailleurs = territoire("departement", "27"), territoire("departement", "76")
    demande("a_lire", ancienne(sur=[ici]))
    for suivi, attendues in ((ici, 1), (ailleurs, 0)):
        portee, _ = Portee.objects.get_or_create(utilisateur=moderatrice())
        portee.territoires.set([suivi])
        assert resumer(moderatrice()).reponses == attendues


def test_l_examen_dit_que_la_reponse_vient_par_un_lien_signe(poste):
    reponse = confirmations.repondre(demande(), sens="oui")
    assert "Ville d’Elbeuf, par lien signé" in lire(poste.get(reponse.proposition.adresse_au_poste))


def test_la_file_donne_leur_voie_aux_institutions_qui_ne_sont_pas_sans_adresse(poste):
    confirmations.repondre(demande(), sens="oui")
    file = lire(poste.get(reverse("moderation"), {"voie": "institutions"}))
    assert "Ville d’Elbeuf confirme" in file and "Lien signé" in file and "Première fois" not in file
    assert "Ville d’Elbeuf confirme" not in lire(poste.get(reverse("moderation"), {"voie": "sans_adresse"}))
