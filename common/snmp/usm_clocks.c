/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides by boots and time alone; whether the message is authentic was asked before. Source:
 * RFC 3414 2.2.3, 3.2 7 b. */
#include "common/snmp/usm_clocks.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/snmp/snmp_usm.h"

struct clock {
	uint8_t engine_id[USM_ENGINE_ID_MAX];
	uint8_t engine_id_len;
	uint32_t boots, time;
	int64_t at_us; /* when it showed that time */
	bool restored; /* of before the start */
};

struct usm_clocks {
	size_t max, n;
	struct clock clocks[];
};

int usm_clocks_new(size_t max, struct usm_clocks **ret)
{
	struct usm_clocks *clocks;

	assert(max > 0);
	clocks = calloc(1, sizeof(*clocks) + max * sizeof(clocks->clocks[0]));
	if (!clocks)
		return -ENOMEM;
	clocks->max = max;
	*ret = clocks;
	return 0;
}

struct usm_clocks *usm_clocks_free(struct usm_clocks *clocks)
{
	free(clocks);
	return NULL;
}

static struct clock *find(struct usm_clocks *clocks, const uint8_t *engine_id, size_t len)
{
	for (size_t i = 0; i < clocks->n; i++) {
		struct clock *clock = &clocks->clocks[i];

		if (clock->engine_id_len == len && memcmp(clock->engine_id, engine_id, len) == 0)
			return clock;
	}
	return NULL;
}

static bool in_window(const struct clock *clock, uint32_t boots, uint32_t time, int64_t now_us)
{
	int64_t expected = clock->time + (now_us - clock->at_us) / 1000000;

	if (boots != clock->boots)
		return boots > clock->boots;
	return clock->restored ? time > clock->time : (int64_t)time >= expected - USM_WINDOW_S;
}

/* A place for an engine that has none: a free one, or that of the one proved longest ago. */
static struct clock *add(struct usm_clocks *clocks, const uint8_t *engine_id, size_t len)
{
	struct clock *place = &clocks->clocks[0];

	if (clocks->n < clocks->max) {
		place = &clocks->clocks[clocks->n++];
	} else {
		for (size_t i = 1; i < clocks->n; i++) {
			if (clocks->clocks[i].at_us < place->at_us)
				place = &clocks->clocks[i];
		}
	}
	*place = (struct clock){.engine_id_len = (uint8_t)len};
	memcpy(place->engine_id, engine_id, len);
	return place;
}

static void set(struct clock *clock, uint32_t boots, uint32_t time, int64_t now_us, bool restored)
{
	clock->boots = boots;
	clock->time = time;
	clock->at_us = now_us;
	clock->restored = restored;
}

enum usm_clock_answer usm_clocks_accept(struct usm_clocks *clocks, const uint8_t *engine_id,
					size_t engine_id_len, uint32_t boots, uint32_t time,
					int64_t now_us)
{
	struct clock *clock;

	assert(engine_id_len > 0 && engine_id_len <= USM_ENGINE_ID_MAX);
	if (boots == USM_BOOTS_MAX)
		return USM_CLOCK_REFUSED;
	clock = find(clocks, engine_id, engine_id_len);
	if (clock && !in_window(clock, boots, time, now_us))
		return USM_CLOCK_REFUSED;
	if (clock && boots == clock->boots && time <= clock->time)
		return USM_CLOCK_WITHIN;
	if (!clock)
		clock = add(clocks, engine_id, engine_id_len);
	set(clock, boots, time, now_us, false);
	return USM_CLOCK_MOVED;
}

void usm_clocks_restore(struct usm_clocks *clocks, const uint8_t *engine_id, size_t engine_id_len,
			uint32_t boots, uint32_t time, int64_t now_us)
{
	struct clock *clock = find(clocks, engine_id, engine_id_len);

	assert(engine_id_len > 0 && engine_id_len <= USM_ENGINE_ID_MAX);
	if (!clock)
		clock = add(clocks, engine_id, engine_id_len);
	set(clock, boots, time, now_us, true);
}
