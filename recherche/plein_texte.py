"""French full-text search: what a query means, the order of its answers, the passage that answers.

A query is read once by PostgreSQL and becomes a `Requete`: a tsquery where every sigle also stands for its
words, the words for their sigle, and any word for its synonyms. The rest of the page works from that text.
"""

import json
import operator
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from html import unescape
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import BooleanField, Case, Expression, F, FloatField, Func, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from fiches.gabarits import Nature
from fiches.models import Fiche, FicheQuerySet
from fiches.rendu import APPEL_RENDU, BALISE
from francais.caracteres import INVISIBLES, lisible, normaliser
from recherche.orthographe import PROCHES, USAGES, corriger

# Ranking reads the index entry of every match: beyond this number, only names and the latest changes are ranked.
CLASSEES = 500
MOTS_COMBINES = 8  # of a query that no fiche answers whole
POIDS = [0.1, 0.2, 0.4, 1.0]  # of the weights D, C (sections), B (summary), A (names)
# « château-thierry » must find « Château Thierry »: a word with hyphens is searched as a phrase. Words that are
# everywhere are left out where PostgreSQL's list lacks them: « les », or « à » that has lost its accent by then.
TIRET = "[-\u2010]"
MOTS_VIDES = "à a les cet cette ils elles leurs quel quelle quels quelles comment pourquoi dont sont ont donc si très"
A_PREPARER = re.compile(
    rf'"[^"]*"|(?<![^\W\d_])[^\W\d_]+(?:{TIRET}[^\W\d_]+)+|\bOU\b'
    rf"|(?<![\w.])(?P<vide>(?i:{MOTS_VIDES.replace(' ', '|')}))(?!\.?\w)"
)
INITIALES = re.compile(r"(?<![\w.])[A-Z](?:\. ?[A-Z](?!\w))+\.?")  # « C. L. S. »: the index has read « C.L.S. » as CLS
GUILLEMET = re.compile('["«“„]')
TIRETS = re.compile(r"-(?:\s*-)+")  # PostgreSQL refuses to pile up more than thirty-two exclusions of nothing
CITATION = re.compile(r"[«“„]([^\"«»“”„]*)[»”]")
LEXEME = re.compile(r"'(?:[^'\\]|''|\\.)+'")
# Characters that no text has mark the words, so that the passage is escaped whole before they become <mark>. Control
# codes stand for the signs that PostgreSQL would take for letters, or for a tag.
DEBUT, FIN, COUPE = "\ue000", "\ue001", " … "
MARQUES = f', StartSel="{DEBUT}", StopSel="{FIN}", FragmentDelimiter="{COUPE}"'
SIGNES = "<\u00a0\u202f\u2009’‘«»“”–—…•·°€×→≥≤/\\_"
CODES = "".join(chr(n) for n in range(1, 32) if not 9 <= n <= 13)
CACHER, MONTRER = str.maketrans(SIGNES, CODES[: len(SIGNES)]), str.maketrans(CODES[: len(SIGNES)], SIGNES)
VOISINS = re.compile(f"{FIN}([ {CODES}]){DEBUT}")  # neighbours are marked as one
BLANCS = re.compile(f"[ \t\r\n{DEBUT}{FIN}{CODES}]+")

