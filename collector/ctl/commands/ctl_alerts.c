/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody should look after, what he answers, and what work he plans. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/ctl/commands/ctl_ask.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/words/ctl_alert_text.h"
#include "collector/ctl/words/ctl_maintenance_text.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/base/cleanup.h"

int ctl_alerts(struct ctl *ctl, int argc, char **argv)
{
	static const char *const KEYS[] = {"state",	   "device", "severity", "kind",
					   "acknowledged", "limit",  "before",	 NULL};
	char path[CTL_QUERY_MAX] = "alerts";
	enum ctl_outcome outcome;
	json_t *answer;

	if (ctl_read_filters(ctl, argc, argv, KEYS, path) < 0)
		return ctl_usage(ctl, "alerts");
	outcome = ctl_ask(ctl, path, &answer);
	if (outcome != CTL_OK) {
		json_decref(answer);
		return ctl_complain(ctl, outcome);
	}
	if (ctl->json)
		return ctl_print_json(answer);
	ctl_alert_text(ctl->lang, ctl->now_ms, answer, stdout);
	json_decref(answer);
	return EXIT_SUCCESS;
}

/* ---- answers ---- */

enum { ANSWER_MAX = 1024 /* octets of a path with its query */ };

/* As the alert is now, in the one line of its table. */
static int show_answered(struct ctl *ctl, json_t *alert)
{
	json_t *answer;

	if (ctl->json)
		return ctl_print_json(alert);
	answer = json_pack("{s:[o], s:n}", "alerts", alert, "before");
	ctl_alert_text(ctl->lang, ctl->now_ms, answer, stdout);
	json_decref(answer);
	return EXIT_SUCCESS;
}

/* key NULL: nothing goes with it. */
static int answer(struct ctl *ctl, const char *id, const char *what, const char *key,
		  const char *value)
{
	cleanup_free char *safe_id = ctl_client_escape(id), *safe = ctl_client_escape(value);
	char path[ANSWER_MAX];
	enum ctl_outcome outcome;
	json_t *json = NULL;

	if (!safe_id || !safe ||
	    snprintf(path, sizeof(path), "alerts/%s/%s%s%s%s%s", safe_id, what, key ? "?" : "",
		     key ? key : "", key ? "=" : "", key ? safe : "") >= ANSWER_MAX)
		return ctl_usage(ctl, what);
	outcome = ctl_client_post(&ctl->client, path, &json);
	if (outcome == CTL_OK)
		return show_answered(ctl, json);
	json_decref(json);
	if (outcome != CTL_NOT_FOUND)
		return ctl_complain(ctl, outcome);
	ctl_say(ctl, id, WORD_CTL_NO_ALERT, NULL);
	return EXIT_STATUS_FAILED;
}

static int learn_clock(struct ctl *ctl)
{
	json_t *status = NULL;
	const enum ctl_outcome outcome = ctl_ask_clock(ctl, &status);

	json_decref(status);
	return outcome == CTL_OK ? EXIT_SUCCESS : ctl_complain(ctl, outcome);
}

static int answer_with(struct ctl *ctl, int argc, char **argv, const char *what, const char *key,
		       bool needed)
{
	const bool right = key ? argc == 2 || (argc == 1 && !needed) : argc == 1;
	int status;

	if (!right)
		return ctl_usage(ctl, what);
	status = learn_clock(ctl);
	if (status != EXIT_SUCCESS)
		return status;
	return answer(ctl, argv[0], what, argc == 2 ? key : NULL, argc == 2 ? argv[1] : "");
}

int ctl_ack(struct ctl *ctl, int argc, char **argv)
{
	return answer_with(ctl, argc, argv, "ack", "note", false);
}

int ctl_unack(struct ctl *ctl, int argc, char **argv)
{
	return answer_with(ctl, argc, argv, "unack", NULL, false);
}

int ctl_note(struct ctl *ctl, int argc, char **argv)
{
	return answer_with(ctl, argc, argv, "note", "note", true);
}

int ctl_cause(struct ctl *ctl, int argc, char **argv)
{
	return answer_with(ctl, argc, argv, "cause", "cause", true);
}

int ctl_silence(struct ctl *ctl, int argc, char **argv)
{
	int64_t span_ms = 0;
	char until[24];
	int status;

	if (argc != 2 || (strcmp(argv[1], "off") != 0 && !ctl_text_span(argv[1], &span_ms)))
		return ctl_usage(ctl, "silence");
	status = learn_clock(ctl);
	if (status != EXIT_SUCCESS)
		return status;
	snprintf(until, sizeof(until), "%lld", span_ms ? (long long)(ctl->now_ms + span_ms) : 0LL);
	return answer(ctl, argv[0], "silence", "until_ms", until);
}

