/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts and outages in a real database, over restarts, kills and an older schema. */
#include <glob.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "collector/io/store/store.h"
#include "collector/io/store/store_alerts.h"
#include "collector/io/store/store_db.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"

#include <cmocka.h>

struct bench {
	char dir[32], path[64], seen[2048];
	struct loop *loop;
	struct store *store;
	struct alert alerts[16];
	struct outage_row outages[16];
	size_t n;
};

static void open_store(struct bench *b)
{
	const struct store_conf conf = {.path = b->path,
					.keep_events_ms = INT64_C(1000000000000),
					.keep_notifications_ms = INT64_C(1000000000000),
					.max_events = 1000,
					.max_notifications = 1000};

	assert_int_equal(store_new(b->loop, &conf, &b->store), 0);
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	strcpy(b->dir, "/tmp/pantau-alerts-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	snprintf(b->path, sizeof(b->path), "%s/pantau.db", b->dir);
	assert_int_equal(loop_new(&b->loop), 0);
	open_store(b);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;
	char pattern[128];
	glob_t found;

	store_free(b->store);
	loop_free(b->loop);
	snprintf(pattern, sizeof(pattern), "%s/*", b->dir);
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
		globfree(&found);
	}
	assert_int_equal(rmdir(b->dir), 0);
	free(b);
	return 0;
}

static void reopen(struct bench *b)
{
	b->store = store_free(b->store);
	open_store(b);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *sqlite;

	assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
	assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
}

static const struct alert FULL = {
	.id = 7,
	.kind = ALERT_THRESHOLD,
	.severity = SEVERITY_CRITICAL,
	.device_id = "opd-1",
	.link = "wan0",
	.begin_ms = 1000,
	.seen_ms = 1005,
	.cause = ALERT_CAUSE_PROVIDER,
	.cause_by_person = true,
	.n_behind = 173,
	.detail = "utilisasi",
	.value = 97.5,
	.limit = 90,
	.planned = true,
	.silenced = true,
	.silenced_ms = 99000,
	.acked_by = "rina",
	.acked_ms = 2000,
	.note = "tiket 4711",
	.begin_event = 41,
};

static void on_alert(void *data, const struct alert *alert)
{
	struct bench *b = data;

	assert_true(b->n < ARRAY_LEN(b->alerts));
	b->alerts[b->n++] = *alert;
}

static void load(struct bench *b, int64_t since_ms)
{
	b->n = 0;
	assert_int_equal(store_load_alerts(b->store, since_ms, on_alert, b), 0);
}

static void test_all_of_it_comes_back(void **state)
{
	struct bench *b = *state;
	struct alert ended = {.id = 8,
			      .kind = ALERT_CHANNEL_FAILED,
			      .begin_ms = 1,
			      .end_ms = 5000,
			      .end_event = 3,
			      .value = NAN,
			      .limit = NAN};
	int64_t last = -1;

	assert_int_equal(store_last_alert_id(b->store, &last), 0);
	assert_int_equal(last, 0);
	assert_int_equal(store_put_alert(b->store, &FULL), 0);
	assert_int_equal(store_put_alert(b->store, &ended), 0);
	reopen(b);
	load(b, 4999);
	assert_int_equal(b->n, 2);
	assert_memory_equal(&b->alerts[0], &FULL, offsetof(struct alert, value));
	assert_true(b->alerts[0].value == 97.5 && b->alerts[0].limit == 90);
	assert_true(b->alerts[0].planned && b->alerts[0].silenced);
	assert_string_equal(b->alerts[0].note, "tiket 4711");
	assert_string_equal(b->alerts[0].acked_by, "rina");
	assert_int_equal(b->alerts[0].silenced_ms, 99000);
	assert_int_equal(b->alerts[0].acked_ms, 2000);
	assert_int_equal(b->alerts[0].begin_event, 41);
	assert_true(isnan(b->alerts[1].value));
	assert_int_equal(b->alerts[1].end_ms, 5000);
	assert_int_equal(b->alerts[1].end_event, 3);
	load(b, 5000);
	assert_int_equal(b->n, 1);
	/* a number is never given out again, though its row is gone */
	b->store = store_free(b->store);
	run_sql(b->path, "DELETE FROM alerts");
	open_store(b);
	assert_int_equal(store_last_alert_id(b->store, &last), 0);
	assert_int_equal(last, 8);
}

