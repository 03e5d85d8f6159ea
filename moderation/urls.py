"""Addresses of the desk of moderators."""

from django.urls import path

from moderation.views import fiches, file, journal, portee, propositions, rafraichir, recours, regles, signalements

urlpatterns = [
    path("", file.file, name="moderation"),
    path("portee/", portee.portee, name="portee"),
    path("propositions/<int:pk>/", propositions.examiner, name="examiner"),
    path("signalements/<int:pk>/", signalements.traiter, name="traiter"),
    path("recours/<int:pk>/", recours.reexaminer, name="reexaminer"),
    path("fiches/<int:pk>/", fiches.retirer, name="retirer"),
    path("choisir/", regles.regles, name="regles"),
    path("choisir/nouvelle/", regles.nouvelle, name="nouvelle_regle"),
    path("choisir/<int:pk>/", regles.regle, name="regle"),
    path("journal/", journal.journal, name="journal"),
    path("a-rafraichir/", rafraichir.rafraichir, name="a_rafraichir"),
]
