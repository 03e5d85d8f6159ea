"""Who covers what: the communes or the QPV of a territory × the schemes the base follows, in five states.

Couvert (by what, by which path, seen when), à vérifier (seen too long ago), terminé or past its term, absence dite (a
source says so), and what nobody said. Unknown never shows as absent, nor old as true; an uncertain perimeter covers
nothing, not even the territories it names: they are but the nearest known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property

from dispositifs.age import (
    A_VERIFIER,
    ABSENT,
    COUVERT,
    COUVERTURES,
    COUVRENT,
    FINI,
    FINIS,
    INCONNU,
    Constat,
    EtatLocal,
    ancien,
    couverture_de,
)
from dispositifs.models import SUIVIS, Absence, Dispositif, DispositifLocal
from fiches.models import Fiche
from francais.dates import DatePartielle
from territoires.models import Inclusion, Territoire

MOTS = {
    COUVERT: EtatLocal.EN_VIGUEUR.label.lower(),
    A_VERIFIER: EtatLocal.A_VERIFIER.label.lower(),
    FINI: EtatLocal.TERMINE.label.lower(),
    ABSENT: "absence dite",
    INCONNU: "on ne sait pas",
}
# The schemes followed in a territory (as `suivis`), each with the absences said of it, of what it lies in or contains.
SUIVIS_ET_ABSENCES = """
WITH haut AS (SELECT contenant_id AS id, partielle FROM territoires_inclusion WHERE contenu_id = %(ici)s),
autour AS (SELECT id FROM haut UNION SELECT contenu_id FROM territoires_inclusion WHERE contenant_id = %(ici)s),
publies AS (
  SELECT d.fiche_ptr_id, f.id, f.nature, f.slug, f.titre, d.sigle,
    f.slug = ANY(%(suivis)s) AND (
      NOT EXISTS (SELECT 1 FROM fiches_fiche_territoires l WHERE l.fiche_id = f.id)
      OR EXISTS (SELECT 1 FROM fiches_fiche_territoires l JOIN haut ON haut.id = l.territoire_id
                 WHERE l.fiche_id = f.id)
    ) AS suivi
  FROM dispositifs_dispositif d JOIN fiches_fiche f ON f.id = d.fiche_ptr_id AND f.etat = 'publiee'
),
absences AS (
  SELECT a.*, t.nom AS lieu, EXISTS (SELECT 1 FROM haut WHERE haut.id = t.id AND NOT haut.partielle) AS ici
  FROM dispositifs_absence a JOIN territoires_territoire t ON t.id = a.territoire_id
  WHERE a.territoire_id IN (SELECT id FROM autour)
)
SELECT p.*, a.lieu, a.ici, a.dite_le, a.precision, a.source
FROM publies p LEFT JOIN absences a ON a.dispositif_id = p.id
WHERE p.suivi OR a.id IS NOT NULL
ORDER BY p.titre, a.lieu
"""
CLASSES = {COUVERT: "ok", A_VERIFIER: "attention", FINI: "fini", ABSENT: "absence", INCONNU: "inconnu"}  # of the sheet
SAIS = "sais"  # parameter of the links of the table, `?sais=commune:76540,asv`: half the bytes of the page


def je_sais(designation: str, slug: str) -> str:
    """The address where one says what one knows of a scheme in a territory."""
    nature, _, code = designation.partition(":")
    return f"/territoires/{nature}/{code}/dire/#{slug}"


@dataclass(frozen=True)
class AbsenceDite:
    """An absence that a source says, in or around a given territory."""

    dispositif: Dispositif
    lieu: str
    ici: bool  # it holds for the whole territory, not for a part of it
    constatee_le: DatePartielle
    precision: str
    source: str


@dataclass
class Case:
    """What is known of one scheme in one place. What covers it outweighs an absence; a later absence is told.

    What was seen long ago, or is over, gives way to an absence that was said since.
    """

    dispositif: Dispositif
    lieu: Territoire
    jour: date
    connus: list[DispositifLocal] = field(default_factory=list)  # with their state on that day
    via: dict[str, bool] = field(default_factory=dict)  # by which path one covers, and whether for a part only
    incertains: dict[str, None] = field(default_factory=dict)  # schemes whose perimeter is uncertain, each once
    absence: Absence | AbsenceDite | None = None
    reunie: bool = False  # each path leads to a part, all together to the whole

    def _dans(self, *etats: EtatLocal) -> list[DispositifLocal]:
        return [local for local in self.connus if local.etat_local in etats]

    @cached_property
    def locaux(self) -> list[DispositifLocal]:
        """Those that make the cell what it is: they cover the place today, or are to be checked, or are over."""
        for etats in (COUVRENT, (EtatLocal.A_VERIFIER,), FINIS):
            if trouves := self._dans(*etats):
                return trouves
        return []

    @cached_property
    def etat(self) -> str:
        etat = couverture_de(self.locaux[0].etat_local) if self.locaux else INCONNU
        if etat != COUVERT and self.absence and (etat == INCONNU or self._absence_depuis):
            return ABSENT
        return etat

    @property
    def _absence_depuis(self) -> bool:
        """True when a source says, after all those that saw these schemes, that there is none."""
        return bool(self.absence and self.absence.constatee_le > self.vu_le)

    @property
    def etat_en_mots(self) -> str:
        """« terme passé en 2023 », « terminé », or the name of the state."""
        passes = [local.fin for local in self.locaux if local.etat_local == EtatLocal.TERME_PASSE]
        if self.etat == FINI and passes:
            return f"terme passé {max(passes).situee}"
        return MOTS[self.etat]

    @property
    def contredite(self) -> bool:
        return self.etat == COUVERT and self._absence_depuis

    @property
    def vu_le(self) -> DatePartielle:
        return max(local.vu_le for local in self.locaux)

    @property
    def precision(self) -> str:
        if self.etat == ABSENT and self.absence:
            ancienne = ancien(self.absence.constatee_le, self.jour)
            return f"{self.absence.constatee_le.situee}{', à vérifier' if ancienne else ''}"
        if self.etat == INCONNU:
            projets = [f"en projet\u00a0: {local.titre}" for local in self._dans(EtatLocal.EN_PROJET)]
            return ", ".join(projets + [f"périmètre incertain\u00a0: {titre}" for titre in self.incertains])
        vu = f"vu {self.vu_le.au_mois.situee}"
        if self.etat == A_VERIFIER:
            return vu
        if self.etat == FINI:
            return "suite inconnue" if self.etat_en_mots != MOTS[FINI] else vu
        chemins = [f"{nom}, en partie" if partiel and not self.reunie else nom for nom, partiel in self.via.items()]
        return f"{', '.join([*chemins, vu])}{self.contradiction if self.contredite else ''}"

    @property
    def contradiction(self) -> str:
        return f"\u00a0; contredit\u00a0: absence dite {self.absence.constatee_le.situee}" if self.absence else ""

    @property
    def je_sais(self) -> str:
        return je_sais(self.lieu.designation, self.dispositif.slug)

    @property
    def date(self) -> DatePartielle:
        """The date that goes with the state: the end to come, the end past, when it was seen, or said."""
        if self.etat == ABSENT and self.absence:
            return self.absence.constatee_le
        if self.etat == INCONNU:
            return DatePartielle()
        return self.terme or self.vu_le

    @property
    def terme(self) -> DatePartielle:
        """The end that a source gives to what makes the cell what it is: of several, the last one."""
        fins = [local.fin for local in self.locaux if self._tient_a(local.fin)]
        return max(fins) if fins and len(fins) == len(self.locaux) else DatePartielle()

    def _tient_a(self, fin: DatePartielle) -> bool:
        dernier_jour = fin.dernier_jour
        if dernier_jour is None or self.etat not in (COUVERT, FINI):
            return False
        return (dernier_jour >= self.jour) == (self.etat == COUVERT)

    @property
    def en_mots(self) -> str:
        """The state with its year: « En vigueur, vu en 2025 », « Vu en 2016, à vérifier », « Absence dite en 2026 »."""
        annee = self.date.annee
        if self.etat == COUVERT:
            return f"En vigueur jusqu’en {annee}" if self.terme else f"En vigueur, vu en {annee}"
        if self.etat == A_VERIFIER:
            prevu = all(local.constat == Constat.EN_PROJET for local in self.locaux)
            return f"{'Prévu' if prevu else 'Vu'} en {annee}, à vérifier"
        if self.etat == FINI:
            return f"Terme passé en {annee}" if self.etat_en_mots != MOTS[FINI] else f"Terminé, vu en {annee}"
        if self.etat == ABSENT and self.absence:
            return f"Absence dite en {annee}{', à vérifier' if ancien(self.absence.constatee_le, self.jour) else ''}"
        return MOTS[INCONNU].capitalize()

    @property
    def classe(self) -> str:
        return CLASSES[self.etat]

    @property
    def mention(self) -> str:
        """A word that the state and the date do not say."""
        if self.etat == COUVERT:
            en_partie = bool(self.via) and all(self.via.values()) and not self.reunie
            return "contredit" if self.contredite else "en partie" if en_partie else ""
        if self.etat == INCONNU:
            return "en projet" if self._dans(EtatLocal.EN_PROJET) else "incertain" if self.incertains else ""
        return ""

    @property
    def dit(self) -> tuple[Any, ...]:
        """What the cell says, whatever the place: those that say the same are shown together."""
        locaux = tuple(sorted(local.pk for local in self.locaux))
        return self.etat, self.date, self.mention, locaux, tuple(self.incertains)


Cases = dict[int, dict[int, Case]]  # by place, then by dispositif


@dataclass
class Rangee:
    """A row of the table: a place, or several of which the same is known."""

    lieux: list[Territoire]
    cases: list[Case]
    ou: Territoire  # of what one says what one knows: the place, or what holds them all

    @property
    def lieu(self) -> Territoire:
        return self.lieux[0]

    @property
    def intercommunalite(self) -> str:
        """The one where all of them lie, if there is one: « Métropole », « Métropole et Pays » of a QPV astride."""
        noms = {" et ".join(lieu.intercommunalites) for lieu in self.lieux}
        return noms.pop() if len(noms) == 1 else ""


@dataclass
class Couverture:
    dispositifs: list[Dispositif]
    rangees: list[Rangee]  # one for each place, in the order of a dictionary

    @property
    def totaux(self) -> list[tuple[Dispositif, dict[str, int]]]:
        """For each scheme, the number of places in each state."""
        totaux = []
        for n, dispositif in enumerate(self.dispositifs):
            etats = [rangee.cases[n].etat for rangee in self.rangees]
            totaux.append((dispositif, {etat: etats.count(etat) for etat in COUVERTURES}))
        return totaux


def couverture(territoire: Territoire, niveau: str, jour: date) -> Couverture:
    """Return the coverage, on a day, of the communes (`niveau` commune) or of the QPV (qpv) of a territory, or its own.

    Eight queries at most.
    """
    dispositifs = _ranger(suivis(territoire))
    lieux = list(Territoire.objects.actifs().dans(territoire).filter(nature=niveau).situes())
    cases = {lieu.pk: {d.pk: Case(d, lieu, jour) for d in dispositifs} for lieu in lieux}
    _remplir(cases, jour)
    lieux.sort(key=lambda lieu: lieu.rang_alphabetique)
    return Couverture(dispositifs, [Rangee([lieu], list(cases[lieu.pk].values()), lieu) for lieu in lieux])


def suivis(territoire: Territoire) -> QuerySet[Dispositif]:
    """The schemes that are followed here: one that exists in Normandie only is not missing elsewhere."""
    ici = Inclusion.objects.filter(contenu=territoire).values("contenant")
    ailleurs = ~Q(territoires__in=ici) & Q(territoires__isnull=False)
    portee = Dispositif.objects.filter(pk=OuterRef("pk")).filter(ailleurs)
    visibles = Dispositif.objects.visibles_pour().filter(slug__in=SUIVIS).exclude(Exists(portee))
    return visibles.nommees()


def _ranger(dispositifs: Iterable[Dispositif]) -> list[Dispositif]:
    return sorted(dispositifs, key=lambda d: SUIVIS.index(d.slug))


def suivis_et_absences(territoire: Territoire) -> tuple[list[Dispositif], list[AbsenceDite]]:
    """Return the schemes followed here, and the absences that a source says here or around. One query."""
    absences, dispositifs = [], {}
    lu: Any  # a dispositif, with what the query adds to it
    for lu in Dispositif.objects.raw(SUIVIS_ET_ABSENCES, {"ici": territoire.pk, "suivis": list(SUIVIS)}):
        if lu.suivi:
            dispositifs[lu.pk] = lu
        if lu.lieu is not None:
            le = DatePartielle(lu.dite_le)
            absences.append(AbsenceDite(lu, lu.lieu, lu.ici, le, lu.precision, lu.source))
    return _ranger(dispositifs.values()), absences


def _remplir(cases: Cases, jour: date) -> None:
    """Say in the cases what covers each place, and what is said not to be there."""
    suivis = Dispositif.objects.visibles_pour().filter(slug__in=SUIVIS)
    for lieu, dispositif in _reunis(_dire_les_locaux(cases, _locaux(cases, suivis, jour))):
        cases[lieu][dispositif].reunie = True
    _dire_les_absences(cases, suivis)


def _locaux(cases: Cases, suivis: QuerySet[Dispositif], jour: date) -> dict[int, DispositifLocal]:
    """Return by its key each published scheme of these kinds that is attached to what one of the places lies in."""
    attaches = Fiche.territoires.through.objects.filter(
        Q(territoire__inclus__contenu__in=cases), fiche__etat=Fiche.Etat.PUBLIEE, fiche__comme_local__isnull=False
    )
    locaux = DispositifLocal.objects.filter(pk__in=attaches.values("fiche"), dispositif__in=suivis)
    return {local.pk: local for local in locaux.avec_etat(jour).nommees()}


def _dire_les_locaux(cases: Cases, locaux: dict[int, DispositifLocal]) -> dict[tuple[int, int], set[int]]:
    """Put the schemes in the cases of their places; return, of a place and a kind, what covers a part of it."""
    liens = Inclusion.objects.filter(contenu__in=cases, contenant__fiches__in=locaux).values_list(
        "contenu", "contenant__fiches", "contenant", "contenant__nom", "partielle"
    )
    morceaux: dict[tuple[int, int], set[int]] = {}
    for lieu, fiche, contenant, nom, partielle in liens.order_by("contenant__population", "contenant__nom"):
        if (local := locaux.get(fiche)) is None:
            continue
        dispositif = cast(int, local.dispositif_id)  # the query kept those of a kind that is followed
        case = cases[lieu].get(dispositif)
        if case is None:  # a kind that exists elsewhere only
            continue
        if local.perimetre_incertain:
            case.incertains[local.titre] = None
            continue
        if local not in case.connus:  # two paths may lead to it
            case.connus.append(local)
        if local.etat_local in COUVRENT:
            case.via["ici" if lieu == contenant else f"via {nom}"] = partielle
            if partielle:
                morceaux.setdefault((lieu, dispositif), set()).add(contenant)
    return morceaux


def _dire_les_absences(cases: Cases, suivis: QuerySet[Dispositif]) -> None:
    absences = Absence.objects.filter(dispositif__in=suivis, territoire__inclus__contenu__in=cases)
    par_lieu: dict[int, list[Absence]] = {}
    for absence in absences.distinct():
        par_lieu.setdefault(absence.territoire_id, []).append(absence)
    entieres = Inclusion.objects.filter(contenu__in=cases, contenant__in=par_lieu, partielle=False)
    for lieu, contenant in entieres.values_list("contenu", "contenant"):
        for absence in par_lieu[contenant]:
            if case := cases[lieu].get(absence.dispositif_id):
                case.absence = absence


def _reunis(morceaux: dict[tuple[int, int], set[int]]) -> list[tuple[int, int]]:
    """Return the places, astride several communes, all of whose communes are covered. Two queries, if there are any."""
    if not morceaux:
        return []
    commune = Territoire.Nature.COMMUNE
    communes: dict[int, set[int]] = {}
    for lieu, sienne in Inclusion.objects.filter(
        contenu__in={lieu for lieu, _ in morceaux}, contenant__nature=commune
    ).values_list("contenu", "contenant"):
        communes.setdefault(lieu, set()).add(sienne)
    couvertes: dict[int, set[int]] = {}  # by what covers, the communes it holds whole
    for contenu, contenant in Inclusion.objects.filter(
        contenu__in=set().union(*communes.values()), contenant__in=set().union(*morceaux.values()), partielle=False
    ).values_list("contenu", "contenant"):
        couvertes.setdefault(contenant, set()).add(contenu)
    return [
        (lieu, dispositif)
        for (lieu, dispositif), contenants in morceaux.items()
        if communes.get(lieu) and communes[lieu] <= set().union(*(couvertes.get(c, set()) for c in contenants))
    ]
