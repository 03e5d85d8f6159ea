"""« Messages »: what authors write to moderators, whatever became of their contributions, and the answers."""

from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions.models import Message
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes import equipe
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import est_de
from courriels.models import Courriel
from moderation.bureau import Choix, agir
from moderation.conversation import Attendues, Fil, nommer, paroles, rouvrable
from moderation.forms.gestes import FormulaireGeste
from moderation.forms.messages import Reponse, SansReponse
from moderation.gestes import GESTES

PAR_PAGE = 20
A_COTE = 6  # beside the one that is open
QUI = {"": "Sans réponse", "moi": "À moi", "toutes": "Toutes"}


@never_cache
@require_safe
@moderateur_requis
def lister(request: HttpRequest) -> HttpResponse:
    """`?qui=`: those nobody answered, the oldest first; those of this moderator; all, the newest first."""
    qui = request.GET.get("qui", "")
    qui = qui if qui in QUI else ""
    fils = Message.objects.all()
    if qui != "toutes":
        fils = fils.sans_reponse()
    if qui == "moi":
        fils = fils.suivies_par(request.user)
    fils = fils.une_par_conversation(la_derniere=qui == "toutes").avec_contribution()
    page = Paginator(fils.order_by("-pk" if qui == "toutes" else "pk"), PAR_PAGE).get_page(request.GET.get("page"))
    attendues = {
        "": Attendues.parmi(Message.objects.all()),
        "moi": Attendues.parmi(Message.objects.suivies_par(request.user)),
    }
    contexte = {
        "qui": qui,
        "vues": [(cle, nom, attendues.get(cle)) for cle, nom in QUI.items()],
        "attendues": attendues[""],
        "page": page,
        "fils": [Fil(message) for message in page],
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/messages.html", contexte)


@rend_le_texte
@never_cache
@moderateur_requis
def converser(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation this message belongs to; a POST answers, reopens, notes or closes."""
    message = get_object_or_404(Message.objects.avec_contribution().avec_les_autres(), pk=pk)
    verbe, gestes = request.POST.get("verbe", ""), GESTES[Message]
    formulaire = (SansReponse if verbe == "clore" else Reponse)(
        request.POST or None, objet=message.contribution, par=request.user
    )
    page = partial(_conversation, request, message, formulaire)
    if request.method != "POST":
        return page()
    if verbe not in gestes:
        return page(status=400)
    return agir(request, message.contribution, Choix(verbe, gestes[verbe], formulaire), page)


def _conversation(
    request: HttpRequest,
    message: Message,
    formulaire: FormulaireGeste,
    *,
    status: int = 200,
    empechement: Empechement | None = None,
) -> HttpResponse:
    contribution = message.contribution
    la_sienne = est_de(request.user, contribution)
    fils = Message.objects.sans_reponse().une_par_conversation().avec_contribution().order_by("pk")[:A_COTE]
    contexte = {
        "fils": [Fil(recu) for recu in fils],
        "ouverte": contribution,
        "examinee": contribution.decision,
        "auteur": nommer(contribution),
        "paroles": paroles(contribution, avec_notes=not la_sienne),
        "suivie_par": equipe.suit(contribution),
        "attend": next((dit for dit in contribution.messages.all() if dit.attend), None),
        "la_sienne": la_sienne,
        "refusee": bool(contribution.adresse) and Courriel.objects.adresse_refusee(contribution.adresse),
        "rouvrable": rouvrable(contribution),
        "gestes": GESTES[Message],
        "formulaire": formulaire,
        "empechement": empechement,
        "etapes": [("Modération", reverse("moderation")), ("Messages", reverse("messages"))],
    }
    return render(request, "moderation/conversation.html", contexte, status=status)
