"""Reception of what is posted from the form of a fiche: each button is a method, the row is written once.

A button looks, checks, maybe hands in, and says how to answer; the answer is made once the text is stored. Whatever
fails, the text is stored all the same, alone.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from comparaison.contenus import comparer
from comptes.liens_secrets import mener_a
from comptes.reseau import INCONNUS, Reseaux, empreintes
from contributions import abus
from contributions.charte import CHARTE, LICENCE
from contributions.models import Proposition
from contributions.redaction import blocs, exigences
from contributions.redaction.brouillons import Affichage, Brouillon, TropDeBrouillons, retenir
from contributions.redaction.forms import RIEN, Envoi
from contributions.redaction.incomplet import a_comparer, a_voir, fautives
from contributions.redaction.page import Page
from contributions.redaction.saisie import Saisie
from contributions.verbes import propositions
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import peut_moderer
from fiches.edition import composer
from fiches.forms import LIGNES_MAX, FormulaireFiche
from fiches.models import Fiche, Version
from fiches.unites import changements
from francais.nombres import entier
from territoires.models import Territoire
from territoires.recherche import chercher

Suite = Callable[[], HttpResponse]
NOUVELLE = "Nouvelle fiche"
MASQUEE = (
    "Cette fiche est masquée : votre texte la corrigera une fois accepté, sans la rétablir. Rétablissez-la ensuite, "
    "depuis sa page de modération."
)
AUTRE_BROUILLON = (
    "Ce texte avait été repris ailleurs entre-temps (un autre onglet, un retour en arrière, une décision) : "
    "celui-ci est gardé dans un brouillon à part, l’autre n’a pas été touché."
)
DECONNECTE = "Vous n’êtes plus connecté : votre texte est gardé. Reconnectez-vous, ou donnez une adresse électronique."
RETIREE = "Cette fiche n’est plus publiée : votre texte est gardé en brouillon, mais ne peut pas être envoyé."


class Reception(Page):
    """A text that was posted."""

    brouillon: Brouillon  # where it is stored

    def __post_init__(self) -> None:
        self.post = self.request.POST
        self.recu = self._affichage_recu()
        self.base = self._base_lue()
        super().__post_init__()

    def _affichage_recu(self) -> Affichage:
        """Return what the posted page says of itself, if it is ours and of this fiche; otherwise a new one."""
        lu = Affichage.lire(self.post.get("affichage", ""))
        lieu = self.fiche.pk if self.fiche else None
        return lu if lu and (lu.nature, lu.fiche) == (self.nature, lieu) else Affichage.nouveau(self.nature, fiche=lieu)

    def _base_lue(self) -> Version | None:
        """Return the version that the posted page showed; the last one if it does not say."""
        if self.fiche is None:
            return None
        versions = Version.objects.filter(fiche=self.fiche.pk)
        return versions.filter(pk=self.recu.base or 0).first() or versions.order_by("-numero").first()

    def repondre(self) -> HttpResponse:
        """Do what the button asks, and answer."""
        try:
            suite = self._traiter()
        except TropDeBrouillons as trop:
            self.annonces = [str(trop)]
            return self.afficher(status=429)
        except IntegrityError:  # the same page was posted twice at once: the other one made the row
            suite = self._traiter()
        retenir(self.request, self.brouillon.proposition)
        return suite()

    def _traiter(self) -> Suite:
        """Do what the button asks and write the row, all or nothing; if nothing, the text alone."""
        try:
            with transaction.atomic():
                self._retrouver()
                suite = self._suite()
                self.brouillon.ecrire()
        except TropDeBrouillons:
            raise
        except Exception:
            with suppress(TropDeBrouillons), transaction.atomic():
                self._retrouver()
                self.brouillon.ecrire()
            raise
        return suite

    def _retrouver(self) -> None:
        """Find where the text goes, and read it."""
        saisie = self.postee()
        self.annonces = []
        self.brouillon = Brouillon(
            saisie,
            self.recu,
            fiche=self.fiche,
            base=self.base,
            auteur=self.personne,
            reseaux=empreintes(self.request),
            envoi="envoyer" in self.post,
        )
        self.lire(saisie)
        self.suivre(self.brouillon.proposition)

    def postee(self) -> Saisie:
        """Return what was posted, as a draft keeps it."""
        return Saisie.postee(self.post)

    # Buttons

    def _suite(self) -> Suite:
        """Say what must be known first, then do what the button asks, if the fiche can still be written."""
        if self.brouillon.a_part:
            self.annonces.append(AUTRE_BROUILLON)
        elif "envoyer" in self.post and self.brouillon.deja_remis:
            return self._recepisse  # a double click
        if self.recu.connecte and not self.personne:
            self.annonces.append(DECONNECTE)
        etat = self.fiche.etat if self.fiche else Fiche.Etat.PUBLIEE
        if etat == Fiche.Etat.MASQUEE and peut_moderer(self.personne):
            self.annonces.append(MASQUEE)
        elif etat != Fiche.Etat.PUBLIEE:
            self.annonces.append(RETIREE)
            return partial(self.afficher, status=409)
        if self.base and self.fiche.numero != self.base.numero and (refus := self.fiche_passee()):
            return refus
        return self._bouton()

    def fiche_passee(self) -> Suite | None:
        """Say that the fiche has another version than the one read; return the answer if nothing may be done of it."""
        self.annonces.append(
            f"La fiche est passée en version {self.fiche.numero} pendant que vous écriviez : "
            "la personne qui relit réunira les deux textes."
        )
        return None

    def _bouton(self) -> Suite:
        cherche = self.saisie.get("chercher_territoire", "").strip()
        trouves = chercher(cherche) if cherche else None
        if "ajouter" in self.post:
            return self.ajouter(self.post["ajouter"])
        if "retirer" in self.post:
            return self.retirer(self.post["retirer"])
        if "brouillon" in self.post:
            if "HX-Request" in self.request.headers:
                return self.enregistre
            self.avis = "Brouillon enregistré"
            return partial(self.afficher, trouves=trouves)
        if trouves is not None:
            self.ouverte = blocs.IDENTITE
        if "chercher" in self.post:
            return partial(self.afficher, trouves=trouves)
        if "envoyer" not in self.post:
            return partial(self.montrer, self.post.get("voir", "modifications"), trouves)
        if trouves is not None:
            faute = ("id_chercher_territoire", "Territoires : cochez celui que vous cherchiez, ou videz ce champ.")
            return partial(self.afficher, status=422, erreurs=[faute], trouves=trouves)
        return self.envoyer()

    def enregistre(self) -> HttpResponse:
        """Tell the script that keeps the text as it is typed (static/brouillon.js) what to say, and to send next."""
        a_part = ", dans un brouillon à part" if self.brouillon.a_part else ""
        maintenant = timezone.localtime()
        dit = f"Enregistré en brouillon à {maintenant.hour}\u00a0h\u00a0{maintenant:%M}{a_part}."
        return JsonResponse({"affichage": self.affichage.sceller(), "dit": dit})

    def ajouter(self, jeu: str) -> Suite:
        """Add a line to a list."""
        self.ouverte = jeu
        if jeu not in self.classe.lignes:
            return partial(self.afficher, status=400)
        if len(self.saisie.lignes(jeu)) >= LIGNES_MAX:
            self.annonces.append(f"Pas plus de {LIGNES_MAX} lignes dans une même liste.")
            return partial(self.afficher, status=422)
        self.saisie.ajouter(jeu, self.classe, self.depart)
        return self._lignes_changees()

    def retirer(self, ligne: str) -> Suite:
        """Take the line « sources-2 » away; a source that is still called stays."""
        jeu, _, rang = ligne.partition("-")
        self.ouverte = jeu
        numero = entier(rang)
        if jeu not in self.classe.lignes or not 1 <= numero <= len(self.saisie.lignes(jeu)):
            self.annonces.append("Cette ligne n’existe plus.")
            return partial(self.afficher, status=400)
        cle = self.saisie.lignes(jeu)[numero - 1].get("cle", "")
        if appels := self.saisie.appels_de(self.nature, cle) if cle else []:
            ou = ", ".join(f"« {titre} »" for titre in appels)
            message = f"La source {cle} est encore appelée ({ou}) : retirez d’abord ces appels, ou corrigez la source."
            return partial(self.afficher, status=422, erreurs=[(f"id_sources-{numero - 1}-titre", message)])
        self.saisie.retirer(jeu, numero)
        if jeu == "sources":
            self.avis = f"Source {cle} retirée"
        return self._lignes_changees()

    def _lignes_changees(self) -> Suite:
        self.brouillon.remplacer(self.saisie)
        self.suivre(self.brouillon.proposition)
        return self.afficher

    def montrer(self, voulu: str, trouves: list[Territoire] | None) -> HttpResponse:
        """Show what the moderator (« Voir mes modifications ») or the reader (« Aperçu ») will see, faults beside."""
        self.saisie.sans_lignes_vides(self.classe)
        formulaire, envoi, base = self.formulaire(), self.envoi().taire(), self.contenu_de_base
        valide = formulaire.is_valid()
        contenu = a_comparer(formulaire, base)
        changes = changements(self.nature, base, contenu)
        montre: dict[str, Any] = {"trouves": trouves, "rien": valide and not changes, "absentes": fautives(formulaire)}
        montre["conseils"] = exigences.conseils(self.nature, base, changes)
        if voulu == "apercu":
            fiche = self.classe.modele(nature=self.nature, slug="apercu")
            montre["apercu"] = composer(fiche, a_voir(formulaire, base))
        elif changes:
            montre["comparaison"] = comparer(self.nature, base, contenu)
        if not valide:
            return self.relire(formulaire, envoi, **montre)
        return self.page(formulaire, envoi, status=200, **montre)

    def envoyer(self) -> Suite:
        """Hand in, if nothing is wrong with the text nor with who signs it."""
        self.saisie.sans_lignes_vides(self.classe)
        formulaire, envoi = self.formulaire(), self.envoi()
        envoi.is_valid()  # both are looked at: all that is wrong is said at once
        if not formulaire.is_valid():
            return partial(self.relire, formulaire, envoi)
        contenu = formulaire.contenu()
        changes = changements(self.nature, self.contenu_de_base, contenu)
        if not changes:
            self.reprocher_rien(formulaire, envoi)
        passages = self._exiger(envoi, contenu, changes)
        if envoi.errors or formulaire.errors:
            return partial(self.relire, formulaire, envoi, passages=passages)
        try:
            self._deposer(formulaire, envoi, changes)
        except Empechement as empechement:
            self.annonces.append(f"{empechement} Votre texte est gardé.")
            return partial(self.afficher, status=409)
        return self._recepisse

    def reprocher_rien(self, formulaire: FormulaireFiche, envoi: Envoi) -> None:
        """Say that nothing was changed."""
        envoi.add_error(None, RIEN)

    def _exiger(self, envoi: Envoi, contenu: dict, changes: dict) -> list[str]:
        """Ask what is asked of a text that is well formed; return the contact details to confirm."""
        base, personne, proposition = self.contenu_de_base, self.personne, self.brouillon.proposition
        if self.base:
            envoi.demander_source([unite.titre for unite in exigences.sans_source(self.nature, base, contenu)])
        passages = exigences.coordonnees(base, changes, self.saisie.get("pourquoi", ""))
        envoi.demander_confirmation(passages)
        try:
            connu = bool(personne and personne.est_de_confiance)
            abus.verifier_liens(exigences.liens_ajoutes(base, changes), connu=connu)
            courriel = envoi.cleaned_data.get("courriel", "")
            abus.verifier_confirmations(courriel)
            if proposition.statut == Proposition.Statut.BROUILLON:
                reseaux = INCONNUS if personne else Reseaux(proposition.reseau, proposition.voisins)
                abus.verifier_quota(courriel=courriel, reseaux=reseaux, auteur=personne)
        except ValidationError as refus:
            envoi.add_error(None, refus)
        return passages

    def _deposer(self, formulaire: FormulaireFiche, envoi: Envoi, changes: dict) -> None:
        signature = self.credits(envoi) | {"charte": CHARTE, "licence": LICENCE}
        if "courriel" in envoi.cleaned_data:
            signature["courriel"] = envoi.cleaned_data["courriel"]
        depot = propositions.deposer(
            self.brouillon.proposition,
            base=self.base,
            changements=changes,
            **self.intention(envoi),
            texte=self.brouillon.remettre(self.fiche.titre if self.fiche else formulaire.cleaned_data["titre"]),
            signature=signature,
        )
        self.brouillon.remis(depot.proposition)

    def credits(self, envoi: Envoi) -> dict[str, str]:
        """Return the columns that say how it is credited."""
        return envoi.credits

    def intention(self, envoi: Envoi) -> dict[str, str]:
        """Return why it is changed, and which kind of change it is."""
        propre = envoi.cleaned_data
        return {"pourquoi": propre.get("pourquoi", NOUVELLE), "sorte": propre.get("sorte", Proposition.Type.AJOUT)}

    def _recepisse(self) -> HttpResponse:
        return mener_a(self.brouillon.proposition)
