"""A form as a browser without JavaScript has it: read from the page, filled in, posted by one of its buttons."""

from datetime import timedelta
from typing import Any
from urllib.parse import urldefrag
from xml.etree.ElementTree import Element

import html5lib
import time_machine
from django.test import Client
from django.utils import timezone

from contributions.abus import FormulaireGarde
from contributions.models import Proposition

ENVOI = {
    "pourquoi": "Le prix a changé",
    "sorte": "correction",
    "credit": "anonyme",
    "courriel": "visiteuse@exemple.fr",
    "charte": "on",
}


class Papier:
    """The form of a page, and what is typed in it."""

    def __init__(self, client: Client, reponse: Any, identifiant: str = "redaction"):
        self.client, self.reponse = client, reponse
        self.adresse = urldefrag(reponse.request["PATH_INFO"]).url
        if reponse.request.get("QUERY_STRING"):
            self.adresse += f"?{reponse.request['QUERY_STRING']}"
        arbre = html5lib.parse(reponse.text, namespaceHTMLElements=False)
        self.formulaire = next(f for f in arbre.iter("form") if f.get("id") == identifiant)
        self.champs = _champs(self.formulaire)
        if "ouvert" in self.champs:  # one does not write within the second
            with time_machine.travel(timezone.now() - timedelta(minutes=1)):
                self.champs["ouvert"] = [FormulaireGarde.nouveau_sceau()]

    def __getitem__(self, nom: str) -> str:
        return self.champs[nom][-1]

    def remplir(self, **champs: Any) -> "Papier":
        """Fill fields in; `__` stands for the « - » of their names."""
        for nom, valeur in champs.items():
            self.champs[nom.replace("__", "-")] = valeur if isinstance(valeur, list) else [valeur]
        return self

    def signer(self, **champs: Any) -> "Papier":
        """Fill in what goes with any proposition."""
        return self.remplir(**{**{nom: v for nom, v in ENVOI.items() if nom in self.noms}, **champs})

    @property
    def noms(self) -> set[str]:
        return {e.get("name", "") for e in self.formulaire.iter() if e.tag in ("input", "textarea", "select")}

    def envoyer(self, **bouton: str) -> Any:
        """Post with a button; « Envoyer ma proposition » unless another is named."""
        donnees = {**self.champs, **{nom: [v] for nom, v in (bouton or {"envoyer": "1"}).items()}}
        return self.client.post(self.adresse, donnees)

    def presser(self, **bouton: str) -> "Papier":
        """Post with a button, and read the page that comes back."""
        return Papier(self.client, self.envoyer(**bouton))


def _champs(formulaire: Element) -> dict[str, list[str]]:
    champs: dict[str, list[str]] = {}
    for element in formulaire.iter():
        nom = element.get("name")
        if not nom or element.tag == "button":
            continue
        if element.tag == "textarea":
            champs.setdefault(nom, []).append(element.text or "")
        elif element.tag == "select":
            options = list(element.iter("option"))
            choisies = [o for o in options if o.get("selected") is not None] or options[:1]
            champs.setdefault(nom, []).extend(o.get("value", "") for o in choisies)
        elif element.tag == "input":
            coche = element.get("type") not in ("checkbox", "radio") or element.get("checked") is not None
            if coche:
                champs.setdefault(nom, []).append(
                    element.get("value", "on" if element.get("type") == "checkbox" else "")
                )
    return champs


def ouvrir(client: Client, adresse: str) -> Papier:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, reponse.status_code
    return Papier(client, reponse)


def seule() -> Proposition:
    return Proposition.objects.get()


def erreurs(reponse: Any) -> str:
    """Return the summary of what is to be seen again."""
    return reponse.text.partition('id="erreurs"')[2].partition("Rien de ce que")[0]
