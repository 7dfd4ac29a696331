# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by tests/run and tests/demo: installs the Debian packages of tests/packages that
# are missing, and says so. Touches apt only when something is missing.

# packages_of GROUP...: names, each once
packages_of() {
	local group
	for group in "$@"; do
		awk -v group="$group" '$1 == group { print $2 }' "$root/tests/packages"
	done | sort -u
}

# packages_missing GROUP...
packages_missing() {
	local name
	for name in $(packages_of "$@"); do
		dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || echo "$name"
	done
}

# packages_install yes|no GROUP...: fails with the command to run if it may not or cannot.
packages_install() {
	local may=$1 missing as_root=
	shift
	if ! command -v dpkg-query >/dev/null; then
		echo "not a Debian system: the packages of tests/packages must be there already" >&2
		return 0
	fi
	missing=$(packages_missing "$@" | tr '\n' ' ')
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		as_root=sudo
		command -v sudo >/dev/null || may=no
	fi
	if [ "$may" = no ]; then
		echo "missing packages; as root: apt-get install --no-install-recommends $missing" >&2
		return 1
	fi
	echo "installing: $missing"
	$as_root apt-get update -qq &&
		$as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
