"""Gestes on what moderators write, rules and synonyms: withdrawn, put back."""

from collections.abc import Callable
from typing import Any

from contributions.models import RegleDeFile
from dispositifs.models import Regle
from moderation import ecrits
from moderation.forms.gestes import RaisonDuChangement
from moderation.geste import Geste
from recherche.models import Synonyme


def _retirer(titre: str, effet: str, fait: str) -> Geste:
    return Geste(
        titre,
        effet,
        fait,
        ecrits.retirer,
        RaisonDuChangement,
        au_bouton="Retirer",
        icone="croix",
        danger=True,
        immediat=True,
    )


def _remettre(titre: str, effet: Callable[[Any, Any, Any], str], fait: str) -> Geste:
    return Geste(
        titre,
        effet,
        fait,
        ecrits.remettre,
        RaisonDuChangement,
        au_bouton="Remettre en vigueur",
        icone="coche",
        immediat=True,
    )


DES_ECRITS: dict[type, dict[str, Geste]] = {
    Regle: {
        "retirer": _retirer(
            "Retirer la règle",
            "Elle ne comptera plus. Elle reste ici, avec son histoire.",
            "La règle est retirée : elle ne compte plus.",
        ),
        "remettre": _remettre(
            "Remettre la règle en vigueur",
            lambda regle, *_: f"«\u00a0{regle.explication}\u00a0» comptera à nouveau.",
            "La règle compte à nouveau.",
        ),
    },
    Synonyme: {
        "retirer": _retirer(
            "Retirer le synonyme",
            "Les recherches ne le connaîtront plus. Il reste ici, avec son histoire.",
            "Le synonyme est retiré : les recherches ne le connaissent plus.",
        ),
        "remettre": _remettre(
            "Remettre le synonyme en vigueur",
            lambda synonyme, *_: f"Chercher «\u00a0{synonyme.terme}\u00a0» cherchera à nouveau les deux.",
            "Le synonyme compte à nouveau.",
        ),
    },
    RegleDeFile: {
        "retirer": _retirer(
            "Retirer la règle",
            "Elle ne triera plus rien. Ce qu’elle a déjà mis à part le reste. Elle reste ici, avec son histoire.",
            "La règle est retirée : elle ne trie plus.",
        ),
        "remettre": _remettre(
            "Remettre la règle en vigueur",
            lambda regle, *_: f"Elle triera à nouveau. {regle.en_mots}",
            "La règle trie à nouveau.",
        ),
    },
}