# The query where a sigle and its words stand for each other; the same where any word is enough; the lexemes of the
# family of each word; the lexeme of each word typed; what resembles those that are unknown. « CLS 2 », « CLS n° 2 » or
# « CLS II » is a second contract: looked for as CLS.
GENERATION = r"\.? (?:no? *)?(?:[1-9](?:e|er|[eè]me|nde?)?(?: g[eé]n[eé]ration)?|ii|iii|iv)\M"
INTERPRETATION = r"""
WITH RECURSIVE noms (sigle, developpe) AS (
  SELECT normalise_texte(sigle), normalise_texte(developpe) FROM fiches_sigle WHERE developpe <> ''
  UNION
  SELECT normalise_texte(d.sigle), normalise_texte(unnest(f.titre || d.autres_noms)) FROM dispositifs_dispositif d
  JOIN fiches_fiche f ON f.id = d.fiche_ptr_id AND f.etat = 'publiee' WHERE d.sigle <> ''
),
demande AS (
  SELECT texte, websearch_to_tsquery('fr', texte) AS requete, ' ' || normalise_nom(texte) || ' ' AS mots
  FROM (
    SELECT regexp_replace(normalise_texte(%(q)s), '\m(' || sigles || ')' || %(generation)s, '\1', 'gi') AS texte
    FROM (SELECT coalesce(string_agg(sigle, '|'), '-') AS sigles FROM noms WHERE sigle ~ '^[A-Za-z]+$') AS s
  ) AS q
),
voisins (terme, voisin) AS (
  SELECT normalise_texte(terme), normalise_texte(voisin) FROM recherche_synonyme WHERE actif
  UNION
  SELECT normalise_texte(voisin), normalise_texte(terme) FROM recherche_synonyme WHERE actif AND sens = 'egalite'
),
tapes AS (
  SELECT mot, lexeme(mot) AS lexeme, racine(mot) AS racine, f_unaccent(mot) AS sans_accents
  FROM demande, mots_de(texte) AS mot
),
colles AS (  -- « santémentale »: two words of fiches, side by side in more of them than have it
  SELECT DISTINCT ON (mot) plainto_tsquery('fr', mot) AS court, long, voisin FROM (
    SELECT t.mot, a.mot || ' ' || b.mot AS voisin,
      quote_literal(a.lexeme)::tsquery <-> quote_literal(b.lexeme)::tsquery AS long
    FROM tapes t CROSS JOIN generate_series(3, length(t.sans_accents) - 3) AS n
    JOIN fiches_mot a ON a.sans_accents = left(t.sans_accents, n) AND a.lexeme IS NOT NULL
    JOIN fiches_mot b ON b.sans_accents = substr(t.sans_accents, n + 1) AND b.lexeme IS NOT NULL
  ) AS c
  WHERE {USAGES.long} > {USAGES.mot}
  ORDER BY mot, voisin COLLATE "C" DESC  -- with its accents
),
rapproches AS (
  SELECT court, long, voisin FROM colles
  UNION ALL
  (SELECT DISTINCT v.court, plainto_tsquery('fr', v.voisin) AS long, v.voisin FROM demande, (
    SELECT v.voisin, plainto_tsquery('fr', string_agg(t.mot, ' ')) AS court
    FROM voisins v CROSS JOIN mots_de(v.terme) AS m (mot)
    LEFT JOIN tapes t ON t.racine = racine(m.mot) OR t.lexeme = lexeme(m.mot)
    WHERE lexeme(m.mot) IS NOT NULL
    GROUP BY v.terme, v.voisin HAVING count(*) = count(t.mot)
  ) AS v
  WHERE numnode(v.court) > 0 AND numnode(plainto_tsquery('fr', v.voisin)) > 0
    AND nullif(querytree(requete), 'T')::tsquery @> v.court  -- not what is excluded
    -- « violences » is looked for besides « violences conjugales », but not besides « violences et jeunes »
    AND (v.court @> plainto_tsquery('fr', v.voisin) OR NOT requete @> plainto_tsquery('fr', v.voisin))
  ORDER BY voisin LIMIT 8)
),
synonymes AS (  -- the sigles first: without the others, the query is the very words
  SELECT row_number() OVER (ORDER BY rapproche) AS n, s.* FROM (
    SELECT voisin AS developpe, court, long, court AS mots, true AS par_sigle, true AS rapproche FROM rapproches
    UNION ALL
    (SELECT DISTINCT developpe, phraseto_tsquery('fr', sigle) AS court, phraseto_tsquery('fr', developpe) AS long,
      plainto_tsquery('fr', developpe) AS mots,
      position(' ' || normalise_nom(sigle) || ' ' IN demande.mots) > 0 AS par_sigle, false
    FROM noms, demande
    WHERE position(' ' || normalise_nom(sigle) || ' ' IN demande.mots) > 0
      OR numnode(requete) > 2 AND numnode(plainto_tsquery('fr', developpe)) > 2
        AND requete @> plainto_tsquery('fr', developpe)
    LIMIT 8)
  ) s
),
reecriture (n, requete) AS (
  SELECT 0::bigint, requete FROM demande
  UNION ALL
  SELECT s.n, CASE WHEN par_sigle THEN ts_rewrite(requete, court, court || long)
    ELSE ts_rewrite(ts_rewrite(requete, mots, mots || court), long, long || court) END
  FROM reecriture r JOIN synonymes s ON s.n = r.n + 1
),
lus AS (
  SELECT *, true AS tape FROM tapes
  UNION ALL
  SELECT mot, lexeme(mot), racine(mot), f_unaccent(mot), false
  FROM (SELECT mots_de(string_agg(developpe, ' ')) AS mot FROM synonymes) AS d
),
racines AS (
  SELECT lexeme, racine FROM lus
  UNION SELECT lus.lexeme, m.racine FROM lus JOIN fiches_mot m USING (sans_accents)
),
familles AS (
  SELECT r.lexeme, jsonb_agg(DISTINCT m.lexeme) AS lexemes FROM racines r JOIN fiches_mot m USING (racine)
  WHERE r.lexeme IS NOT NULL AND m.lexeme <> r.lexeme GROUP BY r.lexeme
),
inconnus AS (
  SELECT mot, sans_accents, racine FROM lus
  WHERE tape AND NOT EXISTS (SELECT 1 FROM fiches_mot m WHERE m.racine = lus.racine)
)
SELECT
  (SELECT requete::text FROM reecriture ORDER BY n DESC LIMIT 1),
  (SELECT requete::text FROM reecriture WHERE n = (SELECT count(*) FROM synonymes WHERE NOT rapproche)),
  regexp_replace(nullif(querytree(requete), 'T'), ' (&|<(-|\d+)>) ', ' | ', 'g'),
  (SELECT jsonb_object_agg(lexeme, lexemes) FROM familles),
  (SELECT jsonb_object_agg(mot, lexeme) FROM lus WHERE tape AND lexeme IS NOT NULL),
  ({PROCHES}),
  EXISTS (SELECT FROM inconnus),
  (SELECT phraseto_tsquery('fr', texte)::text FROM demande),
  (SELECT jsonb_object_agg(voisin, long::text) FROM rapproches)
FROM demande
""".replace("{PROCHES}", PROCHES)
INTERPRETATION = INTERPRETATION.replace("{USAGES.long}", USAGES.format("long"))
INTERPRETATION = INTERPRETATION.replace("{USAGES.mot}", USAGES.format("plainto_tsquery('fr', mot)"))
# The best passage of each fiche: what holds the whole query, its summary first; else what holds most of it.
# Materialized, or the planner would read each text five times.
EXTRAITS = """
WITH lus AS MATERIALIZED (
  SELECT *, to_tsvector('fr', texte) AS mots
  FROM unnest(%(fiches)s::bigint[], %(cles)s::text[], %(textes)s::text[]) AS t (fiche, cle, texte)
),
meilleurs AS MATERIALIZED (
  SELECT DISTINCT ON (fiche) fiche, cle, texte, mots @@ %(tsquery)s::tsquery AS entiere
  FROM lus WHERE mots @@ %(tsquery)s::tsquery OR mots @@ %(large)s::tsquery
  ORDER BY fiche, entiere DESC, cle = '' DESC, ts_rank(mots, %(large)s::tsquery) DESC
)
SELECT fiche, cle, ts_headline(
  'fr', texte, CASE WHEN entiere THEN %(tsquery)s ELSE %(large)s END::tsquery,
  CASE WHEN cle = '' OR length(texte) < 200 THEN 'HighlightAll=true'
    ELSE 'MaxFragments=2, MinWords=12, MaxWords=24' END
  || %(marques)s
) FROM meilleurs
"""


