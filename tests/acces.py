"""What every page owes to who does not see it, or has no mouse, and that axe does not look at."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

from tests.balisage import texte

SAISIES = ("input", "select", "textarea")
HALTES = ("a", "button", "summary", *SAISIES)
CHOIX = ("radio", "checkbox")
SANS_REMPLISSAGE = (*CHOIX, "file")
SANS_MOT = ("hidden", "submit", "button", *CHOIX)
MENTION = "(facultatif)"
SIEN = re.compile(r"(votre|nom à|nom affiché|pseudonyme|adresse électronique|courriel)\b", re.IGNORECASE)
PHRASES = ("sauf mention « facultatif »", "laissez le reste")


def fautes(html: str) -> list[str]:
    """Return what this page lacks, each lack in a line."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    return [faute for regle in REGLES for faute in regle(page)]


def nom(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]  # of drawings, html5lib keeps the namespace


def cache(element: Element) -> bool:
    """Return whether it is not seen: for screen readers, for robots, or hidden."""
    seulement_lu = "lecteur" in element.get("class", "").split()
    return seulement_lu or element.get("aria-hidden") == "true" or element.get("hidden") is not None


def vus(element: Element) -> Iterator[Element]:
    """Yield the element and what one sees in it."""
    if not cache(element):
        yield element
        for enfant in element:
            yield from vus(enfant)


def mots_vus(element: Element) -> str:
    """Return the words one sees in it: not what hovering tells."""
    dits = {id(e) for e in vus(element) if nom(e) != "title"}

    def morceaux(noeud: Element) -> Iterator[str]:
        if id(noeud) in dits:
            yield noeud.text or ""
            for enfant in noeud:
                yield from morceaux(enfant)
                yield enfant.tail or ""

    return texte("".join(morceaux(element)))


def tableaux_sans_titre(page: Element) -> Iterator[str]:
    for tableau in page.iter("table"):
        titre = tableau.find("caption")
        if titre is None or not texte("".join(titre.itertext())):
            yield f"un tableau sans titre : {texte(''.join(tableau.itertext()))[:60]}"


def noms_qui_disent_autre_chose(page: Element) -> Iterator[str]:
    """Who speaks to a machine says the words they see (WCAG 2.5.3, RGAA 6.1.5)."""
    for element in vus(page):
        annonce = texte(element.get("aria-label", "")).lower()
        vu = " ".join(re.findall(r"[\w’'-]*\w", mots_vus(element).lower()))  # signs are not said
        if nom(element) in HALTES and annonce and vu not in annonce:
            yield f"« {mots_vus(element)} » s’annonce « {annonce} »"


def haltes_hors_d_atteinte(page: Element) -> Iterator[str]:
    """But for the options of a list, which the arrows walk."""
    for element in vus(page):
        saute = nom(element) in HALTES and element.get("tabindex", "").startswith("-")
        if saute and element.get("role") != "option":
            yield f"hors d’atteinte au clavier : {element.get('href') or element.get('name') or mots_vus(element)}"


def dessins_sans_taille(page: Element) -> Iterator[str]:
    for element in page.iter():
        if nom(element) in ("svg", "img") and not (element.get("width") and element.get("height")):
            yield f"un dessin sans taille : {element.get('class') or element.get('viewBox')}"


def choix_annonces_fautifs(page: Element) -> Iterator[str]:
    """Browsers tell a required choice that nobody made yet as invalid."""
    faits = {e.get("name") for e in page.iter("input") if e.get("checked") is not None}
    for element in page.iter():
        choisie = next((o.get("value") for o in element.iter("option") if o.get("selected") is not None), None)
        fait = choisie if element.tag == "select" else element.get("name") in faits
        if (
            element.get("required") is not None
            and not fait
            and (element.tag == "select" or element.get("type") in CHOIX)
        ):
            yield f"annoncé fautif d’avance : {element.get('name')}"


def formulaires_qui_ne_disent_pas_ce_qu_il_faut(page: Element) -> Iterator[str]:
    """In a form one sends, the label of what may stay empty says so, and one sentence says what becomes of the rest."""
    dit = texte("".join(page.itertext()))
    for formulaire in page.iter("form"):
        if formulaire.get("method", "get").lower() != "post":
            continue
        etiquettes = {e.get("for"): texte("".join(e.itertext())) for e in vus(formulaire) if e.tag == "label"}
        facultatifs = [e for e in etiquettes.values() if MENTION in e]
        saisies = [e for e in vus(formulaire) if e.tag in SAISIES and e.get("type", "text") not in SANS_MOT]
        if len(saisies) > 1 and facultatifs and not any(phrase in dit for phrase in PHRASES):
            yield f"rien ne dit que le reste est à remplir : {formulaire.get('aria-label') or facultatifs[0]}"
        aides = [texte("".join(e.itertext())) for e in formulaire.iter("p") if "aide" in e.get("class", "")]
        yield from (f"dit en aide, non dans l’étiquette : {aide}" for aide in aides if aide.startswith("Facultatif"))
        for saisie in saisies:
            if saisie.get("required") is not None and MENTION in etiquettes.get(saisie.get("id"), ""):
                yield f"facultatif et exigé : {saisie.get('name')}"


def champs_dont_la_finalite_ne_se_lit_pas(page: Element) -> Iterator[str]:
    """What is asked of the person herself, her browser may fill (WCAG 1.3.5, RGAA 11.13)."""
    siens = {e.get("for") for e in page.iter("label") if SIEN.match(texte("".join(e.itertext())))}
    for champ in page.iter("input"):
        if champ.get("id") in siens and champ.get("type") not in SANS_REMPLISSAGE and not champ.get("autocomplete"):
            yield f"sans autocomplete : {champ.get('name')}"


REGLES = (
    tableaux_sans_titre,
    noms_qui_disent_autre_chose,
    haltes_hors_d_atteinte,
    dessins_sans_taille,
    choix_annonces_fautifs,
    formulaires_qui_ne_disent_pas_ce_qu_il_faut,
    champs_dont_la_finalite_ne_se_lit_pas,
)
