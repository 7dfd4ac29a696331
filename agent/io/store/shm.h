/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The memory behind mib_data: one anonymous mapping and one over the history file
 * in the run directory, which is on a tmpfs, so that minutes survive the agent.
 */
#pragma once

#include "agent/core/history/stamp.h"
#include "agent/core/mib/mib_data.h"

struct shm {
	struct mib_data data;
	void *mem, *hist;
	size_t mem_size, hist_size;
	int fd;
	bool is_full; /* pages of the history are memory's, for want of room in the file */
};

/*
 * Maps and binds; the history file is made where it is missing. A run directory that
 * cannot be used costs the survival, not the history: it is then anonymous (and a
 * warning). Returns 0 or -errno; ret is untouched on failure.
 */
int shm_init(const struct mib_sizes *sizes, const char *run_dir, struct shm *ret);
void shm_deinit(struct shm *shm);
/* Takes over an earlier agent's history, or empties it, with a word in the log. */
int shm_adopt_history(struct shm *shm, const struct stamp *now, uint32_t epoch_id);

/*
 * Lets go of the mapped pages of the history: they stay in the file, and come back when
 * somebody reads them. A day of 64 links is 9 MB, of which each minute touches one page a link.
 * Nothing happens where the history is anonymous, because there it would be lost, nor once
 * the file system was full: then the log says so, once.
 */
void shm_release_history(struct shm *shm);
