/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store's database itself: schema, statements, integrity. Synchronous, for one thread
 * at a time; store.c makes it asynchronous. Errors are negative errno: -ENOSPC disk full,
 * -EIO the disk fails, -EBUSY somebody else holds it, -EINVAL this row is impossible.
 */
#pragma once

#include "collector/io/store/store.h"

struct store_alerts;
struct store_db;
struct store_deliveries;
struct store_people;

int store_db_open(const char *path, struct store_db **ret);
/* For a start on a full disk, after store_db_open() gave -ENOSPC: what is stored can be read. */
int store_db_open_full(const char *path, struct store_db **ret);
/* There is no file yet: nothing that is put is kept. */
bool store_db_is_memory(const struct store_db *db);
struct store_db *store_db_close(struct store_db *db);

int store_db_begin(struct store_db *db);
int store_db_commit(struct store_db *db);
void store_db_rollback(struct store_db *db);

/* ret_repeat: its key was there already, nothing was stored. */
int store_db_put_notification(struct store_db *db, const struct notification_row *n,
			      bool *ret_repeat);
int store_db_put_event(struct store_db *db, const struct event *event);
int store_db_put_state(struct store_db *db, const char *id, enum device_status status,
		       enum device_cause cause, int64_t since_ms);
int store_db_put_engine(struct store_db *db, const char *id, const struct store_engine *engine);
int store_db_put_trap_clock(struct store_db *db, const struct store_engine *engine);
int store_db_forget_device(struct store_db *db, const char *id, int64_t now_ms);
/* Newest first into ret (room for limit). Returns how many, or negative errno. */
int store_db_events(struct store_db *db, const struct store_event_query *query, struct event *ret);
/* Newest first, until fn wants no more. 0 or negative errno. */
int store_db_notifications(struct store_db *db, const struct notification_query *query,
			   store_row_fn *fn, void *data);
/* Deletes at most limit rows of each table that are too old or too many. Returns how many, or negative errno. */
int store_db_expire(struct store_db *db, const struct store_conf *conf, int64_t now_ms, int limit);

struct store_alerts *store_db_alerts(struct store_db *db);
struct store_deliveries *store_db_deliveries(struct store_db *db);
struct store_people *store_db_people(struct store_db *db);

/* 16 hexadecimal digits and a NUL. */
int store_db_instance(struct store_db *db, char ret[static STORE_INSTANCE_SIZE]);
int store_db_last_event_id(struct store_db *db, int64_t *ret);
/* When the wall clock was right last (core/judge/keep_clock.h); 0: never yet. */
int store_db_clock(struct store_db *db, int64_t *ret_right_ms);
int store_db_put_clock(struct store_db *db, int64_t right_ms);
int store_db_states(struct store_db *db, store_state_fn *fn, void *data);
int store_db_engines(struct store_db *db, store_engine_fn *fn, void *data);
int store_db_trap_clocks(struct store_db *db, store_engine_fn *fn, void *data);
int store_db_problems(struct store_db *db, int64_t since_ms, store_problem_fn *fn, void *data);
int store_db_senders(struct store_db *db, store_sender_fn *fn, void *data);
int store_db_keys(struct store_db *db, size_t limit, store_key_fn *fn, void *data);
