"""Dispositifs chosen by questions, local schemes by the date on which they end."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dispositifs.models import Dispositif, DispositifLocal, DispositifLocalQuerySet, Question
from fiches.models import Organisme
from panorama.choix import choisir as choisir_dispositifs
from panorama.concerne import ce_qui_concerne
from panorama.echeancier import a_venir, a_verifier, en_icalendar, par_periode
from panorama.forms import FiltreLocaux, FormulaireChoix
from territoires.millesimes import en_colonne
from territoires.models import Territoire

PAR_PAGE = 100
NOM_DE_L_AGENDA = "Échéances des contrats locaux de santé"


@require_safe
def choisir(request: HttpRequest) -> HttpResponse:
    """Five questions, each may be skipped; the answers are in the address. Nine queries at most."""
    formulaire = FormulaireChoix(request.GET)
    valide = formulaire.is_valid()
    reponses = {q.value: formulaire.cleaned_data[q] for q in Question if formulaire.cleaned_data.get(q)}
    territoire = formulaire.cleaned_data.get("territoire")
    quartiers = 0
    if territoire:
        quartiers = Territoire.objects.actifs().filter(nature="qpv", inclusions__contenant=territoire).count()
        if Question.QPV not in request.GET and quartiers:  # known, unless the reader answered or skipped
            reponses[Question.QPV.value] = "oui"
    couvre = ce_qui_concerne(territoire, timezone.localdate()) if territoire else None
    contexte = {
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs", reverse("dispositifs"))],
        "formulaire": formulaire,
        "questions": formulaire.questions(reponses),
        "reponses": reponses,
        "territoire": territoire,
        "quartiers": quartiers,
        "deduit": bool(reponses) and Question.QPV in reponses and Question.QPV not in request.GET,
        "choix": choisir_dispositifs(reponses, territoire) if reponses and valide else None,
        "couvre": couvre,
        "deja": [groupe.dispositif for groupe in couvre.partout if groupe.en_vigueur] if couvre else [],
        "organismes": Organisme.objects.filter(territoires__inclus__contenu=territoire)
        .distinct()
        .order_by("source", "nom"),
    }
    return render(request, "panorama/choisir.html", contexte, status=200 if valide else 400)


@require_safe
def echeancier(request: HttpRequest) -> HttpResponse:
    """Contracts by term; filtered by `territoire`, `dispositif`, `categorie`; as iCalendar with `?format=ics`."""
    suivis = Dispositif.objects.visibles_pour().filter(locaux__etat="publiee").distinct().order_by("titre")
    formulaire = FiltreLocaux(request.GET, list(suivis.only("slug", "titre", "sigle", "categorie")))
    valide = formulaire.is_valid()
    jour = timezone.localdate()
    locaux = formulaire.retenir(DispositifLocal.objects.visibles_pour().select_related("dispositif").en_cartes())
    dates = locaux.par_fin(jour).annotate(millesimes=en_colonne())
    if request.GET.get("format") == "ics" and valide:
        reponse = _en_agenda(a_venir(locaux, jour), NOM_DE_L_AGENDA)
        reponse["Content-Disposition"] = 'attachment; filename="echeancier.ics"'
        return reponse
    territoire = formulaire.cleaned_data.get("territoire")
    verifier, nombre_a_verifier, sans_terme = a_verifier(locaux, jour)
    page = Paginator(dates, PAR_PAGE).get_page(request.GET.get("page"))
    periodes = par_periode(page, jour)
    contexte = {
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs locaux", reverse("dispositifs_locaux"))],
        "formulaire": formulaire,
        "territoire": territoire,
        "abonnement": _abonnement(territoire) if territoire else "",
        "page": page,
        "periodes": periodes,
        # What is ahead comes first: a page that begins in the past says nothing of the first one.
        "a_venir": any(not p.passee for p in periodes) or (page.number > 1 and a_venir(locaux, jour).exists()),
        "a_verifier": verifier,
        "nombre_a_verifier": nombre_a_verifier,
        "sans_terme": sans_terme,
    }
    return render(request, "panorama/echeancier.html", contexte, status=200 if valide else 400)


@require_safe
def agenda(request: HttpRequest, nature: str, code: str) -> HttpResponse:  # noqa: ARG001  (the same for everybody)
    """The terms ahead of a territory, to subscribe to; a closed one leads to what it became. Two queries, or three."""
    territoire = get_object_or_404(Territoire, nature=nature, code=code)
    if territoire.est_ferme:
        successeurs = list(Territoire.objects.filter(predecesseurs__ancien=territoire)[:2])
        if len(successeurs) != 1:
            raise Http404
        return redirect("territoires:agenda", successeurs[0].nature, successeurs[0].code, permanent=True)
    locaux = DispositifLocal.objects.visibles_pour().concernant(territoire).en_cartes()
    return _en_agenda(a_venir(locaux, timezone.localdate()), f"{NOM_DE_L_AGENDA}, {territoire.nom_complet}")


def _en_agenda(locaux: DispositifLocalQuerySet, nom: str) -> HttpResponse:
    return HttpResponse(en_icalendar(locaux, settings.SITE_URL, nom), content_type="text/calendar; charset=utf-8")


def _abonnement(territoire: Territoire) -> str:
    """Return the address that a diary subscribes to (webcal, which opens the diary instead of the browser)."""
    adresse = reverse("territoires:agenda", args=[territoire.nature, territoire.code])
    return f"webcal://{settings.SITE_URL.split('://', 1)[-1]}{adresse}"
