"""Figures, dates and words as one writes them in French: functions, and template filters (declared as builtins)."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.formats import date_format

from francais.caracteres import montrer_invisibles
from francais.dates import INSECABLE, DatePartielle

register = template.Library()
GUILLEMET_OUVRANT, GUILLEMET_FERMANT = re.compile("«[ \u00a0\u202f]?"), re.compile("[ \u00a0\u202f]?»")
ESPACE_FINE = "\u202f"
ESPACE_A_LIER = re.compile(r" (?=[:;!?»%])|(?<=«) ")
CONTRACTES = {"le": "du", "les": "des"}
VOYELLES = frozenset("aàâeéèêëiîïoôœuùûüy")
NOMBRES = "zéro un deux trois quatre cinq six sept huit neuf".split()


@register.filter
def nombre(valeur: Any) -> str:
    """Return a number as one writes it in French: 1 584, 13,5."""
    if valeur is None or valeur == "":
        return ""
    decimal = Decimal(str(valeur)).normalize()
    entier, _, decimales = f"{decimal:,f}".partition(".")
    return entier.replace(",", ESPACE_FINE) + (f",{decimales}" if decimales else "")


def en_lettres(nombre: int) -> str:
    """Return a whole number as a sentence says it: in letters up to nine, in figures beyond."""
    return NOMBRES[nombre] if nombre < len(NOMBRES) else str(nombre)


@register.filter
def date_partielle(texte: str) -> str:
    """Return « 29 mars 2022 », « octobre 2025 » or « 2025 » from 2022-03-29, 2025-10 or 2025."""
    return DatePartielle(texte).en_mots


@register.filter
def au_mois(texte: str) -> str:
    """Return « en mars 2022 » or « en 2022 »: when, as lists say it."""
    return DatePartielle(texte).au_mois.situee


@register.filter
def situee(texte: str) -> str:
    """Return « le 29 mars 2022 », « en octobre 2025 » or « en 2025 » from 2022-03-29, 2025-10 or 2025."""
    return DatePartielle(texte).situee


@register.filter
def depuis(texte: str) -> str:
    """Return « depuis le 29 mars 2022 », « depuis octobre 2025 » or « depuis 2025 »."""
    return DatePartielle(texte).depuis


@register.filter
def jusque(texte: str) -> str:
    """Return « jusqu’au 29 mars 2022 », « jusqu’à octobre 2025 » or « jusqu’en 2025 »."""
    return DatePartielle(texte).jusque


@register.filter(expects_localtime=True)
def jour(valeur: date) -> str:
    """Return a date as « 1er mars 2022 » (Django's own format writes « 1 mars »)."""
    texte = date_format(valeur, "j F Y").replace(" ", INSECABLE)
    return texte.replace(f"1{INSECABLE}", f"1er{INSECABLE}", 1) if texte.startswith(f"1{INSECABLE}") else texte


@register.filter
@cache
def mois(valeur: date) -> str:
    """Return the month of a date: « mars 2022 »."""
    return date_format(valeur, "F Y").replace(" ", INSECABLE)


@register.filter(expects_localtime=True)
def instant(valeur: datetime) -> str:
    """Return a moment as « 20 novembre 2026 à 9 h 12 »."""
    return f"{jour(valeur)} à {valeur.hour}{INSECABLE}h{INSECABLE}{valeur:%M}"


@register.filter
def de(nom: str) -> str:
    """Return a name after « de »: « de Rouen », « d’Oissel », « du Havre », « des Lilas », « de La Courneuve »."""
    article, _, reste = nom.partition(" ")
    if reste and article.lower() in CONTRACTES:
        return f"{CONTRACTES[article.lower()]} {reste}"
    return f"d’{nom}" if nom[:1].casefold() in VOYELLES else f"de {nom}"


def a_partir(le: DatePartielle) -> str:
    """Return a date after « de »: « du 1er mars 2022 », « d’octobre 2025 » or « de 2025 »."""
    return f"du {le.en_mots}" if len(le) == 10 else de(le.en_mots)


def du(nom: str) -> str:
    """Return a masculine name with its article after « de »: « du CLS », « de l’ASV »."""
    return f"de l’{nom}" if nom[:1].casefold() in VOYELLES else f"du {nom}"


@register.filter
def enumeration(noms: Sequence[str]) -> str:
    """Return names as one says them: « ASV, RTPS et CMT »."""
    return " et ".join(filter(None, (", ".join(noms[:-1]), *noms[-1:])))


@register.filter(is_safe=True)
@stringfilter
def insecables(texte: str) -> str:
    """Return a message so that no line of it begins with « : » or ends with « « »."""
    return ESPACE_A_LIER.sub(INSECABLE, texte)


@register.filter(is_safe=True)
@stringfilter
def citable(texte: str) -> str:
    """Return a text to stand between « »: its own ones become “ ”, as one quotes within a quotation."""
    return GUILLEMET_FERMANT.sub("”", GUILLEMET_OUVRANT.sub("“", texte))


@register.filter
def pluriel(compte: int, formes: str) -> str:
    """Return the form that agrees: `{{ n|pluriel:"fiche,fiches" }}`; in French 0 and 1 are singular."""
    singulier, plusieurs = formes.split(",")
    return plusieurs if abs(compte) >= 2 else singulier


@register.filter(is_safe=True)
@stringfilter
def invisibles(texte: str) -> str:
    """Return a text of somebody's where what does not show is named in its place, for who decides on it."""
    return montrer_invisibles(texte)
