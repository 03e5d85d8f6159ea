"""Publishing: the only code that writes what the public reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from fiches.gabarits import GABARITS
from fiches.models import Chiffre, Edition, Fiche, Public, Sigle, Source, Theme, Version
from fiches.rendu import rendre_sections, sigles_a_expliquer
from fiches.sources import Contenu, numeros, par_cle
from territoires.models import Territoire

# Those already noted are left out first: the table computes the root of all that it is given, kept or not.
MOTS_NEUFS = """
INSERT INTO fiches_mot (mot) SELECT mot FROM mots_de(%s) AS lus (mot)
WHERE NOT EXISTS (SELECT FROM fiches_mot AS connus WHERE connus.mot = lus.mot)
ON CONFLICT DO NOTHING
"""
EQUIPE = [{"nom": "Équipe de Santé en territoires", "role": "rédaction"}]


@transaction.atomic
def publier(
    fiche: Fiche,
    contenu: Contenu,
    *,
    motif: str,
    credits: list[dict[str, str]] | None = None,
    par=None,
    le: datetime | None = None,
) -> Version:
    """Publish this validated content as the next version of the fiche, and return the version.

    `fiche` is an instance of the model of its nature, saved or not. Publications queue on the single row of `Edition`:
    two at the same time make two versions, in order, and nobody waits for anybody in a circle. A masked or archived
    fiche gets its version and stays out of sight.
    """
    Edition.avancer()
    fiche = relire(fiche)
    le = le or timezone.now()
    fiche.numero += 1
    fiche.publiee_le = fiche.publiee_le or le
    fiche.modifiee_le = le
    fiche.credits = _ajouter_credits(fiche.credits, credits or EQUIPE)
    if fiche.etat == Fiche.Etat.EN_PREPARATION:
        fiche.etat = Fiche.Etat.PUBLIEE
    _projeter(fiche, contenu)
    return Version.objects.create(
        fiche_id=fiche.pk,
        numero=fiche.numero,
        contenu=contenu,
        credits=credits or EQUIPE,
        motif=motif,
        publiee_le=le,
        publiee_par=par,
    )


@transaction.atomic
def revenir(fiche: Fiche, version: Version, *, motif: str, credits: list[dict[str, str]], par=None) -> Version:
    """Publish an older version again, as a new one, and return it; whose text left with it is credited no more."""
    neuve = publier(fiche, version.contenu, motif=motif, credits=credits, par=par)
    _crediter(neuve.fiche)
    return neuve


def _crediter(fiche: Fiche) -> None:
    """Credit who wrote the versions that stand: what a return to an older text undid is left out."""
    tenues: list[Version] = []
    for version in fiche.versions.order_by("numero"):
        memes = [rang for rang, ancienne in enumerate(tenues, 1) if ancienne.contenu == version.contenu]
        tenues = [*tenues[: memes[-1] if memes else None], version]
    credits: list[dict[str, str]] = []
    for version in tenues:
        credits = _ajouter_credits(credits, version.credits)
    Fiche.objects.filter(pk=fiche.pk).update(credits=credits)


def _ajouter_credits(anciens: list[dict[str, str]], nouveaux: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return who made the fiche, version after version: each person once for each role."""
    vus: dict[tuple[str, str], dict[str, str]] = {}
    for credit in [*anciens, *nouveaux]:
        vus.setdefault((credit["nom"], credit["role"]), credit)
    return list(vus.values())


@transaction.atomic
def changer_credit(cle: str, nom: str = "", **reste: str) -> int:
    """Name otherwise, in every version and on the fiches, who is credited under this key; return how many versions.

    Without a name, nobody is credited any more. This is the only door to a published version, and it opens on its
    credits alone: a trigger keeps all the rest, whoever asks (migration 0004).
    """
    verrouiller()
    versions = []
    for version in Version.objects.filter(credits__contains=[{"cle": cle}]):
        neufs = [neuf for credit in version.credits if (neuf := _renomme(credit, cle, nom, reste))]
        if neufs != version.credits:
            version.credits = neufs
            versions.append(version)
    if not versions:
        return 0
    with _credits_ouverts():
        for version in versions:
            version.save(update_fields=["credits"])
    for fiche in Fiche.objects.filter(versions__in=versions).distinct():
        _crediter(fiche)
    Edition.avancer()
    return len(versions)


