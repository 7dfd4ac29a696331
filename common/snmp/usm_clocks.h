/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The clocks of engines that are authoritative for what they send us (SNMPv3 traps), as their
 * authentic messages last proved them: RFC 3414 3.2 7 b. A fixed number is remembered; the one
 * that was proved longest ago makes room.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"

struct usm_clocks;

/* 0 or -ENOMEM. */
must_check_ int usm_clocks_new(size_t max, struct usm_clocks **ret);
struct usm_clocks *usm_clocks_free(struct usm_clocks *clocks);

/* Whether an authentic message of that engine (1 to 32 octets of id) is of now, and not one
 * that was recorded and sent again. If it is, it moves the clock. An engine that was not heard
 * of is believed. now_us: monotonic. */
bool usm_clocks_accept(struct usm_clocks *clocks, const uint8_t *engine_id, size_t engine_id_len,
		       uint32_t boots, uint32_t time, int64_t now_us);
