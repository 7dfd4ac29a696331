/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rtnetlink(7) messages about links, straight from the receive buffer: one call takes one
 * message off the front. Nothing is allocated and nothing of the buffer is kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/link/link_report.h"

enum rtnl_item {
	RTNL_END,	/* the buffer is used up */
	RTNL_LINK_NEW,	/* link is set */
	RTNL_LINK_DEL,	/* link is set: if_index and what the kernel still told */
	RTNL_STATS,	/* if_index and counters are set */
	RTNL_ADDRESS,	/* an address came; if_index is set */
	RTNL_ROUTE,	/* if_index is the link that it leaves by, link_down whether that is
			 dead */
	RTNL_DONE,	/* a dump is complete */
	RTNL_ERROR,	/* error is set: 0 (acknowledgement) or negative errno; also a dump
			 that ended before its end */
	RTNL_OVERRUN,	/* the kernel says that messages were lost */
	RTNL_OTHER,	/* none of ours */
	RTNL_MALFORMED, /* lengths that do not add up; the rest of the buffer is given up
			 */
};

struct rtnl_msg {
	uint32_t seq;
	bool interrupted; /* NLM_F_DUMP_INTR: the table changed under the dump: ask again
			   */
	int error;
	bool link_down;		       /* RTNL_ROUTE */
	uint32_t if_index;	       /* RTNL_STATS, RTNL_ADDRESS, RTNL_ROUTE */
	struct link_counters counters; /* RTNL_STATS */
	struct link_report link;
};

/*
 * Takes one message off buf (advances *buf, lowers *len). ret is set as the item says;
 * what an item does not name is left as it was, so that a sample of 64 links does not
 * clear 64 link structs.
 */
enum rtnl_item rtnl_parse(const uint8_t **buf, size_t *len, struct rtnl_msg *ret);
