/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV records to inventory entries, with every mistake named by line and column. How the text
 * is cut into fields is csv.c's business, what a field may be inventory_column.c's, how the
 * entries fit together inventory_check.c's.
 */
#include "collector/codec/inventory/inventory_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/inventory/csv.h"
#include "collector/codec/inventory/inventory_check.h"
#include "collector/codec/inventory/inventory_column.h"
#include "collector/codec/inventory/inventory_mistakes.h"
#include "common/base/cleanup.h"
#include "common/conf/conf_value.h"

struct parse {
	struct inventory made;
	size_t capacity;
	struct inventory_mistakes mistakes;
	size_t records;			/* below the header, right or wrong */
	unsigned int header_line, line; /* line: of the record at hand */
	int err;			/* the first that cannot be put into a line */
};

struct header {
	size_t n;					       /* fields */
	size_t named;					       /* up to the last one with a name */
	const struct inventory_column *column[CSV_FIELDS_MAX]; /* NULL: none, or named as wrong */
	bool nameless[CSV_FIELDS_MAX];
};

static bool has_column(const struct header *header, const struct inventory_column *column)
{
	for (size_t i = 0; i < header->n; i++) {
		if (header->column[i] == column)
			return true;
	}
	return false;
}

/* Returns the column that was meant, or NULL. */
static const struct inventory_column *refuse_name(struct parse *parse, const char *name)
{
	const struct inventory_column *column;
	const char *near = NULL;
	unsigned int distance = 0;
	char known[400] = "";
	size_t n = 0;

	for (size_t i = 0; (column = inventory_column_at(i)); i++) {
		conf_value_nearer(name, column->name, &near, &distance);
		if (n < sizeof(known))
			n += (size_t)snprintf(known + n, sizeof(known) - n, "%s%s",
					      i > 0 ? ", " : "", column->name);
	}
	inventory_mistakes_add(
		&parse->mistakes, parse->line, name, "header: \"%.64s\" is not a column; %s%s%s",
		name, near ? "did you mean " : "known are ", near ? near : known, near ? "?" : "");
	return near ? inventory_column_find(near) : NULL;
}

static void read_name(struct parse *parse, struct header *header, char *name)
{
	const struct inventory_column *column;
	const size_t i = header->n++;

	name = inventory_column_trim(name);
	header->nameless[i] = name[0] == '\0';
	if (name[0] == '\0')
		return;
	header->named = header->n;
	column = inventory_column_find(name);
	if (!column) {
		column = refuse_name(parse, name);
	} else if (has_column(header, column)) {
		inventory_mistakes_add(&parse->mistakes, parse->line, column->name,
				       "header: column \"%s\" is there twice; keep one",
				       column->name);
		return;
	}
	if (column && !has_column(header, column))
		header->column[i] = column;
}

/* Not one column is known: devices without a header, or another kind of file. */
static bool is_header(const struct csv_record *record)
{
	for (size_t i = 0; i < record->n; i++) {
		if (inventory_column_find(inventory_column_trim(record->field[i])))
			return true;
	}
	return false;
}

