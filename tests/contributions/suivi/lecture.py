"""The follow-up page of a contribution: read as somebody reads it, and acted on."""

import re

import html5lib


def lire(client, contribution, code: int = 200) -> str:
    reponse = client.get(contribution.get_absolute_url())
    assert reponse.status_code == code
    html5lib.HTMLParser(strict=True).parse(reponse.text)
    ids = re.findall(r'\sid="([^"]+)"', reponse.text)
    assert len(ids) == len(set(ids)) and set(re.findall(r'href="#([^"]+)"', reponse.text)) <= set(ids)
    return " ".join(re.sub(r"&nbsp;|\xa0", " ", re.sub(r"<[^>]+>", " ", reponse.text)).split())


def poster(client, contribution, verbe: str, **saisie):
    return client.post(contribution.get_absolute_url(), {"verbe": verbe, **saisie})


def etapes(texte: str) -> str:
    return texte[texte.index("en est") :].split("Ce que vous", maxsplit=1)[0]
