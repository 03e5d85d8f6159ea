"""« Que savez-vous d’Elbeuf ? »: several schemes in one form, sent together with one link and one e-mail."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from comptes.liens_secrets import mener_a
from comptes.reseau import INCONNUS, empreintes
from contributions import abus
from contributions.charte import CHARTE, LICENCE
from contributions.models import Proposition
from contributions.redaction.brouillons import Affichage
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.redaction.savoir import Boite, FormulaireSavoir
from contributions.verbes import propositions
from contributions.verbes.empechements import Empechement
from fiches.gabarits import Nature
from fiches.models import Version
from francais.balises import de
from panorama.concerne import cases, ce_qui_concerne
from panorama.couverture import suivis_et_absences
from territoires.articles import avec_article
from territoires.models import Territoire

RIEN_DIT = "Répondez à une question au moins\u00a0: « Je ne sais pas » partout ne nous apprend rien."
NE_TIENT_PAS = "Cette réponse ne tient pas dans la fiche\u00a0: ouvrez la fiche, et proposez-y ce changement."


@rend_le_texte
@never_cache
def dire(request: HttpRequest, nature: str, code: str) -> HttpResponse:
    """One box for each scheme followed in the territory."""
    territoire = get_object_or_404(Territoire, nature=nature, code=code)
    if territoire.est_ferme:
        return redirect(territoire)
    page = Questionnaire(request, territoire)
    return page.recevoir() if request.method == "POST" else page.afficher()


class Questionnaire:
    """The boxes of a territory, as they are shown or were posted."""

    def __init__(self, request: HttpRequest, territoire: Territoire):
        self.request, self.territoire, jour = request, territoire, timezone.localdate()
        self.personne = request.user if request.user.is_authenticated else None
        poste = request.POST if request.method == "POST" else None
        concerne = ce_qui_concerne(territoire, jour)
        connues = cases(territoire, concerne, *suivis_et_absences(territoire), jour)
        self.boites = [Boite(poste, case, jour) for case in connues]
        self.envoi = FormulaireSavoir(poste, adresse_connue=bool(self.personne))
        lu = Affichage.lire(request.POST.get("affichage", ""))
        self.affichage = lu or Affichage.nouveau(Nature.LOCAL)

    def recevoir(self) -> HttpResponse:
        """Hand in what was answered, all or nothing; a double click is handed in once."""
        if deja := Proposition.objects.filter(jeton=self.affichage.jeton).first():
            return mener_a(deja)
        valides = [boite.is_valid() for boite in self.boites]
        if self.envoi.is_valid() and all(valides):
            self._verifier()
        remises = [] if self.envoi.errors or not all(valides) else self._remises()
        if self.envoi.errors or not all(boite.is_valid() for boite in self.boites):
            return self.afficher(status=422)
        try:
            return mener_a(self._deposer(remises))
        except IntegrityError:  # the same page was posted twice at once: the other one wrote it
            if deja := Proposition.objects.filter(jeton=self.affichage.jeton).first():
                return mener_a(deja)
            raise
        except Empechement as empechement:
            self.envoi.add_error(None, str(empechement))
            return self.afficher(status=409)

    @property
    def repondues(self) -> list[Boite]:
        return [boite for boite in self.boites if boite.repond]

    def _verifier(self) -> None:
        """Ask what is asked of whoever sends: something said, few links, a day's quota."""
        if not self.repondues:
            self.envoi.add_error(None, RIEN_DIT)
        dits = [str(valeur) for boite in self.repondues for valeur in boite.cleaned_data.values()]
        courriel = self.envoi.cleaned_data.get("courriel", "")
        try:
            abus.verifier_liens(dits, connu=bool(self.personne and self.personne.est_de_confiance))
            abus.verifier_confirmations(courriel)
            abus.verifier_quota(
                courriel=courriel,
                reseaux=INCONNUS if self.personne else empreintes(self.request),
                auteur=self.personne,
            )
        except ValidationError as refus:
            self.envoi.add_error(None, refus)

    def _remises(self) -> list[tuple[Proposition, dict[str, Any]]]:
        """Return what each answer hands in; an answer that its fiche cannot hold is faulted in its box."""
        remises: list[tuple[Proposition, dict[str, Any]]] = []
        reseaux = empreintes(self.request)
        signature = {"charte": CHARTE, "licence": LICENCE, "courriel": self.envoi.cleaned_data.get("courriel", "")}
        for boite in self.repondues:
            proposition = boite.proposition(auteur=self.personne, reseau=reseaux.proche, voisins=reseaux.large)
            base = Version.objects.filter(fiche=proposition.fiche_id).order_by("-numero").first()
            remise = {"base": base, "pourquoi": boite.pourquoi, "signature": signature}
            try:
                remises.append((proposition, remise | boite.remise(base)))
            except ValidationError:
                boite.add_error("reponse", NE_TIENT_PAS)
        return remises

    @transaction.atomic
    def _deposer(self, remises: list[tuple[Proposition, dict[str, Any]]]) -> Proposition:
        meneuse = remises[0][0]
        meneuse.jeton = self.affichage.jeton
        propositions.deposer_ensemble(meneuse, remises)
        return meneuse

    def afficher(self, *, status: int = 200) -> HttpResponse:
        lieu = self.territoire
        du_lieu = de(avec_article(lieu))
        contexte = {
            "territoire": lieu,
            "lieu": du_lieu,
            "titre": f"Que savez-vous {du_lieu}\u00a0?",
            "etapes": [("Territoires", reverse("territoires:accueil")), (lieu.nom, lieu.get_absolute_url())],
            "boites": self.boites,
            "envoi": self.envoi,
            "erreurs": list(self._fautes()) if status == 422 else [],
            "annonces": [str(faute) for faute in self.envoi.non_field_errors()] if status == 409 else [],
            "affichage": self.affichage.sceller(),
            "ouvert": FormulaireSavoir.sceau(self.request.POST.get("ouvert", "")),
            "personne": self.personne,
        }
        return render(self.request, "contributions/dire.html", contexte, status=status)

    def _fautes(self):
        """Yield all that is wrong, each with the id of what to put right."""
        for boite in self.boites:
            for nom, fautes in boite.errors.items():
                for faute in fautes:
                    yield boite[nom].auto_id, f"{boite.case.dispositif.nom_court}\u00a0: {faute}"
        for nom, fautes in self.envoi.errors.items():
            for faute in fautes:
                yield "" if nom in ("__all__", "ouvert") else self.envoi[nom].auto_id, str(faute)
