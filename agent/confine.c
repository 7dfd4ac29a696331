/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Root, capabilities and system calls are given up in this order: each step needs what
 * the next one takes.
 */
#include "agent/confine.h"

#include <errno.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/agent_conf.h"
#include "agent/io/sandbox.h"
#include "common/log.h"
#include "common/privilege.h"

/* Files in them can be replaced later only if the directories are the user's; those that
 * root made before now may have to be opened again. */
static int give(const char *dir, const char *const *files, const struct passwd *user)
{
	char path[4096];

	if (chown(dir, user->pw_uid, user->pw_gid) < 0)
		return -errno;
	for (; *files; files++) {
		snprintf(path, sizeof(path), "%s/%s", dir, *files);
		if (lchown(path, user->pw_uid, user->pw_gid) < 0 && errno != ENOENT)
			return -errno;
	}
	return 0;
}

static int give_directories(const struct agent_conf *conf)
{
	static const char *const state[] = {"engine", "events", NULL};
	static const char *const run[] = {"history", NULL};
	const struct passwd *user = getpwnam(conf->user);
	int r;

	if (!user)
		return -ENOENT;
	r = give(conf->state_dir, state, user);
	return r < 0 ? r : give(conf->run_dir, run, user);
}

static int drop(const struct agent_conf *conf, bool raw_sockets)
{
	static const int caps[] = {CAP_NET_RAW};
	int r = 0;

	if (!conf->user || !conf->user[0])
		return 0;
	if (geteuid() == 0)
		r = give_directories(conf);
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