static void on_alerts(void *data, int err, const struct alert *alerts, size_t n)
{
	struct bench *b = data;

	assert_int_equal(err, 0);
	b->seen[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const size_t used = strlen(b->seen);

		snprintf(b->seen + used, sizeof(b->seen) - used, "%lld ", (long long)alerts[i].id);
	}
	loop_stop(b->loop);
}

static void test_filters(void **state)
{
	static const struct {
		struct alert_filter filter;
		const char *ids;
	} CASES[] = {
		{{.which = ALERTS_ALL, .kind = -1, .severity = -1, .acked = -1}, "4 3 2 1 "},
		{{.which = ALERTS_OPEN, .kind = -1, .severity = -1, .acked = -1}, "4 2 "},
		{{.which = ALERTS_ENDED, .kind = -1, .severity = -1, .acked = -1}, "3 1 "},
		{{.which = ALERTS_ALL, .kind = -1, .severity = -1, .acked = -1, .before = 3},
		 "2 1 "},
		{{.which = ALERTS_ALL,
		  .device_id = "opd-2",
		  .kind = -1,
		  .severity = -1,
		  .acked = -1},
		 "4 3 "},
		{{.which = ALERTS_ALL, .kind = ALERT_LINK_DOWN, .severity = -1, .acked = -1}, "2 "},
		{{.which = ALERTS_ALL, .kind = -1, .severity = SEVERITY_MAJOR, .acked = -1},
		 "3 1 "},
		{{.which = ALERTS_ALL, .kind = -1, .severity = -1, .acked = 1}, "4 "},
		{{.which = ALERTS_OPEN, .kind = -1, .severity = -1, .acked = 0}, "2 "},
	};
	static const struct alert ALERTS[] = {
		{.id = 1,
		 .device_id = "opd-1",
		 .severity = SEVERITY_MAJOR,
		 .begin_ms = 1,
		 .end_ms = 2},
		{.id = 2, .device_id = "opd-1", .kind = ALERT_LINK_DOWN, .begin_ms = 2},
		{.id = 3,
		 .device_id = "opd-2",
		 .severity = SEVERITY_MAJOR,
		 .begin_ms = 3,
		 .end_ms = 4},
		{.id = 4, .device_id = "opd-2", .begin_ms = 4, .acked_by = "rina"},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(ALERTS); i++)
		assert_int_equal(store_put_alert(b->store, &ALERTS[i]), 0);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct alert_filter filter = CASES[i].filter;
		char ids[32] = "";

		filter.limit = 10;
		assert_int_equal(store_query_alerts(b->store, &filter, on_alerts, b), 0);
		assert_int_equal(loop_run(b->loop), 0);
		assert_string_equal(b->seen, CASES[i].ids);
		/* what is in memory is chosen in the same way */
		for (size_t k = ARRAY_LEN(ALERTS); k-- > 0;) {
			if (alert_filter_fits(&filter, &ALERTS[k]))
				snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%lld ",
					 (long long)ALERTS[k].id);
		}
		assert_string_equal(ids, CASES[i].ids);
	}
}

static void on_outages(void *data, int err, const struct outage_row *outages, size_t n)
{
	struct bench *b = data;

	assert_int_equal(err, 0);
	assert_true(n <= ARRAY_LEN(b->outages));
	memcpy(b->outages, outages, n * sizeof(*outages));
	b->n = n;
	loop_stop(b->loop);
}

