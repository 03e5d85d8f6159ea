"""Credits: how a fiche names who contributed, who may change their mind at any time, published or not."""

from django.db import transaction

from contributions.models import Journal, Proposition, Signalement
from fiches import edition


@transaction.atomic
def changer(contribution: Proposition | Signalement, *, qui=None, **champs: str) -> None:
    """Set how the contribution is credited, in what will be published and in what already is.

    The journal keeps that it was done, without the former name nor the new one: withdrawn means withdrawn.
    """
    contribution = type(contribution).objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if {nom: getattr(contribution, nom) for nom in champs} == champs:
        return
    for nom, valeur in champs.items():
        setattr(contribution, nom, valeur)
    contribution.save(update_fields=[*champs])
    if isinstance(contribution, Proposition) and contribution.lot_id:  # one key credits them all
        Proposition.objects.filter(lot=contribution.lot_id).update(**champs)
    mention = {nom: valeur for nom, valeur in contribution.mention.items() if nom != "role"}
    edition.changer_credit(**mention)
    Journal.noter("changer_credit", contribution.decision, qui=qui, credit=mention["cle"])
