"""The place read in the words of a search: « CLS Elbeuf », « cls 76 », « que faire à Elbeuf ».

`separer` alone decides it. A place is the whole name, or the code, of a territory in force, at the end, at the
beginning or in the middle of what was typed; the name of a scheme (« contrat de ville ») and the title of a fiche stay
words. Of two places, the first read so is kept, and the other told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from territoires.models import Territoire
from territoires.recherche import ORDRE, departager

SIGNES_AU_PLUS = 200  # what the field of the words takes
MOTS_AU_PLUS = 6  # in the name of a place: « saint germain en laye », « provence alpes cote d azur » is five
MOT = re.compile(r"[^\s,;:!?()]+")
# « à Elbeuf », « dans l’Eure »: what comes before the name of a place, and says that it is one.
DEVANT = r"(?:à|a|au|aux|en|dans|sur|pour|vers chez|de|du|des|la|le|les|d|l)"
DEVANT_A_LA_FIN = re.compile(rf"(?:(?:^|\s){DEVANT}(?:\s+|[’']|$))+$", re.IGNORECASE)
DIT_UN_LIEU = re.compile(r"(?:^|\s)(?:à|a|au|aux|en|dans)(?:\s+l(?:[ae]s?)?)?(?:\s+|[’'])$", re.IGNORECASE)
# Asked of a place alone: all that concerns it answers.
SANS_OBJET = re.compile(
    r"(?:qu(?:e|oi)\s+faire|quoi|que\s+se\s+passe.t.il|qu.(?:est.ce\s+qu.il\s+)?y\s+a.?(?:t.il)?"
    r"|où\s+aller)",
    re.IGNORECASE,
)
POUR_LES_MOTS = re.compile(r'["«»]|(?:^|\s)-\w|\bOU\b')  # quoted, excluded or alternative: words, surely
CODE = re.compile(r"\d{5}|2[abAB]|9[78]\d|\d\d")
ASSEZ_PEUPLEE = 2_000  # a small commune is read only with a capital or after « à »: « aller vers », « en ville »
ASSEZ_AU_MILIEU = 10_000  # and between other words, only a town
MOTS_LUS_AU_MILIEU = 8  # in a longer search, a place is read at the ends only
SUITE_DU_NOM = re.compile(r"[\s-]+(?:sur|sous|lès|lez)[\s-]", re.IGNORECASE)
ET = re.compile(r"(?:^\s*(?:et|ou)\s)|(?:\s(?:et|ou)\s*$)|[,;]", re.IGNORECASE)
# Nouns that are also the names of places.
NOMS_COMMUNS = frozenset(
    [
        *"ain aire centre cher die dole landes lens lot manche mer nice nord orange plaisir rue sens somme".split(),
        *"tours trappes var vif".split(),
    ]
)
LIEUX = f"""
WITH lues AS (
  SELECT texte, n, normalise_nom(texte) AS nom FROM unnest(%(portions)s::text[]) WITH ORDINALITY AS p (texte, n)
),
saisie AS (SELECT ' ' || normalise_nom(%(saisie)s) || ' ' AS nom),
noms_de_fiches AS (
  SELECT ' ' || normalise_nom(unnest(f.titre || d.sigle || d.autres_noms)) || ' ' AS nom FROM dispositifs_dispositif d
  JOIN fiches_fiche f ON f.id = d.fiche_ptr_id AND f.etat = 'publiee'
  UNION ALL SELECT ' ' || normalise_nom(nom) || ' ' FROM fiches_theme
  UNION ALL SELECT ' ' || normalise_nom(titre) || ' ' FROM fiches_fiche, saisie
  WHERE etat = 'publiee' AND recherche @@ phraseto_tsquery('fr', normalise_texte(%(saisie)s))
),
lieux AS (
  SELECT l.n, t.id FROM lues l
  JOIN territoires_territoire t
    ON t.fin IS NULL AND t.nature <> 'qpv' AND l.nom <> '' AND t.cles LIKE '%%|' || l.nom || '|%%'
  WHERE NOT EXISTS (
    SELECT 1 FROM noms_de_fiches f, saisie s
    WHERE f.nom LIKE '%% ' || l.nom || ' %%' AND s.nom LIKE '%%' || f.nom || '%%'
  )  -- « ARS » is the agency before the communes of Ars
  AND NOT (t.nature = 'commune' AND EXISTS (SELECT 1 FROM fiches_sigle g WHERE normalise_nom(g.sigle) = l.nom))
  UNION
  SELECT l.n, t.id FROM lues l JOIN territoires_territoire t
    ON t.fin IS NULL AND t.code = upper(l.texte) AND t.nature IN ('departement', 'commune') AND l.texte ~ '^[0-9]'
  UNION
  SELECT l.n, t.id FROM lues l JOIN territoires_territoire t
    ON t.fin IS NULL AND t.codes_postaux && ARRAY[l.texte]::varchar[] AND l.texte ~ '^[0-9]{{5}}$'
)
SELECT t.*, l.n FROM lieux l JOIN territoires_territoire t USING (id) ORDER BY l.n, {ORDRE}
"""  # noqa: S608  (made of the constants above)


@dataclass(frozen=True)
class Separation:
    """What was typed, in two: the words left, and the territory, or those that it may be."""

    mots: str
    territoire: Territoire | None = None
    autre: Territoire | None = None  # named too, and not kept
    possibles: tuple[Territoire, ...] = ()


SANS_LIEU = Separation("")


def separer(saisie: str) -> Separation:
    """Return the words and the place of a search; all of it as words when it names no place, or only one. One query."""
    lisible = len(saisie) <= SIGNES_AU_PLUS and "\0" not in saisie and not POUR_LES_MOTS.search(saisie)
    portions = list(_portions(saisie, list(MOT.finditer(saisie)))) if lisible else []
    if not portions:
        return Separation(saisie)
    textes = [saisie[debut:fin] for debut, fin in portions]
    lus: list[Any] = list(Territoire.objects.raw(LIEUX, {"portions": textes, "saisie": saisie}))
    for n, (debut, fin) in enumerate(portions, 1):
        avant, nom, apres = saisie[:debut], saisie[debut:fin], saisie[fin:]
        if n == 1 and any(lieu.n == 1 for lieu in lus):
            break  # what was typed is the name of a place, which the page says
        trouves = [lieu for lieu in lus if lieu.n == n and _est_un_lieu(lieu, avant, nom, apres)]
        if trouves:
            lecture = departager(trouves)
            reste = f"{DEVANT_A_LA_FIN.sub('', avant)} {apres}"
            mots, autre = _sans_autre(reste, textes, lus) if lecture.territoire else (reste, None)
            return Separation(_sans_objet(mots), lecture.territoire, autre, lecture.proches)
    return Separation(saisie)


def _sans_autre(reste: str, textes: list[str], lus: list[Any]) -> tuple[str, Territoire | None]:
    """Return the words without a second place that they name at an end, « Rouen et Elbeuf », and that place."""
    for n, texte in enumerate(textes, 1):
        if trouve := re.search(rf"(?<!\w){re.escape(texte)}(?!\w)", reste):
            avant, apres = reste[: trouve.start()], reste[trouve.end() :]
            lieux = [lieu for lieu in lus if lieu.n == n and _est_un_lieu(lieu, avant, texte, apres)]
            if lieux and not CODE.fullmatch(texte):
                return f"{DEVANT_A_LA_FIN.sub('', ET.sub(' ', avant))} {ET.sub(' ', apres)}", lieux[0]
    return reste, None


def _portions(saisie: str, mots: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Yield where the words of a place may lie: the whole, the end, the beginning, the longest first."""
    if len(mots) < 2:
        return
    yield mots[0].start(), mots[-1].end()
    for combien in range(min(MOTS_AU_PLUS, len(mots) - 1), 0, -1):
        debut = mots[-combien].start()
        # « d’Elbeuf », « l’Eure »: the article is glued to the name.
        debut += len(re.match(r"(?:[dl][’'])?", saisie[debut:], re.IGNORECASE)[0])  # type: ignore[index]
        yield debut, mots[-1].end()
    for combien in range(min(MOTS_AU_PLUS, len(mots) - 1), 0, -1):
        yield mots[0].start(), mots[combien - 1].end()
    if len(mots) <= MOTS_LUS_AU_MILIEU:
        for combien in range(min(MOTS_AU_PLUS, len(mots) - 2), 0, -1):
            for premier in range(1, len(mots) - combien):
                yield mots[premier].start(), mots[premier + combien - 1].end()


def _est_un_lieu(lieu: Territoire, avant: str, nom: str, apres: str) -> bool:
    if CODE.fullmatch(nom):
        return bool(avant.strip())
    if SUITE_DU_NOM.match(apres):
        return False  # « elbeuf sur seine » is no Elbeuf: it is asked back
    ecrit_comme_un_nom = nom[0].isupper() or bool(DIT_UN_LIEU.search(avant))
    if nom.lower() in NOMS_COMMUNS:
        return ecrit_comme_un_nom
    assez = ASSEZ_AU_MILIEU if avant.strip() and apres.strip() else ASSEZ_PEUPLEE
    return ecrit_comme_un_nom or lieu.nature != Territoire.Nature.COMMUNE or (lieu.population or 0) >= assez


def _sans_objet(reste: str) -> str:
    mots = " ".join(reste.split())
    return "" if SANS_OBJET.fullmatch(mots) else mots
