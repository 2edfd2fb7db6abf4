# What a person does with this project, one target each; `make help` lists them. On a bare Debian 12 machine
# `make demo` and `make test` install what they need. CMake does the building: see CMakePresets.json.

JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
# Arguments for the program, as in: make run ARGS="sync --mirror build/sample-mirror"
ARGS ?=

program := build/vuln-datasync
# The targets that run the program hand it .env where there is one (`make env-setup` writes it).
settings := $(if $(wildcard .env),--env-file .env)
configured = test -f $(1)/build.ninja || cmake --preset $(2)
tested = ctest --test-dir $(1) --output-on-failure --parallel $(JOBS)

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help demo test quick-test test-integration test-all deps env-setup dev-setup build build-tests run run-dev \
        status health-check migrate migrate-up migrate-down migrate-create migrate-version migrate-force db-reset \
        sql-generate sqlc-generate corpus benchmark benchmark-service test-performance \
        coverage fuzz security fmt lint quality install package docker-build docker-run docker-stop docker-logs clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## Install packages, build, sync the sample, show a merged vulnerability and the status
	@tools/demo.sh

test: build-tests ## Install packages, build and run every test
	@$(call tested,build)

quick-test: build-tests ## Run the unit tests alone (no database)
	@$(call tested,build) --label-regex '^unit$$'

test-integration: build-tests ## Run the tests that start a PostgreSQL or the program
	@$(call tested,build) --label-exclude '^unit$$'

test-all: test ## Run every test, then again under the address, undefined and thread sanitizers
	cmake --preset asan && cmake --build build-asan && $(call tested,build-asan)
	cmake --preset tsan && cmake --build build-tsan && $(call tested,build-tsan)

deps: ## Install the packages that building, running and testing need
	@tools/install_packages.sh build run test

env-setup: ## Write .env from .env.example, unless there is one
	@test -e .env || { cp .env.example .env && echo "Wrote .env: every setting is in it, commented out."; }

dev-setup: deps env-setup ## Install the development packages as well (clang, linters, coverage)
	@tools/install_packages.sh develop

build: deps ## Build the program (build/vuln-datasync) and pack the sample (build/sample-mirror)
	@$(call configured,build,release)
	@cmake --build build --target vuln-datasync sample

build-tests: deps
	@$(call configured,build,release)
	@cmake --build build

run: build ## Run the program with .env: make run ARGS="status"
	$(program) $(settings) $(ARGS)

run-dev: deps ## Run a debug build with .env and debug logs: make run-dev ARGS="status"
	@$(call configured,build-debug,debug)
	@cmake --build build-debug --target vuln-datasync
	build-debug/vuln-datasync --log-level debug $(settings) $(ARGS)

status: build ## Show the sources, counts and runs of the database
	@$(program) $(settings) status $(ARGS)

health-check: build ## Say what is wrong with configuration, machine and servers, and what mends it
	@$(program) $(settings) doctor $(ARGS)

migrate: migrate-up ## The same as migrate-up

migrate-up: build ## Migrate the schema to the newest version, or N steps: make migrate-up N=1
	@$(program) $(settings) migrate up $(N)

migrate-down: build ## Take back the newest migration, or the newest N: make migrate-down N=2
	@$(program) $(settings) migrate down $(or $(N),1)

migrate-create: ## Write the next pair of migration files: make migrate-create NAME=add_something
	@tools/create_migration.sh "$(NAME)"

migrate-version: build ## Show the schema's version
	@$(program) $(settings) migrate version

migrate-force: build ## Set the schema's version without migrating: make migrate-force V=3
	@$(program) $(settings) migrate force "$(V)"

db-reset: build ## Drop everything in the schema and migrate from the start
	@$(program) $(settings) migrate reset --yes

sql-generate: deps ## Write src/store/generated from sql/*.sql, typed by a throwaway PostgreSQL
	@$(call configured,build,release)
	@cmake --build build --target sqlgen
	@build/tools/sqlgen/sqlgen .

sqlc-generate: sql-generate ## The same as sql-generate

