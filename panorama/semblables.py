"""Territories like a given one, by a formula that the page publishes, and what is done there and not here.

Points are given for the population, the number of priority neighbourhoods (QPV) and the kind of intercommunalité. Only
territories of the same nature are compared, half as populated at least and twice as populated at most.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.models import ActionInspirante
from dispositifs.models import SUIVIS
from panorama.presences import Presence, presences
from territoires.models import Territoire

COMBIEN = 5
MONTREES = 3  # on the page of the territory
COMPARES = 200  # the nearest in population are compared: these on each side
MEME_TAILLE = 0.1


@dataclass(frozen=True)
class Points:
    """The most points that each criterion gives."""

    population: int = 50
    quartiers: int = 30
    genre: int = 20  # the kind of intercommunalité; a département has none

    @property
    def total(self) -> int:
        return self.population + self.quartiers + self.genre


# One entry for each nature of `Territoire.COMPARABLES`.
POINTS = {
    Territoire.Nature.DEPARTEMENT.value: Points(genre=0),
    Territoire.Nature.EPCI.value: Points(),
    Territoire.Nature.COMMUNE.value: Points(),
}
# The nearest come from the index on (nature, population). `actives`: where an action is described that does not concern
# the territory; the best of these are kept too, for the most alike seldom have one.
SEMBLABLES = """
WITH voisines AS (
  (SELECT id FROM territoires_territoire
   WHERE nature = %(nature)s AND fin IS NULL AND population BETWEEN %(population)s AND %(population)s * 2
   ORDER BY population LIMIT %(compares)s)
  UNION
  (SELECT id FROM territoires_territoire
   WHERE nature = %(nature)s AND fin IS NULL AND population < %(population)s AND population * 2 >= %(population)s
   ORDER BY population DESC LIMIT %(compares)s)
),
connues AS (  -- the actions that concern the territory already
  SELECT l.fiche_id FROM fiches_fiche_territoires l WHERE l.territoire_id IN (
    SELECT contenant_id FROM territoires_inclusion WHERE contenu_id = %(ici)s
    UNION SELECT contenu_id FROM territoires_inclusion WHERE contenant_id = %(ici)s)
),
actives AS (
  SELECT i.contenant_id AS id, array_agg(DISTINCT f.id) AS actions
  FROM fiches_fiche f
  JOIN fiches_fiche_territoires l ON l.fiche_id = f.id
  JOIN territoires_inclusion i ON i.contenu_id = l.territoire_id AND NOT i.partielle
  JOIN territoires_territoire t ON t.id = i.contenant_id AND t.nature = %(nature)s AND t.fin IS NULL
    AND t.population BETWEEN (%(population)s + 1) / 2 AND %(population)s * 2
  WHERE f.nature = 'action' AND f.etat = 'publiee' AND f.id NOT IN (SELECT fiche_id FROM connues)
  GROUP BY 1
),
candidats AS (SELECT id FROM voisines UNION SELECT id FROM actives UNION SELECT %(ici)s),
mesures AS (
  SELECT c.id, t.population,
    (SELECT count(*) FROM territoires_inclusion i JOIN territoires_territoire q ON q.id = i.contenu_id
     WHERE i.contenant_id = c.id AND q.nature = 'qpv' AND q.fin IS NULL) AS quartiers,
    CASE %(nature)s WHEN 'epci' THEN replace(t.sous_nature, 'MET69', 'METRO') WHEN 'commune' THEN
      (SELECT min(replace(e.sous_nature, 'MET69', 'METRO')) FROM territoires_inclusion i
       JOIN territoires_territoire e ON e.id = i.contenant_id
       WHERE i.contenu_id = c.id AND e.nature = 'epci' AND e.sous_nature <> 'EPT') END AS genre
  FROM candidats c JOIN territoires_territoire t ON t.id = c.id
),
notes AS (
  SELECT m.id, m.quartiers, coalesce(m.genre, '') AS genre,
    %(points_population)s * (1 - abs(log(2, greatest(m.population, 1)::numeric / %(population)s)))
    + %(points_quartiers)s * CASE WHEN m.quartiers = ici.quartiers THEN 1
        ELSE least(m.quartiers, ici.quartiers)::numeric / greatest(m.quartiers, ici.quartiers) END
    + %(points_genre)s * (m.genre IS NOT DISTINCT FROM ici.genre)::int AS note
  FROM mesures m, mesures ici WHERE ici.id = %(ici)s
),
rangees AS (
  SELECT n.*, a.actions,
    row_number() OVER (ORDER BY n.note DESC, n.id) AS rang
  FROM notes n LEFT JOIN actives a ON a.id = n.id WHERE n.id <> %(ici)s
),
premieres AS (  -- of each action, the most alike of those that have it
  SELECT DISTINCT ON (action) r.id, r.rang FROM rangees r, unnest(r.actions) AS action ORDER BY action, r.rang
)
SELECT t.*, r.quartiers, r.genre, r.note, r.rang, r.actions,
  i.quartiers AS quartiers_ici, i.genre AS genre_ici
