"""Readings: which deposit of a proposition a moderator had before her eyes before the one there is now."""

from django.db.models import Max
from django.http import HttpRequest

from contributions.models import Depot, Proposition

SESSION = "lectures"  # in the session, by proposition: the deposit read before the last one read, and that one
GARDEES = 200


def lu_avant(request: HttpRequest, proposition: Proposition, depot: Depot) -> Depot | None:
    """Return the deposit that she read before this one, if there was one, and remember that she reads this one.

    Read in this session, or there when she last did something with the proposition.
    """
    lectures = request.session.get(SESSION, {})
    avant, dernier = lectures.get(str(proposition.pk), (0, 0))
    if dernier != depot.numero:
        avant, dernier = dernier, depot.numero
        autres = [(cle, lues) for cle, lues in lectures.items() if cle != str(proposition.pk)][1 - GARDEES :]
        request.session[SESSION] = {**dict(autres), str(proposition.pk): [avant, dernier]}
    if depot.numero == 1:
        return None
    anciens = proposition.depots.filter(numero__lt=depot.numero)
    geste = proposition.journal.filter(qui=request.user.pk, le__lt=depot.depose_le).aggregate(le=Max("le"))["le"]
    if geste:
        avant = max(avant, anciens.filter(depose_le__lte=geste).aggregate(n=Max("numero"))["n"] or 0)
    return anciens.filter(numero=avant).select_related("base").first()