corpus: build ## Amplify a mirror for trials: make corpus TO=DIR RECORDS=200000 [FROM=DIR] [ARGS="--after"]
	@cmake --build build --target make_corpus
	@build/tools/corpus/make_corpus "$(or $(FROM),build/sample-mirror)" "$(TO)" --records "$(RECORDS)" $(ARGS)

benchmark: build ## Measure syncs against pg_restore and a floor: make benchmark [CORPUS=DIR [BEFORE=DIR]] [RUNS=5]
	@tools/install_packages.sh benchmark
	@cmake --build build --target benchmark_floor make_corpus
	@test -n "$(CORPUS)" || test -e build/benchmark-mirror || \
	  build/tools/corpus/make_corpus build/sample-mirror build/benchmark-mirror --records 50000
	@tools/benchmark/benchmark.py --build build --corpus "$(or $(CORPUS),build/benchmark-mirror)" \
	  $(if $(BEFORE),--before "$(BEFORE)") --runs "$(or $(RUNS),5)" --output build/benchmark

benchmark-service: build ## Measure lookups from each cache and tasks through the queue: make benchmark-service [CORPUS=DIR] [RUNS=5]
	@tools/install_packages.sh benchmark
	@cmake --build build --target benchmark_queue make_corpus
	@test -n "$(CORPUS)" || test -e build/benchmark-mirror || \
	  build/tools/corpus/make_corpus build/sample-mirror build/benchmark-mirror --records 50000
	@tools/benchmark/service.py --build build --corpus "$(or $(CORPUS),build/benchmark-mirror)" \
	  --rounds "$(or $(RUNS),5)" --output build/benchmark

test-performance: build ## Measure what parsing and writing a record costs, step by step
	@tools/install_packages.sh benchmark
	@cmake -B build >/dev/null && cmake --build build --target benchmark_micro
	@build/tools/benchmark/benchmark_micro $(ARGS)

coverage: dev-setup ## Run every test on an instrumented build; report in build-coverage/coverage.html
	@$(call configured,build-coverage,coverage)
	@cmake --build build-coverage
	@$(call tested,build-coverage)
	gcovr --root . --filter src/ --object-directory build-coverage --print-summary --gcov-ignore-parse-errors \
	  --html-details build-coverage/coverage.html

fuzz: dev-setup ## Fuzz every decoder for FUZZ_SECONDS each (60) or FUZZ_RUNS; FUZZ_TARGET=osv: that one alone
	@$(call configured,build-fuzz,fuzz)
	@cmake --build build-fuzz --target $(if $(FUZZ_TARGET),fuzz_$(FUZZ_TARGET),fuzz_programs)
	@FUZZ_RUNS="$(FUZZ_RUNS)" tools/fuzz.sh "$(or $(FUZZ_SECONDS),60)" $(FUZZ_TARGET)

security: build ## Check the binary's hardening, the tree for secrets, and our libraries against our own database
	@tools/security.sh $(program) $(settings)

fmt: dev-setup ## Format the C++ code
	@find src tests tools -name '*.[ch]pp' -print0 | xargs -0 clang-format-14 -i

lint: dev-setup build-tests ## Check the format, and run clang-tidy, cppcheck and shellcheck
	@JOBS=$(JOBS) tools/lint.sh

quality: lint test coverage ## Lint, tests and coverage

install: build ## Install the program below PREFIX (default /usr/local); honours DESTDIR
	cmake --install build --prefix "$(PREFIX)"

package: build ## Write the Debian package, build/vuln-datasync_VERSION_ARCHITECTURE.deb
	@tools/install_packages.sh package
	@cmake --build build --target package

docker-build: ## Build the container image vuln-datasync:local
	docker build --tag vuln-datasync:local .

docker-run: ## Start PostgreSQL, Redis, the service (127.0.0.1:8080) and asynqmon (127.0.0.1:8081) in containers
	@tools/docker_secrets.sh
	docker compose up --detach --build --wait

docker-stop: ## Stop the containers; their data stay in volumes
	docker compose down

docker-logs: ## Follow the logs of the containers
	docker compose logs --follow

clean: ## Delete everything that was built or generated
	@tools/demo.sh --clean
	rm -rf build build-*
