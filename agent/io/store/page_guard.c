/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The handler of SIGBUS. Elsewhere than in the mapping, and where there is no memory either, the
 * signal does what it always did. Source: sigaction(2), mmap(2); mmap is a plain system call and
 * the kernel does not mind where it comes from.
 */
#include "agent/io/store/page_guard.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a signal handler is to know can only be global. */
static uintptr_t guarded_from, guarded_to, page_size;
static volatile sig_atomic_t was_hit;

static void on_bus(int number, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr & ~(page_size - 1);

	(void)context;
	if (at < guarded_from || at >= guarded_to ||
	    mmap((void *)at, page_size, PROT_READ | PROT_WRITE, /* NOLINT */
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
		signal(number, SIG_DFL); /* and it comes again */
		return;
	}
	was_hit = 1;
}

int page_guard_set(void *start, size_t size)
{
	struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};

	assert(size > 0);
	page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	guarded_from = (uintptr_t)start;
	guarded_to = guarded_from + size;
	was_hit = 0;
	sigemptyset(&action.sa_mask);
	return sigaction(SIGBUS, &action, NULL) < 0 ? -errno : 0;
}

void page_guard_clear(const void *start)
{
	if (guarded_from == (uintptr_t)start)
		guarded_from = guarded_to = 0;
}

bool page_guard_was_hit(void)
{
	return was_hit;
}
