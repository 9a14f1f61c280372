# One word per habit: `make` alone prints them. ARGS goes to the command behind the word, as in
#   make serve ARGS="--port 5000"      make test ARGS="-k topic"      make lock ARGS="--upgrade"

PYTHON ?= python3
PYTEST_ARGS ?= -n auto --maxprocesses 2
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
IMAGE ?= ampersand-mockserver

.DEFAULT_GOAL := help
.PHONY: help install serve test conformance conformance-deep check fix lock bundle mutants bench bench-hot bench-scale bench-soak bench-peers clients wheel image clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: .venv/.installed ## .venv with exactly what requirements.lock says, and this project in it

serve: install ## the mock on 127.0.0.1:4010
	@$(BIN)/mockserver serve $(ARGS)

test: install ## the whole test suite
	$(BIN)/python -m pytest $(PYTEST_ARGS) $(ARGS)

conformance: install ## the mock held against its own contract, as in CI: mockserver check for a minute
	@bash .ci/conformance $(BIN) --seed 0 --budget 60 --fail-on suspect $(ARGS)

conformance-deep: install ## the same for ten minutes, with everything that changes the world
	@bash .ci/conformance $(BIN) --seed 0 --budget 600 --profile full --fail-on suspect $(ARGS)

check: install ## format, lint, types, import order, Dockerfile: changes nothing
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

fix: install ## repair what ruff can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: install ## rewrite the three locks; ARGS="--upgrade" takes newer releases
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "make lock: the locks are made with CPython 3.11: make clean lock PYTHON=python3.11"; exit 1; }
	$(PIP_COMPILE) $(ARGS) --extra check --extra dev --extra kinesis -o requirements.lock pyproject.toml
	$(PIP_COMPILE) $(ARGS) -c requirements.lock -o requirements-core.lock pyproject.toml
	@$(BIN)/python -c 'import tomllib as t; print(*t.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		| $(PIP_COMPILE) $(ARGS) -c requirements.lock -o requirements-build.lock -

bundle: install ## rebuild the bundled contracts in spec/
	$(BIN)/python -m mockserver.contract.bundle

mutants: install ## the referee against faults that it must find; ARGS="--only cascade --budget 60"
	$(BIN)/python -m tests.mutants.bench $(ARGS)

bench: install ## the mock beside its peers, measured: docs/performance-table.md and the chart; takes minutes
	$(BIN)/python -m benchmarks.run $(ARGS)

bench-hot: install ## the hot functions, in the process: a table of pytest-benchmark
	$(BIN)/python -m pytest benchmarks/test_hot.py -o addopts="" -q --import-mode=importlib $(ARGS)

bench-scale: install ## what 10² to 10⁵ installations cost: loading, memory, pages, resets; takes minutes
	$(BIN)/python -m benchmarks.scale --out docs $(ARGS)

bench-soak: install ## ten minutes at full load: errors, and memory that grows; ARGS="--seconds 30" is shorter
	$(BIN)/python -m benchmarks.soak $(ARGS)

bench-peers: install ## what make bench compares with: npm packages, and moto
	npm install --prefix benchmarks/peers --no-audit --no-fund
	$(PIP) install -qq "moto[s3,server]"

clients: ## the npm packages of tests/clients and of the page in tests/browser, where npm is found
	@if ! command -v npm >/dev/null; then echo "make clients: no npm here, nothing installed"; else \
	for folder in tests/clients tests/browser/app; do npm ci --prefix $$folder --no-audit --no-fund || exit 1; done; \
	npm run build --prefix tests/browser/app; fi

wheel: install ## dist/: the sdist, and the wheel built from it
	rm -rf dist
	$(BIN)/python -m build --no-isolation

image: ## the Docker image, and a smoke test of it; needs a Docker engine
	@docker info >/dev/null 2>&1 || { echo "make image: no Docker engine answers here, nothing built"; exit 1; }
	docker build --tag $(IMAGE) .
	@id=$$(docker run --detach $(IMAGE)) || exit 1; trap "docker rm --force $$id >/dev/null" EXIT; \
	for _ in $$(seq 60); do \
		state=$$(docker inspect --format '{{.State.Health.Status}}' $$id); \
		test "$$state" != healthy || { echo "make image: $(IMAGE) starts and is healthy"; exit 0; }; \
		sleep 1; \
	done; docker logs $$id; echo "make image: $(IMAGE) is $$state after 60 s"; exit 1

clean: ## remove the environment, what was built, and every cache
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf tests/clients/node_modules tests/browser/app/node_modules tests/browser/app/dist
	find mockserver tests -type d -name __pycache__ -prune -exec rm -rf {} +

# Two stamps: a new lock makes a new environment; a new pyproject.toml only registers the project again.
.venv/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "make install: needs Python 3.11 or newer as $(PYTHON); name another with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(PIP) install -qq --no-deps --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml hatch_build.py
	$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@
