/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/conf/threshold_conf.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/conf/notify_conf.h"
#include "collector/core/device/inventory.h"
#include "common/conf/conf_terms.h"

/* Thousands would be a guess; a comma is what people here write. */
static bool parse_number(const char *text, double *ret)
{
	char copy[32], *comma, *end;

	if (text[0] == '\0' || strlen(text) >= sizeof(copy) ||
	    strspn(text, "0123456789.,-") != strlen(text))
		return false;
	strcpy(copy, text);
	comma = strchr(copy, ',');
	if (comma)
		*comma = '.';
	*ret = strtod(copy, &end);
	return *end == '\0' && isfinite(*ret);
}

static const char *check_number(const char *value)
{
	double number;

	return value[0] == '\0' || parse_number(value, &number) ? NULL : "a number like 80 or 0.5";
}

static const char *check_value(const char *value)
{
	const char *dot = strchr(value, '.');
	const size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789_-.");

	return dot && dot > value && dot[1] != '\0' && value[n] == '\0'
		       ? NULL
		       : "a group and a value of it, like traffic.load or cpu.cpu";
}

#define STR(f, n, d, h, check) CONF_STR(struct threshold_conf, f, n, d, h, check)
#define LIST(f, n, h, check)   CONF_STR_LIST_OR_NONE(struct threshold_conf, f, n, h, check)

const struct conf_key THRESHOLD_CONF_KEYS[] = {
	STR(value, "value", "",
	    "GROUP.NAME as pantauctl device shows it; traffic.load is the share "
	    "of the capacity in percent",
	    check_value),
	STR(above, "above", "", "limit that is too much to pass", check_number),
	STR(below, "below", "", "limit that is too little", check_number),
	STR(clear, "clear", "", "value at which it is over; empty: the limit", check_number),
	CONF_INT(struct threshold_conf, for_ms, "for", 300000, 0, INT64_C(604800000), "ms",
		 "how long it has to last, to begin and to be over"),
	CONF_ENUM(struct threshold_conf, severity, "severity", SEVERITY_WARNING, CONF_SEVERITIES,
		  "of the alert"),
	CONF_ENUM(struct threshold_conf, when, "when", WHEN_ALWAYS, CONF_WHENS,
		  "in office hours, outside, or always"),
	LIST(groups, "groups", "the inventory's group; {} is all", conf_check_line),
	LIST(kinds, "kinds", "core, opd, hotspot; {} is all", inventory_kind_problem),
	LIST(devices, "devices", "ids; {} is all", conf_check_line),
	LIST(providers, "providers", "the inventory's provider; {} is all", conf_check_line),
	LIST(links, "links", "names of links, SSIDs or other objects, with * and ?; {} is all",
	     conf_check_line),
	CONF_END_PLACED(struct threshold_conf, places),
};

double threshold_conf_limit(const struct threshold_conf *conf)
{
	double limit = NAN;

	parse_number(conf->above[0] ? conf->above : conf->below, &limit);
	return limit;
}

double threshold_conf_clear(const struct threshold_conf *conf)
{
	double clear = threshold_conf_limit(conf);

	parse_number(conf->clear, &clear);
	return clear;
}

static bool is_title(const char *title)
{
	const size_t n = strspn(title, "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return n > 0 && n <= THRESHOLD_TITLE_MAX && title[n] == '\0';
}

static const char *problem_of(const struct threshold_conf *conf)
{
	if (!is_title(conf->title))
		return "its title: is not a name; write 1 to 24 of a-z, 0-9, '-' and '_'";
	if (conf->value[0] == '\0')
		return "value: is missing; write e.g. \"traffic.load\"";
	if ((conf->above[0] == '\0') == (conf->below[0] == '\0'))
		return "above: write a limit as above or as below, and one of the two";
	if (conf->above[0] && threshold_conf_clear(conf) > threshold_conf_limit(conf))
		return "clear: is above the limit; write one below it";
	if (conf->below[0] && threshold_conf_clear(conf) < threshold_conf_limit(conf))
		return "clear: is below the limit; write one above it";
	return NULL;
}

int threshold_conf_check(const struct threshold_conf *conf, size_t n, struct conf_errors *errors)
{
	const size_t before = errors->n;

	if (n > THRESHOLDS_MAX)
		conf_errors_add(errors, "%s: threshold: more than %d; join some",
				conf_places_end(conf[THRESHOLDS_MAX].places), THRESHOLDS_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *problem = problem_of(&conf[i]);

		if (problem)
			conf_errors_add(errors, "%s: threshold \"%.40s\": %s",
					conf_places_end(conf[i].places), conf[i].title, problem);
	}
	return errors->n == before ? 0 : -EINVAL;
}
