"""The pages of the real content, each read once for all the tests that only look."""

from functools import cache

from django.test import Client


@cache
def page(adresse: str) -> str:
    reponse = Client().get(adresse)
    assert reponse.status_code == 200, adresse
    return reponse.text
