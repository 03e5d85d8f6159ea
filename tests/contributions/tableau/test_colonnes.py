"""Columns are recognised by their words and by what they hold; rows that are no lines are left out."""

from contributions.tableau.colonnes import Entete, Role, lignes, lire_entete
from contributions.tableau.lecture import Feuille

SORTES = {"cls", "clsm"}
GABARIT = (
    "type;nom;generation;statut;date_signature;date_debut;date_fin;porteur_siren;porteur_nom;echelle;territoires;"
    "url_source;date_verification"
).split(";")


def _entete(*rangees: list[str], connus=None, numero=None) -> Entete:
    return lire_entete(Feuille("", list(enumerate(rangees, 1))), connus or {}, SORTES, numero)


def _roles(entete: Entete) -> list[str]:
    return [colonne.role.value for colonne in entete.colonnes]


def test_notre_gabarit_est_reconnu_en_entier():
    assert _roles(_entete(GABARIT, ["cls"] + [""] * 12)) == (
        "sorte nom generation etat signature debut fin  porteur  territoires adresse vu".split(" ")
    )


def test_le_tableau_d_une_region_se_lit_sous_son_titre_et_ses_groupes():
    titre = ["SUIVI DES CONTRATS LOCAUX DE SANTÉ – mise à jour mars 2025"] * 9
    groupes = [
        "N°",
        "Porteur",
        "Porteur",
        "Périmètre",
        "Calendrier",
        "Calendrier",
        "Calendrier",
        "État",
        "Référent ARS",
    ]
    noms = ["N°", "Collectivité", "Type", "Communes / EPCI", "Date signature", "Durée", "Échéance", "Statut", "Réf."]
    entete = _entete(titre, groupes, noms, ["1", "CC", "EPCI", "Dieppe", "2021", "5 ans", "2026", "Signé", "Jean"])
    assert entete.numero == 3
    assert _roles(entete) == ["", "porteur", "", "territoires", "signature", "duree", "fin", "etat", ""]
    assert entete.colonnes[-1].personnelle


def test_une_colonne_type_qui_ne_nomme_pas_de_dispositif_est_laissee():
    assert _roles(_entete(["Type", "Commune", "Statut"], ["EPCI", "Rouen", "signé"]))[0] == ""
    assert _roles(_entete(["Type", "Commune", "Statut"], ["CLS", "Rouen", "signé"]))[0] == "sorte"


def test_ce_que_quelqu_un_a_corrige_revient():
    connus = {"machin": Role.PORTEUR}
    assert _roles(_entete(["Machin", "Commune"], ["CC", "Rouen"], connus=connus)) == ["porteur", "territoires"]


def test_deux_colonnes_ne_disent_pas_la_meme_chose():
    entete = _entete(["Commune", "EPCI", "Statut"], ["Rouen", "Métropole", "signé"])
    assert _roles(entete) == ["territoires", "", "etat"]
    assert not entete.colonnes[1].sure


def test_sans_noms_de_colonnes_rien_n_est_devine():
    entete = _entete(["Rouen", "2021"], ["Oissel", "2022"])
    assert entete.numero is None
    assert _roles(entete) == ["", ""]


def test_totaux_titres_intermediaires_et_noms_repetes_ne_sont_pas_des_lignes():
    noms = ["Commune", "Statut", "Échéance"]
    rangees = [noms, ["Rouen", "signé", "2026"], ["Eure"] * 3, noms, ["Évreux", "signé", ""], ["TOTAL", "2", ""]]
    feuille = Feuille("", list(enumerate(rangees, 1)))
    entete = lire_entete(feuille, {}, SORTES)
    gardees, laissees = lignes(feuille, entete, {c.place: c.role for c in entete.colonnes})
    assert [ligne.numero for ligne in gardees] == [2, 5]
    assert laissees == [3, 4, 6]
