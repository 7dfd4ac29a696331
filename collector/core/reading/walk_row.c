/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides how a cell reads as text, and which rows the conditions of a profile let pass. */
#include "collector/core/reading/walk_row.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/device/profile_group.h"
#include "collector/core/reading/poll_walk.h"
#include "common/base/text_clean.h"

enum { TEXT_MAX = 256 };

void walk_row_index_text(const uint32_t *arcs, size_t n, char *buf, size_t size)
{
	size_t used = 0;

	assert(size > 0);
	buf[0] = '\0';
	for (size_t i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%u", i ? "." : "", arcs[i]);
}

void walk_row_cell_text(const struct poll_walk_cell *cell, char *buf, size_t size)
{
	assert(size > 0);
	buf[0] = '\0';
	switch (cell->type) {
	case 0:
		return;
	case SNMP_TYPE_OCTETS:
		text_clean(cell->v.octets, cell->len, buf, size);
		return;
	case SNMP_TYPE_OID:
		walk_row_index_text(cell->v.oid, cell->len, buf, size);
		return;
	case SNMP_TYPE_INTEGER:
		snprintf(buf, size, "%lld", (long long)cell->v.i);
		return;
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		return;
	default:
		snprintf(buf, size, "%llu", (unsigned long long)cell->v.u);
	}
}

/* Is it one of "a|b|c*"? */
static bool is_one_of(const char *text, const char *list)
{
	char pattern[TEXT_MAX];

	for (;;) {
		size_t n = strcspn(list, "|");

		snprintf(pattern, sizeof(pattern), "%.*s", (int)n, list);
		if (!fnmatch(pattern, text, 0))
			return true;
		if (!list[n])
			return false;
		list += n + 1;
	}
}

/* A list that begins with "!" lets pass what is none of it. */
static bool passes(const char *text, const char *list)
{
	return list[0] == '!' ? !is_one_of(text, list + 1) : is_one_of(text, list);
}

bool walk_row_fits(const struct profile_where *where, size_t n, const struct poll_walk_cell *cells)
{
	char text[TEXT_MAX];

	for (size_t i = 0; i < n; i++) {
		walk_row_cell_text(&cells[i], text, sizeof(text));
		if (!text[0] || (where[i].equals && !passes(text, where[i].equals)))
			return false;
	}
	return true;
}
