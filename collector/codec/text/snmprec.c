/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a line of a recording says. All names lie in one array of arcs and all
 * octets in another, so that a recording is three allocations. Source: snmpsim's
 * documentation of "simulation data files" (.snmprec), RFC 2578 7.1 for the ranges.
 */
#include "collector/codec/text/snmprec.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/conf/conf_errors.h"

struct text {
	const uint8_t *p, *end;
};

static size_t length(struct text t)
{
	return (size_t)(t.end - t.p);
}

/* ---- figures ---- */

static bool take_unsigned(struct text *t, uint64_t most, uint64_t *ret)
{
	const uint8_t *begin = t->p;
	uint64_t value = 0;

	for (; t->p < t->end && *t->p >= '0' && *t->p <= '9'; t->p++) {
		unsigned int digit = *t->p - '0';

		if (value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret = value;
	return t->p > begin;
}

static const char *read_unsigned(struct text t, uint64_t most, uint64_t *ret)
{
	return take_unsigned(&t, most, ret) && t.p == t.end ? NULL
							    : "no number in the type's range";
}

static const char *read_integer(struct text t, int64_t *ret)
{
	bool negative = t.p < t.end && *t.p == '-';
	const char *problem;
	uint64_t u;

	t.p += negative;
	problem = read_unsigned(t, INT64_MAX, &u);
	if (!problem)
		*ret = negative ? -(int64_t)u : (int64_t)u;
	return problem;
}

/* Appends to the arcs; there is room: each arc but the first of a line has a dot of its
 * own. */
static const char *read_oid(struct text t, struct snmprec *rec, size_t *n_arcs, size_t *ret_len)
{
	size_t len = 0;
	uint64_t arc;

	if (t.p < t.end && *t.p == '.')
		t.p++;
	for (;;) {
		if (len == SNMPREC_ARCS_MAX || !take_unsigned(&t, UINT32_MAX, &arc))
			return "no OID of at most 128 numbers";
		rec->arcs[*n_arcs + len++] = (snmp_oid_t)arc;
		if (t.p == t.end)
			break;
		if (*t.p++ != '.')
			return "no OID of at most 128 numbers";
	}
	*n_arcs += len;
	*ret_len = len;
	return NULL;
}

/* ---- octets ---- */

static int unhex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *read_hex(struct text t, uint8_t *to, size_t *ret_len)
{
	size_t len = 0;

	if (length(t) % 2)
		return "an odd number of hex digits";
	for (; t.p < t.end; t.p += 2) {
		int high = unhex(t.p[0]), low = unhex(t.p[1]);

		if (high < 0 || low < 0)
			return "no hex digits";
		to[len++] = (uint8_t)(high << 4 | low);
	}
	*ret_len = len;
	return NULL;
}

static const char *read_ip(struct text t, uint8_t *to, size_t *ret_len)
{
	uint64_t octet;

	for (int i = 0; i < 4; i++) {
		if (i > 0 && (t.p == t.end || *t.p++ != '.'))
			return "no IPv4 address";
		if (!take_unsigned(&t, UINT8_MAX, &octet))
			return "no IPv4 address";
		to[i] = (uint8_t)octet;
	}
	*ret_len = 4;
	return t.p == t.end ? NULL : "no IPv4 address";
}

/* ---- lines ---- */

struct parser {
	const char *name;
	unsigned int line;
	struct snmprec rec;
	size_t n_arcs, n_octets;
	struct conf_errors *errors;
};

static const char *read_octets(struct parser *parser, struct text t, bool hex,
			       struct snmp_varbind *vb)
{
	uint8_t *to = parser->rec.octets + parser->n_octets;
	const char *problem;
	size_t len = 0;

	if (hex) {
		problem = read_hex(t, to, &len);
	} else if (vb->type == SNMP_TYPE_IPADDRESS) {
		problem = read_ip(t, to, &len);
	} else {
		len = length(t);
		if (len > 0)
			memcpy(to, t.p, len);
		problem = NULL;
	}
	if (!problem && vb->type == SNMP_TYPE_IPADDRESS && len != 4)
		problem = "no IPv4 address";
	vb->v.octets.p = to;
	vb->v.octets.len = len;
	parser->n_octets += len;
	return problem;
}

static const char *read_value(struct parser *parser, struct text t, bool hex,
			      struct snmp_varbind *vb)
{
	bool octets = vb->type == SNMP_TYPE_OCTETS || vb->type == SNMP_TYPE_IPADDRESS ||
		      vb->type == SNMP_TYPE_OPAQUE;

	if (octets)
		return read_octets(parser, t, hex, vb);
	if (hex)
		return "\"x\" goes with the types 4, 64 and 68 only";
	switch (vb->type) {
	case SNMP_TYPE_INTEGER:
		return read_integer(t, &vb->v.i);
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
		return read_unsigned(t, UINT32_MAX, &vb->v.u);
	case SNMP_TYPE_COUNTER64:
		return read_unsigned(t, UINT64_MAX, &vb->v.u);
	case SNMP_TYPE_OID:
		vb->v.oid.p = parser->rec.arcs + parser->n_arcs;
		return read_oid(t, &parser->rec, &parser->n_arcs, &vb->v.oid.len);
	case SNMP_TYPE_NULL:
		return NULL;
	default:
		return "a type other than 2, 4, 5, 6, 64 to 68 and 70";
	}
}

static const char *read_type(struct text t, bool *ret_hex, uint8_t *ret)
{
	uint64_t type;

	*ret_hex = length(t) > 0 && t.end[-1] == 'x';
	t.end -= *ret_hex;
	if (!take_unsigned(&t, UINT8_MAX, &type) || t.p != t.end)
		return "the type is no number with or without \"x\"";
	*ret = (uint8_t)type;
	return NULL;
}

/* Up to the next bar, which is skipped; false if there is none. */
static bool split(struct text *line, struct text *ret)
{
	const uint8_t *bar = length(*line) ? memchr(line->p, '|', length(*line)) : NULL;

	if (!bar)
		return false;
	*ret = (struct text){line->p, bar};
	line->p = bar + 1;
	return true;
}

static const char *read_row(struct parser *parser, struct text line)
{
	struct snmp_varbind vb = {.name = parser->rec.arcs + parser->n_arcs};
	struct text name, type;
	const char *problem;
	bool hex;

	if (!split(&line, &name) || !split(&line, &type))
		return "no OID|type|value";
	problem = read_oid(name, &parser->rec, &parser->n_arcs, &vb.name_len);
	if (!problem)
		problem = read_type(type, &hex, &vb.type);
	if (!problem)
		problem = read_value(parser, line, hex, &vb);
	if (!problem)
		parser->rec.rows[parser->rec.n++] = vb;
	return problem;
}

static void read_line(struct parser *parser, struct text line)
{
	size_t n_arcs = parser->n_arcs, n_octets = parser->n_octets;
	const char *problem;

	if (length(line) && line.end[-1] == '\r')
		line.end--;
	if (!length(line) || *line.p == '#')
		return;
	problem = read_row(parser, line);
	if (!problem)
		return;
	parser->n_arcs = n_arcs;
	parser->n_octets = n_octets;
	parser->rec.n_wrong++;
	conf_errors_add(parser->errors, "%s:%u: %s", parser->name, parser->line, problem);
}

/* ---- the whole ---- */

/* Of the same name the one that came first stands first: its arcs do. */
static int compare_rows(const void *a, const void *b)
{
	const struct snmp_varbind *x = a, *y = b;

	for (size_t i = 0; i < x->name_len && i < y->name_len; i++)
		if (x->name[i] != y->name[i])
			return x->name[i] < y->name[i] ? -1 : 1;
	if (x->name_len != y->name_len)
		return x->name_len < y->name_len ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

static bool same_name(const struct snmp_varbind *a, const struct snmp_varbind *b)
{
	return a->name_len == b->name_len &&
	       !memcmp(a->name, b->name, a->name_len * sizeof(a->name[0]));
}

static void sort_rows(struct snmprec *rec)
{
	size_t n = 0;

	qsort(rec->rows, rec->n, sizeof(rec->rows[0]), compare_rows);
	for (size_t i = 0; i < rec->n; i++)
		if (n == 0 || !same_name(&rec->rows[n - 1], &rec->rows[i]))
			rec->rows[n++] = rec->rows[i];
	rec->n_repeated = rec->n - n;
	rec->n = n;
}

static size_t count_lines(struct text t)
{
	size_t n = 1;

	for (; t.p < t.end; t.p++)
		n += *t.p == '\n';
	return n;
}

static int make_room(struct snmprec *rec, struct text all)
{
	/* a line holds at most half as many arcs as octets: "1|6|1" */
	rec->rows = calloc(count_lines(all), sizeof(rec->rows[0]));
	rec->arcs = calloc(length(all) / 2 + 1, sizeof(rec->arcs[0]));
	rec->octets = malloc(length(all) + 4);
	return rec->rows && rec->arcs && rec->octets ? 0 : -ENOMEM;
}

static int read_lines(struct parser *parser, struct text all)
{
	int r = make_room(&parser->rec, all);

	while (r == 0 && all.p < all.end) {
		const uint8_t *end = memchr(all.p, '\n', length(all));

		parser->line++;
		read_line(parser, (struct text){all.p, end ? end : all.end});
		all.p = end ? end + 1 : all.end;
	}
	return r;
}

int snmprec_parse(const char *name, const uint8_t *text, size_t len, struct snmprec *ret,
		  struct conf_errors *errors)
{
	struct parser parser = {.name = name, .errors = errors};
	const struct text all = {text, text + len};
	int r = 0;

	if (len > SNMPREC_FILE_MAX || (len && count_lines(all) > SNMPREC_ROWS_MAX)) {
		conf_errors_add(errors, "%s: more than %d MiB or %d lines", name,
				SNMPREC_FILE_MAX >> 20, SNMPREC_ROWS_MAX);
		return -EINVAL;
	}
	r = len ? read_lines(&parser, all) : 0;
	if (r == 0 && !parser.rec.n) {
		conf_errors_add(errors, "%s: no objects in it", name);
		r = -EINVAL;
	}
	if (r < 0) {
		snmprec_deinit(&parser.rec);
		return r;
	}
	sort_rows(&parser.rec);
	*ret = parser.rec;
	return 0;
}

void snmprec_deinit(struct snmprec *snmprec)
{
	free(snmprec->rows);
	free(snmprec->arcs);
	free(snmprec->octets);
	*snmprec = (struct snmprec){0};
}
