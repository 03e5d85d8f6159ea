from contributions.models.confirmations import AdresseArretee, Demande, Reponse
from contributions.models.examen import Examinable
from contributions.models.habilitations import Habilitation
from contributions.models.journal import Journal
from contributions.models.lots import Lot, Traitement
from contributions.models.messages import Message, Note
from contributions.models.moderateurs import Filtre, Portee, ReponseType
from contributions.models.notifications import Notification
from contributions.models.propositions import Depot, Motif, Proposition
from contributions.models.recours import Recours
from contributions.models.regles_de_file import RegleDeFile
from contributions.models.signalements import Dossier, Signalement
from contributions.models.tableaux import ColonneApprise, Tableau
from contributions.models.traces import Trace

__all__ = [
    "AdresseArretee",
    "ColonneApprise",
    "Demande",
    "Depot",
    "Dossier",
    "Examinable",
    "Filtre",
    "Habilitation",
    "Journal",
    "Lot",
    "Message",
    "Motif",
    "Note",
    "Notification",
    "Portee",
    "Proposition",
    "Recours",
    "RegleDeFile",
    "Reponse",
    "ReponseType",
    "Signalement",
    "Tableau",
    "Trace",
    "Traitement",
]
