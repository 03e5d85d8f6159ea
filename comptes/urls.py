"""Addresses of accounts, in French; the names are those of allauth, which redirects by them."""

from django.urls import path

from comptes import views

urlpatterns = [
    path("", views.compte, name="compte"),
    path("connexion/", views.Connexion.as_view(), name="account_login"),
    path("connexion/", views.Connexion.as_view(), name="account_request_login_code"),
    path("code/", views.Code.as_view(), name="account_confirm_login_code"),
    path("inscription/", views.Inscription.as_view(), name="account_signup"),
    path("confirmation/", views.Confirmation.as_view(), name="account_email_verification_sent"),
    path("deconnexion/", views.Deconnexion.as_view(), name="account_logout"),
    path("ferme/", views.Inactif.as_view(), name="account_inactive"),
    path("adresse/", views.Adresse.as_view(), name="account_email"),
    path("appareils/", views.Sessions.as_view(), name="usersessions_list"),
]
