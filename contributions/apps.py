from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "contributions"
    verbose_name = "Contributions et modération"

    def ready(self) -> None:
        from comptes import donnees as detenteurs
        from contributions import donnees

        detenteurs.declarer("contributions", exporter=donnees.exporter, effacer=donnees.effacer)
