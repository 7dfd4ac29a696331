#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The trimmed agent for small routers: net-snmp's library built from Debian's source with
# everything left out that the agent does not call, linked statically with the other
# libraries (libc and libmnl, which have no static form in Debian or gain nothing, stay
# shared). Prints the sizes, of a build with shared libraries too, and, after a few
# requests were answered, the memory.
#
#	tests/bench/agent_static.sh [DIRECTORY]
#
# DIRECTORY keeps the build (default: build-static in the checkout). Needs apt sources of
# Debian, dpkg-dev and snmpget; takes about two minutes the first time.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-$top/build-static}
skip() { echo "skipped: $1" && exit 77; }
for tool in dpkg-source apt-get meson snmpget; do
	command -v "$tool" >/dev/null || skip "$tool is missing"
done
mkdir -p "$dir" && cd "$dir"

fetch_source() { # Debian's own net-snmp, by a package list of its own: the system's stays as it is
	local lists=$dir/lists options
	[ -f /etc/apt/sources.list.d/debian.sources ] || skip 'no debian.sources to take the source from'
	mkdir -p "$lists"
	sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >debian-src.sources
	options=(-qq -o "Dir::Etc::sourceparts=/dev/null" -o "Dir::Etc::sourcelist=$dir/debian-src.sources"
		-o "Dir::State::lists=$lists")
	apt-get "${options[@]}" update && apt-get "${options[@]}" --download-only source net-snmp
	dpkg-source -x net-snmp_*.dsc net-snmp >source.log 2>&1
}

# What the agent needs of net-snmp: BER builders and USM's cryptography. The same switches
# suit a cross build.
build_netsnmp() {
	cd net-snmp
	CFLAGS='-Os -ffunction-sections -fdata-sections' ./configure --prefix="$dir/root" \
		--disable-shared --enable-static --with-defaults --disable-agent --disable-applications \
		--disable-manuals --disable-scripts --disable-mibs --disable-mib-loading \
		--disable-embedded-perl --without-perl-modules --disable-debugging \
		--with-transports='UDP UDPIPv6 Unix Callback' --with-out-transports='TCP TCPIPv6 Alias' \
		--with-security-modules=usm --with-openssl --enable-blumenthal-aes --without-rpm --without-nl \
		--with-persistent-directory=/var/lib/pantau-agent >"$dir/configure.log" 2>&1
	make -s -j2 >"$dir/make.log" 2>&1
	make -s install >"$dir/install.log" 2>&1
	cd ..
}

[ -d net-snmp ] || fetch_source
[ -f root/lib/libnetsnmp.a ] || build_netsnmp
[ -d agent ] || PKG_CONFIG_PATH=$dir/root/lib/pkgconfig meson setup agent "$top" -Dcollector=disabled \
	-Dtests=disabled -Dprefer_static=true -Dbuildtype=minsize \
	-Dc_args='-ffunction-sections -fdata-sections' -Dc_link_args=-Wl,--gc-sections,-no-pie >setup.log 2>&1
ninja -C agent >ninja.log 2>&1
strip -o pantau-agent agent/agent/pantau-agent
# As the OpenWrt package builds it, with the libraries of the system.
[ -d shared ] || meson setup shared "$top" -Dcollector=disabled -Dtests=disabled -Db_lto=true \
	-Dbuildtype=minsize >shared.log 2>&1
ninja -C shared >shared-ninja.log 2>&1
strip -o pantau-agent-shared shared/agent/pantau-agent
sync # pages of a fresh file that wait to be written count as private and dirty

run=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null; rm -rf "$run"' EXIT
cat >"$run/agent.conf" <<CONF
site-id = "opd-bench"
listen = {"127.0.0.1:16103"}
users-file = "$run/users.conf"
state-dir = "$run/state"
run-dir = "$run/run"
log-level = error
CONF
printf 'user "bench" { auth-passphrase = "auth-secret" priv-passphrase = "priv-secret" }\n' >"$run/users.conf"
chmod 600 "$run/users.conf" && mkdir "$run/state" "$run/run"
./pantau-agent -f -c "$run/agent.conf" &
pid=$!
for ((i = 0; i < 20; i++)); do
	snmpget -m '' -v3 -l authPriv -u bench -a SHA-256 -A auth-secret -x AES -X priv-secret -t 1 -r 5 \
		127.0.0.1:16103 1.3.6.1.2.1.1.1.0 1.3.6.1.2.1.1.3.0 >"$run/answer" || { cat "$run/answer" && exit 1; }
done
printf 'with shared libraries, stripped: %d octets (goal 200000)\n' "$(stat -c %s pantau-agent-shared)"
size --format=berkeley pantau-agent | awk 'NR == 2 { printf "text %d KiB, data %d KiB\n", $1 / 1024, $2 / 1024 }'
awk '/^Rss:/ { r = $2 } /^Private_Dirty:/ { d = $2 } END {
	printf "RSS %d KiB (goal 5120), private dirty %d KiB\n", r, d; exit r > 5120 }' "/proc/$pid/smaps_rollup"
