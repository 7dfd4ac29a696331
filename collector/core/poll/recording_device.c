/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what an agent with exactly these objects would answer, and which objects a
 * profile misses. Does not read recordings (codec/text/snmprec). Source: RFC 3416 4.2.1
 * to 4.2.3.
 */
#include "collector/core/poll/recording_device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/profile.h"
#include "collector/core/poll/poll_session.h"
#include "common/base/cleanup.h"
#include "common/snmp/snmp_oids.h"

enum { ANSWER_MAX = 2048, US_PER_TICK = 10000, HALF_RTT_US = 500 };

static const snmp_oid_t SYS_UPTIME[] = {SNMP_OID_SYS_UPTIME, 0};

static int compare(const snmp_oid_t *a, size_t a_len, const snmp_oid_t *b, size_t b_len)
{
	for (size_t i = 0; i < a_len && i < b_len; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return a_len < b_len ? -1 : a_len > b_len;
}

const struct snmp_varbind *recording_device_find(const struct recording_device *recording,
						 const snmp_oid_t *name, size_t len, bool after)
{
	size_t low = 0, high = recording->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct snmp_varbind *row = &recording->rows[middle];
		int order = compare(row->name, row->name_len, name, len);

		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low < recording->n ? &recording->rows[low] : NULL;
}

static bool begins(const struct snmp_varbind *row, const snmp_oid_t *name, size_t len)
{
	return row->name_len >= len && !memcmp(row->name, name, len * sizeof(*name));
}

bool recording_device_has(const struct recording_device *recording, const struct profile_oid *oid)
{
	const struct snmp_varbind *row = recording_device_find(recording, oid->id, oid->len, false);

	return row && begins(row, oid->id, oid->len);
}

/* ---- answers ---- */

/* No such row: the end of the MIB. sysUpTime goes on. */
static void fill(const struct recording_device *recording, const struct snmp_varbind *row,
		 const struct snmp_varbind *asked, int64_t now_us, struct snmp_varbind *ret)
{
	*ret = row ? *row : *asked;
	if (!row)
		ret->type = SNMP_TYPE_END_OF_MIB_VIEW;
	else if (row->type == SNMP_TYPE_TIMETICKS &&
		 !compare(row->name, row->name_len, SYS_UPTIME, ARRAY_LEN(SYS_UPTIME)))
		ret->v.u = (uint32_t)(row->v.u +
				      (uint64_t)((now_us - recording->taken_us) / US_PER_TICK));
}

static void get(const struct recording_device *recording, const struct snmp_varbind *asked,
		int64_t now_us, struct snmp_varbind *ret)
{
	const struct snmp_varbind *row =
		recording_device_find(recording, asked->name, asked->name_len, false);

	if (row && row->name_len != asked->name_len)
		row = NULL;
	if (row && !begins(row, asked->name, asked->name_len))
		row = NULL;
	fill(recording, row, asked, now_us, ret);
	if (!row)
		ret->type = SNMP_TYPE_NO_SUCH_INSTANCE;
}

size_t recording_device_answer(const struct recording_device *recording, const struct poll_ask *ask,
			       const struct snmp_varbind *asked, int64_t now_us,
			       struct snmp_varbind *ret, size_t room)
{
	size_t rounds =
		ask->pdu == SNMP_PDU_GETBULK && ask->repetitions > 0 ? (size_t)ask->repetitions : 1;
	size_t n = 0;

	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < ask->n && n < room; i++, n++) {
			const struct snmp_varbind *from = round ? &ret[n - ask->n] : &asked[i];

			if (ask->pdu == SNMP_PDU_GET)
				get(recording, from, now_us, &ret[n]);
			else
				fill(recording,
				     recording_device_find(recording, from->name, from->name_len,
							   true),
				     from, now_us, &ret[n]);
		}
	}
	return n;
}

/* ---- cycles ---- */

