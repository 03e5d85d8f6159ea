"""The columns of somebody's table: which row names them, what each one says, which rows are no lines."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import models

from contributions.tableau.lecture import Feuille
from francais.caracteres import sans_accents

NOMS_AU_PLUS_TARD = 20  # rows
EXEMPLES = 3
RECONNUES_AU_MOINS = 2
VAGUE = re.compile(r"\bnature\b|categorie")
HORS_DES_MOTS = re.compile(r"[^a-z0-9]+")
SORTES_DE_LIEUX = frozenset("epci commune communes ville cc ca cu agglomeration metropole petr qpv departement".split())
EXEMPLE = "Exemple : "  # begins the line that our template gives as an example
RECAPITULE = re.compile(r"(?:sous )?tota(?:l|ux)\b|moyenne\b|somme\b|nombre (?:total|de)\b")


class Role(models.TextChoices):
    """What a column says of a local scheme."""

    SORTE = "sorte", "Sorte de dispositif"
    NOM = "nom", "Nom du dispositif"
    PORTEUR = "porteur", "Porteur"
    TERRITOIRES = "territoires", "Territoires"
    DEPARTEMENT = "departement", "Département (aide à reconnaître les communes)"
    SIGNATURE = "signature", "Date de signature"
    DEBUT = "debut", "Début"
    DUREE = "duree", "Durée"
    FIN = "fin", "Fin prévue"
    ETAT = "etat", "État"
    VU = "vu", "Constaté le"
    GENERATION = "generation", "Génération (1er, 2e contrat…)"
    ADRESSE = "adresse", "Adresse de la source"
    LAISSEE = "", "Ne pas reprendre"


# Words of the names of columns, without accents: the first that is found decides. What names people goes first.
PERSONNES = re.compile(
    r"\b(?:referente?s?|contacts?|coordinat\w+|coordonnat\w+|coordonnees|tel\w*|portable|e?mails?|courriels?"
    r"|interlocut\w+|prenoms?|chef\w* de projet|animat\w+|charge\w* de mission|elue?s?)\b"
)
MOTS = [
    (re.compile(mots), role)
    for mots, role in (
        (r"\bsiren\b(?!.*epci)|\bsiret\b|population|habitants|\becheh?elle\b|\bnombre\b", Role.LAISSEE),
        (r"^(?:dernier )?constat$", Role.ETAT),
        (r"verification|constat|\bvue? (?:le|en)\b|\ba jour\b|\bmaj\b|mise a jour", Role.VU),
        (r"signature|\bsigne[es]?\b", Role.SIGNATURE),
        (r"\bduree\b", Role.DUREE),
        (r"echeance|\bfin\b|\bterme\b|expir", Role.FIN),
        (r"\bdebut\b|\bd effet\b|demarrage|lancement|entree en vigueur|\bdepuis\b", Role.DEBUT),
        (r"generation|\brang\b|n(?:umero)? (?:du|de) contrat", Role.GENERATION),
        (r"\betat\b|statut|avancement|\bstade\b|situation", Role.ETAT),
        (r"\burl\b|\blien\b|\bsite\b|\bweb\b|internet|adresse", Role.ADRESSE),
        (r"porteu|collectivite|portage|porte par|pilote|signataire", Role.PORTEUR),
        (r"departement|\bdepts?\b|\bdep\b", Role.DEPARTEMENT),
        (r"territoire|perimetre|\bcommunes?\b|\bepci\b|insee|\bvilles?\b|codes? postal|localisation", Role.TERRITOIRES),
        (r"\btype\b|\bdispositifs?\b|\bsorte\b|\bnature\b|categorie", Role.SORTE),
        (r"\bnom\b|intitule|\btitre\b|libelle|denomination", Role.NOM),
    )
]


@dataclass(frozen=True)
class Colonne:
    """A column: its place, its name in the table, a few of its values, what it says, and whether that is sure."""

    place: int
    nom: str  # « Colonne 3 » when the table does not name it
    exemples: list[str]
    role: Role
    sure: bool
    personnelle: bool = False


@dataclass(frozen=True)
class Entete:
    """The row that names the columns (None: no row does), and the columns."""

    numero: int | None
    colonnes: list[Colonne]


@dataclass(frozen=True)
class Ligne:
    """A line of a table: where it is in the file, what it says by role."""

    feuille: str
    numero: int
    cellules: Mapping[Role, str]

    def __getitem__(self, role: Role) -> str:
        return self.cellules.get(role, "")

    @property
    def repere(self) -> str:
        """« 12 », or « CLS 27, 12 » when there are several sheets."""
        return f"{self.feuille}, {self.numero}" if self.feuille else str(self.numero)


def mots(texte: str) -> str:
    """Return a name without accents nor signs, to be compared with another."""
    return " ".join(HORS_DES_MOTS.split(sans_accents(texte))).strip()


def role_des_mots(nom: str) -> Role:
    """Return what a name of column announces; LAISSEE when nothing does."""
    lus = mots(nom)
    return next((role for motif, role in MOTS if motif.search(lus)), Role.LAISSEE)


def lire_entete(
    feuille: Feuille, connus: Mapping[str, Role], sortes: Collection[str], numero: int | None = None
) -> Entete:
    """Return the names of the columns of a sheet: of the row `numero` when somebody said which.

    `connus`: roles that this person gave to names of columns, by their `mots`. `sortes`: the names of the kinds of
    schemes, by which one tells a column « Type » that gives them from another.
    """
    debut = feuille.rangees[:NOMS_AU_PLUS_TARD]
    if numero is None:
        notes = [_reconnus(cellules, connus) for _, cellules in debut]
        rang = notes.index(max(notes))
        while notes[rang + 1 : rang + 2] == [notes[rang]]:  # groups of columns stand just above their names
            rang += 1
        seule = notes[rang] and len(debut[0][1]) == 1
        place = rang if notes[rang] >= RECONNUES_AU_MOINS or seule else None
    else:
        place = next((rang for rang, (n, _) in enumerate(feuille.rangees) if n == numero), None)
    largeur = max(len(cellules) for _, cellules in feuille.rangees)
    noms = _noms(feuille, place, largeur)
    suite = [cellules for _, cellules in feuille.rangees[0 if place is None else place + 1 :]]
    prises: set[Role] = set()
    colonnes = []
    for rang, (groupe, nom) in enumerate(noms):
        valeurs = list(dict.fromkeys(c[rang] for c in suite if rang < len(c) and c[rang]))
        role = connus[mots(nom)] if nom and mots(nom) in connus else _role(groupe, nom, valeurs, sortes)
        sure = role not in prises and role != Role.LAISSEE
        colonnes.append(
            Colonne(
                rang,
                nom or groupe or f"Colonne {rang + 1}",
                [valeur[:60] for valeur in valeurs[:EXEMPLES]],
                role if sure else Role.LAISSEE,
                sure or role == Role.LAISSEE,
                bool(PERSONNES.search(mots(f"{groupe} {nom}"))),
            )
        )
        prises.add(role)
    return Entete(None if place is None else feuille.rangees[place][0], colonnes)


def _reconnus(cellules: list[str], connus: Mapping[str, Role]) -> int:
    """Return how many roles the cells of a row announce; a title says the same in each, or is long."""
    courtes = {cellule for cellule in cellules if 0 < len(cellule) <= 60}
    return len({connus.get(mots(cellule)) or role_des_mots(cellule) for cellule in courtes} - {Role.LAISSEE})


def _noms(feuille: Feuille, place: int | None, largeur: int) -> list[tuple[str, str]]:
    """Return for each column the name of its group, in the row above, and its own."""
    vide = [""] * largeur
    if place is None:
        return [("", "")] * largeur
    siens = [*feuille.rangees[place][1], *vide][:largeur]
    dessus = [*feuille.rangees[place - 1][1], *vide][:largeur] if place else vide
    if len({cellule for cellule in dessus if cellule}) < 2:  # a title
        dessus = vide
    return [(groupe if groupe != nom else "", " ".join(nom.split())) for groupe, nom in zip(dessus, siens, strict=True)]


def _role(groupe: str, nom: str, valeurs: list[str], sortes: Collection[str]) -> Role:
    """Return what a column says, by its name, that of its group, and what it holds."""
    if PERSONNES.search(mots(f"{groupe} {nom}")):
        return Role.LAISSEE
    role = role_des_mots(nom)
    if role == Role.LAISSEE and not nom:
        role = role_des_mots(groupe)
    lus = {mots(valeur) for valeur in valeurs}
    if role == Role.SORTE and lus.isdisjoint(sortes) and (lus & SORTES_DE_LIEUX or VAGUE.search(mots(nom))):
        return Role.LAISSEE  # the kind of the territory, or of the fiche
    return role


def lignes(feuille: Feuille, entete: Entete, roles: Mapping[int, Role], nom: str = "") -> tuple[list[Ligne], list[int]]:
    """Return the lines under the names of columns, and the numbers of the rows that are none: totals, titles.

    `roles`: by place. `nom`: what to call the sheet, when there are several.
    """
    gardees, laissees = [], []
    titres = [colonne.nom for colonne in entete.colonnes]
    for numero, cellules in feuille.rangees:
        if entete.numero is not None and numero <= entete.numero:
            continue
        dites = {role: cellules[place] for place, role in roles.items() if place < len(cellules) and cellules[place]}
        if not dites or _n_en_est_pas_une(cellules, titres, len(roles)):
            laissees.append(numero)
        else:
            gardees.append(Ligne(nom, numero, dites))
    return gardees, laissees


def _n_en_est_pas_une(cellules: list[str], titres: list[str], largeur: int) -> bool:
    """Return whether a row sums others up, is a title between them, or the names of the columns again."""
    pleines = [cellule for cellule in cellules if cellule]
    if any(RECAPITULE.match(mots(cellule)) for cellule in pleines[:2]):
        return True
    if any(cellule.startswith(EXEMPLE) for cellule in pleines):
        return True
    if largeur >= 3 and len(set(pleines)) == 1:
        return True
    return [" ".join(cellule.split()) for cellule in pleines] == [titre for titre in titres if titre][: len(pleines)]
