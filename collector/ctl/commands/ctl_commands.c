/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that ask the collector, and how they show what it says. */
#include "collector/ctl/commands/ctl_commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/event_json.h"
#include "collector/codec/page/member.h"
#include "collector/core/judge/event_text.h"
#include "collector/ctl/commands/ctl_ask.h"
#include "collector/ctl/words/ctl_status_text.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/base/cleanup.h"

/* ---- devices ---- */

int ctl_devices(struct ctl *ctl, int argc, char **argv)
{
	static const char *const KEYS[] = {"kind", "status", "q", NULL};
	char path[CTL_QUERY_MAX] = "devices";
	enum ctl_outcome outcome;
	json_t *devices;

	if (ctl_read_filters(ctl, argc, argv, KEYS, path) < 0)
		return ctl_usage(ctl, "devices");
	outcome = ctl_ask(ctl, path, &devices);
	if (outcome != CTL_OK) {
		json_decref(devices);
		return ctl_complain(ctl, outcome);
	}
	if (ctl->json)
		return ctl_print_json(devices);
	ctl_device_list_text(ctl->lang, ctl->now_ms, devices, stdout);
	json_decref(devices);
	return EXIT_SUCCESS;
}

/* ---- status ---- */

int ctl_status(struct ctl *ctl, int argc, char **argv)
{
	char started[CTL_TEXT_MAX], now[CTL_TEXT_MAX], line[512];
	json_t *status, *devices = NULL;
	enum ctl_outcome outcome;

	(void)argv;
	if (argc > 0)
		return ctl_usage(ctl, "status");
	outcome = ctl_ask_clock(ctl, &status);
	if (outcome != CTL_OK)
		return ctl_complain(ctl, outcome);
	if (ctl->json)
		return ctl_print_json(status);
	words_fill(line, sizeof(line), words_text(ctl->lang, WORD_CTL_RUNNING),
		   (const char *const[]){
			   "place", member_text(status, "place"), "version",
			   member_text(status, "version"), "since",
			   ctl_time(member_integer(status, "started_ms"), ctl->now_ms, started),
			   "now", ctl_time(ctl->now_ms, ctl->now_ms, now), NULL});
	printf("%s\n\n", line);
	ctl_service_text(ctl->lang, status, stdout);
	ctl_status_text(ctl->lang, status, stdout);
	json_decref(status);
	outcome = ctl_client_get(&ctl->client, "devices", &devices);
	if (outcome == CTL_OK) {
		putchar('\n');
		ctl_worst_text(ctl->lang, ctl->now_ms, devices, stdout);
	}
	json_decref(devices);
	return outcome == CTL_OK ? EXIT_SUCCESS : ctl_complain(ctl, outcome);
}

/* ---- events ---- */

static void print_events(const struct ctl *ctl, const json_t *events)
{
	static const enum word HEADINGS[] = {WORD_TERM_TIME, WORD_TERM_DEVICE, WORD_TERM_EVENT,
					     WORD_TERM_TEXT};
	struct ctl_table *table = ctl_table_headed(ctl->lang, "llll", HEADINGS);

	/* the API gives the newest first; people read downwards */
	for (size_t i = json_array_size(events); table && i-- > 0;) {
		char time[CTL_TEXT_MAX], what[EVENT_TEXT_MAX], details[EVENT_TEXT_MAX];
		const json_t *e = json_array_get(events, i);
		struct event event;

		event_json_read(e, &event);
		event_text_what(ctl->lang, &event, what, sizeof(what));
		event_text_details(ctl->lang, &event.params, details, sizeof(details));
		ctl_table_row(table,
			      (const char *const[]){
				      ctl_time(event.time_ms, ctl->now_ms, time), event.device_id,
				      /* of a newer collector: its own word */
				      event.kind == EVENT_KIND_N ? member_text(e, "kind") : what,
				      details});
	}
	if (table && json_array_size(events) > 0)
		ctl_table_print(table, stdout);
	else
		puts(words_text(ctl->lang, WORD_EVENTS_NONE));
	ctl_table_free(table);
}

