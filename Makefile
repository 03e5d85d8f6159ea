# Santé en territoires. `make` alone lists what can be done; PYTHON=python3.12 chooses the interpreter.
SYSTEME := $(or $(PYTHON),python3)
PY := .venv/bin/python
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
LOT := $(if $(CHROMIUM),navigateur,dev)
# Where make can: what runs at the same time is printed one after the other.
SORTIES := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
GABARITS = $(shell find templates -name '*.html')
# Invented values: `check --deploy` reads the settings of production, it connects to nothing.
PRODUCTION = DJANGO_SETTINGS_MODULE=config.settings.production DATABASE_URL=postgresql://st@127.0.0.1/sante \
	SECRET_KEY=0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ \
	ALLOWED_HOSTS=sante.exemple.fr SITE_URL=https://sante.exemple.fr \
	EMAIL_URL=smtp://127.0.0.1 EMAIL_FROM=site@sante.exemple.fr

.DEFAULT_GOAL := aide
.PHONY: aide demo demo-neuve serve stop test tests-serveur tests-navigateur epreuve epreuve-http check style typage \
	imports migrations deploiement bench formater audit outils lock nettoyer

aide: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## The whole site on http://127.0.0.1:8000 until Ctrl-C (PORT=8001 for another port); data are kept
	@$(SYSTEME) bin/demo.py

demo-neuve: ## The same, from an empty database
	@$(SYSTEME) bin/demo.py --neuve

serve: ## The same for development: code and static files are read again when they change
	@$(SYSTEME) bin/demo.py --developpement

stop: ## Stop the embedded PostgreSQL server (demo and tests start it again when they need it)
	@$(SYSTEME) -m config.base_embarquee stop

test: outils ## Run the tests, in the browser too if there is a Chromium (ARGS="tests/fiches -x" for some)
ifdef ARGS
	@$(PY) -m pytest $(ARGS)
else # each on its own database, at the same time: half the wait
	@$(MAKE) --no-print-directory --keep-going -j2 $(SORTIES) tests-serveur $(if $(CHROMIUM),tests-navigateur)
endif

tests-serveur: outils # a process for each core, each with its database
	@$(PY) -m pytest -m "not navigateur" --numprocesses=auto --maxprocesses=4

tests-navigateur: outils
	@$(PY) -m pytest -m navigateur

epreuve: outils ## Kill a process, or PostgreSQL, in the middle of decisions, many times; check that all agrees (ARGS=200)
	@$(PY) bench/couper.py $(ARGS)

epreuve-http: outils ## Send thousands of odd requests: each must be answered in order (ARGS="12000 7": how many, draw)
	@$(PY) bench/frapper.py $(ARGS)

check: style typage imports migrations deploiement test ## Everything CI asks (`make -k check` goes on after a failure)

style: outils ## Code and templates are well written
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	@.venv/bin/djade --check --target-version 5.2 $(GABARITS)

bench: outils ## Measure the main pages on the real content, then on 100 000 fiches (ARGS=--sans-grande-base)
	@$(PY) bench/mesurer.py $(ARGS)

formater: outils ## Format code and templates
	-.venv/bin/djade --target-version 5.2 $(GABARITS)
	-$(PY) -m ruff check --fix
	$(PY) -m ruff format

typage: outils ## Types hold
	$(PY) -m mypy

imports: outils ## Nobody imports upwards (contracts in pyproject.toml)
	.venv/bin/lint-imports --no-logo

migrations: outils ## Models and migrations agree
	@$(PY) -m config.base_embarquee start
	$(PY) manage.py makemigrations --check --dry-run

deploiement: outils ## The settings of production are sound
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

audit: ## Look for known flaws in the locked packages (ARGS=--sans-service: say so, and go on, where none answers)
	@$(SYSTEME) bin/installer.py audit
	@$(PY) bin/auditer.py $(ARGS)

outils: # the packages of tests and checks; nothing to do when they are there
	@$(SYSTEME) bin/installer.py $(LOT)

lock: outils ## Compute the locks of requirements/ again (ARGS=--upgrade for newer versions)
	$(PY) -m pip install --quiet --disable-pip-version-check uv
	for lot in navigateur dev demo base audit; do \
		$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header --no-annotate $(ARGS) \
			-c requirements/navigateur.txt requirements/$$lot.in -o requirements/$$lot.txt || exit 1; \
	done

nettoyer: ## Delete what can be made again: the demo's database, .venv, caches
	@$(SYSTEME) -m config.base_embarquee detruire
	rm -rf .venv .statiques .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
