"""The queue page, and what every page of the desk shows of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Filtre, Message, Portee, Proposition
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.annulation import derniere_annulable
from francais.nombres import entier
from moderation.conversation import Attendues
from moderation.file import A_COTE, PAR_PAGE, File, Voisine
from moderation.forms.file import FiltresFile, GarderFiltre
from moderation.portees import portee_de
from moderation.voies import TOUT, VOIES


@dataclass(frozen=True)
class Poste:
    """The queue as the address asks for it, beside whatever one is looking at."""

    file: File
    filtres: FiltresFile
    portee: Portee | None
    parametres: str  # to keep the same queue from page to page
    moderateur: Any

    @classmethod
    def de(cls, request: HttpRequest) -> "Poste":
        portee = portee_de(request.user)
        parametres = request.GET.copy()
        for nom in ("vue", "page"):
            parametres.pop(nom, None)
        filtres = FiltresFile(parametres)
        filtres.is_valid()
        lus = filtres.cleaned_data
        file = File(
            request.user, filtres.criteres(portee), voie=lus.get("voie") or TOUT, par_age=lus.get("tri") == "age"
        )
        return cls(file, filtres, portee, parametres.urlencode(), request.user)

    @property
    def annulable(self) -> Proposition | None:
        """What one has just decided, and may take back."""
        return derniere_annulable(self.moderateur)

    def suivant(self, route: str, objet: Model) -> str:
        """Return the address of what waits after what moderators decide on at this route; empty at the end."""
        return self._adresse(self.file.autour(route, objet.pk).apres)

    def _adresse(self, voisine: Voisine | None) -> str:
        if voisine is None:
            return ""
        return reverse(voisine.route, args=[voisine.pk]) + (f"?{self.parametres}" if self.parametres else "")

    def contexte(self, route: str, objet: Model) -> dict[str, Any]:
        """Return what templates/moderation/_poste.html shows around what moderators decide on at this route."""
        avant, ici, apres = self.file.autour(route, objet.pk)
        tete = self.file.lire([*self.file.tete, *([ici] if ici and ici not in self.file.tete else [])])
        retour = reverse("moderation") + (f"?{self.parametres}" if self.parametres else "")
        return {
            "poste": self,
            "objet": objet,
            "precedente": self._adresse(avant),
            "entree": next((lue for lue in tete if ici and (lue.genre, lue.pk) == ici[:2]), None),
            "suivante": self._adresse(apres),
            "tete": tete[:A_COTE],
            "etapes": [("Modération", retour)],
        }


@rend_le_texte
@never_cache
@moderateur_requis
def lister(request: HttpRequest) -> HttpResponse:
    """What waits for moderators; a POST keeps the present filters under a name, or forgets some."""
    if "retirer" in request.POST:
        siens = Filtre.objects.filter(utilisateur=request.user.pk, pk=entier(request.POST["retirer"]))
        siens.delete()
        return redirect(request.get_full_path())
    a_garder = GarderFiltre(request.POST or None, par=request.user)
    if request.method == "POST" and a_garder.is_valid():
        filtre = a_garder.garder()
        messages.success(request, f"Le filtre «\u00a0{filtre.nom}\u00a0» est gardé.")
        return redirect(f"{request.path}?{filtre.parametres}")
    poste = Poste.de(request)
    pages = Paginator(poste.file.entrees, PAR_PAGE)
    sans_voie = request.GET.copy()
    for nom in ("voie", "page"):
        sans_voie.pop(nom, None)
    contexte = {
        "poste": poste,
        "page": pages.get_page(request.GET.get("page")),
        "tout": poste.file.comptes[TOUT],
        "par_age": poste.filtres.cleaned_data.get("tri") == "age",
        "onglets": [(cle, voie, poste.file.comptes[cle]) for cle, voie in VOIES.items() if cle != "messages"],
        "attendues": Attendues.parmi(Message.objects.all()),
        "sans_voie": sans_voie.urlencode(),
        "filtres_gardes": list(Filtre.objects.filter(utilisateur=request.user.pk)),
        "a_garder": a_garder,
    }
    status = 422 if a_garder.errors else 400 if poste.filtres.errors else 200
    return render(request, "moderation/file.html", contexte, status=status)
