/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mmap(2) of the shared tables. The history file keeps its holes: pages of links and
 * minutes that never were cost nothing, so it must be emptied by truncation only.
 */
#include "agent/io/store/shm.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/core/history/history.h"
#include "agent/io/store/clock_state.h"
#include "agent/io/store/page_guard.h"
#include "common/system/log.h"

static void *map(int fd, size_t size)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

static int open_history(const char *run_dir, size_t size)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/history", run_dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0 || ftruncate(fd, (off_t)size) < 0) {
		log_warn("history", "file=%s msg=\"cannot be kept over a restart\" err=\"%s\"",
			 path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

/* Some file systems cannot map what is to be written (JFFS2): then from memory. */
static void *map_history(int *fd, size_t size)
{
	void *hist = map(*fd, size);

	if (*fd < 0 || (hist && page_guard_set(hist, size) == 0))
		return hist;
	log_warn("history", "msg=\"cannot be kept over a restart\" err=\"%s\"", strerror(errno));
	if (hist)
		munmap(hist, size);
	close(*fd);
	*fd = -1;
	return map(-1, size);
}

int shm_init(const struct mib_sizes *sizes, const char *run_dir, struct shm *ret)
{
	struct shm shm = {.mem_size = mib_data_size(sizes), .hist_size = mib_hist_size(sizes)};
	int r = -ENOMEM;

	shm.fd = open_history(run_dir, shm.hist_size);
	shm.mem = map(-1, shm.mem_size);
	shm.hist = map_history(&shm.fd, shm.hist_size);
	if (shm.mem && shm.hist)
		r = mib_data_bind(&shm.data, sizes, shm.mem, shm.hist);
	if (r < 0) {
		shm_deinit(&shm);
		return r;
	}
	*ret = shm;
	return 0;
}

void shm_deinit(struct shm *shm)
{
	if (shm->mem)
		munmap(shm->mem, shm->mem_size);
	page_guard_clear(shm->hist);
	if (shm->hist)
		munmap(shm->hist, shm->hist_size);
	if (shm->fd >= 0)
		close(shm->fd);
	*shm = (struct shm){.fd = -1};
}

int shm_adopt_history(struct shm *shm, const struct stamp *now, uint32_t epoch_id)
{
	/* Next to a clock that was never set no row is too late to be true. */
	uint32_t now_minute =
		clock_can_be(now->wall_ms) ? (uint32_t)(now->wall_ms / 60000) : UINT32_MAX;
	enum history_adopted adopted;
	int32_t moved;
	int r = history_redate(&shm->data, epoch_id, now, &moved);

	if (r < 0)
		return r;
	if (moved)
		log_info("history", "minutes=%+d msg=\"the clock was set meanwhile: dated anew\"",
			 moved);
	adopted = history_adopt(&shm->data, now_minute, epoch_id);
	if (adopted != HISTORY_FOREIGN)
		return 0;
	log_warn("history", "msg=\"of another configuration or damaged: begun anew\"");
	if (shm->fd >= 0 &&
	    (ftruncate(shm->fd, 0) < 0 || ftruncate(shm->fd, (off_t)shm->hist_size) < 0))
		return -errno;
	history_adopt(&shm->data, now_minute, epoch_id);
	return 0;
}

void shm_release_history(struct shm *shm)
{
	assert(shm->hist);
	if (page_guard_was_hit() && !shm->is_full)
		log_warn("history", "msg=\"no room in run-dir: what is new is kept in "
				    "memory, and not over a restart\"");
	shm->is_full = page_guard_was_hit();
	if (shm->fd >= 0 && !shm->is_full)
		madvise(shm->hist, shm->hist_size, MADV_DONTNEED);
}
