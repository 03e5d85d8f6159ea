"""Template tags and filters of the whole site (declared as builtins): icons, and figures and dates in French."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import stringfilter
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
ESPACE_FINE = "\u202f"
INSECABLE = "\u00a0"
ESPACE_A_LIER = re.compile(r" (?=[:;!?»%])|(?<=«) ")
VOYELLES = frozenset("aàâeéèêëiîïoôœuùûüy")
# Entry of the navigation for the pages that are not named after it.
RUBRIQUES = dict.fromkeys(
    "catalogue dispositifs dispositifs_locaux actions fiche_dispositif fiche_local fiche_action"
    " historique version comparer_versions choisir".split(),
    "fiches",
) | dict.fromkeys(
    ["account_login", "account_confirm_login_code", "account_signup", "account_email_verification_sent",
     "account_email", "usersessions_list", "mfa_index"],
    "compte",
)  # fmt: skip


@register.simple_tag
def icone(nom: str) -> SafeString:
    """Return a decorative icon of static/icones.svg (always beside a word, so hidden from screen readers)."""
    adresse = static("icones.svg")
    return format_html(
        '<svg class="icone" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', adresse, nom
    )


@register.filter
def nombre(valeur: Any) -> str:
    """Return a number as one writes it in French: 1 584, 13,5."""
    if valeur is None or valeur == "":
        return ""
    decimal = Decimal(str(valeur)).normalize()
    entier, _, decimales = f"{decimal:,f}".partition(".")
    return entier.replace(",", ESPACE_FINE) + (f",{decimales}" if decimales else "")


@register.filter
def date_partielle(texte: str) -> str:
    """Return « 29 mars 2022 », « octobre 2025 » or « 2025 » from 2022-03-29, 2025-10 or 2025."""
    annee, *reste = str(texte).split("-")
    if not reste:
        return annee
    mois = f"{MOIS[int(reste[0]) - 1]}{INSECABLE}{annee}"
    if len(reste) == 1:
        return mois
    return f"{'1er' if int(reste[1]) == 1 else int(reste[1])}{INSECABLE}{mois}"


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
    for article, contracte in (("Le ", "du "), ("Les ", "des ")):
        if nom.startswith(article):
            return contracte + nom.removeprefix(article)
    return f"d’{nom}" if nom[:1].casefold() in VOYELLES else f"de {nom}"


@register.filter(is_safe=True)
@stringfilter
def insecables(texte: str) -> str:
    """Return a message so that no line of it begins with « : » or ends with « « »."""
    return ESPACE_A_LIER.sub(INSECABLE, texte)


@register.filter
def cite(texte: str) -> str:
    """Return a text quoted in an e-mail: every line of it after « > »."""
    return "\n".join(f"> {ligne}" for ligne in texte.splitlines() if ligne.strip())


@register.filter
def pluriel(compte: int, formes: str) -> str:
    """Return the form that agrees: `{{ n|pluriel:"fiche,fiches" }}`; in French 0 and 1 are singular."""
    singulier, plusieurs = formes.split(",")
    return plusieurs if abs(compte) >= 2 else singulier


@register.filter
def domaine(url: str) -> str:
    """Return the host of an address, without « www. », to show where a link leads."""
    hote = url.split("://", 1)[-1].split("/", 1)[0]
    return hote.removeprefix("www.")


@register.simple_tag(takes_context=True)
def entree(context: template.Context, rubrique: str) -> SafeString | str:
    """Mark the entry of the navigation that leads to this part of the site, from the address asked."""
    requete = context.get("request")
    if requete is None or requete.resolver_match is None:
        return ""
    nom = requete.resolver_match.view_name
    actuelle = RUBRIQUES.get(nom, nom.split(":")[0])
    return mark_safe(' aria-current="page"') if actuelle == rubrique else ""


@register.simple_tag
def absolue(adresse: str) -> str:
    """Return the public address, with the host, of an address of this site."""
    return f"{settings.SITE_URL}{adresse}"


@register.simple_tag
def apercu() -> str:
    """Return the public address of the picture that goes with a shared link."""
    return absolue(static("apercu.png"))


@register.simple_tag(takes_context=True)
def canonique(context: template.Context, *parametres: str) -> str:
    """Return the one address of this page: of its parameters, only those named here, which make it another page."""
    requete = context["request"]
    retenus = [(nom, valeur) for nom in parametres for valeur in requete.GET.getlist(nom) if valeur]
    return absolue(requete.path) + (f"?{urlencode(retenus)}" if retenus else "")


@register.simple_tag(takes_context=True)
def repeter(context: template.Context, bloc: str) -> SafeString:
    """Write again what the page puts in a block of base.html: its title is for browsers, then for social networks."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block(bloc).render(context)
