/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Root, capabilities and system calls are given up in this order: each step needs what
 * the next one takes.
 */
#include "agent/confine.h"

#include <errno.h>
#include <link.h>
#include <linux/capability.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#if HAVE_LIBCRYPTO
#include <openssl/crypto.h>
#endif
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/io/setup/agent_sandbox.h"
#include "agent/io/store/state_dirs.h"
#include "common/system/log.h"
#include "common/system/privilege.h"

/* Raw sockets are for paths that a reload brings. Who stays root reads the users file at a
 * reload and finds the way to the master's socket, whosever they are. */
static int limit(const struct agent_conf *conf, bool raw_sockets)
{
	int caps[2], r;
	size_t n = 0;

	if (raw_sockets)
		caps[n++] = CAP_NET_RAW;
	if (geteuid() == 0)
		caps[n++] =
			conf->mode == AGENT_MODE_AGENTX ? CAP_DAC_OVERRIDE : CAP_DAC_READ_SEARCH;
	r = privilege_keep(caps, n);
	if (r < 0)
		log_error("agent", "msg=\"capabilities cannot be dropped\" err=\"%s\"",
			  strerror(-r));
	return r;
}

static int drop(const struct agent_conf *conf, bool raw_sockets)
{
	static const int caps[] = {CAP_NET_RAW};
	int r = 0;

	if (!conf->user || !conf->user[0])
		return limit(conf, raw_sockets);
	if (geteuid() == 0) {
		(void)state_dirs_give(conf->state_dir, conf->user); /* it may not be there */
		r = state_dirs_give(conf->run_dir, conf->user);
	}
	if (r == 0)
		r = privilege_drop(conf->user, NULL, caps, raw_sockets ? ARRAY_LEN(caps) : 0);
	if (r < 0)
		log_error("agent", "user=%s err=\"%s\"", conf->user, strerror(-r));
	return r;
}

/* Code is only unmapped, never lost: what is needed again comes from the page cache. */
static int give_back_code(struct dl_phdr_info *object, size_t size, void *data)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	(void)size;
	(void)data;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t start = object->dlpi_addr + segment->p_vaddr;
		uintptr_t end = (start + segment->p_memsz + page - 1) & ~(page - 1);

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) ||
		    segment->p_flags & PF_W)
			continue;
		start &= ~(page - 1);
		madvise((void *)start, end - start, MADV_DONTNEED); /* NOLINT */
	}
	return 0;
}

static int sandbox(void)
{
	int r = sandbox_enter(&AGENT_SANDBOX);

	if (r == -ENOSYS) {
		log_info("agent", "msg=\"no seccomp here: system calls are not filtered\"");
		return 0;
	}
	if (r < 0)
		log_error("agent", "sandbox err=\"%s\"", strerror(-r));
	return r;
}

void confine_crypto(void)
{
#if HAVE_LIBCRYPTO
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS,
			    NULL);
#endif
}

int confine(const struct agent_conf *conf, bool raw_sockets)
{
	int r = drop(conf, raw_sockets);

	if (r == 0)
		r = privilege_hide_memory();
	if (r == 0 && conf->sandbox)
		r = sandbox();
	/* Reading configurations, deriving keys and composing the filter took memory and mapped
	 * code that the agent will not need again: 300 KiB and 2 MiB of a small router's. */
	dl_iterate_phdr(give_back_code, NULL);
#ifdef __GLIBC__
	malloc_trim(0);
#endif
	return r;
}
