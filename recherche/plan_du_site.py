"""The plan of the site for search engines (sitemaps.org): every page that anybody may read, and no other."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import DateTimeField, Max, Value
from django.urls import reverse
from django.utils.functional import cached_property

from dispositifs.models import Absence
from fiches.gabarits import Nature
from fiches.models import Fiche, FicheQuerySet
from territoires.models import Inclusion

PAGES = (
    "accueil catalogue dispositifs dispositifs_locaux actions carte echeancier comparer territoires:accueil sigles"
    " organismes statistiques contribuer a_faire gabarits"
    " aide a_propos mentions_legales accessibilite confidentialite charte"
).split()
# The pages that fiches make: of which natures.
LISTES: dict[str, tuple[Nature, ...]] = {
    **dict.fromkeys(("accueil", "catalogue", "statistiques"), tuple(Nature)),
    **dict.fromkeys(("dispositifs", "comparer"), (Nature.DISPOSITIF,)),
    **dict.fromkeys(("dispositifs_locaux", "echeancier"), (Nature.LOCAL,)),
    "actions": (Nature.ACTION,),
    "carte": (Nature.LOCAL, Nature.ACTION),
}
PROCHES = ("perimetre", "epci", "commune", "qpv")  # whose fiches say something of all that lies in them


class Plan(Sitemap):
    """Addresses are those of SITE_URL, whatever the host that was asked."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class PlanDesFiches(Plan):
    limit = 5_000

    def items(self) -> FicheQuerySet:
        return Fiche.objects.visibles_pour().order_by("pk").only("nature", "slug", "modifiee_le")

    def lastmod(self, fiche: Fiche):
        return fiche.modifiee_le

    def get_latest_lastmod(self):
        return Fiche.objects.visibles_pour().order_by("-modifiee_le").values_list("modifiee_le", flat=True).first()


class Lieu(NamedTuple):
    """A territory of which something is said, and when the last fiche that says it changed."""

    nature: str
    code: str
    change_le: datetime | None

    def get_absolute_url(self) -> str:
        return reverse("territoires:page", args=[self.nature, self.code])


class PlanDesTerritoires(Plan):
    """Those of which the base says something: the page of the others would say nothing."""

    limit = 5_000

    def items(self) -> list[Lieu]:
        return self._lieux

    @cached_property
    def _lieux(self) -> list[Lieu]:
        """What a fiche is about, what holds it, what lies in it (but all of a région or a département). One query."""
        visibles, change_le = Fiche.objects.visibles_pour(), "fiches__modifiee_le"
        ce_qui_contient = Inclusion.objects.filter(contenu__fiches__in=visibles, contenant__fin=None)
        ce_qui_y_est = Inclusion.objects.filter(
            contenant__fiches__in=visibles, contenant__nature__in=PROCHES, contenu__fin=None
        )
        absents = Absence.objects.filter(territoire__fin=None)
        dits = ce_qui_contient.values_list("contenant__nature", "contenant__code", Max(f"contenu__{change_le}")).union(
            ce_qui_y_est.values_list("contenu__nature", "contenu__code", Max(f"contenant__{change_le}")),
            absents.values_list("territoire__nature", "territoire__code", Value(None, DateTimeField())),
            all=True,
        )
        dates: dict[tuple[str, str], datetime | None] = {}
        for nature, code, le in dits:
            dates[nature, code] = max(filter(None, (dates.get((nature, code)), le)), default=None)
        return [Lieu(*cle, le) for cle, le in sorted(dates.items())]

    def lastmod(self, lieu: Lieu) -> datetime | None:
        return lieu.change_le

    def get_latest_lastmod(self) -> datetime | None:
        return max(filter(None, (lieu.change_le for lieu in self._lieux)), default=None)


class PlanDesPages(Plan):
    def items(self) -> list[str]:
        return PAGES

    def location(self, page: str) -> str:
        return reverse(page)

    def lastmod(self, page: str) -> datetime | None:
        """Return when what a list shows last changed; nobody knows it of the other pages."""
        natures = LISTES.get(page, ())
        return max(filter(None, (self._changements.get(nature) for nature in natures)), default=None)

    def get_latest_lastmod(self) -> None:
        return None  # the pages that no fiche makes have no date

    @cached_property
    def _changements(self) -> dict[str, datetime]:
        par_nature = Fiche.objects.visibles_pour().order_by().values_list("nature")
        return dict(par_nature.annotate(Max("modifiee_le")))


PLANS: dict[str, type[Plan]] = {"fiches": PlanDesFiches, "territoires": PlanDesTerritoires, "pages": PlanDesPages}


def index() -> Iterator[dict[str, Any]]:
    """Yield each page of each plan. (Django's own index would say the host that was asked, not that of SITE_URL.)"""
    for section, classe in PLANS.items():
        plan, adresse = classe(), settings.SITE_URL + reverse("section_du_plan", args=[section])
        change_le = plan.get_latest_lastmod()
        for page in range(1, plan.paginator.num_pages + 1):
            yield {"location": adresse if page == 1 else f"{adresse}?p={page}", "last_mod": change_le}


# What search engines need not read: lists under every combination of filters, and what is not for everybody.
EXCLUS = [
    *(f"/{liste}/*?" for liste in ("fiches", "dispositifs", "dispositifs-locaux", "actions", "carte", "territoires")),
    "/dossier/*?", "/dossier/preparation/",
    "/*/proposer/", "/*/corriger/", "/*/signaler/", "/*/comparer/?",
    "/contribuer/nouvelle-fiche/", "/contribuer/?", "/suivi/", "/confirmer/", "/mes-contributions/", "/moderation/",
    "/comptes/", "/admin/", "/demo/", "/sante",
]  # fmt: skip
PERMIS = [f"/{liste}/?page=" for liste in ("fiches", "dispositifs", "dispositifs-locaux", "actions")]


def robots() -> str:
    """Return robots.txt (RFC 9309): the longest rule that fits an address is the one that counts."""
    return "\n".join(
        [
            "User-agent: *",
            *(f"Disallow: {chemin}" for chemin in EXCLUS),
            *(f"Allow: {chemin}" for chemin in PERMIS),
            "",
            f"Sitemap: {settings.SITE_URL}{reverse('plan_du_site')}",
            "",
        ]
    )
