/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each kind of job does to the database, and how its result is told. */
#include "collector/io/store/store_job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/store/store_alerts.h"
#include "collector/io/store/store_db.h"
#include "collector/io/store/store_deliveries.h"
#include "collector/io/store/store_people.h"
#include "common/base/cleanup.h"

void store_job_free(struct store_job *job)
{
	free(job->events);
	free(job->alerts);
	free(job->outages);
	free(job);
}

static int ask_alerts(struct store_job *job, struct store_db *db)
{
	int n;

	job->alerts = calloc(job->u.filter.limit, sizeof(*job->alerts));
	if (!job->alerts)
		return -ENOMEM;
	n = store_alerts_query(store_db_alerts(db), &job->u.filter, job->alerts);
	job->n_rows = n > 0 ? (size_t)n : 0;
	return n < 0 ? n : 0;
}

static int ask_outages(struct store_job *job, struct store_db *db)
{
	int n;

	job->outages = calloc(job->u.filter.limit, sizeof(*job->outages));
	if (!job->outages)
		return -ENOMEM;
	n = store_alerts_query_outages(store_db_alerts(db), &job->u.filter, job->outages);
	job->n_rows = n > 0 ? (size_t)n : 0;
	return n < 0 ? n : 0;
}

int store_job_do(struct store_job *job, struct store_db *db)
{
	switch (job->kind) {
	case STORE_JOB_NOTIFICATION:
		return store_db_put_notification(db, &job->u.notification, &job->repeat);
	case STORE_JOB_EVENT:
		return store_db_put_event(db, &job->u.event);
	case STORE_JOB_STATE:
		return store_db_put_state(db, job->u.state.id, job->u.state.status,
					  job->u.state.cause, job->u.state.since_ms);
	case STORE_JOB_ENGINE:
		return store_db_put_engine(db, job->u.engine.id, &job->u.engine.engine);
	case STORE_JOB_TRAP_CLOCK:
		return store_db_put_trap_clock(db, &job->u.engine.engine);
	case STORE_JOB_FORGET:
		return store_db_forget_device(db, job->u.state.id, job->u.state.since_ms);
	case STORE_JOB_QUERY: {
		int n;

		job->events = calloc(job->u.query.limit, sizeof(*job->events));
		if (!job->events)
			return -ENOMEM;
		n = store_db_events(db, &job->u.query, job->events);
		job->n_events = n > 0 ? (size_t)n : 0;
		return n < 0 ? n : 0;
	}
	case STORE_JOB_NOTIFICATIONS:
		return store_db_notifications(db, &job->u.rows.query, job->u.rows.fn, job->data);
	case STORE_JOB_PERSON:
		return store_people_change(store_db_people(db), job->u.person);
	case STORE_JOB_AUDIT:
		return store_people_audit(store_db_people(db), &job->u.audit.query, job->u.audit.fn,
					  job->data);
	case STORE_JOB_DELIVERY:
		return store_deliveries_put(store_db_deliveries(db), job->u.delivery);
	case STORE_JOB_DELIVERIES:
		return store_deliveries_query(store_db_deliveries(db), &job->u.deliveries.query,
					      job->u.deliveries.fn, job->data);
	case STORE_JOB_ALERT:
		return store_alerts_put(store_db_alerts(db), job->u.alert);
	case STORE_JOB_OUTAGE:
		return store_alerts_put_outage(store_db_alerts(db), job->u.outage);
	case STORE_JOB_MAINTENANCE:
		return store_alerts_put_maintenance(store_db_alerts(db), job->u.maintenance);
	case STORE_JOB_ALERTS:
		return ask_alerts(job, db);
	case STORE_JOB_OUTAGES:
		return ask_outages(job, db);
	}
	return -EINVAL;
}

bool store_job_err_is_own(const struct store_job *job)
{
	return job->work.err == -EINVAL || store_job_is_query(job);
}

bool store_job_is_query(const struct store_job *job)
{
	return job->kind == STORE_JOB_QUERY || job->kind == STORE_JOB_NOTIFICATIONS ||
	       job->kind == STORE_JOB_AUDIT || job->kind == STORE_JOB_DELIVERIES ||
	       job->kind == STORE_JOB_ALERTS || job->kind == STORE_JOB_OUTAGES;
}

bool store_job_is_durable(const struct store_job *job)
{
	return job->kind == STORE_JOB_EVENT || job->kind == STORE_JOB_STATE ||
	       job->kind == STORE_JOB_FORGET || job->kind == STORE_JOB_ALERT ||
	       job->kind == STORE_JOB_OUTAGE || job->kind == STORE_JOB_MAINTENANCE ||
	       (job->kind == STORE_JOB_DELIVERY && !job->done);
}

void store_job_tell(const struct store_job *job)
{
	if (job->kind == STORE_JOB_QUERY && job->events_done)
		job->events_done(job->data, job->work.err, job->events, job->n_events);
	else if (job->kind == STORE_JOB_ALERTS)
		job->alerts_done(job->data, job->work.err, job->alerts, job->n_rows);
	else if (job->kind == STORE_JOB_OUTAGES)
		job->outages_done(job->data, job->work.err, job->outages, job->n_rows);
	else if (job->done)
		job->done(job->data, job->work.err);
}

struct store_job *store_job_new(enum store_job_kind kind, size_t more)
{
	struct store_job *job = calloc(1, sizeof(*job) + more);

	if (job)
		job->kind = kind;
	return job;
}

static const char *keep_text(char **at, const char *text)
{
	char *kept = *at;
	size_t n = strlen(text ? text : "") + 1;

	memcpy(kept, text ? text : "", n);
	*at += n;
	return kept;
}

struct store_job *store_job_notification(const struct notification_row *n)
{
	const char *texts[] = {n->device_id, n->source, n->version, n->security_name,
			       n->oid,	     n->kind,	n->site_id, n->text};
	size_t size = 0;
	struct store_job *job;
	char *at;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		size += strlen(texts[i] ? texts[i] : "") + 1;
	job = store_job_new(STORE_JOB_NOTIFICATION, size);
	if (!job)
		return NULL;
	job->u.notification = *n;
	at = (char *)(job + 1);
	job->u.notification.device_id = keep_text(&at, n->device_id);
	job->u.notification.source = keep_text(&at, n->source);
	job->u.notification.version = keep_text(&at, n->version);
	job->u.notification.security_name = keep_text(&at, n->security_name);
	job->u.notification.oid = keep_text(&at, n->oid);
	job->u.notification.kind = keep_text(&at, n->kind);
	job->u.notification.site_id = keep_text(&at, n->site_id);
	job->u.notification.text = keep_text(&at, n->text);
	return job;
}