def _renomme(credit: dict[str, str], cle: str, nom: str, reste: dict[str, str]) -> dict[str, str]:
    if credit.get("cle") != cle:
        return credit
    return {"cle": cle, "nom": nom, "role": credit["role"], **{c: v for c, v in reste.items() if v}} if nom else {}


@contextmanager
def _credits_ouverts() -> Iterator[None]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT set_config('sante.credits', 'ouverts', true)")  # until the end of this transaction
        yield
        curseur.execute("SELECT set_config('sante.credits', '', true)")


@transaction.atomic
def changer_etat(fiche: Fiche, etat: Fiche.Etat, *, explication: str = "", remplacee_par: Fiche | None = None) -> Fiche:
    """Hide a fiche from the public, or show it again, at once and for everybody; return it as it is now."""
    Edition.avancer()
    fiche = relire(fiche)
    fiche.etat, fiche.etat_depuis = etat, timezone.now()
    fiche.etat_explication, fiche.remplacee_par = explication, remplacee_par
    fiche.save(update_fields=["etat", "etat_depuis", "etat_explication", "remplacee_par"])
    return fiche


@transaction.atomic
def marquer_relue(fiche: Fiche, jour: date) -> None:
    """Say that somebody checked the fiche on that day: checked is not changed."""
    Edition.avancer()
    Fiche.objects.filter(pk=fiche.pk).update(relue_le=jour)


@transaction.atomic
def noter_lien(url: str, etat: str = "", depuis: date | None = None) -> bool:
    """Say on the pages that cite this address that it is dead, or doubtful, since that day; no `etat`: it answers.

    Said again each time it is checked, for the fiches that cite it since; return whether a page changed.
    """
    verrouiller()
    constat = {"etat": etat, "depuis": depuis.isoformat()} if etat and depuis else None
    citantes = Fiche.objects.filter(Q(sources__url=url) | Q(liens_rompus__has_key=url)).only("liens_rompus").distinct()
    changees = [fiche for fiche in citantes if fiche.liens_rompus.get(url) != constat]
    for fiche in changees:
        fiche.liens_rompus.pop(url, None)
        if constat:
            fiche.liens_rompus[url] = constat
    Fiche.objects.bulk_update(changees, ["liens_rompus"])
    if changees:
        Edition.avancer()
    return bool(changees)


def verrouiller() -> None:
    """Queue behind every other change of what the public reads, until the end of this transaction."""
    Edition.objects.select_for_update().get()


def relire(fiche: Fiche) -> Fiche:
    """Return the fiche as the database has it now, found by its address; the one given when it is not there yet."""
    return type(fiche).objects.filter(nature=fiche.nature, slug=fiche.slug).first() or fiche


@transaction.atomic
def reprojeter(fiche: Fiche) -> bool:
    """Compute again what the pages show from the last version (a territory or a sigle changed); say if it moved."""
    verrouiller()
    fiche = relire(fiche)
    fiche.projeter_particularites(fiche.contenu)
    lies = Lies.de(fiche.contenu)
    if (rendre(fiche, fiche.contenu, lies), _mots(fiche, lies)) == (fiche.rendu, fiche.mots):
        return False
    _projeter(fiche, fiche.contenu)
    Edition.avancer()
    return True


