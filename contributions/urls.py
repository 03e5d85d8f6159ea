"""Addresses of the desk of moderators."""

from django.urls import path

from contributions.views.moderer import (
    choisir,
    examiner,
    file,
    journal,
    portee,
    rafraichir,
    reexaminer,
    retirer,
    traiter,
)

urlpatterns = [
    path("", file.file, name="moderation"),
    path("portee/", portee.portee, name="portee"),
    path("propositions/<int:pk>/", examiner.examiner, name="examiner"),
    path("signalements/<int:pk>/", traiter.traiter, name="traiter"),
    path("recours/<int:pk>/", reexaminer.reexaminer, name="reexaminer"),
    path("fiches/<int:pk>/", retirer.retirer, name="retirer"),
    path("choisir/", choisir.regles, name="regles"),
    path("choisir/nouvelle/", choisir.nouvelle, name="nouvelle_regle"),
    path("choisir/<int:pk>/", choisir.regle, name="regle"),
    path("journal/", journal.journal, name="journal"),
    path("a-rafraichir/", rafraichir.rafraichir, name="a_rafraichir"),
]
