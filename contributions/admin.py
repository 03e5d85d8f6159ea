"""The administration at /admin/: reference data and roles. It writes no state: those change at the desk, by verbs."""

from typing import Any

from allauth.account.views import LogoutView
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from actions.models import Levier
from comptes.acces import administrateur_requis
from comptes.models import Utilisateur
from contributions.models import Dossier, Journal, Proposition, Recours, ReponseType, VerificationSource
from fiches import edition
from fiches.forms import FORMULAIRES
from fiches.models import Edition, Fiche, Public, Sigle, Theme
from territoires.models import Territoire


class Administration(admin.AdminSite):
    site_header = "Santé en territoires : administration"
    site_title = "Administration"
    index_title = "Données de référence et personnes"
    enable_nav_sidebar = False  # it wants a script of its own on every page

    def has_permission(self, request: HttpRequest) -> bool:
        personne = request.user
        return bool(personne.is_active and personne.is_authenticated and personne.est_administrateur)

    def admin_view(self, view, cacheable: bool = False):
        """Keep every page for administrators, with their second factor."""
        return administrateur_requis(super().admin_view(view, cacheable))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # The site has no context processor that reads the person on every page.
        return {**super().each_context(request), "user": request.user}

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_login")

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:  # type: ignore[override]
        return LogoutView.as_view()(request)


administration = Administration()


class Reserve(admin.ModelAdmin):
    """What an administrator may do: by default, all but delete. The site has checked that it is one."""

    ajouter = changer = True
    supprimer = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return administration.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return administration.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.ajouter and administration.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.changer and administration.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.supprimer and administration.has_permission(request)


class Lecture(Reserve):
    """To be read only."""

    ajouter = changer = False


class Publiant(Reserve):
    """Data that public pages show: once changed, the fiches that use them are computed again."""

    def fiches_touchees(self, obj: Any) -> QuerySet[Fiche]:
        return Fiche.objects.none()

    def save_model(self, request: HttpRequest, obj: Any, form, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            Edition.avancer()
            for fiche in self.fiches_touchees(obj).only("pk", "nature", "slug"):
                edition.reprojeter(FORMULAIRES[fiche.nature].modele.objects.get(pk=fiche.pk))


@admin.register(Theme, Public, site=administration)
class Vocabulaires(Publiant):
    list_display = ("nom", "slug", "ordre")
    ordering = ("ordre", "nom")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()  # it is in public addresses

    def fiches_touchees(self, obj: Any) -> QuerySet[Fiche]:
        return Fiche.objects.filter(pk__in=obj.fiches.values("pk"))


@admin.register(Levier, site=administration)
class Leviers(Vocabulaires):
    def fiches_touchees(self, obj: Any) -> QuerySet[Fiche]:
        return Fiche.objects.filter(pk__in=obj.actions.values("pk"))


@admin.register(Sigle, site=administration)
class Sigles(Publiant):
    list_display = ("sigle", "developpe")
    search_fields = ("sigle", "developpe")
    raw_id_fields = ("fiche",)
    supprimer = True

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(db_field, request, **{**kwargs, "required": False})

    def fiches_touchees(self, obj: Any) -> QuerySet[Fiche]:
        ecrites = Fiche.objects.annotate(texte=Cast("contenu__sections", TextField()))
        return ecrites.filter(texte__contains=obj.sigle)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        touchees = list(self.fiches_touchees(obj).values_list("pk", "nature"))
        with transaction.atomic():
            super().delete_model(request, obj)
            Edition.avancer()
            for pk, nature in touchees:
                edition.reprojeter(FORMULAIRES[nature].modele.objects.get(pk=pk))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}  # deleting many at once would not compute the fiches again


@admin.register(ReponseType, site=administration)
class ReponsesEnregistrees(Reserve):
    list_display = ("titre", "motif")
    list_filter = ("motif",)
    supprimer = True


@admin.register(Utilisateur, site=administration)
class Personnes(Reserve):
    """Roles are given here; names and addresses belong to people."""

    ajouter = False
    list_display = ("__str__", "email", "is_active", "inscrit_le")
    list_filter = ("groups", "is_active")
    search_fields = ("email", "nom_affiche", "pseudonyme")
    fields = ("email", "nom_affiche", "pseudonyme", "is_active", "groups", "inscrit_le", "last_login")
    readonly_fields = ("email", "nom_affiche", "pseudonyme", "inscrit_le", "last_login")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """One does not change one's own rights."""
        propre = obj is not None and obj.pk == request.user.pk
        return (*self.readonly_fields, *(("is_active", "groups") if propre else ()))


@admin.register(Territoire, site=administration)
class Territoires(Lecture):
    list_display = ("nom", "nature", "code", "millesime", "fin")
    list_filter = ("nature",)
    search_fields = ("nom", "code")
    show_full_result_count = False


class AuPoste(Lecture):
    """What is decided at the desk: seen here, with the way there."""

    def au_poste(self, obj: Any) -> str:
        return format_html('<a href="{}">Au poste de modération</a>', obj.adresse_au_poste)

    au_poste.short_description = "décider"  # type: ignore[attr-defined]


@admin.register(Fiche, site=administration)
class Fiches(AuPoste):
    list_display = ("titre", "nature", "etat", "numero", "modifiee_le", "au_poste")
    list_filter = ("nature", "etat")
    search_fields = ("titre", "slug")
    fields = ("titre", "nature", "slug", "etat", "etat_depuis", "etat_explication", "numero", "relue_le", "au_poste")

    def au_poste(self, obj: Any) -> str:
        return format_html('<a href="{}">Au poste de modération</a>', reverse("retirer", args=[obj.pk]))


@admin.register(Proposition, site=administration)
class Propositions(AuPoste):
    list_display = ("__str__", "titre", "statut", "deposee_le", "decidee_par", "au_poste")
    list_filter = ("statut", "nature")
    list_select_related = ("decidee_par",)
    fields = (
        "titre",
        "nature",
        "statut",
        "motif",
        "explication",
        "deposee_le",
        "decidee_par",
        "decidee_le",
        "au_poste",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposition]:
        return Proposition.objects.visibles_pour(request.user).defer("saisie")


@admin.register(Dossier, site=administration)
class Dossiers(AuPoste):
    list_display = ("__str__", "categorie", "statut", "ouvert_le", "au_poste")
    list_filter = ("statut", "categorie")
    fields = ("fiche", "cible", "categorie", "statut", "motif", "explication", "ouvert_le", "decidee_par", "au_poste")


@admin.register(Recours, site=administration)
class LesRecours(AuPoste):
    list_display = ("__str__", "statut", "depose_le", "decide_par", "au_poste")
    list_filter = ("statut",)
    fields = ("texte", "statut", "depose_le", "premier_decideur", "decide_par", "explication", "au_poste")


@admin.register(Journal, site=administration)
class LeJournal(Lecture):
    list_display = ("le", "en_mots", "qui", "de", "vers", "motif")
    list_filter = ("verbe",)
    list_select_related = ("qui",)
    show_full_result_count = False


@admin.register(VerificationSource, site=administration)
class Verifications(Lecture):
    list_display = ("url", "etat", "echecs", "verifiee_le", "raison")
    list_filter = ("etat",)
