"""The main navigation: five tasks, the pages that serve each, and which other pages belong to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entree:
    route: str
    titre: str
    precision: str
    icone: str


@dataclass(frozen=True)
class Tache:
    titre: str
    entrees: tuple[Entree, ...]
    autres: frozenset[str] = frozenset()  # pages that no entry leads to

    def mene_a(self, route: str) -> bool:
        """Return whether this page serves the task."""
        return route in self.autres or any(entree.route == route for entree in self.entrees)


TACHES = (
    Tache(
        "Mon territoire",
        (
            Entree("territoires:accueil", "Trouver ma commune", "quartier, commune, intercommunalité…", "repere"),
            Entree("carte", "La carte", "qui agit où, par département", "carte"),
        ),
        frozenset(f"territoires:{page}" for page in ("chercher", "page", "couverture", "semblables", "note")),
    ),
    Tache(
        "S’inspirer",
        (
            Entree("actions", "Actions inspirantes", "ce qui a été fait, avec qui, pour quel résultat", "pousse"),
            Entree("dispositifs_locaux", "Contrats et démarches locales", "par territoire et par état", "document"),
            Entree("catalogue", "Toutes les fiches", "par thème, par public, par mot", "liste"),
        ),
        frozenset({"fiche_action", "fiche_local"}),
    ),
    Tache(
        "Comprendre",
        (
            Entree("dispositifs", "Les dispositifs", "ASV, CLS, CLSM, contrat de ville…", "couches"),
            Entree("sigles", "Sigles", "chaque sigle en une phrase", "livre"),
            Entree("organismes", "Organismes", "à qui s’adresser, pour quoi", "personnes"),
        ),
        frozenset({"fiche_dispositif"}),
    ),
    Tache(
        "Décider",
        (
            Entree("choisir", "Choisir un dispositif", "cinq questions, une réponse expliquée", "boussole"),
            Entree("comparer", "Comparer des dispositifs", "les faits, les missions, le détail", "colonnes"),
            Entree("comparer_locaux", "Comparer des contrats", "qui signe, depuis quand, quels axes", "tableau"),
            Entree("echeancier", "Échéances", "les contrats qui se terminent", "calendrier"),
            Entree("dossier", "Composer un dossier", "jusqu’à vingt fiches à emporter", "document"),
        ),
        frozenset({"dossier_en_preparation"}),
    ),
    Tache(
        "Contribuer",
        (
            Entree("contribuer", "Dire ce que je sais", "une minute, sans compte", "crayon"),
            Entree("a_faire", "Ce qu’on ne sait pas encore", "par département et par dispositif", "inconnu"),
            Entree("mes_contributions", "Mes contributions", "ce qu’elles sont devenues", "reponse"),
            Entree("charte", "Comment c’est relu", "la charte, les délais, les recours", "bouclier"),
        ),
        frozenset(
            {"proposer", "corriger", "dire", "signaler", "choisir_nature", "nouvelle_fiche", "gabarits", "suivi"}
            | {"tableau", "tableau_colonnes", "tableau_lignes", "tableau_envoi"}
        ),
    ),
)
