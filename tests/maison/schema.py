"""What a schema accepts, read from PostgreSQL, and what of it a former release could no longer write."""

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
COLONNES = """
    SELECT table_name, column_name, CASE WHEN data_type = 'USER-DEFINED' THEN udt_name ELSE data_type END,
           character_maximum_length, is_nullable = 'YES',
           column_default IS NOT NULL OR is_identity = 'YES' OR is_generated = 'ALWAYS'
      FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1, 2
"""
CONTRAINTES = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(c.oid),
           ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey) ORDER BY 1)
      FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace
     WHERE nspname = 'public' AND conrelid <> 0 AND contype <> 'n' ORDER BY 1, 2
"""
UNIQUES = """
    SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = indrelid
      JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname = 'public' AND indisunique
       AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1, 2
"""
LITTERAL = re.compile(r"'((?:[^']|'')*)'")


def lire(curseur: Any) -> Schema:
    """Return the tables (columns: type, length, nullable, with a default) and their rules (definition, columns)."""
    tables: dict[str, dict[str, list[Any]]] = {}
    curseur.execute(COLONNES)
    for table, colonne, *sens in curseur.fetchall():
        tables.setdefault(table, {})[colonne] = sens
    regles: dict[str, dict[str, list[str]]] = {}
    curseur.execute(CONTRAINTES)
    for table, definition, colonnes in curseur.fetchall():
        regles.setdefault(table, {})[definition] = colonnes
    curseur.execute(UNIQUES)
    for table, definition in curseur.fetchall():
        colonnes = [nom for nom in tables[table] if re.search(rf"\b{nom}\b", definition.partition(" USING ")[2])]
        regles.setdefault(table, {})[definition.partition(" ON ")[2]] = colonnes
    return {"tables": tables, "regles": regles}


def ruptures(avant: Schema, apres: Schema) -> Iterator[str]:
    """Yield, in English, what the code of before reads or writes and the schema of after refuses."""
    for table, colonnes in avant["tables"].items():
        if table not in apres["tables"]:
            yield f"{table} is gone"
            continue
        presentes = apres["tables"][table]
        for nom, sens in colonnes.items():
            yield from (f"{table}.{nom} {mal}" for mal in _rupture(sens, presentes.get(nom)))
        for nom in presentes.keys() - colonnes.keys():
            *_, nulle, defaut = presentes[nom]
            if not nulle and not defaut:
                yield f"{table}.{nom} is new, required, and without a default in the database"
        anciennes = avant["regles"].get(table, {})
        laissees = [nom for nom in presentes.keys() - colonnes.keys() if presentes[nom][-2:] == [True, False]]
        for regle, touchees in apres["regles"].get(table, {}).items():
            if not set(touchees) & colonnes.keys() or _tient_sans(regle, laissees):
                continue
            if not any(_admet(regle, ancienne) for ancienne in anciennes):
                yield f"{table} has a new or narrower rule: {regle}"


def _rupture(avant: list[Any], apres: list[Any] | None) -> Iterator[str]:
    if apres is None:
        yield "is gone"
        return
    genre, longueur, nulle, defaut = avant
    if apres[0] != genre:
        yield f"was {genre}, is {apres[0]}"
    if apres[1] and (not longueur or apres[1] < longueur):
        yield f"holds {apres[1]} characters only"
    if nulle and not apres[2]:
        yield "may no longer be empty"
    if defaut and not apres[3] and not apres[2]:
        yield "has no default any more"


def _tient_sans(regle: str, laissees: list[str]) -> bool:
    """Say whether a rule holds of itself where these columns are left empty, as code that does not know them does."""
    for nom in laissees:
        regle = regle.replace(f"({nom} IS NULL)", "true")
    while (simple := regle.replace("(true AND true)", "true")) != regle:
        regle = simple
    return regle.startswith("CHECK ((") and regle.endswith(" OR true))")


def _admet(regle: str, ancienne: str) -> bool:
    """Say whether the rule is the former one, or the same with more values allowed in its lists."""
    sans_valeurs = LITTERAL.sub("", regle), LITTERAL.sub("", ancienne)
    nues = [re.sub(r"(::\w+( \w+)?|,|\s)+", " ", texte) for texte in sans_valeurs]
    return regle == ancienne or (
        nues[0] == nues[1] and "<>" not in regle and {*LITTERAL.findall(regle)} >= {*LITTERAL.findall(ancienne)}
    )
