/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the answers to the terms of a value amount to, in one row or as scalars. What a vendor
 * sends for "none" is no value, and limits hold before rows are put together: one row of
 * nonsense is not hidden in a sum.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct poll_walk_cell;
struct profile_group;
struct snmp_varbind;

/* The answer to a term. */
struct group_value {
	bool good;    /* it is a number */
	uint8_t type; /* enum snmp_type; 0: there is none */
	double number;
	uint64_t u;
};

/* Number of a binding: integers, counters, gauges, and text with a number at its beginning, or behind
 * the first place where it says what is in after. Returns ->good. */
bool group_value_set(struct group_value *value, const struct snmp_varbind *vb, const char *after);
bool group_value_of_cell(struct group_value *value, const struct poll_walk_cell *cell,
			 const char *after);

/* What is said of a value, the more the better. */
enum group_word {
	GROUP_WORD_NONE,    /* there is no such object */
	GROUP_WORD_NOTHING, /* there is, and it says that there is no value */
	GROUP_WORD_WRONG,   /* beyond its limits, or a part of it is missing */
	GROUP_WORD_GOOD,
};

struct group_number {
	double value; /* a percentage already, unless rows are added up to one */
	double total; /* for those; 0: none */
	uint64_t u;   /* as it was sent, for counters */
	uint8_t type;
};

/* terms: one per term of the group. lacking: bit by term, those that the device is known not to have; what is neither
 * answered nor lacking is missing. ret is set if the word is GROUP_WORD_GOOD. */
enum group_word group_value_say(const struct profile_group *group, size_t ds,
				const struct group_value *terms, uint32_t lacking,
				struct group_number *ret);