FROM rangees r
JOIN territoires_territoire t ON t.id = r.id
JOIN notes i ON i.id = %(ici)s
WHERE r.rang <= %(combien)s
  OR r.id IN (SELECT id FROM premieres GROUP BY id ORDER BY min(rang) LIMIT %(combien)s)
ORDER BY r.rang
"""


@dataclass
class Voisine:
    """A territory like the given one, and why, in words."""

    territoire: Territoire
    note: int
    raisons: list[str]
    presences: list[Presence] = field(default_factory=list)
    actions: list["Idee"] = field(default_factory=list)

    a_reprendre: int = 0  # actions that the given one has not

    @property
    def dispositifs(self) -> list[str]:
        return list(dict.fromkeys(presence.dispositif for presence in self.presences))


@dataclass(frozen=True)
class Idee:
    """An action that a territory like this one has, and this one not yet."""

    action: ActionInspirante
    raison: str


@dataclass
class Semblables:
    proches: list[Voisine]  # the most alike
    actives: list[Voisine]  # the most alike of those where something else is done


def connues(territoire: Territoire, lues: list[Any], presences: dict[int, list[Presence]]) -> list[Voisine]:
    """Return the first of the territories most alike (`lire`) of which something is known, without any query."""
    voisines = [
        Voisine(
            lue,
            round(lue.note),
            _raisons(lue, territoire),
            presences.get(lue.pk, []),
            a_reprendre=len(lue.actions or ()),
        )
        for lue in lues
    ]
    return [voisine for voisine in voisines if voisine.presences or voisine.a_reprendre][:MONTREES]


def semblables(territoire: Territoire, jour: date) -> Semblables:
    """Return the territories most like this one, with their actions that it has not. Three queries.

    An action is told once, of the most alike that has it.
    """
    lues = lire(territoire)
    ici_et_voisines = presences([territoire.pk, *(lue.pk for lue in lues)], jour)
    suivis_ici = {presence.slug for presence in ici_et_voisines.get(territoire.pk, [])}
    ids = {pk for lue in lues for pk in lue.actions or ()}
    cartes = ActionInspirante.objects.select_related("dispositif", "levier").en_cartes()
    restantes = {action.pk: action for action in cartes.filter(pk__in=ids).order_by("titre")}
    voisines = []
    for lue in lues:
        voisine = Voisine(lue, round(lue.note), _raisons(lue, territoire), ici_et_voisines.get(lue.pk, []))
        siennes = [restantes.pop(pk) for pk in [*restantes] if pk in (lue.actions or ())]
        voisine.actions = [Idee(action, _portage(action, suivis_ici)) for action in siennes]
        voisines.append((lue.rang, voisine))
    return Semblables(
        proches=[voisine for rang, voisine in voisines if rang <= COMBIEN],
        actives=[voisine for _, voisine in voisines if voisine.actions][:COMBIEN],
    )


def lire(territoire: Territoire) -> list[Any]:
    """Return the territories most alike, with what the query adds to them; none for what has no fellows. One query."""
    if territoire.population is None or territoire.nature not in POINTS:
        return []
    points = POINTS[territoire.nature]
    parametres = {
        "ici": territoire.pk,
        "nature": territoire.nature,
        "population": max(territoire.population, 1),
        "compares": COMPARES,
        "combien": COMBIEN,
        "points_population": points.population,
        "points_quartiers": points.quartiers,
        "points_genre": points.genre,
    }
    return list(Territoire.objects.raw(SEMBLABLES, parametres))


def _raisons(lue: Any, territoire: Territoire) -> list[str]:
    """« même taille », « 2 quartiers prioritaires, comme ici », « dans une métropole, comme ici »."""
    rapport = lue.population / max(territoire.population or 0, 1)
    if abs(rapport - 1) <= MEME_TAILLE:
        taille = "même taille"
    else:
        taille = "plus d’habitants" if rapport > 1 else "moins d’habitants"
    raisons = [taille, _quartiers(lue.quartiers, lue.quartiers_ici)]
    if lue.genre and territoire.nature != Territoire.Nature.DEPARTEMENT:
        genre = Territoire.SousNature(lue.genre).label.lower()
        comme = ", comme ici" if lue.genre == lue.genre_ici else ""
        raisons.append(f"{'dans une ' if territoire.nature == Territoire.Nature.COMMUNE else ''}{genre}{comme}")
    return raisons


def _quartiers(la_bas: int, ici: int) -> str:
    mots = f"{la_bas} quartier{'s' if la_bas > 1 else ''} prioritaire{'s' if la_bas > 1 else ''}"
    if not la_bas:
        mots = "aucun quartier prioritaire"
    return f"{mots}, comme ici" if la_bas == ici else f"{mots} ({ici or 'aucun'} ici)"


def _portage(action: ActionInspirante, suivis_ici: set[str]) -> str:
    """Say whether the scheme that carries the action is known here."""
    porteur = action.dispositif
    if porteur is None:
        return ""
    if porteur.slug in suivis_ici:
        return f"portée par un dispositif présent ici aussi\u00a0: {porteur.nom_court}"
    if porteur.slug in SUIVIS:
        return f"portée par un dispositif que nous ne savons pas en vigueur ici\u00a0: {porteur.nom_court}"
    return f"liée à\u00a0: {porteur.titre}"
