# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced after lib.sh and fixture_lib.sh by the tests with real monitoring servers of Debian 12,
# which run in a directory of their own, with nothing of /etc but what the test names.
#
#	servers_user DIR	makes DIR, the server's own
#	servers_start NAME COMMAND...	starts it in DIR as a user that is not root

PATH=$PATH:/usr/sbin:/sbin

# Nagios and Icinga want to be no root; in a namespace with no other user than root, nobody is a
# name for the one that there is.
servers_as=()
if setpriv --reuid=nobody --regid=nogroup --clear-groups true 2>/dev/null; then
	servers_as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
else
	servers_as=(unshare --user --map-user=65534 --map-group=65534)
fi

servers_user() {
	servers_dir=$1
	mkdir -p "$servers_dir"
	[ "${servers_as[0]}" = unshare ] || chown nobody:nogroup "$servers_dir"
	chmod 755 "$it_tmp"
}

servers_run() {
	HOME=$servers_dir "${servers_as[@]}" "$@"
}

servers_start() {
	local name=$1
	shift
	it_start "$name" -- env HOME="$servers_dir" "${servers_as[@]}" "$@"
}

# Those of the export, with the plugin of this build.
servers_export() {
	"$(it_program collector/pantauctl)" -s "$url" export "$1" \
		--plugin "$(it_program collector/check_pantau)" --plugin-server "$url"
}
