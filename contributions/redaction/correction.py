"""Quick corrections: one section or one fact, three questions, on one screen.

The same draft, the same verb and the same quotas as the full form, which is one link away: only what is asked differs.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache

from comparaison.valeurs import Lecteur
from contributions.models import Proposition
from contributions.redaction import exigences
from contributions.redaction.doublons import en_cours
from contributions.redaction.forms import Envoi, FormulaireCorrection
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.redaction.page import Page
from contributions.redaction.reception import Reception, Suite
from contributions.redaction.saisie import Saisie
from contributions.verbes.permissions import peut_lire
from dispositifs.age import Constat
from fiches.forms import FORMULAIRES, ChampTerritoires, FormulaireFiche
from fiches.gabarits import PREFIXE, Nature
from fiches.models import Fiche, Version
from fiches.unites import Unite, unites, valeur
from fiches.views import ou_suivre
from francais.dates import MOIS

ETAT = "constats"
TITRES = {ETAT: "État aujourd’hui"}
VOULU = "Ce que cela devrait être"
A_CHANGER = "Changez les mots faux, laissez les autres. Les liens et les sources restent en place."
REPONSES = {Constat.ACTIF: "Toujours en cours", Constat.SIGNE: "Renouvelé, signé", Constat.TERMINE: "Fini"}
TEL_QUEL = "Ce texte est celui de la fiche\u00a0: changez ce qui est faux, puis envoyez."
VIENT_DE_CHANGER = (
    "La fiche vient de changer à cet endroit. Votre texte est gardé\u00a0: comparez-le au nouveau, puis renvoyez."
)
PLUSIEURS = (forms.ModelMultipleChoiceField, forms.BooleanField, ChampTerritoires)


def corrigeables(nature: str) -> list[Unite]:
    """Return the units that one field is enough to correct."""
    return [unite for unite in unites(nature) if _tient_en_un_champ(nature, unite)]


def _tient_en_un_champ(nature: str, unite: Unite) -> bool:
    if unite.genre == "champ":
        return not isinstance(FORMULAIRES[nature].base_fields[unite.cle], PLUSIEURS)
    return unite.genre == "section" or unite.cle == ETAT


def unite_demandee(nature: str, demandee: str) -> Unite | None:
    """Return the unit that an address names, as `cout`, `porteur` or `etat`; nothing if it wants the full form."""
    noms = (demandee, f"{PREFIXE}{demandee}", ETAT if demandee == "etat" else demandee)
    return next((unite for unite in corrigeables(nature) if unite.cle in noms), None)


@rend_le_texte
@never_cache
@ou_suivre
def corriger(request: HttpRequest, nature: Nature, slug: str) -> HttpResponse:
    """Three questions on what `?section=` or `?fait=` names; without a name, what can be corrected."""
    fiches = FORMULAIRES[nature].modele.objects
    if request.method == "POST":
        fiche = get_object_or_404(fiches.exclude(etat=Fiche.Etat.EN_PREPARATION), slug=slug)
    else:
        fiche = get_object_or_404(fiches.visibles_pour(), slug=slug)
    demandee = request.GET.get("section") or request.GET.get("fait") or ""
    unite = unite_demandee(nature, demandee)
    if unite is None and demandee:
        complet = reverse("proposer", args=[nature, slug])
        return redirect(f"{complet}?{request.GET.urlencode()}")
    if unite is None:
        contexte = {"fiche": fiche, "nature": nature, "unites": corrigeables(nature)}
        return render(request, "contributions/que_corriger.html", contexte)
    classe = CorrectionRecue if request.method == "POST" else Correction
    page = classe(
        request, nature, f"Corriger\u00a0: {TITRES.get(unite.cle, unite.titre)}", fiche=fiche, ouverte=unite.cle
    )
    return page.repondre()


class Correction(Page):
    """One unit of a fiche, as the quick form shows it."""

    gabarit: ClassVar[str] = "contributions/corriger.html"

    def __post_init__(self) -> None:
        self.base = self.base or self.derniere_version()
        super().__post_init__()

    def derniere_version(self) -> Version | None:
        return Version.objects.filter(fiche=self.fiche.pk).order_by("-numero").first()

    @cached_property
    def unite(self) -> Unite:
        return next(unite for unite in unites(self.nature) if unite.cle == self.ouverte)

    def repondre(self) -> HttpResponse:
        if self.unite.cle == ETAT:
            self.saisie.avec_ligne(ETAT, self.depart, constat_a_dire())
        return self.afficher()

    def formulaire(self) -> FormulaireFiche:
        formulaire = super().formulaire()
        formulaire.tout_recevoir()
        formulaire.fields["resume"].widget = forms.Textarea(attrs={"rows": 3})
        for champ in self.champs(formulaire):
            champ.label, champ.help_text = VOULU, A_CHANGER if self.unite.genre == "section" else champ.help_text
        if self.unite.cle == ETAT:
            etat, le = self.champs(formulaire)
            etat.field.widget = forms.RadioSelect(choices=REPONSES.items())
            etat.field.error_messages["required"] = "Choisissez une réponse."
            le.label, le.help_text = "Vrai à la date de", "L’année suffit\u00a0: 2026, novembre 2026 ou 12/11/2026."
        return formulaire

    def champs(self, formulaire: FormulaireFiche) -> list[BoundField]:
        """Return the fields that say what the unit should be: one, or what is said of the state and when."""
        if self.unite.cle != ETAT:
            return [formulaire[self.unite.cle]]
        ligne = formulaire.jeux[ETAT].forms[-1]
        return [ligne["etat"], ligne["le"]]

    def formulaire_d_envoi(self, donnees: Saisie) -> Envoi:
        return FormulaireCorrection(donnees, adresse_connue=self.adresse_connue)

    def _contexte(self, formulaire: FormulaireFiche, envoi: Envoi) -> dict[str, Any]:
        miennes = [une for une in self.deja_remises if une != self.proposition]
        autres = en_cours(self.fiche, sauf=[self.proposition, *miennes])
        return {
            "titre": self.titre,
            "etapes": self._etapes(),
            "fiche": self.fiche,
            "base": self.base,
            "proposition": self.proposition,
            "unite": self.unite,
            "affiche": list(self._affiche()),
            "champs": self.champs(formulaire),
            "envoi": envoi,
            "coordonnees": bool(envoi["de_service"].errors or envoi["de_service"].value() or self._a_des_coordonnees()),
            "mienne": next((une for une in miennes if une.depot and self.unite.cle in une.depot.changements), None),
            "attendent": autres.get(self.unite.cle, 0),
            "annonces": self.annonces,
            "avis": self.avis,
            "affichage": self.affichage.sceller(),
            "ouvert": FormulaireCorrection.sceau(self.request.POST.get("ouvert", "")),
            "personne": self.personne,
            "comparaison": None,
            "credit": self._mention.get("credit_nom", ""),
        }

    def _affiche(self) -> Iterator[str]:
        """Yield what is published of the unit: HTML of a section, words of a fact; nothing of a masked fiche."""
        if not peut_lire(self.personne, self.fiche):
            return
        lue = valeur(self.contenu_de_base, self.unite.cle)
        if self.unite.genre == "section":
            html = self.fiche.rendu["sections"].get(self.unite.cle.removeprefix(PREFIXE), "")
            # Its sources are on the page of the fiche.
            yield mark_safe(html.replace('href="#', f'href="{self.fiche.get_absolute_url()}#'))  # noqa: S308
        elif self.unite.cle == ETAT:
            classe = self.classe.lignes[ETAT].base_fields
            for constat in sorted(lue or [], key=lambda constat: constat["le"], reverse=True):
                yield ", ".join(Lecteur(classe[nom], [constat[nom]]).lire(constat[nom]) for nom in ("etat", "le"))
        else:
            valeurs = lue if isinstance(lue, list) else [lue]
            lecteur = Lecteur(self.classe.base_fields[self.unite.cle], valeurs)
            yield ", ".join(filter(None, map(lecteur.lire, valeurs)))

    def _a_des_coordonnees(self) -> bool:
        dite = valeur(self.contenu_de_base, self.unite.cle)
        return isinstance(dite, str) and bool(exigences.coordonnees({}, {self.unite.cle: dite}))

    @property
    def _mention(self) -> dict[str, str]:
        """How who signed in wants to be credited; nobody is named otherwise."""
        preferes = {cle: valeurs[-1] for cle, valeurs in self._credit_prefere().lists()}
        nomme = preferes.get("credit_nom") and preferes.get("credit") not in ("", Proposition.Credit.ANONYME)
        return preferes if nomme else {}


class CorrectionRecue(Correction, Reception):
    """A quick correction that was posted."""

    def repondre(self) -> HttpResponse:
        return Reception.repondre(self)

    def postee(self) -> Saisie:
        """Return what was posted; of the statements that were there, all stay."""
        saisie = super().postee()
        if self.unite.cle == ETAT:
            dite = (saisie.lignes(ETAT) or [constat_a_dire()])[-1]
            saisie.avec_ligne(ETAT, self.depart, {**dite, "source": ""})
        return saisie

    def fiche_passee(self) -> Suite | None:
        """Show the new text beside the one being written, when both are about the same unit."""
        derniere, cle = self.derniere_version(), self.unite.cle
        if derniere is None or valeur(derniere.contenu, cle) == valeur(self.contenu_de_base, cle):
            return None
        dite = self.saisie.lignes(ETAT)[-1] if cle == ETAT else {}
        self.partir_de(derniere)
        saisie = Saisie({nom: v for nom, v in self.saisie.lists() if nom in (cle, *FormulaireCorrection.base_fields)})
        if dite:
            saisie.avec_ligne(ETAT, self.depart, dite)
        self.lire(saisie)
        self.suivre(self.brouillon.proposition)
        self.annonces.append(VIENT_DE_CHANGER)
        return partial(self.afficher, status=409)

    def reprocher_rien(self, formulaire: FormulaireFiche, envoi: Envoi) -> None:
        formulaire.add_error(self.unite.cle, TEL_QUEL)

    def fautes(self, formulaire: FormulaireFiche, envoi: Envoi) -> list[tuple[str, str]]:
        """Return what is wrong in what is asked, then in the rest of the fiche, which the full form puts right."""
        ici = {champ.auto_id: champ.errors for champ in self.champs(formulaire)}
        ailleurs = [faute for faute in super().fautes(formulaire, envoi) if faute[0] not in ici]
        return [*((ancre, str(faute)) for ancre, fautes in ici.items() for faute in fautes), *ailleurs]

    def credits(self, envoi: Envoi) -> dict[str, str]:
        return self._mention

    def intention(self, envoi: Envoi) -> dict[str, str]:
        """Return why, under the name of what is changed, and the kind of change, which shows in what was there."""
        titre = TITRES.get(self.unite.cle, self.unite.titre)
        vide = not valeur(self.contenu_de_base, self.unite.cle)
        sorte = Proposition.Type.MISE_A_JOUR if self.unite.cle == ETAT else Proposition.Type.CORRECTION
        return {
            "pourquoi": f"{titre}\u00a0: {envoi.cleaned_data['pourquoi']}",
            "sorte": Proposition.Type.AJOUT if vide else sorte,
        }


def constat_a_dire() -> dict[str, str]:
    """Return a statement of this month, whose state is to be said."""
    jour = timezone.localdate()
    return {"etat": "", "le": f"{MOIS[jour.month - 1]} {jour.year}", "source": ""}