int ctl_events(struct ctl *ctl, int argc, char **argv)
{
	static const char *const KEYS[] = {"limit", "device", "before", NULL};
	char path[CTL_QUERY_MAX] = "events";
	enum ctl_outcome outcome;
	json_t *events;

	if (ctl_read_filters(ctl, argc, argv, KEYS, path) < 0)
		return ctl_usage(ctl, "events");
	outcome = ctl_ask(ctl, path, &events);
	if (outcome != CTL_OK) {
		json_decref(events);
		return ctl_complain(ctl, outcome);
	}
	if (ctl->json)
		return ctl_print_json(events);
	print_events(ctl, events);
	json_decref(events);
	return EXIT_SUCCESS;
}

/* ---- one device ---- */

/* key: WORD_N if the line above has it. */
static void put_fact(const struct ctl *ctl, struct ctl_table *table, enum word key,
		     const char *value)
{
	const char *heading = key == WORD_N ? "" : words_text(ctl->lang, key);

	if (value && value[0] && strcmp(value, "-") != 0)
		ctl_table_row(table, (const char *const[]){heading, value});
}

static void put_remark(const struct ctl *ctl, struct ctl_table *table, const json_t *d,
		       enum word heading, const char *remark)
{
	const json_t *links = json_object_get(d, "unknown_links"), *link;
	char line[512];
	size_t used, i;

	used = (size_t)snprintf(line, sizeof(line), "%s", words_named(ctl->lang, "remark", remark));
	if (strcmp(remark, "unknown-link") == 0)
		json_array_foreach (links, i, link)
			if (used < sizeof(line))
				used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s",
							 i == 0 ? ": " : ", ",
							 json_string_value(link));
	put_fact(ctl, table, heading, line);
}

static void put_failure(const struct ctl *ctl, struct ctl_table *table, const json_t *d)
{
	const char *why = member_text(d, "poll_failure");
	char line[256];

	put_fact(ctl, table, WORD_TERM_ANSWERS_FROM, member_text(d, "answers_from"));
	if (!why[0])
		return;
	words_fill(line, sizeof(line), words_text(ctl->lang, WORD_DEVICE_POLL_FAILED),
		   (const char *const[]){"why", words_named(ctl->lang, "failure", why), NULL});
	put_fact(ctl, table, WORD_TERM_PROBLEM, line);
}

/* Why the last poll failed, and how it answers, in the reader's language. */
static void put_remarks(const struct ctl *ctl, struct ctl_table *table, const json_t *d)
{
	const json_t *remarks = json_object_get(d, "remarks"), *one;
	char text[CTL_TEXT_MAX];
	size_t i;

	put_failure(ctl, table, d);
	json_array_foreach (remarks, i, one)
		put_remark(ctl, table, d, i == 0 ? WORD_TERM_REMARK : WORD_N,
			   json_string_value(one));
	put_fact(ctl, table, WORD_TERM_VALUES_AT_ONCE,
		 figure_number(ctl->lang, member_number(d, "values_at_once"), text));
}

/* "a, b" of an array of texts; returns buf. */
static const char *joined_texts(const json_t *object, const char *key, char *buf, size_t size)
{
	const json_t *one;
	size_t n = 0, i;

	buf[0] = '\0';
	json_array_foreach (json_object_get(object, key), i, one) {
		if (n < size)
			n += (size_t)snprintf(buf + n, size - n, "%s%s", i > 0 ? ", " : "",
					      json_string_value(one));
	}
	return buf;
}

