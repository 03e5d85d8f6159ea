"""Addresses of the desk of moderators."""

from django.urls import path

from moderation.views import (
    confirmations,
    fiches,
    file,
    fraicheur,
    groupees,
    journal,
    lots,
    messages,
    officiels,
    portee,
    propositions,
    recours,
    regles,
    regles_de_file,
    signalements,
    synonymes,
)

urlpatterns = [
    path("", file.lister, name="moderation"),
    path("portee/", portee.choisir, name="portee"),
    path("propositions/<int:pk>/", propositions.examiner, name="examiner"),
    path("lots/<int:pk>/", lots.examiner, name="examiner_lot"),
    path("signalements/<int:pk>/", signalements.traiter, name="traiter"),
    path("recours/<int:pk>/", recours.reexaminer, name="reexaminer"),
    path("messages/", messages.lister, name="messages"),
    path("messages/<int:pk>/", messages.converser, name="conversation"),
    path("fiches/<int:pk>/", fiches.moderer, name="moderer"),
    path("choisir/", regles.lister, name="regles"),
    path("choisir/nouvelle/", regles.ajouter, name="nouvelle_regle"),
    path("choisir/<int:pk>/", regles.changer, name="regle"),
    path("synonymes/", synonymes.lister, name="synonymes"),
    path("synonymes/nouveau/", synonymes.ajouter, name="nouveau_synonyme"),
    path("synonymes/<int:pk>/", synonymes.changer, name="synonyme"),
    path("groupees/", groupees.lister, name="groupees"),
    path("groupees/<slug:nom>/", groupees.decider, name="groupe"),
    path("regles-de-la-file/", regles_de_file.lister, name="regles_de_file"),
    path("regles-de-la-file/<int:pk>/", regles_de_file.changer, name="regle_de_file"),
    path("confirmations/", confirmations.demander, name="confirmations"),
    path("fichiers-officiels/", officiels.apporter, name="importations"),
    path("fichiers-officiels/<int:pk>/", officiels.relire, name="importation"),
    path("journal/", journal.lire, name="journal"),
    path("a-rafraichir/", fraicheur.rafraichir, name="a_rafraichir"),
]
