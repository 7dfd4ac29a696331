/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * synchronous=FULL: in WAL mode a commit that returned is on the disk
 * (sqlite.org/pragma.html#pragma_synchronous), which acknowledging an inform needs.
 * The version of the schema is user_version; each step up is one text in MIGRATIONS.
 */
#include "collector/io/store/store_schema.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/system/log.h"

#define APPLICATION_ID 1346454081 /* "PANA", so that file(1) can tell */

/* To version 1 of the schema. */
static const char SCHEMA_1[] =
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
	"since_ms INTEGER NOT NULL) WITHOUT ROWID;";

static const char SCHEMA_2[] = "CREATE TABLE engines (device TEXT PRIMARY KEY, engine BLOB NOT "
			       "NULL, boots INTEGER NOT NULL, "
			       "time_s INTEGER NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;";

/* Who was believed; and what one source sent can be asked for. */
static const char SCHEMA_3[] =
	"ALTER TABLE notifications ADD COLUMN security TEXT NOT NULL DEFAULT '';"
	"CREATE INDEX notifications_source ON notifications (source, id);";

/*
 * Events had a line of English; now they have parameters, as JSON, and that line is where these
 * come from: the reasons that there were, word for word. What an end is the end of says how
 * long it lasted. What can not be told in this way stays as a detail.
 */
#define AFTER_NAME "substr(params, instr(params, ': ') + 2)"
static const char SCHEMA_4[] =
	"ALTER TABLE events RENAME COLUMN text TO params;"
	"WITH reasons (reason, cause) AS (VALUES "
	"(': its line is down', 'link-down'),"
	"(': its host answers, but no SNMP agent listens', 'refused'),"
	"(': no route to it', 'no-route'),"
	"(': it does not know our SNMPv3 user', 'unknown-user'),"
	"(': it has another SNMPv3 key than we', 'wrong-key'),"
	"(': it has another SNMPv3 privacy key than we', 'wrong-privacy-key'),"
	"(': its access control shows our credential nothing', 'no-access'),"
	"(': it refuses our SNMPv3 security level or time', 'auth-other'),"
	"(': it does not answer', 'no-answer')) "
	"UPDATE events SET params = json_patch('{}', json_object("
	"'cause', (SELECT cause FROM reasons WHERE instr(params, reason) > 0),"
	"'behind', CASE WHEN params LIKE '%; % devices behind it are out of reach' THEN "
	"nullif(CAST(substr(params, instr(params, '; ') + 2) AS INTEGER), 0) END,"
	"'duration_ms', (SELECT nullif(events.time_ms - b.time_ms, 0) FROM events b WHERE b.id = "
	"events.begins),"
	"'count', CASE kind WHEN 'notifications-lost' THEN nullif(CAST(" AFTER_NAME
	" AS INTEGER), 0) END,"
	"'detail', CASE WHEN kind IN ('link-flapping', 'notifications-lost') THEN " AFTER_NAME " "
	"WHEN kind IN ('device-down', 'auth-failed') AND NOT EXISTS "
	"(SELECT 1 FROM reasons WHERE instr(params, reason) > 0) THEN params END));";

/* When the clock was right last: of an older database, what is newest in it. */
static const char SCHEMA_5[] =
	"CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), right_ms INTEGER NOT NULL);"
	"INSERT INTO clock VALUES (1, max(coalesce((SELECT max(seen_ms) FROM events), 0), "
	"coalesce((SELECT max(received_ms) FROM notifications), 0)));";

/* Who was told of what, with which answer. */
static const char SCHEMA_6[] =
	"CREATE TABLE deliveries (id INTEGER PRIMARY KEY, channel TEXT NOT NULL, what TEXT NOT "
	"NULL, "
	"state TEXT NOT NULL, uncertain INTEGER NOT NULL, tries INTEGER NOT NULL, created_ms "
	"INTEGER "
	"NOT NULL, tried_ms INTEGER NOT NULL, thread INTEGER NOT NULL, remote TEXT NOT NULL, "
	"answer "
	"TEXT NOT NULL);"
	"CREATE INDEX deliveries_open ON deliveries (state) WHERE state IN ('waiting', "
	"'in-flight');"
	"CREATE INDEX deliveries_created ON deliveries (created_ms);"
	"CREATE TABLE delivery_alerts (delivery INTEGER NOT NULL, place INTEGER NOT NULL, alert "
	"INTEGER NOT NULL, PRIMARY KEY (delivery, place)) WITHOUT ROWID;"
	"CREATE INDEX delivery_alerts_alert ON delivery_alerts (alert);";

/* Alerts keep their ids for good. A device's outages are told apart by when they began. */
static const char SCHEMA_7[] =
	"CREATE TABLE alerts (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, severity "
	"TEXT NOT NULL, device TEXT NOT NULL, link TEXT NOT NULL, begin_ms INTEGER NOT NULL, "
	"seen_ms INTEGER NOT NULL, end_ms INTEGER, cause TEXT NOT NULL, by_person INTEGER NOT "
	"NULL, behind INTEGER NOT NULL, detail TEXT NOT NULL, value REAL, bound REAL, planned "
	"INTEGER NOT NULL, silenced INTEGER NOT NULL, silenced_ms INTEGER NOT NULL, acked_by TEXT "
	"NOT NULL, acked_ms INTEGER NOT NULL, note TEXT NOT NULL, begin_event INTEGER NOT NULL, "
	"end_event INTEGER NOT NULL);"
	"CREATE INDEX alerts_device ON alerts (device, id);"
	"CREATE INDEX alerts_end ON alerts (end_ms);"
	"CREATE TABLE device_outages (id INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, "
	"begin_ms INTEGER NOT NULL, end_ms "
	"INTEGER, alert INTEGER NOT NULL, behind INTEGER NOT NULL, cause TEXT NOT NULL, planned "
	"INTEGER NOT NULL, known TEXT NOT NULL, UNIQUE (device, begin_ms));"
	"CREATE INDEX device_outages_end ON device_outages (end_ms);"
	"CREATE TABLE watched (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms INTEGER NOT NULL);"
	"CREATE TABLE blind (begin_ms INTEGER PRIMARY KEY, end_ms INTEGER NOT NULL);"
	"CREATE INDEX blind_end ON blind (end_ms);";

/* Keys of what is a repetition for minutes only: what was stored hours ago may come anew. */
static const char SCHEMA_8[] = "ALTER TABLE notifications ADD COLUMN sending INTEGER;";

/* People, their tokens as hashes, and what they changed: rows that nothing may change any more. */
static const char SCHEMA_9[] =
	"CREATE TABLE users (name TEXT PRIMARY KEY, role TEXT NOT NULL, created_ms INTEGER NOT "
	"NULL) "
	"WITHOUT ROWID;"
	"CREATE TABLE tokens (id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, purpose "
	"TEXT "
	"NOT NULL, hash BLOB NOT NULL, created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL);"
	"CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, who "
	"TEXT "
	"NOT NULL, how TEXT NOT NULL, what TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT "
	"NULL);"
	"CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the log is "
	"only added to'); END;"
	"CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the log is "
	"only added to'); END;";

/* What senders of SNMPv3 traps proved of their clocks (RFC 3414 2.3), which nothing else tells. */
static const char SCHEMA_10[] =
	"CREATE TABLE trap_clocks (engine BLOB PRIMARY KEY, boots INTEGER "
	"NOT NULL, time_s INTEGER NOT NULL, at_ms INTEGER NOT NULL) WITHOUT "
	"ROWID;"
	"CREATE INDEX trap_clocks_at ON trap_clocks (at_ms);";

/* Planned work. */
static const char SCHEMA_11[] =
	"CREATE TABLE maintenance (id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, "
	"target TEXT NOT NULL, begin_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, weekly INTEGER "
	"NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL);";

/* What tells this database from others, in identifiers that the world sees. */
static const char SCHEMA_12[] =
	"CREATE TABLE instance (id INTEGER PRIMARY KEY CHECK (id = 1), name "
	"TEXT NOT NULL);"
	"INSERT INTO instance VALUES (1, lower(hex(randomblob(8))));";

/* MIGRATIONS[n] leads from version n to n + 1. */
static const char *const MIGRATIONS[STORE_SCHEMA_VERSION] = {
	SCHEMA_1, SCHEMA_2, SCHEMA_3, SCHEMA_4,	 SCHEMA_5,  SCHEMA_6,
	SCHEMA_7, SCHEMA_8, SCHEMA_9, SCHEMA_10, SCHEMA_11, SCHEMA_12};

static bool has_no_room(int err)
{
	return err == ENOSPC || err == EDQUOT || err == EFBIG;
}

int store_schema_errno(sqlite3 *sqlite, int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
	case SQLITE_RANGE:
		return -EINVAL;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		/* a full disk shows as a failed write in the WAL too */
		return has_no_room(sqlite3_system_errno(sqlite)) ? -ENOSPC : -EIO;
	default:
		return -EIO;
	}
}

