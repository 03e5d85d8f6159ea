"""Comparing a releve with the database: what would change, said before it does."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from territoires.imports.releve import Cle, Fautes, FichierRefuse, Lu, Releve, Suite
from territoires.models import Inclusion, Millesime, Succession, Territoire

# A territory, a kind of what it lies in, and the codes it lies in.
Faits = dict[tuple[Cle, str], set[Cle]]
EPT, COMMUNE = Territoire.SousNature.EPT, Territoire.Nature.COMMUNE
GENRES_TRANSMIS = ("epci", "ept")
# A part of the communes of a département, and a number of them, that a whole file never forgets.
OUBLI_AU_PLUS, OUBLIS_AU_PLUS = 0.1, 20
COUPE = (
    "Le fichier oublie {n} des {total} communes du département {departement} : il est sans doute coupé, ou n’est "
    "qu’un extrait."
)
SANS_SUITE = Suite(date.min, "", frozenset())
PLUS_ANCIEN = "Si c’est bien ce que vous voulez, dites-le (--plus-ancien, ou la case du formulaire)."


@dataclass
class Modification:
    territoire: Territoire
    champs: dict[str, tuple[Any, Any]]


@dataclass
class Ecarts:
    """The differences. `absents`: not in the file, nobody says why; they stay open.

    `coupes`: the départements of which the file forgets too many communes, with how many of how many.
    """

    releve: Releve
    en_vigueur: int | None = None  # the vintage before
    crees: list[Lu] = field(default_factory=list)
    modifies: list[Modification] = field(default_factory=list)
    fermes: list[tuple[Territoire, Suite]] = field(default_factory=list)
    absents: list[Territoire] = field(default_factory=list)
    coupes: dict[str, tuple[int, int]] = field(default_factory=dict)
    inchanges: int = 0
    ajouts: set[tuple[Cle, Cle]] = field(default_factory=set)
    retraits: set[tuple[Cle, Cle]] = field(default_factory=set)
    suites: dict[Cle, Suite] = field(default_factory=dict)

    @property
    def vide(self) -> bool:
        return not (self.crees or self.modifies or self.fermes or self.ajouts or self.retraits or self.suites)


def refuser_si_plus_ancien(releve: Releve) -> None:
    """Raise FichierRefuse when a more recent vintage is in force."""
    en_vigueur = Millesime.objects.en_vigueur().get(releve.nature, 0)
    if releve.millesime < en_vigueur:
        suite = f"il rouvrirait et renommerait des territoires. {PLUS_ANCIEN}"
        raise FichierRefuse([f"Ce fichier est de {releve.millesime}, et la base est au {en_vigueur} : {suite}"])


def comparer(releve: Releve, *, fermer_absents: bool = False) -> Ecarts:
    """Return what this releve would change. Reads only."""
    natures = {nature for nature, _ in releve.territoires}
    connus = {(t.nature, t.code): t for t in Territoire.objects.filter(nature__in=natures)}
    ecarts = Ecarts(releve, Millesime.objects.en_vigueur().get(releve.nature))
    cites = {code for genres in releve.rattachements.values() for code in genres.get("departement", ())}
    ecarts.coupes = _coupes(ecarts, connus, cites)
    if fermer_absents:
        Fautes(COUPE.format(n=n, total=total, departement=d) for d, (n, total) in ecarts.coupes.items()).refuser()
    for cle, lu in releve.territoires.items():
        _comparer_un(ecarts, connus.get(cle), lu, cites - ecarts.coupes.keys())
    _comparer_les_absents(ecarts, connus, fermer_absents)
    _comparer_les_rattachements(ecarts, _faits())
    _comparer_les_suites(ecarts)
    return ecarts


def _coupes(ecarts: Ecarts, connus: dict[Cle, Territoire], cites: set[str]) -> dict[str, tuple[int, int]]:
    """Return the départements that the file forgets for too large a part. Only that of communes says départements."""
    totaux, oublis = Counter[str](), Counter[str]()
    lus = ecarts.releve.territoires
    for cle, connu in connus.items():
        for departement in () if connu.est_ferme else cites.intersection(connu.departements):
            totaux[departement] += 1
            lu = lus.get(cle)
            oublis[departement] += lu is None or not (lu.fin is None or _recente(ecarts, lu.fin))
    return {
        departement: (n, totaux[departement])
        for departement, n in sorted(oublis.items())
        if n > max(OUBLIS_AU_PLUS, OUBLI_AU_PLUS * totaux[departement])
    }


def _recente(ecarts: Ecarts, fin: date) -> bool:
    """Return whether this end can be news."""
    return fin.year >= (ecarts.en_vigueur or 0)


def _comparer_un(ecarts: Ecarts, connu: Territoire | None, lu: Lu, entiers: set[str]) -> None:
    if connu is None:
        ecarts.crees.append(lu)
        return
    if lu.fin and not connu.est_ferme and not (_recente(ecarts, lu.fin) or entiers.intersection(connu.departements)):
        ecarts.absents.append(connu)  # it may have been re-established since, in the part that is missing
        return
    champs = _differences(connu, lu)
    if lu.fin and not connu.est_ferme:
        ecarts.fermes.append((connu, ecarts.releve.suites[lu.cle]))
        del champs["fin"]
    if champs:
        ecarts.modifies.append(Modification(connu, champs))
    elif connu.est_ferme == bool(lu.fin):
        ecarts.inchanges += 1


def _differences(connu: Territoire, lu: Lu) -> dict[str, tuple[Any, Any]]:
    lus: dict[str, Any] = {"fin": lu.fin}
    if lu.nom_propre or not connu.est_ferme or connu.code in connu.nom:
        lus["nom"] = lu.nom
    if lu.sous_nature is not None:
        lus["sous_nature"] = lu.sous_nature
    if lu.point:
        lus["longitude"], lus["latitude"] = lu.point
    avant = {champ: getattr(connu, champ) for champ in lus}
    return {champ: (avant[champ], valeur) for champ, valeur in lus.items() if avant[champ] != valeur}


def _comparer_les_absents(ecarts: Ecarts, connus: dict[Cle, Territoire], fermer: bool) -> None:
    """Look for what the file should list and does not: what lies wholly in the départements it speaks of."""
    releve = ecarts.releve
    departements = {d for cle in releve.territoires if cle in connus for d in connus[cle].departements}
    for cle, connu in connus.items():
        hors_sujet = cle in releve.territoires or connu.nature != releve.nature or connu.est_ferme
        if hors_sujet or connu.sous_nature == EPT or not connu.departements:
            continue
        if cle in releve.suites:
            ecarts.fermes.append((connu, releve.suites[cle]))
        elif departements.issuperset(connu.departements):
            if fermer:
                ecarts.fermes.append((connu, Suite(date(releve.millesime, 1, 1), "", frozenset())))
            else:
                ecarts.absents.append(connu)


def _faits() -> Faits:
    faits: Faits = defaultdict(set)
    champs = (
        "contenu__nature",
        "contenu__code",
        "contenant__nature",
        "contenant__code",
        "contenant__sous_nature",
    )
    for nature, code, vers, vers_code, sous_nature in Inclusion.objects.filter(directe=True).values_list(*champs):
        faits[(nature, code), "ept" if sous_nature == EPT else vers].add((vers, vers_code))
    return faits


def _comparer_les_rattachements(ecarts: Ecarts, faits: Faits) -> None:
    dits = ecarts.releve.rattachements
    for cle, genres in dits.items():
        for genre, codes in genres.items():
            nature = "epci" if genre == "ept" else genre
            lus = {(nature, code) for code in codes}
            ecarts.ajouts |= {(cle, vers) for vers in lus - faits[cle, genre]}
            ecarts.retraits |= {(cle, vers) for vers in faits[cle, genre] - lus}
    fermes = {(t.nature, t.code): suite for t, suite in ecarts.fermes}
    for (contenu, genre), contenants in list(faits.items()):
        if contenu in fermes:
            ecarts.retraits |= {(contenu, vers) for vers in contenants}
        elif genre not in dits.get(contenu, {}):
            _faire_suivre(ecarts, contenu, contenants, fermes)
    _transmettre(ecarts, fermes, faits)


def _faire_suivre(ecarts: Ecarts, contenu: Cle, contenants: set[Cle], fermes: dict[Cle, Suite]) -> None:
    """What lay in a territory that is no more lies in its successor, when there is only one."""
    for ancien in contenants & fermes.keys():
        if len(fermes[ancien].nouveaux) == 1:
            ecarts.retraits.add((contenu, ancien))
            ecarts.ajouts |= {(contenu, nouveau) for nouveau in fermes[ancien].nouveaux - contenants}


def _transmettre(ecarts: Ecarts, fermes: dict[Cle, Suite], faits: Faits) -> None:
    """A commune born of communes of one EPCI is in it, until the next file of the EPCI."""
    herites: Faits = defaultdict(set)
    for ancien, suite in fermes.items():
        for nouveau in suite.nouveaux if len(suite.nouveaux) == 1 else ():
            for genre in GENRES_TRANSMIS:
                herites[nouveau, genre] |= faits[ancien, genre]
    for (nouveau, genre), groupes in herites.items():
        deja_dit = genre in ecarts.releve.rattachements.get(nouveau, {})
        if len(groupes) == 1 and not deja_dit and not faits[nouveau, genre]:
            ecarts.ajouts |= {(nouveau, groupe) for groupe in groupes}


def _comparer_les_suites(ecarts: Ecarts) -> None:
    ouverts = {(t.nature, t.code) for t in ecarts.absents}
    suites = ecarts.releve.suites | {(t.nature, t.code): suite for t, suite in ecarts.fermes}
    suites = {cle: suite for cle, suite in suites.items() if cle not in ouverts}
    natures = {ecarts.releve.nature, *(nature for nature, _ in suites)}
    connues: dict[Cle, set[tuple[Cle, date | None]]] = defaultdict(set)
    champs = ("ancien__nature", "ancien__code", "nouveau__nature", "nouveau__code", "date")
    for nature, code, *vers, quand in Succession.objects.filter(ancien__nature__in=natures).values_list(*champs):
        connues[nature, code].add((tuple(vers), quand))
    for cle in connues.keys() & {lu.cle for lu in ecarts.releve.territoires.values() if not lu.fin}:
        suites[cle] = SANS_SUITE  # it is there again: nothing came after it
    for cle, suite in suites.items():
        if connues[cle] != {(nouveau, suite.date) for nouveau in suite.nouveaux}:
            ecarts.suites[cle] = suite
