"""Links to a fiche, to be looked at before it goes out of sight or its address leads elsewhere."""

from dataclasses import dataclass

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from actions.models import ActionInspirante
from dispositifs.models import Articulation, DispositifLocal
from fiches.models import Fiche, Sigle

MONTRES = 50


@dataclass(frozen=True)
class Lien:
    fiche: Fiche
    comment: str


def liens_vers(fiche: Fiche) -> list[Lien]:
    """Return the published fiches that lead to this one: by their text, their dispositif, or an articulation."""
    visibles = Fiche.objects.visibles_pour().exclude(pk=fiche.pk).en_cartes()
    adresse = fiche.get_absolute_url()
    par_texte = visibles.annotate(texte=Cast("contenu__sections", TextField())).filter(texte__contains=adresse)
    liens = [Lien(citante, "un lien dans son texte") for citante in par_texte[:MONTRES]]
    for modele, mots in ((DispositifLocal, "instance de ce dispositif"), (ActionInspirante, "action de ce dispositif")):
        liens += [
            Lien(f, mots) for f in modele.objects.visibles_pour().filter(dispositif=fiche.pk).en_cartes()[:MONTRES]
        ]
    articulations = Articulation.objects.filter(Q(de=fiche.pk) | Q(vers=fiche.pk)).select_related("de", "vers")
    liens += [Lien(a.vers if a.de_id == fiche.pk else a.de, "une articulation") for a in articulations[:MONTRES]]
    return liens


def sigles_de(fiche: Fiche) -> list[Sigle]:
    return list(Sigle.objects.filter(fiche=fiche.pk))
