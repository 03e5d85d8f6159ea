"""Template tags and filters of the whole site (declared as builtins): icons, addresses, what goes in <head>."""

from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, Field, Select
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from config.accessibilite import Declaration
from config.navigation import TACHES

register = template.Library()
# The pages of an account that are not named after it.
DU_COMPTE = frozenset(
    "compte account_login account_confirm_login_code account_signup account_email_verification_sent account_email"
    " usersessions_list mfa_index".split()
)


@register.simple_tag
def icone(nom: str) -> SafeString:
    """Return a decorative icon of static/icones.svg (always beside a word, so hidden from screen readers)."""
    adresse = static("icones.svg")
    return format_html(
        '<svg class="icone" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        adresse,
        nom,
    )


@register.filter
def peut_rester_vide(champ: BoundField) -> bool:
    """Return whether one may leave a field empty; in a list there is always an answer for that."""
    return not champ.field.required and not isinstance(champ.field.widget, Select)


@register.filter
def nommant(faute: str, champ: BoundField) -> str:
    """Return what is wrong in a field as a summary says it: what Django says of any empty field names this one."""
    if faute != str(Field.default_error_messages["required"]):
        return faute
    nom = str(champ.label).rstrip(" ?:\u00a0")
    return f"{nom} : {faute[:1].lower()}{faute[1:]}"


@register.filter
def cite(texte: str) -> str:
    """Return a text quoted in an e-mail: every line of it after « > »."""
    return "\n".join(f"> {ligne}" for ligne in texte.splitlines() if ligne.strip())


@register.filter
def domaine(url: str) -> str:
    """Return the host of an address, without « www. », to show where a link leads."""
    hote = url.split("://", 1)[-1].split("/", 1)[0]
    return hote.removeprefix("www.")


def _route(context: template.Context) -> str:
    request = context.get("request")
    return request.resolver_match.view_name if request is not None and request.resolver_match else ""


@register.inclusion_tag("mise_en_page/_taches.html", takes_context=True)
def taches(context: template.Context) -> dict[str, Any]:
    """Show the tasks of the navigation, the page asked being marked in its own."""
    ici = _route(context)
    return {"taches": [(t, t.mene_a(ici), [(e, e.route == ici) for e in t.entrees]) for t in TACHES]}


@register.simple_tag(takes_context=True)
def entree(context: template.Context, rubrique: str) -> SafeString | str:
    """Mark the entry of the navigation that leads to the account, or to the desk of moderators."""
    route = _route(context)
    actuelle = "compte" if route in DU_COMPTE else route.split(":")[0]
    return mark_safe(' aria-current="page"') if actuelle == rubrique else ""


@register.simple_tag
def conformite() -> str:
    """Return the state of conformity of the site, which every page says."""
    return Declaration.en_cours().etat


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
    request = context["request"]
    retenus = [(nom, valeur) for nom in parametres for valeur in request.GET.getlist(nom) if valeur]
    return absolue(request.path) + (f"?{urlencode(retenus)}" if retenus else "")


@register.simple_tag(takes_context=True)
def repeter(context: template.Context, bloc: str) -> SafeString:
    """Write again what the page puts in a block of base.html: its title is for browsers, then for social networks."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block(bloc).render(context)
