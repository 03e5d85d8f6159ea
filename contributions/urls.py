"""Addresses of those who contribute: writing, reporting, following."""

from django.urls import path

from contributions.redaction import nouvelle_fiche as nouvelles
from contributions.redaction import proposer as propositions
from contributions.signaler.views import signaler
from contributions.suivi.mes_contributions import mes_contributions
from contributions.suivi.mes_notifications import mes_notifications
from contributions.suivi.views import suivi_contribution
from contributions.views import contribuer, gabarits

urlpatterns = [
    path("<chemin:nature>/<slug:slug>/signaler/", signaler, name="signaler"),
    path("<chemin:nature>/<slug:slug>/proposer/", propositions.proposer, name="proposer"),
    path("suivi/<slug:jeton>/", suivi_contribution, name="suivi"),
    path("suivi/<slug:jeton>/modifier/", propositions.modifier, name="modifier_proposition"),
    path("mes-contributions/", mes_contributions, name="mes_contributions"),
    path("mes-notifications/", mes_notifications, name="mes_notifications"),
    path("contribuer/", contribuer, name="contribuer"),
    path("contribuer/nouvelle-fiche/", nouvelles.choisir_nature, name="choisir_nature"),
    path("contribuer/nouvelle-fiche/<slug:nature>/", nouvelles.nouvelle_fiche, name="nouvelle_fiche"),
    path("contribuer/gabarits/", gabarits, name="gabarits"),
]
