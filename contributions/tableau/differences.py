"""What a table changes in a fiche, in words: one line a field, before and after."""

from typing import Any

from dispositifs.age import Constat
from fiches.sources import Contenu
from francais.dates import DatePartielle

ETATS = dict(Constat.choices)


def differences(avant: Contenu, apres: Contenu) -> list[tuple[str, str, str]]:
    """Return what changes, as (field, before, after); of a new fiche, what it says."""
    faits: list[tuple[str, str, str]] = []
    if avant:
        _noter(faits, "Titre", avant["titre"], apres["titre"])
    for champ, nom in (("porteur", "Porteur"), ("generation", "Génération")):
        _noter(faits, nom, avant.get(champ), apres.get(champ))
    for champ, nom in (("debut", "Début"), ("fin", "Fin")):
        _noter(
            faits,
            nom,
            *(
                DatePartielle(contenu.get(champ) or "").en_mots if contenu.get(champ) else ""
                for contenu in (avant, apres)
            ),
        )
    connus = avant.get("constats") or []
    faits += [
        ("Constat", "", f"{ETATS[constat['etat']]}, {DatePartielle(constat['le']).situee}")
        for constat in apres["constats"]
        if constat not in connus
    ]
    if avant and set(avant["territoires"]) != set(apres["territoires"]):
        ajoutes = [lieu for lieu in apres["territoires"] if lieu not in avant["territoires"]]
        enleves = [lieu for lieu in avant["territoires"] if lieu not in apres["territoires"]]
        faits.append(("Territoires", ", ".join(enleves), ", ".join(ajoutes)))
    if len(apres.get("anterieures") or []) > len(avant.get("anterieures") or []):
        faits.append(("Générations antérieures", "", f"{len(apres['anterieures'])} gardées"))
    return faits


def _noter(faits: list[tuple[str, str, str]], nom: str, avant: Any, apres: Any) -> None:
    if (avant or "") != (apres or ""):
        faits.append((nom, str(avant or ""), str(apres or "")))
