"""Many names of territories read at once: those that are surely one, by the rule of `recherche.lire`, in two queries.

A table has thousands of names, most of them whole; `lire` asks the base of each.
"""

from collections.abc import Collection

from django.db import connection

from territoires.models import Territoire

# The only one in force of that whole name; a quartier gives way, as it does in `recherche`.
SEULS = """
  SELECT s.saisie, min(t.id) FROM unnest(%s::text[]) AS s (saisie)
  JOIN territoires_territoire t ON string_to_array(t.cles, '|') && ARRAY[normalise_nom(s.saisie)]
  WHERE t.fin IS NULL AND t.nature <> 'qpv' AND normalise_nom(s.saisie) <> ''
  GROUP BY s.saisie HAVING count(*) = 1
"""


def surs(saisies: Collection[str]) -> dict[str, Territoire]:
    """Return the territories in force that these designations (`commune:76540`) and whole names surely mean.

    Names with figures, which may be codes or say a département, are left to `lire`.
    """
    propres = {saisie for saisie in saisies if "\0" not in saisie}
    designes = {t.designation: t for t in Territoire.objects.designes_par(propres).filter(fin=None)}
    with connection.cursor() as curseur:
        curseur.execute(SEULS, [sorted(nom for nom in propres if not any(map(str.isdigit, nom)))])
        trouves = dict(curseur.fetchall())
    connus = Territoire.objects.in_bulk(set(trouves.values()))
    return designes | {nom: connus[pk] for nom, pk in trouves.items()}
