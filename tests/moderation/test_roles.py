"""docs/roles.md says what the code allows: every route and every verb, with every role."""

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from comptes import desabonnement
from comptes.roles import Role
from contributions.models import Demande, Dossier, Lot, Proposition, Recours, RegleDeFile, Tableau, Traitement
from contributions.tableau import etapes
from contributions.verbes import (
    annulation,
    assignation,
    avis,
    confirmations,
    decisions_de_lot,
    echanges,
    indesirables,
    lots,
    propositions,
    recours,
    retraits,
    signalements,
)
from courriels.envoi import ecrire
from dispositifs.models import Dispositif, Regle
from fiches.gabarits import Nature
from fiches.models import Fiche
from moderation import ecrits
from recherche.models import Synonyme
from territoires.models import Importation
from tests.comptes.preuves import entrer
from tests.contributions.recits import demande, derniere, ligne, proposition, signalement
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, moderatrice, personne, publier, territoire
from tests.panorama.test_choisir import regle

pytestmark = pytest.mark.django_db
ROLES = ["visiteur", "contributeur", "correspondant", "de confiance", "modérateur", "administrateur"]
GROUPES = {
    "correspondant": [Role.CORRESPONDANT],
    "de confiance": [Role.CONFIANCE],
    "modérateur": [Role.MODERATEUR],
    "administrateur": [Role.ADMINISTRATEUR],
}
MODULES = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        propositions,
        annulation,
        indesirables,
        signalements,
        recours,
        retraits,
        assignation,
        avis,
        echanges,
        ecrits,
        lots,
        confirmations,
        decisions_de_lot,
    )
}
# called by an upheld appeal, a message heard, or a decision taken back, only
INTERNES = {"propositions.rouvrir", "signalements.rouvrir", "signalements.annuler", "decisions_de_lot.avancer"}


A_QUI = {"institution": "Ville", "destinataire": "sante@ville.example", "origine": "ville.example"}
PREALABLES: dict[str, Any] = {
    "preparer": lambda: [fiche_locale()],
    "relire": lambda: [demande(Demande.Statut.PREPAREE)],
    "retirer": lambda: [demande(Demande.Statut.PREPAREE)],
    "envoyer": lambda: [demande(Demande.Statut.RELUE)],
    "classer": lambda: [demande(Demande.Statut.A_LIRE)],
}


def table(titre: str) -> dict[str, str]:
    """Return from which role each route, or verb, is open."""
    partie = (settings.BASE_DIR / "docs/roles.md").read_text().partition(f"## {titre}")[2].partition("\n## ")[0]
    lignes = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", partie, re.MULTILINE)
    return {nom: depuis for depuis, noms in lignes if depuis not in ("from", "---") for nom in noms.split(", ")}


def routes(resolveur: URLResolver | None = None, espace: str = "") -> Iterator[str]:
    for motif in (resolveur or get_resolver()).url_patterns:
        if isinstance(motif, URLResolver):
            yield from routes(motif, f"{motif.namespace}:" if motif.namespace else espace)
        elif isinstance(motif, URLPattern) and motif.name:
            yield espace + motif.name


ROUTES = sorted(set(routes()))
PAGES = table("Pages")
VERBES = table("Verbs")


def a_droit(role: str, voulu: str) -> bool:
    """A role has what the ones before it have, but for what is a correspondent's alone."""
    return role == voulu if voulu == "correspondant" else ROLES.index(role) >= ROLES.index(voulu)


def depuis(route: str) -> str:
    return PAGES["admin:*"] if route.startswith("admin:") else PAGES[route]


def qui(role: str) -> Any:
    if role == "visiteur":
        return AnonymousUser()
    return personne(role.replace(" ", "-").replace("é", "e"), *GROUPES.get(role, []))


