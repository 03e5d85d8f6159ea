"""The territories that a cell names: several in one, codes that a spreadsheet spoiled, « EPCI sauf X ».

Sure names are read all at once; the others one by one, and asked: a resemblance is offered, never chosen.
"""

import re
from collections.abc import Iterable
from itertools import islice

from contributions.tableau.questions import RIEN, Carnet, Question, cle
from francais.caracteres import sans_accents
from territoires.imports.lecture import code_commune
from territoires.lectures import surs
from territoires.models import Territoire
from territoires.recherche import Lecture, lire
from territoires.sortes import separer_la_sorte

ROLE = "territoires"
CHOIX_AU_PLUS = 10  # names of an answer to what an answer says
CELLULE_AU_PLUS = 600  # characters
MORCEAUX_AU_PLUS = 60_000  # of all the cells of a table
LECTURES_AU_PLUS = (
    2_000  # names that the base is asked one by one; the others are asked of the person, without proposal
)
FORTS = re.compile(r"\s*(?:[\n;|+]|\s[/&]\s)\s*")
VIRGULES = re.compile(r"\s*,\s*")
ET = re.compile(r"\s+et\s+", re.IGNORECASE)
DES_COMMUNES = re.compile(
    r"(?:les )?(?:communes?|villes?|EPCI|QPV)(?: d[eu]s?| d[’']|\s*:)\s*(?=\D)",
    re.IGNORECASE,
)
SAUF = re.compile(r"[\s,(](?:sauf|hors|hormis|except[ée]e?s?|[àa] l[’' ]exception d(?:e|u|es)?)[\s’']", re.IGNORECASE)
TOUTES = re.compile(r"[\s(]*(?:toutes?|l[’']ensemble)(?: de)?s?(?: les| ses)? communes(?: d[eu]s?)?\s*", re.IGNORECASE)
SANS_NOM = re.compile(r"(?:l[’' ])?(?:epci|intercommunalit[ée]|interco|agglo(?:m[ée]ration)?|cc|ca)?", re.IGNORECASE)
DESIGNATION = re.compile(r"(?P<nature>commune|epci|qpv|departement|region|perimetre)\s*[: ]\s*(?P<code>[\w .-]+)")
SIREN = re.compile(r"\d{3}\s?\d{3}\s?\d{3}")
CODE_COURT = re.compile(r"\d{4}")
CODE = re.compile(r"(?:\d\d|2[ABab])\d{3}")


