/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event ring and its records. A record:
 *
 *	u16 length (of all, a multiple of 8)  u8 type  u8 0
 *	u32 crc32 over generation, then the record with this field 0
 *	payload
 *
 * in the order of octets of the machine: the file never leaves it (the head's magic finds
 * out if it did). A length of 0 is the end mark.
 */
#include "agent/core/event/event_log.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/base/crc32.h"

enum {
	SEGMENT_MAGIC = 0x31564550, /* "PEV1" */
	RECORD_HEAD = 8,
	RECORD_ALIGN = 8,
	EVENT_FIXED = 56, /* payload before the text */
	ACK_FIXED = 12,	  /* and before the receiver's name */
};

struct cursor {
	uint8_t *p;
	size_t at;
};

static void put(struct cursor *c, const void *v, size_t len)
{
	memcpy(c->p + c->at, v, len);
	c->at += len;
}

static void put_u32(struct cursor *c, uint32_t v)
{
	put(c, &v, sizeof(v));
}

static uint32_t get_u32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

size_t event_segment_put_head(const struct event_segment_head *head, uint8_t *buf)
{
	struct cursor c = {buf, 0};

	memset(buf, 0, EVENT_SEGMENT_HEAD);
	put_u32(&c, SEGMENT_MAGIC);
	put_u32(&c, head->generation);
	put_u32(&c, head->reserved);
	put_u32(&c, head->epoch);
	put_u32(&c, crc32_update(0, buf, c.at));
	return EVENT_SEGMENT_HEAD;
}

int event_segment_get_head(const uint8_t *buf, size_t len, struct event_segment_head *ret)
{
	if (len < EVENT_SEGMENT_HEAD || get_u32(buf) != SEGMENT_MAGIC ||
	    get_u32(buf + 16) != crc32_update(0, buf, 16))
		return -EINVAL;
	*ret = (struct event_segment_head){
		.generation = get_u32(buf + 4),
		.reserved = get_u32(buf + 8),
		.epoch = get_u32(buf + 12),
	};
	return 0;
}

static void put_event(struct cursor *c, const struct mib_event *event)
{
	uint8_t bytes[4] = {event->type, event->clock_state, event->role, 0};

	put_u32(c, event->number);
	put(c, bytes, sizeof(bytes));
	put_u32(c, event->if_index);
	put_u32(c, event->path_index);
	put_u32(c, event->value);
	put_u32(c, event->epoch_id);
	put(c, &event->time_ms, sizeof(event->time_ms));
	put(c, &event->monotonic_us, sizeof(event->monotonic_us));
	put(c, event->if_name, sizeof(event->if_name));
	put(c, event->text, strnlen(event->text, sizeof(event->text) - 1));
}

static void get_event(const uint8_t *p, size_t len, struct mib_event *ret)
{
	size_t text = len - EVENT_FIXED;

	*ret = (struct mib_event){
		.number = get_u32(p),
		.type = p[4],
		.clock_state = p[5],
		.role = p[6],
		.if_index = get_u32(p + 8),
		.path_index = get_u32(p + 12),
		.value = get_u32(p + 16),
		.epoch_id = get_u32(p + 20),
	};
	memcpy(&ret->time_ms, p + 24, sizeof(ret->time_ms));
	memcpy(&ret->monotonic_us, p + 32, sizeof(ret->monotonic_us));
	memcpy(ret->if_name, p + 40, sizeof(ret->if_name));
	ret->if_name[sizeof(ret->if_name) - 1] = '\0';
	memcpy(ret->text, p + EVENT_FIXED, text < sizeof(ret->text) ? text : sizeof(ret->text) - 1);
}

static uint32_t record_crc(const uint8_t *record, size_t len, uint32_t generation)
{
	static const uint8_t ZERO[4];
	uint32_t crc = crc32_update(0, &generation, sizeof(generation));

	crc = crc32_update(crc, record, 4);
	crc = crc32_update(crc, ZERO, sizeof(ZERO));
	return crc32_update(crc, record + RECORD_HEAD, len - RECORD_HEAD);
}

size_t event_segment_put(const struct event_record *record, uint32_t generation,
			 uint8_t buf[EVENT_RECORD_MAX])
{
	struct cursor c = {buf, RECORD_HEAD};
	uint16_t len;
	uint32_t crc;

	assert(record->type > EVENT_RECORD_NONE);
	memset(buf, 0, EVENT_RECORD_MAX);
	switch (record->type) {
	case EVENT_RECORD_EVENT:
		put_event(&c, &record->event);
		break;
	case EVENT_RECORD_ACK:
		put_u32(&c, record->done.number);
		put_u32(&c, record->done.at);
		put_u32(&c, (uint32_t)record->done.part);
		put(&c, record->receiver, sizeof(record->receiver));
		break;
	default:
		put_u32(&c, record->number);
		put_u32(&c, record->epoch);
		break;
	}
	len = (uint16_t)((c.at + RECORD_ALIGN - 1) / RECORD_ALIGN * RECORD_ALIGN);
	memcpy(buf, &len, sizeof(len));
	buf[2] = (uint8_t)record->type;
	crc = record_crc(buf, len, generation);
	memcpy(buf + 4, &crc, sizeof(crc));
	return len;
}

