"""What an import would change, in words: for the terminal, and by chapters for the desk."""

from collections.abc import Iterable, Iterator

from territoires.imports.ecarts import COUPE, Ecarts, Modification
from territoires.imports.releve import Suite
from territoires.models import Territoire

CITES = 20


def en_lignes(ecarts: Ecarts, tout: bool = False) -> Iterator[str]:
    """Yield the lines that a person reads before saying yes."""
    releve = ecarts.releve
    yield f"{releve.titre} (millésime {releve.millesime}) : {len(releve.territoires)} lus."
    if ecarts.en_vigueur not in (None, releve.millesime):
        yield f"La base est au {ecarts.en_vigueur}."
    yield from (COUPE.format(n=n, total=total, departement=d) for d, (n, total) in ecarts.coupes.items())
    ouverts = [f"{lu.nom} ({lu.cle[1]})" for lu in ecarts.crees if not lu.fin]
    anciens = [f"{lu.nom} ({lu.cle[1]}), jusqu’au {lu.fin:%d/%m/%Y}" for lu in ecarts.crees if lu.fin]
    yield from _paragraphe("Créés", ouverts, tout)
    yield from _paragraphe("Anciens, créés fermés", anciens, tout)
    yield from _paragraphe("Modifiés", [_dire(m) for m in ecarts.modifies], tout)
    yield from _paragraphe("Fermés", [_dire_fermeture(t, s) for t, s in ecarts.fermes], tout)
    yield f"Inchangés : {ecarts.inchanges}."
    yield f"Rattachements : {len(ecarts.ajouts)} ajoutés, {len(ecarts.retraits)} retirés."
    yield f"Successions à écrire : {len(ecarts.suites)}."
    yield from _paragraphe("Absents du fichier, laissés ouverts", [str(t) for t in ecarts.absents], tout)


def _paragraphe(titre: str, noms: list[str], tout: bool) -> Iterable[str]:
    if not noms:
        return [f"{titre} : aucun."]
    cites = noms if tout else noms[:CITES]
    reste = [f"  … et {len(noms) - len(cites)} autres."] if len(cites) < len(noms) else []
    return [f"{titre} : {len(noms)}.", *(f"  {nom}" for nom in cites), *reste]


def _dire(modification: Modification) -> str:
    changements = "; ".join(
        f"{champ} : {avant or 'vide'} → {apres or 'vide'}" for champ, (avant, apres) in modification.champs.items()
    )
    return f"{modification.territoire} : {changements}"


def _dire_fermeture(territoire: Territoire, suite: Suite) -> str:
    devenus = ", ".join(sorted(code for _, code in suite.nouveaux)) or "sans successeur"
    return f"{territoire} [{territoire.code}], le {suite.date:%d/%m/%Y} → {devenus}"
