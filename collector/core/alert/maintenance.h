/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When work is planned at what: alerts of that are planned then, and nobody is told of them;
 * what is still wrong afterwards is told then. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/person/person.h"

struct inventory_entry;

enum maintenance_scope {
	MAINTENANCE_ALL,
	MAINTENANCE_DEVICE,
	MAINTENANCE_GROUP,
	MAINTENANCE_PROVIDER,
	MAINTENANCE_KELURAHAN,
	MAINTENANCE_SCOPE_N
};
const char *maintenance_scope_name(enum maintenance_scope scope); /* "all", ... as in the API */
bool maintenance_scope_parse(const char *name, enum maintenance_scope *ret);

enum { MAINTENANCE_MAX = 256, MAINTENANCE_TARGET_MAX = 127, MAINTENANCE_REASON_MAX = 255 };

struct maintenance {
	int64_t id; /* ever-rising */
	enum maintenance_scope scope;
	char target[MAINTENANCE_TARGET_MAX + 1]; /* the device's id, the group's name; "" of all */
	int64_t begin_ms, end_ms;		 /* wall; of the first time */
	bool weekly;				 /* again every seven days, until it is ended */
	char reason[MAINTENANCE_REASON_MAX + 1];
	char by[PERSON_NAME_MAX + 1];
};

struct maintenance_set {
	struct maintenance items[MAINTENANCE_MAX]; /* by id; those that may yet be */
	size_t n;
	int64_t last_id;
};

/* Whether it is of this device, whenever. */
bool maintenance_is_of(const struct maintenance *maintenance, const struct inventory_entry *entry);
/* Whether it is now, too. */
bool maintenance_covers(const struct maintenance *maintenance, const struct inventory_entry *entry,
			int64_t now_ms);
/* When it is or will be next; begin_ms and end_ms themselves unless it is weekly. */
void maintenance_next(const struct maintenance *maintenance, int64_t now_ms, int64_t *ret_begin_ms,
		      int64_t *ret_end_ms);
/* Whether it can not be any more. */
bool maintenance_is_over(const struct maintenance *maintenance, int64_t now_ms);

/* The first that covers the device now, or NULL. */
const struct maintenance *maintenance_set_of(const struct maintenance_set *set,
					     const struct inventory_entry *entry, int64_t now_ms);
/*
 * wanted: without id and by, which are given. 0; -EACCES: he may not; -EINVAL: it ends before
 * it begins or is over, or is weekly and longer than a week; -ENOSPC.
 */
int maintenance_set_add(struct maintenance_set *set, const struct person *person,
			const struct maintenance *wanted, int64_t now_ms, struct maintenance *ret);
/* Ends it now. 0; -EACCES; -ENOENT. ret: as it was, ended. */
int maintenance_set_end(struct maintenance_set *set, const struct person *person, int64_t id,
			int64_t now_ms, struct maintenance *ret);
/* At the start; what is over is left out. */
void maintenance_set_restore(struct maintenance_set *set, const struct maintenance *maintenance,
			     int64_t now_ms);
/* Takes out what is over. */
void maintenance_set_expire(struct maintenance_set *set, int64_t now_ms);
