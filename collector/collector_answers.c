/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people change: done, and written to the log of who did what. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/collector_private.h"
#include "collector/core/device/inventory.h"
#include "common/system/log.h"

static void describe(const struct alert_answer *answer, char *buf, size_t size)
{
	switch (answer->kind) {
	case ALERT_ANSWER_CAUSE:
		snprintf(buf, size, "%s", alert_cause_name(answer->cause));
		return;
	case ALERT_ANSWER_SILENCE:
		snprintf(buf, size, "until_ms=%lld", (long long)answer->until_ms);
		return;
	default:
		snprintf(buf, size, "%s", answer->note);
		return;
	}
}

static void log_audit(const struct audit_row *row)
{
	char who[LOG_VALUE_SIZE], target[LOG_VALUE_SIZE], detail[LOG_VALUE_SIZE];

	log_info("audit", "who=%s what=%s target=%s detail=%s", log_value(row->who, who), row->what,
		 log_quoted(row->target, target), log_quoted(row->detail, detail));
}

static void put_audit(struct collector *c, const struct person *person, const char *what,
		      const char *target, const char *detail)
{
	struct store_person_change change = {.kind = STORE_AUDIT_ONLY,
					     .audit = {.at_ms = loop_wall_ms()}};

	snprintf(change.audit.who, sizeof(change.audit.who), "%s", person->name);
	snprintf(change.audit.how, sizeof(change.audit.how), "%s",
		 person->by_token ? "token" : "socket");
	snprintf(change.audit.what, sizeof(change.audit.what), "%s", what);
	snprintf(change.audit.target, sizeof(change.audit.target), "%s", target);
	snprintf(change.audit.detail, sizeof(change.audit.detail), "%s", detail);
	log_audit(&change.audit);
	if (store_put_person_change(c->store, &change, NULL, NULL) < 0)
		log_error("audit", "what=%s err=\"not stored\"", what);
}

int collector_answer(void *data, const struct person *person, const struct alert_answer *answer)
{
	struct collector *c = data;
	char target[32], detail[AUDIT_TEXT_MAX + 1];
	const int r = alert_set_answer(c->alerts, person, answer, collector_now());

	if (r < 0)
		return r;
	snprintf(target, sizeof(target), "alert %lld", (long long)answer->alert_id);
	describe(answer, detail, sizeof(detail));
	put_audit(c, person, alert_answer_name(answer->kind), target, detail);
	return 0;
}

/* ---- people ---- */

int collector_start_people(struct collector *c)
{
	c->people = calloc(1, sizeof(*c->people));
	return c->people ? store_load_people(c->store, c->people) : -ENOMEM;
}

static void change_people(void *data, const struct store_person_change *change,
			  http_people_done_fn *fn, void *fn_data)
{
	struct collector *c = data;
	const int r = store_put_person_change(c->store, change, fn, fn_data);

	log_audit(&change->audit);
	if (r < 0)
		fn(fn_data, r);
}

static void query_audit(void *data, const struct audit_query *query, http_audit_row_fn *row_fn,
			http_people_done_fn *fn, void *fn_data)
{
	struct collector *c = data;
	const int r = store_query_audit(c->store, query, row_fn, fn, fn_data);

	if (r < 0)
		fn(fn_data, r);
}

const struct http_people_hooks COLLECTOR_PEOPLE_HOOKS = {
	.change = change_people,
	.audit = query_audit,
};

/* ---- planned work ---- */

/* A name with a slip in it would cover nothing, and nobody would know. */
static bool is_known(const struct collector *c, const struct maintenance *wanted)
{
	for (size_t i = 0; i < c->devices.n; i++) {
		if (maintenance_is_of(wanted, c->devices.devices[i]->entry))
			return true;
	}
	return false;
}

static void put_maintenance(struct collector *c, const struct person *person, const char *what,
			    const struct maintenance *maintenance)
{
	char target[AUDIT_TEXT_MAX + 1], detail[AUDIT_TEXT_MAX + 1];

	if (store_put_maintenance(c->store, maintenance) < 0)
		log_error("audit", "maintenance=%lld err=\"not stored\"",
			  (long long)maintenance->id);
	snprintf(target, sizeof(target), "%s %s", maintenance_scope_name(maintenance->scope),
		 maintenance->target);
	snprintf(detail, sizeof(detail), "%lld begin_ms=%lld end_ms=%lld%s %.120s",
		 (long long)maintenance->id, (long long)maintenance->begin_ms,
		 (long long)maintenance->end_ms, maintenance->weekly ? " weekly" : "",
		 maintenance->reason);
	put_audit(c, person, what, target, detail);
	alert_set_tick(c->alerts, collector_now());
}

int collector_add_maintenance(void *data, const struct person *person,
			      const struct maintenance *wanted, struct maintenance *ret)
{
	struct collector *c = data;
	int r;

	if (!is_known(c, wanted))
		return -ENOENT;
	r = maintenance_set_add(&c->maintenance, person, wanted, loop_wall_ms(), ret);
	if (r == 0)
		put_maintenance(c, person, "maintenance-add", ret);
	return r;
}

int collector_end_maintenance(void *data, const struct person *person, int64_t id,
			      struct maintenance *ret)
{
	struct collector *c = data;
	const int r = maintenance_set_end(&c->maintenance, person, id, loop_wall_ms(), ret);

	if (r == 0)
		put_maintenance(c, person, "maintenance-end", ret);
	return r;
}