static size_t least_payload(uint8_t type)
{
	switch (type) {
	case EVENT_RECORD_EVENT:
		return EVENT_FIXED;
	case EVENT_RECORD_ACK:
		return ACK_FIXED + AGENT_CONF_RECEIVER_SIZE;
	case EVENT_RECORD_RESERVE:
	case EVENT_RECORD_START:
	case EVENT_RECORD_STOP:
		return 8;
	default:
		return SIZE_MAX;
	}
}

static void decode(const uint8_t *p, size_t len, struct event_record *ret)
{
	const uint8_t *payload = p + RECORD_HEAD;

	ret->type = (enum event_record_type)p[2];
	switch (ret->type) {
	case EVENT_RECORD_EVENT:
		get_event(payload, len - RECORD_HEAD, &ret->event);
		break;
	case EVENT_RECORD_ACK:
		ret->done.number = get_u32(payload);
		ret->done.at = get_u32(payload + 4);
		ret->done.part =
			get_u32(payload + 8) < INFORM_PARTS ? (int)get_u32(payload + 8) : 0;
		memcpy(ret->receiver, payload + ACK_FIXED, sizeof(ret->receiver));
		ret->receiver[sizeof(ret->receiver) - 1] = '\0';
		break;
	default:
		ret->number = get_u32(payload);
		ret->epoch = get_u32(payload + 4);
		break;
	}
}

/* The length of a record that begins at p, or 0. */
static size_t record_at(const uint8_t *p, size_t len, uint32_t generation)
{
	uint16_t size;

	if (len < RECORD_HEAD)
		return 0;
	memcpy(&size, p, sizeof(size));
	if (size < RECORD_HEAD || size % RECORD_ALIGN || size > len || size > EVENT_RECORD_MAX)
		return 0;
	if (least_payload(p[2]) > size - (size_t)RECORD_HEAD)
		return 0;
	return get_u32(p + 4) == record_crc(p, size, generation) ? size : 0;
}

enum event_record_type event_segment_get(const uint8_t *buf, size_t len, uint32_t generation,
					 size_t *offset, size_t *damaged, struct event_record *ret)
{
	/* Past a damaged record the next is looked for at each place where one can begin.
	 * The end mark does not end that: it may be the damage. */
	for (size_t at = *offset; at < len; at += RECORD_ALIGN) {
		size_t size = record_at(buf + at, len - at, generation);

		if (!size)
			continue;
		*damaged += at - *offset;
		*offset = at + size;
		decode(buf + at, size, ret);
		return ret->type;
	}
	return EVENT_RECORD_NONE;
}

void event_log_init(struct event_log *log, struct mib_data *data, uint32_t epoch_id)
{
	assert(mib_data_n_events(data) == 0);
	*log = (struct event_log){.data = data, .epoch_id = epoch_id, .next = 1};
	data->head->first_event = data->head->next_event = 1;
}

static void put_in_ring(struct event_log *log, const struct mib_event *event)
{
	struct mib_data *data = log->data;
	struct mib_head *head = data->head;
	uint32_t max = data->sizes.max_events;

	data->events[head->next_place] = *event;
	head->next_place = (head->next_place + 1) % max;
	if (head->n_events < max)
		head->n_events++;
	head->first_event = mib_data_event_nth(data, 0)->number;
	head->next_event = event->number + 1;
	head->agent.last_event_number = event->number;
}

static void load_event(struct event_log *log, const struct mib_event *event)
{
	/* Numbers rise within the files; what does not is of no use. 2^32 is never
	 * reached. */
	if (!event->number || event->number == UINT32_MAX || event->type < 1 ||
	    event->type > EVENT_TYPE_MAX || event->number < log->next)
		return;
	put_in_ring(log, event);
	log->next = event->number + 1;
}

/* The place of a receiver that is there, or, for a new one, of the one that has been silent
 * for longest: who left the configuration makes room. */
static size_t ack_to_replace(const struct event_log *log, const char *receiver)
{
	const size_t max = sizeof(log->acks) / sizeof(log->acks[0]);

	for (size_t i = 0; i < log->n_acks; i++) {
		if (!strcmp(log->acks[i].receiver, receiver))
			return i;
	}
	return log->n_acks == max ? 0 : log->n_acks;
}

