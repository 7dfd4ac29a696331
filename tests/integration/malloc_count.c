/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into a program (LD_PRELOAD), counts its allocations in the first eight octets of
 * the file that MALLOC_COUNT_FILE names, where a test reads them while the program runs.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own, which these stand before */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

static uint64_t before_start;
static uint64_t *count = &before_start;

__attribute__((constructor)) static void open_count(void)
{
	const char *path = getenv("MALLOC_COUNT_FILE");
	int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	void *mem;

	if (fd < 0 || ftruncate(fd, sizeof(*count)) < 0)
		return;
	mem = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (mem != MAP_FAILED)
		count = mem;
}

static void note(void)
{
	__atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t size)
{
	note();
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	note();
	return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	note();
	return __libc_realloc(old, size);
}
