"""The administration at /admin/: reference data and roles. A state changes there by its verb only, as at the desk."""

from functools import partial
from typing import Any

from allauth.account.views import LogoutView
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from actions.models import Levier
from comptes import preuve
from comptes.acces import administrateur_requis
from comptes.models import Utilisateur
from comptes.nomination import accueillir
from contributions.models import Dossier, Journal, Proposition, Recours, ReponseType
from contributions.redaction.formulaire_expire import rend_le_texte
from courriels import plafonds
from courriels.models import Courriel
from fiches import edition
from fiches.forms import FORMULAIRES
from fiches.models import Edition, Fiche, Public, Sigle, Theme
from moderation.bureau import Choix, agir
from moderation.forms.personnes import FormulairePersonne, Invitation
from moderation.gestes import GESTES, offerts
from territoires.models import Territoire
from veille.models import VerificationSource


class Administration(admin.AdminSite):
    site_header = "Santé en territoires : administration"
    site_title = "Administration"
    index_title = "Données de référence et personnes"
    index_template = "administration/accueil.html"
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

    def index(self, request: HttpRequest, extra_context=None) -> TemplateResponse:
        courriels = {
            "refuses": Courriel.objects.refuses().count(),
            "retardes": Courriel.objects.retardes().count(),
            "sans_preuve": plafonds.envoyes_sans_preuve(),
            "plafond": settings.PLAFOND_COURRIELS,
            "serveur": Courriel.objects.refus_du_site(),
        }
        return super().index(request, {**(extra_context or {}), "courriels": courriels})

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
    """Roles are given here, by whoever has just proved who they are; names and addresses belong to people."""

    form = FormulairePersonne
    list_display = ("__str__", "email", "is_active", "inscrit_le")
    list_filter = ("groups", "is_active")
    search_fields = ("email", "nom_affiche", "pseudonyme")
    fields = (
        *("email", "nom_affiche", "pseudonyme", "is_active", "desactiver"),
        *("groups", "departements", "inscrit_le", "last_login"),
    )
    readonly_fields = ("email", "nom_affiche", "pseudonyme", "inscrit_le", "last_login")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs |= {"form": Invitation, "fields": ["email", "groups"]}
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """One does not change one's own rights."""
        if obj is None:
            return ("email", "groups")
        return [champ for champ in self.fields if champ != "departements" or obj.pk != request.user.pk]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        obj.roles_avant = obj.roles if change else frozenset()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        personne = Utilisateur.objects.get(pk=form.instance.pk)
        accueillir(personne, form.instance.roles_avant)
        if change:
            form.habiliter(personne)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """One does not change one's own rights; whom one invites has only an address."""
        if obj is None:
            return ()
        propre = obj.pk == request.user.pk
        return (*self.readonly_fields, *(("is_active", "groups") if propre else ()))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and not preuve.recente(request):
            return preuve.demander(request)
        return super().changeform_view(request, *args, **kwargs)


class EtatDuCourriel(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("refuse", "refusés"), ("retarde", "retardés")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        choisi = {"refuse": queryset.refuses, "retarde": queryset.retardes}.get(self.value() or "")
        return choisi() if choisi else queryset


@admin.register(Courriel, site=administration)
class Courriels(Lecture):
    """What did not arrive, and why; neither subjects nor texts (they hold codes and secret links), nor addresses."""

    list_display = ("cle", "domaine", "statut", "preuve", "ecrit_le", "tentatives", "reponse")
    list_display_links = None
    list_filter = (EtatDuCourriel, "preuve")
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_view_permission(request)

    @admin.display(description="chez")
    def domaine(self, obj: Courriel) -> str:
        return obj.destinataire.rpartition("@")[2]

    @admin.display(description="réponse du serveur")
    def reponse(self, obj: Courriel) -> str:
        return obj.erreur_sans_adresse


@admin.register(Territoire, site=administration)
class Territoires(Lecture):
    list_display = ("nom", "nature", "code", "millesime", "fin")
    list_filter = ("nature",)
    search_fields = ("nom", "code")
    show_full_result_count = False


class AuPoste(Lecture):
    """What is decided: its fields are read, its state changes by buttons that call the verbs, or at the desk."""

    change_form_template = "administration/fiche_d_etat.html"
    au_poste_seulement = ""  # what the buttons do not do

    def adresse_au_poste(self, obj: Any) -> str:
        return obj.adresse_au_poste

    def au_poste(self, obj: Any) -> str:
        return format_html('<a href="{}">Au poste de modération</a>', self.adresse_au_poste(obj))

    au_poste.short_description = "décider"  # type: ignore[attr-defined]

    @property
    def nom_de_route(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_etat"

    def get_urls(self) -> list[Any]:
        vue = self.admin_site.admin_view(self.changer_l_etat)
        return [path("<int:pk>/etat/<slug:verbe>/", vue, name=self.nom_de_route), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None):
        objet = self.get_object(request, unquote(object_id))
        contexte = (
            {}
            if objet is None
            else {
                "gestes": {verbe: geste for verbe, geste in offerts(objet).items() if not geste.au_poste},
                "nom_de_route": f"admin:{self.nom_de_route}",
                "adresse_au_poste": self.adresse_au_poste(objet),
                "au_poste_seulement": self.au_poste_seulement,
            }
        )
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **contexte})

    @rend_le_texte
    def changer_l_etat(self, request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
        """Ask what the verb wants to be told, call it; what stops it is said, and nothing typed is lost."""
        objet, geste = self.get_object(request, str(pk)), GESTES[self.model].get(verbe)
        if objet is None or geste is None or geste.au_poste:
            raise Http404
        donnees = request.POST if request.method == "POST" else None
        choix = Choix(verbe, geste, geste.formulaire(donnees, objet=objet, par=request.user))
        retour = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        page = partial(self._demander, request, objet, choix, retour)
        return page() if donnees is None else agir(request, objet, choix, page, retour=retour)

    def _demander(
        self, request: HttpRequest, objet: Any, choix: Choix, retour: str, *, status: int = 200, empechement: Any = ""
    ) -> HttpResponse:
        if empechement:
            messages.error(request, str(empechement))
        contexte = {
            **self.admin_site.each_context(request),
            "title": f"{choix.geste.titre}\u00a0: {objet}",
            "opts": self.opts,
            "objet": objet,
            "geste": choix.geste,
            "effet": choix.geste.annoncer(objet, choix.formulaire),
            "formulaire": choix.formulaire,
            "retour": retour,
        }
        return render(request, "administration/changer_l_etat.html", contexte, status=status)


@admin.register(Fiche, site=administration)
class Fiches(AuPoste):
    list_display = ("titre", "nature", "etat", "numero", "modifiee_le", "au_poste")
    list_filter = ("nature", "etat")
    search_fields = ("titre", "slug")
    fields = ("titre", "nature", "slug", "etat", "etat_depuis", "etat_explication", "numero", "relue_le", "au_poste")
    au_poste_seulement = "Revenir à une version demande de la choisir parmi les autres."

    def adresse_au_poste(self, obj: Any) -> str:
        return reverse("moderer", args=[obj.pk])


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

    au_poste_seulement = "Accepter, tout ou partie, demande l’examen complet."

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
