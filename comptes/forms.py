"""The forms of accounts: those of allauth with our words, and the one of « Mon compte »."""

import re
from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    BaseConfirmCodeForm,
    ChangeEmailForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    RequestLoginCodeForm,
    SignupForm,
)
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from comptes import cles
from comptes.avertissements import avertir, avertir_des_essais
from comptes.champs import ADRESSE_INCOMPLETE, ChampLienPublic
from comptes.models import Utilisateur
from courriels import plafonds
from francais.caracteres import refuser_les_trompeurs

INDESIRABLES = "Valable dix minutes. Regardez aussi dans les courriers indésirables."


class UneAdresse:
    """A form with one field, the e-mail address."""

    fields: dict[str, forms.Field]
    etiquette = "Votre adresse électronique"
    aide = "Un code à six chiffres y sera envoyé."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["email"]
        champ.label, champ.help_text = self.etiquette, self.aide
        champ.widget = forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254})
        champ.error_messages["required"] = "Indiquez votre adresse électronique."
        champ.error_messages["invalid"] = ADRESSE_INCOMPLETE
        champ.widget.is_required = champ.required
        champ.validators.append(refuser_les_trompeurs)


class UneAdresseAProuver(UneAdresse):
    """An address that is not, yet, that of an account: the ceilings of e-mails are said here, the same for all."""

    def clean_email(self) -> str:
        plafonds.verifier(self.cleaned_data["email"])  # type: ignore[attr-defined]  # of the form
        return super().clean_email()  # type: ignore[misc]


class UnCode:
    """A form with the code received by e-mail."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["code"]
        champ.label, champ.help_text = "Code à six chiffres", INDESIRABLES
        champ.error_messages["required"] = "Recopiez le code à six chiffres reçu par courriel."
        # No maxlength: a code pasted with its spaces must not be cut.
        attributs = {"class": "code-recu", "inputmode": "numeric", "autocomplete": "one-time-code"}
        champ.widget = forms.TextInput(attrs=attributs)
        champ.widget.is_required = True

    def clean_code(self) -> str:
        chiffres = re.sub(r"[\s.-]", "", self.cleaned_data["code"])  # type: ignore[attr-defined]  # of the form
        if not re.fullmatch("[0-9]{6}", chiffres):
            compte = "Il manque des chiffres" if re.fullmatch("[0-9]{0,5}", chiffres) else "Ce n’est pas un code"
            raise forms.ValidationError(f"{compte} : il en faut six, et rien d’autre.", code="malforme")
        return super().clean_code()  # type: ignore[misc]


class DemandeDeCode(UneAdresse, RequestLoginCodeForm):
    """Ask for a code to sign in."""

    def clean_email(self) -> str:
        email = super().clean_email()
        if self._user:  # allauth looks twice for an address it does not find: the time would tell who has an account
            Utilisateur.objects.filter(email=email).exists()
        return email


class OuvertureDeCompte(UneAdresseAProuver, SignupForm):
    """Open an account."""


class AutreAdresse(UneAdresseAProuver, ChangeEmailForm):
    """Correct the address one has just given."""


class NouvelleAdresse(UneAdresseAProuver, AddEmailForm):
    """Change the address of one's account."""

    etiquette = "Nouvelle adresse électronique"
    aide = "Un code à six chiffres y sera envoyé ; l’adresse change quand vous l’avez recopié."


class CodeRecu(UnCode, ConfirmLoginCodeForm):
    rester = forms.BooleanField(
        label="Rester connecté trente jours sur cet appareil (douze heures pour qui modère)", required=False
    )


class CodeDePreuve(UnCode, BaseConfirmCodeForm):
    """The code that proves, a second time, who is signed in."""


class CodeDeConfirmation(UnCode, ConfirmEmailVerificationCodeForm):
    """The code that proves an address is one's own."""


class CodeDeSecondFacteur:
    """A form with the code of an application, or one of the spare codes."""

    fields: dict[str, forms.Field]
    user: Utilisateur
    authenticator: Authenticator
    aide = "Les six chiffres que montre votre application, ou l’un de vos codes de secours."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["code"]
        champ.label, champ.help_text = "Code", self.aide
        champ.error_messages["required"] = "Recopiez le code."
        attributs = {"class": "code-recu", "inputmode": "numeric", "autocomplete": "one-time-code"}
        champ.widget = forms.TextInput(attrs=attributs)
        champ.widget.is_required = True

    def save(self) -> None:
        super().save()  # type: ignore[misc]  # of the form
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            self.authenticator.refresh_from_db()
            reste = len(self.authenticator.wrap().get_unused_codes())
            avertir(self.user.email, f"Un de vos codes de secours vient de servir. Il vous en reste {reste}.")

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]  # of the form
        avertir_des_essais(self.user)


class Verification(CodeDeSecondFacteur, AuthenticateForm):
    """The second step of signing in."""


