"""What is posted from the form of a fiche: stored first, then read, whatever the button."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from comparaison.contenus import comparer
from comptes.reseau import empreinte as reseau_de
from contributions import abus
from contributions.charte import CHARTE, LICENCE
from contributions.models import Proposition
from contributions.redaction import blocs, brouillons, exigences
from contributions.redaction.apercu import a_comparer, a_voir, apercu, fautives
from contributions.redaction.brouillons import Affichage
from contributions.redaction.forms import RIEN, FormulaireEnvoi
from contributions.redaction.page import A_RELIRE, CONFLIT, TROP, Redaction
from contributions.redaction.saisie import Saisie, entier
from contributions.verbes import workflow
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import peut_moderer
from fiches.forms import LIGNES_MAX
from fiches.models import Fiche, Version
from fiches.unites import changements
from territoires.models import Territoire
from territoires.recherche import chercher

S = Proposition.Statut
NOUVELLE = "Nouvelle fiche"
SESSION = "brouillons"
MASQUEE = (
    "Cette fiche est masquée : votre texte la corrigera une fois accepté, sans la rétablir. Rétablissez-la ensuite, "
    "depuis sa page de modération."
)
JETONS_GARDES = 30
AUTRE_BROUILLON = (
    "Ce texte avait été repris ailleurs entre-temps (un autre onglet, un retour en arrière, une décision) : "
    "celui-ci est gardé dans un brouillon à part, l’autre n’a pas été touché."
)


def affichage_de(request: HttpRequest, nature: str, fiche: Fiche | None = None) -> Affichage:
    """Return what the posted page says of itself, if it is ours and of this fiche; otherwise a new one."""
    lu = Affichage.lire(request.POST.get("affichage", ""))
    lieu = fiche.pk if fiche else None
    return lu if lu and (lu.nature, lu.fiche) == (nature, lieu) else Affichage.nouveau(nature, fiche=lieu)


def base_de(affichage: Affichage, fiche: Fiche | None) -> Version | None:
    """Return the version that the posted page showed; the last one if it does not say."""
    if fiche is None:
        return None
    versions = Version.objects.filter(fiche=fiche.pk)
    return versions.filter(pk=affichage.base or 0).first() or versions.order_by("-numero").first()


def recevoir(redaction: Redaction, affichage: Affichage) -> HttpResponse:
    request, post = redaction.request, redaction.request.POST
    saisie = Saisie.postee(post)
    redaction.lire(saisie)
    try:
        proposition, a_part = brouillons.garder(
            saisie,
            affichage,
            fiche=redaction.fiche,
            base=redaction.base,
            auteur=redaction.personne,
            reseau=reseau_de(request),
            envoi="envoyer" in post,
        )
    except brouillons.TropDeBrouillons as trop:
        redaction.annonces.append(str(trop))
        return redaction.afficher(status=TROP)
    retenir(request, proposition)
    redaction.suivre(proposition)
    if a_part:
        redaction.annonces.append(AUTRE_BROUILLON)
    elif "envoyer" in post and _deja_deposee(proposition):
        return _recepisse(proposition)  # a double click
    if affichage.connecte and not redaction.personne:
        redaction.annonces.append(
            "Vous n’êtes plus connecté : votre texte est gardé. Reconnectez-vous, ou donnez une adresse électronique."
        )
    etat = redaction.fiche.etat if redaction.fiche else Fiche.Etat.PUBLIEE
    if etat == Fiche.Etat.MASQUEE and peut_moderer(redaction.personne):
        redaction.annonces.append(MASQUEE)
    elif etat != Fiche.Etat.PUBLIEE:
        redaction.annonces.append(
            "Cette fiche n’est plus publiée : votre texte est gardé en brouillon, mais ne peut pas être envoyé."
        )
        return redaction.afficher(status=CONFLIT)
    if redaction.base and redaction.fiche.numero != redaction.base.numero:
        redaction.annonces.append(
            f"La fiche est passée en version {redaction.fiche.numero} pendant que vous écriviez : "
            "la personne qui relit réunira les deux textes."
        )
    return _geste(redaction)


def _geste(redaction: Redaction) -> HttpResponse:
    post = redaction.request.POST
    cherche = redaction.saisie.get("chercher_territoire", "").strip()
    trouves = chercher(cherche) if cherche else None
    if "ajouter" in post:
        return _ajouter(redaction, post["ajouter"])
    if "retirer" in post:
        return _retirer(redaction, post["retirer"])
    if "brouillon" in post:
        redaction.avis = "Brouillon enregistré"
        return redaction.afficher(trouves=trouves)
    if trouves is not None:
        redaction.ouverte = blocs.IDENTITE
    if "chercher" in post:
        return redaction.afficher(trouves=trouves)
    if "envoyer" not in post:
        return _montrer(redaction, post.get("voir", "modifications"), trouves)
    if trouves is not None:
        faute = ("id_chercher_territoire", "Territoires : cochez celui que vous cherchiez, ou videz ce champ.")
        formulaires = redaction.formulaire().taire(), redaction.envoi().taire()
        return redaction.page(*formulaires, status=A_RELIRE, erreurs=[faute], trouves=trouves)
    return _envoyer(redaction)


def retenir(request: HttpRequest, proposition: Proposition) -> None:
    """Remember, for this browser, that it wrote this."""
    jetons = [jeton for jeton in request.session.get(SESSION, []) if jeton != proposition.jeton]
    request.session[SESSION] = [*jetons, proposition.jeton][-JETONS_GARDES:]


# Lines


def _ajouter(redaction: Redaction, jeu: str) -> HttpResponse:
    redaction.ouverte = jeu
    if jeu not in redaction.classe.lignes:
        return redaction.afficher(status=400)
    if len(redaction.saisie.lignes(jeu)) >= LIGNES_MAX:
        redaction.annonces.append(f"Pas plus de {LIGNES_MAX} lignes dans une même liste.")
        return redaction.afficher(status=A_RELIRE)
    redaction.saisie.ajouter(jeu, redaction.classe)
    return _apres_les_lignes(redaction)


def _retirer(redaction: Redaction, ligne: str) -> HttpResponse:
    jeu, _, rang = ligne.partition("-")
    redaction.ouverte = jeu
    numero = entier(rang)
    if jeu not in redaction.classe.lignes or not 1 <= numero <= len(redaction.saisie.lignes(jeu)):
        redaction.annonces.append("Cette ligne n’existe plus.")
        return redaction.afficher(status=400)
    appels = redaction.saisie.appels_de(redaction.nature, numero) if jeu == "sources" else []
    if appels:
        ou = ", ".join(f"« {titre} »" for titre in appels)
        message = f"La source {numero} est encore appelée ({ou}) : retirez d’abord ces appels, ou corrigez la source."
        faute = (f"id_sources-{numero - 1}-titre", message)
        formulaires = redaction.formulaire().taire(), redaction.envoi().taire()
        return redaction.page(*formulaires, status=A_RELIRE, erreurs=[faute])
    redaction.saisie.retirer(jeu, numero)
    if jeu == "sources":
        redaction.avis = f"Source {numero} retirée, les appels des suivantes sont renumérotés"
    return _apres_les_lignes(redaction)


def _apres_les_lignes(redaction: Redaction) -> HttpResponse:
    brouillons.remplacer(redaction.gardee, redaction.saisie)
    redaction.suivre(redaction.gardee)
    return redaction.afficher()


# Looking


def _montrer(redaction: Redaction, voulu: str, trouves: list[Territoire] | None) -> HttpResponse:
    """« Voir mes modifications », « Aperçu »: what the moderator, or the reader, will see; what is wrong, beside it."""
    redaction.saisie.sans_lignes_vides(redaction.classe)
    formulaire, envoi, base = redaction.formulaire(), redaction.envoi().taire(), redaction.contenu_de_base
    valide = formulaire.is_valid()
    contenu = a_comparer(formulaire, base)
    changes = changements(redaction.nature, base, contenu)
    fautes = fautives(formulaire)
    montre: dict[str, Any] = {"trouves": trouves, "rien": valide and not changes, "absentes": fautes}
    montre["conseils"] = exigences.conseils(redaction.nature, base, changes)
    if voulu == "apercu":
        montre["apercu"] = apercu(redaction.nature, a_voir(formulaire, base))
    elif changes:
        montre["comparaison"] = comparer(redaction.nature, base, contenu)
    if not valide:
        return redaction.relire(formulaire, envoi, **montre)
    return redaction.page(formulaire, envoi, status=200, **montre)


# Handing in


def _deja_deposee(proposition: Proposition) -> bool:
    deposees = (S.A_CONFIRMER, S.SOUMISE, S.EN_EXAMEN, *Proposition.DECIDEES)
    return proposition.statut in deposees and brouillons.est_le_depot(proposition)


def _recepisse(proposition: Proposition) -> HttpResponse:
    reponse = redirect(proposition)
    reponse.status_code = 303
    return reponse


def _envoyer(redaction: Redaction) -> HttpResponse:
    redaction.saisie.sans_lignes_vides(redaction.classe)
    formulaire, envoi = redaction.formulaire(), redaction.envoi()
    envoi.is_valid()  # both are looked at: all that is wrong is said at once
    if not formulaire.is_valid():
        return redaction.relire(formulaire, envoi)
    contenu = formulaire.contenu()
    changes = changements(redaction.nature, redaction.contenu_de_base, contenu)
    if not changes:
        envoi.add_error(None, RIEN)
    passages = _exiger(redaction, envoi, contenu, changes)
    if envoi.errors:
        return redaction.relire(formulaire, envoi, passages=passages)
    try:
        _deposer(redaction, envoi, changes)
    except Empechement as empechement:
        redaction.annonces.append(f"{empechement} Votre texte est gardé.")
        return redaction.afficher(status=CONFLIT)
    return _recepisse(redaction.gardee)


def _exiger(redaction: Redaction, envoi: FormulaireEnvoi, contenu: dict, changes: dict) -> list[str]:
    """Ask what is asked of a text that is well formed; return the contact details to confirm."""
    base, personne = redaction.contenu_de_base, redaction.personne
    if redaction.base:
        envoi.demander_source([unite.titre for unite in exigences.sans_source(redaction.nature, base, contenu)])
    passages = exigences.coordonnees(base, changes, redaction.saisie.get("pourquoi", ""))
    envoi.demander_confirmation(passages)
    try:
        connu = bool(personne and personne.est_de_confiance)
        abus.verifier_liens(exigences.liens_ajoutes(base, changes), connu=connu)
        courriel = envoi.cleaned_data.get("courriel", "")
        abus.verifier_confirmations(courriel)
        if redaction.gardee.statut == S.BROUILLON:
            reseau = "" if personne else redaction.gardee.reseau
            abus.verifier_quota(courriel=courriel, reseau=reseau, auteur=personne)
    except ValidationError as refus:
        envoi.add_error(None, refus)
    return passages


@transaction.atomic
def _deposer(redaction: Redaction, envoi: FormulaireEnvoi, changes: dict) -> None:
    proposition = redaction.gardee
    ancienne = proposition.courriel
    for champ, valeur in envoi.credits().items():
        setattr(proposition, champ, valeur)
    proposition.courriel = envoi.cleaned_data.get("courriel", proposition.courriel)
    proposition.charte, proposition.licence = CHARTE, LICENCE
    proposition.titre = redaction.fiche.titre if redaction.fiche else (redaction.saisie.get("titre") or "").strip()
    proposition.save(
        update_fields=[
            "credit", "credit_nom", "credit_lien", "credit_role", "courriel", "charte", "licence", "titre",
        ]
    )  # fmt: skip
    depot = workflow.deposer(
        proposition,
        base=redaction.base,
        changements=changes,
        pourquoi=envoi.cleaned_data.get("pourquoi", NOUVELLE),
        sorte=envoi.cleaned_data.get("sorte", Proposition.Type.AJOUT),
        autre_adresse=bool(ancienne) and ancienne != proposition.courriel,
    )
    brouillons.marquer_deposee(proposition, depot.numero)
