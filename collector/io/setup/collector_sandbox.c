/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system calls that the collector makes once it runs. It starts no process: those that
 * draw are made by one of their own (starter.h).
 */
#include "collector/io/setup/collector_sandbox.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The page and the control socket. */
static const char *const SERVE[] = {
	"listen", "accept", "accept4", "chmod", "fchmodat", "fchmodat2", NULL,
};

/* librrd and SQLite: sizes, read-ahead, and who owns a file that root makes. */
static const char *const DATA_FILES[] = {
	"fstatfs",	"fstatfs64",	    "statfs",		"statfs64", "fadvise64",
	"fadvise64_64", "arm_fadvise64_64", "fchown",		"fchown32", "utime",
	"utimes",	"utimensat",	    "utimensat_time64", NULL,
};

/* How good the clock is; setting it needs a capability that is gone. */
static const char *const CLOCK_STATE[] = {"adjtimex", "clock_adjtime", "clock_adjtime64", NULL};

static const char *const *const CALLS[] = {
	SANDBOX_WRITE_FILES, SANDBOX_NETWORK, SERVE, DATA_FILES, CLOCK_STATE, NULL,
};

static const int FAMILIES[] = {AF_UNIX, AF_INET, AF_INET6, 0};

/* What libevent asks of its sockets, stdio of its files, and if_nametoindex(3). */
static const unsigned long IOCTLS[] = {FIONREAD, TCGETS, SIOCGIFNAME, SIOCGIFINDEX, 0};

const struct sandbox_rules COLLECTOR_SANDBOX = {
	.calls = CALLS,
	.families = FAMILIES,
	.ioctls = IOCTLS,
	.threads = true, /* a reload reads its files in one, keys are derived in one */
};
