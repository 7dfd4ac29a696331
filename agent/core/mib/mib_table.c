/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the getters and searches of the mib_*.c files share; see mib_table.h.
 */
#include "agent/core/mib/mib_table.h"

#include <assert.h>
#include <string.h>

#include "agent/core/mib/mib_data.h"

void mib_set_octets(struct snmp_varbind *ret, const char *text)
{
	ret->v.octets.p = (const uint8_t *)text;
	ret->v.octets.len = text ? strlen(text) : 0;
}

uint32_t mib_ticks_at(const struct mib_view *view, int64_t at_us)
{
	int64_t us = at_us - view->data->head->agent.start_us;

	return us > 0 ? (uint32_t)((uint64_t)us / 10000) : 0;
}

bool mib_index_start(const struct mib_index *index, size_t n, uint32_t *ret)
{
	bool after = index->len > n || (index->len == n && !index->include);
	size_t i;

	for (i = 0; i < n; i++) {
		snmp_oid_t subid = i < index->len ? index->subids[i] : 0;

		if (subid > UINT32_MAX)
			return false;
		ret[i] = (uint32_t)subid;
	}
	for (i = n; after && i > 0; i--) {
		ret[i - 1]++;
		after = ret[i - 1] == 0;
	}
	return !after;
}

bool mib_row_set(struct mib_row *ret, const void *fields, size_t index_len, const uint32_t *index)
{
	size_t i;

	assert(index_len <= MIB_INDEX_MAX);
	if (!fields)
		return false;
	ret->fields = fields;
	ret->extra = NULL;
	ret->index_len = index_len;
	for (i = 0; i < index_len; i++)
		ret->index[i] = index[i];
	return true;
}

bool mib_scalar_at(const struct mib_index *index, const void *fields, struct mib_row *ret)
{
	uint32_t start;

	return mib_index_start(index, 1, &start) && start == 0 &&
	       mib_row_set(ret, fields, 1, &start);
}

bool mib_link_at(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret)
{
	const struct mib_link *link;
	uint32_t start, at;

	if (!mib_index_start(index, 1, &start))
		return false;
	at = mib_data_link_at(view->data, start);
	if (at >= mib_data_n_links(view->data))
		return false;
	link = &view->data->links[at];
	return mib_row_set(ret, link, 1, &link->if_index);
}

bool mib_world_at(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret)
{
	return mib_scalar_at(index, &view->world, ret);
}

void mib_get_table_change(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)row;
	ret->v.u = mib_ticks_at(view, view->data->head->agent.link_table_change_us);
}
