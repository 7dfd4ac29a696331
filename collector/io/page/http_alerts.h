/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/alerts and /api/v1/outages; POST /api/v1/alerts/ID/ack and the like. */
#pragma once

#include <stddef.h>

#include "collector/core/alert/alert_answer.h"
#include "collector/core/alert/alert_filter.h"
#include "collector/core/alert/outage_row.h"

struct device_set;
struct http_alerts;
struct http_exchange;

/* Newest first, valid only during the call, made once, on the loop's thread. */
typedef void http_alerts_fn(void *fn_data, int err, const struct alert *alerts, size_t n);
typedef void http_alerts_query_fn(void *data, const struct alert_filter *filter, http_alerts_fn *fn,
				  void *fn_data);
typedef void http_outages_fn(void *fn_data, int err, const struct outage_row *outages, size_t n);
typedef void http_outages_query_fn(void *data, const struct alert_filter *filter,
				   http_outages_fn *fn, void *fn_data);

/* As alert_set_answer(). */
typedef int http_answer_fn(void *data, const struct person *person,
			   const struct alert_answer *answer);

struct http_alerts_conf {
	const struct device_set *devices; /* followed at each request, as the next */
	const struct alert_set *alerts;	  /* what is open; the rest is asked for */
	http_alerts_query_fn *query;
	http_outages_query_fn *query_outages;
	http_answer_fn *answer;
	struct people *people; /* whose tokens are believed */
	void *data;	       /* of all of them */
};

/* 0 or -ENOMEM. */
int http_alerts_new(const struct http_alerts_conf *conf, struct http_alerts **ret);
struct http_alerts *http_alerts_free(struct http_alerts *alerts); /* free the server first */

void http_alerts_list(struct http_alerts *alerts, struct http_exchange *exchange);
void http_alerts_outages(struct http_alerts *alerts, struct http_exchange *exchange);
/* path: "ID/ack" and the like. */
void http_alerts_answer(struct http_alerts *alerts, struct http_exchange *exchange,
			const char *path);
