/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One function per column; what a spreadsheet leaves around a value is no part of it. */
#include "collector/codec/inventory/inventory_column.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/codec/inventory/inventory_links.h"
#include "collector/codec/inventory/inventory_mistakes.h"
#include "collector/codec/text/decimal_text.h"
#include "collector/core/device/inventory.h"
#include "common/base/endpoint.h"
#include "common/base/text_clean.h"
#include "common/base/utf8_text.h"

enum {
	TEXT_FIELD_MAX = 200,
	NOTES_FIELD_MAX = 1000,
	SHORT_NAME_MAX = 40, /* octets */
};

/* The field at hand. */
struct field {
	const struct inventory_column *column;
	unsigned int line;
	struct inventory_mistakes *mistakes;
	int err;
};

static void wrong(struct field *field, const char *text, const char *what, const char *right)
{
	char shown[65];

	text_clean((const uint8_t *)text, strlen(text), shown, sizeof(shown));
	inventory_mistakes_add(field->mistakes, field->line, what, "%s: \"%s\" %s; %s",
			       field->column->name, shown, what, right);
}

static bool has_control(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	}
	return false;
}

static void take_text(struct field *field, char **to, const char *text, size_t max)
{
	if (!utf8_text_is_valid(text, strlen(text))) {
		wrong(field, "(octets)", "is not UTF-8", "save the spreadsheet as CSV in UTF-8");
		return;
	}
	if (strlen(text) > max) {
		wrong(field, text, "is too long", "shorten it");
		return;
	}
	*to = strdup(text);
	if (!*to)
		field->err = -ENOMEM;
}

/* A line break in a cell is for the eye. */
static void join_lines(char *text)
{
	char *to = text;

	for (const char *p = text; *p;) {
		const size_t n = strspn(p, " \t\r\n");

		if (n > 0 && memchr(p, '\n', n))
			*to++ = ' ';
		else
			to = (char *)memmove(to, p, n) + n;
		p += n;
		if (*p)
			*to++ = *p++;
	}
	*to = '\0';
}

static void take_line(struct field *field, char **to, char *text)
{
	join_lines(text);
	if (has_control(text)) {
		wrong(field, "(text)", "has a control character", "write it anew");
		return;
	}
	take_text(field, to, text, TEXT_FIELD_MAX);
}

/* Letters, digits and hyphens: it becomes a file name and a path of the API. */
static bool is_id(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return text[0] != '-' && n > 0 && n <= 32 && text[n] == '\0';
}

static void set_id(struct field *field, struct inventory_entry *entry, char *text)
{
	if (is_id(text))
		take_text(field, &entry->id, text, 32);
	else
		wrong(field, text, "is not an id",
		      "write 1 to 32 of a-z, 0-9 and '-', e.g. opd-07");
}

static void set_kind(struct field *field, struct inventory_entry *entry, char *text)
{
	if (!inventory_kind_parse(text, &entry->kind))
		wrong(field, text, "is not a kind", "write core, opd or hotspot");
}

static void set_name(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->name, text);
}

static void set_address(struct field *field, struct inventory_entry *entry, char *text)
{
	char canonical[ENDPOINT_ADDRESS_SIZE];
	struct endpoint endpoint;

	if (endpoint_parse_address(text, 0, &endpoint) < 0) {
		if (endpoint_is_name(text))
			wrong(field, text, "is a name",
			      "write its address, as getent hosts NAME shows it: names are not "
			      "resolved, "
			      "for the line to the name server may be the one that is cut");
		else if (strchr(text, ':'))
			wrong(field, text, "is not an IP address",
			      "write e.g. 2001:db8::17 or, with the interface that leads there, "
			      "fe80::17%eth0");
		else
			wrong(field, text, "is not an IP address", "write e.g. 192.0.2.17");
		return;
	}
	if (endpoint_no_host(&endpoint)) {
		wrong(field, text, endpoint_no_host(&endpoint),
		      "write the address of the device itself");
		return;
	}
	take_text(field, &entry->address, endpoint_address(&endpoint, canonical),
		  sizeof(canonical));
}

static void set_port(struct field *field, struct inventory_entry *entry, char *text)
{
	if (endpoint_parse_port(text, &entry->port) < 0)
		wrong(field, text, "is not a UDP port",
		      "write 1 to 65535, or leave it empty for 161");
}

