"""Pages of « Proposer une amélioration » on a fiche, and of a text taken up again: a draft, or what was handed in."""

from django.contrib import messages
from django.db.models import Manager
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from comparaison.fusion import reunir
from comptes.liens_secrets import secrete
from contributions.models import Dossier, Proposition
from contributions.redaction.brouillons import PERSONNELLES, brouillons_de
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.redaction.page import Page
from contributions.redaction.reception import MASQUEE, Reception
from contributions.redaction.saisie import DEPOSE, Saisie
from contributions.verbes.permissions import peut_lire, peut_moderer
from fiches.forms import FORMULAIRES
from fiches.gabarits import PREFIXE, Nature
from fiches.models import Fiche, Version
from fiches.unites import unites
from fiches.views import ou_suivre
from francais.nombres import entier

TITRE = "Proposer une amélioration"
TITRE_NOUVELLE = "Proposer une fiche"
HORS_DE_VUE = (
    "La fiche n’est plus visible : son formulaire non plus. Votre texte est gardé, vous le reprendrez si elle revient."
)
Statut = Proposition.Statut


@rend_le_texte
@never_cache
@ou_suivre
def proposer(request: HttpRequest, nature: Nature, slug: str) -> HttpResponse:
    """The form of a fiche, on the section that `?section=` names."""
    fiches = FORMULAIRES[nature].modele.objects
    ouverte = request.GET.get("section", "")
    if request.method == "POST":
        # Hidden meanwhile, it still receives what was being written; a fiche never published receives nothing.
        fiche = get_object_or_404(fiches.exclude(etat=Fiche.Etat.EN_PREPARATION), slug=slug)
        return Reception(request, nature, TITRE, fiche=fiche, ouverte=ouverte).repondre()
    fiche = fiches.visibles_pour().filter(slug=slug).first() or _masquee(request, fiches, slug)
    base = Version.objects.filter(fiche=fiche.pk).order_by("-numero").first()
    brouillons = [] if "neuf" in request.GET else brouillons_de(request).filter(fiche=fiche.pk)[:3]
    dossier = _dossier_cite(request, fiche)
    annonces = [MASQUEE] if fiche.etat == Fiche.Etat.MASQUEE else []
    annonces += [f"Votre texte répondra au dossier n° {dossier.pk} : accepté, il le clôt."] if dossier else []
    page = Page(request, nature, TITRE, fiche=fiche, base=base, ouverte=ouverte, dossier=dossier, annonces=annonces)
    return page.afficher(a_reprendre=brouillons)


def _masquee(request: HttpRequest, fiches: Manager, slug: str) -> Fiche:
    """Return a masked fiche, that moderators put right before anybody reads it again; 404 to everybody else."""
    if not (request.user.is_authenticated and peut_moderer(request.user)):
        raise Http404
    return get_object_or_404(fiches.filter(etat=Fiche.Etat.MASQUEE), slug=slug)


def _dossier_cite(request: HttpRequest, fiche: Fiche) -> Dossier | None:
    """Return the open case that « Corriger maintenant » cites (`?dossier=12`); only moderators may answer one."""
    cite = entier(request.GET.get("dossier"))
    if not (cite and request.user.is_authenticated and peut_moderer(request.user)):
        return None
    return Dossier.objects.a_traiter().filter(pk=cite, fiche=fiche.pk).first()


@rend_le_texte
@secrete
def modifier(request: HttpRequest, jeton: str) -> HttpResponse:
    """A proposition taken up again by whoever holds its link: a draft, what waits, what needs corrections."""
    proposition = get_object_or_404(
        Proposition.objects.select_related("base", "auteur").prefetch_related("messages"), jeton=jeton
    )
    nature = proposition.nature
    fiche = None
    if proposition.fiche_id and proposition.base_id:
        fiche = FORMULAIRES[nature].modele.objects.get(pk=proposition.fiche_id)
    titre = TITRE if fiche else TITRE_NOUVELLE
    if request.method == "POST":
        return Reception(request, nature, titre, fiche=fiche).repondre()
    if not proposition.reprenable:
        raise Http404
    lisible = peut_lire(request.user, fiche)
    if not lisible and _dit_la_fiche(proposition):
        messages.info(request, HORS_DE_VUE)
        return redirect(proposition)
    tel_quel = "tel-quel" in request.GET or not lisible
    saisie, base, annonces = _reprendre(proposition, fiche, tel_quel=tel_quel)
    return Page(
        request,
        nature,
        titre,
        fiche=fiche,
        base=base,
        proposition=proposition,
        initiale=saisie,
        annonces=annonces,
    ).afficher()


