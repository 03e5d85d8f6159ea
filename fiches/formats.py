"""Contents of former formats in the present one: what their nature used to say with other words.

Versions, deposits and drafts are never written again: they are read. The sources of a content are the business of
fiches/sources.py.
"""

from collections.abc import Callable
from typing import Any

Contenu = dict[str, Any]
ABSENT = object()
# Format 2 had one statement, which a new one replaced, and the day of a signature beside it.
CONSTAT = ("constat", "constate_le", "signe_le")


def convertir(contenu: Contenu, lue: Contenu | None = None) -> Contenu:
    """Return a content, or some units of one, in the words of the present format. What has them is left as it is.

    `lue`: the content that these units change, already in the present format.
    """
    neuf = {**contenu}
    for ancienne, (neuve, traduire) in CLES.items():
        if (valeur := neuf.pop(ancienne, ABSENT)) is not ABSENT:
            neuf.setdefault(neuve, traduire(valeur))
    if neuf.get("preuve") in PREUVES:
        neuf |= PREUVES[neuf["preuve"]]
    if "preuve" in neuf and "sections" in neuf:  # a whole content says all that its nature does
        neuf = {"avancement": "", "vu_le": ""} | neuf
    if neuf.get("debut", "") is None:
        neuf["debut"] = ""
    anciens = {cle: neuf.pop(cle) for cle in CONSTAT if cle in neuf}
    if anciens and "constats" not in neuf:
        neuf["constats"] = _constats(anciens, (lue or {}).get("constats") or [])
        if lue is None:
            neuf.setdefault("anterieures", [])
    return neuf


def _constats(anciens: Contenu, lus: list[Contenu]) -> list[Contenu]:
    """Return the statements that were read, with one more if the date moved, the last one put right if it did not."""
    dernier = max(lus, key=lambda constat: constat["le"], default={"etat": "", "le": ""})
    etat, le = anciens.get("constat") or dernier["etat"], anciens.get("constate_le") or dernier["le"]
    constats = [constat for constat in lus if constat is not dernier or le != dernier["le"]]
    dits = [(etat, le)] if etat or le else []
    if signe_le := anciens.get("signe_le"):
        dits.append(("signe", signe_le))
    deja = {(constat["etat"], constat["le"]) for constat in constats}
    constats += [{"etat": e, "le": d, "source": ""} for e, d in dict.fromkeys(dits) if (e, d) not in deja]
    return sorted(constats, key=lambda constat: constat["le"])


def _annee(annee: Any) -> str:
    return str(annee) if annee else ""


def _duree(annees: Any) -> str:
    return f"{annees} {'an' if str(annees) == '1' else 'ans'}" if annees else ""


# Of format 2, with what says the same in the present one.
CLES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "echeance": ("fin", lambda jour: jour or ""),
    "duree_ans": ("duree_habituelle", _duree),
    "annee_debut": ("debut", _annee),
    "annee_fin": ("fin", _annee),
}
# The level of proof also said how far an action had gone: of « en cours », when is not known.
PREUVES = {
    "idee": {"preuve": "", "avancement": "idee"},
    "en_cours": {"preuve": "non_evaluee"},
}
