"""Form of a request of confirmation: whom one asks about a scheme, at which address, read where."""

from typing import Any

from django.core.exceptions import ValidationError

from comptes.champs import ChampCourriel
from contributions.models.confirmations import DE_SERVICE, INSTITUTION_MAX, ORIGINE_MAX, adresses_arretees
from contributions.redaction.savoir import refuser_les_personnes
from contributions.verbes.confirmations import ARRETEE
from dispositifs.models import DispositifLocal
from fiches.forms import ChampTexte, Relisible


class AQuiDemander(Relisible):
    """Of one scheme, `fiche`."""

    institution = ChampTexte(
        label="Institution",
        required=True,
        max_length=INSTITUTION_MAX,
        validators=[refuser_les_personnes],
        error_messages={"required": "Nommez l’institution\u00a0: la réponse paraîtra à ce nom."},
    )
    destinataire = ChampCourriel(
        label="Adresse d’un service",
        help_text="Jamais celle d’une personne.",
        validators=[DE_SERVICE],
        error_messages={"required": "Donnez l’adresse d’un service, trouvée sur une page publique."},
    )
    origine = ChampTexte(
        label="Où l’avez-vous lue\u00a0?",
        required=True,
        max_length=ORIGINE_MAX,
        help_text="Le nom ou l’adresse d’une page\u00a0: c’est dit dans le courriel.",
        error_messages={"required": "Dites où cette adresse est publique."},
    )

    def __init__(self, data: Any = None, *, fiche: DispositifLocal, initial: dict[str, str]):
        super().__init__(data, prefix=f"fiche-{fiche.pk}", initial=initial)
        self.fiche = fiche
        self.fields["destinataire"].widget.attrs["autocomplete"] = "off"
        self.tout_recevoir()

    @property
    def cochee(self) -> bool:
        return self.is_bound

    def clean_destinataire(self) -> str:
        adresse = self.cleaned_data["destinataire"].lower()
        if adresses_arretees([adresse]):
            raise ValidationError(ARRETEE)
        return adresse
