/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/check/check_object.h"

#include <math.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/core/words/figure_text.h"
#include "common/base/cleanup.h"

enum check_state check_object_state(const char *status)
{
	static const struct {
		const char *status;
		enum check_state state;
	} STATES[] = {
		{"up", CHECK_OK},
		{"degraded", CHECK_WARNING},
		{"suspect", CHECK_WARNING},
		{"snmp-silent", CHECK_WARNING},
		{"down", CHECK_CRITICAL},
		{"unreachable", CHECK_UNKNOWN},
		{"auth-failed", CHECK_UNKNOWN},
		{"pending", CHECK_UNKNOWN},
	};

	for (size_t i = 0; i < ARRAY_LEN(STATES); i++)
		if (strcmp(STATES[i].status, status) == 0)
			return STATES[i].state;
	return CHECK_UNKNOWN;
}

static void put_figure(struct check_result *result, const char *name, const char *unit,
		       double value, double min, double max)
{
	check_result_figure(
		result,
		&(struct check_figure){
			.name = name, .unit = unit, .value = value, .min = min, .max = max});
}

static void say_word(struct check_result *result, enum words_lang lang, enum word word,
		     const char *const *values)
{
	char text[CHECK_LINE_MAX];

	check_result_say(result, words_fill(text, sizeof(text), words_text(lang, word), values));
}

/* "down · no answer"; the cause, if there is one. */
static void status_text(enum words_lang lang, const json_t *object, char *buf, size_t size)
{
	const char *cause = member_text(object, "cause");

	snprintf(buf, size, "%s%s%s", words_named(lang, "status", member_text(object, "status")),
		 cause[0] ? ": " : "", cause[0] ? words_named(lang, "cause", cause) : "");
}

/* ---- a device ---- */

/* The metric of that group, object (NULL: any) and name; NAN where there is none. */
static double metric_of(const json_t *device, const char *group, const char *object,
			const char *name)
{
	const json_t *metrics = json_object_get(device, "metrics"), *metric;
	size_t i;

	json_array_foreach (metrics, i, metric) {
		if (strcmp(member_text(metric, "group"), group) == 0 &&
		    strcmp(member_text(metric, "name"), name) == 0 &&
		    (!object || strcmp(member_text(metric, "object"), object) == 0))
			return member_number(metric, "value");
	}
	return NAN;
}

static bool has_path(const json_t *device, const char *path)
{
	const json_t *metrics = json_object_get(device, "metrics"), *metric;
	size_t i;

	json_array_foreach (metrics, i, metric) {
		if (strcmp(member_text(metric, "group"), "path") == 0 &&
		    strcmp(member_text(metric, "object"), path) == 0)
			return true;
	}
	return false;
}

static void add_link_line(struct check_result *result, enum words_lang lang, const json_t *link)
{
	char in[FIGURE_TEXT_MAX], out[FIGURE_TEXT_MAX], line[CHECK_LINE_MAX];

	snprintf(line, sizeof(line), "%s: %s, %s %s, %s %s", member_text(link, "name"),
		 words_named(lang, "oper", member_text(link, "oper")),
		 words_text(lang, WORD_TERM_IN),
		 figure_rate(lang, member_number(link, "in_bps"), in),
		 words_text(lang, WORD_TERM_OUT),
		 figure_rate(lang, member_number(link, "out_bps"), out));
	check_result_line(result, line);
}

void check_object_device(struct check_result *result, enum words_lang lang, const json_t *device)
{
	const char *where = member_text(device, "trouble_at");
	const json_t *links = json_object_get(device, "links"), *link;
	char text[CHECK_LINE_MAX];
	size_t i;

	check_result_worsen(result, check_object_state(member_text(device, "status")));
	check_result_say(result, member_text(device, "name"));
	status_text(lang, device, text, sizeof(text));
	check_result_say(result, text);
	if (where[0])
		check_result_line(result, words_named(lang, "trouble_at", where));
	json_array_foreach (links, i, link)
		add_link_line(result, lang, link);
	put_figure(result, "rtt", "ms", metric_of(device, "ping", NULL, "rtt"), 0, NAN);
	put_figure(result, "loss", "%", metric_of(device, "ping", NULL, "loss"), 0, 100);
	put_figure(result, "in_bps", "", member_number(device, "in_bps"), 0,
		   member_number(device, "capacity_in_bps"));
	put_figure(result, "out_bps", "", member_number(device, "out_bps"), 0,
		   member_number(device, "capacity_out_bps"));
	put_figure(result, "clients", "", member_number(device, "clients"), 0, NAN);
}

/* ---- a link, a path ---- */

