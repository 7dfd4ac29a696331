/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recorded device, as collector/codec/text/snmprec.h describes it. */
#pragma once

#include "tests/sim/ber.h"

struct record_row {
	uint32_t *ids;
	size_t n_ids;
	struct sim_value value;
};

struct record {
	char *path;
	struct record_row *rows; /* ascending */
	size_t n;
	uint8_t *octets; /* what the rows' octets point to */
};

/* Read once per path and kept; NULL if it cannot be read (the reason is printed). */
const struct record *record_get(const char *path);
/* The first row at or after name (after only, if after). NULL: none. */
const struct record_row *record_find(const struct record *record, const struct oid *name,
				     bool after);
