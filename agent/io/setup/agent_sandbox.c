/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system calls that the agent makes once it runs. */
#include "agent/io/setup/agent_sandbox.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* How good the clock is; setting it needs a capability that is gone. */
static const char *const CLOCK_STATE[] = {
	"adjtimex",
	"clock_adjtime",
	"clock_adjtime64",
	NULL,
};

/* alarm(2), where no service manager watches. */
static const char *const WATCHDOG[] = {
	"alarm",
	"setitimer",
	NULL,
};

static const char *const *const CALLS[] = {
	SANDBOX_WRITE_FILES, SANDBOX_NETWORK, CLOCK_STATE, WATCHDOG, NULL,
};

static const int FAMILIES[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, 0};

/* if_indextoname(3), and what stdio asks of its files. */
static const unsigned long IOCTLS[] = {SIOCGIFNAME, SIOCGIFINDEX, FIONREAD, TCGETS, 0};

const struct sandbox_rules AGENT_SANDBOX = {
	.calls = CALLS,
	.families = FAMILIES,
	.ioctls = IOCTLS,
	.threads = true, /* keys are derived in one */
};