@dataclass(frozen=True)
class Lies:
    """What a content is attached to: themes and publics in their order, territories in its own (the widest first)."""

    themes: list[Theme]
    publics: list[Public]
    territoires: list[Territoire]

    @classmethod
    def de(cls, contenu: Contenu) -> Self:
        trouves = {t.designation: t for t in Territoire.objects.designes_par(contenu["territoires"])}
        return cls(
            list(Theme.objects.filter(slug__in=contenu["themes"])),
            list(Public.objects.filter(slug__in=contenu["publics"])),
            [trouves[designation] for designation in contenu["territoires"]],
        )


def composer(fiche: Fiche, contenu: Contenu, lies: Lies | None = None) -> Fiche:
    """Return the fiche with, in memory, what its page shows of this content: published it is saved, else looked at."""
    fiche.titre, fiche.resume, fiche.contenu = contenu["titre"], contenu["resume"], contenu
    fiche.completude = GABARITS[fiche.nature].completude(contenu["sections"])
    fiche.projeter_particularites(contenu)
    fiche.rendu = rendre(fiche, contenu, lies or Lies.de(contenu))
    return fiche


def rendre(fiche: Fiche, contenu: Contenu, lies: Lies) -> Contenu:
    """Return all that pages and cards show of this content, names resolved, so that reading costs one query."""
    sigles = sigles_a_expliquer(Sigle.objects.order_by("sigle").values_list("sigle", "developpe"))
    propre = getattr(fiche, "sigle", "")
    sigles.pop(propre, None)  # the title develops it already
    return {
        "sections": rendre_sections(contenu["sections"], GABARITS[fiche.nature], sigles, numeros(contenu)),
        "themes": [{"slug": theme.slug, "nom": theme.nom} for theme in lies.themes],
        "publics": [{"slug": public.slug, "nom": public.nom} for public in lies.publics],
        "territoires": [
            {"nature": t.nature, "code": t.code, "nom": t.nom_complet, "url": t.get_absolute_url()}
            for t in lies.territoires
        ],
        **fiche.particularites_rendues(contenu),
    }


def _projeter(fiche: Fiche, contenu: Contenu) -> None:
    lies = Lies.de(contenu)
    composer(fiche, contenu, lies)
    fiche.mots = _mots(fiche, lies)
    citees = {source.get("url") for source in contenu["sources"]}
    fiche.liens_rompus = {url: constat for url, constat in fiche.liens_rompus.items() if url in citees}
    nouvelle = fiche.pk is None
    fiche.save()
    if not nouvelle:  # six queries less for each fiche of a loading
        _detacher(fiche)
    fiche.themes.add(*lies.themes)
    fiche.publics.add(*lies.publics)
    fiche.territoires.add(*lies.territoires)
    _projeter_sources(fiche, contenu)
    fiche.projeter_lignes(contenu)
    _noter_les_mots(fiche)


def _detacher(fiche: Fiche) -> None:
    for lies in (fiche.themes, fiche.publics, fiche.territoires):
        lies.clear()
    Chiffre.objects.filter(fiche=fiche).delete()
    Source.objects.filter(fiche=fiche).delete()


def _noter_les_mots(fiche: Fiche) -> None:
    textes = [fiche.titre, fiche.mots, fiche.resume, *fiche.contenu["sections"].values()]
    with connection.cursor() as curseur:
        curseur.execute(MOTS_NEUFS, [" ".join(textes)])


def _mots(fiche: Fiche, lies: Lies) -> str:
    return " ".join([*fiche.mots_propres(), *(territoire.nom for territoire in lies.territoires)])


def _projeter_sources(fiche: Fiche, contenu: Contenu) -> None:
    sources = {
        cle: Source(fiche_id=fiche.pk, numero=n, **source)
        for n, (cle, source) in enumerate(par_cle(contenu["sources"]).items(), 1)
    }
    Source.objects.bulk_create(sources.values())
    Chiffre.objects.bulk_create(
        Chiffre(fiche_id=fiche.pk, ordre=n, **{**chiffre, "source": sources[chiffre["source"]]})
        for n, chiffre in enumerate(contenu["chiffres"], 1)
    )
