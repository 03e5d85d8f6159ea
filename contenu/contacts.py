"""The contacts of the content files, one file a région: the base keeps those of the files and no other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from territoires.models import Contact, Territoire

VALEURS = ("url", "courriel", "telephone", "source", "lue_le")
CLES = ("territoire", "fonction", "organisme", *VALEURS)
NATURES = (Territoire.Nature.REGION, Territoire.Nature.DEPARTEMENT)


def charger_contacts(entrees: Sequence[tuple[Path, int, Any]]) -> list[str]:
    """Replace the contacts of the base by these, each with its file and its rank there; unless something is wrong: then
    change nothing and return what, each with its file, its line and the remedy."""
    territoires = _territoires([entree for _, _, entree in entrees])
    contacts: dict[tuple, Contact] = {}
    erreurs = []
    for chemin, rang, entree in entrees:
        messages = []
        try:
            contact = _lire(entree, territoires)
        except ValidationError as refus:
            messages = _messages(refus)
        else:
            if contacts.setdefault(_cle(contact), contact) is not contact:
                messages = ["il répète un autre contact\u00a0; retirez l’un des deux"]
        erreurs += [f"{chemin.name}, ligne {_ligne(chemin, rang)}\u00a0: {message}" for message in messages]
    if not erreurs:
        _remplacer(contacts)
    return erreurs


def _territoires(entrees: list[Any]) -> dict[str, Territoire]:
    designations = [str(entree.get("territoire")) for entree in entrees if isinstance(entree, dict)]
    trouves = Territoire.objects.actifs().filter(nature__in=NATURES).designes_par(designations)
    return {territoire.designation: territoire for territoire in trouves}


def _lire(entree: Any, territoires: dict[str, Territoire]) -> Contact:
    """Return the contact that an entry of a file says; raise ValidationError, by field where it is one's."""
    if not isinstance(entree, dict) or any(isinstance(valeur, dict | list) for valeur in entree.values()):
        raise ValidationError("des clés et des valeurs simples sont attendues")
    if inconnues := set(entree) - set(CLES):
        raise ValidationError(
            f"clé inconnue, {', '.join(sorted(map(str, inconnues)))}\u00a0; connues, {', '.join(CLES)}"
        )
    textes = {cle: str(valeur).strip() for cle, valeur in entree.items() if valeur is not None}
    territoire = territoires.get(designation := textes.pop("territoire", ""))
    if territoire is None:
        exemple = "écrivez region:28 ou departement:76, d’un code en vigueur"
        raise ValidationError({"territoire": f"«\u00a0{designation}\u00a0» n’en est pas un\u00a0; {exemple}"})
    contact = Contact(territoire=territoire, **textes)
    contact.clean_fields(exclude=["territoire"])
    return contact


def _messages(refus: ValidationError) -> list[str]:
    if not hasattr(refus, "error_dict"):
        return refus.messages
    return [f"{champ}, {message}" for champ, messages in refus.message_dict.items() for message in messages]


def _ligne(chemin: Path, rang: int) -> int:
    """Return the line where the entry of this rank begins. Reads the file again: only to tell what is wrong."""
    racine = yaml.compose(chemin.read_bytes(), yaml.SafeLoader)
    return racine.value[rang].start_mark.line + 1  # type: ignore[union-attr]  # a list, read once already


def _cle(contact: Contact) -> tuple:
    return contact.territoire_id, contact.fonction, contact.organisme


def _remplacer(contacts: dict[tuple, Contact]) -> None:
    Contact.objects.bulk_create(
        contacts.values(),
        update_conflicts=True,
        unique_fields=["territoire", "fonction", "organisme"],
        update_fields=VALEURS,
    )
    partis = [contact.pk for contact in Contact.objects.all() if _cle(contact) not in contacts]
    Contact.objects.filter(pk__in=partis).delete()
