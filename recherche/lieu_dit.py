"""The place read in the words of a search: « CLS Elbeuf », « cls 76 », « que faire à Elbeuf ».

`separer` alone decides it. A place is the whole name, or the code, of a territory in force, at the end, at the
beginning or in the middle of what was typed; or a part of its name said with its kind, « agglo rouen », when only one
of this kind has it; or a quartier said with its town. The name of a scheme (« contrat de ville ») and the title of a
fiche stay words. Of two places, the first read so is kept, and the other told.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from territoires.models import Territoire
from territoires.recherche import MOTIF_D_UNE_PARTIE, NOMS_ENTIERS, ORDRE, SES_COMMUNES, Lecture, departager
from territoires.sortes import Sorte, separer_la_sorte

SIGNES_AU_PLUS = 200  # what the field of the words takes
MOTS_AU_PLUS = 6  # in the name of a place: « saint germain en laye », « provence alpes cote d azur » is five
MOT = re.compile(r"[^\s,;:!?()]+")
# « à Elbeuf », « dans l’Eure »: what comes before the name of a place, and says that it is one.
DEVANT = r"(?:à|a|au|aux|en|dans|sur|pour|vers chez|de|du|des|la|le|les|d|l|commune|d[ée]partement|r[ée]gion)"
QUARTIER_A_LA_FIN = re.compile(
    r"(?:^|\s)(?:qpv|quartiers?(?: prioritaires?)?)(?:\s+(?:de|du|des|la|le|les)|\s+[dl][’'])*\s*$", re.IGNORECASE
)
ARTICLE_COLLE = re.compile(r"(?:[dl][’'])?", re.IGNORECASE)  # « d’Elbeuf », « l’Eure »
VILLE_DE = re.compile(r"^\s*(?:la\s+)?(?:ville|commune)\s+(?:d[eu]|des|d[’'])\s*$", re.IGNORECASE)
A_ARRONDISSEMENTS = ("75056", "69123", "13055")
ARRONDISSEMENT = re.compile(r"^\s*\d\d?\s*(?:er?|[eè]me)\b(?:\s+arrondissement\b)?", re.IGNORECASE)
VILLE = re.compile(r"villes?\b", re.IGNORECASE)  # « contrat de ville de Rouen »
DEVANT_A_LA_FIN = re.compile(rf"(?:(?:(?<=[\s’'])|^){DEVANT}(?:\s+|[’']|$))+$", re.IGNORECASE)
DIT_UN_LIEU = re.compile(r"(?:^|\s)(?:à|a|au|aux|en|dans)(?:\s+l(?:[ae]s?)?)?(?:\s+|[’'])$", re.IGNORECASE)
# Asked of a place alone: all that concerns it answers.
SANS_OBJET = re.compile(
    r"(?:qu(?:e|oi)\s+faire|quoi|que\s+se\s+passe.t.il|qu.(?:est.ce\s+qu.il\s+)?y\s+a.?(?:t.il)?"
    r"|où\s+aller)",
    re.IGNORECASE,
)
POUR_LES_MOTS = re.compile(r'["«»]|(?:^|\s)-\w|\bOU\b')  # quoted, excluded or alternative: words, surely
CODE = re.compile(r"\d{5}|2[abAB]|9[78]\d|\d\d")
ENTIER, NU, PARTIE, AUTOUR_D_UNE_VILLE = "entier", "nu", "partie", "ville"
GRANDS = (Territoire.Nature.REGION, Territoire.Nature.DEPARTEMENT)
POSSIBLES_AU_PLUS = 8
TITRES_LUS = 100  # of those that may be what was typed: what more fiches say is no title
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
CHAMPS = [champ.attname for champ in Territoire._meta.concrete_fields]  # noqa: SLF001  (public, in spite of its name)
# What begins the name of an intercommunalité, as `normalise_nom` writes it.
SORTES_EN_TETE = [
    f"{sorte} {article}"
    for sorte in ("cc", "ca", "cu", "metropole", "petr")
    for article in ("", "d ", "de ", "de l ", "de la ", "des ", "du ")
]
# (`t.cles || ''`: so few groupings are read faster than a pattern is looked for in the index of trigrams.)
# Each territory, and how a portion names it: `entier`, by its name; `nu`, by its name without the kind that begins it,
# « Grand Nancy »; `partie`, by its kind and words of its name; `ville`, by its kind and one of its communes. A quartier
# comes with its commune, named elsewhere.
LIEUX = f"""
WITH lues AS (
  SELECT texte, n, normalise_nom(texte) AS nom FROM unnest(%(portions)s::text[]) WITH ORDINALITY AS p (texte, n)
),
saisie AS (SELECT ' ' || normalise_nom(%(saisie)s) || ' ' AS nom),
noms_de_fiches AS (
  SELECT ' ' || normalise_nom(unnest(f.titre || d.sigle || d.autres_noms)) || ' ' AS nom FROM dispositifs_dispositif d
  JOIN fiches_fiche f ON f.id = d.fiche_ptr_id AND f.etat = 'publiee'
  UNION ALL SELECT ' ' || normalise_nom(nom) || ' ' FROM fiches_theme
  UNION ALL (
    SELECT ' ' || normalise_nom(titre) || ' ' FROM fiches_fiche
    WHERE etat = 'publiee' AND recherche @@ phraseto_tsquery('fr', normalise_texte(%(saisie)s)) LIMIT {TITRES_LUS}
  )
),
libres AS (
  SELECT l.* FROM lues l
  WHERE l.nom <> '' AND NOT EXISTS (
    SELECT 1 FROM noms_de_fiches f, saisie s
    WHERE f.nom LIKE '%% ' || l.nom || ' %%' AND s.nom LIKE '%%' || f.nom || '%%'
  )
),
dites AS (
  SELECT n, normalise_nom(nom) AS nom, natures FROM jsonb_to_recordset(%(dites)s) AS d (n int, nom text, natures text[])
),
entiers AS (
  SELECT l.n, l.nom, t.id, t.nature FROM territoires_territoire t JOIN libres l ON l.nom = ANY({NOMS_ENTIERS})
  WHERE t.fin IS NULL AND {NOMS_ENTIERS} && (SELECT array_agg(nom) FROM libres)
    -- « ARS » is the agency before the communes of Ars
    AND NOT (t.nature = 'commune' AND EXISTS (SELECT 1 FROM fiches_sigle g WHERE normalise_nom(g.sigle) = l.nom))
),
nus AS (
  SELECT n, sorte || nom AS nom FROM libres, unnest(%(sortes)s::text[]) AS sorte WHERE nom LIKE '%% %%'
),
quartiers AS (
  SELECT t.id, e.id AS commune, normalise_nom(
    unnest(t.nom::text || t.autres_noms::text[] || regexp_split_to_array(t.nom, '\\s+[-–]\\s*'))
  ) AS nom
  FROM entiers e
  JOIN territoires_inclusion i ON i.contenant_id = e.id AND e.nature = 'commune'
  JOIN territoires_territoire t ON t.id = i.contenu_id AND t.nature = 'qpv' AND t.fin IS NULL
),
lieux (n, id, comment, commune) AS (
  SELECT n, id, 'entier', NULL::bigint FROM entiers
  UNION
  SELECT l.n, t.id, 'entier', NULL FROM lues l JOIN territoires_territoire t
    ON t.fin IS NULL AND t.code = upper(l.texte) AND t.nature IN ('departement', 'commune') AND l.texte ~ '^[0-9]'
  UNION
  SELECT l.n, t.id, 'entier', NULL FROM lues l JOIN territoires_territoire t
    ON t.fin IS NULL AND t.codes_postaux && ARRAY[l.texte]::varchar[] AND l.texte ~ '^[0-9]{{5}}$'
  UNION
  SELECT nus.n, t.id, 'nu', NULL FROM territoires_territoire t JOIN nus ON nus.nom = ANY({NOMS_ENTIERS})
  WHERE t.fin IS NULL AND {NOMS_ENTIERS} && (SELECT array_agg(nom) FROM nus)
  UNION
  SELECT d.n, t.id, 'partie', NULL FROM dites d JOIN territoires_territoire t ON t.nature IN ('epci', 'perimetre')
    AND t.fin IS NULL AND t.nature = ANY(d.natures) AND d.nom <> ''
    AND t.cles || '' ~ {MOTIF_D_UNE_PARTIE.format("d.nom")}
  UNION
  SELECT d.n, t.id, 'ville', NULL FROM dites d JOIN entiers e ON e.nom = d.nom AND e.nature = 'commune'
  JOIN territoires_inclusion i ON i.contenu_id = e.id
  JOIN territoires_territoire t ON t.id = i.contenant_id AND t.nature = 'epci' AND t.nature = ANY(d.natures)
  UNION
  SELECT l.n, q.id, CASE l.nom WHEN q.nom THEN 'entier' ELSE 'partie' END, q.commune
  FROM quartiers q JOIN libres l ON ' ' || q.nom || ' ' LIKE '%% ' || l.nom || ' %%'
)
SELECT row_number() OVER (ORDER BY l.n, {ORDRE}) AS ordre, to_jsonb(t) || jsonb_build_object(
  'n', l.n, 'comment', l.comment, 'commune', l.commune, 'precision', 'Quartier prioritaire, ' || {SES_COMMUNES}
) AS lieu
FROM lieux l JOIN territoires_territoire t USING (id)
"""  # noqa: S608  (made of the constants above)


@dataclass(frozen=True)
class Separation:
    """What was typed, in two: the words left, and the territory, or those that it may be."""

    mots: str
    territoire: Territoire | None = None
    autre: Territoire | None = None  # named too, and not kept
    possibles: tuple[Territoire, ...] = ()


SANS_LIEU = Separation("")


def demande_des_lieux(saisie: str) -> tuple[str, dict[str, Any]] | None:
    """Return the SQL that gives the places which words may name, with its parameters; None when they name none.

    Each row has `ordre` and `lieu`: what `separer` reads, as JSON.
    """
    portions = _portions(saisie)
    if not portions:
        return None
    dites = [
        {"n": portion.n, "nom": portion.nom, "natures": portion.sorte.natures}
        for portion in portions
        if portion.sorte and portion.sorte.en_partie
    ]
    textes = [portion.texte for portion in portions]
    return LIEUX, {"portions": textes, "saisie": saisie, "dites": json.dumps(dites), "sortes": SORTES_EN_TETE}


def separer(saisie: str, lieux: Iterable[str] | None = None) -> Separation:
    """Return the words and the place of a search; all of it as words when it names no place, or only one.

    `lieux`: what `demande_des_lieux` gave, in its order, when it has been asked; else it is, in one query.
    """
    portions = _portions(saisie)
    lus = [_lieu(texte) for texte in (_lire(saisie) if lieux is None else lieux)]
    if not lus or any(lieu.n == 1 and lieu.comment == ENTIER for lieu in lus):
        return Separation(saisie)  # none, or what was typed is the name of a place, which the page says
    for portion in portions:
        avant, apres = saisie[: portion.debut], saisie[portion.fin :]
        lecture = _lecture(portion, avant, apres, lus)
        avant = DEVANT_A_LA_FIN.sub("", VILLE_DE.sub("", avant))
        if lecture.territoire and lecture.territoire.code in A_ARRONDISSEMENTS:
            apres = ARRONDISSEMENT.sub("", apres)
        if any(lieu.nature == Territoire.Nature.QPV for lieu in filter(None, (lecture.territoire, *lecture.proches))):
            avant = QUARTIER_A_LA_FIN.sub("", avant)
        if lecture.territoire:
            return _avec_le_reste(avant, apres, lecture.territoire, portions, lus)
        if lecture.proches:
            return Separation(_sans_objet(f"{avant} {apres}"), possibles=lecture.proches[:POSSIBLES_AU_PLUS])
    return Separation(saisie)


def _lire(saisie: str) -> list[str]:
    if not (demande := demande_des_lieux(saisie)):
        return []
    requete, parametres = demande
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT lieu::text FROM ({requete}) l ORDER BY ordre", parametres)  # noqa: S608  (ours)
        return [texte for (texte,) in curseur]


def _lieu(texte: str) -> Any:
    """Return the territory of a row of `LIEUX`, with what it says besides."""
    valeurs = json.loads(texte)
    territoire: Any = Territoire.from_db(connection.alias, CHAMPS, [valeurs[champ] for champ in CHAMPS])
    territoire.debut = territoire.debut and date.fromisoformat(territoire.debut)
    for nom in ("n", "comment", "commune", "precision"):
        setattr(territoire, nom, valeurs[nom])
    return territoire


def _lecture(portion: "_Portion", avant: str, apres: str, lus: list[Any]) -> Lecture:
    """Return what the words of a portion mean: by a name; else by a part of one and the kind said, if one has it."""
    siens = [lieu for lieu in lus if lieu.n == portion.n and not lieu.commune]
    entiers = [lieu for lieu in siens if lieu.comment == ENTIER]
    if surs := [lieu for lieu in entiers if _est_un_lieu(lieu, avant, portion.texte, apres)]:
        return departager(_les_grands(surs))
    if len(entiers) == 1 and entiers[0].nature == Territoire.Nature.QPV and portion.texte.count(" ") > 1:
        return Lecture(entiers[0])  # « hauts de rouen »
    if SUITE_DU_NOM.match(apres):
        return Lecture()
    if nus := [lieu for lieu in siens if lieu.comment == NU]:
        return departager(nus)
    en_partie = [lieu for lieu in siens if lieu.comment == PARTIE]
    dits = [lieu for lieu in en_partie if portion.sorte and portion.sorte.est_dite_de(lieu)]
    autour = [lieu for lieu in siens if lieu.comment == AUTOUR_D_UNE_VILLE and lieu not in en_partie]
    return departager(dits) if dits else Lecture(proches=(*en_partie, *autour))


def _les_grands(lieux: list[Any]) -> list[Any]:
    """Return these without the small communes that bear the name of a région or of a département."""
    if not any(lieu.nature in GRANDS for lieu in lieux):
        return lieux
    return [x for x in lieux if x.nature != Territoire.Nature.COMMUNE or (x.population or 0) >= ASSEZ_AU_MILIEU]


def _avec_le_reste(avant: str, apres: str, lieu: Territoire, portions: list["_Portion"], lus: list[Any]) -> Separation:
    """Return a place with the words around it, but for a quartier of this town that they name, or a second place."""
    reste, coupe = f"{avant} {apres}", len(avant.rstrip())
    trouvees = [(p, t) for p in portions if not CODE.fullmatch(p.texte) and (t := p.motif.search(reste))]
    for portion, trouve in sorted(trouvees, key=lambda trouvee: -len(trouvee[0].texte)):
        devant, derriere = reste[: trouve.start()], reste[trouve.end() :]
        entier = trouve.end() == coupe or not derriere.strip()
        if quartiers := _quartiers(portion, devant, lieu, lus, entier=entier):
            mots = f"{DEVANT_A_LA_FIN.sub('', QUARTIER_A_LA_FIN.sub('', devant))} {derriere}"
            lecture = departager(quartiers)
            return Separation(_sans_objet(mots), lecture.territoire, possibles=lecture.proches)
    for portion, trouve in trouvees:
        devant, derriere = reste[: trouve.start()], reste[trouve.end() :]
        autres = [x for x in lus if x.n == portion.n and x.comment == ENTIER and not x.commune]
        if autres := [x for x in autres if _est_un_lieu(x, devant, portion.texte, derriere)]:
            dedans = [x for x in autres if lieu.nature == Territoire.Nature.DEPARTEMENT and lieu.code in x.departements]
            if len(dedans) == 1:
                # « Saint-Denis 93 »: the département tells homonyms apart.
                reste = f"{DEVANT_A_LA_FIN.sub('', devant)} {derriere}"
                return Separation(_sans_objet(reste), dedans[0])
            mots = f"{DEVANT_A_LA_FIN.sub('', ET.sub(' ', devant))} {ET.sub(' ', derriere)}"
            return Separation(_sans_objet(mots), lieu, autres[0])
    return Separation(_sans_objet(reste), lieu)


def _quartiers(portion: "_Portion", avant: str, ville: Territoire, lus: list[Any], *, entier: bool) -> list[Any]:
    """Return those of this town that a portion names: by their name or one of its parts; after « quartier », by words
    of it too, if they are all that was said (`entier`)."""
    siens = [lieu for lieu in lus if lieu.n == portion.n and lieu.commune == ville.pk]
    par_leur_nom = [lieu for lieu in siens if lieu.comment == ENTIER]
    if QUARTIER_A_LA_FIN.search(avant):
        return par_leur_nom or (siens if entier else [])
    return par_leur_nom if " " in portion.texte or portion.texte[0].isupper() else []


@dataclass(frozen=True)
class _Portion:
    """Some of the words typed, that may be a place; `nom` and `sorte`: its name and the kind that it is said with."""

    n: int
    debut: int
    fin: int
    texte: str

    @cached_property
    def _dite(self) -> tuple[str, Sorte | None]:
        return (self.texte, None) if VILLE.match(self.texte) else separer_la_sorte(self.texte)

    @property
    def nom(self) -> str:
        return self._dite[0]

    @property
    def sorte(self) -> Sorte | None:
        return self._dite[1]

    @cached_property
    def motif(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){re.escape(self.texte)}(?!\w)")


def _portions(saisie: str) -> list[_Portion]:
    """Return the groups of words that may be a place; none in a search that is about words, or that is no search."""
    if len(saisie) > SIGNES_AU_PLUS or "\0" in saisie or POUR_LES_MOTS.search(saisie):
        return []
    bornes = _bornes(list(MOT.finditer(saisie)))
    return [_Portion(n, debut, fin, saisie[debut:fin]) for n, (debut, fin) in enumerate(bornes, 1)]


def _bornes(mots: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Yield where the words of a place may lie: the whole, the end, the beginning, the longest first."""
    if len(mots) < 2:
        return
    debuts = [mot.start() + len(ARTICLE_COLLE.match(mot[0])[0]) for mot in mots]  # type: ignore[index]
    fins = [mot.end() for mot in mots]
    yield mots[0].start(), fins[-1]
    for combien in range(min(MOTS_AU_PLUS, len(mots) - 1), 0, -1):
        yield debuts[-combien], fins[-1]
    for combien in range(min(MOTS_AU_PLUS, len(mots) - 1), 0, -1):
        yield debuts[0], fins[combien - 1]
    if len(mots) <= MOTS_LUS_AU_MILIEU:
        for combien in range(min(MOTS_AU_PLUS, len(mots) - 2), 0, -1):
            for premier in range(1, len(mots) - combien):
                yield debuts[premier], fins[premier + combien - 1]


def _est_un_lieu(lieu: Territoire, avant: str, nom: str, apres: str) -> bool:
    if lieu.nature == Territoire.Nature.QPV:
        return bool(QUARTIER_A_LA_FIN.search(avant) or QUARTIER_A_LA_FIN.match(f"{nom.split(maxsplit=1)[0]} "))
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