void event_log_note_ack(struct event_log *log, const char *receiver, const struct inform_done *done)
{
	size_t at = ack_to_replace(log, receiver);
	struct event_ack ack = {.done = *done};

	assert(log->n_acks <= sizeof(log->acks) / sizeof(log->acks[0]));
	strncpy(ack.receiver, receiver, sizeof(ack.receiver) - 1);
	if (at < log->n_acks) {
		log->n_acks--;
		memmove(&log->acks[at], &log->acks[at + 1],
			(log->n_acks - at) * sizeof(log->acks[0]));
	}
	log->acks[log->n_acks++] = ack; /* the newest at the end */
}

static uint32_t later(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void load_record(struct event_log *log, const struct event_record *record)
{
	log->stopped = record->type == EVENT_RECORD_STOP;
	switch (record->type) {
	case EVENT_RECORD_EVENT:
		load_event(log, &record->event);
		break;
	case EVENT_RECORD_ACK:
		event_log_note_ack(log, record->receiver, &record->done);
		break;
	case EVENT_RECORD_RESERVE:
		log->reserved = later(log->reserved, record->number);
		break;
	case EVENT_RECORD_START:
		log->seen_epoch = record->epoch;
		break;
	case EVENT_RECORD_STOP:
		log->stopped_at = later(log->stopped_at, record->number);
		break;
	default:
		break;
	}
}

size_t event_log_load(struct event_log *log, const struct event_segment_head *head,
		      const uint8_t *buf, size_t len, size_t *ret_end)
{
	size_t offset = EVENT_SEGMENT_HEAD, damaged = 0;
	struct event_record record = {0};

	if (head->reserved > log->reserved)
		log->reserved = head->reserved;
	log->seen_epoch = head->epoch;
	while (event_segment_get(buf, len, head->generation, &offset, &damaged, &record))
		load_record(log, &record);
	if (ret_end)
		*ret_end = offset;
	return damaged;
}

/* Seconds since 2020: no agent makes an event a second for years, so this is beyond all.
 */
static uint32_t number_from_clock(int64_t wall_ms)
{
	int64_t s = wall_ms / 1000 - 1577836800;

	return s > 0 && s < UINT32_MAX / 2 ? (uint32_t)s : 0;
}

/* Of an earlier agent of this boot, whatever became of its files since; 0 unknown. */
static uint32_t last_known(const struct event_log *log)
{
	const struct mib_hist_head *head = log->data->hist_head;

	return head->last_event_check == ~head->last_event ? head->last_event : 0;
}

/* The last number that is spoken of anywhere but in an event. Above it, or a receiver would
 * be taken to have had what comes next. */
static uint32_t last_noted(const struct event_log *log)
{
	uint32_t last = later(log->stopped_at, last_known(log));

	for (size_t i = 0; i < log->n_acks; i++)
		last = later(last, later(log->acks[i].done.number, log->acks[i].done.at));
	return last;
}

void event_log_loaded(struct event_log *log, size_t lost, bool nothing_read, int64_t wall_ms)
{
	uint32_t next = log->next;

	/* In the same boot the page cache has all that was written, so kill -9 loses no
	 * record. After a power loss the last numbers may have been sent but not kept. */
	if (lost || (log->seen_epoch != log->epoch_id && !log->stopped))
		next = later(next, log->reserved + 1);
	/* Not more events than this may have been in what was lost. */
	if (lost)
		next += (uint32_t)(lost / (RECORD_HEAD + EVENT_FIXED)) + EVENT_BLOCK;
	if (last_noted(log) < UINT32_MAX)
		next = later(next, last_noted(log) + 1);
	if (lost && nothing_read && number_from_clock(wall_ms) > next)
		next = number_from_clock(wall_ms);
	log->next = next;
	log->data->head->agent.last_event_number = log->data->head->next_event - 1;
	if (log->data->head->next_event == 1)
		log->data->head->first_event = log->data->head->next_event = next;
}

bool event_log_ack_of(const struct event_log *log, const char *receiver, struct inform_done *ret)
{
	for (size_t i = 0; i < log->n_acks; i++) {
		if (strcmp(log->acks[i].receiver, receiver) != 0)
			continue;
		*ret = log->acks[i].done;
		return true;
	}
	return false;
}

const struct mib_event *event_log_add(struct event_log *log, const struct mib_event *event,
				      const struct stamp *now, struct event_gone *ret_gone)
{
	struct mib_data *data = log->data;
	struct mib_event *place = &data->events[data->head->next_place];
	struct mib_event add = *event;

	assert(log->next >= log->data->head->next_event);
	*ret_gone = (struct event_gone){0};
	if (mib_data_n_events(data) == data->sizes.max_events)
		*ret_gone = (struct event_gone){place->number, place->type};
	add.number = log->next++;
	add.monotonic_us = now->us;
	add.time_ms = event->time_ms ? event->time_ms : now->wall_ms;
	add.clock_state = (uint8_t)now->clock;
	add.epoch_id = log->epoch_id;
	put_in_ring(log, &add);
	data->hist_head->last_event = add.number;
	data->hist_head->last_event_check = ~add.number;
	return place;
}