static const json_t *find_link(const json_t *device, const char *name)
{
	const json_t *links = json_object_get(device, "links"), *link;
	size_t i;

	json_array_foreach (links, i, link) {
		if (strcmp(member_text(link, "name"), name) == 0)
			return link;
	}
	return NULL;
}

/* A device that is not heard knows nothing of its links now. */
static enum check_state link_state(const json_t *device, const json_t *link)
{
	const enum check_state of_device = check_object_state(member_text(device, "status"));
	const char *oper = member_text(link, "oper");

	if (strcmp(member_text(link, "admin"), "down") == 0)
		return CHECK_OK;
	if (strcmp(oper, "up") == 0 || strcmp(oper, "dormant") == 0)
		return of_device == CHECK_WARNING ? CHECK_OK : of_device;
	if (strcmp(oper, "unknown") == 0 || !member_bool(link, "present"))
		return CHECK_UNKNOWN;
	return CHECK_CRITICAL;
}

static void put_link_figures(struct check_result *result, const json_t *link)
{
	static const char *const PER_S[] = {"in_errors_per_s", "out_errors_per_s",
					    "in_discards_per_s", "out_discards_per_s"};

	put_figure(result, "load", "%", 100 * member_number(link, "load"), 0, 100);
	put_figure(result, "in_bps", "", member_number(link, "in_bps"), 0,
		   member_number(link, "capacity_in_bps"));
	put_figure(result, "out_bps", "", member_number(link, "out_bps"), 0,
		   member_number(link, "capacity_out_bps"));
	for (size_t i = 0; i < ARRAY_LEN(PER_S); i++)
		put_figure(result, PER_S[i], "", member_number(link, PER_S[i]), 0, NAN);
}

void check_object_link(struct check_result *result, enum words_lang lang, const json_t *device,
		       const char *name)
{
	const json_t *link = find_link(device, name);
	char in[FIGURE_TEXT_MAX], out[FIGURE_TEXT_MAX], text[CHECK_LINE_MAX];

	if (!link) {
		check_result_worsen(result, CHECK_UNKNOWN);
		say_word(result, lang, WORD_CHECK_NO_LINK,
			 (const char *const[]){"device", member_text(device, "id"), "link", name,
					       NULL});
		return;
	}
	check_result_worsen(result, link_state(device, link));
	snprintf(text, sizeof(text), "%s %s: %s", member_text(device, "name"), name,
		 words_named(lang, "oper", member_text(link, "oper")));
	check_result_say(result, text);
	snprintf(text, sizeof(text), "%s %s, %s %s", words_text(lang, WORD_TERM_IN),
		 figure_rate(lang, member_number(link, "in_bps"), in),
		 words_text(lang, WORD_TERM_OUT),
		 figure_rate(lang, member_number(link, "out_bps"), out));
	check_result_say(result, text);
	if (check_object_state(member_text(device, "status")) != CHECK_OK) {
		status_text(lang, device, text, sizeof(text));
		check_result_line(result, text);
	}
	put_link_figures(result, link);
}

void check_object_path(struct check_result *result, enum words_lang lang, const json_t *device,
		       const char *path)
{
	const double loss = metric_of(device, "path", path, "loss"),
		     rtt = metric_of(device, "path", path, "rtt");
	char number[FIGURE_TEXT_MAX], text[CHECK_LINE_MAX];

	if (!has_path(device, path)) {
		check_result_worsen(result, CHECK_UNKNOWN);
		say_word(result, lang, WORD_CHECK_NO_PATH,
			 (const char *const[]){"device", member_text(device, "id"), "path", path,
					       NULL});
		return;
	}
	check_result_worsen(result, isnan(loss)	  ? CHECK_UNKNOWN
				    : loss >= 100 ? CHECK_CRITICAL
						  : CHECK_OK);
	snprintf(text, sizeof(text), "%s %s: %s %s%%", member_text(device, "name"), path,
		 words_text(lang, WORD_TERM_LOSS), figure_number(lang, loss, number));
	check_result_say(result, text);
	snprintf(text, sizeof(text), "%s ms", figure_number(lang, rtt, number));
	check_result_say(result, text);
	put_figure(result, "loss", "%", loss, 0, 100);
	put_figure(result, "rtt", "ms", rtt, 0, NAN);
	put_figure(result, "jitter", "ms", metric_of(device, "path", path, "jitter"), 0, NAN);
}

/* ---- many ---- */

static bool is_of(const json_t *device, const char *key, const char *want)
{
	return !want || strcmp(member_text(device, key), want) == 0;
}

static bool is_in(const json_t *device, const struct check_group *group)
{
	return is_of(device, "kind", group->kind) && is_of(device, "group", group->group) &&
	       is_of(device, "provider", group->provider) &&
	       is_of(device, "kelurahan", group->kelurahan);
}

