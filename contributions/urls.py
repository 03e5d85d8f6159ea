"""Addresses of the desk of moderators."""

from django.urls import path

from contributions.views.moderer import examiner, file, journal, portee, rafraichir, reexaminer, retirer, traiter

urlpatterns = [
    path("", file.file, name="moderation"),
    path("portee/", portee.portee, name="portee"),
    path("propositions/<int:pk>/", examiner.examiner, name="examiner"),
    path("signalements/<int:pk>/", traiter.traiter, name="traiter"),
    path("recours/<int:pk>/", reexaminer.reexaminer, name="reexaminer"),
    path("fiches/<int:pk>/", retirer.retirer, name="retirer"),
    path("journal/", journal.journal, name="journal"),
    path("a-rafraichir/", rafraichir.rafraichir, name="a_rafraichir"),
]
