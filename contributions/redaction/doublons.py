"""Likely duplicates, said before one writes: fiches like the new one, propositions of others on the same fiche.

Of what is not published, only numbers are told.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import Case, F, FloatField, Func, Q, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Greatest

from contributions.models import Depot, Proposition
from fiches.models import Fiche, Source
from francais.caracteres import sans_accents
from territoires.models import Territoire

Statut = Proposition.Statut
EN_COURS = (Statut.SOUMISE, Statut.EN_EXAMEN, Statut.CORRECTIONS_DEMANDEES)
RESSEMBLANCE = 0.35
PRESQUE_LE_MEME_NOM = 0.6
MOTS_EN_PLUS = 0.15  # to find all one's words in a longer text says less than to find the same name
CANDIDATES = 40
AU_PLUS = 6
BANAL = 3  # a word that one candidate in three bears tells nothing: « contrat », « local », « santé »


def _normal(expression) -> Func:
    return Func(expression, function="normalise_nom", output_field=TextField())


def _ressemblance(fonction: str, demande: Func, connu: Func) -> Func:
    return Func(demande, connu, function=fonction, output_field=FloatField())


@dataclass(frozen=True)
class Demande:
    """What one knows of the fiche one is about to write."""

    nature: str
    titre: str
    territoire: Territoire | None = None
    url: str = ""


def ressemblantes(demande: Demande) -> list[Fiche]:
    """Return the published fiches that look like this one, most alike first. One query.

    Those that cite the same source, those of the same place whose name looks like it, and those whose name has in
    common a word that tells names apart.
    """
    sur_place = Q(pk__in=[])
    if demande.territoire:
        sur_place = Q(pk__in=Fiche.objects.concernant(demande.territoire).values("pk"))
    meme_source = Q(pk__in=Source.objects.filter(url=demande.url).values("fiche")) if demande.url else Q(pk__in=[])
    titre = _normal(Value(demande.titre))
    noms = _normal(Concat("titre", Value(" "), "mots", output_field=TextField()))  # with sigles, other names, places
    ressemblance = Greatest(
        _ressemblance("similarity", titre, _normal(F("titre"))),
        _ressemblance("word_similarity", titre, noms) - Value(MOTS_EN_PLUS),
    )
    candidates = list(
        Fiche.objects.visibles_pour()
        .annotate(
            ressemblance=Coalesce(ressemblance, 0.0),
            sure=Case(When(meme_source | sur_place, then=Value(True)), default=Value(False)),
        )
        .filter(Q(nature=demande.nature, ressemblance__gte=RESSEMBLANCE) | meme_source)
        .order_by("-sure", "-ressemblance", "titre")
        .defer("contenu", "recherche", "credits")[:CANDIDATES]
    )
    mots = {fiche.pk: _mots(f"{fiche.titre} {fiche.mots}") for fiche in candidates}
    frequences = Counter(mot for lus in mots.values() for mot in lus)
    propres = [mot for mot in _mots(demande.titre) if frequences[mot] * BANAL <= max(len(candidates), BANAL)]
    gardees: list[Fiche] = [f for f in candidates if f.sure or not propres or _un_mot_commun(propres, mots[f.pk])]
    return gardees[:AU_PLUS]


def _mots(titre: str) -> set[str]:
    return {mot for mot in re.findall(r"\w+", sans_accents(titre)) if len(mot) >= 3}


def _un_mot_commun(propres: list[str], mots: set[str]) -> bool:
    return any(get_close_matches(mot, mots, n=1, cutoff=0.8) for mot in propres)


def en_attente(demande: Demande) -> int:
    """Return how many new fiches that look like this one wait for a decision: a count, and nothing of what they say."""
    nouvelles = Proposition.objects.filter(nature=demande.nature, base__isnull=True, statut__in=EN_COURS)
    ressemblance = _ressemblance("similarity", _normal(Value(demande.titre)), _normal(F("titre")))
    return nouvelles.annotate(ressemblance=ressemblance).filter(ressemblance__gte=PRESQUE_LE_MEME_NOM).count()


def en_cours(fiche: Fiche, *, sauf: Iterable[Proposition | None] = ()) -> dict[str, int]:
    """Return, by unit, how many other propositions wait for a decision. Drafts and unconfirmed ones do not count."""
    depots = Depot.objects.filter(proposition__fiche=fiche.pk, proposition__statut__in=EN_COURS)
    depots = depots.exclude(proposition__in=[une.pk for une in sauf if une and une.pk])
    derniers = {depot.proposition_id: depot.changements for depot in depots.order_by("numero")}
    return dict(Counter(cle for changements in derniers.values() for cle in changements))
