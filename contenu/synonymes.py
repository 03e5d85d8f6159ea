"""The synonyms of the content files, kept in step until a moderator writes them."""

from recherche.forms import FormulaireSynonyme
from recherche.models import Synonyme


def charger_synonymes(entrees: list[dict]) -> tuple[int, list[str]]:
    """Replace the synonyms of the previous loading by these; those that a moderator wrote, changed or withdrew stay.

    Return the number of those that stay, and what is wrong, each with its place.
    """
    gardes, erreurs, laisses = [], [], 0
    for n, entree in enumerate(entrees, 1):
        repere = f"synonymes.yaml, synonyme n° {n}"
        if inconnues := set(entree) - {*FormulaireSynonyme.base_fields}:
            erreurs.append(f"{repere}, clé inconnue : {', '.join(sorted(inconnues))}")
            continue
        deja = Synonyme.objects.rapprochant(entree.get("terme", ""), entree.get("voisin", ""))
        if deja and not deja.du_chargement:
            laisses += 1
            continue
        valeurs = {"sens": Synonyme.Sens.EGALITE, "actif": True, **entree}
        formulaire = FormulaireSynonyme(valeurs, instance=deja, du_chargement=True)
        if not formulaire.is_valid():
            messages = ((champ, m) for champ, liste in formulaire.errors.items() for m in liste)
            erreurs += [f"{repere}, {champ} : {message}" for champ, message in messages]
        elif deja and deja.pk in gardes:
            erreurs.append(f"{repere} : il répète un autre synonyme")
        else:
            gardes.append(formulaire.save().pk)
    if not erreurs:
        Synonyme.objects.filter(du_chargement=True).exclude(pk__in=gardes).delete()
    return laisses, erreurs
