/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people change: done, and written to the log of who did what. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/collector_private.h"
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

static void put_audit(struct collector *c, const struct person *person, const char *what,
		      const char *target, const char *detail)
{
	struct store_person_change change = {.kind = STORE_AUDIT_ONLY,
					     .audit = {.at_ms = loop_wall_ms(), .how = "socket"}};

	snprintf(change.audit.who, sizeof(change.audit.who), "%s", person->name);
	snprintf(change.audit.what, sizeof(change.audit.what), "%s", what);
	snprintf(change.audit.target, sizeof(change.audit.target), "%s", target);
	snprintf(change.audit.detail, sizeof(change.audit.detail), "%s", detail);
	log_info("audit", "who=%s what=%s target=\"%s\" detail=\"%s\"", change.audit.who,
		 change.audit.what, change.audit.target, change.audit.detail);
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

	log_info("audit", "who=%s what=%s target=\"%s\" detail=\"%s\"", change->audit.who,
		 change->audit.what, change->audit.target, change->audit.detail);
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
