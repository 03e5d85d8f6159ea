"""What pages say to machines (JSON-LD, schema.org): the very facts they show, and no query more.

Written in a `<script type="application/ld+json">`, which browsers do not run: it is data.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from fiches.models import Fiche
from recherche import licence
from territoires.models import Inclusion, Territoire

Donnees = dict[str, Any]
Etapes = Iterable[tuple[str, str]]
NOM = "Santé en territoires"
# Nothing in a text can then end the script, nor be anything else than text; JSON reads them as themselves.
ECHAPPES = {ord(signe): f"\\u{ord(signe):04x}" for signe in "<>&\u2028\u2029"}
CODES = {"epci": "SIREN", "perimetre": "Clé de Santé en territoires", "qpv": "Code officiel du quartier prioritaire"}


def absolue(adresse: str) -> str:
    return f"{settings.SITE_URL}{adresse}"


def de_la_fiche(fiche: Fiche, etapes: Etapes) -> Donnees:
    """Return a fiche as an article, from its projection alone, and its breadcrumb.

    Without a date: the day on which it entered the base is no news, what it cites is dated.
    """
    adresse = absolue(fiche.get_absolute_url())
    article = {
        "@type": "Article",
        "@id": adresse,
        "url": adresse,
        "headline": fiche.titre,
        "description": fiche.resume,
        "inLanguage": "fr",
        "version": fiche.numero,
        "license": licence.ADRESSE,
        "isAccessibleForFree": True,
        "creditText": " · ".join(f"{credit['role'].capitalize()} : {credit['nom']}" for credit in fiche.credits),
        "author": {"@id": absolue("/#site")},  # as one cites it: the people are in the credits
        "image": _image("apercu.png", 1200, 630),
        "publisher": {"@id": absolue("/#site")},
        "isPartOf": {"@id": absolue("/#base")},
        "mainEntityOfPage": {"@type": "WebPage", "@id": adresse, "lastReviewed": _jour(fiche.relue_le)},
        "keywords": [theme["nom"] for theme in fiche.rendu["themes"]],
        "audience": [{"@type": "Audience", "audienceType": public["nom"]} for public in fiche.rendu["publics"]],
        "temporalCoverage": _periode(fiche.contenu.get("debut", ""), fiche.contenu.get("fin", "")),
        "spatialCoverage": [_lieu(t["nature"], t["code"], t["nom"], t["url"]) for t in fiche.rendu["territoires"]],
        "citation": _citations(fiche.contenu["sources"]),
    }
    return _graphe(article, _editeur(), _fil(etapes, fiche.titre, adresse))


def du_territoire(territoire: Territoire, parents: Iterable[Inclusion], etapes: Etapes) -> Donnees:
    """Return a territory and what it wholly lies in, by their official codes."""
    lieu = _lieu(territoire.nature, territoire.code, territoire.nom, territoire.get_absolute_url())
    entiers = (inclusion.contenant for inclusion in parents if not inclusion.partielle)
    lieu["containedInPlace"] = [_lieu(t.nature, t.code, t.nom, t.get_absolute_url()) for t in entiers]
    if territoire.latitude is not None:
        lieu["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": territoire.latitude,
            "longitude": territoire.longitude,
        }
    return _graphe(lieu, _fil(etapes, territoire.nom, lieu["@id"]))


def de_l_accueil() -> Donnees:
    """Return the site, how to search it, and the base as data that anybody may take away."""
    liste = absolue(reverse("catalogue"))
    site = {
        "@type": "WebSite",
        "@id": absolue("/#site-web"),
        "name": NOM,
        "url": absolue("/"),
        "inLanguage": "fr",
        "publisher": {"@id": absolue("/#site")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{liste}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    base = {
        "@type": "Dataset",
        "@id": absolue("/#base"),
        "name": f"Fiches de {NOM}",
        "description": "Dispositifs territoriaux de santé, leur mise en œuvre locale, actions inspirantes : une fiche"
        " par ligne, avec ses territoires en codes officiels, ses dates et sa version.",
        "url": liste,
        "license": licence.ADRESSE,
        "isAccessibleForFree": True,
        "inLanguage": "fr",
        "creator": {"@id": absolue("/#site")},
        "spatialCoverage": {"@type": "Country", "name": "France"},
        "distribution": [
            _fichier("text/csv", f"{liste}?format=csv"),
            _fichier("application/atom+xml", f"{liste}flux.atom"),
        ],
    }
    return _graphe(site, base, _editeur())


def ecrire(donnees: Donnees) -> SafeString:
    """Return these data as a script that no text of theirs can break out of."""
    json_sur = json.dumps(donnees, ensure_ascii=False).translate(ECHAPPES)
    return mark_safe(f'<script type="application/ld+json">{json_sur}</script>')  # noqa: S308  (escaped above)


def _editeur() -> Donnees:
    logo = _image("icone-512.png", 512, 512)
    return {"@type": "Organization", "@id": absolue("/#site"), "name": NOM, "url": absolue("/"), "logo": logo}


def _image(nom: str, largeur: int, hauteur: int) -> Donnees:
    return {"@type": "ImageObject", "url": absolue(static(nom)), "width": largeur, "height": hauteur}


def _periode(debut: str, fin: str) -> str:
    """Return an interval as precise as its dates (ISO 8601), « .. » on the side that nobody knows."""
    return f"{debut or '..'}/{fin or '..'}" if debut or fin else ""


def _graphe(*noeuds: Donnees) -> Donnees:
    return {"@context": "https://schema.org", "@graph": [_sans_vide(noeud) for noeud in noeuds]}


def _sans_vide(valeur: Any) -> Any:
    """Leave out what is not said, at every depth: an empty value would be a claim."""
    if isinstance(valeur, dict):
        return {cle: _sans_vide(v) for cle, v in valeur.items() if v not in (None, "", [])}
    return [_sans_vide(v) for v in valeur] if isinstance(valeur, list) else valeur


def _lieu(nature: str, code: str, nom: str, adresse: str) -> Donnees:
    return {
        "@type": "AdministrativeArea",
        "@id": absolue(adresse),
        "name": nom,
        "url": absolue(adresse),
        "identifier": {"@type": "PropertyValue", "propertyID": CODES.get(nature, "Code INSEE"), "value": code},
    }


def _citations(sources: list[Donnees]) -> list[Donnees]:
    """Return each document once, however many of its pages are cited."""
    citees: list[Donnees] = []
    for source in sources:
        if (citee := _source(source)) not in citees:
            citees.append(citee)
    return citees


def _source(source: Donnees) -> Donnees:
    organisation = source["organisation"]
    return {
        "@type": "CreativeWork",
        "name": source["titre"],
        "publisher": {"@type": "Organization", "name": organisation} if organisation else None,
        "datePublished": source["date"],
        "url": source["url"],
    }


def _fichier(type_mime: str, adresse: str) -> Donnees:
    return {"@type": "DataDownload", "encodingFormat": type_mime, "contentUrl": adresse}


def _fil(etapes: Etapes, ici: str, adresse: str) -> Donnees:
    return {"@type": "BreadcrumbList", "itemListElement": list(_rangs(etapes, ici, adresse))}


def _rangs(etapes: Etapes, ici: str, adresse: str) -> Iterator[Donnees]:
    chemin = [("Accueil", absolue("/")), *((nom, absolue(lien)) for nom, lien in etapes), (ici, adresse)]
    for rang, (nom, lien) in enumerate(chemin, 1):
        yield {"@type": "ListItem", "position": rang, "name": nom, "item": lien}


def _jour(jour) -> str | None:
    return jour.isoformat() if jour else None
