"""The content that lines of a table make of a fiche: its statements, its dates, its source; the rest stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from contributions.tableau.dits import TITRE_MAX, Dit
from dispositifs.age import Constat, Situation
from dispositifs.generations import numero, succeder
from dispositifs.models import Dispositif
from fiches.sources import Contenu, cle_libre, cles
from francais.balises import VOYELLES, de, enumeration, pluriel
from francais.dates import DatePartielle
from recherche.sujets import Sujet
from territoires.articles import avec_article
from territoires.models import Territoire

NOMMES, NOMMES_DANS_UN_TITRE = 5, 3  # territories, in a sentence and in a title


@dataclass(frozen=True)
class Document:
    """The table as a source: what to call it, who made it, when, where it is read."""

    titre: str
    editeur: str
    le: DatePartielle
    adresse: str

    def source(self, dit: Dit) -> dict[str, Any]:
        ailleurs = dit.adresse.startswith(("https://", "http://")) and not dit.adresse.startswith(settings.SITE_URL)
        adresse = dit.adresse if ailleurs else self.adresse
        return {"titre": self.titre, "organisation": self.editeur, "date": str(dit.vu or self.le), "url": adresse}


def nouveau(dits: Sequence[Dit], document: Document) -> Contenu:
    """Return the content of a fiche that does not exist yet, as these lines describe it."""
    premier = dits[0]
    dispositif = premier.sorte
    contenu: Contenu = {
        "titre": next((dit.nom for dit in dits if dit.nom), "") or titre_de(premier),
        "dispositif": dispositif.slug,
        "sections": {"description": _description(dispositif, premier.lieux)},
        "sources": [{"cle": "1", **document.source(premier)}],
        "debut": "",
        "fin": "",
    }
    for dit in dits:
        contenu = _dire(contenu, dit, "1")
    porte = f", porté par {contenu['porteur']}," if contenu.get("porteur") else ""
    return contenu | {"resume": f"{dispositif.titre}{porte} pour {lieux_en_mots(premier.lieux)}."[:300]}


def change(
    contenu: Contenu, dits: Sequence[Dit], document: Document, *, porteur: bool = False, nom: bool = False
) -> Contenu:
    """Return a content with what these lines add to it; the very same one when it says all of it already.

    Its title stays unless `nom`, and its carrier unless `porteur`: a table often calls them by a shorter name.
    """
    for dit in dits:
        if nom and dit.nom and not _pareils(dit.nom, contenu["titre"]):
            contenu = {**contenu, "titre": dit.nom}
        avec = _dire(contenu, dit, "", porteur=porteur)
        if avec == contenu:
            continue
        source = document.source(dit)
        memes = (s["cle"] for s in contenu["sources"] if {**s, **source} == s)
        connue = next(memes, "")
        cle = connue or cle_libre(cles(contenu))
        sources = contenu["sources"] if connue else [*contenu["sources"], {"cle": cle, **source}]
        contenu = {**_dire(contenu, dit, cle, porteur=porteur), "sources": sources}
    return contenu


def _dire(contenu: Contenu, dit: Dit, source: str, *, porteur: bool = True) -> Contenu:
    """Return a content with what a line says, of the present generation, of the next, or of a former one.

    What was seen before the fiche was last seen only adds to it: it changes nothing that the fiche knows.
    """
    lu: Contenu = {
        "debut": _au_plus_precis(contenu.get("debut"), dit.debut),
        "fin": _au_plus_precis(contenu.get("fin"), dit.fin),
        "generation": dit.rang,
        "territoires": _dans_l_ordre(contenu.get("territoires") or [], dit.designations),
        "porteur": dit.porteur if porteur or not contenu.get("porteur") else "",
    }
    if _pareils(dit.porteur, contenu.get("porteur") or ""):
        lu["porteur"] = ""
    if _plus_ancien(dit, contenu):
        lu = {cle: valeur for cle, valeur in lu.items() if not contenu.get(cle)}
    dites = {cle: valeur for cle, valeur in lu.items() if valeur} | {"constats": _constats(contenu, dit, source)}
    ici, la = contenu.get("generation"), dites.get("generation")
    if "constats" not in contenu or la is None or numero(ici) == numero(la):
        if "constats" in contenu and not ici:
            dites.pop("generation", None)  # the first, whether it is said or not
        return {**contenu, **dites}
    return succeder(contenu, dites, source)


def _plus_ancien(dit: Dit, contenu: Contenu) -> bool:
    """Return whether a line was true before the day when the fiche was last seen."""
    if not contenu.get("constats"):
        return False
    vu_le, dernier = Situation.de(contenu).vu_le.premier_jour, dit.vu.dernier_jour
    return bool(vu_le and dernier and vu_le > dernier)


def _au_plus_precis(connue: str | None, dite: DatePartielle) -> str:
    """Return the date said, or the one that is known when it says the same with more precision."""
    return connue if dite and connue and connue.startswith(dite) else str(dite)


def _pareils(un: str, autre: str) -> bool:
    """Return whether two texts are one but for their blanks, which tables and spreadsheets change."""
    return un.split() == autre.split()


def _dans_l_ordre(connus: list[str], dits: list[str]) -> list[str]:
    """Return the territories said, in the order of the fiche when they are the same."""
    return connus if set(connus) == set(dits) else dits


def _constats(contenu: Contenu, dit: Dit, source: str) -> list[dict[str, str]]:
    """Return the statements of a content with those of a line that it has not, though with more precision."""
    connus = list(contenu.get("constats") or [])
    dits = [(Constat.SIGNE.value, str(dit.signature))] if dit.signature else []
    dits += [(dit.etat.value, str(dit.vu))] if dit.etat else []
    for etat, le in dict.fromkeys(dits):
        if not any(connu["etat"] == etat and connu["le"].startswith(le) for connu in connus):
            connus.append({"etat": etat, "le": le, "source": source})
    return connus


def titre_de(dit: Dit) -> str:
    """« Contrat local de santé de Dieppe et de la CC du Plateau »: a title that the table does not give."""
    noms = _noms(dit.lieux, NOMMES_DANS_UN_TITRE)
    # « De Rouen et Dieppe », but « du Havre et de la CC du Plateau »: what has an article needs its own « de ».
    nus = all(nom == lieu.nom and de(nom).endswith(nom) for nom, lieu in zip(noms, dit.lieux, strict=False))
    return f"{dit.sorte.titre} {de(enumeration(noms)) if nus else enumeration([*map(de, noms)])}"[:TITRE_MAX]


def lieux_en_mots(lieux: Sequence[Territoire]) -> str:
    """« Le Bourg, Petit-Val et la CC du Plateau »: the places as a sentence says them, the first ones when many."""
    return enumeration(_noms(lieux, NOMMES))


def _noms(lieux: Sequence[Territoire], nommes: int) -> list[str]:
    """Return places with their articles, those beyond `nommes` counted."""
    noms, tus = [avec_article(lieu) for lieu in lieux[:nommes]], len(lieux) - nommes
    return noms if tus <= 0 else [*noms, f"{tus} {pluriel(tus, 'autre territoire,autres territoires')}"]


def _description(dispositif: Dispositif, lieux: Sequence[Territoire]) -> str:
    """« Ce contrat local de santé couvre Le Bourg et Petit-Val. », linked to its kind."""
    nom = f"{dispositif.titre[:1].lower()}{dispositif.titre[1:]}"
    article = Sujet(nom_complet=dispositif.titre).un
    ce = {"une": "Cette", "des": "Ces"}.get(article, "Cet" if nom[0] in VOYELLES else "Ce")
    couvre = "couvrent" if article == "des" else "couvre"
    return f"{ce} [{nom}]({dispositif.get_absolute_url()}) {couvre} {lieux_en_mots(lieux)}.[^1]"
