/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The eye goes to the first line: what matters most and nobody looks after stands there. */
#include "collector/ctl/words/ctl_alert_text.h"

#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/core/alert/alert.h"
#include "collector/core/device/severity.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/base/cleanup.h"

enum { WIDTH = 80 };

/* ---- the order ---- */

struct row {
	const json_t *alert;
	enum severity severity;
	bool over, acked;
	int64_t begin_ms;
};

static int by_worst(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->over != y->over)
		return x->over ? 1 : -1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->acked != y->acked)
		return x->acked ? 1 : -1;
	return (x->begin_ms > y->begin_ms) - (x->begin_ms < y->begin_ms);
}

static struct row row_of(const json_t *alert)
{
	struct row row = {.alert = alert,
			  .over = member_integer(alert, "end_ms") > 0,
			  .acked = member_text(alert, "acknowledged_by")[0] != '\0',
			  .begin_ms = member_integer(alert, "begin_ms")};

	severity_parse(member_text(alert, "severity"), &row.severity);
	return row;
}

/* ---- the table ---- */

/* "tautan putus t1 +173": where, and how many are out of reach with it. */
static const char *what_text(enum words_lang lang, const json_t *alert, char *buf, size_t size)
{
	const char *link = member_text(alert, "link");
	const int64_t behind = member_integer(alert, "behind");
	char more[24] = "";

	if (behind > 0)
		snprintf(more, sizeof(more), " +%lld", (long long)behind);
	snprintf(buf, size, "%s%s%s%s", words_named(lang, "alert", member_text(alert, "kind")),
		 link[0] ? " " : "", link, more);
	return buf;
}

static const char *cause_text(enum words_lang lang, const json_t *alert, char *buf, size_t size)
{
	const char *cause = member_text(alert, "cause");

	if (strcmp(cause, alert_cause_name(ALERT_CAUSE_UNKNOWN)) == 0)
		return "-";
	snprintf(buf, size, "%s%s", words_named(lang, "alert_cause", cause),
		 member_bool(alert, "cause_by_person") ? " !" : "");
	return buf;
}

static const char *answer_text(enum words_lang lang, const json_t *alert)
{
	const char *by = member_text(alert, "acknowledged_by");

	if (member_bool(alert, "planned"))
		return words_text(lang, WORD_ALERT_CAUSE_PLANNED);
	if (member_bool(alert, "silenced"))
		return words_text(lang, WORD_TERM_SILENCED);
	return by[0] ? by : "-";
}

static void put_alert(struct ctl_table *table, enum words_lang lang, int64_t now_ms,
		      const json_t *alert)
{
	char id[24], since[CTL_TEXT_MAX], what[256], cause[256];
	const int64_t begin_ms = member_integer(alert, "begin_ms");
	const char *device = member_text(alert, "device");

	snprintf(id, sizeof(id), "%lld", (long long)member_integer(alert, "id"));
	ctl_table_row(table,
		      (const char *const[]){
			      id, words_named(lang, "severity", member_text(alert, "severity")),
			      ctl_time(begin_ms, now_ms, since), device[0] ? device : "-",
			      what_text(lang, alert, what, sizeof(what)), answer_text(lang, alert),
			      cause_text(lang, alert, cause, sizeof(cause))});
}

static void print_rows(enum words_lang lang, int64_t now_ms, const struct row *rows, size_t n,
		       FILE *out)
{
	static const enum word HEADINGS[] = {WORD_TERM_ID,     WORD_TERM_SEVERITY, WORD_TERM_SINCE,
					     WORD_TERM_DEVICE, WORD_TERM_EVENT,	   WORD_TERM_ANSWER,
					     WORD_TERM_CAUSE};
	struct ctl_table *table = ctl_table_headed(lang, "rllllll", HEADINGS);

	for (size_t i = 0; table && i < n; i++)
		put_alert(table, lang, now_ms, rows[i].alert);
	if (table) {
		ctl_table_fit(table, WIDTH, 6);
		ctl_table_fit(table, WIDTH, 4);
		ctl_table_print(table, out);
	}
	ctl_table_free(table);
}

void ctl_alert_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out)
{
	const json_t *list = json_object_get(answer, "alerts");
	const size_t n = json_array_size(list);
	const int64_t before = member_integer(answer, "before");
	cleanup_free struct row *rows = calloc(n + 1, sizeof(*rows));
	char number[24], line[256];

	if (n == 0 || !rows) {
		fprintf(out, "%s\n", words_text(lang, WORD_CTL_NO_ALERTS));
		return;
	}
	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(json_array_get(list, i));
	qsort(rows, n, sizeof(*rows), by_worst);
	print_rows(lang, now_ms, rows, n, out);
	if (before <= 0)
		return;
	snprintf(number, sizeof(number), "%lld", (long long)before);
	fprintf(out, "%s\n",
		words_fill(line, sizeof(line), words_text(lang, WORD_CTL_OLDER),
			   (const char *const[]){"id", number, NULL}));
}
