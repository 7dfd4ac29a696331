/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/ping/ping_group.h"

#include <math.h>

const struct sample_group PING_GROUP = {
	.name = "ping",
	.n_ds = PING_VALUES,
	.ds =
		{
			[PING_RTT] = {.name = "rtt", .unit = "ms", .min = 0, .max = NAN},
			[PING_JITTER] = {.name = "jitter", .unit = "ms", .min = 0, .max = NAN},
			[PING_LOSS] = {.name = "loss", .unit = "%", .min = 0, .max = 100},
		},
};
