"""The steps of bringing a table: what each one writes. Nothing is handed in before the last."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from comptes.models import Utilisateur
from contributions.models import ColonneApprise, Lot, Tableau
from contributions.models.lots import TITRE_MAX
from contributions.tableau import travail
from contributions.tableau.analyse import Effet
from contributions.tableau.colonnes import Role, mots
from contributions.tableau.lecture import Classeur
from contributions.tableau.travail import FeuilleLue
from contributions.verbes import lots
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche

LIRE = "contributions.lire_tableau"  # the job, in `contributions/taches.py`
D_UN_COUP = 300  # lines read while one waits; more are the work of a worker
LIEUX_D_UN_COUP = 15_000  # characters of the territories that they name, and of the answers: names are what costs
TABLEAUX_AU_PLUS = 10  # kept for one person
REPONSE_MAX = 1_000  # characters


def commencer(auteur: Utilisateur, classeur: Classeur, annonce: Mapping[str, Any], nom: str) -> Tableau:
    """Keep a table that was just read; the columns that name people are emptied first."""
    tableau = Tableau(
        auteur=auteur,
        nom=nom.replace("\0", "")[:TITRE_MAX] or "Cellules collées",
        feuilles=[{"nom": feuille.nom, "rangees": feuille.rangees} for feuille in classeur.feuilles],
        masquees=classeur.masquees,
        **annonce,
    )
    _oublier_les_personnes(tableau)
    tableau.save()
    anciens = Tableau.objects.de(auteur).values_list("pk", flat=True)[TABLEAUX_AU_PLUS:]
    Tableau.objects.filter(pk__in=[*anciens]).delete()
    return tableau


def nommer_les_colonnes(tableau: Tableau, colonnes: dict[str, Any], feuilles: list[FeuilleLue]) -> None:
    """Keep what each column says, for this table and for the next ones of this person; read the lines."""
    apprises = {}
    for lue in feuilles:
        roles = colonnes[str(lue.rang)]["roles"]
        for colonne in lue.entete.colonnes:
            nom = mots(colonne.nom)[:100]
            if nom and not colonne.nom.startswith("Colonne ") and roles.get(str(colonne.place), "") != colonne.role:
                apprises[nom] = roles.get(str(colonne.place), "")
    ColonneApprise.objects.bulk_create(
        [ColonneApprise(auteur=tableau.auteur, nom=nom, role=role) for nom, role in apprises.items()],
        update_conflicts=True,
        unique_fields=["auteur", "nom"],
        update_fields=["role"],
    )
    tableau.colonnes = colonnes
    _oublier_les_personnes(tableau)  # their names may stand on another row than the one that was guessed
    _relire(tableau, colonnes=colonnes, feuilles=tableau.feuilles)


def _oublier_les_personnes(tableau: Tableau) -> None:
    """Empty the columns that name people."""
    for lue in travail.lire_les_feuilles(tableau):
        personnelles = [colonne.place for colonne in lue.entete.colonnes if colonne.personnelle]
        for numero, cellules in tableau.feuilles[lue.rang]["rangees"]:
            if lue.entete.numero is None or numero > lue.entete.numero:
                for place in personnelles:
                    cellules[place : place + 1] = [""] * len(cellules[place : place + 1])


def repondre(tableau: Tableau, reponses: Mapping[str, str]) -> None:
    """Add answers to the questions that are asked, and read again. An empty one takes an answer back."""
    posees = {question["cle"] for question in (tableau.analyse or {}).get("questions", [])}
    propres = {
        cle: " ".join(dite.replace("\0", "").split())[:REPONSE_MAX] for cle, dite in reponses.items() if cle in posees
    }
    gardees = {cle: dite for cle, dite in propres.items() if dite}
    if gardees:
        _relire(tableau, reponses=tableau.reponses | gardees)


def relire(tableau: Tableau) -> None:
    """Read again, with the same answers, what the fiches have become."""
    _relire(tableau)


def reprendre_les_reponses(tableau: Tableau) -> None:
    """Forget all the answers, and read again."""
    _relire(tableau, reponses={})


@transaction.atomic
def _relire(tableau: Tableau, **ecrits: Any) -> None:
    tableau.commencer_une_lecture(**ecrits)
    feuilles = travail.lire_les_feuilles(tableau)
    lignes = [ligne for lue in feuilles for ligne in lue.lignes]
    lieux = sum(map(len, [*(ligne[Role.TERRITOIRES] for ligne in lignes), *tableau.reponses.values()]))
    if len(lignes) > D_UN_COUP or lieux > LIEUX_D_UN_COUP:
        app.configure_task(LIRE, queue="tirages").defer(pk=tableau.pk, tour=tableau.tour)
    else:
        travail.lire(tableau, feuilles)
    tableau.refresh_from_db()


@transaction.atomic
def envoyer(tableau: Tableau, titre: str, mot: str) -> Lot:
    """Hand in what is ready as a lot, and forget the table. Raises Empechement."""
    actuel = Tableau.objects.select_for_update().filter(pk=tableau.pk).first()
    if actuel is None:
        if deja := Lot.objects.filter(jeton=tableau.jeton, auteur=tableau.auteur).first():
            return deja  # a double click
        raise Empechement("Ce tableau n’est plus là : apportez-le de nouveau.")
    if actuel.analyse is None:
        raise Empechement("Ce tableau est encore en cours de lecture.")
    prets = [
        (sort, actuel.contenus[str(rang)])
        for rang, sort in enumerate(actuel.analyse["sorts"])
        if sort["effet"] in (Effet.CREER, Effet.CHANGER)
    ]
    fiches = Fiche.objects.in_bulk([sort["fiche"] for sort, _ in prets if sort["fiche"]])
    lignes = [
        lots.Ligne(sort["numero"], contenu, fiches.get(sort["fiche"]), sort["version"]) for sort, contenu in prets
    ]
    lot = lots.deposer(tableau.auteur, titre, lignes, mot=mot, jeton=actuel.jeton)
    actuel.delete()
    return lot
