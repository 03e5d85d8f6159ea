"""Scope: what is about some places or themes, told in SQL of whatever waits for moderators."""

from typing import Any

from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, When

from contributions.models import Depot, Portee, Proposition
from fiches.models import Fiche, Theme
from territoires.models import Inclusion, Territoire

RIEN = Q(pk__in=[])


def portee_de(utilisateur) -> Portee | None:
    """Return what this moderator looks after; nothing when she did not say."""
    dite = Q(territoires__isnull=False) | Q(themes__isnull=False)
    return Portee.objects.filter(dite, utilisateur=utilisateur).first()


def dans_la_portee(portee: Portee, *chemins: str, avec_neuves: bool = False) -> Q:
    """Return what is about a fiche of the scope, on its territories or on its themes.

    `avec_neuves`: of propositions (`avec_lieux`), the fiches that do not exist yet too, by what their text says.
    """
    territoires, themes = portee.territoires.values("pk"), portee.themes.values("slug")
    return sur(territoires, *chemins, avec_neuves=avec_neuves) | du_theme(themes, *chemins, avec_neuves=avec_neuves)


def sur(territoires: QuerySet, *chemins: str, avec_neuves: bool = False) -> Q:
    """Return what is about a fiche attached to one of these territories (a query of keys), or to what they hold."""
    contenus = Inclusion.objects.filter(contenant__in=territoires).values("contenu")
    condition = _de(Fiche.territoires.through.objects.filter(territoire__in=contenus).values("fiche"), chemins)
    if avec_neuves and (dits := _designations_en_attente(contenus)):
        condition |= Q(lieux__has_any_keys=dits)
    return condition


def du_theme(themes: Any, *chemins: str, avec_neuves: bool = False) -> Q:
    """Return what is about a fiche on one of these themes (a query of slugs, or a list)."""
    condition = _de(Fiche.themes.through.objects.filter(theme__slug__in=themes).values("fiche"), chemins)
    if avec_neuves:
        dit = Func(OuterRef("sujets"), F("slug"), function="jsonb_exists", output_field=BooleanField())
        condition |= Q(Exists(Theme.objects.filter(slug__in=themes).annotate(dit=dit).filter(dit=True)))
    return condition


def avec_lieux(propositions: Any) -> Any:
    """Give each the territories and the themes that a new fiche says (`lieux`, `sujets`): others, their fiche does."""
    depots = Depot.objects.filter(proposition=OuterRef("pk")).order_by("-numero")
    return propositions.alias(
        lieux=_si_neuve(depots.values("recus__territoires")[:1]), sujets=_si_neuve(depots.values("recus__themes")[:1])
    )


def _de(fiches: QuerySet, chemins: tuple[str, ...]) -> Q:
    condition = RIEN
    for chemin in chemins:
        condition |= Q(**{f"{chemin}__in": fiches})
    return condition


def _si_neuve(depots: QuerySet) -> Case:
    return Case(When(fiche=None, then=Subquery(depots)))


def _designations_en_attente(contenus: QuerySet) -> list[str]:
    """Return those of the places named by the new fiches that wait which lie among these territories."""
    neuves = avec_lieux(Proposition.objects.a_traiter().filter(fiche=None)).exclude(lieux=None)
    listes = neuves.annotate(dits=F("lieux")).values_list("dits", flat=True)
    dits = {designation for liste in listes for designation in liste or []}
    if not dits:
        return []
    return [lieu.designation for lieu in Territoire.objects.designes_par(dits).filter(pk__in=contenus)]
