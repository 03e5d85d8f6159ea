"""Examination of a proposition, as a moderator has it before her eyes: each unit it changes, as it would be published.

`entiere` is the merge of all that is proposed with what is published now. Where both sides changed the same place,
it keeps what is published, until she says what to do: nothing is chosen for her.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from comparaison.contenus import Comparaison, Difference, comparer
from comparaison.fusion import Fusion
from comparaison.listes import Choix, Rangee
from contributions.models import Depot, Dossier, Message, Proposition
from contributions.redaction.vigilance import Alerte, alertes, deguisements
from contributions.signaler.cibles import unite_visee
from contributions.verbes.propositions import fiche_de, reunir_avec
from dispositifs.models import Absence, DispositifLocal
from fiches import edition
from fiches.forms import FORMULAIRES, ChampTexte
from fiches.models import Fiche, Source
from fiches.rendu import sans_liens
from fiches.sources import Contenu
from fiches.unites import Unite, avec, unites, valeur
from territoires.models import Territoire
from veille.models import VerificationSource


@dataclass(frozen=True)
class Desaccord:
    """A text or a value that both sides changed: what each did to the common one, and both at once if it can be."""

    publiee: Difference | None
    proposee: Difference | None
    reunion: str  # of texts that do not touch the same words; empty where they do
    reunie: Difference | None  # what this makes of the published text


@dataclass(frozen=True)
class Changement:
    """A unit that the proposition changes."""

    unite: Unite
    base: Any
    publiee: Any
    proposee: Any
    resultat: Any  # the merge; where it is a conflict of texts, both sides if it can be, otherwise what is published
    conflit: bool
    desaccord: Desaccord | None  # in a conflict, but of lists, which are settled by rows
    reunie: bool  # both sides had changed it, and they agree
    ajustable: bool  # a text: the moderator may write the result
    rangees: list[Rangee]  # of a list in conflict, the rows to settle
    difference: Difference | None  # from what is published to the result
    depuis: Difference | None  # from the deposit that she read before to this one
    remarques: list[Message]  # what moderators asked about it
    alertes: list[Alerte]
    dossiers: list[Dossier]
    voisines: list[Proposition]

    @property
    def cle(self) -> str:
        return self.unite.cle


class Examen:
    """`lu`: the deposit that the moderator read before this one, if there was one."""

    def __init__(self, proposition: Proposition, depot: Depot, lu: Depot | None = None):
        self.proposition, self.depot, self.lu = proposition, depot, lu
        self.base: Contenu = depot.lue
        self.fiche: Fiche = fiche_de(proposition)
        self.publiee: Contenu = self.fiche.contenu or {}

    @cached_property
    def fusion(self) -> Fusion:
        return reunir_avec(self.fiche, self.depot)

    @property
    def entiere(self) -> Contenu:
        return self.fusion.contenu

    def reunir(self, retenues: set[str] | None, choix: Mapping[str, Choix]) -> Fusion:
        """Return the merge of what is retained, with the choices made."""
        return reunir_avec(self.fiche, self.depot, retenues, choix)

    @property
    def a_bouge(self) -> bool:
        """The fiche has got another version since the one that the author read."""
        return bool(self.depot.base and self.depot.base.numero != self.fiche.numero)

    @cached_property
    def changements(self) -> list[Changement]:
        changees = [unite for unite in unites(self.proposition.nature) if unite.cle in self.depot.changements]
        return [self._changement(unite) for unite in changees]

    @property
    def conflits(self) -> list[Changement]:
        return [changement for changement in self.changements if changement.conflit]

    @property
    def nb_sans_conflit(self) -> int:
        return len(self.changements) - len(self.conflits)

    @property
    def proposee(self) -> Contenu:
        """What is proposed, its sources called as in the merge."""
        return self.fusion.proposee

    @cached_property
    def erreurs(self) -> list[str]:
        """Why the whole merge could not be published, if it could not."""
        try:
            FORMULAIRES[self.proposition.nature].valider(self.entiere)
        except ValidationError as refus:
            return refus.messages
        return []

    @cached_property
    def apercu(self) -> Fiche | None:
        """The fiche as the whole merge would make it; nothing if it could not be published.

        Of who left no address, links stay texts: nobody is led anywhere before somebody answers for it.
        """
        if self.erreurs:
            return None
        if not self.proposition.sans_adresse:
            return edition.composer(self.fiche, self.entiere)
        muettes = [{**source, "url": ""} for source in self.entiere["sources"]]
        fiche = edition.composer(self.fiche, {**self.entiere, "sources": muettes})
        fiche.rendu["sections"] = {cle: sans_liens(html) for cle, html in fiche.rendu["sections"].items()}
        return fiche

    @cached_property
    def differences(self) -> dict[str, Difference]:
        """What the merge changes in what is published, by unit."""
        comparaison = comparer(self.proposition.nature, self.publiee, self.entiere)
        textes = set(self.fusion.conflits) - set(self.fusion.rangees)
        montrees = [d for d in comparaison.differences if d.unite.cle not in textes]
        return {difference.unite.cle: difference for difference in _relier(montrees)}

    @property
    def suites(self) -> list[Difference]:
        """What changes though nobody asked: the sources that come with the texts."""
        return [d for cle, d in self.differences.items() if cle not in self.depot.changements]

    def _desaccord(self, cle: str, reunion: str) -> Desaccord:
        publiee, proposee = (valeur(contenu, cle) for contenu in (self.fusion.publiee, self.fusion.proposee))
        return Desaccord(
            publiee=self._ecart(cle, self.fusion.base, publiee, "publiee"),
            proposee=self._ecart(cle, self.fusion.base, proposee, "proposee"),
            reunion=reunion,
            reunie=self._ecart(cle, self.fusion.publiee, reunion, "reunie") if reunion else None,
        )

    def _ecart(self, cle: str, depart: Contenu, arrivee: Any, cote: str) -> Difference | None:
        """Return what changes in a unit of this content with another value."""
        comparaison = comparer(self.proposition.nature, depart, avec(depart, {cle: arrivee}), prefixe=f"{cle}-{cote}-")
        return next(iter(comparaison.seulement([cle]).differences), None)

    @cached_property
    def depuis(self) -> dict[str, Difference]:
        """What the author changed since the deposit that she read before, by unit."""
        if not self.lu:
            return {}
        comparaison = comparer(self.proposition.nature, self.lu.proposee, self.depot.proposee, prefixe="depuis-")
        touchees = {*self.lu.changements, *self.depot.changements}
        return {difference.unite.cle: difference for difference in comparaison.seulement(touchees).differences}

    @property
    def abandonnees(self) -> list[Difference]:
        """What the author no longer asks for, since the deposit that she read before."""
        return [d for cle, d in self.depuis.items() if cle not in self.depot.changements]

    @cached_property
    def _remarques(self) -> list[Message]:
        return list(self.proposition.messages.filter(de_la_moderation=True).exclude(unite="").select_related("auteur"))

    @cached_property
    def comparaison_de_l_auteur(self) -> Comparaison:
        """What the author changed in the version that she read."""
        return comparer(self.proposition.nature, self.base, self.depot.proposee)

    @property
    def deguisements(self) -> list[Alerte]:
        """What is not what it looks like, in what goes with the text."""
        p = self.proposition
        return deguisements([self.depot.pourquoi, p.titre, p.credit_nom, p.credit_role, p.credit_lien])

    @cached_property
    def dossiers(self) -> list[Dossier]:
        """The open reports on this fiche."""
        if not self.proposition.fiche_id:
            return []
        return list(Dossier.objects.a_traiter().filter(fiche=self.proposition.fiche_id))

    @cached_property
    def voisines(self) -> list[Any]:
        """The other open propositions on this fiche, oldest first, each with what it changes."""
        if not self.proposition.fiche_id:
            return []
        autres = Proposition.objects.ouvertes().exclude(statut=Proposition.Statut.A_CONFIRMER)
        autres = autres.filter(fiche=self.proposition.fiche_id).exclude(pk=self.proposition.pk)
        voisines: list[Any] = list(autres.prefetch_related("depots").defer("saisie").order_by("deposee_le")[:50])
        for voisine in voisines:
            depots = list(voisine.depots.all())
            voisine.dernier = depots[-1] if depots else None
            voisine.unites_changees = set(depots[-1].changements) if depots else set()
        return voisines

    @property
    def aussi(self) -> list[tuple[Any, list[str], bool]]:
        """Each of these with the names of what it changes, and whether this one changes some of it too."""
        nommees = unites(self.proposition.nature)
        return [
            (
                voisine,
                [unite.titre for unite in nommees if unite.cle in voisine.unites_changees],
                bool(voisine.unites_changees & set(self.depot.changements)),
            )
            for voisine in self.voisines
        ]

    @cached_property
    def connu(self) -> tuple[Absence | None, list[DispositifLocal]]:
        """What the base says where an absence is proposed: the absence it has already, the schemes it knows there."""
        lieu = Territoire.objects.designes_par([(self.depot.absence or {}).get("territoire", "")]).first()
        if lieu is None:
            return None, []
        fiche = self.proposition.fiche_id
        la = DispositifLocal.objects.visibles_pour().filter(dispositif=fiche, territoires=lieu)
        return Absence.objects.filter(dispositif=fiche, territoire=lieu).first(), list(la[:5])

    def sources(self) -> Iterator[dict[str, Any]]:
        """Yield the sources of the result: `neuve` if the fiche did not have it, `morte` if somebody reported it."""
        connues = {source.get("url") or source.get("titre") for source in self.publiee.get("sources", [])}
        adresses = [source["url"] for source in self.entiere.get("sources", []) if source.get("url")]
        mortes = adresses_signalees(adresses)
        for numero, source in enumerate(self.entiere.get("sources", []), 1):
            yield {
                **source,
                "numero": numero,
                "neuve": (source.get("url") or source.get("titre")) not in connues,
                "morte": source.get("url") in mortes,
            }

    def _changement(self, unite: Unite) -> Changement:
        conflit = unite.cle in self.fusion.conflits
        rangees = self.fusion.rangees.get(unite.cle, [])
        ajustable = _est_un_texte(self.proposition.nature, unite)
        a_trancher = conflit and not rangees
        reunion = self.fusion.mots_reunis(unite.cle) if a_trancher and ajustable else ""
        proposee = valeur(self.proposee, unite.cle)
        resultat = reunion or valeur(self.entiere, unite.cle)
        lu = proposee if conflit else resultat
        return Changement(
            unite=unite,
            base=valeur(self.base, unite.cle),
            publiee=valeur(self.publiee, unite.cle),
            proposee=proposee,
            resultat=resultat,
            conflit=conflit,
            desaccord=self._desaccord(unite.cle, reunion) if a_trancher else None,
            reunie=unite.cle in self.fusion.reunies,
            ajustable=ajustable,
            rangees=rangees,
            difference=self.differences.get(unite.cle),
            depuis=self.depuis.get(unite.cle),
            remarques=[message for message in self._remarques if message.unite == unite.cle] if self.lu else [],
            alertes=alertes(lu or "") if unite.genre == "section" else deguisements(lu),
            dossiers=[dossier for dossier in self.dossiers if unite_visee(dossier.cible) == unite.cle],
            voisines=[v for v in self.voisines if unite.cle in v.unites_changees],
        )


def _relier(differences: list[Difference]) -> Iterator[Difference]:
    """Yield these differences with their links from one change to the next: those of a conflict are shown otherwise."""
    ancres = [ligne.ancre for difference in differences for ligne in difference.lignes if ligne.changee]
    voisines = {ancre: paire for ancre, *paire in zip(ancres, ["", *ancres], [*ancres[1:], ""], strict=False)}
    for rang, difference in enumerate(differences):
        lignes = []
        for ligne in difference.lignes:
            precedente, suivante = voisines.get(ligne.ancre, ("", ""))
            lignes.append(replace(ligne, precedente=precedente, suivante=suivante))
        yield replace(
            difference,
            lignes=tuple(lignes),
            precedente=differences[rang - 1].ancre if rang else "",
            suivante=differences[rang + 1].ancre if rang + 1 < len(differences) else "",
        )


def _est_un_texte(nature: str, unite: Unite) -> bool:
    if unite.genre == "section":
        return True
    return unite.genre == "champ" and type(FORMULAIRES[nature].base_fields[unite.cle]) is ChampTexte


def adresses_signalees(adresses: list[str]) -> set[str]:
    """Return those of these addresses that were found dead, or that an open report says dead, on whatever fiche."""
    if not adresses:
        return set()
    verifiees = VerificationSource.objects.filter(url__in=adresses, etat=VerificationSource.Etat.MORTE)
    mortes = set(verifiees.values_list("url", flat=True))
    dossiers = Dossier.objects.a_traiter().filter(categorie=Dossier.Categorie.LIEN_MORT, cible__startswith="source-")
    numeros = {(d.fiche_id, d.cible.removeprefix("source-")) for d in dossiers.only("fiche_id", "cible")}
    for source in Source.objects.filter(url__in=adresses).only("fiche_id", "numero", "url"):
        if (source.fiche_id, str(source.numero)) in numeros:
            mortes.add(source.url)
    return mortes
