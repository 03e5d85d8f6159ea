"""`/.well-known/security.txt` (RFC 9116): whom to tell when one finds a flaw."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

VALIDITE = timedelta(days=180)  # from today: it holds as long as the site answers


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    if not settings.CONTACT_SECURITE:
        raise Http404
    expire = (timezone.now() + VALIDITE).strftime("%Y-%m-%dT00:00:00Z")
    lignes = [
        f"Contact: {settings.CONTACT_SECURITE}",
        f"Expires: {expire}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")
