"""Filling the forms as a browser does: what the page shows, then what somebody types."""

import re
from datetime import timedelta
from html import unescape

import html5lib
from django.core import signing
from django.test import Client
from django.utils import timezone

from contributions import abus


def sceau(il_y_a: timedelta = timedelta(minutes=1)) -> str:
    """A seal set some time ago, so that tests need not wait."""
    signataire = signing.TimestampSigner(salt=abus.SEL)
    valeur = signing.b62_encode(int((timezone.now() - il_y_a).timestamp()))
    valeur = f"{abus.secrets.token_urlsafe(9)}:{valeur}"
    return f"{valeur}:{signataire.signature(valeur)}"


def champs_caches(html: str) -> dict[str, str]:
    """What the page sends by itself: hidden fields, and what is selected when it opens."""
    caches = [
        (re.search(r'name="(\w+)"', champ), re.search(r'value="([^"]*)"', champ))
        for champ in re.findall(r"<input[^>]*hidden[^>]*>", html)
    ]
    choisis = re.findall(r'<select name="(\w+)"(?:(?!</select>).)*?value="([^"]*)" selected', html, re.DOTALL)
    return {nom[1]: unescape(valeur[1]) for nom, valeur in caches if nom and valeur} | dict(choisis)


def signaler(client: Client, adresse: str, **saisie):
    """Open the report form at this address and send it, as typed, a minute later."""
    page = client.get(adresse)
    donnees = {**champs_caches(page.text), "ouvert": sceau(), **saisie}
    return client.post(adresse.split("?", maxsplit=1)[0], donnees)


def lire(client, contribution, code: int = 200) -> str:
    reponse = client.get(contribution.get_absolute_url())
    assert reponse.status_code == code
    html5lib.HTMLParser(strict=True).parse(reponse.text)
    ids = re.findall(r'\sid="([^"]+)"', reponse.text)
    assert len(ids) == len(set(ids)) and set(re.findall(r'href="#([^"]+)"', reponse.text)) <= set(ids)
    return " ".join(re.sub(r"&nbsp;|\xa0", " ", re.sub(r"<[^>]+>", " ", reponse.text)).split())


def poster(client, contribution, verbe: str, **saisie):
    return client.post(contribution.get_absolute_url(), {"verbe": verbe, **saisie})


def relue(objet):
    return type(objet).objects.get(pk=objet.pk)


def etapes(texte: str) -> str:
    return texte[texte.index("en est") :].split("Ce que vous", maxsplit=1)[0]
