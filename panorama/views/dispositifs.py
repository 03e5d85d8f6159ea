"""Dispositifs chosen by questions, local schemes by the date on which they end."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dispositifs.models import Dispositif, DispositifLocal, Question
from fiches.models import Organisme
from panorama.choix import choisir as choisir_dispositifs
from panorama.concerne import ce_qui_concerne
from panorama.echeancier import en_icalendar, par_periode
from panorama.forms import FiltreLocaux, FormulaireChoix
from territoires.models import Territoire

PAR_PAGE = 100


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
    dates = locaux.par_fin(jour)
    if request.GET.get("format") == "ics" and valide:
        a_venir = dates.filter(fin__dernier_jour__gte=jour)
        reponse = HttpResponse(en_icalendar(a_venir, settings.SITE_URL), content_type="text/calendar; charset=utf-8")
        reponse["Content-Disposition"] = 'attachment; filename="echeancier.ics"'
        return reponse
    page = Paginator(dates, PAR_PAGE).get_page(request.GET.get("page"))
    periodes = par_periode(page, jour)
    contexte = {
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs locaux", reverse("dispositifs_locaux"))],
        "formulaire": formulaire,
        "territoire": formulaire.cleaned_data.get("territoire"),
        "page": page,
        "periodes": periodes,
        "a_venir": any(not periode.passee for periode in periodes),
        "sans_terme": locaux.filter(fin="").count(),
    }
    return render(request, "panorama/echeancier.html", contexte, status=200 if valide else 400)