static void query_outages(struct bench *b, enum alert_which which, const char *device_id)
{
	struct alert_filter filter = {.which = which, .limit = 10};

	snprintf(filter.device_id, sizeof(filter.device_id), "%s", device_id);
	assert_int_equal(store_query_outages(b->store, &filter, on_outages, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
}

static void on_outage(void *data, const struct alert_outage *outage)
{
	struct bench *b = data;

	snprintf(b->seen + strlen(b->seen), sizeof(b->seen) - strlen(b->seen), "%s@%lld ",
		 outage->device_id, (long long)outage->begin_ms);
}

static void test_outages(void **state)
{
	struct alert_outage outage = {.device_id = "opd-1",
				      .begin_ms = 1000,
				      .alert_id = 3,
				      .cause = ALERT_CAUSE_POWER,
				      .known = EVENT_SOURCE_TRAP};
	const struct alert_outage behind = {.device_id = "hs-1",
					    .begin_ms = 1000,
					    .alert_id = 3,
					    .behind = true,
					    .planned = true};
	struct bench *b = *state;

	assert_int_equal(store_put_outage(b->store, &outage), 0);
	assert_int_equal(store_put_outage(b->store, &behind), 0);
	outage.end_ms = 9000;
	assert_int_equal(store_put_outage(b->store, &outage), 0);
	reopen(b);
	b->seen[0] = '\0';
	assert_int_equal(store_load_outages(b->store, on_outage, b), 0);
	assert_string_equal(b->seen, "hs-1@1000 ");
	query_outages(b, ALERTS_ALL, "");
	assert_int_equal(b->n, 2);
	query_outages(b, ALERTS_OPEN, "opd-1");
	assert_int_equal(b->n, 0);
	query_outages(b, ALERTS_ENDED, "");
	assert_int_equal(b->n, 1);
	assert_int_equal(b->outages[0].outage.end_ms, 9000);
	assert_int_equal(b->outages[0].outage.cause, ALERT_CAUSE_POWER);
	assert_int_equal(b->outages[0].outage.known, EVENT_SOURCE_TRAP);
	assert_false(b->outages[0].outage.behind);
	query_outages(b, ALERTS_OPEN, "hs-1");
	assert_true(b->outages[0].outage.behind && b->outages[0].outage.planned);
}

/* What a person sets right counts for outages that are over, too. */
static void test_cause_is_corrected(void **state)
{
	const struct alert_outage outage = {
		.device_id = "hs-1", .begin_ms = 1000, .end_ms = 2000, .alert_id = 7};
	struct alert alert = FULL;
	struct bench *b = *state;

	assert_int_equal(store_put_outage(b->store, &outage), 0);
	alert.cause_by_person = false;
	assert_int_equal(store_put_alert(b->store, &alert), 0);
	query_outages(b, ALERTS_ENDED, "hs-1");
	assert_int_equal(b->outages[0].outage.cause, ALERT_CAUSE_UNKNOWN);
	assert_int_equal(store_put_alert(b->store, &FULL), 0);
	query_outages(b, ALERTS_ENDED, "hs-1");
	assert_int_equal(b->outages[0].outage.cause, FULL.cause);
}

static void on_maintenance(void *data, const struct maintenance *maintenance)
{
	struct bench *b = data;

	snprintf(b->seen + strlen(b->seen), sizeof(b->seen) - strlen(b->seen),
		 "%lld:%s:%s:%lld-%lld:%d:%s:%s ", (long long)maintenance->id,
		 maintenance_scope_name(maintenance->scope), maintenance->target,
		 (long long)maintenance->begin_ms, (long long)maintenance->end_ms,
		 maintenance->weekly, maintenance->reason, maintenance->by);
}

static void test_maintenance(void **state)
{
	struct maintenance maintenance = {.id = 3,
					  .scope = MAINTENANCE_PROVIDER,
					  .target = "lintas",
					  .begin_ms = 100,
					  .end_ms = 900,
					  .weekly = true,
					  .reason = "ganti FO",
					  .by = "rina"};
	struct bench *b = *state;

	assert_int_equal(store_put_maintenance(b->store, &maintenance), 0);
	maintenance.end_ms = 500;
	maintenance.weekly = false;
	assert_int_equal(store_put_maintenance(b->store, &maintenance), 0);
	maintenance.id = 4;
	maintenance.weekly = true;
	assert_int_equal(store_put_maintenance(b->store, &maintenance), 0);
	reopen(b);
	b->seen[0] = '\0';
	assert_int_equal(store_load_maintenance(b->store, on_maintenance, b), 0);
	assert_string_equal(b->seen, "3:provider:lintas:100-500:0:ganti FO:rina "
				     "4:provider:lintas:100-500:1:ganti FO:rina ");
}

/* Nobody watched from 2000 to 5000, and from 6000 to 7000. */
static void test_blind_times(void **state)
{
	static const struct {
		int64_t begin_ms, end_ms, blind_ms;
		size_t n;
	} CASES[] = {
		{1000, 1500, 0, 0},    {1000, 2500, 500, 1}, {1000, 6500, 3500, 2},
		{3000, 4000, 1000, 1}, {5000, 6000, 0, 0},   {4000, 0, 2000, 2},
	};
	struct bench *b = *state;
	struct store_db *db;
	struct store_alerts *alerts;
	struct alert_filter filter = {.which = ALERTS_ALL, .limit = 1};

	b->store = store_free(b->store);
	run_sql(b->path, "DELETE FROM watched; DELETE FROM blind");
	assert_int_equal(store_db_open(b->path, &db), 0);
	alerts = store_db_alerts(db);
	assert_int_equal(store_alerts_begin_watch(alerts, 500), 0);
	assert_int_equal(store_alerts_watch(alerts, 2000), 0);
	assert_int_equal(store_alerts_begin_watch(alerts, 5000), 0);
	assert_int_equal(store_alerts_watch(alerts, 6000), 0);
	assert_int_equal(store_alerts_begin_watch(alerts, 7000), 0);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct alert_outage outage = {.begin_ms = CASES[i].begin_ms,
					      .end_ms = CASES[i].end_ms};

		snprintf(outage.device_id, sizeof(outage.device_id), "opd-%zu", i);
		snprintf(filter.device_id, sizeof(filter.device_id), "opd-%zu", i);
		assert_int_equal(store_alerts_put_outage(alerts, &outage), 0);
		assert_int_equal(store_alerts_query_outages(alerts, &filter, b->outages), 1);
		assert_int_equal(b->outages[0].blind_ms, CASES[i].blind_ms);
		assert_int_equal(b->outages[0].n_blind, CASES[i].n);
	}
	assert_int_equal(store_alerts_expire(alerts, 4500, 10), 3);
	store_db_close(db);
	open_store(b);
}

static void stop_loop(void *data, int err)
{
	struct bench *b = data;

	assert_int_equal(err, 0);
	loop_stop(b->loop);
}

/* What the store said it had, a killed collector's successor has; and it knows that nobody watched. */
static void test_kill(void **state)
{
	const struct notification_row n = {.device_id = "opd-1", .oid = "1.3", .kind = "other"};
	const struct alert_outage outage = {.device_id = "opd-1", .begin_ms = 1000, .alert_id = 7};
	struct bench *b = *state;
	int status;
	pid_t child;

	b->store = store_free(b->store);
	loop_free(b->loop);
	child = fork();
	if (child == 0) {
		loop_new(&b->loop);
		open_store(b);
		store_put_alert(b->store, &FULL);
		store_put_outage(b->store, &outage);
		store_put_notification(b->store, &n, stop_loop, b);
		loop_run(b->loop);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_int_equal(loop_new(&b->loop), 0);
	open_store(b);
	load(b, INT64_MAX);
	assert_int_equal(b->n, 1);
	assert_string_equal(b->alerts[0].note, "tiket 4711");
	query_outages(b, ALERTS_OPEN, "");
	assert_int_equal(b->n, 1);
	assert_true(b->outages[0].n_blind >= 1);
}

/* A database of before there were alerts. */
static void test_migration_from_6(void **state)
{
	struct bench *b = *state;

	b->store = store_free(b->store);
	run_sql(b->path,
		"DROP TABLE maintenance; DROP TABLE alerts; DROP TABLE device_outages; DROP TABLE "
		"watched; DROP "
		"TABLE blind; ALTER TABLE notifications DROP COLUMN sending; DROP TABLE "
		"users; DROP TABLE tokens; DROP TABLE audit; DROP TABLE trap_clocks; DROP TABLE "
		"instance; PRAGMA "
		"user_version=6");
	open_store(b);
	assert_int_equal(store_put_alert(b->store, &FULL), 0);
	reopen(b);
	load(b, INT64_MAX);
	assert_int_equal(b->n, 1);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_all_of_it_comes_back),
		CASE(test_filters),
		CASE(test_outages),
		CASE(test_cause_is_corrected),
		CASE(test_maintenance),
		CASE(test_blind_times),
		CASE(test_kill),
		CASE(test_migration_from_6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
