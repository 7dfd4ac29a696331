/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Comma-separated values (RFC 4180) as spreadsheets write them: CRLF or LF, quoted fields
 * with line breaks and doubled quotes, an UTF-8 byte order mark, and ';' as separator
 * where the spreadsheet's language uses the comma for decimals.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	CSV_FIELDS_MAX = 64,
	CSV_RECORD_MAX = 16384, /* octets of one record, unquoted */
};

struct csv_reader {
	const uint8_t *text;
	size_t len, pos;
	unsigned int line; /* of pos, from 1 */
	char separator;
	char buf[CSV_RECORD_MAX];
};

struct csv_record {
	unsigned int line; /* where it begins */
	size_t n;
	const char *field
		[CSV_FIELDS_MAX]; /* NUL-terminated, no NUL inside; valid until the next call */
};

enum csv_outcome {
	CSV_RECORD,
	CSV_END,
	CSV_BAD_QUOTE,	/* text after a closing quote, or a quote inside an unquoted field */
	CSV_OPEN_QUOTE, /* the file ends inside quotes */
	CSV_TOO_LONG,	/* more than CSV_RECORD_MAX octets or CSV_FIELDS_MAX fields */
	CSV_NUL,	/* a NUL octet: no text file */
};

/* text stays the caller's. The separator is ';' if the first line has more of those. */
void csv_init(struct csv_reader *reader, const uint8_t *text, size_t len);

/*
 * The next record. Empty lines and lines that begin with '#' are passed over. After a
 * mistake (ret->line set, no fields) the reader stands at the next line: calling again
 * goes on there.
 */
enum csv_outcome csv_next(struct csv_reader *reader, struct csv_record *ret);

/* What is wrong and what would be right, for the last three outcomes. */
const char *csv_outcome_text(enum csv_outcome outcome);
