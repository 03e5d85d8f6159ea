"""How the stories begin: propositions and reports handed in."""

from typing import Any

from comptes.models import Utilisateur
from contributions.models import Demande, Lot, Proposition, Signalement
from contributions.verbes import confirmations, lots, propositions, signalements
from contributions.verbes.lots import Ligne
from dispositifs.models import DispositifLocal
from fiches.models import Fiche, Version
from fiches.unites import changements as changements_de
from territoires.models import Territoire
from tests.factories import constat, fiche_locale, moderatrice, personne, territoire, valider

VU = [constat("actif", "2024"), constat("actif", "2025")]  # what a table says of `cls_d_elbeuf`, which says the first


def derniere(fiche: Fiche) -> Version:
    return fiche.versions.order_by("-numero")[0]


def proposition(
    fiche: Fiche, *, auteur: Utilisateur | None = None, courriel: str = "", **changements: Any
) -> Proposition:
    """Hand in a proposition on a fiche: `cout="12 €"` for a section, `titre="…"` for a field."""
    base = derniere(fiche)
    sections = {section.cle for section in fiche.gabarit}
    voulus = {f"section-{cle}" if cle in sections else cle: valeur for cle, valeur in changements.items()}
    courriel = courriel or ("" if auteur else "visiteuse@exemple.fr")
    creee = Proposition.objects.create(
        fiche_id=fiche.pk, nature=fiche.nature, titre=fiche.titre, base=base, auteur=auteur, courriel=courriel
    )
    propositions.deposer(creee, base=base, changements=voulus, pourquoi="Précise ce point")
    if not auteur:
        propositions.confirmer(creee)
    return Proposition.objects.get(pk=creee.pk)


def absence(fiche: Fiche, lieu: Territoire, *, auteur: Utilisateur | None = None, **champs: Any) -> Proposition:
    """Hand in, on a kind of scheme, that a territory has none."""
    une = Proposition.objects.create(
        fiche_id=fiche.pk, nature=fiche.nature, titre=fiche.titre, base=derniere(fiche), auteur=auteur, **champs
    )
    dite = {"territoire": lieu.designation, "constatee_le": "2025", "source": "La préfecture"}
    propositions.deposer(une, base=derniere(fiche), changements={"absence": dite}, pourquoi="Il n’y en a pas")
    return Proposition.objects.get(pk=une.pk)


def nouvelle_fiche(contenu: dict, nature: str = "dispositif", auteur: Utilisateur | None = None) -> Proposition:
    """Hand in a fiche that does not exist yet."""
    creee = Proposition.objects.create(nature=nature, titre=contenu["titre"], auteur=auteur or personne())
    propositions.deposer(creee, base=None, changements=changements_de(nature, {}, contenu), pourquoi="Nouvelle fiche")
    return Proposition.objects.get(pk=creee.pk)


def cls_d_elbeuf() -> DispositifLocal:
    return fiche_locale(constats=VU[:1], titre="CLS d’Elbeuf")


def suivi_des_cls(cls: DispositifLocal, *, mot: str = "") -> Lot:
    """Bring a table of three rows: one changes this scheme, two make new ones."""
    return lots.deposer(personne(), "Suivi des CLS", [ligne(4, cls, constats=VU), ligne(7), ligne(8)], mot=mot)


def ligne(numero: int = 2, fiche: Fiche | None = None, **brut: Any) -> Ligne:
    """Return a row of a table: this fiche with these changes, or a local scheme that does not exist yet."""
    if fiche:
        return Ligne(numero, valider("local", **{**fiche.contenu, **brut}), fiche, fiche.numero)
    neuf = {
        "titre": f"Contrat local de santé, ligne {numero}",
        "resume": "Un contrat.",
        "sections": {"description": "Ici.[^1]"},
        "sources": [{"cle": "1", "titre": "Tableau de suivi", "organisation": "ARS", "date": "2025-03"}],
        "constats": [constat("signe", "2024")],
    }
    if "territoires" not in brut:
        neuf["territoires"] = [territoire().designation]
    return Ligne(numero, valider("local", **{**neuf, **brut}))


def demande(statut: str = "envoyee", fiche: DispositifLocal | None = None, **champs: Any) -> Demande:
    """Ask an institution, up to this state: « preparee », « relue », « envoyee » or « a_lire »."""
    par = moderatrice()
    a_qui = {
        "institution": "Ville d’Elbeuf",
        "destinataire": "sante@ville.example",
        "origine": "ville.example, contacts",
    }
    une = confirmations.preparer(fiche or ancienne(), par=par, **{**a_qui, **champs})
    if statut != "preparee":
        une = confirmations.relire(une, par=par)
    if statut in ("envoyee", "a_lire"):
        une = confirmations.envoyer(une, par=par)
    if statut == "a_lire":
        confirmations.repondre(une, sens="sais_pas")
    return Demande.objects.get(pk=une.pk)


def ancienne(**champs: Any) -> DispositifLocal:
    """Return a scheme that nobody saw for long: « à vérifier »."""
    return fiche_locale(**{"constats": [constat("actif", "2022-03")], "titre": "Atelier santé ville", **champs})


def signalement(fiche: Fiche, *, categorie: str = "erreur", cible: str = "", **champs: Any) -> Signalement:
    champs.setdefault("courriel", "" if champs.get("auteur") else "lectrice@exemple.fr")
    return signalements.signaler(fiche, categorie=categorie, cible=cible, texte="Ce n’est plus vrai.", **champs)
