/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outage as it is stored, with the times in which nobody watched. */
#pragma once

#include <stddef.h>

#include "collector/core/alert/alert_set.h"

struct outage_span {
	int64_t begin_ms, end_ms;
};

struct outage_row {
	int64_t id;
	struct alert_outage outage;
	struct outage_span blind[8]; /* the first of them */
	size_t n_blind;
	int64_t blind_ms; /* of all of them */
};
