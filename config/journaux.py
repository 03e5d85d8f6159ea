"""The logs of production: one JSON object a line, on stderr."""

import json
import logging
from datetime import UTC, datetime


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
        return json.dumps(ligne, ensure_ascii=False)
