/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV fields to inventory entries, with every mistake named by line and column. How the
 * text is cut into fields is csv.c's business; how the entries fit together is
 * inventory_check.c's.
 */
#include "collector/codec/inventory/inventory_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/inventory/csv.h"
#include "collector/codec/inventory/inventory_check.h"
#include "collector/codec/inventory/inventory_links.h"
#include "collector/codec/text/decimal_text.h"
#include "common/base/cleanup.h"
#include "common/base/endpoint.h"
#include "common/base/utf8_text.h"
#include "common/conf/conf_errors.h"

enum {
	TEXT_FIELD_MAX = 200,
	NOTES_FIELD_MAX = 1000,
};

struct parse {
	const char *name;
	struct conf_errors *errors;
	struct inventory made;
	size_t capacity;
	size_t records; /* below the header, right or wrong */
	unsigned int header_line;
	unsigned int line; /* of the record at hand */
	const char *column;
	int err; /* the first that cannot be put into a line: -ENOMEM */
};

typedef void set_fn(struct parse *parse, struct inventory_entry *entry, const char *text);

static void wrong(struct parse *parse, const char *text, const char *what, const char *right)
{
	conf_errors_add(parse->errors, "%s:%u: %s: \"%.64s\" %s; %s", parse->name, parse->line,
			parse->column, text, what, right);
}

static bool has_control(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	}
	return false;
}

static void take_text(struct parse *parse, char **field, const char *text, size_t max)
{
	if (!utf8_text_is_valid(text, strlen(text))) {
		wrong(parse, "(octets)", "is not UTF-8", "save the spreadsheet as CSV in UTF-8");
		return;
	}
	if (strlen(text) > max) {
		wrong(parse, text, "is too long", "shorten it");
		return;
	}
	*field = strdup(text);
	if (!*field)
		parse->err = -ENOMEM;
}

static void take_line(struct parse *parse, char **field, const char *text)
{
	if (has_control(text)) {
		wrong(parse, "(text)", "has a line break or a control character",
		      "write it in one line");
		return;
	}
	take_text(parse, field, text, TEXT_FIELD_MAX);
}

/* Letters, digits and hyphens: it becomes a file name and a path of the API. */
static bool is_id(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return text[0] != '-' && n > 0 && n <= 32 && text[n] == '\0';
}

static void set_id(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	if (is_id(text))
		take_text(parse, &entry->id, text, 32);
	else
		wrong(parse, text, "is not an id",
		      "write 1 to 32 of a-z, 0-9 and '-', e.g. opd-07");
}

static void set_kind(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	if (!inventory_kind_parse(text, &entry->kind))
		wrong(parse, text, "is not a kind", "write core, opd or hotspot");
}

static void set_name(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_line(parse, &entry->name, text);
}

static void set_address(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	char canonical[ENDPOINT_ADDRESS_SIZE];
	struct endpoint endpoint;

	if (endpoint_parse_address(text, 0, &endpoint) < 0) {
		wrong(parse, text, "is not an IP address",
		      strchr(text, ':') ? "write e.g. 2001:db8::17 or, with the interface that "
					  "leads there, fe80::17%eth0"
					: "write e.g. 192.0.2.17");
		return;
	}
	take_text(parse, &entry->address, endpoint_address(&endpoint, canonical),
		  sizeof(canonical));
}

static void set_port(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	if (endpoint_parse_port(text, &entry->port) < 0)
		wrong(parse, text, "is not a UDP port",
		      "write 1 to 65535, or leave it empty for 161");
}

static void set_profile(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_line(parse, &entry->profile, text);
}

static void set_credential(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_line(parse, &entry->credential, text);
}

static void set_parent(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	if (is_id(text))
		take_text(parse, &entry->parent, text, 32);
	else
		wrong(parse, text, "is not an id", "write the id of another line, e.g. core-1");
}

static void set_parent_port(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_line(parse, &entry->parent_port, text);
}

static void set_medium(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	if (!inventory_medium_parse(text, &entry->medium))
		wrong(parse, text, "is not a medium",
		      "write fiber, wireless, copper or cellular, or leave it empty");
}

static uint64_t take_kbps(struct parse *parse, const char *text)
{
	uint64_t bps = 0;

	if (!decimal_text_kbps(text, &bps))
		wrong(parse, text, "is not a number of kbit/s", "write e.g. 20000 for 20 Mbit/s");
	return bps;
}

