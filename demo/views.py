"""The mailbox of the demonstration: what the site would have sent, for all to read. It does not exist elsewhere."""

import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courriels.models import Courriel
from demo.personnes import personnes

PAR_PAGE = 30
ADRESSE_WEB = re.compile(r"https?://[^\s<>«»]*[^\s<>«».,;:!?)]")


def demonstration(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hide a view outside the demonstration, even if it were mounted by mistake."""

    @wraps(vue)
    def cachee(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return vue(request, *args, **kwargs)

    return require_safe(never_cache(cachee))


@demonstration
def boite(request: HttpRequest) -> HttpResponse:
    """The e-mails, newest first; `?a=` keeps those of one address."""
    destinataire = request.GET.get("a", "").replace("\0", "").strip().lower()
    courriels = Courriel.objects.filter(destinataire__iexact=destinataire) if destinataire else Courriel.objects.all()
    contexte = {
        "page": Paginator(courriels.defer("corps"), PAR_PAGE).get_page(request.GET.get("page")),
        "a": destinataire,
        "destinataires": Courriel.objects.order_by("destinataire").values_list("destinataire", flat=True).distinct(),
        "personnes": personnes(),
    }
    return render(request, "demo/boite.html", contexte)


@demonstration
def courriel(request: HttpRequest, pk: int) -> HttpResponse:
    trouve = get_object_or_404(Courriel, pk=pk)
    contexte = {
        "courriel": trouve,
        "corps": avec_liens(trouve.corps),
        "etapes": [("Boîte aux lettres", reverse("demo_courriels"))],
    }
    return render(request, "demo/courriel.html", contexte)


def avec_liens(texte: str) -> SafeString:
    """Return a plain text as HTML whose addresses can be followed."""
    morceaux, fin = [], 0
    for trouve in ADRESSE_WEB.finditer(texte):
        morceaux.append((texte[fin : trouve.start()], format_html('<a href="{0}">{0}</a>', trouve[0])))
        fin = trouve.end()
    return format_html("{}{}", format_html_join("", "{}{}", morceaux), texte[fin:])
