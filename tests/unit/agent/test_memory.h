/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shared tables in plain memory, for tests. */
#pragma once

#include <stdlib.h>

#include "agent/core/mib/mib_data.h"

struct test_memory {
	struct mib_data data;
	void *mem, *hist;
};

static inline void test_memory_init(struct test_memory *ret, const struct mib_sizes *sizes)
{
	ret->mem = calloc(1, mib_data_size(sizes));
	ret->hist = calloc(1, mib_hist_size(sizes));
	if (!ret->mem || !ret->hist || mib_data_bind(&ret->data, sizes, ret->mem, ret->hist) < 0)
		abort();
}

static inline void test_memory_deinit(struct test_memory *memory)
{
	free(memory->mem);
	free(memory->hist);
}
