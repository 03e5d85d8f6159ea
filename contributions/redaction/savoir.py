"""« Que savez-vous de… »: one box for each scheme followed in a territory, and what each answer comes to.

« Je ne sais pas » comes to nothing; « oui » and « plus » to a dated statement on the fiche that is displayed, or to a
fiche that does not exist yet; « jamais » to an absence. Each is one proposition, read apart.
"""

import re
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from comptes.champs import ChampCourriel
from contributions.models import Proposition
from contributions.models.propositions import ABSENCE
from contributions.redaction import vigilance
from contributions.redaction.exigences import ADRESSE
from contributions.redaction.forms import FormulaireCorrection
from contributions.redaction.propos import titre_probable
from dispositifs.age import Constat
from fiches.dates import ChampDatePartielle
from fiches.forms import FORMULAIRES, ChampTexte, LigneSource, Relisible
from fiches.gabarits import Nature
from fiches.models import Fiche, Version
from fiches.sources import Contenu, cle_libre, cles
from fiches.unites import changements
from francais.dates import DatePartielle
from panorama.couverture import Case
from territoires.models.contacts import D_UNE_PERSONNE

SAIS_PAS, OUI, PLUS, JAMAIS = "sais-pas", "oui", "plus", "jamais"
REPONSES = {
    OUI: "Il y en a un",
    PLUS: "Il n’y en a plus",
    JAMAIS: "Il n’y en a jamais eu",
    SAIS_PAS: "Je ne sais pas",
}
CONSTATS = {OUI: Constat.ACTIF, PLUS: Constat.TERMINE}
SANS_SOURCE = "Réponse reçue par le site"
SOURCE_MAX = 200
FONCTION = "Une adresse de fonction seulement, comme sante@mairie.fr ou un standard\u00a0: ni nom, ni mobile."
MOBILE = re.compile(r"^(?:\D{0,3}33\D{0,5}0?|0)[67]")
CIVILITE = re.compile(r"\b(?:M\.|MM\.|Mme|Mlle|Dr|Monsieur|Madame|Docteur)\s{1,3}\w", re.IGNORECASE)


def refuser_les_personnes(texte: str) -> None:
    """Raise ValidationError when a text gives somebody's name, mobile or address: a service answers, not a person."""
    trouvees = vigilance.coordonnees(texte)
    a_quelqu_un = any(MOBILE.match(t) or re.match(D_UNE_PERSONNE, t.lower()) for t in trouvees)
    if a_quelqu_un or CIVILITE.search(texte):
        raise ValidationError(FONCTION, code="personne")


def adresse_citee(dite: str) -> str:
    """Return the address of a page in what was said of a source, or nothing if no source may have such an address."""
    adresse = ADRESSE.search(dite)
    url = adresse[0].rstrip(".,;:)»") if adresse else ""
    with suppress(ValidationError):
        LigneSource.base_fields["url"].clean(url)
        return url
    return ""