def monde() -> dict[str, dict[str, Any]]:
    """Make something for each route to show, and return the arguments of those that want some."""
    territoire("departement", "76")
    asv = publier(fiche_dispositif(slug="asv"), titre="Autre titre")
    fiche_locale(slug="cls")
    fiche_action(slug="atelier")
    une = proposition(asv, cout="Vingt.")
    refusee = proposition(asv, courriel="b@exemple.fr", cout="Dix.")
    propositions.ecarter(refusee, par=moderatrice(), depot=1, motif="inexact", explication="Faux.")
    conteste = recours.contester(Proposition.objects.get(pk=refusee.pk), texte="Si.")
    dossier = signalement(asv).dossier
    demandee = demande(Demande.Statut.ENVOYEE)
    lot = lots.deposer(qui("correspondant"), "CLS", [ligne()])
    fiche = {"nature": Nature.DISPOSITIF, "slug": "asv"}
    lieu = {"nature": "departement", "code": "76"}
    return {
        "fiche_dispositif": {"slug": "asv"},
        "fiche_local": {"slug": "cls"},
        "fiche_action": {"slug": "atelier"},
        "territoires:page": lieu,
        "territoires:couverture": lieu,
        "historique": fiche,
        "version": {**fiche, "numero": 1},
        "comparer_versions": fiche,
        "proposer": fiche,
        "corriger": fiche,
        "dire": lieu,
        "signaler": fiche,
        "nouvelle_fiche": {"nature": "action"},
        "modifier_proposition": {"jeton": une.jeton},
        "territoires:semblables": lieu,
        "territoires:note": lieu,
        "territoires:agenda": lieu,
        "section_du_plan": {"section": "fiches"},
        "mfa_remove_webauthn": {"pk": 1},
        "suivi": {"jeton": une.jeton},
        "suivi_lot": {"jeton": lot.jeton},
        "examiner_lot": {"pk": lot.pk},
        "publier_lot": {"jeton": lot.jeton},
        "confirmer": {"jeton": demandee.jeton},
        "ne_plus_demander": {"jeton": demandee.jeton},
        "arreter_courriels": {"jeton": desabonnement.jeton(qui("contributeur"))},
        "examiner": {"pk": une.pk},
        "traiter": {"pk": dossier.pk},
        "reexaminer": {"pk": conteste.pk},
        "moderer": {"pk": asv.pk},
        "conversation": {"pk": echanges.ecrire(une, texte="Alors ?").pk},
        "regle": {"pk": regle("asv", "qpv", "oui").pk},
        "importation": {"pk": Importation.objects.create(genre="cog", fichiers=["v_commune_2026.csv"]).pk},
        "synonyme": {"pk": Synonyme.objects.create(terme="adolescents", voisin="jeunes", raison="R.").pk},
        "groupe": {"nom": "rapides"},
        "regle_de_file": {"pk": RegleDeFile.objects.get(cle="fiable").pk},
        "demo_courriel": {"pk": ecrire("a@exemple.fr", "Objet", "Corps", cle="essai").pk},
    }


def tableau_de(role: str) -> dict[str, dict[str, Any]]:
    """Make the table that this very role brought: nobody sees that of another."""
    auteur = personne() if role == "visiteur" else qui(role)
    cellules = [[1, ["Commune", "Statut"]], [2, ["Nulle part", "signé"]]]
    feuilles = [{"nom": "", "rangees": cellules}]
    tableau = Tableau.objects.create(auteur=auteur, nom="t", editeur="ARS", le="2025", feuilles=feuilles)
    etapes.reprendre_les_reponses(tableau)
    pages = ("tableau_colonnes", "tableau_lignes", "tableau_envoi", "tableau_annote")
    return {"tableau_vide": {"forme": "csv"}} | {page: {"pk": tableau.pk} for page in pages}


def test_chaque_route_a_sa_place_dans_la_documentation():
    nommees = {route for route in ROUTES if not route.startswith("admin:")}
    assert nommees == {nom for nom in PAGES if nom != "admin:*"}


