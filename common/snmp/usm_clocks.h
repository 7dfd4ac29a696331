/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The clocks of engines that are authoritative for what they send us (SNMPv3 traps), as their
 * authentic messages last proved them: RFC 3414 3.2 7 b. A fixed number is remembered; the one
 * that was proved longest ago makes room.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"

struct usm_clocks;

/* 0 or -ENOMEM. */
must_check_ int usm_clocks_new(size_t max, struct usm_clocks **ret);
struct usm_clocks *usm_clocks_free(struct usm_clocks *clocks);

enum usm_clock_answer {
	USM_CLOCK_REFUSED = 0, /* recorded and sent again, or too late */
	USM_CLOCK_WITHIN,      /* of now, but no later than another was */
	USM_CLOCK_MOVED,       /* of now, and later than all before: worth keeping */
};

/* Whether an authentic message of that engine (1 to 32 octets of id) is of now. An engine that
 * was not heard of is believed. now_us: monotonic. */
enum usm_clock_answer usm_clocks_accept(struct usm_clocks *clocks, const uint8_t *engine_id,
					size_t engine_id_len, uint32_t boots, uint32_t time,
					int64_t now_us);
/* What an engine had proved before we started. How long ago is not known for certain, so its next
 * message has to be later than that, be it by a second: nothing that was heard before is. */
void usm_clocks_restore(struct usm_clocks *clocks, const uint8_t *engine_id, size_t engine_id_len,
			uint32_t boots, uint32_t time, int64_t now_us);