struct group_counts {
	size_t total, ok, critical, unknown;
	double clients;
};

static void count_device(struct group_counts *counts, const json_t *device)
{
	const enum check_state state = check_object_state(member_text(device, "status"));
	const double clients = member_number(device, "clients");

	counts->total++;
	counts->ok += state == CHECK_OK;
	counts->critical += state == CHECK_CRITICAL;
	counts->unknown += state == CHECK_UNKNOWN;
	if (isfinite(clients))
		counts->clients = (isfinite(counts->clients) ? counts->clients : 0) + clients;
}

static void put_counts(struct check_result *result, enum words_lang lang,
		       const struct group_counts *counts)
{
	const double total = (double)counts->total, ok = (double)counts->ok;
	char of[FIGURE_TEXT_MAX], up[FIGURE_TEXT_MAX];

	say_word(result, lang, WORD_CHECK_UP_OF,
		 (const char *const[]){"n", figure_number(lang, ok, up), "total",
				       figure_number(lang, total, of), NULL});
	put_figure(result, "not_up", "%", counts->total > 0 ? 100 * (total - ok) / total : NAN, 0,
		   100);
	put_figure(result, "up", "", ok, 0, total);
	put_figure(result, "down", "", (double)counts->critical, 0, total);
	put_figure(result, "unknown", "", (double)counts->unknown, 0, total);
	put_figure(result, "clients", "", counts->clients, 0, NAN);
}

void check_object_group(struct check_result *result, enum words_lang lang, const json_t *devices,
			const struct check_group *group)
{
	struct group_counts counts = {.clients = NAN};
	const json_t *device;
	char status[CHECK_LINE_MAX / 2], line[CHECK_LINE_MAX];
	size_t i;

	json_array_foreach (devices, i, device) {
		if (!is_in(device, group))
			continue;
		count_device(&counts, device);
		if (check_object_state(member_text(device, "status")) == CHECK_OK)
			continue;
		status_text(lang, device, status, sizeof(status));
		snprintf(line, sizeof(line), "%s %.*s: %s", member_text(device, "id"),
			 CHECK_LINE_MAX / 4, member_text(device, "name"), status);
		check_result_line(result, line);
	}
	if (counts.total == 0) {
		check_result_worsen(result, CHECK_UNKNOWN);
		say_word(result, lang, WORD_CHECK_NO_DEVICES, (const char *const[]){NULL});
		return;
	}
	check_result_worsen(result, counts.critical > 0	       ? CHECK_CRITICAL
				    : counts.ok < counts.total ? CHECK_WARNING
							       : CHECK_OK);
	put_counts(result, lang, &counts);
}

/* ---- the collector ---- */

static void put_remarks(struct check_result *result, enum words_lang lang, const json_t *remarks)
{
	const json_t *remark;
	size_t i;

	json_array_foreach (remarks, i, remark) {
		const char *name = json_string_value(remark);

		if (!name)
			continue;
		check_result_worsen(result,
				    strstr(name, "failing") ? CHECK_CRITICAL : CHECK_WARNING);
		check_result_line(result, words_named(lang, "service", name));
	}
}

void check_object_collector(struct check_result *result, enum words_lang lang, const json_t *status)
{
	const json_t *devices = json_object_get(status, "devices"),
		     *counters = json_object_get(status, "counters");
	const int64_t now_ms = member_integer(status, "now_ms"),
		      started_ms = member_integer(status, "started_ms");
	const double total = member_number(devices, "total");
	char number[FIGURE_TEXT_MAX], text[CHECK_LINE_MAX];

	snprintf(text, sizeof(text), "pantau-collector %s", member_text(status, "version"));
	check_result_say(result, text);
	say_word(result, lang, WORD_CHECK_RUNNING,
		 (const char *const[]){"span", figure_duration(lang, now_ms - started_ms, number),
				       NULL});
	put_remarks(result, lang, json_object_get(status, "remarks"));
	put_figure(result, "uptime", "s", (double)(now_ms - started_ms) / 1000, 0, NAN);
	put_figure(result, "devices", "", total, 0, NAN);
	put_figure(result, "up", "", member_number(devices, "up"), 0, total);
	put_figure(result, "polls", "c", member_number(counters, "pantau_poll_cycles_total"), 0,
		   NAN);
	put_figure(result, "polls_failed", "c",
		   member_number(counters, "pantau_poll_cycles_failed_total"), 0, NAN);
	put_figure(result, "polls_late", "c", member_number(counters, "pantau_poll_late_total"), 0,
		   NAN);
}
