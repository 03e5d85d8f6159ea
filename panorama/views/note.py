"""The note for a council: chosen on its page, taken away as PDF or DOCX."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from panorama.dossier import aux_adresses as dossier_de
from panorama.forms import FormulaireNote
from panorama.impression import FORMATS
from panorama.note import BLOCS
from panorama.note import note as preparer_note
from panorama.views.fichiers import fichier_sur_le_champ
from territoires.millesimes import en_colonne
from territoires.models import Territoire


@require_safe
def note(request: HttpRequest, nature: str, code: str) -> HttpResponse:
    """The choice is in the address: `?bloc=dispositifs&bloc=villes&ligne=…&format=pdf`. Eleven queries at most."""
    territoire = get_object_or_404(
        Territoire.objects.actifs().situes().annotate(millesimes=en_colonne()), nature=nature, code=code
    )
    formulaire = FormulaireNote(request.GET or {"bloc": [*BLOCS]})
    valide = formulaire.is_valid()
    note = preparer_note(territoire, timezone.localdate())
    blocs = note.retenus(formulaire.cleaned_data.get("bloc", []))
    ligne = formulaire.cleaned_data.get("ligne", "")
    forme = request.GET.get("format", "")
    if valide and forme in FORMATS:
        return fichier_sur_le_champ(request, note.imprimer(blocs, ligne), f"note-{nature}-{code}", forme)
    contexte = {
        "territoire": territoire,
        "etapes": [("Territoires", reverse("territoires:accueil")), (territoire.nom, territoire.get_absolute_url())],
        "form": formulaire,
        "note": note,
        "blocs": blocs,
        "ligne": ligne,
        "dossier": dossier_de(note.citees(blocs)),
    }
    return render(request, "panorama/note.html", contexte, status=200 if valide else 400)
