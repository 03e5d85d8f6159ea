"""Answers of mail servers: this address takes no e-mail, the site is not wanted, or later maybe."""

import smtplib

# Said of us, not of the address (RFC 4954 §6, RFC 5321 §4.2): to sign in first, to speak in order, to encrypt.
DE_NOTRE_FAIT = frozenset({500, 502, 503, 504, 523, 524, 530, 534, 535, 538})
AVANT_L_ADRESSE = (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError)


def codes(erreur: Exception) -> list[int]:
    """Return the three-digit codes of the answer; none for a network failure, or an address nobody can have."""
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in erreur.recipients.values()]
    return [erreur.smtp_code] if isinstance(erreur, smtplib.SMTPResponseException) else []


def est_definitive(erreur: Exception) -> bool:
    """Return whether trying again is of no use: 5xx at MAIL, RCPT or DATA, or an address nobody can have."""
    if isinstance(erreur, ValueError):
        return True
    recus = codes(erreur)
    return bool(recus) and not vient_de_nous(erreur) and all(500 <= code < 600 for code in recus)


def vient_de_nous(erreur: Exception) -> bool:
    """Return whether the server refuses the site itself, whoever it writes to: settings to mend."""
    if isinstance(erreur, AVANT_L_ADRESSE):
        return any(code >= 500 for code in codes(erreur))
    return isinstance(erreur, smtplib.SMTPNotSupportedError) or any(code in DE_NOTRE_FAIT for code in codes(erreur))
