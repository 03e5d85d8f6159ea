"""Finding a territory from what people type: a name, a sigle, a postal or official code, a former name, a misspelling.

One query answers nearly always; another, only when it found nothing, without the kind of territory that people write
first (« commune de Rouen », « département 76 »), and a last one by resemblance. All read indexes.
"""

import re
from typing import Any

from territoires.models import Territoire

LIMITE = 8
LONGUEUR = 100
UN_DEPARTEMENT = r"(?:2[ab]|9[78]\d|\d\d)"
# « Rouen (76) », « CC des Villes Sœurs (76, 80) », « saint-denis 974 »: what our lists display, and what people add to
# tell homonyms apart.
NOM_ET_DEPARTEMENTS = re.compile(
    rf"(?P<nom>.*[^\W\d_].*?)[\s(]+(?P<departements>{UN_DEPARTEMENT}(?:\s*,\s*{UN_DEPARTEMENT})*)\)?", re.IGNORECASE
)
CODE = re.compile(r"[\d\s]+")
NATURE_DITE = re.compile(
    r"^(?:commune|ville|agglo(?:mération)?|epci|d[ée]partement|r[ée]gion|qpv|quartier(?: prioritaire)?)"
    r"\s+(?:(?:d[eu]|des)\s+|d[’'])?(?:l[ae]\s+|l[’'])?",
    re.IGNORECASE,
)
NOM_ENTIER = 1  # the rank, below, of a whole code or name

# A constant for the planner, so that the patterns built on it can use the index.
NOM = "normalise_nom(%(nom)s)"
MOTS_DANS_L_ORDRE = f"{NOM} <> '' AND t.cles ~ ('[ |]' || replace({NOM}, ' ', '.*[ |]'))"
# The most populated first; as many inhabitants (Paris, Mayotte): the smallest kind of territory first.
ORDRE = "t.population DESC NULLS LAST, \
array_position(ARRAY['commune', 'epci', 'departement', 'region', 'qpv'], t.nature::text), t.code"
CANDIDATS = f"""
  SELECT t.id, t.nom, t.fin, CASE
      WHEN t.code = %(code)s AND t.nature <> 'region' THEN 0  -- « 76 » is Seine-Maritime before Occitanie
      WHEN t.cles LIKE '%%|' || {NOM} || '|%%' AND t.nature <> 'qpv' THEN 1  -- « Centre » names many of these
      WHEN t.codes_postaux && %(codes_postaux)s::varchar[] OR t.code = %(code)s THEN 2
      WHEN t.cles LIKE '%%|' || {NOM} || '%%' THEN 3
      WHEN t.cles LIKE '%% ' || {NOM} || '%%' THEN 4
      ELSE 5
    END AS rang
  FROM territoires_territoire t
  WHERE CONDITION
  ORDER BY rang, t.fin IS NOT NULL, {ORDRE}
  LIMIT 24
"""  # noqa: S608  (made of the constants above)
PAR_NOM_OU_CODE = f"{MOTS_DANS_L_ORDRE} OR t.code = %(code)s"
PAR_CODE = "t.code = %(code)s OR t.codes_postaux && %(codes_postaux)s::varchar[]"
DANS_LES_DEPARTEMENTS = f"{MOTS_DANS_L_ORDRE} AND (t.departements && %(departements)s::varchar[] \
OR t.nature = 'departement' AND t.code = ANY(%(departements)s))"
RESSEMBLANTS = """
  SELECT t.id, t.nom, t.fin, 5 + row_number() OVER (ORDER BY r.ressemblance DESC) AS rang
  FROM noms_ressemblants(%(nom)s) r JOIN territoires_territoire t ON t.id = r.id
"""
# A closed territory answers with what it became, however long ago.
REPONSE = f"""
WITH RECURSIVE candidats AS (CANDIDATS),
suites (trouve, actuel, motif) AS (
  SELECT id, id, ''::varchar FROM candidats
  UNION
  SELECT s.trouve, x.nouveau_id, x.motif FROM suites s
  JOIN territoires_territoire t ON t.id = s.actuel AND t.fin IS NOT NULL
  JOIN territoires_succession x ON x.ancien_id = s.actuel
)
SELECT t.*, c.rang, c.nom AS nom_trouve, s.motif,
  (SELECT string_agg(d.nom, ', ' ORDER BY d.code) FROM territoires_territoire d
   WHERE d.nature = 'departement' AND d.code = ANY(t.departements)) AS noms_departements
FROM candidats c
JOIN suites s ON s.trouve = c.id
JOIN territoires_territoire t ON t.id = s.actuel AND t.fin IS NULL
ORDER BY c.rang, c.fin IS NOT NULL, {ORDRE}
"""  # noqa: S608  (made of the constants above)
# What a former commune still is, as opposed to those that are no more.
SUBSISTENT = ("commune déléguée", "commune associée", "arrondissement municipal")