class Lieux:
    """What the cells of a column of territories mean. `officiels`: bare codes are those of the Insee."""

    def __init__(self, carnet: Carnet, *, officiels: bool = False):
        self.carnet, self.officiels = carnet, officiels
        self.surs: dict[str, Territoire] = {}
        self.lectures: dict[str, Lecture] = {}
        self.exclusions: dict[str, list[Territoire]] = {}
        self.suit = False  # an answer, at this moment

    def preparer(self, cellules: Iterable[str]) -> None:
        """Read at once the names that are sure, of all these cells and of the answers given."""
        tous = (m for cellule in {*cellules, *self.carnet.reponses.values()} for m in _tous(cellule))
        self.surs |= surs({_designation(m, self.officiels) for m in islice(tous, MORCEAUX_AU_PLUS)})

    @property
    def connus(self) -> list[Territoire]:
        """All the territories that were surely read."""
        return [*self.surs.values(), *(lue.territoire for lue in self.lectures.values() if lue.territoire)]

    def lire(self, cellule: str, repere: str, departement: str = "") -> list[Territoire]:
        """Return the territories of a cell; those that are not sure are asked. Raises Laissee."""
        trouves = self._entier(cellule, repere)
        if trouves is None:
            trouves = self._en_morceaux(cellule, repere, departement)
        return list({lieu.pk: lieu for lieu in trouves}.values())

    def _entier(self, texte: str, repere: str) -> list[Territoire] | None:
        """Return what a text means as a whole, if that is sure."""
        reponse = self.carnet.reponse(ROLE, texte)
        if reponse == RIEN:
            return []
        if reponse and self.suit:  # what an answer says was asked in its turn: names alone, or nothing would end it
            noms = [self._sur(nom) for nom in reponse.split("|", CHOIX_AU_PLUS)]
            if all(noms):
                return [lieu for lieu in noms if lieu]
        elif reponse:
            self.suit = True
            try:
                return self.lire(reponse, repere)
            finally:
                self.suit = False
        if lieu := self._sur(texte):
            designation = _designation(texte, self.officiels)
            if designation != texte and sans_accents(designation) != sans_accents(texte).replace(" ", ""):
                self.carnet.comprendre(texte, f"{lieu.nom_complet} ({lieu.code})", repere)
            return [lieu]
        trouve = SAUF.search(texte)
        if trouve and not SAUF.search(texte, trouve.end()):
            return self._sauf(texte, texte[: trouve.start()], texte[trouve.end() :].strip(" ()"), repere)
        return None

    def _sur(self, texte: str) -> Territoire | None:
        """Return the territory that a text surely is; those that were not prepared are asked of the base once."""
        designation = _designation(texte, self.officiels)
        return self.surs.get(designation) or self._lecture(designation).territoire

    def _lecture(self, designation: str) -> Lecture:
        """Return what a text means, asked of the base once."""
        if designation not in self.lectures:
            seule = _se_lit_seul(designation) and len(self.lectures) < LECTURES_AU_PLUS
            self.lectures[designation] = lire(designation) if seule else Lecture()
        return self.lectures[designation]

    def _en_morceaux(self, texte: str, repere: str, departement: str) -> list[Territoire]:
        nu = DES_COMMUNES.sub("", texte, count=1) if DES_COMMUNES.match(texte) else texte
        forts = [m for m in FORTS.split(nu) if m]
        if len(forts) > 1:
            return [lieu for morceau in forts for lieu in self.lire(morceau, repere, departement)]
        for coupe in (VIRGULES, ET):
            morceaux = [m for m in coupe.split(nu) if m]
            sorte = separer_la_sorte(texte)[1]
            if len(morceaux) > 1 and not (sorte and sorte.en_partie):
                lus = [self._morceau(morceau) for morceau in morceaux]
                if all(lus) or (coupe is VIRGULES and any(lus)):
                    return [t for m in morceaux for t in self.lire(m, repere, departement)]
        if nu != texte and (lieu := self._sur(nu)):
            return [lieu]
        return self._demander(texte, repere, departement)

    def _morceau(self, texte: str) -> bool:
        """Return whether a part is sure, or is made of parts that are."""
        morceaux = [m for m in ET.split(texte) if m]
        return bool(self._sur(texte)) or (len(morceaux) > 1 and all(self._sur(m) for m in morceaux))

    def _demander(self, texte: str, repere: str, departement: str) -> list[Territoire]:
        if departement and (lieu := self._lecture(f"{texte} ({departement})").territoire):
            self.carnet.comprendre(f"{texte} ({departement})", lieu.nom_complet, repere)
            return [lieu]
        if connue := self.carnet.questions.get(cle(ROLE, texte)):
            self.carnet.demander(connue, repere)
            return []
        proches = self._lecture(_designation(texte, self.officiels)).proches
        choix = [(lieu.designation, f"{lieu.nom}, {getattr(lieu, 'precision', '')}".strip(", ")) for lieu in proches]
        choix.append((RIEN, "Ne pas reprendre ce nom"))
        est_un_code = bool(CODE.fullmatch(texte))
        dit = "c’est un code officiel, ou un code postal" if est_un_code else "aucun territoire n’a exactement ce nom"
        if len(proches) > 1 and not est_un_code and all(getattr(lieu, "exact", False) for lieu in proches):
            dit = "plusieurs territoires ont ce nom"
        question = Question(ROLE, texte, dit, choix, plusieurs=est_un_code, libre="Un autre nom, ou un code")
        self.carnet.demander(question, repere)
        return []

    def _sauf(self, texte: str, base: str, exclus: str, repere: str) -> list[Territoire]:
        """Return the communes of an intercommunalité but some; without its name, it is asked."""
        if texte in self.exclusions:
            return self.exclusions[texte]
        base = TOUTES.sub("", base).strip(" (:,")
        dehors = self.lire(exclus, repere)
        if not dehors:
            return []
        tout = None if SANS_NOM.fullmatch(base) else self._sur(base)
        if tout is None:
            communs = Territoire.objects.filter(nature=Territoire.Nature.EPCI, fin=None)
            for commune in dehors:
                communs = communs.filter(inclus__contenu=commune)
            nature = "|".join(commune.designation for commune in dehors)
            choix = [(f"{e.designation} sauf {nature}", f"{e.nom} sauf {exclus}") for e in communs.distinct()[:4]]
            dit = "de quelle intercommunalité s’agit-il ?"
            self.carnet.demander(
                Question(ROLE, texte, dit, choix, libre="Un nom, ou un code, « sauf » compris"), repere
            )
            return []
        communes = Territoire.objects.contenus_dans(tout).filter(nature=Territoire.Nature.COMMUNE, fin=None)
        exclues = {commune.pk for commune in dehors}
        restantes = [commune for commune in communes if commune.pk not in exclues]
        if len(restantes) + len(exclues) != len(communes):
            self.carnet.fauter(f"Ce territoire n’est pas dans {tout.nom}", exclus, repere)
            return []
        self.carnet.comprendre(texte, f"{len(restantes)} communes de {tout.nom}", repere)
        self.exclusions[texte] = restantes
        return restantes


def _se_lit_seul(texte: str) -> bool:
    """Return whether a text may be one name: asking the base costs, and lists are many."""
    return len(texte) <= 80 and "\n" not in texte and not re.search(r"[;|+]", texte)


def _tous(cellule: str) -> Iterable[str]:
    """Yield a cell and all the parts that it may be made of."""
    yield cellule
    nue = DES_COMMUNES.sub("", cellule, count=1)
    for fort in {*FORTS.split(nue), nue}:
        yield fort
        for virgule in VIRGULES.split(fort):
            yield virgule
            yield from ET.split(virgule)
        yield from ET.split(fort)


def _designation(texte: str, officiels: bool) -> str:
    """Return a code as our base writes it: the zero that spreadsheets lose, « 2a004 », « 200 023 414 »."""
    lu = sans_accents(texte).strip()
    if trouve := DESIGNATION.fullmatch(lu):
        nature, code = trouve["nature"], trouve["code"].replace(" ", "").replace(".", "").upper()
        if nature == "commune":
            code = code_commune(code) or code
        if nature == "departement":
            code = code.zfill(2)
        return f"{nature}:{code.lower() if nature == 'perimetre' else code}"
    if SIREN.fullmatch(lu):
        return f"epci:{lu.replace(' ', '')}"
    if CODE_COURT.fullmatch(lu):
        lu = f"0{lu}"
    if officiels and CODE.fullmatch(lu):
        return f"commune:{lu.upper()}"
    return lu.upper() if CODE.fullmatch(lu) else texte
