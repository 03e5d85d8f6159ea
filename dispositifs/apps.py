from django.apps import AppConfig


class DispositifsConfig(AppConfig):
    name = "dispositifs"
    verbose_name = "Dispositifs et dispositifs locaux"

    def ready(self) -> None:
        from dispositifs import forms  # noqa: F401  (declares its two natures of fiche)