def chercher(q: str, limite: int = LIMITE) -> list[Territoire]:
    """Return the territories that answer best, best first; at most three queries.

    Order: code, whole name (or sigle), postal code, beginning of a name, of a word, words in that order; then the most
    populated. A former commune answers with its successor. Each territory comes with two attributes: `precision`, the
    words that tell it from its homonyms and say why it answers; `exact`, whether what was typed is its name or code.
    """
    texte = " ".join(q.replace("\0", "").split())[:LONGUEUR]
    if not texte:
        return []
    sans_nature = NATURE_DITE.sub("", texte) or texte
    trouves = _executer(*_demande(texte))
    if not trouves and sans_nature != texte:
        trouves = _executer(*_demande(sans_nature))
    uniques: dict[int, Territoire] = {}
    for territoire in trouves or _executer(RESSEMBLANTS, {"nom": sans_nature, "code": ""}):
        uniques.setdefault(territoire.pk, territoire)
    return list(uniques.values())[:limite]


def trouver(saisie: str) -> Territoire | None:
    """Return the territory that a designation (`commune:76540`) or words name; for a closed one, what it became."""
    designe = Territoire.objects.designes_par([saisie]).first()
    if designe and not designe.est_ferme:
        return designe
    return next(iter(chercher(designe.code if designe else saisie, limite=1)), None)


def _demande(texte: str) -> tuple[str, dict]:
    """Return the query of the candidates and its parameters: within départements when the text names some."""
    code = re.sub(r"\s", "", texte).upper()
    if trouve := NOM_ET_DEPARTEMENTS.fullmatch(texte):
        departements = re.findall(UN_DEPARTEMENT, trouve["departements"].upper(), re.IGNORECASE)
        parametres = {"nom": trouve["nom"], "code": code, "codes_postaux": [], "departements": departements}
        return CANDIDATS.replace("CONDITION", DANS_LES_DEPARTEMENTS), parametres
    condition = PAR_CODE if CODE.fullmatch(texte) else PAR_NOM_OU_CODE
    return CANDIDATS.replace("CONDITION", condition), {"nom": texte, "code": code, "codes_postaux": [code]}


def _executer(candidats: str, parametres: dict) -> list[Any]:
    """Return the territories with what the query adds to them: `rang`, `nom_trouve`, `motif`, `noms_departements`."""
    trouves: list[Any] = list(Territoire.objects.raw(REPONSE.replace("CANDIDATS", candidats), parametres))
    for territoire in trouves:
        territoire.exact = territoire.rang <= NOM_ENTIER
        territoire.precision = _preciser(territoire, parametres["code"])
    return trouves


def _preciser(territoire: Any, code: str) -> str:
    """« Commune, Seine-Maritime », and what was found when it is neither the name nor the code shown."""
    mots = [territoire.type_en_mots]
    if territoire.noms_departements:
        mots.append(territoire.noms_departements)
    if territoire.motif in SUBSISTENT:
        mots.append(f"dont {territoire.nom_trouve}, {territoire.motif}")
    elif territoire.motif:
        mots.append(f"{territoire.nom_trouve} est devenue {territoire.nom}")
    elif code == territoire.code:
        mots.append(f"code officiel {code}")
    elif code in territoire.codes_postaux:
        mots.append(f"code postal {code}")
    return ", ".join(mots)
