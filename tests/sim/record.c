/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings of real devices, sorted as an agent would walk them. */
#include "tests/sim/record.h"

#include "common/cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_rows(const void *a, const void *b)
{
	const struct record_row *x = a, *y = b;

	return oid_compare(x->ids, x->n_ids, y->ids, y->n_ids);
}

static int unhex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place; -1 if it is no hex. */
static ssize_t decode_hex(char *text)
{
	size_t n = 0;

	for (char *p = text; *p; p += 2) {
		int high = unhex(p[0]), low = unhex(p[1]);

		if (high < 0 || low < 0)
			return -1;
		text[n++] = (char)(high << 4 | low);
	}
	return (ssize_t)n;
}

static bool set_bytes(struct sim_value *value, const void *bytes, size_t len)
{
	void *copy = malloc(len + 1);

	if (!copy)
		return false;
	memcpy(copy, bytes, len);
	value->bytes = copy;
	value->len = len;
	return true;
}

static bool set_oid(struct sim_value *value, const char *text)
{
	struct oid oid;

	if (!oid_parse(text, &oid) ||
	    !set_bytes(value, oid.ids, oid.len * sizeof(uint32_t)))
		return false;
	value->len = oid.len;
	return true;
}

static bool set_ip(struct sim_value *value, const char *text)
{
	unsigned int a, b, c, d;
	uint8_t octets[4];

	if (sscanf(text, "%3u.%3u.%3u.%3u", &a, &b, &c, &d) != 4)
		return false;
	octets[0] = (uint8_t)a;
	octets[1] = (uint8_t)b;
	octets[2] = (uint8_t)c;
	octets[3] = (uint8_t)d;
	return set_bytes(value, octets, 4);
}

static bool set_value(struct sim_value *value, bool hex, char *text)
{
	ssize_t len = hex ? decode_hex(text) : (ssize_t)strlen(text);

	if (len < 0)
		return false;
	switch (value->type) {
	case SIM_INTEGER:
		value->i = strtoll(text, NULL, 10);
		return true;
	case SIM_COUNTER32:
	case SIM_GAUGE32:
	case SIM_TIMETICKS:
	case SIM_COUNTER64:
		value->u = strtoull(text, NULL, 10);
		return true;
	case SIM_OID:
		return set_oid(value, text);
	case SIM_IPADDRESS:
		return hex ? set_bytes(value, text, (size_t)len) : set_ip(value, text);
	case SIM_OCTETS:
	case SIM_OPAQUE:
		return set_bytes(value, text, (size_t)len);
	default:
		return value->type == SIM_NULL;
	}
}

/* False if the line is none of ours: simulators have types of their own. */
static bool parse_line(char *line, struct record_row *ret)
{
	char *type = strchr(line, '|'), *text = type ? strchr(type + 1, '|') : NULL, *end;
	struct record_row row = {0};
	struct oid oid;

	line[strcspn(line, "\r\n")] = '\0';
	if (!text)
		return false;
	*type++ = '\0';
	*text++ = '\0';
	row.value.type = (uint8_t)strtoul(type, &end, 10);
	if (end == type || (*end && strcmp(end, "x") != 0) || !oid_parse(line, &oid))
		return false;
	if (!set_value(&row.value, *end == 'x', text))
		return false;
	row.n_ids = oid.len;
	row.ids = malloc(oid.len * sizeof(uint32_t));
	if (!row.ids)
		return false;
	memcpy(row.ids, oid.ids, oid.len * sizeof(uint32_t));
	*ret = row;
	return true;
}

static bool add_row(struct record *record, const struct record_row *row)
{
	struct record_row *rows = record->rows;

	if ((record->n & (record->n - 1)) == 0) {
		rows = realloc(rows, (record->n ? record->n * 2 : 1) * sizeof(*rows));
		if (!rows)
			return false;
		record->rows = rows;
	}
	rows[record->n++] = *row;
	return true;
}

static struct record *load(const char *path)
{
	struct record *record = calloc(1, sizeof(*record));
	FILE *file = fopen(path, "r");
	cleanup_free char *line = NULL;
	size_t size = 0;
	unsigned int skipped = 0;
	struct record_row row;

	if (!record || !file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		free(record);
		return NULL;
	}
	while (getline(&line, &size, file) >= 0) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (!parse_line(line, &row) || !add_row(record, &row))
			skipped++;
	}
	fclose(file);
	if (skipped)
		fprintf(stderr, "%s: %u lines not understood\n", path, skipped);
	qsort(record->rows, record->n, sizeof(*record->rows), compare_rows);
	record->path = strdup(path);
	return record;
}

const struct record *record_get(const char *path)
{
	static struct record *known[64];
	static size_t n;

	for (size_t i = 0; i < n; i++)
		if (strcmp(known[i]->path, path) == 0)
			return known[i];
	if (n == ARRAY_LEN(known))
		return NULL;
	known[n] = load(path);
	return known[n] ? known[n++] : NULL;
}

const struct record_row *record_find(const struct record *record, const struct oid *name,
				     bool after)
{
	size_t low = 0, high = record->n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct record_row *row = &record->rows[middle];
		int order = oid_compare(row->ids, row->n_ids, name->ids, name->len);

		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low < record->n ? &record->rows[low] : NULL;
}
