"""Links received by e-mail that take back, without signing in, what was done to an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes import adresses, donnees
from comptes.liens_secrets import secrete

methodes = require_http_methods(["GET", "HEAD", "POST"])
PERDU = {
    "titre": "Ce lien ne sert plus",
    "explication": "Il a déjà servi, il date de plus de sept jours, ou il n’est pas complet.",
}
REPRISE = {
    "titre": "Cette adresse ouvre maintenant un autre compte",
    "explication": "Le changement ne peut plus être annulé d’ici. Écrivez à l’éditeur du site.",
}


@secrete
@methodes
def annuler_adresse(request: HttpRequest, jeton: str) -> HttpResponse:
    """Give its former address back to an account. Reading the page changes nothing."""
    changement = adresses.a_annuler(jeton)
    if changement is None:
        return render(request, "comptes/annuler_adresse.html", PERDU, status=404)
    if request.method != "POST":
        contexte = {"titre": "Annuler le changement d’adresse", "changement": changement}
        return render(request, "comptes/annuler_adresse.html", contexte)
    try:
        personne = adresses.annuler(jeton)
    except adresses.AdresseReprise:
        return render(request, "comptes/annuler_adresse.html", REPRISE, status=409)
    if personne is None:
        return render(request, "comptes/annuler_adresse.html", PERDU, status=404)
    messages.success(request, "Le compte a retrouvé son ancienne adresse. Connectez-vous par un code reçu à celle-ci.")
    return redirect("account_login")


@secrete
@methodes
def garder(request: HttpRequest, jeton: str) -> HttpResponse:
    """Take back the closing of an account. Reading the page changes nothing."""
    personne = donnees.a_garder(jeton)
    if personne is None or request.method != "POST":
        return render(request, "comptes/garder.html", {"personne": personne}, status=200 if personne else 404)
    donnees.garder(personne)
    messages.success(request, "Votre compte reste ouvert. Rien n’a été effacé.")
    return redirect("accueil")