int store_schema_run(sqlite3 *sqlite, const char *sql)
{
	return store_schema_errno(sqlite, sqlite3_exec(sqlite, sql, NULL, NULL, NULL));
}

static int read_int(sqlite3 *sqlite, const char *sql, int64_t *ret)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	if (code == SQLITE_DONE)
		return -EUCLEAN;
	return store_schema_errno(sqlite, code);
}

/* One transaction per step: a crash in between leaves a database of some version. */
static int migrate(sqlite3 *sqlite, int64_t from)
{
	char mark[96];
	int r = 0;

	for (int64_t version = from; r == 0 && version < STORE_SCHEMA_VERSION; version++) {
		snprintf(mark, sizeof(mark),
			 "PRAGMA user_version=%lld; PRAGMA application_id=%d; COMMIT",
			 (long long)version + 1, APPLICATION_ID);
		r = store_schema_run(sqlite, "BEGIN IMMEDIATE");
		if (r == 0)
			r = store_schema_run(sqlite, MIGRATIONS[version]);
		if (r == 0)
			r = store_schema_run(sqlite, mark);
		if (r < 0 && !sqlite3_get_autocommit(sqlite))
			store_schema_run(sqlite, "ROLLBACK");
	}
	return r;
}

static int prepare_schema(sqlite3 *sqlite)
{
	int64_t version = 0;
	int r;

	r = store_schema_run(
		sqlite,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=2000; "
		"PRAGMA journal_size_limit=16777216; PRAGMA secure_delete=OFF;");
	if (r == 0) {
		sqlite3_stmt *stmt = NULL;
		const char *text = NULL;
		int code = sqlite3_prepare_v2(sqlite, "PRAGMA quick_check(1)", -1, &stmt, NULL);

		if (code == SQLITE_OK)
			code = sqlite3_step(stmt);
		if (code == SQLITE_ROW)
			text = (const char *)sqlite3_column_text(stmt, 0);
		r = code == SQLITE_ROW && (!text || strcmp(text, "ok") != 0)
			    ? -EUCLEAN
			    : store_schema_errno(sqlite, code);
		sqlite3_finalize(stmt);
	}
	if (r == 0)
		r = read_int(sqlite, "PRAGMA user_version", &version);
	if (r < 0)
		return r;
	if (version > STORE_SCHEMA_VERSION) {
		log_error("store",
			  "err=\"the database is of schema %lld, this program knows %d\" "
			  "right=\"install the newer program again\"",
			  (long long)version, STORE_SCHEMA_VERSION);
		return -EPROTO;
	}
	return migrate(sqlite, version);
}