static int grow(struct parse *parse)
{
	size_t capacity = parse->capacity ? parse->capacity * 2 : 64;
	struct inventory_entry *entries;

	if (parse->made.n < parse->capacity)
		return 0;
	entries = realloc(parse->made.entries, capacity * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	parse->made.entries = entries;
	parse->capacity = capacity;
	return 0;
}

/* What was left out gets its default, so that no reader has to ask for NULL. */
static int fill_defaults(struct inventory_entry *entry)
{
	struct {
		char **field;
		const char *def;
	} texts[] = {
		{&entry->id, ""},	   {&entry->name, ""},	     {&entry->address, ""},
		{&entry->profile, "auto"}, {&entry->credential, ""}, {&entry->parent, ""},
		{&entry->parent_port, ""}, {&entry->kecamatan, ""},  {&entry->kelurahan, ""},
		{&entry->provider, ""},	   {&entry->contract, ""},   {&entry->notes, ""},
		{&entry->group, ""},	   {&entry->feeder, ""},     {&entry->answers_from, ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (!*texts[i].field)
			*texts[i].field = strdup(texts[i].def);
		if (!*texts[i].field)
			return -ENOMEM;
	}
	if (!entry->short_name)
		entry->short_name = strdup(entry->name);
	if (!entry->severity_given)
		entry->severity = inventory_kind_severity(entry->kind);
	return entry->short_name ? 0 : -ENOMEM;
}

/* Spreadsheets leave separators behind what was emptied. */
static bool is_blank(const struct csv_record *record, size_t from)
{
	for (size_t i = from; i < record->n; i++) {
		if (record->field[i][0] != '\0')
			return false;
	}
	return true;
}

static bool fits(struct parse *parse, const struct csv_record *record, const struct header *header)
{
	if (record->n < header->named || !is_blank(record, header->n)) {
		inventory_mistakes_add(&parse->mistakes, record->line, "fields",
				       "has %zu fields; the header has %zu: put a field with "
				       "separators into quotes, or fill up the line",
				       record->n, header->n);
		return false;
	}
	for (size_t i = 0; i < header->n && i < record->n; i++) {
		if (header->nameless[i] && record->field[i][0] != '\0')
			inventory_mistakes_add(&parse->mistakes, record->line, "nameless",
					       "field %zu has no name in the header (line %u); "
					       "give it one, or empty the field",
					       i + 1, parse->header_line);
	}
	return true;
}

/* A device that is never polled needs nothing to be polled with. */
static bool needs_no_credential(const struct csv_record *record, const struct header *header)
{
	const struct inventory_column *profile = inventory_column_find("profile");

	for (size_t i = 0; i < header->n && i < record->n; i++) {
		if (header->column[i] == profile)
			return strcmp(record->field[i], INVENTORY_PING) == 0;
	}
	return false;
}

static void read_entry(struct parse *parse, const struct csv_record *record,
		       const struct header *header)
{
	struct inventory_entry entry = {.port = 161, .lat = NAN, .lon = NAN, .x = NAN, .y = NAN};
	const struct inventory_column *spared =
		needs_no_credential(record, header) ? inventory_column_find("credential") : NULL;

	parse->line = entry.line = record->line;
	if (!fits(parse, record, header))
		return;
	if (parse->made.n == INVENTORY_ENTRIES_MAX) {
		parse->err = -E2BIG;
		return;
	}
	for (size_t i = 0; i < header->n && i < record->n && parse->err == 0; i++) {
		if (header->column[i] && (header->column[i] != spared || record->field[i][0]))
			parse->err =
				inventory_column_set(header->column[i], &entry, record->field[i],
						     record->line, &parse->mistakes);
	}
	if (parse->err < 0 || fill_defaults(&entry) < 0 || grow(parse) < 0) {
		parse->err = -ENOMEM;
		inventory_entry_deinit(&entry);
		return;
	}
	parse->made.entries[parse->made.n++] = entry;
}

static int compare_id(const void *a, const void *b)
{
	const struct inventory_entry *x = a, *y = b;
	int r = strcmp(x->id, y->id);

	return r ? r : (int)x->line - (int)y->line;
}

static void read_record(struct parse *parse, struct csv_record *record, struct header *header)
{
	for (size_t i = 0; i < record->n; i++)
		record->field[i] = inventory_column_trim(record->field[i]);
	if (is_blank(record, 0))
		return;
	if (header->n == 0) {
		const struct inventory_column *column;

		parse->line = parse->header_line = record->line;
		if (!is_header(record)) {
			inventory_mistakes_add(
				&parse->mistakes, record->line, "header",
				"header: is missing, or not separated by commas, semicolons "
				"or tabs; write the columns' names in the first line: id, "
				"kind, name, address, credential ...");
			parse->err = -EINVAL;
			return;
		}
		for (size_t i = 0; i < record->n; i++)
			read_name(parse, header, record->field[i]);
		for (size_t i = 0; (column = inventory_column_at(i)); i++) {
			if (column->required && !has_column(header, column))
				inventory_mistakes_add(&parse->mistakes, parse->line, column->name,
						       "header: column \"%s\" is missing; add it",
						       column->name);
		}
		return;
	}
	parse->records++;
	read_entry(parse, record, header);
}

static void read_records(struct parse *parse, struct csv_reader *reader)
{
	struct csv_record record;
	struct header header = {0};
	enum csv_outcome outcome;

	while (parse->err == 0 && (outcome = csv_next(reader, &record)) != CSV_END) {
		if (outcome == CSV_RECORD) {
			read_record(parse, &record, &header);
			continue;
		}
		parse->records += header.n > 0;
		inventory_mistakes_add(&parse->mistakes, record.line, csv_outcome_text(outcome),
				       "%s", csv_outcome_text(outcome));
	}
	if (parse->err < 0)
		return;
	if (header.n == 0)
		inventory_mistakes_add(&parse->mistakes, 1, "header",
				       "header: is missing; write the columns' names in the first "
				       "line");
	else if (parse->records == 0) /* an export that failed looks like this */
		inventory_mistakes_add(
			&parse->mistakes, parse->header_line, "none",
			"there is no device below the header; write a line for each");
}

/* What Excel calls "Unicode text". */
static bool is_utf16(const uint8_t *text, size_t len)
{
	return len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);
}

static int parse_all(struct parse *parse, const uint8_t *text, size_t len)
{
	cleanup_free struct csv_reader *reader = malloc(sizeof(*reader));

	if (!reader)
		return -ENOMEM;
	if (is_utf16(text, len)) {
		inventory_mistakes_add(&parse->mistakes, 1, "utf16",
				       "is UTF-16; save the spreadsheet as CSV in UTF-8");
		return -EINVAL;
	}
	csv_init(reader, text, len);
	read_records(parse, reader);
	if (parse->err == -E2BIG)
		inventory_mistakes_add(&parse->mistakes, parse->line, "too many",
				       "more than %d devices; split them over collectors",
				       INVENTORY_ENTRIES_MAX);
	if (parse->err < 0)
		return parse->err == -E2BIG ? -EINVAL : parse->err;
	if (parse->made.n > 0)
		qsort(parse->made.entries, parse->made.n, sizeof(*parse->made.entries), compare_id);
	return inventory_check(&parse->made, &parse->mistakes);
}

int inventory_text_parse(const char *name, const uint8_t *text, size_t len, struct inventory *ret,
			 struct conf_errors *errors)
{
	struct parse parse = {0};
	int r = parse_all(&parse, text, len);

	if (r == 0 && parse.mistakes.n + parse.mistakes.lost > 0)
		r = -EINVAL;
	inventory_mistakes_tell(&parse.mistakes, name, errors);
	if (r < 0)
		inventory_deinit(&parse.made);
	else
		*ret = parse.made;
	return r;
}
