"""The plan of the site for search engines (sitemaps.org): every page that anybody may read, and no other."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from fiches.models import Fiche, FicheQuerySet
from territoires.models import Territoire, TerritoireQuerySet

PAGES = (
    "accueil catalogue dispositifs dispositifs_locaux actions carte echeancier comparer territoires:accueil sigles"
    " organismes statistiques contribuer a_faire gabarits"
    " aide a_propos mentions_legales accessibilite confidentialite charte"
).split()


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


class PlanDesTerritoires(Plan):
    limit = 5_000  # 37 943 in all: eight pages of 0.4 MB

    def items(self) -> TerritoireQuerySet:
        return Territoire.objects.actifs().order_by("pk").only("nature", "code")


class PlanDesPages(Plan):
    def items(self) -> list[str]:
        return PAGES

    def location(self, page: str) -> str:
        return reverse(page)


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
    "/dossier/*?",
    "/*/proposer/", "/*/corriger/", "/*/signaler/", "/*/comparer/?",
    "/contribuer/nouvelle-fiche/", "/contribuer/?", "/suivi/", "/mes-contributions/", "/moderation/", "/comptes/",
    "/admin/", "/demo/", "/sante",
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
