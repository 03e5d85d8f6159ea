from django.urls import path

from territoires import views

app_name = "territoires"
urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("chercher/", views.chercher, name="chercher"),
    path("<str:nature>/<str:code>/", views.page, name="page"),
    path("<str:nature>/<str:code>/couverture/", views.couverture, name="couverture"),
]