static void set_answers_from(struct field *field, struct inventory_entry *entry, char *text)
{
	char canonical[ENDPOINT_ADDRESS_SIZE];
	struct endpoint endpoint;

	if (strcasecmp(text, "any") == 0)
		take_text(field, &entry->answers_from, "any", sizeof(canonical));
	else if (endpoint_parse_address(text, 0, &endpoint) < 0 || endpoint_no_host(&endpoint))
		wrong(field, text, "is not an address that could answer",
		      "write the one that pantauctl device ID shows, or any");
	else
		take_text(field, &entry->answers_from, endpoint_address(&endpoint, canonical),
			  sizeof(canonical));
}

static void set_profile(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->profile, text);
}

static void set_credential(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->credential, text);
}

static void set_parent(struct field *field, struct inventory_entry *entry, char *text)
{
	if (is_id(text))
		take_text(field, &entry->parent, text, 32);
	else
		wrong(field, text, "is not an id", "write the id of another line, e.g. core-1");
}

static void set_parent_port(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->parent_port, text);
}

static void add_backup_parent(struct field *field, struct inventory_entry *entry, char *id)
{
	if (!is_id(id))
		wrong(field, id, "is not an id",
		      "write ids of other lines, separated by semicolons or blanks");
	else if (entry->n_backup_parents == INVENTORY_BACKUP_PARENTS_MAX)
		wrong(field, id, "is one too many", "leave at most three");
	else
		memcpy(entry->backup_parents[entry->n_backup_parents++], id, strlen(id) + 1);
}

static void set_backup_parents(struct field *field, struct inventory_entry *entry, char *text)
{
	char *at = NULL;

	for (char *id = strtok_r(text, "; \t\r\n", &at); id; id = strtok_r(NULL, "; \t\r\n", &at))
		add_backup_parent(field, entry, id);
}

static void set_severity(struct field *field, struct inventory_entry *entry, char *text)
{
	entry->severity_given = severity_parse(text, &entry->severity);
	if (!entry->severity_given)
		wrong(field, text, "is not a severity",
		      "write critical, major, warning or info, or leave it empty for what its kind "
		      "has");
}

static void set_short_name(struct field *field, struct inventory_entry *entry, char *text)
{
	if (strlen(text) > SHORT_NAME_MAX)
		wrong(field, text, "is not short", "write at most 40 octets, e.g. Dinkes");
	else
		take_line(field, &entry->short_name, text);
}

static void set_group(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->group, text);
}

static void set_feeder(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->feeder, text);
}

static void set_medium(struct field *field, struct inventory_entry *entry, char *text)
{
	if (!inventory_medium_parse(text, &entry->medium))
		wrong(field, text, "is not a medium",
		      "write fiber, wireless, copper or cellular, or leave it empty");
}

static uint64_t take_kbps(struct field *field, const char *text)
{
	uint64_t bps = 0;

	if (decimal_text_has_groups(text))
		wrong(field, text, "may be meant in thousands or in thousandths",
		      "write it without points and commas, e.g. 20000 for 20 Mbit/s");
	else if (!decimal_text_kbps(text, &bps))
		wrong(field, text, "is not a number of kbit/s", "write e.g. 20000 for 20 Mbit/s");
	return bps;
}

static void set_down(struct field *field, struct inventory_entry *entry, char *text)
{
	entry->capacity_down_bps = take_kbps(field, text);
}

static void set_up(struct field *field, struct inventory_entry *entry, char *text)
{
	entry->capacity_up_bps = take_kbps(field, text);
}

static void set_links(struct field *field, struct inventory_entry *entry, char *text)
{
	struct inventory_links_mistake mistake;
	int r;

	if (!utf8_text_is_valid(text, strlen(text))) {
		wrong(field, "(octets)", "is not UTF-8", "save the spreadsheet as CSV in UTF-8");
		return;
	}
	r = inventory_links_parse(text, &entry->links, &entry->n_links, &mistake);
	if (r == -EINVAL)
		wrong(field, mistake.item, mistake.what, mistake.right);
	else if (r < 0)
		field->err = r;
}

static void set_kecamatan(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->kecamatan, text);
}

static void set_kelurahan(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->kelurahan, text);
}

