"""Obstacles: why a verb cannot happen now, in French for the person; views answer 409 and keep what was typed."""


class Empechement(Exception):
    """The state of things does not allow it."""


class DejaDecidee(Empechement):
    """Somebody decided meanwhile."""


class TexteModifie(Empechement):
    """The author, or another decision, changed the text under the eyes of who decides."""


class ConflitATrancher(Empechement):
    """The fiche moved and both texts touch the same place: the decision must say what the result is."""

    def __init__(self, conflits: list[str]):
        super().__init__("La fiche a changé au même endroit : dites ce qu’il reste des parties à trancher.")
        self.conflits = conflits  # keys of units


class ContenuRefuse(Empechement):
    """The resulting content is not valid; `erreurs` says what is wrong."""

    def __init__(self, erreurs: list[str]):
        super().__init__("Le texte qui serait publié n’est pas valide : " + " ".join(erreurs))
        self.erreurs = erreurs
