"""How a fiche names who contributed: they may change their mind at any time, published or not."""

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
    if isinstance(contribution, Proposition):
        credit = credit_de(contribution)
        edition.changer_credit(credit.pop("cle"), credit.pop("nom"), **{c: v for c, v in credit.items() if c != "role"})
        Journal.noter("changer_credit", contribution, qui=qui)
    else:
        edition.changer_credit(f"signalement-{contribution.pk}", contribution.nom)
        Journal.noter("changer_credit", contribution.dossier, qui=qui, signalement=contribution.pk)


def credit_de(proposition: Proposition) -> dict[str, str]:
    """Return the credit of a proposition, as versions keep it."""
    credit = {"cle": f"proposition-{proposition.pk}", "nom": proposition.nom_credite, "role": "proposition"}
    if proposition.credit != Proposition.Credit.ANONYME:
        liens = (("lien", proposition.credit_lien), ("fonction", proposition.credit_role))
        credit |= {cle: valeur for cle, valeur in liens if valeur}
    return credit