static void set_down(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	entry->capacity_down_bps = take_kbps(parse, text);
}

static void set_up(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	entry->capacity_up_bps = take_kbps(parse, text);
}

static void set_links(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	struct inventory_links_mistake mistake;
	int r;

	if (!utf8_text_is_valid(text, strlen(text))) {
		wrong(parse, "(octets)", "is not UTF-8", "save the spreadsheet as CSV in UTF-8");
		return;
	}
	r = inventory_links_parse(text, &entry->links, &entry->n_links, &mistake);
	if (r == -EINVAL)
		wrong(parse, mistake.item, mistake.what, mistake.right);
	else if (r < 0)
		parse->err = r;
}

static void set_kecamatan(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_line(parse, &entry->kecamatan, text);
}

static void set_kelurahan(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_line(parse, &entry->kelurahan, text);
}

static void set_provider(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_line(parse, &entry->provider, text);
}

static void set_contract(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_line(parse, &entry->contract, text);
}

static void set_notes(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_text(parse, &entry->notes, text, NOTES_FIELD_MAX);
}

static void take_coordinate(struct parse *parse, double *field, const char *text, double bound)
{
	double value;

	if (decimal_text_parse(text, &value) && fabs(value) <= bound)
		*field = value;
	else if (bound == 90)
		wrong(parse, text, "is not a latitude", "write degrees, e.g. -7.4722");
	else if (bound == 180)
		wrong(parse, text, "is not a longitude", "write degrees, e.g. 112.4338");
	else
		wrong(parse, text, "is not a coordinate of the map", "write e.g. 412.5");
}

static void set_lat(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_coordinate(parse, &entry->lat, text, 90);
}

static void set_lon(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_coordinate(parse, &entry->lon, text, 180);
}

static void set_x(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_coordinate(parse, &entry->x, text, 1e6);
}

static void set_y(struct parse *parse, struct inventory_entry *entry, const char *text)
{
	take_coordinate(parse, &entry->y, text, 1e6);
}

static const struct column {
	const char *name;
	bool required;
	set_fn *set;
} COLUMNS[] = {
	{"id", true, set_id},
	{"kind", true, set_kind},
	{"name", true, set_name},
	{"address", true, set_address},
	{"credential", true, set_credential},
	{"port", false, set_port},
	{"profile", false, set_profile},
	{"parent", false, set_parent},
	{"parent_port", false, set_parent_port},
	{"medium", false, set_medium},
	{"capacity_down_kbps", false, set_down},
	{"capacity_up_kbps", false, set_up},
	{"link_capacity_kbps", false, set_links},
	{"kecamatan", false, set_kecamatan},
	{"kelurahan", false, set_kelurahan},
	{"provider", false, set_provider},
	{"contract", false, set_contract},
	{"lat", false, set_lat},
	{"lon", false, set_lon},
	{"x", false, set_x},
	{"y", false, set_y},
	{"notes", false, set_notes},
};

struct header {
	size_t n;
	const struct column *column[CSV_FIELDS_MAX]; /* NULL: unknown or twice, already named */
};

static const struct column *find_column(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(COLUMNS); i++) {
		if (strcmp(COLUMNS[i].name, name) == 0)
			return &COLUMNS[i];
	}
	return NULL;
}

static bool has_column(const struct header *header, const struct column *column)
{
	for (size_t i = 0; i < header->n; i++) {
		if (header->column[i] == column)
			return true;
	}
	return false;
}

static void report_unknown_column(struct parse *parse, const char *name)
{
	char known[400] = "";
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_LEN(COLUMNS); i++) {
		size_t n = strlen(COLUMNS[i].name);

		if (used + n + 3 > sizeof(known))
			break;
		memcpy(known + used, i ? ", " : "", i ? 2 : 0);
		memcpy(known + used + (i ? 2 : 0), COLUMNS[i].name, n + 1);
		used += n + (i ? 2 : 0);
	}
	conf_errors_add(parse->errors, "%s:%u: header: \"%.64s\" is not a column; known are %s",
			parse->name, parse->line, name, known);
}

