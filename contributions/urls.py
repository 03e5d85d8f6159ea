"""Addresses of those who contribute: writing, reporting, following."""

from django.urls import path

from contributions.confirmer.views import confirmer, ne_plus_demander
from contributions.redaction import nouvelle_fiche
from contributions.redaction.correction import corriger
from contributions.redaction.dire import dire
from contributions.redaction.views import modifier, proposer
from contributions.signaler.views import signaler
from contributions.suivi.lots import publier_lot, suivi_lot
from contributions.suivi.mes_pages import mes_contributions, mes_notifications
from contributions.suivi.views import suivi_contribution
from contributions.tableau import views as tableau
from contributions.views import contribuer, gabarits

urlpatterns = [
    path("<chemin:nature>/<slug:slug>/signaler/", signaler, name="signaler"),
    path("<chemin:nature>/<slug:slug>/proposer/", proposer, name="proposer"),
    path("<chemin:nature>/<slug:slug>/corriger/", corriger, name="corriger"),
    path("territoires/<nature:nature>/<code:code>/dire/", dire, name="dire"),
    path("suivi/lot/<slug:jeton>/", suivi_lot, name="suivi_lot"),
    path("suivi/lot/<slug:jeton>/publier/", publier_lot, name="publier_lot"),
    path("suivi/<slug:jeton>/", suivi_contribution, name="suivi"),
    path("suivi/<slug:jeton>/modifier/", modifier, name="modifier_proposition"),
    path("confirmer/<str:jeton>/", confirmer, name="confirmer"),
    path("confirmer/<str:jeton>/ne-plus-ecrire/", ne_plus_demander, name="ne_plus_demander"),
    path("mes-contributions/", mes_contributions, name="mes_contributions"),
    path("mes-notifications/", mes_notifications, name="mes_notifications"),
    path("contribuer/", contribuer, name="contribuer"),
    path("contribuer/nouvelle-fiche/", nouvelle_fiche.choisir_nature, name="choisir_nature"),
    path("contribuer/nouvelle-fiche/<slug:nature>/", nouvelle_fiche.commencer, name="nouvelle_fiche"),
    path("contribuer/tableau/", tableau.apporter, name="tableau"),
    path("contribuer/tableau/vide.<slug:forme>", tableau.tableau_vide, name="tableau_vide"),
    path("contribuer/tableau/<int:pk>/colonnes/", tableau.colonnes, name="tableau_colonnes"),
    path("contribuer/tableau/<int:pk>/lignes/", tableau.lignes, name="tableau_lignes"),
    path("contribuer/tableau/<int:pk>/envoi/", tableau.envoi, name="tableau_envoi"),
    path("contribuer/tableau/<int:pk>/annote.xlsx", tableau.annote, name="tableau_annote"),
    path("contribuer/gabarits/", gabarits, name="gabarits"),
]
