# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the tests of the collector, after lib.sh: a small collector on loopback.
#
#	collector_files		writes configuration, credentials and inventory below $it_tmp
#	collector_start		starts it and waits until it serves
#	metric NAME		a counter of /metrics; labels as in 'pantau_x_total{a="b"}'
#	api PATH		the API's JSON
#	db SQL			asks the store's database
#	inform_from ADDRESS OPTION...	snmpinform with that source
#	ctl ...			pantauctl on its control socket

state=$it_tmp/state
sock=$it_tmp/run/collector.sock
port=16200

collector_files() {
	it_file "$it_tmp/collector.conf" <<-E
		inventory = "$it_tmp/inventory.csv"
		credentials = "$it_tmp/credentials.conf"
		profiles-dir = "$it_build/conf/profiles"
		web-dir = "$it_root/collector/web"
		state-dir = "$state"
		rrd-dir = "$it_tmp/rrd"
		run-dir = "$it_tmp/run"
		user = ""
		http-listen = {"127.0.0.1:8080"}
		trap-listen = {"127.0.0.1:$port", "[::1]:$port"}
		poll-interval = 60s
	E
	it_file "$it_tmp/credentials.conf" 600 <<-E
		credential "sw" { version = "v2c" community = "rahasia-sw" }
		credential "opd" {
			user = "pantau" auth = "sha256" auth-passphrase = "kata-sandi-1"
			priv = "aes128" priv-passphrase = "kata-sandi-2"
		}
		credential "opd-2" {
			user = "pantau" auth = "sha1" auth-passphrase = "kata-sandi-3"
			priv = "aes128" priv-passphrase = "kata-sandi-4"
		}
	E
	it_file "$it_tmp/inventory.csv" <<-E
		id,kind,name,address,port,credential,parent,parent_port,profile
		sw-1,core,Switch Satu,127.0.0.11,16111,sw,,,if-mib
		sw-2,core,Switch Dua,127.0.0.12,16111,sw,,,if-mib
		opd-1,opd,Dinas Satu,127.0.0.21,16111,opd,,,if-mib
		opd-2,opd,Dinas Dua,127.0.0.22,16111,opd-2,,,if-mib
	E
}

# collector_start [NAME [NS]]
collector_start() {
	local name=${1-collector}
	mkdir -p "$state"
	it_start "$name" ${2:+--ns "$2"} -- "$(it_program collector/pantau-collector)" -c "$it_tmp/collector.conf"
	it_wait_for 10 "$name serves" api status
}

api() {
	curl -sSf --unix-socket "$sock" "http://localhost/api/v1/$1"
}

metric() {
	curl -sSf --unix-socket "$sock" http://localhost/metrics |
		awk -v name="$1" 'index($0, name " ") == 1 { print $NF; found = 1 } END { if (!found) print "none" }'
}

# metric_is NAME VALUE: for it_wait_for
metric_is() {
	[ "$(metric "$1")" = "$2" ]
}

db() {
	sqlite3 -cmd '.timeout 3000' "$state/pantau.db" "$1"
}

# db_is SQL VALUE
db_is() {
	[ "$(db "$1")" = "$2" ]
}

inform_from() {
	local from=$1
	shift
	snmpinform --clientaddr="$from" "$@"
}

ctl() {
	PANTAU_SERVER="unix:$sock" LC_ALL=C "$it_build/collector/pantauctl" "$@"
}
