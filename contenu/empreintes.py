"""Fingerprints: of a content file, and of all that its page shows or obeys besides. Both unchanged, so is the page."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection

from actions.models import Levier
from dispositifs.models import Dispositif, Mission
from fiches.models import Public, Sigle, Theme

CODE = (
    "actions",
    "comparaison",
    "contenu",
    "dispositifs",
    "fiches",
    "francais",
    "territoires",
)  # makes and judges a fiche
# Names are all that a fiche shows of its territories; a closed one is refused.
TERRITOIRES = (
    "SELECT md5(string_agg(concat_ws('|', id, nature, code, nom, departements, fin), ' ' ORDER BY id))"
    " FROM territoires_territoire"
)


def du_code() -> str:
    """Return the fingerprint of the code that reads content files and makes pages of them. Some hundred files."""
    resume = sha256()
    for dossier in CODE:
        for fichier in sorted((settings.BASE_DIR / dossier).rglob("*.py")):
            resume.update(fichier.read_bytes())
    return resume.hexdigest()


def du_referentiel(*fichiers: Path) -> str:
    """Return the fingerprint of the territories, the vocabularies and the glossary of the base, and of these files."""
    resume = sha256()
    with connection.cursor() as curseur:
        curseur.execute(TERRITOIRES)
        resume.update(repr(curseur.fetchone()).encode())
    for modele in (Theme, Public, Levier, Mission):
        resume.update(repr([*modele.objects.order_by("slug").values_list("slug", "nom")]).encode())
    resume.update(repr([*Sigle.objects.order_by("sigle").values_list("sigle", "developpe")]).encode())
    for fichier in fichiers:
        resume.update(fichier.read_bytes())
    return resume.hexdigest()


def des_dispositifs() -> str:
    """Return the fingerprint of what a local scheme or an action says of its dispositif."""
    noms = Dispositif.objects.order_by("slug").values_list("slug", "titre", "sigle")
    return sha256(repr([*noms]).encode()).hexdigest()


def du_fichier(chemin: Path, *alentours: str) -> str:
    """Return the fingerprint of a content file among these."""
    return sha256(b" ".join([*(alentour.encode() for alentour in alentours), chemin.read_bytes()])).hexdigest()
