"""The kinds of territory that people say with a name: « agglo de Rouen », « cc dieppe », « quartier Château Blanc »."""

import re
from dataclasses import dataclass

from territoires.models import Territoire

ARTICLE = r"\s+(?:(?:d[eu]|des)\s+|d[’'])?(?:l[ae]s?\s+|l[’'])?(?=\S)"


@dataclass(frozen=True)
class Sorte:
    """What a word may say of a territory. `sous_natures` and `mot`: those it surely says, by kind or by name."""

    natures: tuple[str, ...]
    sous_natures: tuple[str, ...] = ()
    mot: str = ""
    en_partie: bool = False  # a part of the name is enough to offer it

    def est_dite_de(self, territoire: Territoire) -> bool:
        """True when this is the very kind of this territory, and not only one near it."""
        if territoire.nature not in self.natures:
            return False
        if not self.sous_natures or territoire.sous_nature in self.sous_natures:
            return True
        return bool(self.mot) and any(self.mot in nom.lower() for nom in (territoire.nom, *territoire.autres_noms))


def _intercommunalite(*sous_natures: str, mot: str = "") -> Sorte:
    return Sorte(("epci",), sous_natures, mot, en_partie=True)


AGGLOMERATION = _intercommunalite("CA", "CU", "METRO", "MET69", mot="agglo")  # as one speaks
METROPOLE = _intercommunalite("METRO", "MET69", mot="métropole")
QUARTIER = Sorte(("qpv",))
# Before a name, or after it. CA in capitals: « ça marche » is none.
AVANT = {
    r"commune|ville": Sorte(("commune",)),
    r"communaut[ée] de communes|com(?:munaut[ée])? de com|com ?com|cdc|cc": _intercommunalite("CC"),
    r"communaut[ée] d[’' ]agglo(?:m[ée]ration)?|agglo(?:m[ée]ration)?|(?-i:CA)": AGGLOMERATION,
    r"communaut[ée] urbaine|cu": _intercommunalite("CU"),
    r"(?:euro)?m[ée]tropole": METROPOLE,
    r"epci|interco(?:mmunalit[ée])?": _intercommunalite(),
    r"ept|[ée]tablissement public territorial": _intercommunalite("EPT"),
    r"d[ée]partement": Sorte(("departement",)),
    r"r[ée]gion": Sorte(("region",)),
    r"qpv|quartiers?(?: prioritaires?)?": QUARTIER,
    r"pays|petr|p[ôo]le d[’' ][ée]quilibre(?: territorial(?: et rural)?)?|p[ôo]le m[ée]tropolitain|territoire de projet"
    r"|syndicat mixte": Sorte(("perimetre",), en_partie=True),
}
APRES = {r"agglo(?:m[ée]ration)?": AGGLOMERATION, r"(?:euro)?m[ée]tropole": METROPOLE}
# « EPT 8 » is the one that its decree names T8.
NUMERO_D_EPT = re.compile(r"(?:ept|[ée]tablissement public territorial)\s*t?(\d\d?)", re.IGNORECASE)
ECRITURES = [
    *((re.compile(rf"(?:{mots}){ARTICLE}(?P<nom>.+)", re.IGNORECASE), sorte) for mots, sorte in AVANT.items()),
    *((re.compile(rf"(?P<nom>.+)[\s-](?:{mots})", re.IGNORECASE), sorte) for mots, sorte in APRES.items()),
]


def separer_la_sorte(texte: str) -> tuple[str, Sorte | None]:
    """Return a name without the kind that it is said with, and this kind: « Rouen » of « agglo de Rouen »."""
    if trouve := NUMERO_D_EPT.fullmatch(texte):
        return f"T{int(trouve[1])}", _intercommunalite("EPT")
    for ecriture, sorte in ECRITURES:
        if trouve := ecriture.fullmatch(texte):
            return trouve["nom"], sorte
    return texte, None
