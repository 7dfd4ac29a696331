/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody asks of alerts and outages, from a URL's query. */
#pragma once

#include "collector/core/alert/alert_answer.h"
#include "collector/core/alert/alert_filter.h"

/* All return 0, or -EINVAL with what is wrong in *ret_error, which is constant text. */

/* state=, device=, severity=, kind=, acknowledged=, before=, limit=. */
int alert_query_parse(const char *text, struct alert_filter *ret, const char **ret_error);
/* state=, device=, before=, limit=; of all where no state is given. */
int outage_query_parse(const char *text, struct alert_filter *ret, const char **ret_error);
/* path: "17/ack"; its fields: note=, cause=, until_ms=. */
int alert_answer_query_parse(const char *path, const char *text, struct alert_answer *ret,
			     const char **ret_error);