class TsQuery(SearchQuery):
    """A tsquery that is already written as such."""

    template = "%(expressions)s::tsquery"


@dataclass(frozen=True)
class Requete:
    """A query as PostgreSQL understood it."""

    saisie: str
    tsquery: str
    stricte: str  # without the synonyms: what has these words goes before
    large: str  # any of its words, for passages that hold only some of them
    mots: dict[str, str] = field(default_factory=dict)  # each word typed, with the tsquery of its family
    correction: str = ""  # the same with its unknown words replaced by those of fiches that are near enough
    aussi: tuple[str, ...] = ()  # the synonyms of its words, looked for besides
    a_un_inconnu: bool = False  # no fiche has one of its words
    suite: str = ""  # its words side by side, in their order
    en_partie: bool = False  # some of the words are enough

    @property
    def est_sans_mot(self) -> bool:
        return not re.search(r"\w", self.saisie)

    @property
    def est_vide(self) -> bool:
        """True when it has only words that are everywhere, as « de la »."""
        return not self.tsquery

    @property
    def condition(self) -> Q:
        return Q(recherche=TsQuery(self.tsquery))

    def condition_dans(self, sections: Iterable[str]) -> Q:
        """Select the fiches that hold the query in these sections. Read only where the index already found it."""
        textes = [KeyTextTransform(cle, KeyTransform("sections", "contenu")) for cle in sections]
        texte = Func(Value(" "), *textes, function="concat_ws", output_field=TextField())
        trouvee = Func(
            texte, Value(self.tsquery), arg_joiner=")) @@ ", output_field=BooleanField(),
            template="(to_tsvector('fr', normalise_texte(%(expressions)s::tsquery)",
        )  # fmt: skip
        return Q(trouvee)

    @property
    def condition_sur_les_noms(self) -> Q:
        return Q(noms=TsQuery(self.stricte))

    @property
    def condition_sur_la_suite(self) -> Q | None:
        """Select the fiches whose names or summary have the words side by side; None for one word."""
        return Q(recherche=TsQuery(LEXEME.sub(r"\g<0>:AB", self.suite))) if "<" in self.suite else None

    @property
    def au_choix(self) -> "Requete | None":
        """The query that some of the words are enough to answer; none if it does so already, quotes or excludes."""
        if "&" not in self.tsquery or "!" in self.tsquery or GUILLEMET.search(self.saisie) or self.en_partie:
            return None
        return replace(self, tsquery=self.large, stricte=self.large, en_partie=True)

    @property
    def a_un_mot_pres(self) -> "Requete | None":
        """The query that all the words but one are enough to answer; None when there are but two, or as above."""
        if len(self.mots) < 3 or not self.au_choix:
            return None
        return replace(self, tsquery=f"{self.tsquery} | {self.tous_sauf_un}", en_partie=True)

    @property
    def tous_sauf_un(self) -> str:
        """The tsquery of the fiches that hold all the words but one; lone letters are no words."""
        mots = list(self.mots.values())[:MOTS_COMBINES]
        if len(mots) < 2:
            return self.large
        return " | ".join(f"({' & '.join(mots[:n] + mots[n + 1 :])})" for n in range(len(mots)))