/* ---- planned work ---- */

/* "now", or "2026-12-02T22:00" in the collector's zone. */
static bool read_begin(const char *text, int64_t now_ms, int64_t *ret_ms)
{
	struct tm tm = {.tm_isdst = -1};
	const char *end;
	time_t at;

	if (strcmp(text, "now") == 0) {
		*ret_ms = now_ms;
		return true;
	}
	end = strptime(text, "%Y-%m-%dT%H:%M", &tm);
	if (!end || *end)
		return false;
	at = mktime(&tm);
	*ret_ms = (int64_t)at * 1000;
	return at > 0;
}

static int show_planned(struct ctl *ctl, json_t *maintenance)
{
	json_t *answer;

	if (ctl->json)
		return ctl_print_json(maintenance);
	answer = json_pack("{s:[o]}", "maintenance", maintenance);
	ctl_maintenance_text(ctl->lang, ctl->now_ms, answer, stdout);
	json_decref(answer);
	return EXIT_SUCCESS;
}

static int post(struct ctl *ctl, const char *path)
{
	json_t *json = NULL;
	const enum ctl_outcome outcome = ctl_client_post(&ctl->client, path, &json);

	if (outcome == CTL_OK)
		return show_planned(ctl, json);
	json_decref(json);
	return ctl_complain(ctl, outcome);
}

/* Leaves room for the times. */
static bool write_path(char path[static ANSWER_MAX], const char *scope, const char *target,
		       const char *reason)
{
	cleanup_free char *safe_scope = ctl_client_escape(scope),
			  *safe_target = ctl_client_escape(target),
			  *safe_reason = ctl_client_escape(reason);

	return safe_scope && safe_target && safe_reason &&
	       snprintf(path, ANSWER_MAX, "maintenance?scope=%s%s%s&reason=%s", safe_scope,
			target[0] ? "&target=" : "", safe_target, safe_reason) < ANSWER_MAX - 100;
}

/* SCOPE [TARGET] BEGIN SPAN REASON [weekly] */
static int plan(struct ctl *ctl, int argc, char **argv)
{
	const bool all = argc > 0 && strcmp(argv[0], "all") == 0;
	char **rest = argv + (all ? 1 : 2);
	const int n = argc - (all ? 1 : 2);
	const bool weekly = n == 4 && strcmp(rest[3], "weekly") == 0;
	int64_t begin_ms = 0, span_ms = 0;
	char path[ANSWER_MAX];
	int status;

	if ((n != 3 && !weekly) || !ctl_text_span(rest[1], &span_ms))
		return ctl_usage(ctl, "maintenance");
	status = learn_clock(ctl);
	if (status != EXIT_SUCCESS)
		return status;
	if (!read_begin(rest[0], ctl->now_ms, &begin_ms))
		return ctl_usage(ctl, "maintenance");
	if (!write_path(path, argv[0], all ? "" : argv[1], rest[2]))
		return ctl_usage(ctl, "maintenance");
	snprintf(path + strlen(path), sizeof(path) - strlen(path),
		 "&begin_ms=%lld&end_ms=%lld&weekly=%s", (long long)begin_ms,
		 (long long)(begin_ms + span_ms), weekly ? "yes" : "no");
	return post(ctl, path);
}

static int end_planned(struct ctl *ctl, const char *id)
{
	char path[64];
	const int status = learn_clock(ctl);

	if (status != EXIT_SUCCESS)
		return status;
	snprintf(path, sizeof(path), "maintenance/%lld/end", atoll(id));
	return post(ctl, path);
}

static int list_planned(struct ctl *ctl)
{
	json_t *answer;
	const enum ctl_outcome outcome = ctl_ask(ctl, "maintenance", &answer);

	if (outcome != CTL_OK) {
		json_decref(answer);
		return ctl_complain(ctl, outcome);
	}
	if (ctl->json)
		return ctl_print_json(answer);
	ctl_maintenance_text(ctl->lang, ctl->now_ms, answer, stdout);
	json_decref(answer);
	return EXIT_SUCCESS;
}

int ctl_maintenance(struct ctl *ctl, int argc, char **argv)
{
	if (argc == 0)
		return list_planned(ctl);
	if (argc == 2 && strcmp(argv[0], "end") == 0)
		return end_planned(ctl, argv[1]);
	if (strcmp(argv[0], "add") == 0)
		return plan(ctl, argc - 1, argv + 1);
	return ctl_usage(ctl, "maintenance");
}
