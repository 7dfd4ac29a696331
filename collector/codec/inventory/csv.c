/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cuts RFC 4180 text into records. Knows nothing of what the fields mean. Beyond the RFC:
 * LF alone ends a line, '#' lines are comments, others than ',' may separate.
 */
#include "collector/codec/inventory/csv.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool at_line_end(const struct csv_reader *r)
{
	return r->pos >= r->len || r->text[r->pos] == '\n' ||
	       (r->text[r->pos] == '\r' && (r->pos + 1 >= r->len || r->text[r->pos + 1] == '\n'));
}

static void pass_line_end(struct csv_reader *r)
{
	if (r->pos < r->len && r->text[r->pos] == '\r')
		r->pos++;
	if (r->pos < r->len && r->text[r->pos] == '\n')
		r->pos++;
	r->line++;
}

static void pass_rest_of_line(struct csv_reader *r)
{
	while (!at_line_end(r))
		r->pos++;
	pass_line_end(r);
}

struct csv_out {
	char *buf;
	size_t used;
};

static enum csv_outcome put(struct csv_out *out, char c)
{
	if (c == '\0')
		return CSV_NUL;
	if (out->used + 1 >= CSV_RECORD_MAX) /* one is kept for the NUL */
		return CSV_TOO_LONG;
	out->buf[out->used++] = c;
	return CSV_RECORD;
}

static enum csv_outcome read_quoted(struct csv_reader *r, struct csv_out *out)
{
	r->pos++;
	while (r->pos < r->len) {
		char c = (char)r->text[r->pos++];
		enum csv_outcome outcome;

		if (c == '"' && (r->pos >= r->len || r->text[r->pos] != '"')) {
			bool ends = at_line_end(r) || r->text[r->pos] == r->separator;

			return ends ? CSV_RECORD : CSV_BAD_QUOTE;
		}
		if (c == '"')
			r->pos++;
		if (c == '\n')
			r->line++;
		outcome = put(out, c);
		if (outcome != CSV_RECORD)
			return outcome;
	}
	return CSV_OPEN_QUOTE;
}

static enum csv_outcome read_plain(struct csv_reader *r, struct csv_out *out)
{
	while (!at_line_end(r) && r->text[r->pos] != r->separator) {
		enum csv_outcome outcome;

		if (r->text[r->pos] == '"')
			return CSV_BAD_QUOTE;
		outcome = put(out, (char)r->text[r->pos++]);
		if (outcome != CSV_RECORD)
			return outcome;
	}
	return CSV_RECORD;
}

static enum csv_outcome read_field(struct csv_reader *r, struct csv_out *out,
				   struct csv_record *record)
{
	enum csv_outcome outcome;

	if (record->n == CSV_FIELDS_MAX || out->used >= CSV_RECORD_MAX)
		return CSV_TOO_LONG;
	record->field[record->n] = out->buf + out->used;
	if (r->pos < r->len && r->text[r->pos] == '"')
		outcome = read_quoted(r, out);
	else
		outcome = read_plain(r, out);
	if (outcome != CSV_RECORD)
		return outcome;
	out->buf[out->used++] = '\0';
	record->n++;
	return CSV_RECORD;
}

static void pass_comments(struct csv_reader *r)
{
	while (r->pos < r->len) {
		if (r->text[r->pos] == '#')
			pass_rest_of_line(r);
		else if (at_line_end(r))
			pass_line_end(r);
		else
			break;
	}
}

/* The first record's, outside quotes. */
static char find_separator(const struct csv_reader *r)
{
	static const char SEPARATORS[] = ",;\t";
	size_t counts[sizeof(SEPARATORS)] = {0};
	bool quoted = false;
	char best = ',';

	for (size_t i = r->pos; i < r->len && (quoted || r->text[i] != '\n'); i++) {
		const char *found = strchr(SEPARATORS, r->text[i]);

		if (r->text[i] == '"')
			quoted = !quoted;
		if (found && r->text[i] != '\0' && !quoted)
			counts[found - SEPARATORS]++;
	}
	for (size_t i = 0, most = 0; SEPARATORS[i]; i++) {
		if (counts[i] > most) {
			most = counts[i];
			best = SEPARATORS[i];
		}
	}
	return best;
}

/* Excel's own first line; no other program writes it. */
static bool pass_separator_line(struct csv_reader *r)
{
	const char *line = (const char *)r->text + r->pos;
	struct csv_reader behind = *r;

	if (r->len - r->pos < 5 || strncasecmp(line, "sep=", 4) != 0 || line[4] == '"' ||
	    line[4] == '\n' || line[4] == '\r' || line[4] == '\0')
		return false;
	behind.pos += 5;
	if (!at_line_end(&behind))
		return false;
	r->separator = line[4];
	r->pos += 5;
	pass_line_end(r);
	return true;
}

void csv_init(struct csv_reader *reader, const uint8_t *text, size_t len)
{
	reader->text = text;
	reader->len = len;
	reader->pos = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	reader->line = 1;
	if (pass_separator_line(reader))
		return;
	pass_comments(reader);
	reader->separator = find_separator(reader);
}

static enum csv_outcome read_record(struct csv_reader *r, struct csv_record *ret)
{
	struct csv_out out = {.buf = r->buf};

	pass_comments(r);
	ret->line = r->line;
	ret->n = 0;
	if (r->pos >= r->len)
		return CSV_END;
	for (;;) {
		enum csv_outcome outcome = read_field(r, &out, ret);

		if (outcome == CSV_NUL)
			r->pos = r->len;
		if (outcome != CSV_RECORD) {
			ret->n = 0;
			pass_rest_of_line(r);
			return outcome;
		}
		if (at_line_end(r))
			break;
		r->pos++; /* the separator */
	}
	pass_line_end(r);
	return CSV_RECORD;
}

enum csv_outcome csv_next(struct csv_reader *r, struct csv_record *ret)
{
	enum csv_outcome outcome;

	assert(r->pos <= r->len);
	/* A comment with separators in it was saved in quotes. */
	do
		outcome = read_record(r, ret);
	while (outcome == CSV_RECORD && ret->field[0][0] == '#');
	return outcome;
}

const char *csv_outcome_text(enum csv_outcome outcome)
{
	switch (outcome) {
	case CSV_BAD_QUOTE:
		return "a quote in the wrong place; put the whole field in quotes and double "
		       "those inside: \"the \"\"old\"\" building\"";
	case CSV_OPEN_QUOTE:
		return "a quoted field never ends; add the closing quote";
	case CSV_TOO_LONG:
		return "the line is too long; shorten it, or close a quote that was left open";
	case CSV_NUL:
		return "a NUL octet; save the file as CSV in UTF-8";
	default:
		return "no mistake";
	}
}
