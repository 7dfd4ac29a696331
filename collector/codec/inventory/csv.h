/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Comma-separated values (RFC 4180) as spreadsheets write them: CRLF or LF, quoted fields
 * with line breaks and doubled quotes, an UTF-8 byte order mark, ';' as separator where the
 * spreadsheet's language uses the comma for decimals, tabs, and Excel's line "sep=;".
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
	char *field[CSV_FIELDS_MAX]; /* NUL-terminated, no NUL inside; valid, and the caller's to
				      * change, until the next call */
};

enum csv_outcome {
	CSV_RECORD,
	CSV_END,
	CSV_BAD_QUOTE,	/* text after a closing quote, or a quote inside an unquoted field */
	CSV_OPEN_QUOTE, /* the file ends inside quotes */
	CSV_TOO_LONG,	/* more than CSV_RECORD_MAX octets or CSV_FIELDS_MAX fields */
	CSV_NUL,	/* a NUL octet: no text file */
};

/*
 * text stays the caller's. The separator is what Excel's first line "sep=;" says, else what
 * the first record has most of outside quotes: commas, semicolons or tabs.
 */
void csv_init(struct csv_reader *reader, const uint8_t *text, size_t len);

/*
 * The next record. Empty lines and lines that begin with '#', in quotes or not, are passed
 * over. After a mistake (ret->line set, no fields) the reader stands at the next line, after a
 * NUL at the end: calling again goes on there.
 */
enum csv_outcome csv_next(struct csv_reader *reader, struct csv_record *ret);

/* What is wrong and what would be right, for the last three outcomes. */
const char *csv_outcome_text(enum csv_outcome outcome);
