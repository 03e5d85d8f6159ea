"""Addresses of accounts, in French; the names are those of allauth, which redirects by them."""

from django.urls import path

from comptes.views import compte, connexion, desabonnement, preuve, proconnect, retours
from comptes.views import second_facteur as mfa

urlpatterns = [
    path("", compte.compte, name="compte"),
    path("adresse/", compte.Adresse.as_view(), name="account_email"),
    path("adresse/annuler/<str:jeton>/", retours.annuler_adresse, name="annuler_adresse"),
    path("appareils/", compte.Sessions.as_view(), name="usersessions_list"),
    path("donnees/", compte.donnees, name="mes_donnees"),
    path("donnees/fichier/", compte.exporter, name="exporter_mes_donnees"),
    path("preuve/", preuve.ProuverParCode.as_view(), name="prouver_par_code"),
    path("supprimer/", compte.supprimer, name="supprimer_mon_compte"),
    path("garder/<str:jeton>/", retours.garder, name="garder_mon_compte"),
    path("courriels/<str:jeton>/", desabonnement.arreter_courriels, name="arreter_courriels"),
    # Signing in
    path("connexion/", connexion.Connexion.as_view(), name="account_login"),
    path("connexion/", connexion.Connexion.as_view(), name="account_request_login_code"),
    path("connexion/cle/", mfa.SeConnecterParCle.as_view(), name="mfa_login_webauthn"),
    path("proconnect/", proconnect.depart, name="proconnect"),
    path("proconnect/<int:pk>/retirer/", proconnect.retirer, name="retirer_proconnect"),
    path("proconnect/retour/", proconnect.retour, name="proconnect_retour"),
    path("code/", connexion.Code.as_view(), name="account_confirm_login_code"),
    path("inscription/", connexion.OuvrirUnCompte.as_view(), name="account_signup"),
    path("confirmation/", connexion.Confirmation.as_view(), name="account_email_verification_sent"),
    path("deconnexion/", proconnect.Deconnexion.as_view(), name="account_logout"),
    path("ferme/", connexion.Inactif.as_view(), name="account_inactive"),
    # The second factor
    path("second-facteur/", mfa.Accueil.as_view(), name="mfa_index"),
    path("second-facteur/verifier/", mfa.Verifier.as_view(), name="mfa_authenticate"),
    path("second-facteur/confirmer/", mfa.Confirmer.as_view(), name="mfa_reauthenticate"),
    path("second-facteur/application/", mfa.Application.as_view(), name="mfa_activate_totp"),
    path("second-facteur/application/retirer/", mfa.RetirerApplication.as_view(), name="mfa_deactivate_totp"),
    path("second-facteur/secours/", mfa.Secours.as_view(), name="mfa_view_recovery_codes"),
    path("second-facteur/secours/nouveaux/", mfa.NouveauxSecours.as_view(), name="mfa_generate_recovery_codes"),
    path("second-facteur/secours/fichier/", mfa.TelechargerSecours.as_view(), name="mfa_download_recovery_codes"),
    path("second-facteur/cles/", mfa.Cles.as_view(), name="mfa_list_webauthn"),
    path("second-facteur/cles/ajouter/", mfa.AjouterCle.as_view(), name="mfa_add_webauthn"),
    path("second-facteur/cles/confirmer/", mfa.ConfirmerParCle.as_view(), name="mfa_reauthenticate_webauthn"),
    path("second-facteur/cles/<int:pk>/retirer/", mfa.RetirerCle.as_view(), name="mfa_remove_webauthn"),
]  # fmt: skip