static void read_header(struct parse *parse, const struct csv_record *record, struct header *header)
{
	parse->line = parse->header_line = record->line;
	for (size_t i = 0; i < record->n; i++) {
		const struct column *column = find_column(record->field[i]);

		if (!column)
			report_unknown_column(parse, record->field[i]);
		else if (has_column(header, column))
			conf_errors_add(parse->errors,
					"%s:%u: header: column \"%s\" is there twice; keep one",
					parse->name, parse->line, column->name);
		header->column[header->n] = column && !has_column(header, column) ? column : NULL;
		header->n++;
	}
	for (size_t i = 0; i < ARRAY_LEN(COLUMNS); i++) {
		if (COLUMNS[i].required && !has_column(header, &COLUMNS[i]))
			conf_errors_add(parse->errors,
					"%s:%u: header: column \"%s\" is missing; add it",
					parse->name, parse->line, COLUMNS[i].name);
	}
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

static void set_field(struct parse *parse, struct inventory_entry *entry,
		      const struct column *column, const char *text)
{
	if (!column)
		return;
	parse->column = column->name;
	if (text[0] != '\0')
		column->set(parse, entry, text);
	else if (column->required)
		conf_errors_add(parse->errors, "%s:%u: %s: is empty; fill it in", parse->name,
				parse->line, column->name);
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
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (!*texts[i].field)
			*texts[i].field = strdup(texts[i].def);
		if (!*texts[i].field)
			return -ENOMEM;
	}
	return 0;
}

static void read_entry(struct parse *parse, const struct csv_record *record,
		       const struct header *header)
{
	struct inventory_entry entry = {.port = 161, .lat = NAN, .lon = NAN, .x = NAN, .y = NAN};

	parse->line = entry.line = record->line;
	if (record->n != header->n) {
		conf_errors_add(parse->errors,
				"%s:%u: has %zu fields; the header has %zu: put a field with "
				"separators into quotes, or fill up the line",
				parse->name, parse->line, record->n, header->n);
		return;
	}
	if (parse->made.n == INVENTORY_ENTRIES_MAX) {
		parse->err = -E2BIG;
		return;
	}
	for (size_t i = 0; i < header->n; i++)
		set_field(parse, &entry, header->column[i], record->field[i]);
	if (fill_defaults(&entry) < 0 || grow(parse) < 0) {
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

static void read_records(struct parse *parse, struct csv_reader *reader)
{
	struct csv_record record;
	struct header header = {0};
	enum csv_outcome outcome;

	while (parse->err == 0 && (outcome = csv_next(reader, &record)) != CSV_END) {
		parse->records += header.n > 0;
		if (outcome != CSV_RECORD)
			conf_errors_add(parse->errors, "%s:%u: %s", parse->name, record.line,
					csv_outcome_text(outcome));
		else if (header.n == 0)
			read_header(parse, &record, &header);
		else
			read_entry(parse, &record, &header);
	}
	if (header.n == 0)
		conf_errors_add(
			parse->errors,
			"%s:1: header: is missing; write the columns' names in the first line",
			parse->name);
	else if (parse->records == 0) /* an export that failed looks like this */
		conf_errors_add(parse->errors,
				"%s:%u: there is no device below the header; write a line for each",
				parse->name, parse->header_line);
}

int inventory_text_parse(const char *name, const uint8_t *text, size_t len, struct inventory *ret,
			 struct conf_errors *errors)
{
	cleanup_free struct csv_reader *reader = malloc(sizeof(*reader));
	struct parse parse = {.name = name, .errors = errors};
	size_t before = errors->n + errors->dropped;

	if (!reader)
		return -ENOMEM;
	csv_init(reader, text, len);
	read_records(&parse, reader);
	if (parse.err == -E2BIG)
		conf_errors_add(errors, "%s:%u: more than %d devices; split them over collectors",
				name, parse.line, INVENTORY_ENTRIES_MAX);
	if (parse.made.n > 0)
		qsort(parse.made.entries, parse.made.n, sizeof(*parse.made.entries), compare_id);
	if (parse.err == 0)
		parse.err = inventory_check(name, &parse.made, errors);
	if (parse.err == 0 && errors->n + errors->dropped != before)
		parse.err = -EINVAL;
	if (parse.err != 0) {
		inventory_deinit(&parse.made);
		return parse.err == -E2BIG ? -EINVAL : parse.err;
	}
	*ret = parse.made;
	return 0;
}
