"""The clock of the machine, which may be put back: from when on what it says of an instant is worth nothing."""

import time
from datetime import timedelta

ECART_ADMIS = timedelta(minutes=1)  # less is a clock that is set right


def du_futur(instant: float) -> bool:
    """Say whether the clock was put back since this instant (Unix time): its age is worth nothing."""
    return instant > time.time() + ECART_ADMIS.total_seconds()
