"""How near a territory the fiches that concern it are, and the territories around it that have more of them."""

from django.db.models import Case, Count, IntegerChoices, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.text import capfirst

from fiches.gabarits import Nature
from fiches.models import Fiche, concerne
from francais.balises import de
from territoires.articles import avec_article, la_ou
from territoires.models import Inclusion, Territoire

Attache = Fiche.territoires.through
# What may contain a territory, from the nearest to the widest.
AUTOUR = list(reversed(Territoire.Nature.values))
JUSQU_OU = {Territoire.Nature.REGION: "", Territoire.Nature.DEPARTEMENT: "jusqu’à la région"}


class Groupe(IntegerChoices):
    """Where a fiche is, seen from a territory, in the order of the list."""

    ICI = 0  # in it, or a contract that covers it
    AUTOUR = 1  # in its intercommunalité, or for what contains it
    AILLEURS = 2
    COMPRENDRE = 3  # the kinds of schemes, which are nowhere

    def titre(self, territoire: Territoire) -> str:
        """Return what stands above these fiches in the list."""
        match self:
            case Groupe.ICI:
                return capfirst(la_ou(territoire))
            case Groupe.AUTOUR:
                return f"Autour {de(avec_article(territoire))}"
            case Groupe.AILLEURS:
                departement = territoire.nature == Territoire.Nature.DEPARTEMENT
                return "Ailleurs dans la région" if departement else "Ailleurs dans le département"
            case Groupe.COMPRENDRE:
                return "Pour comprendre"


def distance(territoire: Territoire, *, dedans: int = 1) -> Subquery:
    """How far a fiche is from this territory: 0 on it, `dedans` inside it, from 2 around it, ever wider."""
    echelons = [
        When(territoire__in=_autour(territoire), territoire__nature=nature, then=Value(n))
        for n, nature in enumerate(AUTOUR, 2)
    ]
    parties = When(territoire__in=_dedans(territoire), then=Value(dedans))
    rang = Case(When(territoire=territoire, then=Value(0)), parties, *echelons, output_field=IntegerField())
    attaches = Attache.objects.filter(fiche=OuterRef("pk"))
    return Subquery(attaches.order_by(rang).values_list(rang)[:1])


def groupe(territoire: Territoire) -> Case:
    """The `Groupe` of a fiche, seen from this territory."""
    contrats = Q(nature=Nature.LOCAL) & concerne(territoire)
    intercommunalites = _contenants(territoire, Territoire.Nature.EPCI)
    return Case(
        When(nature=Nature.DISPOSITIF, then=Value(Groupe.COMPRENDRE)),
        When(_attachees(_dedans(territoire)) | contrats, then=Value(Groupe.ICI)),
        When(concerne(territoire) | _attachees(_contenus(intercommunalites)), then=Value(Groupe.AUTOUR)),
        default=Value(Groupe.AILLEURS),
    )


def jusqu_ou(territoire: Territoire) -> str:
    """Return how far `autour` goes; empty for a région, which has nothing around it."""
    return JUSQU_OU.get(Territoire.Nature(territoire.nature), "jusqu’au département")


def autour(territoire: Territoire) -> Q:
    """Select the fiches of its département; those of its région, for a département."""
    est_departement = territoire.nature == Territoire.Nature.DEPARTEMENT
    nature = Territoire.Nature.REGION if est_departement else Territoire.Nature.DEPARTEMENT
    return _attachees(_contenus(_contenants(territoire, nature)))


def elargir(territoire: Territoire, fiches: QuerySet) -> list[tuple[Territoire, int]]:
    """Return the territories around, the nearest first, with how many of these fiches concern each. Two queries."""
    autour = list(Territoire.objects.contenant(territoire))
    comptes = fiches.aggregate(**{f"n{autre.pk}": Count("pk", filter=concerne(autre)) for autre in autour})
    autour.sort(key=lambda autre: (AUTOUR.index(autre.nature), autre.nom))
    return [(autre, compte) for autre in autour if (compte := comptes[f"n{autre.pk}"])]


def _attachees(territoires: QuerySet) -> Q:
    return Q(pk__in=Attache.objects.filter(territoire__in=territoires).values("fiche"))


def _contenants(territoire: Territoire, nature: str) -> QuerySet:
    return Inclusion.objects.filter(contenu=territoire, contenant__nature=nature).values("contenant")


def _contenus(contenants: QuerySet) -> QuerySet:
    return Inclusion.objects.filter(contenant__in=contenants).values("contenu")


def _autour(territoire: Territoire) -> QuerySet:
    return Inclusion.objects.filter(contenu=territoire).values("contenant")


def _dedans(territoire: Territoire) -> QuerySet:
    return Inclusion.objects.filter(contenant=territoire).values("contenu")