class Reconfirmation(CodeDeSecondFacteur, ReauthenticateForm):
    """The same, before one changes what protects the account."""


class ActivationApplication(CodeDeSecondFacteur, ActivateTOTPForm):
    aide = "Les six chiffres que l’application montre à présent."


class ReponseDeCle(forms.JSONField):
    """What a key answered: a stranger may post anything, and is never shown it again."""

    widget = forms.HiddenInput
    default_error_messages = {"required": cles.REFUS, "invalid": cles.REFUS}
    longueur_max = 50_000

    def to_python(self, value: Any) -> Any:
        with cles.refuser_l_illisible():
            if isinstance(value, str) and len(value) > self.longueur_max:
                raise forms.ValidationError(cles.REFUS)
            return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return ""

    def prepare_value(self, value: Any) -> str:
        return ""


class ParCle:
    """A form that one fills by presenting an access key."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = ReponseDeCle()

    def clean_credential(self) -> Authenticator:
        lue, compteur = cles.lire_connexion(context.request, self.cleaned_data["credential"])
        self.cleaned_data["credential"] = lue
        with cles.refuser_l_illisible():
            cle = super().clean_credential()  # type: ignore[misc]
        if not cles.a_servi(cle, compteur):
            raise forms.ValidationError(cles.REFUS, code="copie")
        return cle


class ConnexionParCle(ParCle, LoginWebAuthnForm):
    """Sign in with a key alone."""


class VerificationParCle(ParCle, AuthenticateWebAuthnForm):
    """The second step of signing in, with a key."""


class ReconfirmationParCle(ParCle, ReauthenticateWebAuthnForm):
    """The same, before one changes what protects the account."""


class AjoutCle(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = ReponseDeCle()
        self.fields["name"].label = "Nom de cette clé"
        self.fields["name"].validators.append(refuser_les_trompeurs)
        self.fields["name"].help_text = "Pour la reconnaître : « Mon téléphone », « Clé du bureau »…"
        self.fields["passwordless"].label = "Me connecter avec cette clé seule, sans attendre de courriel"
        self.fields["passwordless"].help_text = ""

    def clean_name(self) -> str:
        return super().clean_name()[:100]

    def clean_credential(self) -> dict[str, Any]:
        return cles.lire_ajout(context.request, self.cleaned_data["credential"])

    def clean(self) -> dict[str, Any]:
        with cles.refuser_l_illisible():
            return super().clean()


class Profil(forms.ModelForm):
    lien = ChampLienPublic(
        label="Lien public",
        help_text="Votre page ou celle de votre structure, en https://. Elle accompagne votre nom dans les crédits.",
        max_length=200,
    )

    class Meta:
        model = Utilisateur
        fields = ["nom_affiche", "pseudonyme", "lien", "credit_prefere"]
        labels = {
            "nom_affiche": "Nom affiché",
            "pseudonyme": "Pseudonyme",
            "credit_prefere": "Vos contributions sont créditées sous",
        }
        help_texts = {
            "nom_affiche": "Le vôtre, ou celui de votre structure.",
            "pseudonyme": "À la place de votre nom, si vous préférez.",
        }
        widgets = {
            "nom_affiche": forms.TextInput(attrs={"autocomplete": "name"}),
            "pseudonyme": forms.TextInput(attrs={"autocomplete": "nickname"}),
            "credit_prefere": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in ("nom_affiche", "pseudonyme"):
            self.fields[nom].validators.append(refuser_les_trompeurs)

    def clean_pseudonyme(self) -> str:
        pseudonyme = self.cleaned_data["pseudonyme"]
        # The constraint would refuse it too, but at the top of the form.
        if pseudonyme and Utilisateur.objects.exclude(pk=self.instance.pk).filter(pseudonyme__iexact=pseudonyme):
            raise forms.ValidationError("Ce pseudonyme est déjà pris.")
        return pseudonyme

    def clean(self) -> dict[str, Any]:
        propre = super().clean() or {}
        champ = {"nom": "nom_affiche", "pseudonyme": "pseudonyme"}.get(propre.get("credit_prefere", ""))
        if champ and champ not in self.errors and not propre.get(champ):
            self.add_error(champ, "Remplissez ce champ, ou choisissez un autre crédit.")
        return propre


class Fermeture(forms.Form):
    use_required_attribute = False  # browsers tell as wrong a choice that nobody made yet

    nom = forms.ChoiceField(
        label="Ce que vous avez apporté reste en ligne. Sous quel nom ?",
        choices=[
            ("garder", "Garder mon nom là où il est déjà publié"),
            ("anonymiser", "Anonymiser : mon nom disparaît partout"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que devient votre nom."},
    )
    compris = forms.BooleanField(
        label="Je comprends que ce sera définitif dans sept jours.",
        error_messages={"required": "Cochez cette case pour confirmer."},
    )
