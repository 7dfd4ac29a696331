/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of the store: what its thread is to do, one job after the other.
 * No lock and no thread is known here.
 */
#pragma once

#include "collector/io/store/store.h"
#include "common/loop/worker.h"

struct store_db;

enum store_job_kind {
	STORE_JOB_NOTIFICATION,
	STORE_JOB_EVENT,
	STORE_JOB_STATE,
	STORE_JOB_ENGINE,
	STORE_JOB_TRAP_CLOCK,
	STORE_JOB_FORGET,
	STORE_JOB_QUERY,
	STORE_JOB_NOTIFICATIONS,
	STORE_JOB_DELIVERY,
	STORE_JOB_DELIVERIES,
	STORE_JOB_PERSON,
	STORE_JOB_AUDIT,
	STORE_JOB_ALERT,
	STORE_JOB_OUTAGE,
	STORE_JOB_MAINTENANCE,
	STORE_JOB_ALERTS,
	STORE_JOB_OUTAGES,
};

struct store_job {
	struct worker_job work; /* first: it is what the worker knows */
	enum store_job_kind kind;
	bool repeat;
	union {
		struct notification_row notification; /* its texts follow the job */
		struct event event;
		struct {
			char id[33];
			enum device_status status;
			enum device_cause cause;
			int64_t since_ms;
		} state; /* STORE_JOB_FORGET: since_ms is now */
		struct {
			char id[33];
			struct store_engine engine;
		} engine;
		struct store_event_query query;
		struct {
			struct notification_query query;
			store_row_fn *fn; /* with the job's data */
		} rows;
		struct alert *alert; /* behind the job, as the next */
		struct alert_outage *outage;
		struct maintenance *maintenance;
		struct alert_filter filter;
		struct delivery *delivery;	    /* behind the job */
		struct store_person_change *person; /* likewise */
		struct {
			struct audit_query query;
			store_audit_fn *fn; /* with the job's data */
		} audit;
		struct {
			struct delivery_query query;
			store_delivery_fn *fn; /* with the job's data */
		} deliveries;
	} u;
	store_done_fn *done;
	store_events_fn *events_done;
	store_alerts_fn *alerts_done;
	store_outages_fn *outages_done;
	void *data;
	struct event *events; /* the query's result */
	size_t n_events;
	struct alert *alerts; /* as the next, of those queries */
	struct outage_row *outages;
	size_t n_rows;
};

/* A job's memory has room for more octets behind it (for texts). NULL when out of memory. */
struct store_job *store_job_new(enum store_job_kind kind, size_t more);
void store_job_free(struct store_job *job);
/* Copies n with its texts. NULL when out of memory. */
struct store_job *store_job_notification(const struct notification_row *n);

/* Does it, within the transaction that is open. 0 or negative errno. */
int store_job_do(struct store_job *job, struct store_db *db);
/* Whether its err is a mistake of this row alone; anything else concerns all that are written now. */
bool store_job_err_is_own(const struct store_job *job);
/* Whether it only asks. */
bool store_job_is_query(const struct store_job *job);
/* Whether it waits for a better disk; the others learn that they failed. */
bool store_job_is_durable(const struct store_job *job);
/* Calls back whoever waits for it. */
void store_job_tell(const struct store_job *job);
