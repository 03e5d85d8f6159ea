"""Incomplete forms: what can be read of one that has errors, to compare it and to show it."""

from typing import Any

from django import forms

from fiches.forms import ChampListe, ChampTerritoires, FormulaireFiche, en_json
from fiches.gabarits import PREFIXE
from fiches.sources import Contenu
from fiches.unites import Unite, avec, unites

SANS_TITRE = "Sans titre pour l’instant"


def fautives(formulaire: FormulaireFiche) -> list[Unite]:
    """Return the units of a form, once validated, that are to be corrected."""
    return [unite for unite in unites(formulaire.nature) if _fautive(formulaire, unite)]


def a_comparer(formulaire: FormulaireFiche, base: Contenu) -> Contenu:
    """Return what the form says, but in units to correct, which say what they said."""
    valides = {u.cle: _lire(formulaire, u) for u in unites(formulaire.nature) if not _fautive(formulaire, u)}
    return avec(base, valides)


def a_voir(formulaire: FormulaireFiche, base: Contenu) -> Contenu:
    """Return what a reader could see of it: texts to correct are left out, sources keep their key."""
    contenu = a_comparer(formulaire, base)
    for unite in fautives(formulaire):
        if unite.genre == "section":
            contenu = avec(contenu, {unite.cle: ""})
        elif unite.cle == "sources":
            vide = dict.fromkeys(formulaire.lignes["sources"].base_fields, "")
            lignes = formulaire.jeux["sources"].forms
            contenu["sources"] = [{**vide, "titre": "Source à compléter", **ligne.contenu()} for ligne in lignes]
        elif unite.genre == "lignes":
            contenu[unite.cle] = [ligne.contenu() for ligne in formulaire.jeux[unite.cle].forms if not ligne.errors]
        else:
            contenu.setdefault(unite.cle, _rien(formulaire.fields[unite.cle]))
    return {**contenu, "titre": contenu["titre"] or SANS_TITRE, "resume": contenu["resume"] or ""}


def _fautive(formulaire: FormulaireFiche, unite: Unite) -> bool:
    if unite.genre != "lignes":
        return unite.cle in formulaire.errors
    jeu = formulaire.jeux[unite.cle]
    return bool(jeu.non_form_errors()) or any(ligne.errors for ligne in jeu.forms)


def _lire(formulaire: FormulaireFiche, unite: Unite) -> Any:
    if unite.genre == "lignes":
        return [ligne.contenu() for ligne in formulaire.jeux[unite.cle].forms]
    propre = formulaire.cleaned_data[unite.cle]
    return propre.strip() if unite.cle.startswith(PREFIXE) else en_json(propre)


def _rien(champ: forms.Field) -> Any:
    plusieurs = isinstance(champ, forms.ModelMultipleChoiceField | ChampListe | ChampTerritoires)
    return [] if plusieurs else None
