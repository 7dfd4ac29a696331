/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the value that a row's terms make, and whether it is one. Does not decide what
 * several rows make together (group_poll.c).
 */
#include "collector/core/reading/group_value.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/profile_group.h"
#include "collector/core/reading/poll_walk.h"
#include "common/base/text_clean.h"

enum { DECIMALS_MAX = 9, TEXT_MAX = 128 };

static bool number_of_text(const uint8_t *p, size_t len, const char *after, double *ret)
{
	char text[TEXT_MAX], *begin, *end;

	text_clean(p, len, text, sizeof(text));
	begin = strstr(text, after);
	if (!begin)
		return false;
	begin += strlen(after);
	*ret = strtod(begin, &end);
	return end != begin && isfinite(*ret);
}

bool group_value_set(struct group_value *value, const struct snmp_varbind *vb, const char *after)
{
	*value = (struct group_value){.type = vb->type, .good = true};
	switch (vb->type) {
	case SNMP_TYPE_INTEGER:
		value->number = (double)vb->v.i;
		value->u = vb->v.i < 0 ? 0 : (uint64_t)vb->v.i;
		break;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
	case SNMP_TYPE_COUNTER64:
		value->u = vb->v.u;
		value->number = (double)vb->v.u;
		break;
	case SNMP_TYPE_OCTETS:
		value->good =
			number_of_text(vb->v.octets.p, vb->v.octets.len, after, &value->number);
		break;
	default:
		value->good = false;
	}
	return value->good;
}

bool group_value_of_cell(struct group_value *value, const struct poll_walk_cell *cell,
			 const char *after)
{
	struct snmp_varbind vb = {.type = cell->type};

	*value = (struct group_value){0};
	if (!cell->type)
		return false;
	if (cell->type == SNMP_TYPE_OCTETS) {
		vb.v.octets.p = cell->v.octets;
		vb.v.octets.len = cell->len;
	} else if (cell->type == SNMP_TYPE_INTEGER) {
		vb.v.i = cell->v.i;
	} else {
		vb.v.u = cell->v.u;
	}
	return group_value_set(value, &vb, after);
}

/* ---- one term ---- */

static bool is_nothing(const struct profile_ds *ds, double number)
{
	for (size_t i = 0; i < ds->n_nothing; i++)
		if (!islessgreater(number, ds->nothing[i]))
			return true;
	return false;
}

static bool look_up(const struct profile_ds *ds, double *number)
{
	for (size_t i = 0; i < ds->n_map; i++) {
		if (islessgreater(*number, ds->map[i].from))
			continue;
		*number = ds->map[i].to;
		return true;
	}
	return !ds->n_map;
}

/* What a text without a number says ("N/A") is nothing, too. */
static enum group_word read_term(const struct profile_ds *ds, const struct profile_term *term,
				 const struct group_value *answer, double *ret)
{
	*ret = answer->number;
	if (!answer->type)
		return GROUP_WORD_NONE;
	if (!answer->good || is_nothing(ds, answer->number))
		return GROUP_WORD_NOTHING;
	if (term->use == PROFILE_TERM_VALUE && !look_up(ds, ret))
		return GROUP_WORD_NOTHING;
	*ret *= term->oid.scale;
	return GROUP_WORD_GOOD;
}

/* ---- all terms ---- */

/* What is done to the number of the row, whichever alternative it is of. */
struct rest {
	double plus, times, total;
};

/* False: a part is missing, so the whole is not known. */
static bool add_part(struct rest *rest, uint8_t use, double number)
{
	switch (use) {
	case PROFILE_TERM_PLUS:
		rest->plus += number;
		return true;
	case PROFILE_TERM_MINUS:
		rest->plus -= number;
		return true;
	case PROFILE_TERM_TIMES:
		rest->times *= number;
		return true;
	case PROFILE_TERM_DECIMALS:
		rest->times /= pow(10, number);
		return fabs(number) <= DECIMALS_MAX;
	default:
		rest->total += number;
		return true;
	}
}

static bool read_rest(const struct profile_group *group, size_t d, const struct group_value *terms,
		      uint32_t lacking, struct rest *ret)
{
	const struct profile_ds *ds = &group->ds[d];

	*ret = (struct rest){.times = 1};
	for (size_t t = ds->first + ds->n_values; t < ds->end; t++) {
		const struct profile_term *term = &group->terms[t];
		bool may_lack = term->use == PROFILE_TERM_PLUS || term->use == PROFILE_TERM_MINUS;
		double number;

		if (!terms[t].type && lacking >> t & 1 && may_lack)
			continue; /* no caches, say */
		if (read_term(ds, term, &terms[t], &number) != GROUP_WORD_GOOD ||
		    !add_part(ret, term->use, number))
			return false;
	}
	return true;
}

/* The row's value from the number of an alternative. */
static bool complete(const struct profile_ds *ds, const struct rest *rest, double number,
		     struct group_number *ret)
{
	ret->value = (number + rest->plus) * rest->times;
	ret->total = rest->total * rest->times;
	if (ds->percent && !(ret->total > 0))
		return false;
	if (!profile_ds_limits_rows(ds))
		return true;
	if (ds->percent)
		ret->value *= 100 / ret->total;
	if (ds->free_share)
		ret->value = 100 - ret->value;
	return !isless(ret->value, ds->min) && !isgreater(ret->value, ds->max);
}

enum group_word group_value_say(const struct profile_group *group, size_t d,
				const struct group_value *terms, uint32_t lacking,
				struct group_number *ret)
{
	const struct profile_ds *ds = &group->ds[d];
	enum group_word word = GROUP_WORD_NONE, heard;
	struct rest rest;
	double number;
	bool whole = read_rest(group, d, terms, lacking, &rest);

	for (size_t t = ds->first; t < ds->first + ds->n_values; t++) {
		heard = read_term(ds, &group->terms[t], &terms[t], &number);
		if (heard == GROUP_WORD_GOOD && (!whole || !complete(ds, &rest, number, ret)))
			heard = GROUP_WORD_WRONG;
		if (heard > word)
			word = heard;
		if (word != GROUP_WORD_GOOD)
			continue;
		ret->u = terms[t].u;
		ret->type = terms[t].type;
		return word;
	}
	return word;
}
