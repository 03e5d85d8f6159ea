"""The place read in the words of a search: « CLS Elbeuf », « cls 76 », « que faire à Elbeuf ».

`separer` alone decides it. A place is the whole name, or the code, of a territory in force, at the end, at the
beginning or in the middle of what was typed; or a part of its name said with its kind, « agglo rouen », when only one
of this kind has it; or a quartier said with its town. The name of a scheme (« contrat de ville ») and the title of a
fiche stay words. Of two places, the first read so is kept, and the other told.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recherche.lieux_nommes import AUTOUR_D_UNE_VILLE, ENTIER, NU, PARTIE, requete_des_lieux
from recherche.portions import Portion, portions_de
from territoires.lignes import Requete, en_territoires
from territoires.models import Territoire
from territoires.recherche import Lecture, departager

# « à Elbeuf », « dans l’Eure »: what comes before the name of a place, and says that it is one.
DEVANT = r"(?:à|a|au|aux|en|dans|sur|pour|vers chez|de|du|des|la|le|les|d|l|commune|d[ée]partement|r[ée]gion)"
DEVANT_A_LA_FIN = re.compile(rf"(?:(?:(?<=[\s’'])|^){DEVANT}(?:\s+|[’']\s*|$))+$", re.IGNORECASE)
DIT_UN_LIEU = re.compile(r"(?:^|\s)(?:à|a|au|aux|en|dans)(?:\s+l(?:[ae]s?)?)?(?:\s+|[’']\s*)$", re.IGNORECASE)
QUARTIER_A_LA_FIN = re.compile(
    r"(?:^|\s)(?:qpv|quartiers?(?: prioritaires?)?)(?:\s+(?:de|du|des|la|le|les)|\s+[dl][’'])*\s*$", re.IGNORECASE
)
VILLE_DE = re.compile(r"^\s*(?:la\s+)?(?:ville|commune)\s+(?:d[eu]|des|d[’'])\s*$", re.IGNORECASE)
SUITE_DU_NOM = re.compile(r"[\s-]+(?:sur|sous|lès|lez)[\s-]", re.IGNORECASE)
ET = re.compile(r"(?:^\s*(?:et|ou)\s)|(?:\s(?:et|ou)\s*$)|[,;]", re.IGNORECASE)
# Asked of a place alone: all that concerns it answers.
SANS_OBJET = re.compile(
    r"(?:qu(?:e|oi)\s+faire|quoi|que\s+se\s+passe.t.il|qu.(?:est.ce\s+qu.il\s+)?y\s+a.?(?:t.il)?"
    r"|où\s+aller)",
    re.IGNORECASE,
)
A_ARRONDISSEMENTS = ("75056", "69123", "13055")
ARRONDISSEMENT = re.compile(r"^\s*\d\d?\s*(?:er?|[eè]me)\b(?:\s+arrondissement\b)?", re.IGNORECASE)
GRANDS = (Territoire.Nature.REGION, Territoire.Nature.DEPARTEMENT)
POSSIBLES_AU_PLUS = 8
ASSEZ_PEUPLEE = 2_000  # a small commune is read only with a capital or after « à »: « aller vers », « en ville »
ASSEZ_AU_MILIEU = 10_000  # and between other words, only a town
# Nouns that are also the names of places.
NOMS_COMMUNS = frozenset(
    [
        *"ain aire centre cher die dole landes lens lot manche mer nice nord orange plaisir rue sens somme".split(),
        *"tours trappes var vif".split(),
    ]
)


@dataclass(frozen=True)
class Separation:
    """What was typed, in two: the words left, and the territory, or those that it may be."""

    mots: str
    territoire: Territoire | None = None
    autre: Territoire | None = None  # named too, and not kept
    possibles: tuple[Territoire, ...] = ()


SANS_LIEU = Separation("")


def requete_de(saisie: str) -> Requete | None:
    """Return the query whose rows `separer` reads; None when these words name no place."""
    portions = portions_de(saisie)
    return requete_des_lieux(saisie, portions) if portions else None


def separer(saisie: str, lignes: Iterable[str]) -> Separation:
    """Return the words and the place of a search; all of it as words when it names no place, or only one.

    `lignes`: what `requete_de` gave of it.
    """
    nommes = _Nommes(portions_de(saisie), en_territoires(lignes))
    if not nommes.lieux or any(lieu.n == 1 and lieu.comment == ENTIER for lieu in nommes.lieux):
        return Separation(saisie)  # none, or what was typed is the name of a place, which the page says
    for portion in nommes.portions:
        avant, apres = saisie[: portion.debut], saisie[portion.fin :]
        lecture = _lire(portion, avant, apres, nommes.par(portion))
        avant = _sans_annonce(VILLE_DE.sub("", avant))
        if any(lieu.nature == Territoire.Nature.QPV for lieu in filter(None, (lecture.territoire, *lecture.proches))):
            avant = QUARTIER_A_LA_FIN.sub("", avant)
        if lecture.territoire:
            if lecture.territoire.code in A_ARRONDISSEMENTS:
                apres = ARRONDISSEMENT.sub("", apres)
            return _avec_les_mots(avant, apres, lecture.territoire, nommes)
        if lecture.proches:
            return Separation(_mots(avant, apres), possibles=lecture.proches[:POSSIBLES_AU_PLUS])
    return Separation(saisie)


@dataclass(frozen=True)
class _Nommes:
    """The portions of a search, and the places that they name."""

    portions: list[Portion]
    lieux: list[Any]

    def par(self, portion: Portion, ville: Territoire | None = None) -> list[Any]:
        """Return what a portion names by itself, or the quartiers that it names in a town."""
        commune = ville.pk if ville else None
        return [lieu for lieu in self.lieux if lieu.n == portion.n and lieu.commune == commune]


def _lire(portion: Portion, avant: str, apres: str, lieux: list[Any]) -> Lecture:
    """Return what the words of a portion mean: by a name; else by a part of one and the kind said, if one has it."""
    entiers = [lieu for lieu in lieux if lieu.comment == ENTIER]
    if surs := [lieu for lieu in entiers if _est_un_lieu(lieu, avant, portion, apres)]:
        return departager(_les_grands(surs))
    if len(entiers) == 1 and entiers[0].nature == Territoire.Nature.QPV and portion.texte.count(" ") > 1:
        return Lecture(entiers[0])  # « hauts de rouen »
    if SUITE_DU_NOM.match(apres):
        return Lecture()
    if nus := [lieu for lieu in lieux if lieu.comment == NU]:
        return departager(nus)
    en_partie = [lieu for lieu in lieux if lieu.comment == PARTIE]
    dits = [lieu for lieu in en_partie if portion.sorte and portion.sorte.est_dite_de(lieu)]
    autour = [lieu for lieu in lieux if lieu.comment == AUTOUR_D_UNE_VILLE and lieu not in en_partie]
    return departager(dits) if dits else Lecture(proches=(*en_partie, *autour))


def _est_un_lieu(lieu: Territoire, avant: str, portion: Portion, apres: str) -> bool:
    nom = portion.texte
    if lieu.nature == Territoire.Nature.QPV:
        return bool(QUARTIER_A_LA_FIN.search(avant) or QUARTIER_A_LA_FIN.match(f"{nom.split(maxsplit=1)[0]} "))
    if portion.est_un_code:
        return bool(avant.strip())
    if SUITE_DU_NOM.match(apres):
        return False  # « elbeuf sur seine » is no Elbeuf: it is asked back
    ecrit_comme_un_nom = nom[0].isupper() or bool(DIT_UN_LIEU.search(avant))
    if nom.lower() in NOMS_COMMUNS:
        return ecrit_comme_un_nom
    assez = ASSEZ_AU_MILIEU if avant.strip() and apres.strip() else ASSEZ_PEUPLEE
    return ecrit_comme_un_nom or lieu.nature != Territoire.Nature.COMMUNE or (lieu.population or 0) >= assez


def _les_grands(lieux: list[Any]) -> list[Any]:
    """Return these without the small communes that bear the name of a région or of a département."""
    if not any(lieu.nature in GRANDS for lieu in lieux):
        return lieux
    return [
        lieu for lieu in lieux if lieu.nature != Territoire.Nature.COMMUNE or (lieu.population or 0) >= ASSEZ_AU_MILIEU
    ]


def _avec_les_mots(avant: str, apres: str, lieu: Territoire, nommes: _Nommes) -> Separation:
    """Return a place with the words around it, but for what names a quartier of this town, or a second place."""
    reste = f"{avant} {apres}"
    encore = [
        (portion, trouvee)
        for portion in nommes.portions
        if not portion.est_un_code and (trouvee := portion.motif.search(reste))
    ]
    for portion, trouvee in sorted(encore, key=lambda une: -len(une[0].texte)):
        devant, derriere = reste[: trouvee.start()], reste[trouvee.end() :]
        seule = trouvee.end() == len(avant.rstrip()) or not derriere.strip()
        if quartiers := _quartiers(portion, devant, nommes.par(portion, ville=lieu), seule=seule):
            lecture = departager(quartiers)
            mots = _mots(_sans_annonce(QUARTIER_A_LA_FIN.sub("", devant)), derriere)
            return Separation(mots, lecture.territoire, possibles=lecture.proches)
    for portion, trouvee in encore:
        devant, derriere = reste[: trouvee.start()], reste[trouvee.end() :]
        entiers = [autre for autre in nommes.par(portion) if autre.comment == ENTIER]
        if autres := [autre for autre in entiers if _est_un_lieu(autre, devant, portion, derriere)]:
            return _entre_deux(devant, derriere, lieu, autres)
    return Separation(_mots(reste), lieu)


def _quartiers(portion: Portion, avant: str, lieux: list[Any], *, seule: bool) -> list[Any]:
    """Return those, of the quartiers of a town, that a portion names: by their name or one of its parts; after
    « quartier », by words of it too, if it is alone beside the town (`seule`)."""
    par_leur_nom = [lieu for lieu in lieux if lieu.comment == ENTIER]
    if QUARTIER_A_LA_FIN.search(avant):
        return par_leur_nom or (lieux if seule else [])
    return par_leur_nom if " " in portion.texte or portion.texte[0].isupper() else []


def _entre_deux(devant: str, derriere: str, lieu: Territoire, autres: list[Any]) -> Separation:
    """Return the place kept of two: « Saint-Denis 93 » is the one that lies in this département, else the first."""
    if lieu.nature == Territoire.Nature.DEPARTEMENT:
        dedans = [autre for autre in autres if lieu.code in autre.departements]
        if len(dedans) == 1:
            return Separation(_mots(_sans_annonce(devant), derriere), dedans[0])
    mots = _mots(_sans_annonce(ET.sub(" ", devant)), ET.sub(" ", derriere))
    return Separation(mots, lieu, autres[0])


def _sans_annonce(avant: str) -> str:
    """Return words without what announces a place: « que faire » of « que faire à »."""
    return DEVANT_A_LA_FIN.sub("", avant)


def _mots(*morceaux: str) -> str:
    """Return the words left, or none when they ask nothing in particular."""
    mots = " ".join(" ".join(morceaux).split())
    return "" if SANS_OBJET.fullmatch(mots) else mots
