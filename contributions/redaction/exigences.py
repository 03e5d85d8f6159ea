"""Requirements on a text that is handed in, besides being well formed: never a wall, always a way out."""

import re
from collections import Counter
from typing import Any

from django import forms

from contributions.abus import LIEN
from contributions.redaction import vigilance
from fiches.dates import ChampDatePartielle
from fiches.forms import FORMULAIRES
from fiches.sources import APPEL, Contenu
from fiches.unites import Unite, textes, unites, valeur

NOMBRE = re.compile(r"\d+(?:[\s\u00a0\u202f.,]\d+)*")
ADRESSE = re.compile(r"https?://\S+", re.IGNORECASE)
RANG = re.compile(r"^[^\S\n]*\d+[.)]\s", re.MULTILINE)  # of a list; within its line, or blank lines cost their square
NOMS = ("titre", "sigle", "autres_noms")  # a number in a name is not a fact


def sans_source(nature: str, avant: Contenu, apres: Contenu) -> list[Unite]:
    """Return the units where a figure or a date changed, when no source was added nor changed to say so."""
    if any(source not in avant.get("sources", []) for source in apres.get("sources", [])):
        return []
    return [unite for unite in unites(nature) if _chiffre_change(nature, unite, avant, apres)]


def _chiffre_change(nature: str, unite: Unite, avant: Contenu, apres: Contenu) -> bool:
    ancienne, neuve = valeur(avant, unite.cle), valeur(apres, unite.cle)
    if neuve == ancienne or not neuve:
        return False
    if unite.cle in ("chiffres", "constats", "anterieures"):
        return any(ligne not in (ancienne or []) for ligne in neuve)
    if unite.genre == "section":
        return bool(_nombres(neuve) - _nombres(ancienne or "")) and not _appels(neuve) - _appels(ancienne or "")
    if isinstance(FORMULAIRES[nature].base_fields.get(unite.cle), ChampDatePartielle | forms.IntegerField):
        return True
    return isinstance(neuve, str) and unite.cle not in NOMS and bool(_nombres(neuve) - _nombres(ancienne or ""))


def _nombres(texte: str) -> Counter[str]:
    for motif in (APPEL, ADRESSE, RANG, vigilance.TELEPHONE):
        texte = motif.sub(" ", texte)
    return Counter(re.sub(r"\s", "", nombre) for nombre in NOMBRE.findall(texte))


def _appels(texte: str) -> Counter[str]:
    return Counter(APPEL.findall(texte))


def coordonnees(avant: Contenu, changements: dict[str, Any], *autres: str) -> list[str]:
    """Return the contact details that the changed units bring, each once."""
    anciennes = set(vigilance.coordonnees("\n".join(textes(avant))))
    neuves = vigilance.coordonnees("\n".join([*textes(changements), *autres]))
    return [passage for passage in dict.fromkeys(neuves) if passage not in anciennes]


def conseils(nature: str, avant: Contenu, changements: dict[str, Any]) -> list[tuple[Unite, vigilance.Alerte]]:
    """Return what deserves a second look in the changed texts, and was not there before."""
    trouvees = []
    for unite in unites(nature):
        ancienne, neuve = valeur(avant, unite.cle) or "", changements.get(unite.cle) or ""
        redige = isinstance(ancienne, str) and isinstance(neuve, str) and unite.cle not in NOMS
        chercher = vigilance.alertes if redige else vigilance.deguisements
        deja = {alerte.passage for alerte in chercher(ancienne)}
        trouvees += [(unite, alerte) for alerte in chercher(neuve) if alerte.passage not in deja]
    return trouvees


def liens_ajoutes(avant: Contenu, changements: dict[str, Any]) -> list[str]:
    """Return the addresses that the changed units bring."""
    anciens = set(ADRESSE.findall("\n".join(textes(avant))))
    neufs = ADRESSE.findall("\n".join(textes(changements)))
    return [lien for lien in neufs if lien not in anciens and LIEN.match(lien)]
