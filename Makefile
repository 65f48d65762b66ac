# make run       builds a release and serves on http://127.0.0.1:8080
# make test      installs what the tests need and runs all of them
# make torture   kills gateways at every place that matters and looks for what was lost (Tests/Torture)
# make scale-out lets many chats stream from three gateways behind nginx while one is killed and one replaced (Tests/ScaleOut)
# make compare   runs the loop side by side with the Python Agents SDK (Tests/SideBySide)

SWIFT ?= swift
RUN_FLAGS ?=
COMPARE_FLAGS ?=
SCALE_OUT_FLAGS ?=
TORTURE_FLAGS ?=
torture = .build-python/venv/bin/python Tests/Torture/torture.py --agent "$$($(SWIFT) build --show-bin-path)/agent"

.PHONY: run build test torture scale-out compare format lint clean system-packages test-packages python-packages

run: build
	@exec "$$($(SWIFT) build -c release --show-bin-path)/agent" serve $(RUN_FLAGS)

build: system-packages
	$(SWIFT) build -c release --product agent

test: test-packages python-packages
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build
	@$(torture) --sample

torture: test-packages python-packages
	$(SWIFT) build --product agent
	@$(torture) $(TORTURE_FLAGS)
	@$(MAKE) scale-out

scale-out:
	@scripts/system-packages.sh --scale-out
	$(SWIFT) build --product agent
	@python3 Tests/ScaleOut/scale_out.py --agent "$$($(SWIFT) build --show-bin-path)/agent" $(SCALE_OUT_FLAGS)

compare: system-packages
	@scripts/side-by-side-packages.sh
	$(SWIFT) build --product agent
	@.build-python/side-by-side/bin/python Tests/SideBySide/compare.py --agent "$$($(SWIFT) build --show-bin-path)/agent" $(COMPARE_FLAGS)

system-packages:
	@scripts/system-packages.sh

test-packages:
	@scripts/system-packages.sh --tests

python-packages:
	@scripts/python-packages.sh

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

clean:
	$(SWIFT) package clean
