/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which alerts, or outages, somebody asks for. */
#pragma once

#include "collector/core/alert/alert.h"

enum { ALERT_FILTER_DEFAULT = 100, ALERT_FILTER_MAX = 200 };

enum alert_which { ALERTS_OPEN, ALERTS_ENDED, ALERTS_ALL };

struct alert_filter {
	enum alert_which which;
	char device_id[33];	   /* "" any */
	int kind, severity, acked; /* -1 any; acked 0: nobody answered */
	int64_t before;		   /* ids below; 0: from the newest */
	unsigned int limit;	   /* 1..ALERT_FILTER_MAX */
};

/* But for the limit. */
bool alert_filter_fits(const struct alert_filter *filter, const struct alert *alert);
