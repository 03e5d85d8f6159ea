"""The Atom feed of a list of fiches: the same filters as its page, the last modified first (RFC 4287)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from fiches.models import Fiche
from francais.dates import DatePartielle
from recherche import licence
from recherche.catalogue import Catalogue

ENTREES = 30
AUTEUR = "Santé en territoires"
OUVERTURE = datetime(2026, 1, 1, tzinfo=UTC)  # what an empty base was last changed on
# XML has no way to write these, not even escaped.
INTERDITS = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: None, 0xFFFF: None}


class Flux(Atom1Feed):
    """Atom with the licence as a link (RFC 4946), and categories that say of which vocabulary they are."""

    def __init__(self, *args: Any, change_le: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.change_le = change_le

    def latest_post_date(self) -> datetime:
        return self.change_le

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("link", "", {"rel": "license", "href": licence.ADRESSE})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for vocabulaire, terme, nom in item["termes"]:
            attributs = {"term": terme, "scheme": f"{settings.SITE_URL}/fiches/?{vocabulaire}=", "label": nom}
            handler.addQuickElement("category", "", attributs)


def flux(catalogue: Catalogue) -> tuple[str, datetime]:
    """Return the feed of a catalogue without faults, and when its last entry changed. One query, two when empty."""
    fiches = list(catalogue.filtres.qs.order_by("-modifiee_le", "pk").en_cartes()[:ENTREES])
    change_le = _change_le(fiches)
    atom = Flux(
        title=_ecrire(f"{catalogue.titre_entier} – {AUTEUR}"),
        link=settings.SITE_URL + catalogue.adresses.canonique(1),
        description="",
        subtitle="Les fiches dont le texte a changé le plus récemment\u00a0; chacune dit quand une source l’a vue.",
        feed_url=settings.SITE_URL + catalogue.adresse_du_flux,
        feed_guid=settings.SITE_URL + catalogue.adresse_du_flux,
        author_name=AUTEUR,
        author_link=settings.SITE_URL + "/",
        feed_copyright=licence.NOM,
        language="fr",
        change_le=change_le,
    )
    for fiche in fiches:
        _ajouter(atom, fiche)
    return atom.writeString("utf-8"), change_le


def _change_le(fiches: list[Fiche]) -> datetime:
    """Return when the last of these changed; of an empty list, when the base did: a feed always says."""
    if fiches and fiches[0].modifiee_le:
        return fiches[0].modifiee_le
    return Fiche.objects.visibles_pour().aggregate(le=Max("modifiee_le"))["le"] or OUVERTURE


def _ajouter(atom: Flux, fiche: Fiche) -> None:
    adresse = settings.SITE_URL + fiche.get_absolute_url()
    atom.add_item(
        title=_ecrire(fiche.titre),
        link=adresse,
        unique_id=adresse,  # addresses are public and stable: they are the identity of a fiche
        description=escape(_ecrire(_resumer(fiche))),  # Django says it is HTML
        pubdate=fiche.publiee_le,
        updateddate=fiche.modifiee_le,
        termes=[(cle, terme, _ecrire(nom)) for cle, terme, nom in _termes(fiche)],
    )


def _resumer(fiche: Fiche) -> str:
    lieux = ", ".join(t["nom"] for t in fiche.rendu["territoires"])
    vu = fiche.rendu.get("situation", {}).get("vu_le")
    dit = f"Vu {DatePartielle(vu).situee}." if vu else f"{repere}." if (repere := fiche.rendu.get("repere")) else ""
    change = f"Version {fiche.numero}." if fiche.numero > 1 else ""  # its first day in the base is no news
    return " ".join(filter(None, [fiche.resume, dit, change, f"Territoires\u00a0: {lieux}." if lieux else ""]))


def _termes(fiche: Fiche) -> Iterable[tuple[str, str, str]]:
    yield "nature", fiche.nature, fiche.get_nature_display()
    for theme in fiche.rendu["themes"]:
        yield "theme", theme["slug"], theme["nom"]
    for t in fiche.rendu["territoires"]:
        yield "territoire", f"{t['nature']}:{t['code']}", t["nom"]


def _ecrire(texte: str) -> str:
    return texte.translate(INTERDITS)
