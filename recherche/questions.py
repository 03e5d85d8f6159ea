"""A question asked as one speaks: « comment monter un CLSM », « CLS, c’est quoi ? », « différence entre ASV et CLS ».

`questions` alone reads them, from their turns of phrase: what comes before or after what they are about. Whether that
is something the base knows, `recherche/demande.py` says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from francais.caracteres import sans_accents

SIGNES_AU_PLUS = 200  # what the field of the words takes


class Genre(StrEnum):
    """What is asked of a scheme; the value ends the title of its answer, whatever the gender of the scheme."""

    DIFFERENCE = "à ne pas confondre"
    FINANCEMENT = "les financements"
    COUT = "le coût"
    DUREE = "la durée"
    CONTACT = "à qui s’adresser"
    EVALUATION = "l’évaluation"
    PORTEUR = "qui porte"
    UTILITE = "à quoi cela sert"
    FONCTIONNEMENT = "comment cela fonctionne"
    MONTAGE = "la mise en place"
    DEFINITION = "ce que c’est"


@dataclass(frozen=True)
class Question:
    genre: Genre
    objets: tuple[str, ...]  # what it is about, in its words; none for « qui contacter »
    interroge: bool  # it begins or ends with a word of question: its other words are surely no words to look for


MONTER = (
    "(?:monter|creer|mettre (?:en place|en oeuvre|en route|sur pied)|lancer|demarrer|construire|elaborer|ecrire|rediger"
    "|signer|instaurer|constituer|obtenir|developper|batir|preparer|conclure|initier|renouveler|etablir|installer"
    "|faire|avoir|ouvrir)"
)
FINANCER = "(?:financ(?:er?|ent)|pa(?:i|y)(?:er?|ent)|subventionn(?:er?|ent))"
PORTER = (
    "(?:port(?:er?|ent)|pilot(?:er?|ent)|anim(?:er?|ent)|sign(?:er?|ent)|coordonn(?:er?|ent)|ger(?:er?|ent)|s'occupe(?:nt)?"
    "|mont(?:er?|ent)|cre(?:er?|ent)|met(?:tre|tent)? en place|decid(?:er?|ent)|peut faire|fait)"
)
JOINDRE = (
    "(?:contact(?:er|e)|appell?er?|joindre|s'adress(?:er|e)(?:-t-on)?|m'adresser|parler|demander|ecrire|telephoner"
    "|sollicit(?:er|e)|se tourner)"
)
ON_PEUT = "(?:(?:je |on )?(?:peut|peux|doit|dois|faut|puis)(?:-on|-je|-il| on| je| il)? )?"
QUEL_EST = "(?:quel(?:le)?s? (?:est |sont )?|c'est quoi )?(?:l'|le |la |les |son |sa |ses )?"
DE = "(?: possibles?| moyens?| moyenne| usuelle)?(?: de| du| des| d'| pour)?"


class Tournures(NamedTuple):
    """What comes before what a question is about, or after it."""

    avant: str
    apres: str


TOURNURES: dict[Genre, Tournures] = {
    Genre.DIFFERENCE: Tournures(
        avant=rf"{QUEL_EST}differences?(?: y a-t-il)?(?: entre| de| d'| du)?|(?:comment |il faut |faut-il |que )?"
        r"(?:distinguer|comparer|choisir)(?: entre)?|comparaison(?: entre| de)?|qu'est-ce qui (?:distingue|differencie)"
        r"|en quoi",
        apres=r"(?:quelles? (?:est la |sont les )?)?(?:differences?|comparaison)",
    ),
    Genre.FINANCEMENT: Tournures(
        avant=rf"(?:par )?qui (?:est-ce qui )?(?:peut |doit |va )?(?:le |la |les )?{FINANCER}"
        rf"|(?:comment|avec (?:quoi|quel argent)) {ON_PEUT}(?:se )?(?:{FINANCER}|finance-t-on)"
        r"|(?:comment|par qui) (?:est|sont) finances?|qui (?:sont les )?financeurs?(?: de| d'| du)?"
        rf"|{QUEL_EST}(?:financements?|financeurs?|subventions?|aides? financieres?){DE}",
        apres=rf"(?:par )?qui (?:le |la |les )?{FINANCER}|(?:est |sont )?finances? (?:par qui|comment)"
        r"|(?:quels? )?(?:financements?|financeurs?|subventions?)",
    ),
    Genre.COUT: Tournures(
        avant=rf"combien (?:est-ce que )?(?:ca |cela )?(?:coute(?:nt|-t-il|-t-elle)?|vaut|revient)|c'est combien"
        rf"|a combien"
        rf"|combien d'argent(?: pour)?|{QUEL_EST}(?:couts?|prix|tarifs?|budgets?){DE}",
        apres=r"(?:ca |cela |c'est )?(?:coute )?combien(?: ca coute| ca vaut)?|(?:quel )?(?:couts?|prix|budget)",
    ),
    Genre.DUREE: Tournures(
        avant=rf"(?:pour |pendant )?combien (?:de temps|d'annees?|de mois)"
        rf"(?: (?:ca )?(?:dure(?:nt|-t-il)?|prend|faut-il))?(?: pour)?(?: {MONTER})?(?: est)?(?: signee?)?"
        rf"|{QUEL_EST}duree{DE}|quand (?:finit|se termine|expire)",
        apres=r"(?:ca |c'est )?(?:dure |prend )?(?:pour )?"
        r"(?:combien (?:de temps|d'annees?)|quelle duree)(?: ca dure)?|duree",
    ),
    Genre.CONTACT: Tournures(
        avant=rf"(?:a |vers )?qui (?:est-ce que )?{ON_PEUT}{JOINDRE}(?: a propos| au sujet)?{DE}(?: {MONTER})?"
        rf"|{QUEL_EST}(?:un )?(?:contacts?|coordonnees|interlocuteurs?|mail|e-mail|courriel|telephone|numero){DE}",
        apres=rf"(?:a |vers )?qui {ON_PEUT}{JOINDRE}|contacts?|coordonnees|interlocuteurs?|telephone",
    ),
    Genre.EVALUATION: Tournures(
        avant=rf"(?:comment )?{ON_PEUT}(?:evaluer|evalue-t-on|est evalue)|{QUEL_EST}(?:une )?evaluations?{DE}",
        apres=r"(?:comment (?:l'|les )?)?(?:evaluer|evaluation)",
    ),
    Genre.PORTEUR: Tournures(
        avant=rf"qui (?:est-ce qui )?(?:peut |doit |va )?(?:le |la |les )?{PORTER}(?: de| d'| du)?"
        r"|par qui (?:est|sont) \w+"
        rf"|{QUEL_EST}(?:porteurs?|pilotes?|signataires?|maitre d'ouvrage|responsable){DE}",
        apres=rf"(?:(?:est |sont )?(?:portee?s?|pilotee?s?|signee?s?) )?par qui|qui (?:le |la |les )?{PORTER}|porteurs?"
        r"|signataires?",
    ),
    Genre.UTILITE: Tournures(
        avant=r"(?:ca )?a quoi (?:ca |cela )?(?:sert|servent|sert-il|bon)|que (?:fait|font|permet)|qu'apporte(?:nt)?"
        rf"|pourquoi(?: {MONTER})?|{QUEL_EST}(?:utilite|interets?|roles?|buts?|objectifs?|missions?|avantages?){DE}",
        apres=r"(?:(?:ca )?(?:sert )?a quoi(?: ca sert| bon)?)|pour quoi faire|pourquoi(?: faire)?|utilite|roles?",
    ),
    Genre.FONCTIONNEMENT: Tournures(
        avant=rf"comment (?:ca )?(?:marche|fonctionne|travaille)(?:nt|-t-il)?|{QUEL_EST}fonctionnement{DE}",
        apres=r"comment (?:ca|cela) (?:marche|fonctionne)|fonctionnement",
    ),
    Genre.MONTAGE: Tournures(
        avant=rf"comment (?:est-ce qu(?:'|e ))?(?:s'y prendre pour |bien |faire pour )?{ON_PEUT}"
        rf"(?:faire pour )?{MONTER}"
        rf"|comment (?:se |on |je )?(?:monte|cree|fait|met|lance|construit)"
        rf"(?:-t-on|-on)?(?: en place)?|par ou commencer pour"
        rf"(?: {MONTER})?|(?:(?:je|on|nous) (?:veux|veut|voulons|voudrais|souhaite|souhaitons) )?{MONTER}"
        rf"|{QUEL_EST}(?:mise en (?:place|oeuvre)|creation|montage|lancement|elaboration){DE}"
        rf"|{QUEL_EST}(?:etapes?|procedure|marche a suivre|mode d'emploi){DE}(?: {MONTER})?",
        apres=r"comment (?:le |la |les |ca se )?(?:faire|monte|monter|s'y prendre|creer|mettre en place)"
        r"|par ou commencer"
        r"|(?:quelles )?etapes|mode d'emploi|mise en place|creation|montage",
    ),
    Genre.DEFINITION: Tournures(
        avant=r"(?:c'?est|c|ca veut dire) quoi|qu'est[ -]ce (?:que c'est(?: que| qu')?|que|qu')|qu'entend-on par"
        rf"|que (?:veut dire|signifie|designe)|kes?aco|kezako|expliquez?[ -]moi"
        rf"|{QUEL_EST}(?:definition|signification|sens){DE}|definir",
        apres=r"(?:c'?est |(?:ca )?(?:veut dire |signifie )|c )?(?:quoi|kes?ako|kezako)(?: exactement| au juste)?"
        r"|qu'est[ -]ce que c'est|que veut dire|definition|signification",
    ),
}
AVANT = {genre: re.compile(rf"(?:{tournures.avant})(?: |(?<=')|$)") for genre, tournures in TOURNURES.items()}
APRES = {genre: re.compile(rf"[ ,:;-]+(?:{tournures.apres})$") for genre, tournures in TOURNURES.items()}
ENTREE = re.compile(r"(?:bonjour|svp|dites[ -]moi|(?:je (?:voudrais|veux|aimerais|cherche a) )?savoir)[ ,:]+")
SORTIE = re.compile(r"[ ,]+(?:svp|stp|s'il (?:vous|te) plait|merci)$")
# « Y a-t-il un CLSM à Nantes ? », « quels sont les CLS en Bretagne »: what is asked is the scheme itself.
EXISTENCE = re.compile(
    r"(?:est-ce qu'?(?:il)? ?(?:y a|existe)|(?:il )?y a[ -]t[ -]il|existe[ -]t[ -]il|il y a|quel(?:le)?s? (?:est|sont)"
    r"|ou (?:est|sont|trouver)|(?:la )?liste|tou(?:te)?s)(?: une?| d'| de| des| les?| la)* "
)
ELISION = re.compile(r"\b(?:[cdlsjnm]|qu) (?=[aeiouyh])")  # « c est quoi »
ARTICLES = re.compile(r"(?:(?:une?|les?|la|des?|du|mon|ma|mes|notre|nos|votre|vos|ce|cet|cette|aux?|a) |[dl]')+")
SEPARATEURS = re.compile(
    r" (?:et|ou(?: bien)?|vs\.?|versus|contre|avec|face a) | (?:est )?differ\w+ (?:de |des |du |d')| ?[,/] ?"
)
ESPACES = re.compile(" +")
CHOIX = re.compile(r" (?:ou(?: bien)?|vs\.?|versus|contre) | ?/ ?")
INTERROGE = re.compile(r"\b(?:comment|combien|qui|que|quoi|qu'|quel(?:le)?s?|pourquoi|differences?|kes?ako|kezako)")
BORDS = ' ?!.,;:-«»"“”()'


def questions(saisie: str) -> Iterator[Question]:
    """Yield what may be asked by these words, the likeliest first."""
    if len(saisie) > SIGNES_AU_PLUS:
        return
    mots = _Mots(saisie)
    if morceaux := mots.couper(CHOIX):
        yield Question(Genre.DIFFERENCE, morceaux, interroge=False)
    for genre in TOURNURES:
        for debut, fin in mots.restes(genre):
            interroge = bool(INTERROGE.search(mots.plies))
            objets = _Mots(saisie[debut:fin])
            if genre == Genre.DIFFERENCE:
                yield Question(genre, objets.couper(SEPARATEURS) or objets.couper(ESPACES), interroge)
            yield Question(genre, objets.entier, interroge)


def sans_existence(saisie: str) -> str:
    """Return words without « y a-t-il un… », « quels sont les… » before them."""
    mots = _Mots(saisie)
    trouve = EXISTENCE.match(mots.plies)
    return saisie[trouve.end() :].strip(BORDS) if trouve else saisie


class _Mots:
    """Words, and the same folded, letter for letter: no capitals, no accents, one apostrophe, one space."""

    def __init__(self, texte: str):
        self.texte = texte
        plies = "".join(_plier(signe) for signe in texte)
        self.plies = ELISION.sub(lambda trouve: f"{trouve[0][:-1]}'", plies)

    def restes(self, genre: Genre) -> Iterator[tuple[int, int]]:
        """Yield the spans of what this question may be about."""
        debut, fin = self._bords(0, len(self.plies))
        while entree := ENTREE.match(self.plies, debut, fin):
            debut = entree.end()
        if sortie := SORTIE.search(self.plies, debut, fin):
            debut, fin = self._bords(debut, sortie.start())
        if avant := AVANT[genre].match(self.plies, debut, fin):
            yield avant.end(), fin
        if apres := APRES[genre].search(self.plies, debut, fin):
            yield debut, apres.start()

    def couper(self, separateur: re.Pattern[str]) -> tuple[str, ...]:
        """Return the two pieces or more that this separates, or nothing."""
        coupes = [0, *(place for trouve in separateur.finditer(self.plies) for place in trouve.span()), len(self.plies)]
        morceaux = [self._nu(*bornes) for bornes in zip(coupes[::2], coupes[1::2], strict=True)]
        return tuple(morceaux) if len(morceaux) > 1 and all(morceaux) else ()

    @property
    def entier(self) -> tuple[str, ...]:
        nu = self._nu(0, len(self.plies))
        return (nu,) if nu else ()

    def _nu(self, debut: int, fin: int) -> str:
        debut, fin = self._bords(debut, fin)
        if articles := ARTICLES.match(self.plies, debut, fin):
            debut = articles.end()
        return self.texte[debut:fin]

    def _bords(self, debut: int, fin: int) -> tuple[int, int]:
        while debut < fin and self.plies[debut] in BORDS:
            debut += 1
        while debut < fin and self.plies[fin - 1] in BORDS:
            fin -= 1
        return debut, fin


def _plier(signe: str) -> str:
    """Return one sign for one sign."""
    if signe in "’‘ʼ´`":
        return "'"
    if signe.isspace():
        return " "
    if signe in "‐‑–—":
        return "-"
    plie = sans_accents(signe)
    return plie if len(plie) == 1 else "o" if signe in "œŒ" else signe
