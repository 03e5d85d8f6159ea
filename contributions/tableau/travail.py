"""The reading of a table that was brought, from its row to its row: now if it is short, by a worker if it is long."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from contributions.models import ColonneApprise, Tableau
from contributions.models.lots import TITRE_MAX
from contributions.tableau import analyse
from contributions.tableau.analyse import SANS_FICHE, Avancement, Effet
from contributions.tableau.colonnes import Entete, Ligne, Role, lignes, lire_entete, mots
from contributions.tableau.contenus import Document
from contributions.tableau.dits import Annonce
from contributions.tableau.lecture import Feuille
from contributions.tableau.rapprochement import noms_des_dispositifs
from dispositifs.models import Dispositif
from francais.dates import DatePartielle

TITRE_COURT = 8  # characters: what stands alone and is no longer is no title
EN_TETE = 2  # columns recognised, without which a sheet among others is no table


@dataclass(frozen=True)
class FeuilleLue:
    """A sheet: its names of columns, what each column says, whether it is read; its lines, and the rows left out."""

    rang: int
    feuille: Feuille
    entete: Entete
    roles: dict[int, Role]
    prise: bool
    lignes: list[Ligne]
    laissees: list[int]


def lire_les_feuilles(tableau: Tableau) -> list[FeuilleLue]:
    """Return the sheets of a table as its columns are understood, or were corrected."""
    apprises = ColonneApprise.objects.filter(auteur=tableau.auteur_id).values_list("nom", "role")
    connus = {nom: Role(role) for nom, role in apprises if role in Role}
    sortes = noms_des_dispositifs(Dispositif.objects.visibles_pour())
    plusieurs = len(tableau.feuilles) > 1
    lues = []
    for rang, brute in enumerate(tableau.feuilles):
        feuille = Feuille(brute["nom"], [(numero, cellules) for numero, cellules in brute["rangees"]])
        dit = tableau.colonnes.get(str(rang), {})
        entete = lire_entete(feuille, connus, sortes, dit.get("entete"))
        roles = {colonne.place: colonne.role for colonne in entete.colonnes if colonne.role}
        if "roles" in dit:
            roles = {int(place): Role(role) for place, role in dit["roles"].items() if role}
        prise = dit.get("prise", not plusieurs or len(roles) >= EN_TETE)
        siennes, laissees = lignes(feuille, entete, roles, feuille.nom if plusieurs else "") if prise else ([], [])
        lues.append(FeuilleLue(rang, feuille, entete, roles, prise, siennes, laissees))
    return lues


def titre_au_dessus(lue: FeuilleLue) -> str:
    """Return the title that stands alone in its row, above the names of the columns; otherwise nothing."""
    for numero, cellules in lue.feuille.rangees:
        if numero >= (lue.entete.numero or 0):
            break
        dites = {" ".join(cellule.split()) for cellule in cellules} - {""}
        if len(dites) == 1 and len(titre := dites.pop()) > TITRE_COURT:
            return titre[:TITRE_MAX]
    return ""


def document_de(tableau: Tableau, feuilles: list[FeuilleLue]) -> Document:
    """Return the table as a source, called as it calls itself, else as its file is."""
    titres = (titre_au_dessus(lue) for lue in feuilles if lue.prise)
    return Document(
        next(filter(None, titres), tableau.nom), tableau.editeur, DatePartielle(tableau.le), tableau.adresse
    )


def analyser(
    tableau: Tableau, feuilles: list[FeuilleLue], avancer: Avancement = lambda combien: None
) -> analyse.Analyse:
    """Return what a table comes to by its sheets, kept or not. `avancer`: told how many lines are read."""
    dispositif = Dispositif.objects.visibles_pour().filter(slug=tableau.dispositif).first()
    officiels = any(
        role == Role.TERRITOIRES and _de_l_insee(lue.entete, place)
        for lue in feuilles
        for place, role in lue.roles.items()
    )
    return analyse.analyser(
        [ligne for feuille in feuilles for ligne in feuille.lignes],
        Annonce(dispositif, DatePartielle(tableau.le), timezone.localdate()),
        document_de(tableau, feuilles),
        tableau.reponses,
        officiels=officiels,
        avancer=avancer,
    )


def lire(tableau: Tableau, feuilles: list[FeuilleLue]) -> None:
    """Keep what a table and its sheets come to, unless somebody answered something else meanwhile."""
    tableau.finir_la_lecture(*_en_json(analyser(tableau, feuilles, tableau.avancer)))


def _place(repere: str) -> tuple[str, int]:
    """Return what sorts lines as they stand: their sheet, if there are several, and their number."""
    feuille, _, numero = repere.rpartition(", ")
    return feuille, int(numero)


def _de_l_insee(entete: Entete, place: int) -> bool:
    """Return whether the name of a column says that it holds the codes of the Insee."""
    nom = next((mots(colonne.nom) for colonne in entete.colonnes if colonne.place == place), "")
    return "insee" in nom or "code officiel" in nom or "code commune" in nom


def _en_json(lue: analyse.Analyse) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what pages show of an analysis, and apart the contents, by the place of their line: they are heavy."""
    sorts, contenus = [], {}
    for rang, sort in enumerate(lue.sorts):
        decrit = asdict(sort)
        if (contenu := decrit.pop("contenu")) is not None:
            contenus[str(rang)] = contenu
        sorts.append(decrit)
    comptes = dict.fromkeys(Effet.values, 0)
    for sort in lue.sorts:
        comptes[sort.effet] += len(sort.lignes) if sort.effet in SANS_FICHE else 1
    reunies = sum(len(sort.lignes) for sort in lue.sorts) - sum(comptes.values())
    remplacees = sorted((repere for sort in lue.sorts for repere in sort.remplacees), key=_place)
    decrit = {"sorts": sorts, "comptes": comptes, "reunies": reunies, "remplacees": remplacees}
    decrit["a_revoir"] = lue.carnet.a_revoir()
    return decrit | lue.carnet.en_json(), contenus
