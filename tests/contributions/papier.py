"""A form as a browser without JavaScript has it: read from the page, filled in, posted by one of its buttons."""

from datetime import timedelta
from typing import Any
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
    """The form of a page, by its id or its accessible name, and what is typed in it."""

    def __init__(self, client: Client, reponse: Any, nom: str = "redaction"):
        self.client, self.reponse, self.nom = client, reponse, nom
        arbre = html5lib.parse(reponse.text, namespaceHTMLElements=False)
        self.formulaire = next(f for f in arbre.iter("form") if nom in (f.get("id"), f.get("aria-label")))
        demande = reponse.request["PATH_INFO"], reponse.request.get("QUERY_STRING", "")
        self.adresse = self.formulaire.get("action", "").partition("#")[0] or "?".join(filter(None, demande))
        self.champs = _champs(self.formulaire)
        self.sceau = self.champs.get("ouvert", [""])[0]
        if self.sceau:  # one does not write within the second
            self.remplir(ouvert=sceau())

    def __getitem__(self, nom: str) -> str:
        return self.champs[nom][-1]

    def remplir(self, **champs: Any) -> "Papier":
        """Fill fields in; `__` stands for the « - » of their names."""
        for nom, valeur in champs.items():
            self.champs[nom.replace("__", "-")] = valeur if isinstance(valeur, list) else [valeur]
        return self

    def sans_attendre(self) -> "Papier":
        """Send as soon as the page is there, under its own seal."""
        return self.remplir(ouvert=self.sceau)

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
        return Papier(self.client, self.envoyer(**bouton), self.nom)


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
            a_cocher = element.get("type") in ("checkbox", "radio")
            if not a_cocher or element.get("checked") is not None:
                champs.setdefault(nom, []).append(element.get("value", "on" if a_cocher else ""))
    return champs


def sceau() -> str:
    """Return the seal of a form opened a minute ago, so that tests need not wait."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        return FormulaireGarde.nouveau_sceau()


def ouvrir(client: Client, adresse: str, nom: str = "redaction") -> Papier:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, reponse.status_code
    return Papier(client, reponse, nom)


def signaler(client: Client, adresse: str, **saisie: Any) -> Any:
    """Open the report form at this address and send it, as typed, a minute later."""
    return ouvrir(client, adresse, "Signalement").remplir(**saisie).envoyer()


def seule() -> Proposition:
    return Proposition.objects.get()


def erreurs(reponse: Any) -> str:
    """Return the summary of what is to be seen again."""
    return reponse.text.partition('id="erreurs"')[2].partition("Rien de ce que")[0]
