"""The note for a council: chosen on its page, taken away as PDF or DOCX."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from panorama.forms import FormulaireNote
from panorama.impression import en_docx, en_pdf
from panorama.note import BLOCS
from panorama.note import note as preparer_note
from territoires.models import Territoire

FICHIERS = {
    "pdf": (en_pdf, "application/pdf"),
    "docx": (en_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@require_safe
def note(request: HttpRequest, nature: str, code: str) -> HttpResponse:
    """The choice is in the address: `?bloc=dispositifs&bloc=villes&ligne=…&format=pdf`. Eleven queries at most."""
    territoire = get_object_or_404(Territoire.objects.actifs(), nature=nature, code=code)
    formulaire = FormulaireNote(request.GET or {"bloc": [*BLOCS]})
    valide = formulaire.is_valid()
    note = preparer_note(territoire, timezone.localdate())
    blocs = note.retenus(formulaire.cleaned_data.get("bloc", []))
    ligne = formulaire.cleaned_data.get("ligne", "")
    ecrire, genre = FICHIERS.get(request.GET.get("format", ""), (None, ""))
    if valide and ecrire:
        nom = f"note-{nature}-{code}.{request.GET['format']}"
        contenu = ecrire(note, blocs, ligne)
        return HttpResponse(contenu, genre, headers={"Content-Disposition": f'attachment; filename="{nom}"'})
    contexte = {
        "territoire": territoire,
        "etapes": [("Territoires", reverse("territoires:accueil")), (territoire.nom, territoire.get_absolute_url())],
        "form": formulaire,
        "note": note,
        "blocs": blocs,
        "ligne": ligne,
    }
    return render(request, "panorama/note.html", contexte, status=200 if valide else 400)
