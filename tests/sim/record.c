/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings of real devices for the simulator: what a line says is
 * collector/codec/text/snmprec's to decide. */
#include "tests/sim/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/snmprec.h"
#include "common/base/cleanup.h"
#include "common/conf/conf_errors.h"

static uint32_t *copy_arcs(const snmp_oid_t *arcs, size_t len)
{
	uint32_t *copy = malloc((len + 1) * sizeof(*copy));

	for (size_t i = 0; copy && i < len; i++)
		copy[i] = (uint32_t)arcs[i];
	return copy;
}

static bool set_value(struct sim_value *value, const struct snmp_varbind *from)
{
	value->type = from->type;
	switch (from->type) {
	case SNMP_TYPE_INTEGER:
		value->i = from->v.i;
		return true;
	case SNMP_TYPE_OID:
		value->bytes = copy_arcs(from->v.oid.p, from->v.oid.len);
		value->len = from->v.oid.len;
		return value->bytes;
	case SNMP_TYPE_OCTETS:
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		value->bytes = from->v.octets.p; /* of the recording, which is kept */
		value->len = from->v.octets.len;
		return true;
	default:
		value->u = from->type == SNMP_TYPE_NULL ? 0 : from->v.u;
		return true;
	}
}

static bool set_rows(struct record *record, const struct snmprec *rec)
{
	record->rows = calloc(rec->n, sizeof(*record->rows));
	for (; record->rows && record->n < rec->n; record->n++) {
		const struct snmp_varbind *from = &rec->rows[record->n];
		struct record_row *row = &record->rows[record->n];

		row->n_ids = from->name_len;
		row->ids = copy_arcs(from->name, from->name_len);
		if (!row->ids || !set_value(&row->value, from))
			return false;
	}
	return record->rows;
}

static uint8_t *read_file(const char *path, size_t *ret_len)
{
	uint8_t *text = malloc(SNMPREC_FILE_MAX + 1);
	FILE *file = fopen(path, "re");

	if (!file || !text) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		free(text);
		text = NULL;
	} else {
		*ret_len = fread(text, 1, SNMPREC_FILE_MAX + 1, file);
	}
	if (file)
		fclose(file);
	return text;
}

/* Kept until the end of the process, so nothing of it is freed. */
static struct record *load(const char *path)
{
	struct record *record = calloc(1, sizeof(*record));
	struct conf_errors errors = {0};
	struct snmprec rec = {0};
	size_t len = 0;
	cleanup_free uint8_t *text = read_file(path, &len);
	int r = record && text ? snmprec_parse(path, text, len, &rec, &errors) : -ENOMEM;

	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	if (r < 0 || !set_rows(record, &rec)) {
		free(record);
		return NULL;
	}
	free(rec.rows);
	free(rec.arcs);
	record->octets = rec.octets;
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
