"""Finding a territory from what people type: a name, a sigle, a postal or official code, a former name, a misspelling.

`chercher` answers with all that may be meant, `lire` says whether one of them surely is: a resemblance never is.

One query, whose steps read indexes: what was typed; if none is surely that, a part of a name said with its kind
(« agglo de Rouen »), or a quartier with its town; if nothing at all, what was typed without the kind (« commune de
Rouen »); then what resembles it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from territoires.lignes import Requete, en_territoires
from territoires.models import Territoire
from territoires.sortes import NUMERO_D_EPT, Sorte, separer_la_sorte

LIMITE = 8
LIMITE_LUE = 24  # before former territories are one with what they became
LIMITE_D_UN_CODE = 60  # 46 communes share the postal code 51300
LONGUEUR = 100
UN_DEPARTEMENT = r"(?:\d{5}|2[ab]|9[78]\d|\d\d)"
# « Rouen (76) », « CC des Villes Sœurs (76, 80) », « saint-denis 974 », « Rouen 76000 »: what our lists display, and
# what people add to tell homonyms apart.
NOM_ET_DEPARTEMENTS = re.compile(
    rf"(?P<nom>.*[^\W\d_].*?)[\s(]+(?P<departements>{UN_DEPARTEMENT}(?:\s*,\s*{UN_DEPARTEMENT})*)\)?", re.IGNORECASE
)
CODE = re.compile(r"[\d\s]+")
CODE_POSTAL_D_ABORD = re.compile(r"(\d{5}) (\D+)")
CODE_EN_VIGUEUR, NOM_ENTIER, CODE_ANCIEN = 0, 1, 2  # ranks, below

MOTS_D_UN_QUARTIER = 7  # in its name, or in that of its town
# The steps, the best first: the database skips those whose condition is false.
EN_PARTIE, DITS, SANS_NATURE, DE_LOIN = range(4)
SI_RIEN = "NOT EXISTS (SELECT FROM dits)"
SI_RIEN_DU_TOUT = f"{SI_RIEN} AND NOT EXISTS (SELECT FROM sans_nature) AND NOT EXISTS (SELECT FROM en_partie)"  # noqa: S608
SI_RIEN_DE_SUR = "NOT EXISTS (SELECT FROM dits WHERE entier OR rang < 3)"
# A constant for the planner, so that the patterns built on it can use the index.
NOM = "normalise_nom(%(nom)s)"
TEXTE_ENTIER = "t.cles LIKE '%%|' || normalise_nom(%(texte)s) || '|%%'"
ENTIER = f"t.cles LIKE '%%|' || {NOM} || '|%%' OR {TEXTE_ENTIER}"
MOTIF_D_UNE_PARTIE = "('[ |]' || replace({}, ' ', '( | [^|]* )') || '[ |]')"  # whole words of one name, in their order
NOMS_ENTIERS = "string_to_array(t.cles, '|')"  # indexed
MOTS_DANS_L_ORDRE = f"{NOM} <> '' AND t.cles ~ ('[ |]' || replace({NOM}, ' ', '.*[ |]'))"
# The most populated first; as many inhabitants (Paris, Mayotte): the smallest kind of territory first.
ORDRE = "t.population DESC NULLS LAST, \
array_position(ARRAY['commune', 'epci', 'perimetre', 'departement', 'region', 'qpv'], t.nature::text), t.code"
CANDIDATS = f"""
  SELECT t.id, t.nom, t.fin, ({ENTIER}) AS entier, CASE
      -- « 76 » is Seine-Maritime before Occitanie; 75018, the postal code of Paris before the former code of Charenton
      WHEN t.codes_postaux && %(codes_postaux)s::varchar[] THEN 0
      WHEN t.code = %(code)s AND t.nature <> 'region' AND t.fin IS NULL THEN 0
      WHEN ({ENTIER}) AND t.nature <> 'qpv' THEN 1  -- « Centre » names many of these
      WHEN t.code = %(code)s THEN 2
      WHEN t.cles LIKE '%%|' || {NOM} || '%%' THEN 3
      WHEN t.cles LIKE '%% ' || {NOM} || '%%' THEN 4
      ELSE 5
    END AS rang
  FROM territoires_territoire t
  WHERE (CONDITION)
  ORDER BY rang, t.fin IS NOT NULL, {ORDRE}
  LIMIT %(limite)s
