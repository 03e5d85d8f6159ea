"""What a correspondent of the ARS publishes without a moderator: sourced, dated statements, in her départements.

Nothing that a fiche says is changed nor taken away, and nobody else's text is decided on (decision 48).
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from contributions.models import Habilitation, Proposition
from contributions.verbes import propositions
from contributions.verbes.empechements import Empechement
from contributions.verbes.examen import passer, verrouiller
from fiches import edition
from fiches.gabarits import Nature
from fiches.models import Fiche, Version
from fiches.sources import Contenu, par_cle
from fiches.unites import changements
from territoires.models import Inclusion, Territoire

AJOUTS = {"constats", "sources"}


def peut_publier(personne) -> bool:
    return bool(personne and personne.is_active and personne.est_correspondant)


def departements_de(personne):
    """Return the départements of a correspondent; none for anybody else."""
    if not peut_publier(personne):
        return Territoire.objects.none()
    habilitation = Habilitation.objects.filter(utilisateur=personne).first()
    return habilitation.departements.all() if habilitation else Territoire.objects.none()


@transaction.atomic
def publier(proposition: Proposition, *, par) -> Version:
    """Publish one's own proposition; raises Empechement when it says more than dated statements, or elsewhere."""
    if not peut_publier(par) or proposition.auteur_id != par.pk:
        raise PermissionDenied("Il faut être correspondant, et l’avoir écrite.")
    proposition = verrouiller(proposition, "publier")
    edition.verrouiller()
    fiche, depot = propositions.fiche_de(proposition), proposition.depot
    if fiche.pk is None or fiche.etat != Fiche.Etat.PUBLIEE or depot is None:
        raise Empechement("Une fiche à créer, ou qui n’est pas publiée, attend la modération.")
    if not _dedans(fiche, par):
        raise Empechement("Cette fiche n’est pas toute dans vos départements : elle attend la modération.")
    contenu = propositions.a_publier(fiche.nature, propositions.reunir_avec(fiche, depot), {})
    if not n_ajoute_que_des_constats(fiche.contenu, contenu):
        raise Empechement("Cette ligne dit plus que des constats datés et sourcés : elle attend la modération.")
    version = edition.publier(fiche, contenu, motif=depot.pourquoi, credits=[proposition.mention], par=par)
    proposition.version, proposition.close_le = version, timezone.now()
    passer(proposition, "publier", qui=par, depot=depot.numero, version=version.numero)
    return version


def n_ajoute_que_des_constats(avant: Contenu, apres: Contenu) -> bool:
    """Say whether all that was said stays, and what is new is statements, each with its source, and no other source."""
    changees = changements(Nature.LOCAL, avant, apres)
    if not {"constats"} <= changees.keys() <= AJOUTS:
        return False
    anciens, constats = avant["constats"], apres["constats"]
    anciennes, sources = par_cle(avant["sources"]), par_cle(apres["sources"])
    neufs = [constat for constat in constats if constat not in anciens]
    return (
        all(constat in constats for constat in anciens)
        and len(constats) == len(anciens) + len(neufs)
        and all(sources.get(cle) == source for cle, source in anciennes.items())
        and all(constat["source"] in sources for constat in neufs)
        and sources.keys() - anciennes.keys() <= {constat["source"] for constat in neufs}
    )


def _dedans(fiche: Fiche, par: Any) -> bool:
    """Say whether every territory of the fiche lies wholly in the départements of this person."""
    dedans = Inclusion.objects.filter(contenant__in=departements_de(par), partielle=False).values("contenu")
    lieux = fiche.territoires.all()
    return lieux.exists() and not lieux.exclude(pk__in=dedans).exists()
