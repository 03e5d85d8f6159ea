"""The mailbox of the demonstration (config/urls.py mounts it there only)."""

from django.urls import path

from demo import views

urlpatterns = [
    path("", views.boite, name="demo_courriels"),
    path("<int:pk>/", views.courriel, name="demo_courriel"),
]
