# SPDX-License-Identifier: GPL-2.0
# Every entry point. What they do is in scripts/.

CACHE := $(or $(ROUTE_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/route-ioctl-rust)
S := scripts
ARCHES := $(basename $(notdir $(wildcard $(S)/kernel/arch/*.config)))

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20
	@echo "ARCH=NAME behind it: guests of another architecture, one of $(ARCHES)"

run: ## boot a kernel whose routing ioctls are Rust, and show them at work
	@$(S)/vm -- /root/demo

test: ## build everything, run all tests
	@$(S)/test

debug: ## run the tests on a kernel with KASAN, lockdep and kmemleak
	@$(S)/test debug

brief: ## run those that show that another architecture does as this one: ARCH=arm64
	@$(S)/test brief

um: ## run the KUnit tests in a user-mode kernel
	@$(S)/test um

soak: ## run what takes longer than a test may, and write a table
	@$(S)/soak

upstream: ## compare the results of the kernel's own tests of routing, C's and Rust's
	@$(S)/test upstream

bench: ## count what calls cost, served by C and by Rust; a table and a plot
	@$(S)/bench

fib-bench: ## compare C's trie and the FIB in Rust; two plots: SIZES=NUMBERS ROUTES=FILE
	@ROUTES="$(ROUTES)" $(S)/fib-bench $(SIZES)

route-bench: ## say what routes cost by our route and by others; takes minutes
	@$(S)/route-bench

shell: ## open a shell in a guest; Ctrl-D powers it off
	@$(S)/shell

kernel: ## build kernel, modules and guest image
	@$(S)/prepare release

lint: ## check formatting, style and the rules of the code
	@$(S)/lint

series: ## write the patches that `git send-email` sends: OUT=FOLDER, and SERIES=fib for the FIB
	@$(S)/series "$(OUT)" $(SERIES)

series-check: ## apply, build and check each of them, or those FROM=NUMBER on; takes an hour or two
	@$(S)/series-check $(FROM)

clean: ## remove what was built
	@rm -rf $(addprefix $(CACHE)/,$(ARCHES) um fib_trie fuzz route-fuzz series *.log)

distclean: ## remove all that was downloaded and built
	@rm -rf $(CACHE)

.PHONY: help run test debug brief um soak upstream bench fib-bench route-bench shell kernel lint series series-check clean distclean
