/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the archives' specification and prints it for rrdcreate(1). Rows are given as
 * durations, not as counts of steps, so one list serves groups of any poll interval.
 */
#include "collector/core/series/rrd_rra.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"

static int parse_duration(const char *text, char end, const char **ret_rest, int64_t *ret_s)
{
	static const struct {
		char unit;
		int64_t s;
	} units[] = {{'s', 1},	   {'m', 60},	     {'h', 3600},
		     {'d', 86400}, {'w', 7 * 86400}, {'y', 365 * 86400}};
	int64_t n = 0;
	const char *p;

	for (p = text; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > 100000000)
			return -EINVAL;
	}
	if (p == text || n == 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (*p != units[i].unit || p[1] != end)
			continue;
		*ret_s = n * units[i].s;
		*ret_rest = p + 1;
		return 0;
	}
	return -EINVAL;
}

static int parse_cf(const char *text, char *ret, const char **ret_rest)
{
	static const char *const names[] = {"AVERAGE", "MIN", "MAX", "LAST"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const size_t len = strlen(names[i]);

		if (strncmp(text, names[i], len) != 0 || text[len] != ':')
			continue;
		strcpy(ret, names[i]);
		*ret_rest = text + len + 1;
		return 0;
	}
	return -EINVAL;
}

int rrd_rra_parse(const char *text, struct rrd_rra *ret)
{
	struct rrd_rra rra = {0};
	const char *p = text;
	char *end;

	if (parse_cf(p, rra.cf, &p) < 0)
		return -EINVAL;
	if (*p < '0' || *p > '9')
		return -EINVAL;
	rra.xff = strtod(p, &end);
	if (*end != ':' || !(rra.xff >= 0 && rra.xff < 1))
		return -EINVAL;
	if (parse_duration(end + 1, ':', &p, &rra.row_s) < 0)
		return -EINVAL;
	if (parse_duration(p + 1, '\0', &p, &rra.keep_s) < 0)
		return -EINVAL;
	if (rra.keep_s < rra.row_s || rra.keep_s / rra.row_s > 10000000)
		return -EINVAL;
	*ret = rra;
	return 0;
}

const char *rrd_rra_check(const char *value)
{
	struct rrd_rra rra;

	if (rrd_rra_parse(value, &rra) == 0)
		return NULL;
	return "CF:XFF:ROW:KEEP such as \"AVERAGE:0.5:5m:100d\" (CF one of AVERAGE, MIN, "
	       "MAX, LAST; "
	       "durations with s, m, h, d, w or y; KEEP not below ROW)";
}

void rrd_rra_format(const struct rrd_rra *rra, int64_t step_s, char *buf)
{
	int64_t steps = (rra->row_s + step_s / 2) / step_s, rows;

	assert(step_s > 0);
	if (steps < 1)
		steps = 1;
	rows = rra->keep_s / (steps * step_s);
	if (rows < 1)
		rows = 1;
	snprintf(buf, RRD_RRA_TEXT_MAX, "RRA:%s:%.4g:%" PRId64 ":%" PRId64, rra->cf, rra->xff,
		 steps, rows);
}

const char *const *rrd_rra_default_traffic(void)
{
	static const char *const list[] = {
		"AVERAGE:0.5:1m:7d",	"AVERAGE:0.5:5m:100d",
		"AVERAGE:0.5:30m:400d", "AVERAGE:0.5:1d:10y",
		"MAX:0.5:5m:100d",	"MAX:0.5:30m:400d",
		"MAX:0.5:1d:10y",	NULL,
	};

	return list;
}

const char *const *rrd_rra_default_other(void)
{
	static const char *const list[] = {
		"AVERAGE:0.5:1m:2d", "AVERAGE:0.5:5m:14d", "AVERAGE:0.5:1h:400d",
		"MAX:0.5:5m:14d",    "MAX:0.5:1h:400d",	   NULL,
	};

	return list;
}