class Boite(Relisible):
    """What one knows of a scheme in a territory. `case`: what is displayed of it."""

    reponse = forms.ChoiceField(
        label="Votre réponse", choices=REPONSES.items(), initial=SAIS_PAS, required=False, widget=forms.RadioSelect
    )
    nom = ChampTexte(label="Son nom", max_length=150, validators=[refuser_les_personnes])
    le = ChampDatePartielle(
        label="Vrai à la date de, ou fini depuis", required=False, help_text="L’année suffit\u00a0: 2026 ou mars 2026."
    )
    source = ChampTexte(
        label="Comment le savez-vous\u00a0?",
        max_length=SOURCE_MAX,
        help_text="L’adresse d’une page, un document, ou « j’y travaille ».",
        validators=[refuser_les_personnes],
    )
    contact = ChampTexte(
        label="Qui joindre",
        max_length=SOURCE_MAX,
        help_text="Un service\u00a0: sante@mairie.fr, un standard.",
        validators=[refuser_les_personnes],
    )

    def __init__(self, data: Any, case: Case, jour: date):
        super().__init__(data, prefix=case.dispositif.slug)
        self.case, self.jour = case, jour
        self.fiche = case.locaux[0] if case.locaux else None
        self.tout_recevoir()
        if self.fiche:
            del self.fields["nom"]

    @property
    def ancre(self) -> str:
        return self.case.dispositif.slug

    def clean_reponse(self) -> str:
        return self.cleaned_data["reponse"] or SAIS_PAS

    def clean_le(self) -> DatePartielle:
        le = self.cleaned_data["le"]
        if le and le.premier_jour > self.jour:
            raise ValidationError("Cette date est à venir\u00a0: dites ce qui est, ou ce qui était.")
        return le

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        reponse, dits = lues.get("reponse"), [lues.get(nom) for nom in ("nom", "le", "source", "contact")]
        if reponse == SAIS_PAS and any(dits):
            self.add_error("reponse", "Vous avez écrit ici\u00a0: choisissez une réponse, ou videz ces champs.")
        if reponse in (PLUS, JAMAIS) and not self.errors and not (lues.get("le") or lues.get("source")):
            self.add_error("le", "Donnez une année, ou dites comment vous le savez.")
        return lues

    @property
    def repond(self) -> bool:
        return self.cleaned_data.get("reponse", SAIS_PAS) != SAIS_PAS

    # What the answer comes to

    @property
    def sujet(self) -> str:
        return f"{self.case.dispositif.nom_court}, {self.case.lieu.nom_complet}"

    @property
    def pourquoi(self) -> str:
        """The answer in a sentence, for the history and the desk."""
        dite = self.cleaned_data["source"] or SANS_SOURCE
        return f"{self.sujet}\u00a0: {REPONSES[self.cleaned_data['reponse']].lower()}. {dite}"[: Version.MOTIF_MAX]

    @property
    def date_dite(self) -> DatePartielle:
        """The date of the answer; today's month if it gives none: it is then that it is true."""
        return self.cleaned_data["le"] or DatePartielle(self.jour.isoformat()[:7])

    def proposition(self, **champs: Any) -> Proposition:
        """Return the row, not written yet, that the answer goes to."""
        fiche: Fiche | None = self.fiche
        nature = Nature.LOCAL
        if self.cleaned_data["reponse"] == JAMAIS:
            fiche, nature = self.case.dispositif, Nature.DISPOSITIF
        titre = fiche.titre if fiche else self._titre
        return Proposition(nature=nature, fiche_id=fiche.pk if fiche else None, titre=titre, **champs)

    def remise(self, base: Version | None) -> dict[str, Any]:
        """Return what is handed in on this version of the fiche, or for a new one. Raises ValidationError."""
        if self.cleaned_data["reponse"] == JAMAIS:
            return {"changements": {ABSENCE: self._absence()}, "sorte": Proposition.Type.AJOUT}
        if base:
            neuf = FORMULAIRES[Nature.LOCAL].valider(self._constate(base.contenu))
            return {
                "changements": changements(Nature.LOCAL, base.contenu, neuf),
                "sorte": Proposition.Type.MISE_A_JOUR,
            }
        neuf = FORMULAIRES[Nature.LOCAL].valider(self._nouvelle())
        return {"changements": changements(Nature.LOCAL, {}, neuf), "sorte": Proposition.Type.AJOUT}

    def _absence(self) -> dict[str, str]:
        source = self.cleaned_data["source"]
        dite = f"{SANS_SOURCE}, {source}" if source else SANS_SOURCE
        return {"territoire": self.case.lieu.designation, "constatee_le": str(self.date_dite), "source": dite}

    def _constate(self, contenu: Contenu) -> Contenu:
        """Return the content of a fiche with this statement, and what says it."""
        neuf = {**contenu, "sections": {**contenu["sections"]}}
        cle = ""
        if self.cleaned_data["source"]:
            cle = cle_libre(cles(contenu))
            neuf["sources"] = [*contenu["sources"], {"cle": cle, **self._source()}]
        etat = CONSTATS[self.cleaned_data["reponse"]]
        neuf["constats"] = [*contenu["constats"], {"etat": etat.value, "le": str(self.date_dite), "source": cle}]
        if self._a_joindre:
            dite = neuf["sections"].get("gouvernance", "")
            neuf["sections"]["gouvernance"] = f"{dite}\n\n{self._a_joindre}".strip()
        return neuf

    def _nouvelle(self) -> Contenu:
        """Return the least that a fiche says: its name, its place, what was said of it and when."""
        reponse = self.cleaned_data["reponse"]
        phrase = f"{self._titre}\u00a0: {'en cours' if reponse == OUI else 'terminé'}, dit {self.date_dite.situee}."
        return {
            "titre": self._titre,
            "resume": phrase,
            "dispositif": self.case.dispositif.slug,
            "territoires": [self.case.lieu.designation],
            "sections": {
                "description": f"{phrase}[^1]",
                **({"gouvernance": self._a_joindre} if self._a_joindre else {}),
            },
            "constats": [{"etat": CONSTATS[reponse].value, "le": str(self.date_dite), "source": "1"}],
            "sources": [{"cle": "1", **self._source()}],
        }

    @property
    def _titre(self) -> str:
        lieu, dispositif = self.case.lieu, self.case.dispositif
        return self.cleaned_data.get("nom") or titre_probable(lieu, dispositif) or f"{dispositif.titre}, {lieu.nom}"

    @property
    def _a_joindre(self) -> str:
        contact = self.cleaned_data["contact"]
        return f"À joindre\u00a0: {contact}." if contact else ""

    def _source(self) -> dict[str, str]:
        """Return what was said of the source as a source: the address of a page, and words for its title."""
        dite = self.cleaned_data["source"]
        url = adresse_citee(dite)
        titre = " ".join(dite.replace(url, " ").split()).strip(" .,;:") if url else dite
        return {
            "titre": titre or (url and f"Page citée\u00a0: {url}"[:300]) or SANS_SOURCE,
            "url": url,
            "date": str(self.date_dite),
        }


class FormulaireSavoir(FormulaireCorrection):
    """What goes with the boxes: nothing but an address, if one wants to be told."""

    pourquoi = None  # type: ignore[assignment]  # asked in each box
    de_service = None  # type: ignore[assignment]

    courriel = ChampCourriel(
        label="Être prévenu de la suite",
        help_text="Sans adresse, vos réponses sont lues quand même\u00a0; le lien de suivi s’affiche après l’envoi.",
        required=False,
    )
