"""Importers of the official files that an administrator downloads.

Each module of a file (`cog`, `epci`, `qpv`) opens with its contract and gives two functions: `lire`, pure, turns the
file into a `Releve` or refuses it whole, with its line numbers; `situer` places the releve in the database it will be
compared with. `ecarts` compares, reports and applies. Nothing is ever deleted: a territory that is no more is closed.
"""