"""  # noqa: S608  (made of the constants above)
PAR_NOM_OU_CODE = f"{MOTS_DANS_L_ORDRE} OR t.code = %(code)s"
PAR_CODE = "t.code = %(code)s OR t.codes_postaux && %(codes_postaux)s::varchar[]"
# « paris 13 » is the name of an arrondissement before what is called Paris in the Bouches-du-Rhône.
DANS_LES_DEPARTEMENTS = f"""({MOTS_DANS_L_ORDRE} AND (
  t.departements && %(departements)s::varchar[] OR t.codes_postaux && %(departements)s::varchar[]
  OR t.nature = 'departement' AND t.code = ANY(%(departements)s)
)) OR {TEXTE_ENTIER}"""
DESIGNE = """
  SELECT t.id, t.nom, t.fin, true AS entier, 0 AS rang FROM territoires_territoire t
  WHERE t.nature = %(nature)s AND t.code = %(code)s
"""
RESSEMBLANT = "normalise_nom(%(ressemblant)s)"
# A part of a name; the kind that was said first, then the intercommunalité of the town so named.
DE_LA_SORTE = f"""(
  SELECT t.id, t.nom, t.fin, false AS entier, CASE WHEN t.sous_nature = ANY(%(sous_natures)s) THEN 3 ELSE 4 END AS rang
  FROM territoires_territoire t
  WHERE t.fin IS NULL AND t.nature = ANY(%(natures)s) AND {RESSEMBLANT} <> ''
    AND t.cles ~ {MOTIF_D_UNE_PARTIE.format(RESSEMBLANT)} AND {SI_RIEN_DE_SUR}
  ORDER BY rang, {ORDRE} LIMIT 24
) UNION ALL (
  SELECT t.id, t.nom, t.fin, false, 5 FROM territoires_territoire c
  JOIN territoires_inclusion i ON i.contenu_id = c.id
  JOIN territoires_territoire t ON t.id = i.contenant_id AND t.nature = 'epci' AND t.fin IS NULL
  WHERE c.nature = 'commune' AND c.fin IS NULL AND string_to_array(c.cles, '|') && ARRAY[{RESSEMBLANT}]
    AND 'epci' = ANY(%(natures)s) AND {SI_RIEN_DE_SUR}
  ORDER BY c.population DESC NULLS LAST LIMIT 8
)"""  # noqa: S608  (made of the constants above)
# « Centre ville, Elbeuf », « Elbeuf centre ville »: a quartier of a town that is named beside it. From the town, by its
# whole name: a pattern for each way to cut the words would cost the index of trigrams dear.
UN_QUARTIER = f"""(
  WITH coupes AS (
    SELECT array_to_string(mots[:n], ' ') AS debut, normalise_nom(array_to_string(mots[n + 1:], ' ')) AS fin
    FROM (SELECT string_to_array({RESSEMBLANT}, ' ') AS mots) AS m,
      generate_series(1, least(cardinality(mots) - 1, {MOTS_D_UN_QUARTIER})) AS n
  ),
  lus (quartier, ville) AS (
    SELECT regexp_replace(debut, '( (a|de|du|des|d|en|l|la|le|les))+$', ''), fin FROM coupes
    UNION SELECT fin, debut FROM coupes
  )
  SELECT q.id, q.nom, q.fin, entier AND count(*) FILTER (WHERE entier) OVER () = 1 AS entier, 3 AS rang FROM (
    SELECT DISTINCT q.id, q.nom, q.fin, position('|' || quartier || '|' IN q.cles) > 0 AS entier
    FROM territoires_territoire t JOIN lus ON quartier <> '' AND ville <> '' AND ville = ANY({NOMS_ENTIERS})
    JOIN territoires_inclusion i ON i.contenant_id = t.id
    JOIN territoires_territoire q ON q.id = i.contenu_id AND q.nature = 'qpv' AND q.fin IS NULL
    WHERE t.nature = 'commune' AND t.fin IS NULL AND {NOMS_ENTIERS} && (SELECT array_agg(ville::text) FROM lus)
      AND position(' ' || quartier || ' ' IN replace(q.cles, '|', ' ')) > 0 AND {SI_RIEN_DE_SUR}
  ) AS q
)"""  # noqa: S608  (made of the constants above)
# Names that begin what was typed, the longest first (Elbeuf for « elbeuf sur seine »), then those that resemble it; the
# town that ends it (Rouen for « les sapins rouen ») rather than those that resemble it little.
SEUIL_AUPRES_D_UNE_VILLE = 0.7
ASSEZ_PEUPLEE = 10_000  # inhabitants
RESSEMBLANTS = f"""
  SELECT * FROM (
    WITH mots AS (SELECT string_to_array({RESSEMBLANT}, ' ') AS mots),
    bouts AS (
      SELECT array_to_string(mots[:n], ' ') AS tete, mots[n] AS avant, array_to_string(mots[n + 1:], ' ') AS queue
      FROM mots, generate_series(greatest(1, cardinality(mots) - 6), cardinality(mots) - 1) AS n
    ),
    villes AS (
      SELECT t.id, t.nom, t.fin FROM bouts
      JOIN territoires_territoire t ON {NOMS_ENTIERS} && ARRAY[queue] AND t.nature = 'commune' AND t.fin IS NULL
      WHERE queue <> '' AND t.population >= {ASSEZ_PEUPLEE}
        AND avant !~ '^(a|au|aux|d|de|des|du|en|et|l|la|le|les|lez|sous|st|ste|sur)$'
      ORDER BY length(queue) DESC, t.population DESC LIMIT 3
    )
    (
      SELECT t.id, t.nom, t.fin, false AS entier, 6 AS rang
      FROM bouts JOIN territoires_territoire t ON t.cles LIKE '%%|' || tete || '|%%' AND t.nature <> 'qpv'
      WHERE length(tete) > 3 AND {RESSEMBLANT} ~ (tete || ' (sur|sous|en|les|lez|de|des|du) ')
      ORDER BY t.fin IS NOT NULL, length(tete) DESC, t.population DESC NULLS LAST LIMIT 3
    )
    UNION ALL
    SELECT t.id, t.nom, t.fin, false, 6 + row_number() OVER (ORDER BY r.ressemblance DESC)
    FROM noms_ressemblants(%(ressemblant)s) r JOIN territoires_territoire t ON t.id = r.id
    WHERE r.ressemblance >= {SEUIL_AUPRES_D_UNE_VILLE} OR NOT EXISTS (SELECT FROM villes)
    UNION ALL
    SELECT *, false, 100 FROM villes
  ) n WHERE CONDITION
