"""The logs: one JSON object a line in production, on stderr; the secret of a follow-up link is never in them."""

import json
import logging
import re
from datetime import UTC, datetime

JETON = re.compile(r"(/suivi/|[?&]reprise=)[\w-]+")


def sans_jeton(texte: str) -> str:
    """Return the text with the secrets of follow-up links masked: who reads the logs must not open their pages."""
    return JETON.sub(r"\1***", texte)


class Ligne(logging.Formatter):
    """A line to read, as the demo and the tests write them."""

    def format(self, record: logging.LogRecord) -> str:
        return sans_jeton(super().format(record))


class LigneJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        ligne = {
            "date": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "source": record.name,
            "message": record.getMessage(),
        }
        if code := getattr(record, "status_code", None):
            ligne["code"] = code
        if record.exc_info:
            ligne["trace"] = self.formatException(record.exc_info)
        return sans_jeton(json.dumps(ligne, ensure_ascii=False))
