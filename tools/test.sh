#!/bin/sh
# Runs the tests in tiers (unit, terraform, tofu) and ends with one line per tier. A failing tier
# does not stop the next: on CI one run should show everything that is wrong.
# PKG narrows the packages, RUN the tests, TIMEOUT is that of a package (30m). Called by `make test` and `make testacc`.
set -u
cd "$(dirname "$0")/.." || exit 1
bin=$PWD/bin
counts=$bin/test-counts
report=$bin/test-report
: >"$report"
failed=0
ran=0

# Terraform reads another file on every machine; the tests' own is none.
export TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1

# Most of the time goes into thousands of commands of a CLI, and a quarter of theirs into collecting little garbage.
export GOGC=400

race=
watched="without the race detector: no C compiler"
if [ "$(go env CGO_ENABLED)" = 1 ]; then
	# SQLite is C made into Go and keeps its memory to itself: watched, it takes six times as long and nothing of ours is found.
	race="-race -gcflags=modernc.org/...=-race=false"
	# A watched program waits a second before it ends, which the provider does with every command of a CLI.
	export GORACE=atexit_sleep_ms=0
	watched="race detector on"
elif [ -n "${MIMECAST_TEST_REQUIRE:-}" ]; then
	echo "MIMECAST_TEST_REQUIRE is set and the race detector needs a C compiler" >&2
	exit 1
fi

# tier TITLE PACKAGES... runs one tier in the environment it is called with.
tier() {
	title=$1
	shift
	printf '\n== %s\n' "$title"
	rm -f "$counts"
	hide=none
	[ -n "${TF_ACC:-}" ] || hide=skipped # every acceptance test skips here
	if "$bin/gotestsum" --format pkgname-and-test-fails --format-icons text --format-hide-empty-pkg --hide-summary $hide \
		--post-run-command "sh -c 'echo \$TESTS_TOTAL \$TESTS_SKIPPED >$counts'" \
		-- $race -timeout "${TIMEOUT:-30m}" ${RUN:+-run "$RUN"} "$@"; then
		result=ok
	else
		result=FAIL
		failed=1
	fi
	total=0 skipped=0
	[ -f "$counts" ] && read -r total skipped <"$counts"
	# A tier in which nothing ran proves nothing, unless it was narrowed on purpose.
	if [ "$result" = ok ] && [ "$total" -le "$skipped" ] && [ -z "${RUN:-}${PKG:-}" ]; then
		result=FAIL
		title="$title: everything was skipped"
		failed=1
	fi
	ran=1
	echo "$result  $title: $total tests, $skipped skipped" >>"$report"
}

# The packages with tests that drive a CLI. Running the others again would prove nothing new.
acceptance_packages() {
	find internal -name '*_test.go' -exec grep -lE 'terraform-plugin-testing/helper/resource|internal/acctest"|TF_ACC' {} + |
		while read -r file; do echo "./$(dirname "$file")"; done | sort -u
}

acceptance() {
	cli=$1
	packages=${PKG:-$(acceptance_packages)}
	if [ -z "$packages" ]; then
		echo "FAIL  acceptance: no acceptance tests found under internal/" >>"$report"
		failed=1
		return
	fi
	# -count=1: the result depends on the CLI's binary, which the test cache does not see.
	export TF_ACC=1 TF_ACC_TERRAFORM_PATH="$cli" TF_ACC_PROVIDER_NAMESPACE=msp-as-code
	refactor=
	others=
	for package in $packages; do
		case $package in
		*/internal/refactor) refactor=$package ;;
		*) others="$others $package" ;;
		esac
	done
	version=$("$cli" version | head -n 1)
	# shellcheck disable=SC2086 # a list of packages
	[ -z "$others" ] || tier "acceptance on $version, $watched" -count=1 $others
	# A provider is started for every one of thousands of commands in the refactorings, which the race detector makes
	# many times slower; and on the next CLI the provider is the same.
	race=
	watched="without the race detector"
	[ -z "$refactor" ] || tier "refactorings on $version, $watched" -count=1 "$refactor"
	unset TF_ACC TF_ACC_TERRAFORM_PATH TF_ACC_PROVIDER_NAMESPACE TF_ACC_PROVIDER_HOST
}

for name in "$@"; do
	case $name in
	unit)
		# shellcheck disable=SC2086
		tier "unit and conformance, go test, $watched" ${PKG:-./...}
		;;
	terraform)
		if cli=$(command -v terraform); then
			acceptance "$cli"
		else
			echo "--  acceptance on Terraform: not run, no terraform on PATH" >>"$report"
		fi
		;;
	tofu)
		# OpenTofu resolves a source address without host to its own registry.
		export TF_ACC_PROVIDER_HOST=registry.opentofu.org
		acceptance "${TOFU:-$bin/tofu}"
		;;
	*)
		echo "unknown tier $name" >&2
		exit 2
		;;
	esac
done

printf '\n== summary\n'
cat "$report"
[ "$ran" = 1 ] || failed=1
if [ "$failed" = 0 ]; then echo "PASS"; else echo "FAIL"; fi
exit "$failed"
