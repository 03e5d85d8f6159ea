"""The red buttons: reporting a problem, without account. The receipt is the follow-up page, with its number."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptes.liens_secrets import mener_a
from comptes.reseau import empreintes
from contributions import delais
from contributions.models import Signalement
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.signaler.forms import FormulaireSignalement
from contributions.verbes import notifications, signalements
from fiches.gabarits import PREFIXE, Nature
from fiches.models import Fiche, Version
from fiches.views import ou_suivre


@rend_le_texte
@never_cache
@ou_suivre
@require_http_methods(["GET", "HEAD", "POST"])
def signaler(request: HttpRequest, nature: Nature, slug: str) -> HttpResponse:
    fiche = get_object_or_404(Fiche.objects.exclude(etat=Fiche.Etat.EN_PREPARATION), nature=nature, slug=slug)
    signee = FormulaireSignalement.version_lue(fiche, request.POST.get("version", ""))
    if fiche.etat != Fiche.Etat.PUBLIEE and signee is None:
        raise Http404  # somebody who was reading it when it was hidden may still send what they wrote
    formulaire = FormulaireSignalement(
        request.POST if request.method == "POST" else None,
        fiche=fiche,
        lue=_lue(fiche, signee),
        personne=request.user if request.user.is_authenticated else None,
        reseaux=empreintes(request),
        initial=_depart(request),
    )
    if formulaire.is_bound and formulaire.is_valid():
        recu = signalements.signaler(fiche, **formulaire.champs())
        messages.success(request, _merci(recu))
        return mener_a(recu)
    return _montrer(request, fiche, formulaire)


def _lue(fiche: Fiche, numero: int | None) -> Version:
    if numero in (None, fiche.numero):  # the projection holds it: one query less
        version = Version(fiche_id=fiche.pk, numero=fiche.numero, contenu=fiche.contenu)
        version.publiee_le = fiche.modifiee_le or timezone.now()
        return version
    return fiche.versions.get(numero=numero)


def _depart(request: HttpRequest) -> dict[str, str]:
    section, cible = request.GET.get("section", ""), request.GET.get("cible", "")
    cle = cible or (f"{PREFIXE}{section}" if section else "")
    return {"cible": cle, "source": cle, **({"categorie": "lien_mort"} if cle.startswith("source-") else {})}


def _montrer(request: HttpRequest, fiche: Fiche, formulaire: FormulaireSignalement) -> HttpResponse:
    cible = formulaire.cible_visee
    section = cible.cle.removeprefix(PREFIXE) if cible and cible.cle.startswith(PREFIXE) else ""
    contexte = {
        "fiche": fiche,
        "formulaire": formulaire,
        "cible": cible,
        "section": section,
        "delai": delais.promis(),
        "sceau": formulaire.sceau(request.POST.get("ouvert", "")),
        "version": formulaire.signer(formulaire.lue),
        "etapes": [("Fiches", reverse("catalogue")), (fiche.titre, fiche.get_absolute_url())],
    }
    code = 200 if not formulaire.errors else 429 if formulaire.has_error("__all__", "quota") else 422
    return render(request, "contributions/signaler.html", contexte, status=code)


def _merci(recu: Signalement) -> str:
    reponse = f"Nous répondons sous {delais.promis(urgente=recu.dossier.urgent)}."
    if recu.adresse and not notifications.accuse_parti(recu):
        reponse += (
            " Trop de courriels sont partis aujourd’hui : l’accusé de réception n’est pas envoyé, gardez le lien de "
            "cette page. La réponse, elle, partira."
        )
    if not recu.adresse:
        reponse += " Sans adresse électronique, cette page est le seul moyen de lire la réponse : gardez son lien."
    return f"Signalement n° {recu.pk} reçu. {reponse}"
