"""Writing an e-mail: `ecrire(adresse, *rendre("gabarit", {...}), cle="...")`.

The row and the job that sends it are written in the caller's transaction: an e-mail exists if and only if what it tells
was committed. The job (courriels/taches.py) carries the number of the row, never an address.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from courriels.models import PATIENCE, Courriel, Preuve
from courriels.plafonds import prendre_place
from courriels.taches import envoyer
from francais.balises import ESPACE_A_LIER

LARGEUR = 76
LIEN = "\ue000"  # stands for a space where no line may break
OBJET = "Objet : "
_partis: ContextVar[list[Courriel] | None] = ContextVar("partis", default=None)


@contextmanager
def ecrits() -> Iterator[list[Courriel]]:
    """Give the list of the e-mails written from here on, in order, as long as the block lasts."""
    partis: list[Courriel] = []
    jeton = _partis.set(partis)
    try:
        yield partis
    finally:
        _partis.reset(jeton)


def ecrire(
    destinataire: str,
    objet: str,
    corps: str,
    *,
    cle: str,
    duree: timedelta = PATIENCE,
    arreter: str = "",
    preuve: Preuve = Preuve.FAITE,
    attente: timedelta = timedelta(),
) -> Courriel:
    """Write an e-mail, to be sent as soon as the present transaction commits; the same `cle` writes nothing more.

    `duree` says how long it is worth sending: after that, an e-mail the server refused all along is given up.
    `arreter` is the address where one says to receive no more of its kind, by a page or by a mere POST (RFC 8058),
    written below the text and in the headers. `attente`: how long it waits, and may still be dropped.
    `preuve` says what is known of the address. One that a visitor typed goes through `ecrire_a_l_adresse_tapee`.
    """
    maintenant = timezone.now()
    if arreter:
        corps = f"{corps.rstrip()}\n\nPour ne plus recevoir ce genre de courriel :\n{arreter}\n"
    champs = {
        "destinataire": destinataire.strip(),
        "objet": _une_ligne(objet)[:250],
        "corps": corps,
        "arreter": arreter,
        "preuve": preuve,
        "ecrit_le": maintenant,
        "perime_le": maintenant + attente + duree,
    }
    neuf = Courriel(cle=cle, **champs)
    with transaction.atomic(savepoint=False):
        if not Courriel.objects.inserer(neuf):
            return Courriel.objects.get(cle=cle)
        envoyer.configure(schedule_at=maintenant + attente if attente else None).defer(pk=neuf.pk)
    if (partis := _partis.get()) is not None:
        partis.append(neuf)
    return neuf


def ecrire_a_l_adresse_tapee(
    destinataire: str,
    objet: str,
    corps: str,
    *,
    cle: str,
    duree: timedelta = PATIENCE,
    arreter: str = "",
    preuve: Preuve = Preuve.AUCUNE,
) -> Courriel | None:
    """Write to an address that somebody typed: None once a ceiling of the day is reached (courriels/plafonds.py).

    Such a text holds no word of who typed it. A code for an account (`DEMANDEE`) is counted, never refused. Refusing
    costs as much as writing: its time must not tell who has an account.
    """
    with transaction.atomic():
        place = prendre_place(destinataire) or preuve == Preuve.DEMANDEE
        courriel = ecrire(destinataire, objet, corps, cle=cle, duree=duree, arreter=arreter, preuve=preuve)
        if place:
            return courriel
        transaction.set_rollback(True)
    if courriel in (partis := _partis.get() or []):
        partis.remove(courriel)
    return None


def rendre(gabarit: str, contexte: Mapping[str, Any]) -> tuple[str, str]:
    """Return the subject and the text made from templates/courriels/<gabarit>.txt, whose first line is « Objet : … ».

    Nothing is escaped, for this is not HTML. `site` is the public address of the site, for the links.
    """
    modele = get_template(f"courriels/{gabarit}.txt").template  # type: ignore[attr-defined]  # of Django's own engine
    texte = modele.render(Context({"site": settings.SITE_URL, **contexte}, autoescape=False))
    objet, _, corps = texte.partition("\n")
    if not objet.startswith(OBJET):
        raise ValueError(f"Le gabarit {gabarit} ne commence pas par « {OBJET}… ».")
    return _une_ligne(objet.removeprefix(OBJET)), _mettre_en_lignes(corps)


def _une_ligne(texte: str) -> str:
    """Return a text without any line break or control character: in a header, they would start another one."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", texte).split(" ")).strip()


def _mettre_en_lignes(texte: str) -> str:
    """Fold the long lines (not inside an address, nor before « : »), drop the blank lines that template tags leave."""
    lignes: list[str] = []
    for ligne in map(str.rstrip, ESPACE_A_LIER.sub(LIEN, texte).strip().splitlines()):
        marge = re.match(r"(?:> |- |\s){0,8}", ligne)[0]  # type: ignore[index]  # matches at least the empty string
        suite = marge.replace("- ", "  ")
        lignes += textwrap.wrap(
            ligne[len(marge) :],
            LARGEUR,
            initial_indent=marge,
            subsequent_indent=suite,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lignes)).replace(LIEN, " ") + "\n"
