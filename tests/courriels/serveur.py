"""A mail server that speaks the bare protocol, and answers what a test says: `RCPT="550 5.1.1 inconnue"`."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

REPONSES = {
    "EHLO": "250 essai",
    "HELO": "250 essai",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 parlez",
    "FIN": "250 pris",
}


class ServeurSmtp:
    def __init__(self, accueil: str = "220 essai", **reponses: str):
        self.accueil, self.reponses = accueil, {**REPONSES, **reponses}
        self.destinataires: list[str] = []
        self.pris: list[str] = []
        self._ecoute = socket.create_server(("127.0.0.1", 0))
        self.port = self._ecoute.getsockname()[1]

    def servir(self) -> None:
        while True:
            try:
                prise, _ = self._ecoute.accept()
            except OSError:
                return
            with prise, prise.makefile("rw", encoding="utf-8", newline="\r\n") as fil:
                self._converser(fil)

    def _converser(self, fil) -> None:
        def dire(reponse: str) -> None:
            fil.write(f"{reponse}\n")
            fil.flush()

        dire(self.accueil)
        for ligne in fil:
            verbe = ligne[:4].upper()
            if verbe == "QUIT":
                return dire("221 salut")
            if verbe == "RCPT":
                self.destinataires.append(ligne.split("<")[1].split(">")[0])
            reponse = self.reponses.get(verbe, "250 ok")
            dire(reponse)
            if verbe == "DATA" and reponse.startswith("354"):
                lettre = []
                while (morceau := fil.readline().rstrip("\r\n")) != ".":
                    lettre.append(morceau)
                dire(self.reponses["FIN"])
                if self.reponses["FIN"].startswith("2"):
                    self.pris.append("\n".join(lettre))
        return None

    def fermer(self) -> None:
        self._ecoute.shutdown(socket.SHUT_RDWR)
        self._ecoute.close()


@contextmanager
def serveur_smtp(settings, **reponses: str) -> Iterator[ServeurSmtp]:
    """Have the site send its e-mails to such a server."""
    serveur = ServeurSmtp(**reponses)
    Thread(target=serveur.servir, daemon=True).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", serveur.port
    try:
        yield serveur
    finally:
        serveur.fermer()
