/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody asks of the notifications and their senders, from a URL's query. */
#pragma once

#include <stdint.h>

#include "collector/core/trap/notification_row.h"

enum {
	NOTIFICATION_QUERY_DEFAULT = 100,
	NOTIFICATION_QUERY_MAX = 500,
	SENDER_QUERY_MAX = 200, /* they are listed on the loop, which waits for it */
};

/* Both return 0, or -EINVAL with what is wrong in *ret_error, which is constant text. */

/* limit=, before=, and one of device=, source=, unknown=yes. A source is brought to the form in which it is stored. */
int notification_query_parse(const char *text, struct notification_query *ret,
			     const char **ret_error);

struct sender_query {
	uint64_t before; /* only those heard of before; 0: from the last */
	unsigned int limit;
};
int sender_query_parse(const char *text, struct sender_query *ret, const char **ret_error);
