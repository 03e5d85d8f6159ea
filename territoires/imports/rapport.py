"""What an import would change, in words: for the terminal, and by chapters for the desk."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from territoires.imports.ecarts import COUPE, Ecarts, Modification
from territoires.imports.releve import Cle, Suite
from territoires.models import Territoire

CITES = 20
MONTRES = 200  # of a chapter at the desk


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


def en_chapitres(ecarts: Ecarts) -> dict[str, Any]:
    """Return what JSON can keep: the sentences to read first, and for each kind of change how many and which."""
    releve = ecarts.releve
    ouverts = [f"{lu.nom} ({lu.cle[1]})" for lu in ecarts.crees if not lu.fin]
    anciens = [f"{lu.nom} ({lu.cle[1]}), jusqu’au {lu.fin:%d/%m/%Y}" for lu in ecarts.crees if lu.fin]
    renommes = [m for m in ecarts.modifies if "nom" in m.champs]
    rouverts = [m for m in ecarts.modifies if m.champs.get("fin", ("", ""))[1] is None]
    autres = [m for m in ecarts.modifies if m not in renommes and m not in rouverts]
    chapitres = {
        "Créés": ouverts,
        "Renommés": [_dire_nom(m) for m in renommes],
        "Rouverts": [str(m.territoire) for m in rouverts],
        "Fermés": [_dire_fermeture(t, s) for t, s in ecarts.fermes],
        "Rattachés autrement": list(_dire_deplacements(ecarts)),
        "Changés autrement": [_dire(m) for m in autres],
        "Anciens, créés fermés": anciens,
        "Absents du fichier, laissés ouverts": [str(t) for t in ecarts.absents],
    }
    return {
        "titre": releve.titre,
        "lus": len(releve.territoires),
        "inchanges": ecarts.inchanges,
        "suites": len(ecarts.suites),
        "millesime": releve.millesime,
        "en_vigueur": ecarts.en_vigueur,
        "alertes": [COUPE.format(n=n, total=total, departement=d) for d, (n, total) in ecarts.coupes.items()],
        "chapitres": [
            {"titre": titre, "nombre": len(lignes), "lignes": lignes[:MONTRES]}
            for titre, lignes in chapitres.items()
            if lignes
        ],
        "vide": ecarts.vide and ecarts.en_vigueur == releve.millesime,
    }


def empreinte(ecarts: Ecarts) -> str:
    """Return the fingerprint of all that would change: two that are equal are the same report, and the same writing."""
    tout = [*en_lignes(ecarts, tout=True), *sorted(map(str, ecarts.ajouts)), *sorted(map(str, ecarts.retraits))]
    return sha256("\n".join([*tout, *sorted(map(_dire_suite, ecarts.suites.items()))]).encode()).hexdigest()


def _dire_suite(ecrite: tuple[Cle, Suite]) -> str:
    cle, suite = ecrite
    return f"{cle} {suite.date} {suite.motif} {sorted(suite.nouveaux)}"


def _dire_nom(modification: Modification) -> str:
    avant, apres = modification.champs["nom"]
    return f"{avant} [{modification.territoire.code}] → {apres}"


def _dire_deplacements(ecarts: Ecarts) -> Iterator[str]:
    """Say what changes of place, but what is born or ends: « Haute-Rive [99004] : CC du Plateau → CA de la Côte »."""
    noms = {(t.nature, t.code): t.nom for t in Territoire.objects.designes_par(map(":".join, _cites(ecarts)))}
    noms |= {lu.cle: lu.nom for lu in ecarts.crees}
    ecartes = {lu.cle for lu in ecarts.crees} | {(t.nature, t.code) for t, _ in ecarts.fermes}
    places: dict[Cle, tuple[list[str], list[str]]] = {}
    for rang, faits in enumerate((ecarts.retraits, ecarts.ajouts)):
        for contenu, contenant in sorted(faits):
            if contenu not in ecartes:
                places.setdefault(contenu, ([], []))[rang].append(noms.get(contenant, contenant[1]))
    for contenu, (avant, apres) in sorted(places.items()):
        quittes, rejoints = (", ".join(noms_) or "rien" for noms_ in (avant, apres))
        yield f"{noms.get(contenu, '')} [{contenu[1]}] : {quittes} → {rejoints}"


def _cites(ecarts: Ecarts) -> set[Cle]:
    return {cle for fait in ecarts.ajouts | ecarts.retraits for cle in fait}


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
