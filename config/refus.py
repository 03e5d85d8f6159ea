"""What the site answers to a request it cannot even read."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def demande_illisible(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to what is too long, 400 to the rest. The page asks nothing of the request, which may be unusable."""
    trop_long = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return HttpResponse(render_to_string("400.html", {"trop_long": trop_long}), status=413 if trop_long else 400)
