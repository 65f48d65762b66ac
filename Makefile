# make run       builds a release and serves on http://127.0.0.1:8080
# make test      installs what the tests need and runs all of them
# make torture   kills gateways at every place that matters and looks for what was lost (Tests/Torture)
# make scale-out lets many chats stream from three gateways behind nginx while one is killed and one replaced (Tests/ScaleOut)
# make attack    attacks a gateway from outside, as schemathesis and raw sockets can, and by slow and numerous clients (Tests/Attack)
# make load      holds 10,000 idle connections and 1,000 chats, and looks how quick everything else stays (Tests/Attack/load.py)
# make fuzz      feeds the parsers of what strangers send with millions of inputs (Tests/Fuzz)
# make requirements  writes the table of docs/requirements.md: which test holds which promise, and whether it passed
# make compare   runs the loop side by side with the Python Agents SDK (Tests/SideBySide)

SWIFT ?= swift
RUN_FLAGS ?=
ATTACK_FLAGS ?=
COMPARE_FLAGS ?=
FUZZ_FLAGS ?=
FUZZ_INPUTS ?= 10000000
LOAD_FLAGS ?=
REQUIREMENTS_REPORTS ?=
SCALE_OUT_FLAGS ?=
# Tests at a time: with more than 1,365 open files Foundation's Process.run reads beyond what readdir gave it, and crashes.
TEST_WIDTH ?= 48
TORTURE_FLAGS ?=
attack = .build-python/attack/bin/python Tests/Attack/attack.py --agent "$$($(SWIFT) build --show-bin-path)/agent"
torture = .build-python/venv/bin/python Tests/Torture/torture.py --agent "$$($(SWIFT) build --show-bin-path)/agent"

.PHONY: run build test torture attack load fuzz scale-out requirements compare format lint clean system-packages test-packages python-packages attack-packages

run: build
	@exec "$$($(SWIFT) build -c release --show-bin-path)/agent" serve $(RUN_FLAGS)

build: system-packages
	$(SWIFT) build -c release --product agent

test: test-packages python-packages attack-packages
	$(SWIFT) build --build-tests
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(TEST_WIDTH) $(SWIFT) test --skip-build
	@$(torture) --sample
	@$(attack) --sample
	@"$$($(SWIFT) build --show-bin-path)/Fuzz" --inputs 20000

torture: test-packages python-packages
	$(SWIFT) build --product agent
	@$(torture) $(TORTURE_FLAGS)
	@$(MAKE) scale-out

attack: attack-packages
	@scripts/system-packages.sh --attack
	$(SWIFT) build --product agent
	@$(attack) $(ATTACK_FLAGS)

load: system-packages
	$(SWIFT) build -c release --product agent
	@python3 Tests/Attack/load.py --agent "$$($(SWIFT) build -c release --show-bin-path)/agent" $(LOAD_FLAGS)

fuzz: system-packages
	$(SWIFT) build -c release --product Fuzz
	@"$$($(SWIFT) build -c release --show-bin-path)/Fuzz" --inputs $(FUZZ_INPUTS) $(FUZZ_FLAGS)

scale-out:
	@scripts/system-packages.sh --tests
	$(SWIFT) build --product agent
	@python3 Tests/ScaleOut/scale_out.py --agent "$$($(SWIFT) build --show-bin-path)/agent" $(SCALE_OUT_FLAGS)

# A test that failed is in the table.
requirements: test-packages python-packages attack-packages
	$(SWIFT) build --build-tests
	-$(SWIFT) test --skip-build --xunit-output .build/requirements.xml
	-@$(attack) --sample | tee .build/requirements.txt
	@scripts/requirements.py .build/requirements*.xml .build/requirements.txt $(REQUIREMENTS_REPORTS)

compare: system-packages
	@scripts/pinned-packages.sh side-by-side Tests/SideBySide
	$(SWIFT) build --product agent
	@.build-python/side-by-side/bin/python Tests/SideBySide/compare.py --agent "$$($(SWIFT) build --show-bin-path)/agent" $(COMPARE_FLAGS)

system-packages:
	@scripts/system-packages.sh

test-packages:
	@scripts/system-packages.sh --tests

python-packages:
	@scripts/python-packages.sh

attack-packages:
	@scripts/pinned-packages.sh attack Tests/Attack

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

clean:
	$(SWIFT) package clean
