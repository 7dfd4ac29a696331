/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Root, capabilities and system calls are given up in this order: each step needs what
 * the next one takes.
 */
#include "agent/confine.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/agent_conf.h"
#include "agent/io/sandbox.h"
#include "agent/io/state_dirs.h"
#include "common/log.h"
#include "common/privilege.h"

static int drop(const struct agent_conf *conf, bool raw_sockets)
{
	static const int caps[] = {CAP_NET_RAW};
	int r = 0;

	if (!conf->user || !conf->user[0])
		return 0;
	if (geteuid() == 0)
		r = state_dirs_give(conf->state_dir, conf->user);
	if (r == 0 && geteuid() == 0)
		r = state_dirs_give(conf->run_dir, conf->user);
	if (r == 0)
		r = privilege_drop(conf->user, NULL, caps,
				   raw_sockets ? ARRAY_LEN(caps) : 0);
	if (r < 0)
		log_error("agent", "user=%s err=\"%s\"", conf->user, strerror(-r));
	return r;
}

int confine(const struct agent_conf *conf, bool raw_sockets)
{
	int r = drop(conf, raw_sockets);

	if (r < 0 || !conf->sandbox)
		return r;
	r = sandbox_enter();
	if (r == -ENOSYS) {
		log_info("agent",
			 "msg=\"no seccomp here: system calls are not filtered\"");
		return 0;
	}
	if (r < 0)
		log_error("agent", "sandbox err=\"%s\"", strerror(-r));
	return r;
}