@pytest.mark.parametrize("role", ROLES)
def test_chaque_page_est_ouverte_a_qui_il_faut(role):
    arguments = monde() | tableau_de(role)
    client = Client()
    if role != "visiteur":
        entrer(client, qui(role))
    fautes = []
    for route in ROUTES:
        if route.startswith("admin:") or depuis(route) == "étape":
            continue
        reponse = client.get(reverse(route, kwargs=arguments.get(route)))
        voulu = depuis(route)
        ouverte = voulu in ("visiteur", "lien secret") or a_droit(role, voulu)
        vers_connexion = reponse.status_code == 302 and "/connexion/" in reponse.headers["Location"]
        fermee = vers_connexion if role == "visiteur" else reponse.status_code == 403
        # Somebody signed in has no need of the pages of signing in, which lead elsewhere; 400: versions to choose.
        # The same for keys and codes that one does not have.
        attendue = reponse.status_code in ((200, 302, 404) if route.startswith(("account_", "mfa_")) else (200, 400))
        if (not attendue or vers_connexion) if ouverte else not fermee:
            fautes.append((route, voulu, reponse.status_code))
    assert fautes == []


@pytest.mark.parametrize("role", ROLES)
def test_l_administration_est_aux_administrateurs(role):
    client = Client()
    if role != "visiteur":
        client.force_login(qui(role))
    fautes = []
    for route in ROUTES:
        nom = route.removeprefix("admin:")
        if nom == route or nom in ("login", "logout", "jsi18n", "view_on_site", "app_list"):
            continue
        cle = next((a for a in ({}, {"object_id": "1"}) if _existe(route, a)), None)
        if cle is None:
            continue
        statut = client.get(reverse(route, kwargs=cle)).status_code
        # An administrator gets the page, or is told that she may not do this to such data, or that it is not there.
        bonne = (
            statut in (200, 302, 403)
            if role == "administrateur"
            else statut in ((302,) if role == "visiteur" else (403,))
        )
        if not bonne or (role == "administrateur" and nom.endswith("_changelist") and statut != 200):
            fautes.append((route, statut))
    assert fautes == []


def _existe(route: str, arguments: dict[str, str]) -> bool:
    try:
        return bool(reverse(route, kwargs=arguments))
    except Exception:  # noqa: BLE001  # whatever says that these are not its arguments
        return False


def publics(module: ModuleType) -> Iterator[str]:
    """Yield the verbs of a module: its public functions that write."""
    for nom, objet in inspect.getmembers(module, inspect.isfunction):
        if not nom.startswith("_") and objet.__module__ == module.__name__ and hasattr(objet, "__wrapped__"):
            yield f"{module.__name__.rpartition('.')[2]}.{nom}"


def test_chaque_verbe_a_sa_place_dans_la_documentation():
    assert {verbe for module in MODULES.values() for verbe in publics(module)} - INTERNES == set(VERBES)


