"""The generations of a local scheme: a renewal is the next one of the same fiche, which keeps those before."""

from typing import Any


def numero(generation: Any) -> int:
    """Return the number of a generation: the first when it is not said, or not well (the form tells what is wrong)."""
    brute = str(generation or "")
    return int(brute) if brute.isdecimal() and len(brute) <= 3 else 1


def succeder(base: dict[str, Any], lu: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the content with what the line says: of the present generation, of the next, or of a former one."""
    ici, la = numero(base.get("generation")), numero(lu.get("generation"))
    avant = [une for une in base.get("anterieures") or [] if une["numero"] != min(ici, la)]
    if "constats" not in base or ici == la:
        return {**base, **lu}
    if la > ici:
        finie = {"numero": ici, "debut": base["debut"], "fin": base["fin"], "source": ""}
        return {**base, "debut": "", "fin": "", **lu, "anterieures": [*avant, finie]}
    ancienne = {"numero": la, "debut": lu.get("debut", ""), "fin": lu.get("fin", ""), "source": source}
    ordre = sorted([*avant, ancienne], key=lambda une: une["numero"])
    return {**base, "constats": lu["constats"], "anterieures": ordre}
