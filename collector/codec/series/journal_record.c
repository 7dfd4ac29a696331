/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/series/journal_record.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/crc32.h"

enum { NAME_MAX_OCTETS = 255 };

_Static_assert(JOURNAL_RECORD_HEAD + 4 + 4 + 1 + NAME_MAX_OCTETS +
			       SAMPLE_DS_MAX * (1 + SAMPLE_DS_NAME_MAX + 8 + 8) <=
		       JOURNAL_RECORD_MAX,
	       "the longest record fits");

/* ---- writing ---- */

static uint8_t *put(uint8_t *at, uint64_t value, int octets)
{
	for (int i = 0; i < octets; i++)
		*at++ = (uint8_t)(value >> (8 * i));
	return at;
}

static uint8_t *put_double(uint8_t *at, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return put(at, bits, 8);
}

static uint8_t *put_name(uint8_t *at, const char *name)
{
	const size_t len = strlen(name);

	*at++ = (uint8_t)len;
	memcpy(at, name, len);
	return at + len;
}

static uint8_t *put_series(uint8_t *at, const struct journal_record *record)
{
	at = put(at, record->step_ms, 4);
	at = put_name(at, record->name);
	for (size_t i = 0; i < record->n_ds; i++) {
		at = put_name(at, record->ds[i].name);
		at = put_double(at, record->ds[i].min);
		at = put_double(at, record->ds[i].max);
	}
	return at;
}

static uint8_t *put_sample(uint8_t *at, const struct journal_record *record)
{
	at = put(at, (uint64_t)record->time_ms, 8);
	at = put(at, record->duration_ms, 4);
	for (size_t i = 0; i < record->n_ds; i++)
		at = put_double(at, record->value[i]);
	return at;
}

size_t journal_record_write(const struct journal_record *record, uint8_t *buf)
{
	const bool is_series = record->type == JOURNAL_RECORD_SERIES;
	uint8_t *at = put(buf + JOURNAL_RECORD_HEAD, record->id, 4);

	assert(record->n_ds > 0 && record->n_ds <= SAMPLE_DS_MAX);
	if (is_series && strlen(record->name) > NAME_MAX_OCTETS)
		return 0;
	at = is_series ? put_series(at, record) : put_sample(at, record);
	assert(at - buf <= JOURNAL_RECORD_MAX);
	put(buf + 4, (uint64_t)(at - buf) - JOURNAL_RECORD_HEAD, 2);
	buf[6] = (uint8_t)record->type;
	buf[7] = (uint8_t)record->n_ds;
	put(buf, crc32_update(0, buf + 4, (size_t)(at - buf) - 4), 4);
	return (size_t)(at - buf);
}

/* ---- reading ---- */

struct reader {
	const uint8_t *at, *end;
	bool failed; /* it ended before */
};

static uint64_t get(struct reader *reader, int octets)
{
	uint64_t value = 0;

	if (reader->end - reader->at < octets) {
		reader->failed = true;
		return 0;
	}
	for (int i = 0; i < octets; i++)
		value |= (uint64_t)*reader->at++ << (8 * i);
	return value;
}

static double get_double(struct reader *reader)
{
	const uint64_t bits = get(reader, 8);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void get_name(struct reader *reader, char *name, size_t size)
{
	const size_t len = get(reader, 1);

	if (len >= size || (size_t)(reader->end - reader->at) < len) {
		reader->failed = true;
		return;
	}
	memcpy(name, reader->at, len);
	name[len] = '\0';
	reader->at += len;
	reader->failed |= strlen(name) != len || len == 0;
}

static void get_series(struct reader *reader, struct journal_record *ret)
{
	ret->step_ms = (uint32_t)get(reader, 4);
	get_name(reader, ret->name, sizeof(ret->name));
	for (size_t i = 0; i < ret->n_ds; i++) {
		get_name(reader, ret->ds[i].name, sizeof(ret->ds[i].name));
		ret->ds[i].unit = "";
		ret->ds[i].min = get_double(reader);
		ret->ds[i].max = get_double(reader);
	}
	reader->failed |= ret->step_ms == 0;
}

static void get_sample(struct reader *reader, struct journal_record *ret)
{
	ret->time_ms = (int64_t)get(reader, 8);
	ret->duration_ms = (uint32_t)get(reader, 4);
	for (size_t i = 0; i < ret->n_ds; i++)
		ret->value[i] = get_double(reader);
}

/* The body of the record at the begin of octets, whose check sum is right. NULL: there is none. */
static const uint8_t *find_body(const uint8_t *octets, size_t len, size_t *ret_len)
{
	struct reader head = {.at = octets, .end = octets + len};
	const uint32_t crc = (uint32_t)get(&head, 4);
	const size_t body = get(&head, 2);

	if (len < JOURNAL_RECORD_HEAD || body > JOURNAL_RECORD_MAX - JOURNAL_RECORD_HEAD ||
	    len - JOURNAL_RECORD_HEAD < body)
		return NULL;
	*ret_len = body;
	return crc32_update(0, octets + 4, body + 4) == crc ? octets + JOURNAL_RECORD_HEAD : NULL;
}

size_t journal_record_read(const uint8_t *octets, size_t len, struct journal_record *ret)
{
	size_t body_len;
	const uint8_t *body = find_body(octets, len, &body_len);
	struct reader reader;

	if (!body || octets[7] == 0 || octets[7] > SAMPLE_DS_MAX)
		return 0;
	*ret = (struct journal_record){.type = octets[6], .n_ds = octets[7]};
	reader = (struct reader){.at = body, .end = body + body_len};
	ret->id = (uint32_t)get(&reader, 4);
	if (ret->type == JOURNAL_RECORD_SERIES)
		get_series(&reader, ret);
	else if (ret->type == JOURNAL_RECORD_SAMPLE)
		get_sample(&reader, ret);
	else
		return 0;
	return reader.failed || reader.at != reader.end ? 0 : JOURNAL_RECORD_HEAD + body_len;
}
