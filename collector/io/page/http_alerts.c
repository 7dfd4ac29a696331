/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is open is known here, also while the disk takes nothing; what is over is asked for
 * and waited for.
 */
#include "collector/io/page/http_alerts.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include <jansson.h>

#include "collector/codec/page/alert_json.h"
#include "collector/codec/page/alert_query.h"
#include "collector/codec/page/http_request.h"
#include "collector/core/device/device_set.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "collector/io/person/http_person.h"
#include "common/base/cleanup.h"

struct http_alerts {
	struct http_alerts_conf conf;
};

/* A reply that waits for rows. */
struct alerts_wait {
	const struct http_alerts *alerts;
	struct http_exchange *exchange; /* NULL: the client went away */
	unsigned int limit;
};

static const char *name_of(const struct http_alerts *alerts, const char *device_id)
{
	return device_set_name(alerts->conf.devices, device_id);
}

/* before: what to ask with for the next page; 0: there is none. */
static void reply(struct http_exchange *exchange, const char *key, json_t *list, int64_t before)
{
	cleanup_(http_reply_json_freep) json_t *json = json_pack(
		"{s:o, s:o}", key, list, "before", before ? json_integer(before) : json_null());

	http_reply_json(exchange, 200, json);
}

/* ---- what is open ---- */

static void list_open(const struct http_alerts *alerts, const struct alert_filter *filter,
		      struct http_exchange *exchange)
{
	const struct alert_set *set = alerts->conf.alerts;
	json_t *list = json_array();
	int64_t last = 0;

	for (size_t i = alert_set_n_open(set); i-- > 0;) {
		const struct alert *alert = alert_set_open(set, i);

		if (!alert_filter_fits(filter, alert))
			continue;
		if (json_array_size(list) == filter->limit) {
			reply(exchange, "alerts", list, last);
			return;
		}
		json_array_append_new(list, alert_json(alert, name_of(alerts, alert->device_id)));
		last = alert->id;
	}
	reply(exchange, "alerts", list, 0);
}

/* ---- what is asked for ---- */

/* NULL: nobody waits any more, or it was told that there is nothing. */
static struct http_exchange *take(struct alerts_wait *wait, int err)
{
	if (!wait->exchange)
		return NULL;
	http_exchange_on_abort(wait->exchange, NULL, NULL);
	if (err == 0)
		return wait->exchange;
	http_reply_error(wait->exchange, 503, "the store does not answer");
	return NULL;
}

static void on_alerts(void *data, int err, const struct alert *rows, size_t n)
{
	cleanup_free struct alerts_wait *wait = data;
	struct http_exchange *exchange = take(wait, err);
	json_t *list;

	if (!exchange)
		return;
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			list, alert_json(&rows[i], name_of(wait->alerts, rows[i].device_id)));
	reply(exchange, "alerts", list, n == wait->limit ? rows[n - 1].id : 0);
}

static void on_outages(void *data, int err, const struct outage_row *rows, size_t n)
{
	cleanup_free struct alerts_wait *wait = data;
	struct http_exchange *exchange = take(wait, err);
	json_t *list;

	if (!exchange)
		return;
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			list, alert_json_outage(&rows[i],
						name_of(wait->alerts, rows[i].outage.device_id)));
	reply(exchange, "outages", list, n == wait->limit ? rows[n - 1].id : 0);
}

static void on_abort(void *data)
{
	((struct alerts_wait *)data)->exchange = NULL;
}

static struct alerts_wait *wait_for(const struct http_alerts *alerts,
				    const struct alert_filter *filter,
				    struct http_exchange *exchange)
{
	struct alerts_wait *wait = calloc(1, sizeof(*wait));

	if (!wait) {
		http_reply_error(exchange, 500, "out of memory");
		return NULL;
	}
	*wait = (struct alerts_wait){alerts, exchange, filter->limit};
	http_exchange_on_abort(exchange, on_abort, wait);
	return wait;
}

void http_alerts_list(struct http_alerts *alerts, struct http_exchange *exchange)
{
	struct alert_filter filter;
	struct alerts_wait *wait;
	const char *error;

	if (alert_query_parse(http_exchange_request(exchange)->query, &filter, &error) < 0) {
		http_reply_error(exchange, 400, error);
		return;
	}
	if (filter.which == ALERTS_OPEN) {
		list_open(alerts, &filter, exchange);
		return;
	}
	wait = wait_for(alerts, &filter, exchange);
	if (wait)
		alerts->conf.query(alerts->conf.data, &filter, on_alerts, wait);
}

void http_alerts_outages(struct http_alerts *alerts, struct http_exchange *exchange)
{
	struct alert_filter filter;
	struct alerts_wait *wait;
	const char *error;

	if (outage_query_parse(http_exchange_request(exchange)->query, &filter, &error) < 0) {
		http_reply_error(exchange, 400, error);
		return;
	}
	wait = wait_for(alerts, &filter, exchange);
	if (wait)
		alerts->conf.query_outages(alerts->conf.data, &filter, on_outages, wait);
}

/* ---- answers ---- */

static void reply_answered(const struct http_alerts *alerts, struct http_exchange *exchange,
			   int64_t id)
{
	const struct alert *alert = alert_set_find(alerts->conf.alerts, id);
	cleanup_(http_reply_json_freep) json_t *json =
		alert ? alert_json(alert, name_of(alerts, alert->device_id)) : NULL;

	http_reply_json(exchange, 200, json);
}

static void refuse(struct http_exchange *exchange, int err)
{
	if (err == -EACCES)
		http_reply_error(exchange, 403, "answering needs the role operator");
	else if (err == -ENOENT)
		http_reply_error(exchange, 404, "there is no such alert, or it is over");
	else if (err == -EALREADY)
		http_reply_error(exchange, 409, "it is as asked for already");
	else
		http_reply_error(exchange, 503, "the store takes nothing: not done");
}

void http_alerts_answer(struct http_alerts *alerts, struct http_exchange *exchange,
			const char *path)
{
	struct alert_answer answer;
	struct person person;
	const char *error;
	int r;

	if (!http_person_permits(exchange, alerts->conf.people, PERSON_OPERATOR, &person))
		return;
	r = alert_answer_query_parse(path, http_exchange_request(exchange)->query, &answer, &error);
	if (r < 0) {
		http_reply_error(exchange, 400, error);
		return;
	}
	r = alerts->conf.answer(alerts->conf.data, &person, &answer);
	if (r < 0)
		refuse(exchange, r);
	else
		reply_answered(alerts, exchange, answer.alert_id);
}

int http_alerts_new(const struct http_alerts_conf *conf, struct http_alerts **ret)
{
	struct http_alerts *alerts = calloc(1, sizeof(*alerts));

	assert(conf->alerts && conf->query && conf->query_outages && conf->answer);
	if (!alerts)
		return -ENOMEM;
	alerts->conf = *conf;
	*ret = alerts;
	return 0;
}

struct http_alerts *http_alerts_free(struct http_alerts *alerts)
{
	free(alerts);
	return NULL;
}
