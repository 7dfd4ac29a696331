/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A week is seven times 24 hours: Indonesia's clocks are never set forward or back. */
#include "collector/core/alert/maintenance.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "common/base/utf8_text.h"

#define WEEK_MS (7 * 86400 * INT64_C(1000))

static const char *const SCOPES[MAINTENANCE_SCOPE_N] = {
	[MAINTENANCE_ALL] = "all",
	[MAINTENANCE_DEVICE] = "device",
	[MAINTENANCE_GROUP] = "group",
	[MAINTENANCE_PROVIDER] = "provider",
	[MAINTENANCE_KELURAHAN] = "kelurahan",
};

const char *maintenance_scope_name(enum maintenance_scope scope)
{
	assert((unsigned int)scope < MAINTENANCE_SCOPE_N);
	return SCOPES[scope];
}

bool maintenance_scope_parse(const char *name, enum maintenance_scope *ret)
{
	for (unsigned int i = 0; i < MAINTENANCE_SCOPE_N; i++) {
		if (strcmp(SCOPES[i], name) == 0) {
			*ret = (enum maintenance_scope)i;
			return true;
		}
	}
	return false;
}

/* ---- when ---- */

void maintenance_next(const struct maintenance *maintenance, int64_t now_ms, int64_t *ret_begin_ms,
		      int64_t *ret_end_ms)
{
	int64_t weeks = 0;

	if (maintenance->weekly && now_ms >= maintenance->end_ms)
		weeks = (now_ms - maintenance->end_ms) / WEEK_MS + 1;
	*ret_begin_ms = maintenance->begin_ms + weeks * WEEK_MS;
	*ret_end_ms = maintenance->end_ms + weeks * WEEK_MS;
}

bool maintenance_is_over(const struct maintenance *maintenance, int64_t now_ms)
{
	return !maintenance->weekly && now_ms >= maintenance->end_ms;
}

static bool is_now(const struct maintenance *maintenance, int64_t now_ms)
{
	int64_t begin_ms, end_ms;

	maintenance_next(maintenance, now_ms, &begin_ms, &end_ms);
	return now_ms >= begin_ms && now_ms < end_ms;
}

/* ---- of what ---- */

static const char *named(const struct maintenance *maintenance, const struct inventory_entry *entry)
{
	switch (maintenance->scope) {
	case MAINTENANCE_DEVICE:
		return entry->id;
	case MAINTENANCE_GROUP:
		return entry->group;
	case MAINTENANCE_PROVIDER:
		return entry->provider;
	case MAINTENANCE_KELURAHAN:
		return entry->kelurahan;
	default:
		return "";
	}
}

bool maintenance_is_of(const struct maintenance *maintenance, const struct inventory_entry *entry)
{
	const char *name = named(maintenance, entry);

	return name && strcmp(name, maintenance->target) == 0;
}

bool maintenance_covers(const struct maintenance *maintenance, const struct inventory_entry *entry,
			int64_t now_ms)
{
	return is_now(maintenance, now_ms) && maintenance_is_of(maintenance, entry);
}

const struct maintenance *maintenance_set_of(const struct maintenance_set *set,
					     const struct inventory_entry *entry, int64_t now_ms)
{
	for (size_t i = 0; i < set->n; i++) {
		if (maintenance_covers(&set->items[i], entry, now_ms))
			return &set->items[i];
	}
	return NULL;
}

/* ---- changes ---- */

static bool is_right(const struct maintenance *wanted, int64_t now_ms)
{
	return wanted->end_ms > wanted->begin_ms && !maintenance_is_over(wanted, now_ms) &&
	       (!wanted->weekly || wanted->end_ms - wanted->begin_ms <= WEEK_MS);
}

int maintenance_set_add(struct maintenance_set *set, const struct person *person,
			const struct maintenance *wanted, int64_t now_ms, struct maintenance *ret)
{
	struct maintenance *item;

	if (person->role < PERSON_OPERATOR)
		return -EACCES;
	if (!is_right(wanted, now_ms))
		return -EINVAL;
	maintenance_set_expire(set, now_ms);
	if (set->n == MAINTENANCE_MAX)
		return -ENOSPC;
	item = &set->items[set->n++];
	*item = *wanted;
	item->id = ++set->last_id;
	utf8_text_clean(person->name, item->by, sizeof(item->by));
	*ret = *item;
	return 0;
}

static void take_out(struct maintenance_set *set, size_t i)
{
	set->n--;
	memmove(&set->items[i], &set->items[i + 1], (set->n - i) * sizeof(set->items[0]));
}

/* What had not begun yet never was. */
static void cut(struct maintenance *maintenance, int64_t now_ms)
{
	maintenance->weekly = false;
	if (now_ms < maintenance->end_ms)
		maintenance->end_ms = now_ms;
	if (maintenance->end_ms < maintenance->begin_ms)
		maintenance->end_ms = maintenance->begin_ms;
}

int maintenance_set_end(struct maintenance_set *set, const struct person *person, int64_t id,
			int64_t now_ms, struct maintenance *ret)
{
	if (person->role < PERSON_OPERATOR)
		return -EACCES;
	for (size_t i = 0; i < set->n; i++) {
		if (set->items[i].id != id)
			continue;
		*ret = set->items[i];
		cut(ret, now_ms);
		take_out(set, i);
		return 0;
	}
	return -ENOENT;
}

void maintenance_set_restore(struct maintenance_set *set, const struct maintenance *maintenance,
			     int64_t now_ms)
{
	if (maintenance->id > set->last_id)
		set->last_id = maintenance->id;
	if (set->n < MAINTENANCE_MAX && !maintenance_is_over(maintenance, now_ms))
		set->items[set->n++] = *maintenance;
}

void maintenance_set_expire(struct maintenance_set *set, int64_t now_ms)
{
	for (size_t i = set->n; i-- > 0;) {
		if (maintenance_is_over(&set->items[i], now_ms))
			take_out(set, i);
	}
}
