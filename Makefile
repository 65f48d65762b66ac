# make run       builds a release and serves on http://127.0.0.1:8080
# make test      installs what the tests need and runs all of them
# make torture   all that takes long, two hours: the next five; with -k also the others after one that failed
# make sweeps    kills gateways at every place that matters, and looks for what was lost (Tests/Torture)
# make scale-out lets many chats stream from three gateways behind nginx while one is killed and one replaced (Tests/ScaleOut)
# make attack    attacks a gateway from outside, as schemathesis and raw sockets can, and by slow and numerous clients (Tests/Attack)
# make load      holds 10,000 idle connections and 1,000 chats, and looks how quick everything else stays (Tests/Attack/load.py)
# make soak      lets people chat for an hour, and looks whether memory grows or anybody hears what is another's (Tests/Attack/soak.py)
# make sanitize  does so for ten minutes with the Thread Sanitizer
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
SANITIZE_FLAGS ?=
SCALE_OUT_FLAGS ?=
SOAK_FLAGS ?=
# Tests at a time: with more than 1,365 open files Foundation's Process.run reads beyond what readdir gave it, and crashes.
TEST_WIDTH ?= 48
SWEEPS_FLAGS ?=
attack = .build-python/attack/bin/python Tests/Attack/attack.py
soak = .build-python/attack/bin/python Tests/Attack/soak.py
debug_agent = "$$($(SWIFT) build --show-bin-path)/agent"
release_agent = "$$($(SWIFT) build -c release --show-bin-path)/agent"
torture = .build-python/venv/bin/python Tests/Torture/torture.py --agent $(debug_agent)

.PHONY: run build test torture sweeps attack load soak sanitize fuzz scale-out requirements compare format lint clean system-packages test-packages python-packages attack-packages

run: build
	@exec $(release_agent) serve $(RUN_FLAGS)

build: system-packages
	$(SWIFT) build -c release --product agent

test: test-packages python-packages attack-packages
	$(SWIFT) build --build-tests
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(TEST_WIDTH) $(SWIFT) test --skip-build
	@$(torture) --sample
	@$(attack) --agent $(debug_agent) --sample
	@"$$($(SWIFT) build --show-bin-path)/Fuzz" --inputs 20000

torture: sweeps scale-out attack load soak

sweeps: test-packages python-packages
	$(SWIFT) build --product agent
	@$(torture) $(SWEEPS_FLAGS)

attack: build attack-packages
	@scripts/system-packages.sh --attack
	@$(attack) --agent $(release_agent) $(ATTACK_FLAGS)

load: build
	@python3 Tests/Attack/load.py --agent $(release_agent) $(LOAD_FLAGS)

soak: build attack-packages
	@$(soak) --agent $(release_agent) $(SOAK_FLAGS)

# In a folder of its own, so that it and other builds do not undo each other.
sanitize: system-packages attack-packages
	$(SWIFT) build --sanitize thread --scratch-path .build/sanitized --product agent
	@$(soak) --agent "$$($(SWIFT) build --sanitize thread --scratch-path .build/sanitized --show-bin-path)/agent" --seconds 600 $(SANITIZE_FLAGS)

fuzz: system-packages
	$(SWIFT) build -c release --product Fuzz
	@"$$($(SWIFT) build -c release --show-bin-path)/Fuzz" --inputs $(FUZZ_INPUTS) $(FUZZ_FLAGS)

scale-out:
	@scripts/system-packages.sh --tests
	$(SWIFT) build --product agent
	@python3 Tests/ScaleOut/scale_out.py --agent $(debug_agent) $(SCALE_OUT_FLAGS)

# A test that failed is in the table.
requirements: test-packages python-packages attack-packages
	$(SWIFT) build --build-tests
	-$(SWIFT) test --skip-build --xunit-output .build/requirements.xml
	-@($(torture) --sample; $(attack) --agent $(debug_agent) --sample) | tee .build/requirements.txt
	@scripts/requirements.py .build/requirements*.xml .build/requirements.txt $(REQUIREMENTS_REPORTS)

compare: system-packages
	@scripts/pinned-packages.sh side-by-side Tests/SideBySide
	$(SWIFT) build --product agent
	@.build-python/side-by-side/bin/python Tests/SideBySide/compare.py --agent $(debug_agent) $(COMPARE_FLAGS)

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