static void print_facts(const struct ctl *ctl, const json_t *d)
{
	struct ctl_table *table = ctl_table_new("ll", NULL);
	int64_t since_ms = member_integer(d, "since_ms"),
		answer_ms = member_integer(d, "last_answer_ms");
	double uptime_s = member_number(d, "uptime_s");
	char a[CTL_TEXT_MAX], b[CTL_TEXT_MAX], line[512];

	if (!table)
		return;
	put_fact(ctl, table, WORD_TERM_NAME, member_text(d, "name"));
	snprintf(line, sizeof(line), "%s%s%s",
		 ctl_status_word(ctl->lang, member_text(d, "status"), a),
		 member_text(d, "cause")[0] ? ": " : "",
		 words_named(ctl->lang, "cause", member_text(d, "cause")));
	put_fact(ctl, table, WORD_TERM_STATE, line);
	snprintf(line, sizeof(line), "%s (%s)", ctl_time(since_ms, ctl->now_ms, a),
		 figure_duration(ctl->lang, ctl->now_ms - since_ms, b));
	put_fact(ctl, table, WORD_TERM_SINCE, since_ms ? line : "");
	put_remarks(ctl, table, d);
	put_fact(ctl, table, WORD_TERM_ADDRESS, member_text(d, "address"));
	snprintf(line, sizeof(line), "%s%s%s", member_text(d, "kelurahan"),
		 member_text(d, "kelurahan")[0] ? ", " : "", member_text(d, "kecamatan"));
	put_fact(ctl, table, WORD_TERM_PLACE, line);
	put_fact(ctl, table, WORD_TERM_PROVIDER, member_text(d, "provider"));
	snprintf(line, sizeof(line), "%s %s", member_text(d, "parent"),
		 member_text(d, "parent_port"));
	put_fact(ctl, table, WORD_TERM_PARENT, member_text(d, "parent")[0] ? line : "");
	put_fact(ctl, table, WORD_TERM_BACKUP_PARENTS,
		 joined_texts(d, "backup_parents", line, sizeof(line)));
	put_fact(ctl, table, WORD_TERM_GROUP, member_text(d, "group"));
	put_fact(ctl, table, WORD_TERM_SEVERITY,
		 words_named(ctl->lang, "severity", member_text(d, "severity")));
	put_fact(ctl, table, WORD_TERM_FEEDER, member_text(d, "feeder"));
	put_fact(ctl, table, WORD_TERM_TROUBLE_AT,
		 words_named(ctl->lang, "trouble_at", member_text(d, "trouble_at")));
	put_fact(ctl, table, WORD_TERM_PROFILE, member_text(d, "profile"));
	put_fact(ctl, table, WORD_TERM_SYSTEM, member_text(d, "sys_descr"));
	put_fact(ctl, table, WORD_TERM_MODEL, member_text(d, "model"));
	put_fact(ctl, table, WORD_TERM_FIRMWARE, member_text(d, "firmware"));
	put_fact(ctl, table, WORD_TERM_SERIAL, member_text(d, "serial"));
	put_fact(ctl, table, WORD_TERM_UPTIME,
		 figure_duration(ctl->lang, isfinite(uptime_s) ? (int64_t)uptime_s * 1000 : -1, a));
	put_fact(ctl, table, WORD_TERM_LAST_ANSWER, ctl_time(answer_ms, ctl->now_ms, a));
	snprintf(line, sizeof(line), "%s ms",
		 figure_number(ctl->lang, member_number(d, "rtt_ms"), a));
	put_fact(ctl, table, WORD_TERM_RTT, isfinite(member_number(d, "rtt_ms")) ? line : "");
	ctl_table_print(table, stdout);
	ctl_table_free(table);
}

/* Both ways where they differ. */
static const char *capacity_of(const struct ctl *ctl, const json_t *link,
			       char buf[2 * CTL_TEXT_MAX])
{
	double in = member_number(link, "capacity_in_bps"),
	       out = member_number(link, "capacity_out_bps");
	char a[CTL_TEXT_MAX], b[CTL_TEXT_MAX];

	figure_rate(ctl->lang, out, b);
	if (strcmp(figure_rate(ctl->lang, in, a), b) == 0)
		b[0] = '\0';
	snprintf(buf, 2 * CTL_TEXT_MAX, "%s%s%s", a, b[0] ? " / " : "", b);
	return buf;
}

static const char *load_of(const struct ctl *ctl, const json_t *link, char buf[CTL_TEXT_MAX])
{
	double load = member_number(link, "load");

	if (isfinite(load))
		snprintf(buf, CTL_TEXT_MAX, "%.0f %%", load * 100);
	else
		figure_number(ctl->lang, load, buf);
	return buf;
}

/* Switched off is no fault. */
static const char *link_state(const struct ctl *ctl, const json_t *l)
{
	return strcmp(member_text(l, "admin"), "down") == 0
		       ? words_text(ctl->lang, WORD_OPER_OFF)
		       : words_named(ctl->lang, "oper", member_text(l, "oper"));
}

