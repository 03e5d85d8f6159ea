"""« Mes notifications »: what happened on one's contributions, and which e-mails one wants."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptes.models import Utilisateur
from contributions.models import Notification
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.suivi.forms import ChoixDesCourriels

PAR_PAGE = 30


@rend_le_texte
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mes_notifications(request: HttpRequest) -> HttpResponse:
    siennes = Notification.objects.pour(request.user)
    if request.method == "POST" and "lue" in request.POST:
        return _lire(request, siennes)
    personne = get_object_or_404(Utilisateur, pk=request.user.pk)
    formulaire = ChoixDesCourriels(request.POST if request.method == "POST" else None, instance=personne)
    if formulaire.is_valid():
        formulaire.save()
        messages.success(request, "Votre choix est enregistré.")
        return redirect("mes_notifications")
    contexte = {
        "page": Paginator(siennes, PAR_PAGE).get_page(request.GET.get("page")),
        "non_lues": siennes.non_lues().count(),
        "formulaire": formulaire,
    }
    return render(request, "contributions/mes_notifications.html", contexte, status=422 if formulaire.errors else 200)


def _lire(request: HttpRequest, siennes) -> HttpResponse:
    """Mark one as read, or all; one that is somebody else's, or gone, is none of this person's."""
    voulue = request.POST["lue"]
    if voulue != "toutes":
        siennes = siennes.filter(pk=int(voulue)) if voulue.isascii() and voulue.isdigit() else siennes.none()
    lues = siennes.lire()
    messages.success(request, "C’est noté." if lues else "Il n’y avait rien à marquer.")
    return redirect("mes_notifications")