def appeler(verbe: str, par: Any) -> None:
    """Call a verb on something that is in the right state for it."""
    module, _, nom = verbe.partition(".")
    fonction = getattr(MODULES[module], nom)
    fiche = Fiche.objects.get(slug="asv")
    autre, entiere = fiche_dispositif(), Dispositif.objects.get(slug="asv")
    raison = {"motif": "inexact", "explication": "Parce que."}
    if module == "propositions":
        une = Proposition.objects.a_traiter().get(lot=None)
        if nom == "rendre":
            propositions.prendre(une, par=moderatrice())
            Proposition.objects.update(prise_jusqua=derniere(fiche).publiee_le)
        champs = {
            "demander_corrections": {"depot": 1, "explication": "Une date ?"},
            "accepter": {"depot": 1},
            "ecarter": {"depot": 1, **raison},
        }.get(nom, {})
        fonction(une, par=par, **champs)
    elif module == "signalements":
        dossier = Dossier.objects.get(categorie="erreur")
        if nom == "rendre":
            signalements.prendre(dossier, par=moderatrice())
            Dossier.objects.update(prise_jusqua=derniere(fiche).publiee_le)
        double = {"double_de": Dossier.objects.get(categorie="obsolete"), "explication": "Déjà vu."}
        champs = {"masquer": raison, "classer": raison, "rattacher": double}.get(nom, {})
        fonction(dossier, par=par, **champs)
    elif module == "recours":
        fonction(Recours.objects.get(), par=par, explication="Voilà.")
    elif module == "ecrits":
        une, un = Regle.objects.get(), Synonyme.objects.get()
        if nom == "ajouter":
            une = Regle(dispositif=entiere, question="qpv", reponse="non", poids=1, explication="E.", source="S.")
            un = Synonyme(terme="bailleur", voisin="logement social", raison="R.")
        if nom == "remettre":
            une, un = (
                ecrits.retirer(ecrit, par=moderatrice(), raison="Trop vague.", lue=ecrit.marque) for ecrit in (une, un)
            )
        lues = [{} if nom == "ajouter" else {"lue": ecrit.marque} for ecrit in (une, un)]
        une.poids, un.raison = 3, "Mieux dit."
        for ecrit, lue in zip((une, un), lues, strict=True):
            fonction(ecrit, par=par, raison="C’est mieux.", **lue)
    elif module == "echanges":
        refusee = Proposition.objects.get(statut="ecartee")
        sujet = Dossier.objects.get(categorie="erreur") if nom == "repondre_aux_signalants" else refusee
        fonction(sujet, par=par, **({} if nom == "clore" else {"texte": "Voici."}))
    elif module == "annulation":
        une = Proposition.objects.a_traiter().get(lot=None)
        refusee = propositions.ecarter(une, par=moderatrice(), depot=1, **raison)
        if nom == "annuler":  # nobody but who decided, a moderator
            Proposition.objects.filter(pk=refusee.pk).update(decidee_par=par.pk or moderatrice().pk)
        fonction(refusee, par=par, **({"explication": "Mieux lu."} if nom == "reexaminer" else {}))
    elif module == "decisions_de_lot":
        lot = Lot.objects.get()
        if nom == "annuler":
            decisions_de_lot.accepter(lot, par=moderatrice())
            Traitement.objects.update(par=par.pk or moderatrice().pk)
            lot.propositions.update(decidee_par=moderatrice())
        if nom == "publier":
            Lot.objects.update(auteur=par.pk)
            lot.propositions.update(auteur=par.pk)
        fonction(lot, par=par, **(raison if nom == "ecarter" else {}))
    elif module == "lots":
        lots.deposer(par, "CLS", [ligne()])
    elif module == "indesirables":
        Proposition.objects.a_traiter().update(mise_a_part="meme_lien")
        fonction(Proposition.objects.a_traiter().earliest("pk"), par=par)
    elif module == "confirmations":
        fonction(*PREALABLES[nom](), par=par, **(A_QUI if nom == "preparer" else {}))
    elif module == "assignation":
        fonction(Dossier.objects.get(categorie="obsolete"), par=par, a=personne("ada", Role.MODERATEUR))
    elif module == "avis":
        fonction(Dossier.objects.get(categorie="erreur"), par=par, a=moderatrice(), texte="Alors ?")
    elif nom == "restaurer":
        fonction(entiere, version=derniere(fiche), par=par, pourquoi="mieux")
    else:
        if nom == "retablir":
            retraits.masquer(fiche, par=moderatrice(), **raison)
        champs = {
            "fusionner": {"dans": autre, "explication": "La même."},
            "retablir": {"explication": "Vue."},
            "relire": {},
        }.get(nom, raison)
        fonction(fiche, par=par, **champs)


@pytest.mark.parametrize("role", ROLES)
def test_chaque_verbe_est_refuse_a_qui_n_a_pas_le_role(role):
    monde()
    signalement(Fiche.objects.get(slug="asv"), categorie="obsolete")
    par, fautes = qui(role), []
    for verbe, voulu in VERBES.items():
        if voulu == "visiteur":
            continue  # by the secret link, or the account, that the view checks
        permis = a_droit(role, voulu)
        try:
            with transaction.atomic():
                appeler(verbe, par)
                fait = True
                transaction.set_rollback(True)
        except PermissionDenied:
            fait = False
        if fait != permis:
            fautes.append((verbe, voulu))
    assert fautes == []
