"""The glossary and the organisations; what stands in the place of a fiche that is out of sight."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fiches.gabarits import Nature
from fiches.models import Fiche, Organisme, Repere, Sigle


@require_safe
def sigles(request: HttpRequest) -> HttpResponse:
    """The glossary, and the points of knowledge worth having in mind."""
    contexte = {
        "sigles": Sigle.objects.select_related("fiche"),
        "reperes": Repere.objects.select_related("theme").order_by("theme__ordre", "sujet"),
    }
    return render(request, "fiches/sigles.html", contexte)


@require_safe
def organismes(request: HttpRequest) -> HttpResponse:
    return render(request, "fiches/organismes.html", {"organismes": Organisme.objects.prefetch_related("territoires")})


def ou_suivre(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make the addresses below that of a fiche merged into another lead to the same one of the other (301).

    The numbers of versions are those of the first fiche: such an address leads to the history of the other. What was
    being written is received as before. A published fiche costs nothing more.
    """

    @wraps(vue)
    def suivie(request: HttpRequest, nature: Nature, slug: str, **reste: int) -> HttpResponse:
        try:
            return vue(request, nature, slug, **reste)
        except Http404:
            fusionnee = Fiche.objects.hors_de_vue().filter(nature=nature, slug=slug).first()
            suivante = fusionnee.suivante_visible() if fusionnee and request.method in ("GET", "HEAD") else None
            if suivante is None or request.resolver_match is None:
                raise
        nom = request.resolver_match.view_name
        nom = "historique" if nom in ("version", "comparer_versions") else nom
        demande = f"?{request.GET.urlencode()}" if request.GET and nom != "historique" else ""
        return redirect(reverse(nom, args=[nature, suivante.slug]) + demande, permanent=True)

    return suivie


def ou_retrait(nature: Nature) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Make the page of a fiche out of sight say so, instead of 404: 410 with why and since when, or 301 if merged.

    A published fiche costs nothing more.
    """

    def garder(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vue)
        def gardee(request: HttpRequest, slug: str) -> HttpResponse:
            try:
                return vue(request, slug)
            except Http404:
                retiree = Fiche.objects.hors_de_vue().filter(nature=nature, slug=slug).first()
                if retiree is None:
                    raise
            suivante = retiree.suivante_visible()
            if suivante:
                return redirect(suivante, permanent=True)
            contexte = {
                "fiche": retiree,
                "etapes": [("Fiches", reverse("catalogue"))],
                "ici": f"Fiche {retiree.get_etat_display().lower()}",
            }
            return render(request, "fiches/retiree.html", contexte, status=410)

        return gardee

    return garder
