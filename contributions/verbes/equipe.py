"""Team: which moderators look after what arrives, and which of them follows a conversation."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from comptes.models import Utilisateur
from comptes.roles import Role
from contributions.models import Dossier, Portee, Proposition, Signalement
from contributions.verbes.permissions import est_de, peut_moderer
from fiches.models import Theme
from territoires.models import Inclusion, Territoire


def moderateurs() -> QuerySet[Utilisateur]:
    """Return everybody who may moderate, administrators included."""
    nommes = Q(is_superuser=True) | Q(groups__name__in=[Role.MODERATEUR, Role.ADMINISTRATEUR])
    return Utilisateur.objects.filter(nommes, is_active=True, ferme_le=None).distinct().order_by("pk")


def equipe(objet: Proposition | Dossier) -> list[Utilisateur]:
    """Return those whose scope holds this, or who look after the whole base; everybody, rather than nobody.

    A fiche that does not exist yet is where its text says.
    """
    if objet.fiche_id:
        lieux = Territoire.objects.filter(fiches=objet.fiche_id)
        sujets = Theme.objects.filter(fiches=objet.fiche_id)
    else:
        depot = objet.depot if isinstance(objet, Proposition) else None
        dit = depot.recus if depot else {}
        lieux = Territoire.objects.designes_par(dit.get("territoires") or [])
        sujets = Theme.objects.filter(slug__in=dit.get("themes") or [])
    contenants = Inclusion.objects.filter(contenu__in=lieux.values("pk")).values("contenant")
    des_lieux = Portee.territoires.through.objects.filter(portee__utilisateur=OuterRef("pk"))
    des_sujets = Portee.themes.through.objects.filter(portee__utilisateur=OuterRef("pk"))
    partout = ~Exists(des_lieux) & ~Exists(des_sujets)
    dedans = Exists(des_lieux.filter(territoire__in=contenants)) | Exists(des_sujets.filter(theme__in=sujets))
    return list(moderateurs().filter(partout | dedans)) or list(moderateurs())


def suit(contribution: Proposition | Signalement) -> Utilisateur | None:
    """Return who answers for this conversation: who holds it, else who decided, else who wrote last; if still there."""
    examinee = contribution.decision
    prise_par = examinee.prise_par if examinee.reservee else None
    if prise_par and est_de(prise_par, contribution):  # one may hold one's own, neither decide on it nor answer it
        prise_par = None
    dernier = next((message for message in reversed(contribution.messages.all()) if message.de_la_moderation), None)
    personnes = (prise_par, examinee.decidee_par, dernier.auteur if dernier else None)
    return next((personne for personne in personnes if personne and peut_moderer(personne)), None)
