"""What somebody asks in the field of the words: the place, the question, what it is about, the words to look for."""

from dataclasses import dataclass

from recherche.lieu_dit import SANS_LIEU, Separation
from recherche.questions import Genre, Question, questions, sans_existence
from recherche.sujets import Sujet, Sujets
from territoires.sortes import QUARTIER, separer_la_sorte

QPV = "QPV"
# Asked of no scheme in particular, each scheme has its answer: « qui finance », « budget ».
DITS_PARTOUT = (Genre.FINANCEMENT, Genre.COUT, Genre.DUREE, Genre.EVALUATION, Genre.MONTAGE)


@dataclass(frozen=True)
class Demande:
    saisie: str = ""  # what was typed, without the place
    mots: str = ""  # what to look for: « CLSM » of « comment monter un CLSM »
    lieu_dit: Separation = SANS_LIEU
    genre: Genre | None = None  # of the question, if it is one
    sujets: tuple[Sujet, ...] = ()

    @property
    def sujet(self) -> Sujet | None:
        return self.sujets[0] if len(self.sujets) == 1 else None


def comprendre(saisie: str, connus: Sujets, lieu_dit: Separation = SANS_LIEU) -> Demande:
    """Return what these words ask; `lieu_dit`: the place read among them, when none is asked apart."""
    reste = sans_existence(lieu_dit.mots if lieu_dit.territoire or lieu_dit.possibles else saisie)
    interrogees = []
    for question in questions(reste):
        sujets = tuple(sujet for objet in question.objets if (sujet := connus.nommer(objet)) and sujet.slug)
        if len(sujets) == len(question.objets) and (
            sujets or (question.genre == Genre.CONTACT and lieu_dit.territoire)
        ):
            return Demande(reste, " OU ".join(question.objets), lieu_dit, question.genre, sujets)
        if not question.objets and question.genre in DITS_PARTOUT:
            return Demande(reste, reste, lieu_dit, question.genre)
        interrogees += [question] if question.interroge and len(question.objets) == 1 else []
    if interrogees:
        return _sans_sujet(reste, lieu_dit, interrogees[0])
    sujet = connus.nommer(reste)
    if sujet is None and lieu_dit.territoire and separer_la_sorte(reste)[1] == QUARTIER:
        # « QPV les violettes » of a town that has none of this name: its quartiers answer.
        return Demande(reste, QPV, lieu_dit, sujets=(Sujet(quartiers=True),))
    return Demande(reste, reste, lieu_dit, sujets=(sujet,) if sujet else ())


def _sans_sujet(reste: str, lieu_dit: Separation, question: Question) -> Demande:
    """A question about something that is no scheme: the words of the question are left out of those to look for."""
    genre = question.genre if question.genre == Genre.DEFINITION else None
    return Demande(reste, question.objets[0], lieu_dit, genre)
