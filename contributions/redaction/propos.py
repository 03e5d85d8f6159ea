"""What the address says that one is about to write of: a place, a scheme."""

from django.http import QueryDict

from dispositifs.models import Dispositif
from francais.balises import de
from territoires.models import Territoire


def lieu_et_dispositif(parametres: QueryDict) -> tuple[Territoire | None, Dispositif | None]:
    """Return the territory and the published dispositif that an address names, each if it names one; two queries."""
    lieu = Territoire.objects.designes_par([parametres.get("territoire", "")]).first()
    slug = parametres.get("dispositif", "").replace("\0", "")
    return lieu, Dispositif.objects.visibles_pour().filter(slug=slug).first() if slug else None


def en_mots(lieu: Territoire | None, dispositif: Dispositif | None) -> str:
    """« Contrat local de santé (CLS), Elbeuf (76) »; empty when the address names nothing."""
    return ", ".join(nom for nom in (dispositif and dispositif.nom_complet, lieu and lieu.nom_complet) if nom)


def titre_probable(lieu: Territoire | None, dispositif: Dispositif | None) -> str:
    """« Contrat local de santé d’Elbeuf », to begin with; empty unless both are known, and it is a town's."""
    if lieu is None or dispositif is None or lieu.nature != Territoire.Nature.COMMUNE:
        return ""
    return f"{dispositif.titre} {de(lieu.nom)}"
