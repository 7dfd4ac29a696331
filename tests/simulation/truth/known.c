/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of what is not mended yet. */
#include "tests/simulation/truth/known.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/city/trouble.h"

/* where: a kind of device, or of trouble, of which it is seen; so long after that trouble. */
static const struct known {
	const char *invariant, *where;
	int64_t after_s;
	const char *fault;
} KNOWN[] = {
	{"sample", "stepped", 0, "counters that are renewed in steps"},
	{"name", "errors", 3700, "columns that a walk lost are taken to be missing"},
	{"starves", "errors", 3700, "columns that a walk lost are taken to be missing"},
	{"row", "stepped", 0, "counters that are renewed in steps"},
};

static uint64_t met[ARRAY_LEN(KNOWN)]; /* by all runs of this process */

/* It, or what it stands behind. */
static bool concerns(const struct city *city, const struct trouble *t, const struct box *box)
{
	return t->box < 0 || !box || box == &city->boxes[t->box] ||
	       strcmp(box->parent, city->boxes[t->box].id) == 0;
}

static bool is_there(const struct city *city, const struct known *known, const struct box *box)
{
	if (box && strcmp(box->kind->name, known->where) == 0)
		return true;
	for (unsigned int i = 0; i < city->script->n_troubles; i++) {
		const struct trouble *t = &city->troubles[i];

		if (strcmp(t->plan->kind->name, known->where) == 0 && concerns(city, t, box) &&
		    trouble_is_felt(t, known->after_s))
			return true;
	}
	return false;
}

bool known_excuses(const struct city *city, const char *invariant, const struct box *box)
{
	for (size_t i = 0; i < ARRAY_LEN(KNOWN); i++) {
		if (strcmp(KNOWN[i].invariant, invariant) != 0 || !is_there(city, &KNOWN[i], box))
			continue;
		met[i]++;
		return true;
	}
	return false;
}

void known_list(void)
{
	for (size_t i = 0; i < ARRAY_LEN(KNOWN); i++)
		printf("  known: %-10s %-14s %8llu times: %s\n", KNOWN[i].invariant, KNOWN[i].where,
		       (unsigned long long)met[i], KNOWN[i].fault);
}
