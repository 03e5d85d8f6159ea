from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = "Actions inspirantes"

    def ready(self) -> None:
        from actions import forms  # noqa: F401  (declares its nature of fiche)
