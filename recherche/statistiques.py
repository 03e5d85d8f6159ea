"""The public figures of the base, computed when they are asked, and their drawing as bars."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, OuterRef, Q
from django.utils import timezone

from actions.models import CONSTATEE_LE, ActionInspirante
from dispositifs.age import COUVRENT, EtatLocal
from dispositifs.models import DispositifLocal
from fiches.gabarits import Nature
from fiches.models import Fiche, Source, Theme
from francais.dates import il_y_a
from territoires.models import Territoire

LARGEUR = 360  # of a drawing, in its own units
PAS = 44  # from a bar to the next
PLUS_LONGUE = 300  # bar; its figure stands at its right
# Time since a source last saw it, the shortest first: so many months ago at least, and less than so many.
AGES = (
    ("Moins d’un an", 0, 12),
    ("D’un à deux ans", 12, 24),
    ("De deux à cinq ans", 24, 60),
    ("De cinq à dix ans", 60, 120),
    ("Dix ans ou plus", 120, 1_200),
)
COMPLETUDES = (
    ("100 %", 100, 100),
    ("De 75 à 99 %", 75, 99),
    ("De 50 à 74 %", 50, 74),
    ("De 25 à 49 %", 25, 49),
    ("Moins de 25 %", 0, 24),
)


@dataclass(frozen=True)
class Barre:
    nom: str
    compte: int
    haut: int  # its top in the drawing
    longueur: int
    question: str  # that the catalogue answers with these fiches, if any

    @property
    def apres(self) -> int:
        """Where its figure is written."""
        return self.longueur + 8 if self.longueur else 0


@dataclass(frozen=True)
class Graphique:
    cle: str
    titre: str
    note: str
    colonne: str  # title of the first column of the same figures as a table
    barres: list[Barre]

    @property
    def hauteur(self) -> int:
        return PAS * len(self.barres)


@dataclass(frozen=True)
class Statistiques:
    fiches: int
    completude: int
    relues: int
    sources: int
    documents: int
    chiffres: int
    graphiques: list[Graphique]


def dresser() -> Statistiques:
    """Return all the figures, of published fiches only: seven queries."""
    visibles = Fiche.objects.visibles_pour()
    comptes = visibles.order_by().annotate(constatee_le=CONSTATEE_LE).aggregate(**_comptes_simples())
    publiees = Q(fiche__in=visibles)
    comptees = {"sources": "pk", "documents": "titre", "chiffres": "chiffres"}
    cites = Source.objects.filter(publiees).aggregate(
        **{nom: Count(champ, distinct=True) for nom, champ in comptees.items()}
    )
    return Statistiques(
        fiches=comptes["fiches"],
        completude=round(comptes["moyenne"] or 0),
        relues=comptes["relues"],
        sources=cites["sources"],
        documents=cites["documents"],
        chiffres=cites["chiffres"],
        graphiques=[
            _par_nature(comptes),
            _par_completude(comptes),
            _par_age(comptes),
            _par_etat(),
            _par_preuve(),
            _par_theme(),
            _par_region(comptes["sans_territoire"]),
        ],
    )


def _comptes_simples() -> dict[str, Avg | Count]:
    jour = timezone.localdate()
    comptes: dict[str, Avg | Count] = {"fiches": Count("pk"), "moyenne": Avg("completude")}
    comptes["relues"] = Count("pk", filter=Q(relue_le__isnull=False))
    attachee = Exists(Fiche.territoires.through.objects.filter(fiche=OuterRef("pk")))
    comptes["sans_territoire"] = Count("pk", filter=~attachee)
    for nature in Nature:
        comptes[f"nature_{nature}"] = Count("pk", filter=Q(nature=nature))
    constatable = Q(nature__in=[Nature.LOCAL, Nature.ACTION])
    comptes["sans_date"] = Count("pk", filter=constatable & Q(constatee_le=None))
    for n, (_, au_moins, moins_de) in enumerate(AGES):
        depuis, jusqu_a = il_y_a(moins_de, jour), il_y_a(au_moins, jour)
        comptes[f"age_{n}"] = Count("pk", filter=Q(constatee_le__gt=depuis, constatee_le__lte=jusqu_a))
    for n, (_, de, a) in enumerate(COMPLETUDES):
        comptes[f"completude_{n}"] = Count("pk", filter=Q(completude__range=(de, a)))
    return comptes


def _par_nature(comptes: dict[str, int]) -> Graphique:
    lignes = [(nature.pluriel, comptes[f"nature_{nature}"], f"nature={nature}") for nature in Nature]
    return _tracer("nature", "Par nature", "", "Nature", lignes)


def _par_age(comptes: dict[str, int]) -> Graphique:
    lignes = [(nom, comptes[f"age_{n}"], "") for n, (nom, _, _) in enumerate(AGES)]
    note = "Dispositifs locaux et actions : temps écoulé depuis qu’une source les a vus, et non depuis qu’ils sont ici."
    return _tracer("age", "Par ancienneté", note, "Vus il y a", [*lignes, ("Sans date", comptes["sans_date"], "")])


def _par_completude(comptes: dict[str, int]) -> Graphique:
    lignes = [(nom, comptes[f"completude_{n}"], "") for n, (nom, _, _) in enumerate(COMPLETUDES)]
    note = "Part des rubriques du gabarit qui disent quelque chose."
    return _tracer("completude", "Par complétude", note, "Complétude", lignes)


def _par_theme() -> Graphique:
    themes = Theme.objects.annotate(compte=Count("fiches", filter=Q(fiches__in=Fiche.objects.visibles_pour())))
    lignes = [(theme.nom, theme.compte, f"theme={theme.slug}") for theme in themes.order_by("-compte", "ordre")]
    return _tracer("theme", "Par thème", "Une fiche compte dans chacun de ses thèmes.", "Thème", lignes)


def _par_region(sans_territoire: int) -> Graphique:
    attaches = Fiche.territoires.through.objects.filter(
        fiche__in=Fiche.objects.visibles_pour(), territoire__inclusions__contenant__nature=Territoire.Nature.REGION
    )
    par_region = dict(attaches.values_list("territoire__inclusions__contenant").annotate(Count("fiche", distinct=True)))
    regions = Territoire.objects.actifs().filter(nature=Territoire.Nature.REGION).order_by("nom")
    lignes = [(region.nom, par_region.get(region.pk, 0), f"territoire={region.designation}") for region in regions]
    lignes.sort(key=lambda ligne: -ligne[1])
    note = (
        "Une fiche compte dans chaque région où se trouve l’un de ses territoires. Une région à zéro n’est pas vide :"
        " personne ne nous en a encore rien dit."
    )
    return _tracer("region", "Par région", note, "Région", [*lignes, ("Sans territoire", sans_territoire, "")])


def _par_etat() -> Graphique:
    locaux = DispositifLocal.objects.visibles_pour().avec_etat(timezone.localdate()).order_by()
    comptes = dict(locaux.values_list("etat_local").annotate(Count("pk")))  # type: ignore[misc]  # annotated
    comptes[EtatLocal.EN_VIGUEUR] = sum(comptes.get(etat, 0) for etat in COUVRENT)  # as the list behind the figure
    lignes = [(etat.label, comptes.get(etat.value, 0), f"etat={etat.value}") for etat in EtatLocal]
    note = (
        "Dispositifs locaux seulement, au jour où vous lisez : d’après ce que leurs sources ont dit, et quand."
        " Ce qui finit dans moins d’un an est aussi en vigueur."
    )
    return _tracer("etat", "Par état aujourd’hui", note, "État", lignes)


def _par_preuve() -> Graphique:
    actions = ActionInspirante.objects.visibles_pour().order_by()
    comptes = dict(actions.values_list("preuve").annotate(Count("pk")))
    lignes = [(p.label, comptes.get(p.value, 0), f"preuve={p.value}") for p in reversed(ActionInspirante.Preuve)]
    note = "Actions inspirantes seulement."
    return _tracer("preuve", "Par niveau de preuve", note, "Niveau", [*lignes, ("Non précisé", comptes.get("", 0), "")])


def _tracer(cle: str, titre: str, note: str, colonne: str, lignes: Iterable[tuple[str, int, str]]) -> Graphique:
    lignes = list(lignes)
    le_plus = max((compte for _, compte, _ in lignes), default=0) or 1
    barres = [
        # A bar too short to be seen would say zero.
        Barre(nom, compte, PAS * n, max(2, round(PLUS_LONGUE * compte / le_plus)) if compte else 0, question)
        for n, (nom, compte, question) in enumerate(lignes)
    ]
    return Graphique(cle, titre, note, colonne, barres)
