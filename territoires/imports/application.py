"""Writing what an import changes, in the transaction of the caller."""

from datetime import date

from django.db import connection

from territoires import hierarchie
from territoires.imports.ecarts import Ecarts, Modification
from territoires.imports.releve import Cle, Lu
from territoires.models import Inclusion, Millesime, Succession, Territoire

LOT = 2000
MODIFIABLES = ["nom", "autres_noms", "sous_nature", "fin", "longitude", "latitude", "millesime"]


def verrouiller() -> None:
    """Make the other imports wait: what was compared must be what is written on."""
    with connection.cursor() as curseur:
        curseur.execute("LOCK TABLE territoires_territoire IN SHARE ROW EXCLUSIVE MODE")


def appliquer(ecarts: Ecarts) -> bool:
    """Write the differences, then the closure that follows from them; return whether pages say anything else."""
    releve = ecarts.releve
    change = bool(Millesime.objects.retenir({releve.nature: releve.millesime})) and ecarts.en_vigueur is not None
    if ecarts.vide:
        return change
    millesime = releve.millesime
    Territoire.objects.bulk_create((_nouveau(lu, millesime) for lu in ecarts.crees), batch_size=LOT)
    touches = [_modifier(modification, millesime) for modification in ecarts.modifies]
    touches += [_fermer(territoire, suite.date, millesime) for territoire, suite in ecarts.fermes]
    # Renamed as it closes, a territory is there twice: the same object.
    Territoire.objects.bulk_update(dict.fromkeys(touches), MODIFIABLES, batch_size=LOT)
    cles = {(nature, code): pk for pk, nature, code in Territoire.objects.values_list("pk", "nature", "code")}
    _ecrire_rattachements(ecarts, cles)
    _ecrire_suites(ecarts, cles)
    hierarchie.deriver(millesime)
    return True


def _nouveau(lu: Lu, millesime: int) -> Territoire:
    nature, code = lu.cle
    longitude, latitude = lu.point or (None, None)
    return Territoire(
        nature=nature,
        code=code,
        nom=lu.nom,
        sous_nature=lu.sous_nature or "",
        fin=lu.fin,
        longitude=longitude,
        latitude=latitude,
        millesime=millesime,
    )


def _modifier(modification: Modification, millesime: int) -> Territoire:
    """Change the fields; the name it had is kept among the others, so that people still find it."""
    territoire = modification.territoire
    ancien_nom, _ = modification.champs.get("nom", ("", ""))
    if ancien_nom and territoire.code not in ancien_nom and ancien_nom not in territoire.autres_noms:
        territoire.autres_noms = [*territoire.autres_noms, ancien_nom]
    for champ, (_, valeur) in modification.champs.items():
        setattr(territoire, champ, valeur)
    territoire.millesime = millesime
    return territoire


def _fermer(territoire: Territoire, fin: date, millesime: int) -> Territoire:
    territoire.fin, territoire.millesime = fin, millesime
    return territoire


def _ecrire_rattachements(ecarts: Ecarts, cles: dict[Cle, int]) -> None:
    retires = {(cles[contenu], cles[contenant]) for contenu, contenant in ecarts.retraits}
    faits = Inclusion.objects.filter(directe=True, contenu__in={contenu for contenu, _ in retires})
    lignes = faits.values_list("pk", "contenu", "contenant")
    a_retirer = [pk for pk, contenu, contenant in lignes if (contenu, contenant) in retires]
    Inclusion.objects.filter(pk__in=a_retirer).delete()
    Inclusion.objects.bulk_create(
        (
            Inclusion(
                contenu_id=cles[contenu],
                contenant_id=cles[contenant],
                directe=True,
                millesime=ecarts.releve.millesime,
            )
            for contenu, contenant in ecarts.ajouts
        ),
        batch_size=LOT,
        update_conflicts=True,  # what was only derived becomes a fact
        unique_fields=["contenu", "contenant"],
        update_fields=["directe", "millesime"],
    )


def _ecrire_suites(ecarts: Ecarts, cles: dict[Cle, int]) -> None:
    anciens = {cles[cle]: suite for cle, suite in ecarts.suites.items()}
    motifs = {(s.ancien_id, s.nouveau_id): s.motif for s in Succession.objects.filter(ancien__in=anciens)}
    Succession.objects.filter(ancien__in=anciens).delete()
    Succession.objects.bulk_create(
        (
            # A reason already known says more: the commune may still be there as a commune déléguée.
            Succession(
                ancien_id=ancien,
                nouveau_id=cles[cle],
                date=suite.date,
                motif=motifs.get((ancien, cles[cle])) or suite.motif,
            )
            for ancien, suite in anciens.items()
            for cle in suite.nouveaux
        ),
        batch_size=LOT,
    )