"""  # noqa: S608  (made of the constants above)
SES_COMMUNES = """
  ARRAY(SELECT c.nom FROM territoires_inclusion i
    JOIN territoires_territoire c ON c.id = i.contenant_id AND c.nature = 'commune'
    WHERE i.contenu_id = t.id AND t.nature = 'qpv' ORDER BY c.nom)
"""
JAMAIS = "SELECT NULL::bigint AS id, ''::varchar AS nom, NULL::date AS fin, false AS entier, 0 AS rang WHERE false"
# A closed territory answers with what it became, however long ago.
REPONSE = f"""
WITH RECURSIVE dits AS (ETAPE_{DITS}), en_partie AS (ETAPE_{EN_PARTIE}), sans_nature AS (ETAPE_{SANS_NATURE}),
ressemblants AS (ETAPE_{DE_LOIN}),
candidats AS (
  SELECT *, {EN_PARTIE} AS etape FROM en_partie
  UNION ALL SELECT *, {DITS} FROM dits
  UNION ALL SELECT *, {SANS_NATURE} FROM sans_nature
  UNION ALL SELECT *, {DE_LOIN} FROM ressemblants
),
suites (trouve, actuel, motif) AS (
  SELECT id, id, ''::varchar FROM candidats
  UNION
  SELECT s.trouve, x.nouveau_id, x.motif FROM suites s
  JOIN territoires_territoire t ON t.id = s.actuel AND t.fin IS NOT NULL
  JOIN territoires_succession x ON x.ancien_id = s.actuel
)
SELECT row_number() OVER (
  ORDER BY c.etape, c.rang, c.fin IS NOT NULL AND s.motif <> 'arrondissement municipal', {ORDRE}, c.fin
) AS ordre, to_jsonb(t) || jsonb_build_object(
  'etape', c.etape, 'rang', c.rang, 'entier', c.entier, 'ferme', c.fin IS NOT NULL, 'nom_trouve', c.nom,
  'motif', s.motif, 'communes', {SES_COMMUNES}, 'noms_departements', (
    SELECT string_agg(d.nom, ', ' ORDER BY d.code) FROM territoires_territoire d
    WHERE d.nature = 'departement' AND d.code = ANY(t.departements)
  )
) AS lieu
FROM candidats c
JOIN suites s ON s.trouve = c.id
JOIN territoires_territoire t ON t.id = s.actuel AND t.fin IS NULL
"""  # noqa: S608  (made of the constants above)
# What a former commune still is, as opposed to those that are no more.
SUBSISTENT = ("commune déléguée", "commune associée", "arrondissement municipal")


@dataclass(frozen=True)
class Lecture:
    """What somebody wrote, read: the territory that it surely means, or those that it may mean, the likeliest first."""

    territoire: Territoire | None = None
    proches: tuple[Territoire, ...] = ()

    @property
    def homonymes(self) -> tuple[Territoire, ...]:
        """All that may be meant, when they are exactly of one name; otherwise none."""
        memes = all(proche.exact and proche.nom == self.proches[0].nom for proche in self.proches)
        return self.proches if memes else ()


def chercher(q: str, limite: int | None = None, *, de_loin: bool = True) -> list[Territoire]:
    """Return the territories that answer best, best first; one query.

    Order: postal code or code in force, whole name (or sigle), code of old, beginning of a name, of a word, words in
    that order; then the most populated. A former commune answers with its successor. Each territory comes with two
    attributes: `precision`, the words that tell it from its homonyms and say why it answers; `exact`, whether what was
    typed is its name or code. Without `limite`, eight, or all those that share a code.
    Not `de_loin`: nothing that only resembles.
    """
    texte = _nettoyer(q)
    if not texte:
        return []
    question = _interroger(texte, SI_RIEN_DU_TOUT if de_loin else "")
    trouves = question.trouves(question.requete.lignes())
    de_ce_code = sum(territoire.exact for territoire in trouves) if CODE.fullmatch(texte) else 0
    return trouves[: limite or max(LIMITE, de_ce_code)]


def lire(saisie: str, lignes: Iterable[str] | None = None) -> Lecture:
    """Return what a designation (`commune:76540`) or words mean: one query. A closed one is read as what it became.

    Sure: a designation; a code or a whole name that only one territory in force bears, or else that only one of old
    bore. `lignes`: what `requete_de` gave of them, when it has been asked with other things.
    """
    question = _question(saisie)
    if question is None:
        return Lecture()
    trouves = question.trouves(question.requete.lignes() if lignes is None else lignes)
    exacts = [t for t in trouves if t.exact]
    memes = [t for t in exacts if (t.rang, t.ferme) == (exacts[0].rang, exacts[0].ferme)]
    return departager(memes) if memes else Lecture(proches=tuple(_les_plus_proches(_nettoyer(saisie), trouves)))


def requete_de(saisie: str) -> Requete | None:
    """Return the query whose rows `lire` reads; None for a blank."""
    question = _question(saisie)
    return question.requete if question else None


def departager(lieux: Sequence[Territoire]) -> Lecture:
    """Return what territories that one name or code means come to, given best first: the first, or all to choose from.

    A commune, its département and its région of one name and as many inhabitants are one place (Paris, Mayotte).
    """
    ailleurs = [lieu for lieu in lieux[1:] if not lieu.population or lieu.population != lieux[0].population]
    return Lecture(proches=tuple(lieux)) if ailleurs or not lieux else Lecture(lieux[0])


def _nettoyer(q: str) -> str:
    return CODE_POSTAL_D_ABORD.sub(r"\2 \1", " ".join(q.replace("\0", "").split())[:LONGUEUR])


@dataclass(frozen=True)
class _Question:
    """A query, and what reading its rows takes."""

    requete: Requete
    sorte: Sorte | None = None  # the kind said with the name

    def trouves(self, lignes: Iterable[str]) -> list[Any]:
        """Return the territories of these rows, each once, with `exact` and `precision`."""
        parametres = self.requete.parametres
        codes = {DITS: parametres["code"], SANS_NATURE: parametres.get("sans_code", "")}
        uniques: dict[int, Any] = {}
        for territoire in en_territoires(lignes):
            territoire.exact = territoire.entier or territoire.rang in (CODE_EN_VIGUEUR, NOM_ENTIER, CODE_ANCIEN)
            territoire.precision = _preciser(territoire, codes.get(territoire.etape, ""))
            if territoire.etape == SANS_NATURE and self.sorte:
                territoire.exact = territoire.exact and territoire.nature in self.sorte.natures
            connu = uniques.setdefault(territoire.pk, territoire)
            connu.exact = connu.exact or territoire.exact
        return list(uniques.values())


def _question(saisie: str) -> _Question | None:
    """Return the question of a designation, or that of words."""
    nature, _, code = saisie.replace("\0", "").strip().partition(":")
    if nature in Territoire.Nature:
        return _Question(_requete({DITS: DESIGNE}, {"nature": nature, "code": code}))
    texte = _nettoyer(saisie)
    return _interroger(texte, SI_RIEN_DE_SUR) if texte else None


def _interroger(texte: str, de_loin: str) -> _Question:
    """Return the question of what words may mean; of what only resembles them on this condition, if any."""
    condition, parametres = _demande(texte)
    etapes = {DITS: CANDIDATS.replace("CONDITION", condition)}
    nom, sorte = _separer_la_nature(texte)
    if nom != texte:
        condition, siens = _demande(nom)
        candidats = CANDIDATS.replace("CONDITION", f"({condition}) AND {SI_RIEN}")
        etapes[SANS_NATURE] = candidats.replace("%(", "%(sans_")
        parametres |= {f"sans_{cle}": valeur for cle, valeur in siens.items()}
    en_partie = [UN_QUARTIER] if " " in nom else []
    if sorte and sorte.en_partie:
        en_partie.append(DE_LA_SORTE)
        parametres |= {"natures": list(sorte.natures), "sous_natures": list(sorte.sous_natures)}
    if en_partie:
        etapes[EN_PARTIE] = " UNION ALL ".join(en_partie)
    if de_loin:
        etapes[DE_LOIN] = RESSEMBLANTS.replace("CONDITION", de_loin)
    return _Question(_requete(etapes, parametres | {"ressemblant": nom}), sorte)


def _requete(etapes: dict[int, str], parametres: dict[str, Any]) -> Requete:
    sql = REPONSE
    for n in (EN_PARTIE, DITS, SANS_NATURE, DE_LOIN):
        sql = sql.replace(f"ETAPE_{n}", etapes.get(n, JAMAIS))
    return Requete(sql, parametres)


def _les_plus_proches(texte: str, trouves: list[Any]) -> list[Territoire]:
    """Return what was found, one letter away first: Rouen for « rouan », found as Rouans."""
    nom = texte.lower()
    a_une_lettre = [t for t in trouves if _a_une_lettre_pres(t.nom.lower(), nom)]
    a_une_lettre.sort(key=lambda t: -(t.population or 0))
    return [*a_une_lettre, *(t for t in trouves if t not in a_une_lettre)][:LIMITE]


def _a_une_lettre_pres(un: str, autre: str) -> bool:
    """True when one letter added, dropped or changed makes one word of the other."""
    debut = next((i for i, (a, b) in enumerate(zip(un, autre, strict=False)) if a != b), min(len(un), len(autre)))
    return any(un[debut + i :] == autre[debut + j :] for i, j in ((1, 1), (0, 1), (1, 0)))


def _separer_la_nature(texte: str) -> tuple[str, Sorte | None]:
    """Return a name and the kind said with it, if any; a mere number is asked back, whatever it names."""
    nom, sorte = separer_la_sorte(texte)
    return nom, Sorte(()) if NUMERO_D_EPT.fullmatch(texte) else sorte


def _demande(texte: str) -> tuple[str, dict[str, Any]]:
    """Return the condition of the candidates and its parameters: within départements when the text names some."""
    code = re.sub(r"\s", "", texte).upper()
    if trouve := NOM_ET_DEPARTEMENTS.fullmatch(texte):
        departements = re.findall(UN_DEPARTEMENT, trouve["departements"].upper(), re.IGNORECASE)
        dits = {"nom": trouve["nom"], "texte": texte, "codes_postaux": [], "departements": departements}
        return DANS_LES_DEPARTEMENTS, dits | {"code": code, "limite": LIMITE_LUE}
    par_code = CODE.fullmatch(texte)
    limite = LIMITE_D_UN_CODE if par_code else LIMITE_LUE
    dits = {"nom": texte, "texte": texte, "code": code, "codes_postaux": [code], "limite": limite}
    return PAR_CODE if par_code else PAR_NOM_OU_CODE, dits


def _preciser(territoire: Any, code: str) -> str:
    """« Commune, Seine-Maritime », and what was found when it is neither the name nor the code shown."""
    mots = [territoire.type_en_mots, *filter(None, (", ".join(territoire.communes), territoire.noms_departements))]
    if territoire.motif in SUBSISTENT:
        mots.append(f"dont {territoire.nom_trouve}, {territoire.motif}")
    elif territoire.motif and territoire.nom_trouve == territoire.nom:
        mots += [f"ancien code {code}"] if code else []
    elif territoire.motif and territoire.nature == Territoire.Nature.COMMUNE:
        mots.append(f"dont {territoire.nom_trouve}, ancienne commune")
    elif territoire.motif:
        mots.append(f"{territoire.nom_trouve} est devenue {territoire.nom}")
    if code in territoire.codes_postaux:
        mots.append(f"code postal {code}")
    elif code == territoire.code:
        mots.append(f"code officiel {code}")
    return ", ".join(mots)
