"""« Mes contributions » and « Mes notifications »: what becomes of what one wrote, for whoever has an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptes.models import Utilisateur
from contributions.models import Lot, Notification, Proposition, Signalement, Tableau
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.suivi.forms import ChoixDesCourriels, ChoixDuResume
from francais.nombres import entier

NOTIFICATIONS_PAR_PAGE = 30
Statut = Proposition.Statut


@login_required
@never_cache
def mes_contributions(request: HttpRequest) -> HttpResponse:
    """Drafts, tables, what waits, what was decided, and reports."""
    siennes = Proposition.objects.filter(auteur=request.user.pk, lot=None).select_related("fiche").defer("saisie")
    propositions = list(siennes.order_by("-modifiee_le"))
    contexte = {
        "brouillons": [p for p in propositions if p.statut == Statut.BROUILLON],
        "ouvertes": [p for p in propositions if p.statut in Proposition.OUVERTES],
        "closes": [p for p in propositions if p.statut in (*Proposition.DECIDEES, Statut.RETIREE)],
        "commences": list(Tableau.objects.de(request.user)),
        "lots": list(Lot.objects.filter(auteur=request.user.pk).avec_comptes()),
        "signalements": list(
            Signalement.objects.filter(auteur=request.user.pk).select_related("dossier__fiche").order_by("-recu_le")
        ),
    }
    return render(request, "contributions/mes_contributions.html", contexte)


@rend_le_texte
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mes_notifications(request: HttpRequest) -> HttpResponse:
    """What happened, and which e-mails one wants."""
    siennes = Notification.objects.pour(request.user)
    if request.method == "POST" and "lue" in request.POST:
        return _marquer_lues(request, siennes)
    personne = get_object_or_404(Utilisateur, pk=request.user.pk)
    formulaires: dict[str, ModelForm] = {"formulaire": ChoixDesCourriels(instance=personne)}
    if request.user.est_moderateur:  # type: ignore[union-attr]  # signed in
        formulaires["resume"] = ChoixDuResume(instance=personne)
    if request.method == "POST":
        poste = "resume" if "resume" in formulaires and request.POST.get("choix") == "resume" else "formulaire"
        formulaires[poste] = type(formulaires[poste])(request.POST, instance=personne)
        if formulaires[poste].is_valid():
            formulaires[poste].save()
            messages.success(request, "Votre choix est enregistré.")
            return redirect("mes_notifications")
    contexte = {
        "page": Paginator(siennes, NOTIFICATIONS_PAR_PAGE).get_page(request.GET.get("page")),
        "non_lues": siennes.non_lues().count(),
        **formulaires,
        "erreur": any(formulaire.errors for formulaire in formulaires.values()),
    }
    return render(request, "contributions/mes_notifications.html", contexte, status=422 if contexte["erreur"] else 200)


def _marquer_lues(request: HttpRequest, siennes) -> HttpResponse:
    """Mark one as read, or all; one that is somebody else's, or gone, is none of this person's."""
    voulue = request.POST["lue"]
    if voulue != "toutes":
        siennes = siennes.filter(pk=entier(voulue))
    lues = siennes.lire()
    messages.success(request, "C’est noté." if lues else "Il n’y avait rien à marquer.")
    return redirect("mes_notifications")