static void print_links(const struct ctl *ctl, const json_t *links)
{
	static const enum word HEADINGS[] = {
		WORD_TERM_LINK, WORD_TERM_ROLE,	      WORD_TERM_STATE,
		WORD_TERM_IN,	WORD_TERM_OUT,	      WORD_TERM_CAPACITY,
		WORD_TERM_LOAD, WORD_TERM_ERROR_RATE, WORD_TERM_TEXT};
	struct ctl_table *table = ctl_table_headed(ctl->lang, "lllrrrrrl", HEADINGS);
	const json_t *l;
	size_t i;

	json_array_foreach (links, i, l) {
		char in[CTL_TEXT_MAX], out[CTL_TEXT_MAX], capacity[2 * CTL_TEXT_MAX];
		char load[CTL_TEXT_MAX], errors[CTL_TEXT_MAX];

		if (!table || !member_bool(l, "present"))
			continue;
		ctl_table_row(table,
			      (const char *const[]){
				      member_text(l, "name"),
				      words_named(ctl->lang, "role", member_text(l, "role")),
				      link_state(ctl, l),
				      figure_rate(ctl->lang, member_number(l, "in_bps"), in),
				      figure_rate(ctl->lang, member_number(l, "out_bps"), out),
				      capacity_of(ctl, l, capacity), load_of(ctl, l, load),
				      figure_number(ctl->lang,
						    member_number(l, "in_errors_per_s") +
							    member_number(l, "out_errors_per_s"),
						    errors),
				      member_text(l, "alias")});
	}
	if (table && json_array_size(links) > 0) {
		putchar('\n');
		ctl_table_print(table, stdout);
	}
	ctl_table_free(table);
}

static void print_metrics(const struct ctl *ctl, const json_t *metrics)
{
	static const enum word HEADINGS[] = {WORD_TERM_GROUP, WORD_TERM_OBJECT, WORD_TERM_NAME,
					     WORD_TERM_VALUE, WORD_N};
	struct ctl_table *table = ctl_table_headed(ctl->lang, "lllrl", HEADINGS);
	const json_t *m;
	size_t i;

	json_array_foreach (metrics, i, m) {
		char value[CTL_TEXT_MAX];

		if (table)
			ctl_table_row(
				table,
				(const char *const[]){
					member_text(m, "group"), member_text(m, "object"),
					member_text(m, "name"),
					figure_number(ctl->lang, member_number(m, "value"), value),
					member_text(m, "unit")});
	}
	if (table && json_array_size(metrics) > 0) {
		putchar('\n');
		ctl_table_print(table, stdout);
	}
	ctl_table_free(table);
}

void ctl_show_device(struct ctl *ctl, json_t *device)
{
	if (ctl->json) {
		ctl_print_json(device);
		return;
	}
	print_facts(ctl, device);
	print_links(ctl, json_object_get(device, "links"));
	print_metrics(ctl, json_object_get(device, "metrics"));
	if (json_array_size(json_object_get(device, "events")) > 0) {
		putchar('\n');
		print_events(ctl, json_object_get(device, "events"));
	}
	json_decref(device);
}

static int show_device(struct ctl *ctl, int argc, char **argv)
{
	cleanup_free char *id = argc == 1 ? ctl_client_escape(argv[0]) : NULL;
	char path[256];
	enum ctl_outcome outcome;
	json_t *device;

	if (!id)
		return ctl_usage(ctl, "device");
	snprintf(path, sizeof(path), "devices/%s", id);
	outcome = ctl_ask(ctl, path, &device);
	if (outcome == CTL_NOT_FOUND) {
		ctl_say(ctl, argv[0], WORD_CTL_NO_DEVICE, NULL);
		return EXIT_STATUS_FAILED;
	}
	if (outcome != CTL_OK) {
		json_decref(device);
		return ctl_complain(ctl, outcome);
	}
	ctl_show_device(ctl, device);
	return EXIT_SUCCESS;
}