enum access {
	ACCESS_SHARED,
	ACCESS_ALONE, /* the index of the WAL is in memory: none has to be made */
	ACCESS_NONE,  /* a database in memory */
};

/* ret_unused, on failure: nothing was ever stored there. */
static int open_as(const char *path, enum access access, sqlite3 **ret, bool *ret_unused)
{
	const char *name = access == ACCESS_NONE ? ":memory:" : path;
	sqlite3 *sqlite = NULL;
	int64_t version = 0;
	int r;

	r = sqlite3_open_v2(name, &sqlite,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
			    NULL);
	if (!sqlite)
		return -ENOMEM;
	r = store_schema_errno(sqlite, r);
	if (r == 0 && access == ACCESS_ALONE)
		r = store_schema_run(sqlite, "PRAGMA locking_mode=EXCLUSIVE");
	if (r == 0)
		r = prepare_schema(sqlite);
	if (r < 0) {
		*ret_unused =
			read_int(sqlite, "PRAGMA user_version", &version) == 0 && version == 0;
		sqlite3_close(sqlite);
		return r;
	}
	*ret = sqlite;
	return 0;
}

int store_schema_open(const char *path, sqlite3 **ret)
{
	bool unused;

	if (strlen(path) > PATH_MAX - 64)
		return -ENAMETOOLONG;
	return open_as(path, ACCESS_SHARED, ret, &unused);
}

int store_schema_open_full(const char *path, sqlite3 **ret, bool *ret_memory)
{
	bool unused = false;
	int r = open_as(path, ACCESS_ALONE, ret, &unused);

	*ret_memory = r == -ENOSPC && (unused || access(path, F_OK) < 0);
	return *ret_memory ? open_as(path, ACCESS_NONE, ret, &unused) : r;
}

void store_schema_set_aside(const char *path)
{
	static const char *const SUFFIXES[] = {"", "-wal", "-shm"};
	long long stamp = (long long)time(NULL);

	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		char from[PATH_MAX], to[PATH_MAX];

		snprintf(from, sizeof(from), "%s%s", path, SUFFIXES[i]);
		snprintf(to, sizeof(to), "%s.damaged-%lld%s", path, stamp, SUFFIXES[i]);
		if (rename(from, to) == 0)
			log_error("store", "file=%s err=\"damaged\" kept_as=%s", from, to);
	}
}
