# The commands that people and CI use. `make run` and `make test` install what is missing first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export CARGO_TARGET_DIR ?= $(CURDIR)/target
BIN := $(CARGO_TARGET_DIR)

.PHONY: help run build test check unit browser deep chaos fmt

help: ## What there is
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: build ## Build everything and start Weft on http://127.0.0.1:8080, data in ./data
	@scripts/run.sh $(BIN)/release/weft

build: ## The release binary with the web client embedded: target/release/weft
	@scripts/ensure-deps.sh build
	cd web && npm run --silent build
	cargo build --release --locked --bin weft

test: ## Everything that CI checks: format, lints, rules, tests on both databases, browser tests
	@scripts/test.sh

check: ## Only the fast checks: format, lints, rules
	@scripts/test.sh check

unit: ## Only the tests of the server and of the web client, no browser
	@scripts/test.sh unit

browser: ## Only the browser tests
	@scripts/test.sh browser

deep: ## The long ones: crash and chaos loops, on both databases (about an hour)
	@scripts/deep.sh

chaos: ## Only the crash loop: CYCLES kill -9 under load (default 200)
	@scripts/deep.sh chaos

fmt: ## Format everything
	cargo fmt --all
	cd web && npm run --silent format
