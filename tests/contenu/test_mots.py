"""Every title, and every word of a title, a summary or a heading, finds its fiche."""

import re

import pytest
from django.db import connection

from fiches.models import Fiche
from recherche.catalogue import PAR_PAGE
from recherche.plein_texte import classer, interpreter
from tests.essais import croiser, eventail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]

INTERTITRE = re.compile(r"^#+ +(.*)$", re.MULTILINE)
MOT = re.compile(r"[^\W_]+")
PERDUS = """
SELECT t.mot, f.titre FROM unnest(%s::bigint[], %s::text[]) AS t (fiche, mot)
JOIN fiches_fiche f ON f.id = t.fiche, plainto_tsquery('fr', normalise_texte(t.mot)) AS requete
WHERE numnode(requete) > 0 AND NOT f.recherche @@ requete
"""


def test_chaque_titre_tape_en_entier_trouve_sa_fiche_en_premiere_page():
    perdus = []
    for fiche, apostrophe in croiser(eventail(Fiche.objects.visibles_pour()), ["’", "'"]):
        requete = interpreter(fiche.titre.replace("’", apostrophe))
        trouvees = Fiche.objects.visibles_pour().filter(requete.condition)
        premieres = classer(trouvees, requete, PAR_PAGE).order_by("-rang", "titre")[:PAR_PAGE]
        if fiche not in premieres:
            perdus.append(fiche.titre)
    assert perdus == []


def test_chaque_mot_d_un_titre_d_un_resume_ou_d_un_intertitre_trouve_sa_fiche():
    paires = [
        (fiche.pk, mot)
        for fiche in Fiche.objects.visibles_pour()
        for mot in set(MOT.findall(" ".join([fiche.titre, fiche.resume, *_intertitres(fiche)])))
    ]
    assert len(paires) > 3000
    with connection.cursor() as curseur:
        curseur.execute(PERDUS, [[fiche for fiche, _ in paires], [mot for _, mot in paires]])
        assert curseur.fetchall() == []


def _intertitres(fiche: Fiche) -> list[str]:
    return [titre for texte in fiche.contenu["sections"].values() for titre in INTERTITRE.findall(texte)]
