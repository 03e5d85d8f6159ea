"""How a fiche concerns a territory: attached to it, to what contains it, or to a part of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from territoires.models import Territoire

CITES = 4  # names given before « et 3 autres »
POUR = {
    "region": "pour toute la région",
    "departement": "pour tout le département",
    "perimetre": "pour tout le territoire de projet",
    "epci": "pour toute l’intercommunalité",
    "commune": "pour la commune",
    "qpv": "pour le quartier",
}
# One row for each territory of a fiche that touches the given one. `reunies`: fiches none of whose territories holds it
# whole, but which hold, together, each of its communes (of a QPV: each of those where it lies).
LIENS = """
WITH liens AS (
  SELECT l.fiche_id, l.territoire_id, h.id IS NOT NULL AS haut, coalesce(h.partielle, false) AS partielle,
    coalesce(d.perimetre_incertain, false) AS incertain
  FROM (
    SELECT contenant_id AS id FROM territoires_inclusion WHERE contenu_id = %(ici)s
    UNION SELECT contenu_id FROM territoires_inclusion WHERE contenant_id = %(ici)s
  ) lies
  JOIN fiches_fiche_territoires l ON l.territoire_id = lies.id
  JOIN fiches_fiche f ON f.id = l.fiche_id AND f.etat = 'publiee'
  LEFT JOIN dispositifs_dispositiflocal d ON d.fiche_ptr_id = f.id
  LEFT JOIN territoires_inclusion h ON h.contenu_id = %(ici)s AND h.contenant_id = l.territoire_id
  WHERE %(fiches)s::bigint[] IS NULL OR l.fiche_id = ANY(%(fiches)s)
),
communes AS (
  SELECT c.id FROM territoires_inclusion i
  JOIN territoires_territoire c ON c.id = i.COMMUNE AND c.nature = 'commune' AND c.fin IS NULL
  WHERE i.ICI = %(ici)s AND %(nature)s <> 'commune'
),
morcelees AS (  -- whose territories have, together, people enough: it spares reading the communes of the others
  SELECT l.fiche_id FROM liens l JOIN territoires_territoire t ON t.id = l.territoire_id
  GROUP BY l.fiche_id HAVING NOT bool_or(l.haut AND NOT l.partielle)
  AND (bool_or(t.population IS NULL) OR sum(t.population) >= 0.95 * coalesce(%(population)s::int, 0))
),
reunies AS (
  SELECT l.fiche_id FROM liens l
  JOIN morcelees USING (fiche_id)
  JOIN territoires_inclusion i ON i.contenant_id = l.territoire_id AND NOT i.partielle
  JOIN communes c ON c.id = i.contenu_id
  GROUP BY l.fiche_id HAVING count(DISTINCT c.id) = (SELECT count(*) FROM communes)
)
SELECT t.*, l.fiche_id, l.haut, l.partielle, l.incertain, l.fiche_id IN (SELECT fiche_id FROM reunies) AS reunie
FROM liens l JOIN territoires_territoire t ON t.id = l.territoire_id
ORDER BY t.population DESC NULLS FIRST, t.nom
"""


@dataclass
class Perimetre:
    """The territories of a fiche that touch a given territory: where it applies, never whether it still does."""

    lieu: Territoire
    ici: bool = False
    via: list[Territoire] = field(default_factory=list)  # those that contain it whole
    via_en_partie: list[Territoire] = field(default_factory=list)  # those that contain a part of it
    dedans: list[Territoire] = field(default_factory=list)  # those that lie in it
    reuni: bool = False  # none contains it whole, but together they do
    incertain: bool = False  # these are but the nearest known to what the source means: nothing is surely reached

    @property
    def entier(self) -> bool:
        """True when it applies to the whole territory, surely."""
        return not self.incertain and (self.ici or bool(self.via) or self.reuni)

    @property
    def en_mots(self) -> str:
        """« via Métropole Rouen Normandie », « pour la commune », « en partie : Rouen, Canteleu »."""
        if self.incertain:
            proches = [self.lieu] if self.ici else self.via + self.via_en_partie + self.dedans
            return f"périmètre incertain, au plus près\u00a0: {enumerer(proches)}"
        if self.ici:
            return POUR[self.lieu.nature]
        if self.via:
            return f"via {enumerer(self.via)}"
        if self.reuni:
            return f"en entier, via {enumerer(self.via_en_partie + self.dedans)}"
        if self.via_en_partie:
            return f"en partie, via {enumerer(self.via_en_partie)}"
        return f"en partie\u00a0: {enumerer(self.dedans)}"


def enumerer(territoires: list[Territoire]) -> str:
    noms = [territoire.nom for territoire in territoires[:CITES]]
    reste = len(territoires) - len(noms)
    return ", ".join(noms) + (f" et {reste} autre{'s' if reste > 1 else ''}" if reste else "")


def perimetres(territoire: Territoire, fiches: Iterable[int] | None = None) -> dict[int, Perimetre]:
    """Return, by fiche, how the published fiches concern this territory: all of them, or those given. One query."""
    parametres = {
        "ici": territoire.pk,
        "nature": territoire.nature,
        "population": territoire.population,
        "fiches": None if fiches is None else list(fiches),
    }
    dedans, autour = "contenu_id", "contenant_id"
    if territoire.nature == Territoire.Nature.QPV:
        dedans, autour = autour, dedans
    requete = LIENS.replace("COMMUNE", dedans).replace("ICI", autour)
    trouves: dict[int, Perimetre] = {}
    lien: Any  # a territory, with what the query adds to it
    for lien in Territoire.objects.raw(requete, parametres):
        perimetre = trouves.setdefault(
            lien.fiche_id, Perimetre(territoire, reuni=lien.reunie, incertain=lien.incertain)
        )
        if lien.pk == territoire.pk:
            perimetre.ici = True
        elif lien.haut:
            (perimetre.via_en_partie if lien.partielle else perimetre.via).append(lien)
        else:
            perimetre.dedans.append(lien)
    return trouves
