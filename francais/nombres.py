"""Whole numbers as strangers write them in addresses and forms."""


def entier(brut: str | None) -> int:
    """Return the whole number that somebody wrote, of nine figures at most; 0 for anything else."""
    return int(brut) if brut and len(brut) < 10 and brut.isdecimal() else 0