int recording_device_poll(const struct recording_device *recording, struct poll_session *session,
			  size_t max_varbinds, int64_t now_us)
{
	cleanup_free struct snmp_varbind *asked = calloc(max_varbinds + 1, sizeof(*asked));
	cleanup_free struct snmp_varbind *given = calloc(ANSWER_MAX, sizeof(*given));
	cleanup_free snmp_oid_t(*oids)[SNMP_OID_LEN_MAX] = calloc(max_varbinds + 1, sizeof(*oids));
	const struct poll_walk_room room = {.varbinds = asked, .oids = oids, .n = max_varbinds};
	struct poll_ask ask;

	if (!asked || !given || !oids || poll_session_begin(session, false, now_us) < 0)
		return -ENOMEM;
	while (poll_session_next(session, &room, &ask)) {
		struct poll_answer answer = {.varbinds = given, .earliest_us = now_us};

		now_us += HALF_RTT_US;
		answer.n =
			recording_device_answer(recording, &ask, asked, now_us, given, ANSWER_MAX);
		now_us += HALF_RTT_US;
		answer.received_us = now_us;
		poll_session_answer(session, &answer);
	}
	return poll_session_end(session, now_us) ? 0 : -EIO;
}

/* ---- what is missing ---- */

static void link_lacks(const struct recording_device *recording, const struct profile_links *links,
		       recording_device_lack_fn *fn, void *data)
{
	size_t i = 0, first;

	while (i < links->n_columns) {
		enum profile_link_field field = links->columns[i].field;
		bool found = false;

		for (first = i; i < links->n_columns && links->columns[i].field == field; i++)
			found = found || recording_device_has(recording, &links->columns[i].oid);
		if (!found)
			fn(data, "links", profile_link_field_name(field),
			   &links->columns[first].oid);
	}
}

static bool has_value(const struct recording_device *recording, const struct profile_group *group,
		      const struct profile_ds *ds)
{
	for (size_t t = ds->first; t < ds->first + ds->n_values; t++)
		if (recording_device_has(recording, &group->terms[t].oid))
			return true;
	return false;
}

static void group_lacks(const struct recording_device *recording, const struct profile_group *group,
			recording_device_lack_fn *fn, void *data)
{
	const char *name = group->sample.name;

	if (group->object.len && !recording_device_has(recording, &group->object))
		fn(data, name, "object", &group->object);
	for (size_t i = 0; i < group->n_where; i++)
		if (!recording_device_has(recording, &group->where[i].column))
			fn(data, name, "where", &group->where[i].column);
	for (size_t d = 0; d < group->sample.n_ds; d++) {
		const struct profile_ds *ds = &group->ds[d];

		if (ds->end == ds->first)
			continue;
		if (has_value(recording, group, ds)) {
			/* Of a value that the recording has: what else it needs. */
			for (size_t t = ds->first + ds->n_values; t < ds->end; t++) {
				uint8_t use = group->terms[t].use;

				if (use != PROFILE_TERM_PLUS && use != PROFILE_TERM_MINUS &&
				    !recording_device_has(recording, &group->terms[t].oid))
					fn(data, group->sample.name, group->sample.ds[d].name,
					   &group->terms[t].oid);
			}
		} else {
			fn(data, name, group->sample.ds[d].name, &group->terms[ds->first].oid);
		}
	}
}

static void count_lack(void *data, const char *group, const char *name,
		       const struct profile_oid *oid)
{
	(void)group;
	(void)name;
	(void)oid;
	++*(size_t *)data;
}

/* Does one of those that stand for the group have all that it asks for? */
static bool is_stood_for(const struct recording_device *recording, const struct profile *profile,
			 size_t head)
{
	for (size_t i = 0; i < profile->n_groups; i++) {
		size_t n = 0;

		if (profile->groups[i].stands_for != (int)head)
			continue;
		group_lacks(recording, &profile->groups[i], count_lack, &n);
		if (n == 0)
			return true;
	}
	return false;
}

void recording_device_lacks(const struct recording_device *recording, const struct profile *profile,
			    recording_device_lack_fn *fn, void *data)
{
	if (!recording_device_has(recording, &profile->uptime))
		fn(data, "device", "uptime", &profile->uptime);
	link_lacks(recording, &profile->links, fn, data);
	for (size_t i = 0; i < profile->n_groups; i++)
		if (profile->groups[i].stands_for < 0 && !is_stood_for(recording, profile, i))
			group_lacks(recording, &profile->groups[i], fn, data);
}