def interpreter(saisie: str) -> Requete:
    """Return what a query means: words, "phrases", -exclusions, OU, sigles and their words. One SQL query."""
    with connection.cursor() as curseur:
        curseur.execute(INTERPRETATION, {"q": _preparer(saisie), "generation": GENERATION})
        tsquery, stricte, large, familles, mots, proches, inconnu, suite, voisins = curseur.fetchone()
    formes = {lexeme: _au_choix([lexeme, *autres]) for lexeme, autres in json.loads(familles or "{}").items()}
    aussi = json.loads(voisins or "{}")
    large = " | ".join(filter(None, (large, *(f"({voisin})" for voisin in aussi.values()))))
    return Requete(
        saisie,
        _elargir(tsquery, formes),
        _elargir(stricte, formes),
        _elargir(large, formes),
        {mot: formes.get(lexeme, f"'{lexeme}'") for mot, lexeme in json.loads(mots or "{}").items()},
        corriger(saisie, json.loads(proches or "[]")),
        tuple(sorted(aussi)),
        inconnu,
        _elargir(suite, formes),
    )


def _au_choix(lexemes: Iterable[str]) -> str:
    return "(" + " | ".join(f"'{lexeme}'" for lexeme in lexemes) + ")"


def _elargir(tsquery: str, formes: dict[str, str]) -> str:
    """Return the query where each lexeme stands for all those that are as good: the place of what means the same."""
    return LEXEME.sub(lambda trouve: formes.get(trouve[0][1:-1], trouve[0]), tsquery)


def _preparer(saisie: str) -> str:
    """Return a query in the words of `websearch_to_tsquery`: "phrases", -exclusions, or."""
    lue = INITIALES.sub(lambda trouve: re.sub(r"[. ]", "", trouve[0]), lisible(saisie))
    return TIRETS.sub("-", A_PREPARER.sub(_preparer_mot, CITATION.sub(r'"\1"', lue)))


def _preparer_mot(trouve: re.Match[str]) -> str:
    mot = trouve[0]
    if mot.startswith('"'):
        return mot
    if trouve["vide"]:
        return " "
    return "or" if mot == "OU" else f'"{re.sub(TIRET, " ", mot)}"'


