"""What cells say, read as people write them: dates, durations, states, ranks, codes, accents that were lost.

What is sure is mended, and told; what is not raises ValueError, and is asked. Nothing becomes more precise than it was.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dispositifs.age import SANS_DATE, Constat
from francais.caracteres import sans_accents
from francais.dates import DatePartielle

# Letters that UTF-8 writes in two or three bytes, read one byte at a time. None begins a French word.
ABIMES = {
    lettre.encode().decode("cp1252", "ignore"): lettre
    for lettre in "éèêëàâäîïôöûùüÿçÉÈÊËÀÂÄÎÏÔÖÛÙÜÇœŒ«»°·€’‘“”–—…²"
    if len(lettre.encode().decode("cp1252", "ignore")) > 1
} | {"Ã\u00a0": "à", "Â\u00a0": "\u00a0", "Ã‰": "É", "Ã\u0080": "À"}
ABIME = re.compile("|".join(sorted(map(re.escape, ABIMES), key=len, reverse=True)) + r"|Ã(?=\s|$)")
LONGUEUR = 200  # characters, of what is no date nor state
RELECTURES = 3  # times that one text was read wrong
SERIE = re.compile(r"\d{5}(?:[.,]\d+)?")
EPOQUE = date(1899, 12, 30)  # of Excel
JOURS = range(36_526, 73_051)  # of the years 2000 to 2099
A_DEUX_CHIFFRES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})")
MOIS_A_DEUX_CHIFFRES = re.compile(r"([a-z]{3,9})\.?[ '-](\d{2})")
TIRETS = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})|(\d{1,2})-(\d{4})|([a-z]{3,9})\.?-(\d{4})")
HEURE = re.compile(r"[ t]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?z?$")
PERIODE = re.compile(r"(?:de )?(\d{4}) ?(?:-|/|–|a|au|et|>) ?(\d{4})")
PARTIE_D_ANNEE = re.compile(
    r"(?:(?:le |au |du )?(?:[1-4] ?(?:er|e|eme|nd|nde)? |premier |second |deuxieme |troisieme |quatrieme |dernier )?"
    r"(?:trimestre|semestre) (?:de )?|[ts][1-4][ -]|courant |debut |fin |mi[ -]|vers |environ |printemps |ete |automne "
    r"|hiver |annee )(?:l annee )?(?P<annee>(?:19|20)\d\d)|(?P<avant>(?:19|20)\d\d)[ -](?:[ts][1-4])"
)
AUTOUR = re.compile(
    r"^(?:(?:signe|signee|signature|conclu|adopte|depuis|des|a partir|echeance|fin|terme|jusqu|valable|prolonge|prevu|"
    r"prevue|date)\b[ :]*(?:(?:le|la|l|en|du|de|d|au|a|à)\b[ ']*)*|(?:le|en|au|du) )|( inclus| environ|\.)$"
)
PRECISION = re.compile(r"\s*\([^()]*\)\s*")
INCONNUE = re.compile(
    r"(?:n ?/ ?[ac]|nc|nr|ns|neant|inconnue?|non (?:connue?|renseignee?|precisee?|communiquee?|disponible)|"
    r"a (?:preciser|completer|confirmer|definir|determiner)|ne sait pas|sans objet|so|[?x./ -]+)"
)
LETTRES = {"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "dix": 10}
DUREE = re.compile(
    rf"(?P<n>\d{{1,3}}|{'|'.join(LETTRES)}) ?(?P<unite>ans?|annees?|mois)\b"
    r"(?:[ ,:(]*(?:a (?:partir|compter)|apres|depuis)(?: d[eu']| la| le| l)*(?P<depuis>[^)]*)\)?)?"
)
ROMAINS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
ORDINAL = r"(?:er|ere|e|eme|nd|nde)?"
RANG = re.compile(
    rf"(?:clsm?|contrat|generation|g|n|no|v)? ?(\d{{1,2}}|i{{1,3}}|iv|v){ORDINAL}(?: (?:contrat|generation|cls))?"
)

# What tables say of a scheme, by how it begins, and what it comes to.
SIGNATURE_A_VENIR = r"(?:en (?:cours de|attente de) |a )(?:signature|signer)"
EN_CHANTIER = r"(?:en )?(?:cours d[e ] ?)?(?:projet|preparation|elaboration|construction|redaction|reflexion|emergence)"
ETATS_LUS = [
    (re.compile(rf"(?:{motif})\b"), constat)
    for motif, constat in (
        (rf"{SIGNATURE_A_VENIR}|{EN_CHANTIER}|diagnostic|a venir|prefiguration|prevue?", Constat.EN_PROJET),
        (r"avenant|actif|active|oui|existante?|installee?|operationnel(?:le)?|mise? en oeuvre", Constat.ACTIF),
        (r"en (?:cours|vigueur|place|activite|oeuvre|fonctionnement|exercice)", Constat.ACTIF),
        (r"signee?s?", Constat.SIGNE),
        (r"adoptee?s?|approuvee?s?|validee?s?", Constat.ADOPTE),
        (r"terminee?s?|clos|close|cloturee?s?|finie?s?|achevee?s?", Constat.TERMINE),
        (r"abandonnee?s?|arretee?s?|supprimee?s?|dissoute?s?", Constat.TERMINE),
    )
]
RECONDUIT = re.compile(
    r"(?:tacite(?:ment)? )?recondu\w*|renouvel\w*|en (?:cours de )?renouvel\w*|prolonge\w*|proroge\w*"
)
ENFUI = re.compile(r"echu\w*|expire\w*|perime\w*|caduc\w*|depasse\w*|inacti\w*|suspendu\w*|en (?:sommeil|pause|veille)")


@dataclass(frozen=True)
class Dite:
    """A date that was read: itself, what was understood of it when it is not plain, what else the cell says."""

    le: DatePartielle = SANS_DATE
    fin: DatePartielle = SANS_DATE  # of a period
    etat: Constat | None = None  # a state written in the place of a date
    compris: str = ""


def reparer(texte: str) -> str:
    """Return a text whose accents were read byte by byte, with its accents: « santÃ© » is « santé »."""
    for _ in range(RELECTURES):
        neuf = ABIME.sub(lambda trouve: ABIMES.get(trouve[0], "à"), texte)
        if neuf == texte:
            break
        texte = neuf
    return texte


def nettoyer(texte: str) -> str:
    """Return a cell without what spreadsheets add to protect it (`="01053"`, an apostrophe), its blanks made one."""
    texte = texte.strip()
    if texte.startswith('="') and texte.endswith('"'):
        texte = texte[2:-1]
    if texte.startswith("'") and not texte.endswith("'"):
        texte = texte[1:]
    return "\n".join(" ".join(ligne.split()) for ligne in texte.splitlines() if ligne.strip())


def est_inconnue(texte: str) -> bool:
    """Return whether a cell says that nobody knows: empty, « NC », « ? », « à préciser »."""
    return not texte or (len(texte) <= LONGUEUR and bool(INCONNUE.fullmatch(_plat(texte))))


def lire_date(texte: str) -> Dite:
    """Return the date that a cell gives, as precise as it is written. Raises ValueError when it cannot be sure."""
    if est_inconnue(texte):
        return Dite()
    try:
        return Dite(DatePartielle.lire(texte))
    except ValueError as erreur:
        refus = erreur
    lu = HEURE.sub("", _plat(texte))
    if SERIE.fullmatch(lu) and int(lu[:5]) in JOURS:
        le = DatePartielle((EPOQUE + timedelta(int(lu[:5]))).isoformat())
        return Dite(le, compris=f"{le.en_mots} (date d’Excel)")
    if periode := PERIODE.fullmatch(lu):
        return _periode(*periode.groups())
    if reconduit := RECONDUIT.search(lu):
        jusque = _sans_ce_qui_entoure(lu.replace(reconduit[0], " ")) or SANS_DATE
        compris = jusque.jusque or "fin non connue"
        return Dite(jusque, etat=Constat.ACTIF, compris=f"en vie, reconduit, {compris}")
    if lue := _sans_ce_qui_entoure(lu):
        return Dite(lue, compris=lue.en_mots)
    if partie := PARTIE_D_ANNEE.search(lu):
        le = DatePartielle.lire(partie["annee"] or partie["avant"])
        return Dite(le, compris=f"{le.en_mots}, sans plus de précision")
    try:
        etat = lire_etat(texte)
    except ValueError:
        raise refus from None
    return Dite(etat=etat, compris=f"pas de date, état « {etat.label.lower()} »") if etat else Dite()


def _periode(debut: str, fin: str) -> Dite:
    if int(fin) < int(debut):
        raise ValueError("cette période finit avant de commencer")
    le, jusque = DatePartielle.lire(debut), DatePartielle.lire(fin)
    return Dite(le, jusque, compris=f"de {le.en_mots} à {jusque.en_mots}")


def _sans_ce_qui_entoure(lu: str) -> DatePartielle | None:
    """Return the date of « signé le 12/03/21 (avenant en 2023) »; None when there is not exactly one."""
    lu = " ".join(PRECISION.sub(" ", lu.replace("()", "")).split())
    for _ in range(3):
        lu = AUTOUR.sub("", lu).strip()
    if trouve := A_DEUX_CHIFFRES.fullmatch(lu):
        jour, mois, annee = trouve.groups()
        lu = f"{jour}/{mois}/20{annee}"
    elif trouve := MOIS_A_DEUX_CHIFFRES.fullmatch(lu):
        lu = f"{trouve[1]} 20{trouve[2]}"
    elif trouve := TIRETS.fullmatch(lu):
        lu = "/".join(partie for partie in trouve.groups() if partie)
        lu = lu.replace("/", " ") if trouve[6] else lu
    try:
        return DatePartielle.lire(lu)
    except ValueError:
        return None


def lire_etat(texte: str) -> Constat | None:
    """Return what a word says of a scheme; None when it is empty. Raises ValueError when one must ask."""
    if est_inconnue(texte):
        return None
    lu = _plat(texte)
    if RECONDUIT.match(lu):
        return Constat.ACTIF
    if lu in ("non", "absent") or ENFUI.match(lu):
        raise ValueError("ce mot ne dit pas si le dispositif est terminé")
    trouve = next((constat for motif, constat in ETATS_LUS if motif.match(lu)), None)
    if trouve is None:
        raise ValueError("nous ne lisons pas cet état")
    return trouve


def lire_duree(texte: str) -> tuple[int, str] | None:
    """Return months, and from what they count if it is said: « 5 ans à partir de 2021 » is (60, "2021").

    None when it is empty. Raises ValueError.
    """
    if est_inconnue(texte):
        return None
    lu = _plat(texte)
    if lu.isdecimal() and int(lu) <= 10:
        return int(lu) * 12, ""
    trouve = DUREE.search(lu)
    if trouve is None:
        raise ValueError("nous ne lisons pas cette durée")
    nombre = int(trouve["n"]) if trouve["n"].isdecimal() else LETTRES[trouve["n"]]
    return nombre * (1 if trouve["unite"] == "mois" else 12), (trouve["depuis"] or "").strip()


def terme(debut: DatePartielle, mois: int) -> DatePartielle:
    """Return the end of so many months that begin then, as precise as the beginning: the eve, when it is a day.

    Empty when it would be more precise than that: eighteen months from 2021.
    """
    if not debut or (len(debut) == 4 and mois % 12):
        return DatePartielle()
    premier = debut.premier_jour
    assert premier is not None  # noqa: S101  (it is not empty)
    rang = premier.year * 12 + premier.month - 1 + mois
    annee, reste = divmod(rang, 12)
    if len(debut) < 10:
        return DatePartielle(f"{annee:04}-{reste + 1:02}"[: len(debut)])
    suivant = date(annee + (reste == 11), (reste + 1) % 12 + 1, 1)
    meme_jour = min(date(annee, reste + 1, 1) + timedelta(premier.day - 1), suivant)
    return DatePartielle((meme_jour - timedelta(1)).isoformat())


def lire_rang(texte: str) -> int | None:
    """Return the rank of a contract: 2 for « CLS 2 », « 2e », « II »; None when it is empty. Raises ValueError."""
    if est_inconnue(texte):
        return None
    trouve = RANG.fullmatch(_plat(texte))
    if trouve is None:
        raise ValueError("nous ne lisons pas ce rang")
    rang = ROMAINS.get(trouve[1]) or int(trouve[1])
    if not 1 <= rang <= 20:
        raise ValueError("ce rang n’est pas plausible")
    return rang


def _plat(texte: str) -> str:
    """Return a text in lower case, without accents, on one line; apostrophes are blanks. Raises ValueError."""
    if len(texte) > LONGUEUR:
        raise ValueError("cette cellule est trop longue")
    return " ".join(sans_accents(texte.replace("’", " ").replace("'", " ")).split())
