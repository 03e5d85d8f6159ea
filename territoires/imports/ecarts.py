"""Comparing a releve with the database: what would change, said before it does."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from territoires.imports.releve import Cle, Lu, Releve, Suite
from territoires.models import Inclusion, Succession, Territoire

# A territory, a kind of what it lies in, and the codes it lies in.
Faits = dict[tuple[Cle, str], set[Cle]]
EPT = Territoire.SousNature.EPT
GENRES_TRANSMIS = ("epci", "ept")
CITES = 20


@dataclass
class Modification:
    territoire: Territoire
    champs: dict[str, tuple[Any, Any]]


@dataclass
class Ecarts:
    """The differences. `absents`: not in the file, nobody says why; they stay open."""

    releve: Releve
    crees: list[Lu] = field(default_factory=list)
    modifies: list[Modification] = field(default_factory=list)
    fermes: list[tuple[Territoire, Suite]] = field(default_factory=list)
    absents: list[Territoire] = field(default_factory=list)
    inchanges: int = 0
    ajouts: set[tuple[Cle, Cle]] = field(default_factory=set)
    retraits: set[tuple[Cle, Cle]] = field(default_factory=set)
    suites: dict[Cle, Suite] = field(default_factory=dict)

    @property
    def vide(self) -> bool:
        return not (self.crees or self.modifies or self.fermes or self.ajouts or self.retraits or self.suites)

    def rapport(self, tout: bool = False) -> Iterator[str]:
        """Yield the lines that a person reads before saying yes."""
        yield f"{self.releve.titre} (millésime {self.releve.millesime}) : {len(self.releve.territoires)} lus."
        ouverts = [f"{lu.nom} ({lu.cle[1]})" for lu in self.crees if not lu.fin]
        anciens = [f"{lu.nom} ({lu.cle[1]}), jusqu’au {lu.fin:%d/%m/%Y}" for lu in self.crees if lu.fin]
        yield from _paragraphe("Créés", ouverts, tout)
        yield from _paragraphe("Anciens, créés fermés", anciens, tout)
        yield from _paragraphe("Modifiés", [_dire(m) for m in self.modifies], tout)
        yield from _paragraphe("Fermés", [_dire_fermeture(t, s) for t, s in self.fermes], tout)
        yield f"Inchangés : {self.inchanges}."
        yield f"Rattachements : {len(self.ajouts)} ajoutés, {len(self.retraits)} retirés."
        yield f"Successions à écrire : {len(self.suites)}."
        yield from _paragraphe("Absents du fichier, laissés ouverts", [str(t) for t in self.absents], tout)


def comparer(releve: Releve, *, fermer_absents: bool = False) -> Ecarts:
    """Return what this releve would change. Reads only."""
    natures = {nature for nature, _ in releve.territoires}
    connus = {(t.nature, t.code): t for t in Territoire.objects.filter(nature__in=natures)}
    ecarts = Ecarts(releve)
    for cle, lu in releve.territoires.items():
        _comparer_un(ecarts, connus.get(cle), lu)
    _comparer_les_absents(ecarts, connus, fermer_absents)
    _comparer_les_rattachements(ecarts, _faits())
    _comparer_les_suites(ecarts)
    return ecarts


def _comparer_un(ecarts: Ecarts, connu: Territoire | None, lu: Lu) -> None:
    if connu is None:
        ecarts.crees.append(lu)
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
    lus: dict[str, Any] = {"nom": lu.nom, "fin": lu.fin}
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
    suites = ecarts.releve.suites | {(t.nature, t.code): suite for t, suite in ecarts.fermes}
    natures = {nature for nature, _ in suites}
    connues: dict[Cle, set[tuple[Cle, date | None]]] = defaultdict(set)
    champs = ("ancien__nature", "ancien__code", "nouveau__nature", "nouveau__code", "date")
    for nature, code, *vers, quand in Succession.objects.filter(ancien__nature__in=natures).values_list(*champs):
        connues[nature, code].add((tuple(vers), quand))
    for cle, suite in suites.items():
        if connues[cle] != {(nouveau, suite.date) for nouveau in suite.nouveaux}:
            ecarts.suites[cle] = suite


def _paragraphe(titre: str, noms: list[str], tout: bool) -> Iterable[str]:
    if not noms:
        return [f"{titre} : aucun."]
    cites = noms if tout else noms[:CITES]
    reste = [f"  … et {len(noms) - len(cites)} autres."] if len(cites) < len(noms) else []
    return [f"{titre} : {len(noms)}.", *(f"  {nom}" for nom in cites), *reste]


def _dire(modification: Modification) -> str:
    changements = "; ".join(
        f"{champ} : {avant or 'vide'} → {apres or 'vide'}" for champ, (avant, apres) in modification.champs.items()
    )
    return f"{modification.territoire} : {changements}"


def _dire_fermeture(territoire: Territoire, suite: Suite) -> str:
    devenus = ", ".join(sorted(code for _, code in suite.nouveaux)) or "sans successeur"
    return f"{territoire} [{territoire.code}], le {suite.date:%d/%m/%Y} → {devenus}"
