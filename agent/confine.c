/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Root, capabilities and system calls are given up in this order: each step needs what
 * the next one takes.
 */
#include "agent/confine.h"

#include <errno.h>
#include <linux/capability.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#if HAVE_LIBCRYPTO
#include <openssl/crypto.h>
#endif
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

/* Reading configurations, deriving keys and composing the filter took memory that the
 * agent will not need again: 300 KiB of a small router's. */
static void give_back_memory(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

static int sandbox(void)
{
	int r = sandbox_enter();

	if (r == -ENOSYS) {
		log_info("agent",
			 "msg=\"no seccomp here: system calls are not filtered\"");
		return 0;
	}
	if (r < 0)
		log_error("agent", "sandbox err=\"%s\"", strerror(-r));
	return r;
}

void confine_crypto(void)
{
#if HAVE_LIBCRYPTO
	OPENSSL_init_crypto(
		OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS, NULL);
#endif
}

int confine(const struct agent_conf *conf, bool raw_sockets)
{
	int r = drop(conf, raw_sockets);

	if (r == 0 && conf->sandbox)
		r = sandbox();
	give_back_memory();
	return r;
}
