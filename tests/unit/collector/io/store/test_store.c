/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store on real files in a directory of its own: what was put is there after closing
 * and opening, repetitions are not, damage is set aside, queries and retention.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <sqlite3.h>

#include "collector/core/device/inventory.h"
#include "collector/core/judge/event_text.h"
#include "collector/io/store/store.h"
#include "collector/io/store/store_db.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

#include <cmocka.h>

struct bench {
	char dir[64], path[96];
	struct loop *loop;
	struct store *store;
	int done, err;
	char seen[1024]; /* what was called back */
	int64_t events_n;
	char last_text[64];
	int rows_wanted; /* 0: all */
};

static char logged[1024]; /* all lines of a test, one behind the other */

static void on_log(void *data, enum log_level level, const char *line)
{
	const size_t used = strlen(logged);

	(void)data;
	(void)level;
	snprintf(logged + used, sizeof(logged) - used, "%s\n", line);
}

static void open_store(struct bench *b)
{
	const struct store_conf conf = {.path = b->path,
					/* nothing of 1970 is old */
					.keep_events_ms = 4000000000000,
					.keep_notifications_ms = 4000000000000,
					.max_events = 1000,
					.max_notifications = 1000};

	assert_int_equal(store_new(b->loop, &conf, &b->store), 0);
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	logged[0] = '\0';
	log_set_sink(on_log, NULL);
	strcpy(b->dir, "/tmp/pantau-store-XXXXXX");
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

static void on_done(void *data, int err)
{
	struct bench *b = data;

	b->done++;
	b->err = err;
	loop_stop(b->loop);
}

static struct notification_row notification(uint64_t key)
{
	return (struct notification_row){.received_ms = 1000,
					 .event_ms = 900,
					 .device_id = "opd-1",
					 .source = "192.0.2.1",
					 .version = "v3",
					 .security_name = "pantau",
					 .inform = true,
					 .oid = "1.3.6.1.6.3.1.1.5.3",
					 .kind = "link-down",
					 .site_id = "opd-1",
					 .epoch_id = 7,
					 .number = 41,
					 .key = {key, true},
					 .text = "1.3 = 'x'\n"};
}

static void put_row(struct bench *b, const struct notification_row *n)
{
	assert_int_equal(store_put_notification(b->store, n, on_done, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
	assert_int_equal(b->err, 0);
}

static void put_notification(struct bench *b, uint64_t key)
{
	const struct notification_row n = notification(key);

	put_row(b, &n);
}

static void put_event(struct bench *b, int64_t id, enum event_kind kind, const char *device,
		      int64_t time_ms, int64_t begins)
{
	struct event event = {.id = id,
			      .kind = kind,
			      .time_ms = time_ms,
			      .seen_ms = time_ms + 1,
			      .source = EVENT_SOURCE_TRAP,
			      .begins = begins,
			      .params = {.cause = DEVICE_CAUSE_NO_ANSWER,
					 .behind = 3,
					 .detail = "teks \xc3\xa9"}};

	snprintf(event.device_id, sizeof(event.device_id), "%s", device);
	assert_int_equal(store_put_event(b->store, &event), 0);
}

static void on_key(void *data, const struct trap_key *key, int64_t received_ms)
{
	struct bench *b = data;
	size_t used = strlen(b->seen);

	if (key->lasting)
		snprintf(b->seen + used, sizeof(b->seen) - used, "%llx ",
			 (unsigned long long)key->hash);
	else
		snprintf(b->seen + used, sizeof(b->seen) - used, "%llx@%lld ",
			 (unsigned long long)key->hash, (long long)received_ms);
}

static void test_notifications_once(void **state)
{
	struct bench *b = *state;
	struct store_stats stats;

	put_notification(b, 1);
	put_notification(b, UINT64_MAX);
	put_notification(b, 1);
	put_notification(b, 0);
	put_notification(b, 0); /* no key: each counts */
	store_get_stats(b->store, &stats);
	assert_int_equal(stats.notifications, 4);
	assert_int_equal(stats.repeats, 1);
	reopen(b);
	assert_int_equal(store_load_keys(b->store, 10, on_key, b), 0);
	assert_string_equal(b->seen, "1 ffffffffffffffff ");
	put_notification(b, 1); /* also over a restart */
	store_get_stats(b->store, &stats);
	assert_int_equal(stats.repeats, 1);
}

/* What a device sends an hour later may look the same, and is another. */
static void test_keys_of_minutes(void **state)
{
	struct bench *b = *state;
	struct notification_row n = notification(0);
	struct store_stats stats;

	n.key = (struct trap_key){5, false};
	put_row(b, &n);
	n.received_ms += 3600000;
	put_row(b, &n);
	put_notification(b, 5);
	store_get_stats(b->store, &stats);
	assert_int_equal(stats.notifications, 3);
	reopen(b);
	assert_int_equal(store_load_keys(b->store, 10, on_key, b), 0);
	assert_string_equal(b->seen, "5@1000 5@3601000 5 ");
}

static void on_problem(void *data, const char *id, const struct problem *problem)
{
	struct bench *b = data;
	size_t used = strlen(b->seen);

	snprintf(b->seen + used, sizeof(b->seen) - used, "%s:%s:%lld:%lld-%lld ", id,
		 event_kind_name(problem->kind), (long long)problem->event_id,
		 (long long)problem->begin_ms, (long long)problem->end_ms);
}

static void test_outages_follow_events(void **state)
{
	struct bench *b = *state;
	int64_t last = -1;

	assert_int_equal(store_last_event_id(b->store, &last), 0);
	assert_int_equal(last, 0);
	put_event(b, 1, EVENT_COLLECTOR_START, "", 1000, 0);
	put_event(b, 2, EVENT_DEVICE_DOWN, "opd-1", 2000, 0);
	put_event(b, 3, EVENT_LINK_DOWN, "opd-2", 3000, 0);
	put_event(b, 4, EVENT_DEVICE_UP, "opd-1", 4000, 2);
	put_event(b, 5, EVENT_AUTH_FAILED, "opd-3", 5000, 0);
	put_event(b, 5, EVENT_AUTH_FAILED, "opd-3", 5000,
		  0); /* retried after a commit of unknown fate */
	reopen(b);
	assert_int_equal(store_last_event_id(b->store, &last), 0);
	assert_int_equal(last, 5);
	assert_int_equal(store_load_problems(b->store, 3999, on_problem, b), 0);
	assert_string_equal(b->seen, "opd-1:device-down:2:2000-4000 opd-2:link-down:3:3000-0 "
				     "opd-3:auth-failed:5:5000-0 ");
	b->seen[0] = '\0';
	assert_int_equal(store_forget_device(b->store, "opd-3", 9000), 0);
	reopen(b);
	assert_int_equal(store_load_problems(b->store, 4000, on_problem, b), 0);
	assert_string_equal(b->seen, "opd-2:link-down:3:3000-0 opd-3:auth-failed:5:5000-9000 ");
}

static void on_state(void *data, const char *id, enum device_status status, enum device_cause cause,
		     int64_t since_ms)
{
	struct bench *b = data;
	size_t used = strlen(b->seen);

	snprintf(b->seen + used, sizeof(b->seen) - used, "%s:%s:%s:%lld ", id,
		 device_status_name(status), device_cause_name(cause), (long long)since_ms);
}

static void test_states(void **state)
{
	struct bench *b = *state;
	char id[] = "opd-1";
	const struct inventory_entry entry = {.id = id};
	struct device device = {.entry = &entry,
				.status = DEVICE_DOWN,
				.cause = DEVICE_CAUSE_LINK_DOWN,
				.since_ms = 5};

	assert_int_equal(store_put_state(b->store, &device), 0);
	device.status = DEVICE_UP;
	device.cause = DEVICE_CAUSE_NONE;
	device.since_ms = 6;
	assert_int_equal(store_put_state(b->store, &device), 0);
	reopen(b);
	assert_int_equal(store_load_states(b->store, on_state, b), 0);
	assert_string_equal(b->seen, "opd-1:up::6 ");
}

static void on_engine(void *data, const char *id, const struct store_engine *engine)
{
	struct bench *b = data;
	size_t used = strlen(b->seen);

	assert_int_equal(engine->id_len, 5);
	assert_memory_equal(engine->id, "\x80\0\0\x01x", 5);
	snprintf(b->seen + used, sizeof(b->seen) - used, "%s:%u:%u:%lld ", id, engine->boots,
		 engine->time_s, (long long)engine->at_ms);
}

static void test_engines(void **state)
{
	struct bench *b = *state;
	struct store_engine engine = {
		.id = "\x80\0\0\x01x", .id_len = 5, .boots = 3, .time_s = 100, .at_ms = 7};

	assert_int_equal(store_put_engine(b->store, "opd-1", &engine), 0);
	engine.boots = 4;
	assert_int_equal(store_put_engine(b->store, "opd-1", &engine), 0);
	assert_int_equal(store_put_engine(b->store, "opd-2", &engine), 0);
	assert_int_equal(store_forget_device(b->store, "opd-2", 9), 0);
	reopen(b);
	assert_int_equal(store_load_engines(b->store, on_engine, b), 0);
	assert_string_equal(b->seen, "opd-1:4:100:7 ");
}

/* Databases as earlier versions made them, word for word, with something in them. */
static const char OLD_1[] =
	"CREATE TABLE events (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, device TEXT NOT NULL, "
	"link TEXT NOT NULL, time_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, source TEXT NOT "
	"NULL, "
	"begins INTEGER NOT NULL, text TEXT NOT NULL);"
	"CREATE INDEX events_device ON events (device, id);"
	"CREATE INDEX events_time ON events (time_ms);"
	"CREATE TABLE outages (begin_id INTEGER PRIMARY KEY, kind TEXT NOT NULL, device TEXT NOT "
	"NULL, "
	"link TEXT NOT NULL, begin_ms INTEGER NOT NULL, end_id INTEGER, end_ms INTEGER);"
	"CREATE INDEX outages_device ON outages (device, begin_ms);"
	"CREATE INDEX outages_end ON outages (end_ms);"
	"CREATE TABLE notifications (id INTEGER PRIMARY KEY AUTOINCREMENT, received_ms INTEGER NOT "
	"NULL, "
	"event_ms INTEGER NOT NULL, device TEXT NOT NULL, source TEXT NOT NULL, version TEXT NOT "
	"NULL, "
	"inform INTEGER NOT NULL, oid TEXT NOT NULL, kind TEXT NOT NULL, site TEXT NOT NULL, "
	"epoch INTEGER NOT NULL, number INTEGER NOT NULL, key INTEGER UNIQUE, text TEXT NOT NULL);"
	"CREATE INDEX notifications_received ON notifications (received_ms);"
	"CREATE INDEX notifications_device ON notifications (device, id);"
	"CREATE TABLE states (device TEXT PRIMARY KEY, status TEXT NOT NULL, cause TEXT NOT NULL, "
	"since_ms INTEGER NOT NULL) WITHOUT ROWID;"
	"INSERT INTO events VALUES (7, 'device-down', 'opd-1', '', 2000, 2001, 'poll', 0, "
	"'silent');"
	"INSERT INTO notifications (received_ms, event_ms, device, source, version, inform, oid, "
	"kind, site, epoch, "
	"number, key, text) VALUES (1000, 900, '', '192.0.2.9', 'v2c', 1, '1.3.6.1.6.3.1.1.5.3', "
	"'link-down', '', 0, "
	"0, 77, '1.3 = 1' || char(10));"
	"PRAGMA application_id=1346454081; PRAGMA user_version=1;";
static const char OLD_2[] = "CREATE TABLE engines (device TEXT PRIMARY KEY, engine BLOB NOT NULL, "
			    "boots INTEGER NOT NULL, "
			    "time_s INTEGER NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;"
			    "INSERT INTO engines VALUES ('opd-1', x'8000000178', 3, 100, 7);"
			    "PRAGMA user_version=2;";

/* Each kind with the English of that version. A name of 60 octets was cut within a character. */
#define LONG_NAME "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berenca"
static const char OLD_3[] =
	"ALTER TABLE notifications ADD COLUMN security TEXT NOT NULL DEFAULT '';"
	"CREATE INDEX notifications_source ON notifications (source, id);"
	"DELETE FROM events;"
	"INSERT INTO events VALUES "
	"(1, 'collector-start', '', '', 1000, 1001, 'internal', 0, 'the collector started'),"
	"(2, 'device-down', 'opd-1', '', 2000, 2001, 'poll', 0, "
	"'" LONG_NAME
	"' || x'c3' || ': it does not answer; 12 devices behind it are out of reach'),"
	"(3, 'device-up', 'opd-1', '', 62000, 62001, 'poll', 2, "
	"'Dinas; Kota: 2 answers again after 1 min 0 s'),"
	"(4, 'device-down', 'opd-2', '', 3000, 3001, 'poll', 0, 'A: B: its line is down'),"
	"(5, 'device-down', 'opd-3', '', 3000, 3001, 'poll', 0, "
	"'C: its host answers, but no SNMP agent listens'),"
	"(6, 'device-down', 'opd-4', '', 3000, 3001, 'poll', 0, 'D: no route to it'),"
	"(7, 'auth-failed', 'opd-5', '', 4000, 4001, 'poll', 0, 'E: it does not know our SNMPv3 "
	"user'),"
	"(8, 'auth-ok', 'opd-5', '', 3604000, 4001, 'poll', 7, 'E accepts our credential again'),"
	"(9, 'auth-failed', 'opd-6', '', 4000, 4001, 'poll', 0, "
	"'F: it has another SNMPv3 key than we'),"
	"(10, 'auth-failed', 'opd-7', '', 4000, 4001, 'poll', 0, "
	"'G: it has another SNMPv3 privacy key than we'),"
	"(11, 'auth-failed', 'opd-8', '', 4000, 4001, 'poll', 0, "
	"'H: its access control shows our credential nothing'),"
	"(12, 'auth-failed', 'opd-9', '', 4000, 4001, 'poll', 0, "
	"'I: it refuses our SNMPv3 security level or time'),"
	"(13, 'link-down', 'opd-1', 'wan0', 5000, 5001, 'trap', 0, 'J: link wan0 is down'),"
	"(14, 'link-up', 'opd-1', 'wan0', 12000, 5001, 'trap', 13, "
	"'J: link wan0 is up again after 0 min 7 s'),"
	"(15, 'link-flapping', 'opd-1', 'wan0', 6000, 6001, 'trap', 0, 'J: ke \"FO\" Telkom'),"
	"(16, 'link-settled', 'opd-1', 'wan0', 6000, 6001, 'trap', 15, 'J: settled up'),"
	"(17, 'path-down', 'opd-1', 'noc 192.0.2.1', 7000, 7001, 'trap', 0, 'J: noc 192.0.2.1 "
	"down'),"
	"(18, 'path-up', 'opd-1', 'noc 192.0.2.1', 8000, 8001, 'trap', 4711, 'J: noc 192.0.2.1 "
	"up'),"
	"(19, 'notifications-lost', 'opd-1', '', 9000, 9001, 'trap', 0, "
	"'J: 5 events never reached 192.0.2.10:162'),"
	"(20, 'device-restarted', 'opd-1', '', 9000, 9001, 'poll', 0, 'J restarted'),"
	"(21, 'device-down', 'opd-1', '', 9000, 9001, 'poll', 0, 'written by hand'),"
	"(22, 'collector-stop', '', '', 9000, 9001, 'internal', 0, 'the collector stopped');"
	"PRAGMA user_version=3;";

static void make_old(struct bench *b, int version)
{
	static const char *const OLD[] = {OLD_1, OLD_2, OLD_3};
	sqlite3 *sqlite;

	b->store = store_free(b->store);
	assert_int_equal(unlink(b->path), 0);
	assert_int_equal(sqlite3_open(b->path, &sqlite), SQLITE_OK);
	for (int i = 0; i < version; i++)
		assert_int_equal(sqlite3_exec(sqlite, OLD[i], NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
	open_store(b);
}

static bool on_row(void *data, const struct notification_row *row)
{
	struct bench *b = data;
	size_t used = strlen(b->seen);

	snprintf(b->seen + used, sizeof(b->seen) - used, "%lld:%s:%s:%s ", (long long)row->id,
		 row->device_id, row->source, row->security_name);
	b->last_text[0] = '\0';
	strncat(b->last_text, row->text, sizeof(b->last_text) - 1);
	return --b->rows_wanted != 0;
}

static void query_rows(struct bench *b, const struct notification_query *query)
{
	b->seen[0] = '\0';
	assert_int_equal(store_query_notifications(b->store, query, on_row, on_done, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
	assert_int_equal(b->err, 0);
}

static void check_old(struct bench *b)
{
	const struct notification_query of_source = {
		.which = NOTIFICATIONS_OF_SOURCE, .source = "192.0.2.9", .limit = 10};
	int64_t last = 0;

	assert_int_equal(store_last_event_id(b->store, &last), 0);
	assert_int_equal(last, 7);
	query_rows(b, &of_source);
	assert_string_equal(b->seen, "1::192.0.2.9: ");
	assert_string_equal(b->last_text, "1.3 = 1\n");
	put_notification(b, 77); /* still known as a repetition */
	put_notification(b, 78);
	query_rows(b, &(struct notification_query){.limit = 10});
	assert_string_equal(b->seen, "3:opd-1:192.0.2.1:pantau 1::192.0.2.9: ");
}

static void test_migration_from_1(void **state)
{
	struct bench *b = *state;
	struct store_engine engine = {
		.id = "\x80\0\0\x01x", .id_len = 5, .boots = 3, .time_s = 100, .at_ms = 7};

	make_old(b, 1);
	check_old(b);
	assert_int_equal(store_put_engine(b->store, "opd-1", &engine), 0);
	reopen(b);
	b->seen[0] = '\0';
	assert_int_equal(store_load_engines(b->store, on_engine, b), 0);
	assert_string_equal(b->seen, "opd-1:3:100:7 ");
}

/* A clock never goes back, whatever order its messages are stored in. */
static void test_trap_clocks(void **state)
{
	static const struct store_engine PUT[] = {
		{.id = "\x80\0\0\x01x", .id_len = 5, .boots = 2, .time_s = 500, .at_ms = 6},
		{.id = "\x80\0\0\x01x", .id_len = 5, .boots = 3, .time_s = 100, .at_ms = 7},
		{.id = "\x80\0\0\x01x", .id_len = 5, .boots = 3, .time_s = 99, .at_ms = 8},
		{.id = "\x80\0\0\x01x", .id_len = 5, .boots = 2, .time_s = 501, .at_ms = 9},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(PUT); i++)
		assert_int_equal(store_put_trap_clock(b->store, &PUT[i]), 0);
	reopen(b);
	b->seen[0] = '\0';
	assert_int_equal(store_load_trap_clocks(b->store, on_engine, b), 0);
	assert_string_equal(b->seen, ":3:100:7 ");
}

static void test_migration_from_2(void **state)
{
	struct bench *b = *state;

	make_old(b, 2);
	check_old(b);
	b->seen[0] = '\0';
	assert_int_equal(store_load_engines(b->store, on_engine, b), 0);
	assert_string_equal(b->seen, "opd-1:3:100:7 ");
}

static void put_from(struct bench *b, const char *device, const char *source, int64_t received_ms)
{
	struct notification_row n = notification(0);

	n.device_id = device;
	n.source = source;
	n.received_ms = received_ms;
	assert_int_equal(store_put_notification(b->store, &n, NULL, NULL), 0);
}

static void test_notification_queries(void **state)
{
	struct notification_query query = {.limit = 3};
	struct bench *b = *state;
	struct store_stats stats;

	put_from(b, "opd-1", "192.0.2.1", 1);
	put_from(b, "", "192.0.2.9", 2);
	put_from(b, "opd-2", "192.0.2.2", 3);
	put_from(b, "", "2001:db8::9", 4);
	put_from(b, "opd-1", "192.0.2.9", 5); /* by its site id */
	query_rows(b, &query);
	assert_string_equal(
		b->seen,
		"5:opd-1:192.0.2.9:pantau 4::2001:db8::9:pantau 3:opd-2:192.0.2.2:pantau ");
	assert_string_equal(b->last_text, "1.3 = 'x'\n");
	query.before_id = 3;
	query_rows(b, &query);
	assert_string_equal(b->seen, "2::192.0.2.9:pantau 1:opd-1:192.0.2.1:pantau ");
	query = (struct notification_query){
		.which = NOTIFICATIONS_OF_DEVICE, .device_id = "opd-1", .limit = 9};
	query_rows(b, &query);
	assert_string_equal(b->seen, "5:opd-1:192.0.2.9:pantau 1:opd-1:192.0.2.1:pantau ");
	query.device_id[0] = '\0'; /* nobody's */
	query_rows(b, &query);
	assert_string_equal(b->seen, "4::2001:db8::9:pantau 2::192.0.2.9:pantau ");
	query = (struct notification_query){
		.which = NOTIFICATIONS_OF_SOURCE, .source = "192.0.2.9", .limit = 9};
	query_rows(b, &query);
	assert_string_equal(b->seen, "5:opd-1:192.0.2.9:pantau 2::192.0.2.9:pantau ");
	strcpy(query.source, "' OR '1'='1");
	query_rows(b, &query);
	assert_string_equal(b->seen, "");
	b->rows_wanted = 2; /* enough, whatever the limit */
	query_rows(b, &(struct notification_query){.limit = 9});
	assert_string_equal(b->seen, "5:opd-1:192.0.2.9:pantau 4::2001:db8::9:pantau ");
	store_get_stats(b->store, &stats);
	assert_int_equal(stats.queries, 7);
}

static void on_sender(void *data, const char *source, uint64_t n, int64_t first_ms, int64_t last_ms)
{
	struct bench *b = data;
	size_t used = strlen(b->seen);

	b->done++;
	if (used < sizeof(b->seen) - 80)
		snprintf(b->seen + used, sizeof(b->seen) - used, "%s:%llu:%lld-%lld ", source,
			 (unsigned long long)n, (long long)first_ms, (long long)last_ms);
}

static struct delivery delivery(int64_t id, const char *channel, enum delivery_state state)
{
	struct delivery d = {
		.id = id,
		.what = NOTIFY_BEGIN,
		.state = state,
		.tries = 1,
		.created_ms = 1000 * id,
		.tried_ms = 1000 * id + 1,
		.thread = id - 1,
		.remote = "77",
		.answer = "HTTP 200",
		.n_alerts = 2,
		.alerts = {id * 10, 5},
	};

	snprintf(d.channel, sizeof(d.channel), "%s", channel);
	return d;
}

static void put_delivery(struct bench *b, const struct delivery *d)
{
	assert_int_equal(store_put_delivery(b->store, d, on_done, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
	assert_int_equal(b->err, 0);
}

static bool on_delivery(void *data, const struct delivery *d)
{
	struct bench *b = data;
	const size_t used = strlen(b->seen);

	snprintf(b->seen + used, sizeof(b->seen) - used, "%lld:%s:%s:%u:%zu:%lld:%s ",
		 (long long)d->id, d->channel, delivery_state_name(d->state), d->tries, d->n_alerts,
		 (long long)(d->n_alerts > 0 ? d->alerts[0] : 0), d->answer);
	return true;
}

static void query_deliveries(struct bench *b, const struct delivery_query *query)
{
	b->seen[0] = '\0';
	assert_int_equal(store_query_deliveries(b->store, query, on_delivery, on_done, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
	assert_int_equal(b->err, 0);
}

/* A row is as it was put last, also after a restart. */
static void test_deliveries(void **state)
{
	struct bench *b = *state;
	struct delivery d[] = {delivery(1, "noc", DELIVERY_CONFIRMED),
			       delivery(2, "mail", DELIVERY_IN_FLIGHT),
			       delivery(3, "noc", DELIVERY_WAITING)};
	int64_t last = 0;

	for (size_t i = 0; i < ARRAY_LEN(d); i++)
		put_delivery(b, &d[i]);
	d[2].state = DELIVERY_FAILED;
	d[2].n_alerts = 1; /* one of the list was over before */
	d[2].tries = 4;
	assert_int_equal(store_put_delivery(b->store, &d[2], NULL, NULL), 0);
	reopen(b);
	assert_int_equal(store_last_delivery_id(b->store, &last), 0);
	assert_int_equal(last, 3);
	query_deliveries(b, &(struct delivery_query){.limit = 10});
	assert_string_equal(b->seen,
			    "3:noc:failed:4:1:30:HTTP 200 2:mail:in-flight:1:2:20:HTTP 200 "
			    "1:noc:confirmed:1:2:10:HTTP 200 ");
	query_deliveries(b, &(struct delivery_query){.limit = 1, .before_id = 3});
	assert_string_equal(b->seen, "2:mail:in-flight:1:2:20:HTTP 200 ");
	query_deliveries(b, &(struct delivery_query){.limit = 9, .channel = "noc"});
	assert_string_equal(b->seen,
			    "3:noc:failed:4:1:30:HTTP 200 1:noc:confirmed:1:2:10:HTTP 200 ");
	query_deliveries(b, &(struct delivery_query){.limit = 9, .alert_id = 20});
	assert_string_equal(b->seen, "2:mail:in-flight:1:2:20:HTTP 200 ");
	/* What a start needs: what is under way, and all of alerts from 30 on. */
	b->seen[0] = '\0';
	assert_int_equal(store_load_deliveries(b->store, 30, on_delivery, b), 0);
	assert_string_equal(b->seen,
			    "2:mail:in-flight:1:2:20:HTTP 200 3:noc:failed:4:1:30:HTTP 200 ");
}

static void change_people(struct bench *b, const struct store_person_change *change, int want)
{
	assert_int_equal(store_put_person_change(b->store, change, on_done, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
	assert_int_equal(b->err, want);
}

static struct store_person_change person_change(int kind, const char *name, const char *what)
{
	struct store_person_change change = {
		.user = {.person = {.role = PERSON_OPERATOR}, .created_ms = 5},
		.token = {.id = 1, .purpose = "zabbix", .hash = {1, 2, 3}, .created_ms = 6},
		.audit = {.at_ms = 7, .who = "root", .how = "socket"},
	};

	change.kind = kind;
	snprintf(change.user.person.name, sizeof(change.user.person.name), "%s", name);
	snprintf(change.token.user, sizeof(change.token.user), "%s", name);
	snprintf(change.audit.what, sizeof(change.audit.what), "%s", what);
	snprintf(change.audit.target, sizeof(change.audit.target), "%s", name);
	return change;
}

static bool on_audit(void *data, const struct audit_row *row)
{
	struct bench *b = data;
	const size_t used = strlen(b->seen);

	snprintf(b->seen + used, sizeof(b->seen) - used, "%lld:%s:%s:%s:%s ", (long long)row->id,
		 row->who, row->how, row->what, row->target);
	return true;
}

static void query_audit(struct bench *b, int64_t before_id, unsigned int limit)
{
	const struct audit_query query = {.before_id = before_id, .limit = limit};

	b->seen[0] = '\0';
	assert_int_equal(store_query_audit(b->store, &query, on_audit, on_done, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
}

/* A change and its row in the log: both or neither; the log is only added to. */
static void test_people(void **state)
{
	cleanup_free struct people *people = calloc(1, sizeof(*people));
	struct store_person_change change = person_change(STORE_USER_PUT, "siti", "user-add");
	struct bench *b = *state;
	sqlite3 *sqlite;

	change_people(b, &change, 0);
	change = person_change(STORE_TOKEN_PUT, "siti", "token-add");
	change_people(b, &change, 0);
	change_people(b, &change, -EINVAL); /* that id is there: nor is it in the log */
	change = person_change(STORE_AUDIT_ONLY, "opd-1", "ack");
	change_people(b, &change, 0);
	query_audit(b, 0, 10);
	assert_string_equal(b->seen, "3:root:socket:ack:opd-1 2:root:socket:token-add:siti "
				     "1:root:socket:user-add:siti ");
	query_audit(b, 2, 1);
	assert_string_equal(b->seen, "1:root:socket:user-add:siti ");
	reopen(b);
	assert_int_equal(store_load_people(b->store, people), 0);
	assert_int_equal(people->n_users, 1);
	assert_int_equal(people->users[0].person.role, PERSON_OPERATOR);
	assert_int_equal(people->n_tokens, 1);
	assert_int_equal(people->tokens[0].hash[2], 3);
	assert_string_equal(people->tokens[0].purpose, "zabbix");
	change = person_change(STORE_USER_REMOVE, "siti", "user-remove");
	change_people(b, &change, 0);
	*people = (struct people){0};
	assert_int_equal(store_load_people(b->store, people), 0);
	assert_int_equal(people->n_users + people->n_tokens, 0);
	assert_int_equal(people->last_token, 1); /* not given again */
	b->store = store_free(b->store);
	assert_int_equal(sqlite3_open(b->path, &sqlite), SQLITE_OK);
	assert_int_equal(sqlite3_exec(sqlite, "DELETE FROM audit", NULL, NULL, NULL),
			 SQLITE_CONSTRAINT);
	assert_int_equal(sqlite3_exec(sqlite, "UPDATE audit SET who = 'x'", NULL, NULL, NULL),
			 SQLITE_CONSTRAINT);
	sqlite3_close(sqlite);
	open_store(b);
}

/* Message-IDs are made of it: the same after a restart, another one of another database. */
static void test_instance(void **state)
{
	char first[STORE_INSTANCE_SIZE], again[STORE_INSTANCE_SIZE];
	struct bench *b = *state;

	assert_int_equal(store_instance(b->store, first), 0);
	assert_int_equal(strspn(first, "0123456789abcdef"), 16);
	reopen(b);
	assert_int_equal(store_instance(b->store, again), 0);
	assert_string_equal(first, again);
	b->store = store_free(b->store);
	assert_int_equal(unlink(b->path), 0);
	open_store(b);
	assert_int_equal(store_instance(b->store, again), 0);
	assert_string_not_equal(first, again);
}

static void test_senders(void **state)
{
	struct bench *b = *state;
	char source[32];

	put_from(b, "", "192.0.2.9", 2);
	put_from(b, "", "2001:db8::9", 4);
	put_from(b, "opd-1", "192.0.2.1", 5); /* a device's */
	put_from(b, "", "192.0.2.9", 6);
	reopen(b);
	b->done = 0;
	assert_int_equal(store_load_senders(b->store, on_sender, b), 0);
	assert_string_equal(b->seen,
			    "2001:db8::9:1:4-4 192.0.2.9:2:2-6 "); /* the last comes last */
	for (int i = 0; i < STORE_SENDERS_MAX + 10; i++) {
		snprintf(source, sizeof(source), "198.51.%d.%d", i / 256, i % 256);
		put_from(b, "", source, 100 + i);
	}
	reopen(b);
	b->done = 0;
	b->seen[0] = '\0';
	assert_int_equal(store_load_senders(b->store, on_sender, b), 0);
	assert_int_equal(b->done, STORE_SENDERS_MAX);
	assert_memory_equal(b->seen, "198.51.0.10:1:110-110 198.51.0.11:", 34);
}

static void on_events(void *data, int err, const struct event *events, size_t n)
{
	struct bench *b = data;

	b->err = err;
	b->seen[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(b->seen);

		snprintf(b->seen + used, sizeof(b->seen) - used, "%lld ", (long long)events[i].id);
		assert_string_equal(events[i].params.detail, "teks \xc3\xa9");
		assert_int_equal(events[i].params.cause, DEVICE_CAUSE_NO_ANSWER);
		assert_int_equal(events[i].params.behind, 3);
		assert_int_equal(events[i].source, EVENT_SOURCE_TRAP);
		assert_int_equal(events[i].seen_ms, events[i].time_ms + 1);
	}
	loop_stop(b->loop);
}

static void query(struct bench *b, const char *device, int64_t before, unsigned int limit)
{
	struct store_event_query q = {.before_id = before, .limit = limit};

	snprintf(q.device_id, sizeof(q.device_id), "%s", device);
	assert_int_equal(store_query_events(b->store, &q, on_events, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
	assert_int_equal(b->err, 0);
}

static void test_queries(void **state)
{
	struct bench *b = *state;

	for (int64_t id = 1; id <= 9; id++)
		put_event(b, id, EVENT_DEVICE_DOWN, id % 2 ? "odd" : "even", id * 1000, 0);
	/* asked after they were put, answered with them */
	query(b, "", 0, 3);
	assert_string_equal(b->seen, "9 8 7 ");
	query(b, "", 7, 3);
	assert_string_equal(b->seen, "6 5 4 ");
	query(b, "even", 0, 100);
	assert_string_equal(b->seen, "8 6 4 2 ");
	query(b, "even", 4, 100);
	assert_string_equal(b->seen, "2 ");
	query(b, "x' OR '1'='1", 0, 100);
	assert_string_equal(b->seen, "");
}

static void on_old_events(void *data, int err, const struct event *events, size_t n)
{
	static const struct {
		int64_t id;
		const char *en, *id_text;
	} CASES[] = {
		{22, "collector stopped", "kolektor dihentikan"},
		{21, "down · written by hand", "mati · written by hand"},
		{20, "restarted", "dinyalakan ulang"},
		{19, "notifications were lost · 5 lost", "ada notifikasi yang hilang · 5 hilang"},
		{18, "path noc 192.0.2.1 up again", "jalur noc 192.0.2.1 pulih"},
		{17, "path noc 192.0.2.1 down", "jalur noc 192.0.2.1 putus"},
		{16, "link wan0 settled", "tautan wan0 stabil lagi"},
		{15, "link wan0 flapping · ke \"FO\" Telkom",
		 "tautan wan0 naik-turun · ke \"FO\" Telkom"},
		{14, "link wan0 up again · after 7 s",
		 "tautan wan0 tersambung kembali · setelah 7 dtk"},
		{13, "link wan0 down", "tautan wan0 putus"},
		{12, "SNMP authentication failed · SNMPv3 refused",
		 "autentikasi SNMP gagal · SNMPv3 ditolak"},
		{11, "SNMP authentication failed · no access rights",
		 "autentikasi SNMP gagal · tanpa hak akses"},
		{10, "SNMP authentication failed · wrong SNMPv3 privacy key",
		 "autentikasi SNMP gagal · kunci privasi SNMPv3 salah"},
		{9, "SNMP authentication failed · wrong SNMPv3 key",
		 "autentikasi SNMP gagal · kunci SNMPv3 salah"},
		{8, "SNMP authentication works again · after 1 h",
		 "autentikasi SNMP berhasil lagi · setelah 1 jam"},
		{7, "SNMP authentication failed · unknown SNMPv3 user",
		 "autentikasi SNMP gagal · pengguna SNMPv3 tidak dikenal"},
		{6, "down · no route", "mati · tidak ada rute"},
		{5, "down · no SNMP agent", "mati · agen SNMP tidak ada"},
		{4, "down · link down", "mati · tautan putus"},
		{3, "up again · after 1 min", "hidup kembali · setelah 1 mnt"},
		{2, "down · no answer · 12 behind it unreachable too",
		 "mati · tidak menjawab · 12 perangkat di belakangnya ikut tak terjangkau"},
		{1, "collector started", "kolektor dijalankan"},
	};
	struct bench *b = data;
	char text[EVENT_TEXT_MAX];

	assert_int_equal(err, 0);
	assert_int_equal(n, ARRAY_LEN(CASES));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(events[i].id, CASES[i].id);
		assert_string_equal(event_text(WORDS_EN, NULL, &events[i], text, sizeof(text)),
				    CASES[i].en);
		assert_string_equal(event_text(WORDS_ID, NULL, &events[i], text, sizeof(text)),
				    CASES[i].id_text);
	}
	loop_stop(b->loop);
}

/* Events of the English time, in either language. */
static void test_migration_from_3(void **state)
{
	const struct store_event_query all = {.limit = 100};
	struct bench *b = *state;

	make_old(b, 3);
	assert_int_equal(store_query_events(b->store, &all, on_old_events, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
	put_event(b, 23, EVENT_DEVICE_DOWN, "opd-1", 10000, 0);
	reopen(b);
	query(b, "opd-1", 24, 1);
	assert_string_equal(b->seen, "23 ");
}

static void test_retention(void **state)
{
	struct bench *b = *state;
	const struct store_conf conf = {.keep_events_ms = 5000,
					.keep_notifications_ms = 5000,
					.max_events = 3,
					.max_notifications = 2};
	struct store_db *db;
	bool repeat;

	b->store = store_free(b->store);
	assert_int_equal(store_db_open(b->path, &db), 0);
	assert_int_equal(store_db_begin(db), 0);
	for (int64_t id = 1; id <= 10; id++) {
		struct event event = {
			.id = id, .kind = EVENT_DEVICE_RESTARTED, .time_ms = id * 1000};
		struct notification_row n = notification((uint64_t)id);

		event.kind = id == 1 ? EVENT_DEVICE_DOWN : event.kind;
		n.received_ms = id * 1000;
		assert_int_equal(store_db_put_event(db, &event), 0);
		assert_int_equal(store_db_put_notification(db, &n, &repeat), 0);
	}
	assert_int_equal(store_db_commit(db), 0);
	/* Of each, 4 are too old; 3 events and 2 notifications stay. The event of an outage that still lasts is spared
	 * for its age (3 + 4 events go, 4 + 4 notifications), not for the limit. */
	assert_int_equal(store_db_expire(db, &conf, 10000, 2000), 3 + 4 + 4 + 4);
	assert_int_equal(store_db_keys(db, 100, on_key, b), 0);
	assert_string_equal(b->seen, "9 a ");
	assert_int_equal(store_db_expire(db, &conf, 10000, 2000), 0);
	store_db_close(db);
	open_store(b);
}

/* A flood of senders that no device is pushes out none of a device's, however old that is. */
static void test_unknown_make_room(void **state)
{
	struct bench *b = *state;
	const struct store_conf conf = {.keep_events_ms = INT64_MAX,
					.keep_notifications_ms = INT64_MAX,
					.max_events = 1000,
					.max_notifications = 4};
	struct store_db *db;
	bool repeat;

	b->store = store_free(b->store);
	assert_int_equal(store_db_open(b->path, &db), 0);
	assert_int_equal(store_db_begin(db), 0);
	for (uint64_t key = 1; key <= 20; key++) {
		struct notification_row n = notification(key);

		n.device_id = key % 10 == 1 ? "opd-1" : "";
		assert_int_equal(store_db_put_notification(db, &n, &repeat), 0);
	}
	assert_int_equal(store_db_commit(db), 0);
	assert_int_equal(store_db_expire(db, &conf, 10000, 10), 10);
	assert_int_equal(store_db_expire(db, &conf, 10000, 10), 6);
	assert_int_equal(store_db_keys(db, 100, on_key, b), 0);
	assert_string_equal(b->seen, "1 b 13 14 ");
	store_db_close(db);
	open_store(b);
}

static void on_any(void *data, int err)
{
	struct bench *b = data;

	assert_int_equal(err, 0);
	if (++b->done == 3000)
		loop_stop(b->loop);
}

/* No minute passes before a storm is cut to what there may be. */
static void test_storm_is_cut_soon(void **state)
{
	struct bench *b = *state;
	struct store_stats stats;
	const int64_t began_us = loop_now_us();

	b->done = 0;
	for (int i = 0; i < 3000; i++) {
		const struct notification_row n = notification(0);

		assert_int_equal(store_put_notification(b->store, &n, on_any, b), 0);
	}
	assert_int_equal(loop_run(b->loop), 0);
	do {
		store_get_stats(b->store, &stats);
	} while (stats.expired < 2000 && loop_now_us() - began_us < INT64_C(10000000) &&
		 usleep(10000) == 0);
	assert_in_range(stats.expired, 2000, 3000);
}

/* Of an older database, what is newest in it; from then on what was put. */
static void test_clock_is_kept(void **state)
{
	struct bench *b = *state;
	int64_t right_ms = -1;
	struct store_db *db;

	make_old(b, 1);
	b->store = store_free(b->store);
	assert_int_equal(store_db_open(b->path, &db), 0);
	assert_int_equal(store_db_clock(db, &right_ms), 0);
	assert_int_equal(right_ms, 2001);
	assert_int_equal(store_db_put_clock(db, 5000), 0);
	store_db_close(db);
	assert_int_equal(store_db_open(b->path, &db), 0);
	assert_int_equal(store_db_clock(db, &right_ms), 0);
	assert_int_equal(right_ms, 5000);
	store_db_close(db);
	open_store(b);
}

static void damage(const char *path)
{
	char junk[4096];
	int fd = open(path, O_WRONLY);

	memset(junk, 'x', sizeof(junk));
	assert_int_equal(pwrite(fd, junk, sizeof(junk), 4096), sizeof(junk));
	assert_int_equal(pwrite(fd, junk, sizeof(junk), 8192), sizeof(junk));
	close(fd);
}

static void test_damage_is_set_aside(void **state)
{
	struct bench *b = *state;
	char pattern[128];
	int64_t last = -1;
	glob_t found;

	for (int64_t id = 1; id <= 500; id++)
		put_event(b, id, EVENT_DEVICE_DOWN, "opd-1", id, 0);
	b->store = store_free(b->store);
	damage(b->path);
	open_store(b);
	assert_int_equal(store_last_event_id(b->store, &last), 0);
	assert_int_equal(last, 0);
	put_notification(b, 5);
	snprintf(pattern, sizeof(pattern), "%s.damaged-*", b->path);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 1);
	globfree(&found);
}

static void test_newer_schema_is_left_alone(void **state)
{
	struct bench *b = *state;
	const struct store_conf conf = {.path = b->path};
	struct store *store = NULL;
	char command[256];

	b->store = store_free(b->store);
	snprintf(command, sizeof(command), "sqlite3 %s 'PRAGMA user_version=99'", b->path);
	if (system("command -v sqlite3 >/dev/null") != 0)
		skip();
	assert_int_equal(system(command), 0);
	assert_int_equal(store_new(b->loop, &conf, &store), -EPROTO);
	assert_null(store);
}

static void test_full_queue(void **state)
{
	struct bench *b = *state;
	struct store_conf conf = {.path = b->path,
				  .queue_max = 1,
				  .keep_events_ms = 1000000000000,
				  .keep_notifications_ms = 1000000000000,
				  .max_events = 1000000,
				  .max_notifications = 1000000};
	const struct notification_row n = notification(0);
	struct store_stats stats;
	int refused = 0, taken = 0;

	b->store = store_free(b->store);
	assert_int_equal(store_new(b->loop, &conf, &b->store), 0);
	for (int i = 0; i < 2000; i++) {
		int r = store_put_notification(b->store, &n, on_done, b);

		assert_true(r == 0 || r == -EAGAIN);
		refused += r != 0;
		taken += r == 0;
	}
	assert_true(refused > 0);
	store_get_stats(b->store, &stats);
	assert_int_equal(stats.queue_full, refused);
	/* closing writes what was taken and tells each */
	b->store = store_free(b->store);
	assert_int_equal(b->done, taken);
	assert_int_equal(b->err, 0);
}

/* Writing fails at once, reading does not. */
static void set_full(bool full)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = full ? 1 : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void put_state(struct bench *b, enum device_status status, int64_t since_ms)
{
	char id[] = "opd-1";
	const struct inventory_entry entry = {.id = id};
	const struct device device = {.entry = &entry, .status = status, .since_ms = since_ms};

	assert_int_equal(store_put_state(b->store, &device), 0);
}

/* Fails with the disk; the loop has had all that was put before when it returns. */
static void fail_notification(struct bench *b)
{
	const struct notification_row n = notification(0);

	assert_int_equal(store_put_notification(b->store, &n, on_done, b), 0);
	assert_int_equal(loop_run(b->loop), 0);
	assert_true(b->err < 0);
}

static void test_full_disk_keeps_states_in_order(void **state)
{
	struct bench *b = *state;
	struct store_stats stats;

	set_full(true);
	put_state(b, DEVICE_DOWN, 5);
	fail_notification(b);
	query(b, "", 0, 3); /* asking still works, and makes nothing better */
	store_get_stats(b->store, &stats);
	assert_int_equal(stats.kept, 1);
	assert_true(stats.failing);
	set_full(false);
	put_state(b, DEVICE_UP, 6); /* not before the one that waits */
	put_notification(b, 1);
	reopen(b);
	assert_int_equal(store_load_states(b->store, on_state, b), 0);
	assert_string_equal(b->seen, "opd-1:up::6 ");
	assert_null(strstr(logged, "given_up"));
	assert_non_null(strstr(logged, "status=\"writing again\""));
}

static void test_end_on_a_full_disk(void **state)
{
	struct bench *b = *state;

	set_full(true);
	put_state(b, DEVICE_DOWN, 5);
	fail_notification(b);
	put_state(b, DEVICE_UP, 6);
	b->store = store_free(b->store);
	set_full(false);
	assert_non_null(strstr(logged, "worker: name=store given_up=2 limit_s=10 "));
	assert_null(strstr(logged, "writing again"));
	open_store(b);
}

/* What was stored is known, what comes waits, and nothing is acknowledged. */
static void test_start_on_a_full_disk(void **state)
{
	struct bench *b = *state;
	struct store_stats stats;
	int64_t last = 0;

	put_event(b, 5, EVENT_DEVICE_DOWN, "opd-1", 5, 0);
	put_state(b, DEVICE_DOWN, 5);
	b->store = store_free(b->store);
	set_full(true);
	open_store(b);
	assert_non_null(strstr(logged, "right=\"make room on the disk\""));
	store_get_stats(b->store, &stats);
	assert_true(stats.failing);
	assert_int_equal(store_last_event_id(b->store, &last), 0);
	assert_int_equal(last, 5);
	assert_int_equal(store_load_states(b->store, on_state, b), 0);
	assert_string_equal(b->seen, "opd-1:down::5 ");
	put_state(b, DEVICE_UP, 6);
	fail_notification(b);
	query(b, "", 0, 3);
	set_full(false);
	put_notification(b, 1);
	assert_non_null(strstr(logged, "status=\"writing again\""));
	store_get_stats(b->store, &stats);
	assert_false(stats.failing);
	reopen(b);
	b->seen[0] = '\0';
	assert_int_equal(store_load_states(b->store, on_state, b), 0);
	assert_string_equal(b->seen, "opd-1:up::6 ");
}

static void test_first_start_on_a_full_disk(void **state)
{
	struct bench *b = *state;
	struct store_stats stats;
	int64_t last = -1;

	b->store = store_free(b->store);
	assert_int_equal(unlink(b->path), 0);
	set_full(true);
	open_store(b);
	assert_int_equal(store_last_event_id(b->store, &last), 0);
	assert_int_equal(last, 0);
	put_state(b, DEVICE_DOWN, 5);
	fail_notification(b); /* a database in memory acknowledges nothing */
	query(b, "", 0, 3);
	store_get_stats(b->store, &stats);
	assert_true(stats.failing);
	assert_int_equal(stats.kept, 1);
	set_full(false);
	reopen(b);
	assert_int_equal(store_load_states(b->store, on_state, b), 0);
	assert_string_equal(b->seen, "opd-1:down::5 ");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_notifications_once),
		CASE(test_keys_of_minutes),
		CASE(test_outages_follow_events),
		CASE(test_states),
		CASE(test_engines),
		CASE(test_migration_from_1),
		CASE(test_trap_clocks),
		CASE(test_migration_from_2),
		CASE(test_migration_from_3),
		CASE(test_notification_queries),
		CASE(test_deliveries),
		CASE(test_people),
		CASE(test_instance),
		CASE(test_senders),
		CASE(test_queries),
		CASE(test_unknown_make_room),
		CASE(test_storm_is_cut_soon),
		CASE(test_retention),
		CASE(test_damage_is_set_aside),
		CASE(test_newer_schema_is_left_alone),
		CASE(test_clock_is_kept),
		CASE(test_full_queue),
		CASE(test_full_disk_keeps_states_in_order),
		CASE(test_end_on_a_full_disk),
		CASE(test_start_on_a_full_disk),
		CASE(test_first_start_on_a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
