"""A synonym as a moderator types it: two ways of saying, in which direction, and why."""

from django import forms

from recherche.forms import FormulaireSynonyme
from recherche.models import Synonyme


class SaisieSynonyme(FormulaireSynonyme):
    """Add a synonym, or change one: its words then stay."""

    lue = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    class Meta(FormulaireSynonyme.Meta):
        fields = ["terme", "voisin", "sens", "raison"]

    def __init__(self, data=None, *, ecrit: Synonyme | None = None):
        # Judged on a copy, fresh from the database: the verb compares what is typed with what is there.
        copie = Synonyme.objects.get(pk=ecrit.pk) if ecrit else None
        super().__init__(data, instance=copie, initial={"lue": ecrit.marque} if ecrit else None)
        for nom in ("terme", "voisin"):
            self.fields[nom].disabled = ecrit is not None
