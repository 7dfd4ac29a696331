/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records of the journal of samples. Each stands for itself:
 *
 *	u32 CRC-32 of all behind it, u16 length of the body, u8 type, u8 number of data sources, body
 *
 * A series: u32 id, u32 step in ms, u8 length and octets of the file's name; for each data source u8
 * length and octets of its name, f64 min, f64 max. A sample: u32 id, i64 time in ms, u32 duration
 * in ms, f64 for each data source. All little-endian. An id holds within one segment.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/series/rrd_name.h"
#include "collector/core/value/sample.h"

enum journal_record_type { JOURNAL_RECORD_SERIES = 1, JOURNAL_RECORD_SAMPLE = 2 };

enum {
	JOURNAL_RECORD_HEAD = 8,
	JOURNAL_RECORD_MAX = 1024 /* octets of the longest; asserted */
};

struct journal_record {
	enum journal_record_type type;
	uint32_t id;
	size_t n_ds; /* 1 to SAMPLE_DS_MAX */
	/* of a series; units are not kept */
	uint32_t step_ms;
	char name[RRD_NAME_MAX];
	struct sample_ds ds[SAMPLE_DS_MAX];
	/* of a sample */
	int64_t time_ms;
	uint32_t duration_ms;
	double value[SAMPLE_DS_MAX];
};

/* Into buf, of JOURNAL_RECORD_MAX octets. Returns the length; 0: the name is too long to be kept. */
size_t journal_record_write(const struct journal_record *record, uint8_t *buf);
/* Reads the record at the begin of octets. Returns its length; 0: there is no whole and right one. */
size_t journal_record_read(const uint8_t *octets, size_t len, struct journal_record *ret);
