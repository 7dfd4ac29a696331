/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries what happens to all invariants. A new one is a file of its own and a row here. */
#include "tests/simulation/truth/invariant.h"

#include <stdio.h>
#include <stdlib.h>

#include "collector/core/value/sample.h"
#include "common/base/cleanup.h"
#include "tests/simulation/city/city.h"

static const struct invariant *const INVARIANTS[] = {
	&INVARIANT_SAMPLE,  &INVARIANT_UNKNOWN, &INVARIANT_STARVES, &INVARIANT_OUTAGE,
	&INVARIANT_RESTART, &INVARIANT_ROW,	&INVARIANT_TOLD,    &INVARIANT_BOUND,
};

#define FOR_EACH(call, ...)                                                                        \
	do {                                                                                       \
		for (size_t i = 0; i < ARRAY_LEN(INVARIANTS); i++)                                 \
			if (INVARIANTS[i]->call)                                                   \
				INVARIANTS[i]->call(__VA_ARGS__);                                  \
	} while (0)

void invariant_begin(struct city *city)
{
	city->notes = calloc(ARRAY_LEN(INVARIANTS), sizeof(*city->notes));
	if (!city->notes)
		abort();
	for (size_t i = 0; i < ARRAY_LEN(INVARIANTS); i++) {
		city->notes[i] = calloc(1, INVARIANTS[i]->notes + 1);
		if (!city->notes[i])
			abort();
	}
	FOR_EACH(begin, city, city->notes[i]);
}

void invariant_sample(struct city *city, const struct sample *sample)
{
	int at = city_box_of(city, sample->series->device_id);
	struct seen seen = {.sample = sample, .box_index = at};

	city->count.samples++;
	if (at < 0) {
		city_wrong(city, "name", NULL, "%s: no such device", sample->series->device_id);
		return;
	}
	seen.box = &city->boxes[at];
	seen.port = box_port(seen.box, sample->series->object);
	FOR_EACH(sample, city, city->notes[i], &seen);
}

void invariant_event(struct city *city, const struct event *event)
{
	city->count.events++;
	FOR_EACH(event, city, city->notes[i], event);
}

void invariant_log(struct city *city, int level, const char *line)
{
	FOR_EACH(log, city, city->notes[i], level, line);
}

void invariant_minute(struct city *city)
{
	FOR_EACH(minute, city, city->notes[i]);
}

void invariant_end(struct city *city)
{
	FOR_EACH(end, city, city->notes[i]);
}

void invariant_free(struct city *city)
{
	for (size_t i = 0; i < ARRAY_LEN(INVARIANTS); i++) {
		if (INVARIANTS[i]->free)
			INVARIANTS[i]->free(city->notes[i]);
		free(city->notes[i]);
	}
	free(city->notes);
	city->notes = NULL;
}

void invariant_list(void)
{
	for (size_t i = 0; i < ARRAY_LEN(INVARIANTS); i++)
		printf("  %-12s %s\n", INVARIANTS[i]->name, INVARIANTS[i]->what);
}