def _dit_la_fiche(proposition: Proposition) -> bool:
    """Return whether its form would show what the fiche said, besides what its author wrote."""
    classe = FORMULAIRES[proposition.nature]
    typee = derniere_saisie(proposition)
    lue = Saisie.de_contenu(classe, proposition.base.contenu if proposition.base else {})
    dites = {unite.cle: lue.dit(unite.cle, classe) for unite in unites(proposition.nature)}
    return any(dit and typee.dit(cle, classe) == dit for cle, dit in dites.items())


def _reprendre(
    proposition: Proposition, fiche: Fiche | None, *, tel_quel: bool
) -> tuple[Saisie, Version | None, list[str]]:
    """Return what to show, on which version: the last text, carried over to the published version when it can be."""
    saisie, base, annonces = derniere_saisie(proposition), proposition.base, []
    if DEPOSE not in proposition.saisie and proposition.depots.exists() and proposition.saisie:
        annonces.append("Ces changements n’ont pas encore été renvoyés : la relecture porte sur votre envoi précédent.")
    if fiche is None or base is None or fiche.numero == base.numero:
        return saisie, base, annonces
    derniere = Version.objects.filter(fiche=fiche.pk).order_by("-numero")[0]
    reporte = None if tel_quel else reporter(proposition, saisie, derniere)
    if reporte is not None:
        annonces.append(
            f"La fiche est passée en version {derniere.numero} depuis votre texte : vos changements y ont été "
            "reportés. Relisez-les avant d’envoyer."
        )
        return reporte, derniere, annonces
    annonces.append(
        f"La fiche est passée en version {derniere.numero}. Votre texte reste sur la version {base.numero}, "
        "telle que vous l’aviez lue : la personne qui relit réunira les deux."
    )
    return saisie, base, annonces


def derniere_saisie(proposition: Proposition) -> Saisie:
    """Return what was typed last; for what was handed in without a form, the same as a form would have it."""
    depot = proposition.depot
    saisie = Saisie.gardee(proposition.saisie)
    if depot and not proposition.saisie:
        saisie = Saisie.de_contenu(FORMULAIRES[proposition.nature], depot.proposee)
        saisie["pourquoi"], saisie["sorte"] = depot.pourquoi, depot.type
    if depot:
        for cle in ("credit", *PERSONNELLES):
            saisie.setdefault(cle, getattr(proposition, cle))
    return saisie


def reporter(proposition: Proposition, saisie: Saisie, derniere: Version) -> Saisie | None:
    """Return the text carried over to the last version, or nothing when both touch the same place."""
    classe = FORMULAIRES[proposition.nature]
    base = proposition.base.contenu if proposition.base else {}
    formulaire = classe(saisie.lisible(classe, Saisie.de_contenu(classe, base)))
    if not formulaire.is_valid():
        return None
    fusion = reunir(proposition.nature, base, derniere.contenu, formulaire.contenu())
    if fusion.conflits:
        return None
    reporte = Saisie({cle: valeurs for cle, valeurs in saisie.lists() if not _est_de_la_fiche(classe, cle)})
    reporte.update(Saisie.de_contenu(classe, fusion.contenu))
    return reporte


def _est_de_la_fiche(classe, cle: str) -> bool:
    return cle in classe.base_fields or cle.startswith(PREFIXE) or cle.partition("-")[0] in classe.lignes