def classer(fiches: FicheQuerySet, requete: Requete, total: int, jusqu_a: int | None = None) -> FicheQuerySet:
    """Annotate `rang`, the relevance, over a bounded number of matches; the others follow with 0, or are left out when
    only the first ones are wanted (`jusqu_a`).

    A fiche whose names hold the whole query comes before all others, better still side by side; what a scheme is, in
    its names or its summary, before its instances; last, those that have only synonyms of the words. When some of the
    words are enough, those that have most of them come first.
    """
    par_son_nom, suite = requete.condition_sur_les_noms, requete.condition_sur_la_suite or Q(pk=None)
    rang: Expression = SearchRank(F("recherche"), TsQuery(requete.tsquery), weights=POIDS) + Case(
        When(par_son_nom, nature=Nature.DISPOSITIF, then=Value(4.0)),
        When(suite, nature=Nature.DISPOSITIF, then=Value(3.0)),
        When(par_son_nom & suite, then=Value(2.0)),
        When(par_son_nom, then=Value(1.0)),
        When(suite, then=Value(0.5)),
        default=Value(0.0),
    )
    d_abord = par_son_nom
    if requete.stricte != requete.tsquery:
        d_abord = Q(recherche=TsQuery(requete.stricte))
        rang += Case(When(d_abord, then=Value(10.0)), default=Value(0.0))
    if requete.en_partie:
        rang += _nombre_de_mots(requete) * Value(10.0)
        d_abord = Q(recherche=TsQuery(requete.tous_sauf_un))
    if total > CLASSEES:
        premieres = fiches.filter(d_abord).order_by()[: CLASSEES // 2].values("pk")
        recentes = fiches.order_by("-modifiee_le")[: CLASSEES // 2].values("pk")
        bornees = Q(pk__in=premieres) | Q(pk__in=recentes)
        if jusqu_a is not None and jusqu_a <= CLASSEES // 2:
            return Fiche.objects.filter(bornees).annotate(rang=rang)
        rang = Case(When(bornees, then=rang), default=Value(0.0), output_field=FloatField())
    return fiches.annotate(rang=rang)


def _nombre_de_mots(requete: Requete) -> Expression:
    """Count the words of the query that a fiche has."""
    ont = (Case(When(recherche=TsQuery(mot), then=Value(1.0)), default=Value(0.0)) for mot in requete.mots.values())
    return reduce(operator.add, ont, Value(0.0))


@dataclass(frozen=True)
class Extrait:
    """The passage of a fiche that answers best, its words marked."""

    section: str  # its title; empty for the summary
    html: SafeString


SANS_EXTRAIT = Extrait("", mark_safe(""))


def extraire(fiches: Iterable[Fiche], requete: Requete, sections: Collection[str] = ()) -> dict[int, Extrait]:
    """Return the best passage of each fiche, among these sections if any are named. One SQL query."""
    if not requete.large:
        return {}
    textes = {
        (fiche.pk, cle): texte for fiche in fiches for cle, texte in _textes(fiche) if not sections or cle in sections
    }
    titres = {(fiche.pk, section.cle): section.titre for fiche in fiches for section in fiche.gabarit}
    with connection.cursor() as curseur:
        parametres: dict[str, Any] = {
            "fiches": [fiche for fiche, _ in textes],
            "cles": [cle for _, cle in textes],
            "textes": list(textes.values()),
            "tsquery": requete.tsquery,
            "large": requete.large,
            "marques": MARQUES,
        }
        curseur.execute(EXTRAITS, parametres)
        return {
            fiche: Extrait(titres.get((fiche, cle), ""), _marquer(passage, textes[fiche, cle]))
            for fiche, cle, passage in curseur
        }


def _textes(fiche: Fiche) -> Iterator[tuple[str, str]]:
    """Yield the summary and the sections as plain text, by key."""
    yield "", _nu(fiche.resume)
    for cle, html in fiche.rendu["sections"].items():
        yield cle, _nu(unescape(BALISE.sub("", APPEL_RENDU.sub("", html))))


def _nu(texte: str) -> str:
    return BLANCS.sub(" ", INVISIBLES.sub("", normaliser(texte, "NFC"))).strip().translate(CACHER)


def _marquer(passage: str, texte: str) -> SafeString:
    """Return a passage as safe HTML, with an ellipsis on the sides where the text goes on."""
    nu = passage.replace(DEBUT, "").replace(FIN, "")
    avant = "" if texte.startswith(nu.split(COUPE)[0]) else COUPE.lstrip()
    apres = "" if texte.rstrip(" .").endswith(nu.rstrip(" .").split(COUPE)[-1]) else COUPE.rstrip()
    marque = VOISINS.sub(r"\1", passage)
    html = escape((avant + marque + apres).translate(MONTRER)).replace(DEBUT, "<mark>").replace(FIN, "</mark>")
    return mark_safe(html)  # noqa: S308  (escaped, then marked)