static void set_provider(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->provider, text);
}

static void set_contract(struct field *field, struct inventory_entry *entry, char *text)
{
	take_line(field, &entry->contract, text);
}

static void set_notes(struct field *field, struct inventory_entry *entry, char *text)
{
	take_text(field, &entry->notes, text, NOTES_FIELD_MAX);
}

static void take_coordinate(struct field *field, double *to, const char *text, double bound)
{
	double value;

	if (decimal_text_parse(text, &value) && fabs(value) <= bound)
		*to = value;
	else if (bound == 90)
		wrong(field, text, "is not a latitude", "write degrees, e.g. -7.4722");
	else if (bound == 180)
		wrong(field, text, "is not a longitude", "write degrees, e.g. 112.4338");
	else
		wrong(field, text, "is not a coordinate of the map", "write e.g. 412.5");
}

static void set_lat(struct field *field, struct inventory_entry *entry, char *text)
{
	take_coordinate(field, &entry->lat, text, 90);
}

static void set_lon(struct field *field, struct inventory_entry *entry, char *text)
{
	take_coordinate(field, &entry->lon, text, 180);
}

static void set_x(struct field *field, struct inventory_entry *entry, char *text)
{
	take_coordinate(field, &entry->x, text, 1e6);
}

static void set_y(struct field *field, struct inventory_entry *entry, char *text)
{
	take_coordinate(field, &entry->y, text, 1e6);
}

static const struct inventory_column COLUMNS[] = {
	{"id", true, set_id},
	{"kind", true, set_kind},
	{"name", true, set_name},
	{"address", true, set_address},
	{"credential", true, set_credential},
	{"port", false, set_port},
	{"answers_from", false, set_answers_from},
	{"profile", false, set_profile},
	{"parent", false, set_parent},
	{"parent_port", false, set_parent_port},
	{"backup_parents", false, set_backup_parents},
	{"medium", false, set_medium},
	{"capacity_down_kbps", false, set_down},
	{"capacity_up_kbps", false, set_up},
	{"link_capacity_kbps", false, set_links},
	{"kecamatan", false, set_kecamatan},
	{"kelurahan", false, set_kelurahan},
	{"provider", false, set_provider},
	{"contract", false, set_contract},
	{"short_name", false, set_short_name},
	{"group", false, set_group},
	{"severity", false, set_severity},
	{"feeder", false, set_feeder},
	{"lat", false, set_lat},
	{"lon", false, set_lon},
	{"x", false, set_x},
	{"y", false, set_y},
	{"notes", false, set_notes},
};

const struct inventory_column *inventory_column_at(size_t i)
{
	return i < ARRAY_LEN(COLUMNS) ? &COLUMNS[i] : NULL;
}

const struct inventory_column *inventory_column_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(COLUMNS); i++) {
		if (strcasecmp(COLUMNS[i].name, name) == 0)
			return &COLUMNS[i];
	}
	return NULL;
}

/* Of UTF-8: blank, no-break space, zero width space, byte order mark. */
static size_t blank_at(const char *text)
{
	static const char *const BLANKS[] = {" ", "\t", "\r", "\n", "\u00a0", "\u200b", "\ufeff"};

	for (size_t i = 0; i < ARRAY_LEN(BLANKS); i++) {
		if (strncmp(text, BLANKS[i], strlen(BLANKS[i])) == 0)
			return strlen(BLANKS[i]);
	}
	return 0;
}

char *inventory_column_trim(char *text)
{
	char *end;

	while (*text && blank_at(text) > 0)
		text += blank_at(text);
	end = text;
	for (char *p = text; *p;) {
		const size_t n = blank_at(p);

		p += n > 0 ? n : 1;
		if (n == 0)
			end = p;
	}
	*end = '\0';
	return text;
}

int inventory_column_set(const struct inventory_column *column, struct inventory_entry *entry,
			 char *text, unsigned int line, struct inventory_mistakes *mistakes)
{
	struct field field = {.column = column, .line = line, .mistakes = mistakes};

	if (text[0] != '\0')
		column->set(&field, entry, text);
	else if (column->required)
		inventory_mistakes_add(mistakes, line, column->name, "%s: is empty; fill it in",
				       column->name);
	return field.err;
}
