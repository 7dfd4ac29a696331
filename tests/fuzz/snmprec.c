/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording of any octets: refused with a complaint, or sorted rows that are found
 * again. */
#include "collector/codec/text/snmprec.h"

#include <stdlib.h>
#include <string.h>

#include "collector/core/poll/recording_device.h"
#include "common/conf/conf_errors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every octet and arc, so that a sanitizer sees a bad pointer. */
static void check(const struct snmprec *rec)
{
	const struct recording_device device = {.rows = rec->rows, .n = rec->n};
	unsigned long sum = 0;

	for (size_t i = 0; i < rec->n; i++) {
		const struct snmp_varbind *row = &rec->rows[i];
		const struct snmp_varbind *next =
			recording_device_find(&device, row->name, row->name_len, true);

		if (recording_device_find(&device, row->name, row->name_len, false) != row)
			abort();
		if (next != (i + 1 < rec->n ? row + 1 : NULL))
			abort();
		if (row->type == SNMP_TYPE_OCTETS || row->type == SNMP_TYPE_OPAQUE)
			for (size_t j = 0; j < row->v.octets.len; j++)
				sum += row->v.octets.p[j];
		if (row->type == SNMP_TYPE_OID)
			for (size_t j = 0; j < row->v.oid.len; j++)
				sum += row->v.oid.p[j];
	}
	if (!rec->n || sum == 1UL << 63)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors = {0};
	struct snmprec rec = {0};
	int r = snmprec_parse("f", data, size, &rec, &errors);

	if ((r == 0 ? rec.n_wrong : 1) > errors.n + errors.dropped)
		abort();
	if (r == 0)
		check(&rec);
	snmprec_deinit(&rec);
	conf_errors_deinit(&errors);
	return 0;
}
