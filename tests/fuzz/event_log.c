/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A segment of the event log as a start finds it. */
#include "agent/core/event/event_log.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 65536 };

/* Inputs rarely have the right checks, so the body is read as a segment, and its octets are
 * taken as payloads of records too. */
static void read_payload(const uint8_t *data, size_t size)
{
	struct event_record record = {.type = EVENT_RECORD_EVENT}, again = {0};
	uint8_t buf[EVENT_RECORD_MAX];
	size_t offset = 0, damaged = 0, len;

	memcpy(&record.event, data, size < sizeof(record.event) ? size : sizeof(record.event));
	len = event_segment_put(&record, 3, buf);
	if (event_segment_get(buf, len, 3, &offset, &damaged, &again) != EVENT_RECORD_EVENT ||
	    damaged)
		abort();
	if (again.event.number != record.event.number || strlen(again.event.text) >= MIB_TEXT_SIZE)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mib_sizes sizes = {.max_links = 1, .max_events = 16, .hist_minutes = 1};
	void *mem = calloc(1, mib_data_size(&sizes)), *hist = calloc(1, mib_hist_size(&sizes));
	struct event_segment_head head = {.generation = 1};
	struct mib_data tables;
	struct event_log log;

	if (!mem || !hist || mib_data_bind(&tables, &sizes, mem, hist) < 0)
		abort();
	event_log_init(&log, &tables, 9);
	if (size > BODY_MAX)
		size = BODY_MAX;
	event_segment_get_head(data, size, &head);
	if (size > EVENT_SEGMENT_HEAD) {
		size_t damaged = event_log_load(&log, &head, data, size, NULL);

		event_log_loaded(&log, damaged ? size : 0, false, 1790000000000);
	}
	for (const struct mib_event *e = mib_data_event_at(&tables, 1); e;
	     e = mib_data_event_at(&tables, e->number + 1)) {
		if (e->number >= log.next)
			abort();
	}
	read_payload(data, size);
	free(mem);
	free(hist);
	return 0;
}
