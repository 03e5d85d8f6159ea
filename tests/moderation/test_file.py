"""The queue: what waits, in which order, for whom."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from contributions.delais import reste_en_mots
from contributions.models import Dossier, Filtre, Portee, Proposition
from contributions.verbes import propositions
from contributions.verbes.recours import contester
from moderation.file import ROUTES, Criteres, File
from moderation.voies import TOUT, VOIES, Voie
from tests.balisage import texte
from tests.contributions.recits import derniere, nouvelle_fiche, proposition, signalement
from tests.factories import fiche_dispositif, fiche_locale, moderateur, moderatrice, personne, territoire, valider
from tests.moderation.beaucoup import attendre

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", titre="Atelier", themes=["prevention"])


def vieillir(objet, jours: int) -> None:
    champ = "deposee_le" if isinstance(objet, Proposition) else "ouvert_le"
    type(objet).objects.filter(pk=objet.pk).update(**{champ: timezone.now() - timedelta(days=jours)})


def deposer(une: Proposition, pourquoi: str) -> None:
    propositions.deposer(une, base=derniere(une.fiche), changements=une.depot.recus, pourquoi=pourquoi)


def references(**criteres) -> list[str]:
    return [entree.reference for entree in File(moderatrice(), Criteres(**criteres)).entrees]


def test_ce_qui_vient_sans_adresse_a_sa_voie(client, fiche):
    proposition(fiche, cout="Vingt.")
    sans = Proposition.objects.create(fiche_id=fiche.pk, nature=fiche.nature, titre=fiche.titre)
    base = fiche.versions.get()
    propositions.deposer(sans, base=base, changements={"section-duree": "Un an."}, pourquoi="J’y travaille")
    client.force_login(moderatrice())
    page = client.get("/moderation/?voie=sans_adresse").text
    assert "J’y travaille" in page and "Précise ce point" not in page
    examen = client.get(f"/moderation/propositions/{sans.pk}/").text
    assert "sans compte ni adresse" in examen


def test_les_liens_de_qui_n_a_pas_d_adresse_restent_du_texte(client, fiche):
    lien = "[Voir](https://ailleurs.exemple/gain)"
    sans = Proposition.objects.create(fiche_id=fiche.pk, nature=fiche.nature, titre=fiche.titre)
    base = fiche.versions.get()
    sources = [
        *base.contenu["sources"],
        {**base.contenu["sources"][0], "cle": "9", "url": "https://ailleurs.exemple/a"},
    ]
    changes = {"section-duree": lien, "sources": sources}
    propositions.deposer(sans, base=base, changements=changes, pourquoi="J’y travaille")
    client.force_login(moderatrice())
    for vue in ("", "apercu", "sources"):
        page = client.get(f"/moderation/propositions/{sans.pk}/", {"vue": vue}).text
        assert 'href="https://ailleurs.exemple' not in page
    assert "https://ailleurs.exemple/a" in page
    assert "ailleurs.exemple/gain" in client.get(f"/moderation/propositions/{sans.pk}/").text
    assert 'href="https://ailleurs.exemple' not in client.get(f"/suivi/{sans.jeton}/").text


def test_la_file_est_fermee_aux_autres(client):
    assert client.get("/moderation/").status_code == 302
    client.force_login(personne())
    assert client.get("/moderation/").status_code == 403


def test_l_urgent_d_abord_puis_le_plus_ancien(fiche):
    recente, ancienne = proposition(fiche, cout="Vingt."), proposition(fiche, duree="Un an.")
    vieillir(ancienne, 12)
    urgent = signalement(fiche, categorie="donnee_personnelle").dossier
    vieux = signalement(fiche, categorie="lien_mort").dossier
    vieillir(vieux, 20)
    attendues = [f"Signalement n° {urgent.pk}", f"Signalement n° {vieux.pk}"]
    attendues += [f"Proposition n° {ancienne.pk}", f"Proposition n° {recente.pk}"]
    assert references() == attendues


@pytest.mark.parametrize(
    "jours,mots",
    [(9.9, "Reste 9 jours"), (1, "Reste 1 jour"), (0.2, "Reste 4 heures"), (-0.01, "En retard de 1 heure"),
     (-1.5, "En retard de 1 jour"), (-3, "En retard de 3 jours")],
)  # fmt: skip
def test_le_delai_se_dit_en_mots(jours, mots):
    maintenant = timezone.now()
    assert reste_en_mots(maintenant + timedelta(days=jours), maintenant).replace("\xa0", " ") == mots


def test_dix_jours_pour_une_proposition_un_seul_pour_l_urgent(fiche):
    une, urgent = proposition(fiche, cout="Vingt."), signalement(fiche, categorie="illicite").dossier
    vieillir(une, 2)
    vieillir(urgent, 2)
    file = File(moderatrice(), Criteres())
    assert [entree.en_retard for entree in file.entrees] == [True, False] and file.comptes[TOUT].en_retard == 1


def test_ce_qui_n_est_pas_confirme_ou_est_decide_n_attend_pas(fiche):
    decidee = proposition(fiche, cout="Vingt.")
    propositions.accepter(decidee, par=moderatrice(), depot=1)
    Proposition.objects.create(nature="dispositif", titre="Un brouillon", fiche=fiche)
    assert references() == []


def test_la_file_dit_qui_a_pris_et_les_premieres_contributions(fiche):
    auteur = personne()
    proposition(fiche, auteur=auteur, cout="Vingt.")
    seconde = propositions.prendre(proposition(fiche, auteur=auteur, duree="Un an."), par=moderateur())
    lignes = {entree.pk: entree for entree in File(moderatrice(), Criteres()).entrees}
    assert lignes[seconde.pk].prise_par == "Moderateur" and not lignes[seconde.pk].premiere
    assert [e.premiere for e in lignes.values()].count(True) == 1


def test_la_premiere_contribution_se_reconnait_aussi_sans_compte(fiche):
    for cout in ("Vingt.", "Trente."):
        proposition(fiche, courriel="a@exemple.fr", cout=cout)
    proposition(fiche, courriel="b@exemple.fr", cout="Dix.")
    assert [e.premiere for e in File(moderatrice(), Criteres()).entrees] == [True, False, True]


def test_ma_portee_garde_mes_territoires_ce_qu_ils_contiennent_et_mes_themes(fiche):
    departement = territoire("departement")
    commune = territoire(dans=[departement])
    dedans = proposition(fiche_locale(sur=[commune]), sections={"description": "Ici."}, porteur="La ville")
    proposition(fiche_locale(), porteur="Ailleurs")
    par_theme = proposition(fiche, cout="Vingt.")
    portee = Portee.objects.create(utilisateur=moderatrice())
    portee.territoires.add(departement)
    assert references(portee=portee) == [f"Proposition n° {dedans.pk}"]
    portee.themes.add(fiche.themes.get())
    assert references(portee=portee) == [f"Proposition n° {dedans.pk}", f"Proposition n° {par_theme.pk}"]


def test_ma_portee_garde_les_nouvelles_fiches_de_mes_territoires():
    departement = territoire("departement")
    commune, ailleurs = territoire(dans=[departement]), territoire()
    portee = Portee.objects.create(utilisateur=moderatrice())
    portee.territoires.add(departement)
    commun = {"resume": "R", "constat": "actif", "constate_le": "2026-01-01", "sources": [{"titre": "A"}]}
    sections = {"description": "D.[^1]"}
    neuves = [
        nouvelle_fiche(
            valider("local", titre=lieu.nom, territoires=[lieu.designation], sections=sections, **commun), "local"
        )
        for lieu in (commune, ailleurs)
    ]
    assert references(portee=portee) == [f"Nouvelle fiche n° {neuves[0].pk}"]


def test_un_signalement_urgent_est_l_affaire_de_tous(fiche):
    portee = Portee.objects.create(utilisateur=moderatrice())
    portee.territoires.add(territoire())
    urgent = signalement(fiche, categorie="illicite").dossier
    signalement(fiche, categorie="erreur")
    assert references(portee=portee) == [f"Signalement n° {urgent.pk}"]


def test_on_filtre_par_theme_age_gravite_prise_et_premiere_contribution(fiche):
    une = proposition(fiche, courriel="a@exemple.fr", cout="Vingt.")
    autre = proposition(fiche_dispositif(), courriel="a@exemple.fr", cout="Dix.")
    vieillir(autre, 11)
    propositions.prendre(autre, par=moderateur())
    assert references(theme="prevention") == [f"Proposition n° {une.pk}"]
    assert references(depuis=timedelta(days=10)) == [f"Proposition n° {autre.pk}"]
    assert references(en_retard=True) == [f"Proposition n° {autre.pk}"]
    assert references(urgentes=True) == []
    assert references(prise="libres") == [f"Proposition n° {une.pk}"]
    assert references(prise="moi") == []
    assert references(premieres=True) == [f"Proposition n° {une.pk}"]


def test_un_recours_n_est_jamais_propose_a_qui_a_decide(fiche):
    une = proposition(fiche, cout="Vingt.")
    propositions.ecarter(une, par=moderatrice(), depot=1, motif="inexact", explication="Faux.")
    recours = contester(Proposition.objects.get(pk=une.pk), texte="C’est vrai.")
    assert references() == []
    assert [e.reference for e in File(moderateur(), Criteres()).entrees] == [f"Recours n° {recours.pk}"]


# The page


def test_la_page_compte_et_range_par_onglets(poste, fiche):
    proposition(fiche, cout="Vingt.")
    vieillir(signalement(fiche, categorie="illicite").dossier, 2)
    page = poste.get("/moderation/")
    assert "2 à traiter" in page.text and "1 en retard" in page.text and "En retard de 1\xa0jour" in page.text
    page = poste.get("/moderation/?voie=signalements")
    assert "Un contenu illicite" in page.text and "Précise ce point" not in page.text


def test_un_filtre_inconnu_est_dit(poste):
    page = poste.get("/moderation/?theme=nulle-part")
    assert page.status_code == 400 and "Choix invalide" in page.text.replace(
        "Sélectionnez un choix valide", "Choix invalide"
    )


def test_une_longue_file_se_lit_par_pages(poste, fiche):
    for n in range(23):
        proposition(fiche, courriel=f"a{n}@exemple.fr", cout=f"{n} euros.")
    page = poste.get("/moderation/?page=2")
    assert "Page 2 sur 2" in page.text and page.text.count("Précise ce point") == 3


def test_dix_mille_se_comptent_se_parcourent_et_se_cherchent_juste(poste, django_assert_max_num_queries):
    fiches = [fiche_locale(titre=f"Contrat n° {n}") for n in range(5)]
    attendre(fiches, 10_000)
    file = File(moderatrice(), Criteres())
    assert {cle: compte.nombre for cle, compte in file.comptes.items()} == {
        "": 10_000, "urgentes": 20, "propositions": 6_000, "sans_adresse": 1_000, "nouvelles": 1_000,
        "lots": 0, "signalements": 1_000, "recours": 0, "messages": 1_000, "rapides": 0, "indesirables": 0,
        "institutions": 0,
    }  # fmt: skip
    toutes = list(file.lignes())
    assert len({ligne[:2] for ligne in toutes}) == 10_000
    retard = sum(1 for *_, echeance in toutes if echeance < timezone.now())
    assert file.comptes[""].en_retard == retard > 4_000
    for voie in ("", "messages", "propositions"):
        for adresse in (f"/moderation/?voie={voie}", f"/moderation/?voie={voie}&page=50", "/moderation/?q=numero+77"):
            with django_assert_max_num_queries(12):
                assert poste.get(adresse).status_code == 200
    page = texte(poste.get("/moderation/?page=500").text)
    assert "10 000 à traiter" in page and "9 981 à 10 000 sur 10 000" in page
    rang = 4_321
    with django_assert_max_num_queries(4):
        avant, ici, apres = file.autour(ROUTES[toutes[rang][0]], toutes[rang][1])
    assert [avant.pk, ici.pk, apres.pk] == [ligne[1] for ligne in toutes[rang - 1 : rang + 2]]


def test_on_va_de_ligne_en_ligne_dans_la_voie_et_le_tri_demandes(fiche):
    for n in range(3):
        vieillir(proposition(fiche, courriel=f"a{n}@exemple.fr", cout=f"{n}"), 3 * n)
        vieillir(signalement(fiche, cible=f"source-{n}").dossier, 3 * n)
    signalement(fiche, categorie="illicite")
    for demande in ({}, {"par_age": True}, {"voie": "signalements"}, {"voie": "propositions", "par_age": True}):
        file = File(moderatrice(), Criteres(), **demande)
        lues = [(entree.route, entree.pk) for entree in file.entrees]
        assert [file.autour(*lue).apres for lue in lues] == [*lues[1:], None]
        assert [file.autour(*lue).avant for lue in lues] == [None, *lues[:-1]]
        assert file.autour("traiter", 0) == (None, None, lues[0])


def test_une_voie_a_part_sort_de_toutes_les_autres_et_attend_toujours(fiche, monkeypatch):
    gratuites = Voie("Gratuites", {"propositions": lambda: Q(titre__contains="gratuit")}, a_part=True)
    monkeypatch.setitem(VOIES, "gratuites", gratuites)
    une, autre = proposition(fiche, cout="Vingt."), proposition(fiche_dispositif(titre="Soin gratuit"), cout="Dix.")
    assert references() == [f"Proposition n° {une.pk}"]
    file = File(moderatrice(), Criteres(), voie="gratuites")
    assert [entree.pk for entree in file.entrees] == [autre.pk]
    assert [file.comptes[voie].nombre for voie in ("", "propositions", "gratuites")] == [1, 1, 1]


@pytest.mark.parametrize("cherche", ["n° {pk}", "{pk}", "RESUME ateliers", "péripatéticienne", "Camille", "contrat"])
def test_on_cherche_un_numero_des_mots_un_titre_un_auteur(cherche):
    contrat = fiche_locale(titre="Contrat de la ville")
    cherchee = proposition(contrat, auteur=personne("camille"), description="Une péripatéticienne.")
    Proposition.objects.filter(pk=cherchee.pk).update(credit="nom", credit_nom="Camille")
    deposer(cherchee, "Le résumé dit : 100 % d’ateliers")
    proposition(fiche_dispositif(titre="Autre chose"), cout="Vingt.")
    assert references(cherche=cherche.format(pk=cherchee.pk)) == [f"Proposition n° {cherchee.pk}"]
    assert references(cherche="100_%") == references(cherche="ateliers absents") == []


def test_ce_qu_on_cherche_se_dit_introuvable_et_un_signalement_se_cherche_aussi(poste, fiche):
    recu = signalement(fiche, nom="Zoé Lectrice").dossier
    assert f"Signalement n° {recu.pk}" in texte(poste.get("/moderation/?q=zoe").text)
    page = poste.get("/moderation/?q=%00")
    assert page.status_code == 400
    page = texte(poste.get("/moderation/?q=rien-de-tel").text)
    assert "Rien ne correspond." in page and "1 à traiter" not in page


def test_chaque_ligne_dit_la_section_le_lieu_l_auteur_et_ce_qui_attend_au_meme_endroit(poste):
    lieu = territoire(nom="Calais", departements=["62"])
    ici, auteur = fiche_locale(sur=[lieu]), personne("camille")
    acceptee = proposition(ici, auteur=auteur, porteur="La ville")
    propositions.accepter(acceptee, par=moderateur(), depot=1)
    une = proposition(ici, auteur=auteur, titre="Un autre titre")
    proposition(ici, courriel="b@exemple.fr", resume="Autrement.")
    ligne = next(entree for entree in File(moderatrice(), Criteres()).entrees if entree.pk == une.pk)
    assert (ligne.endroit, ligne.lieu, ligne.confiance, ligne.autres) == ("Titre", "Calais (62)", "1 acceptée sur 1", 1)
    page = texte(poste.get(f"/moderation/?fiche={ici.pk}").text)
    assert "1 autre proposition sur cette fiche" in page and "Première fois" in page and "2 à traiter" in page
    assert "0 à traiter" in texte(poste.get("/moderation/?fiche=99999").text)


def test_on_garde_un_filtre_sous_un_nom_et_on_l_oublie(poste, fiche):
    proposition(fiche, cout="Vingt.")
    ici = "/moderation/?voie=propositions&q=precise"
    for _ in range(2):  # the same name again replaces it
        garde = poste.post(ici, {"nom": "Précisions", "parametres": "voie=propositions&q=precise&page=3&autre=1"})
        assert garde.headers["Location"] == "/moderation/?q=precise&voie=propositions"
    page = poste.get(garde.headers["Location"]).text
    assert 'class="puce active" href="?q=precise&amp;voie=propositions"' in page and "Oublier" in page
    assert "Précisions" in poste.get("/moderation/").text
    assert poste.post(ici, {"nom": "", "parametres": "voie=propositions"}).status_code == 422
    assert poste.post(ici, {"nom": "Vide", "parametres": "autre=1"}).status_code == 422
    trop = poste.post(ici, {"nom": "Long", "parametres": "q=" + "é" * 200})
    assert trop.status_code == 422 and "trop longs pour être gardés" in trop.text
    (filtre,) = Filtre.objects.all()
    autre = Client()
    autre.force_login(moderateur())
    autre.post("/moderation/", {"retirer": filtre.pk})
    assert "Précisions" not in autre.get("/moderation/").text and Filtre.objects.exists()
    for cle in ("x", filtre.pk):
        assert poste.post("/moderation/", {"retirer": cle}).status_code == 302
    assert not Filtre.objects.exists()


def test_la_page_coute_peu_quelle_que_soit_la_file(poste, fiche, django_assert_max_num_queries):
    Portee.objects.create(utilisateur=moderatrice()).themes.add(fiche.themes.get())
    for n in range(12):
        proposition(fiche, courriel=f"a{n}@exemple.fr", cout=f"{n} euros.")
        signalement(fiche, cible=f"source-{n}")
    with django_assert_max_num_queries(12):
        assert poste.get("/moderation/").status_code == 200


def test_ma_portee_se_choisit_par_nom_ou_par_code(poste):
    lieu = territoire(code="76540", nom="Rouen", departements=["76"])
    assert "Rouen (76)" in poste.get("/moderation/portee/?q=76540").text
    poste.post("/moderation/portee/", {"verbe": "ajouter", "territoire": "commune:76540"})
    assert list(Portee.objects.get().territoires.all()) == [lieu]
    poste.post("/moderation/portee/", {"verbe": "retirer", "territoire": "commune:76540"})
    assert not Portee.objects.get().territoires.exists()


def test_mes_themes_se_cochent(poste, fiche):
    poste.post("/moderation/portee/", {"verbe": "themes", "themes": ["prevention"]})
    assert Portee.objects.get().themes.get().slug == "prevention"
    assert poste.post("/moderation/portee/", {"verbe": "themes", "themes": ["rien"]}).status_code == 422


def test_un_dossier_clos_quitte_la_file(fiche):
    recu = signalement(fiche)
    assert len(references()) == 1
    Dossier.objects.filter(pk=recu.dossier_id).update(
        statut="corrige", decidee_par=moderatrice(), decidee_le=timezone.now()
    )
    assert references() == []