static int rescan(struct ctl *ctl, const char *device)
{
	cleanup_free char *id = ctl_client_escape(device);
	enum ctl_outcome outcome;
	json_t *json = NULL;
	char path[256];

	if (!id)
		return EXIT_STATUS_FAILED;
	outcome = ctl_ask_clock(ctl, &json); /* for its language */
	if (outcome != CTL_OK)
		return ctl_complain(ctl, outcome);
	json_decref(json);
	snprintf(path, sizeof(path), "devices/%s/rescan", id);
	outcome = ctl_client_post(&ctl->client, path, &json);
	if (outcome == CTL_NOT_FOUND) {
		ctl_say(ctl, device, WORD_CTL_NO_DEVICE, NULL);
		return EXIT_STATUS_FAILED;
	}
	if (outcome == CTL_OK && ctl->json)
		return ctl_print_json(json);
	json_decref(json);
	if (outcome != CTL_OK)
		return ctl_complain(ctl, outcome);
	printf("%s: %s\n", device, words_text(ctl->lang, WORD_CTL_RESCAN));
	return EXIT_SUCCESS;
}

int ctl_device(struct ctl *ctl, int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "rescan") == 0)
		return rescan(ctl, argv[0]);
	if (argc > 1 && strcmp(argv[0], "probe") == 0)
		return ctl_device_probe(ctl, argc - 1, argv + 1);
	return show_device(ctl, argc, argv);
}

/* ---- reload ---- */

static void print_lines(const json_t *lines)
{
	const json_t *line;
	size_t i;

	json_array_foreach (lines, i, line)
		fprintf(stderr, "%s\n", json_string_value(line) ? json_string_value(line) : "");
}

/* Who came and went, if anybody did. */
static void print_change(const struct ctl *ctl, const json_t *json)
{
	char added[CTL_TEXT_MAX], removed[CTL_TEXT_MAX], devices[CTL_TEXT_MAX], line[256];

	puts(words_text(ctl->lang, WORD_CTL_RELOADED));
	if (member_integer(json, "added") == 0 && member_integer(json, "removed") == 0)
		return;
	words_fill(line, sizeof(line), words_text(ctl->lang, WORD_CTL_RELOAD_CHANGE),
		   (const char *const[]){
			   "added", figure_number(ctl->lang, member_number(json, "added"), added),
			   "removed",
			   figure_number(ctl->lang, member_number(json, "removed"), removed),
			   "devices",
			   figure_number(ctl->lang, member_number(json, "devices"), devices),
			   NULL});
	puts(line);
}

int ctl_reload(struct ctl *ctl, int argc, char **argv)
{
	enum ctl_outcome outcome;
	json_t *json;

	(void)argv;
	if (argc > 0)
		return ctl_usage(ctl, "reload");
	outcome = ctl_ask_clock(ctl, &json); /* for its language */
	if (outcome != CTL_OK)
		return ctl_complain(ctl, outcome);
	json_decref(json);
	outcome = ctl_client_post(&ctl->client, "reload", &json);
	if (outcome == CTL_OK && ctl->json)
		return ctl_print_json(json);
	if (outcome == CTL_OK) {
		print_change(ctl, json);
		print_lines(json_object_get(json, "warnings"));
		json_decref(json);
		return EXIT_SUCCESS;
	}
	if (outcome != CTL_REFUSED || !json_object_get(json, "errors")) {
		json_decref(json);
		return ctl_complain(ctl, outcome);
	}
	ctl_say(ctl, NULL, WORD_CTL_NOT_RELOADED, NULL);
	print_lines(json_object_get(json, "errors"));
	json_decref(json);
	return EXIT_STATUS_CONFIG;
}

int ctl_flush(struct ctl *ctl, int argc, char **argv)
{
	cleanup_free char *id = argc == 1 ? ctl_client_escape(argv[0]) : NULL;
	char path[CTL_QUERY_MAX];
	enum ctl_outcome outcome;
	json_t *json;

	if (argc > 1)
		return ctl_usage(ctl, "flush");
	snprintf(path, sizeof(path), "flush%s%s", id ? "?device=" : "", id ? id : "");
	outcome = ctl_client_post(&ctl->client, path, &json);
	if (outcome == CTL_OK && ctl->json)
		return ctl_print_json(json);
	json_decref(json);
	return outcome == CTL_OK ? EXIT_SUCCESS : ctl_complain(ctl, outcome);
}
