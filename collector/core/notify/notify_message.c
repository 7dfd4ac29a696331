/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First what is the matter and where, then since when and why, then what to do about it. */
#include "collector/core/notify/notify_message.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "collector/core/words/figure_text.h"
#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"

static const char *const WHATS[NOTIFY_WHAT_N] = {
	[NOTIFY_BEGIN] = "begin",	[NOTIFY_AMEND] = "amend",
	[NOTIFY_REPEAT] = "repeat",	[NOTIFY_ESCALATION] = "escalation",
	[NOTIFY_RECOVERY] = "recovery", [NOTIFY_LIST] = "list",
	[NOTIFY_SUMMARY] = "summary",	[NOTIFY_TEST] = "test",
};

const char *notify_what_name(enum notify_what what)
{
	assert((unsigned int)what < NOTIFY_WHAT_N);
	return WHATS[what];
}

bool notify_what_parse(const char *name, enum notify_what *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(WHATS); i++) {
		if (strcmp(WHATS[i], name) == 0) {
			*ret = (enum notify_what)i;
			return true;
		}
	}
	return false;
}

static void add(struct notify_message *message, const char *label, const char *value)
{
	struct notify_line *line;

	if (value[0] == '\0' || message->n_lines == NOTIFY_LINES_MAX)
		return;
	line = &message->lines[message->n_lines++];
	utf8_text_clean(label, line->label, sizeof(line->label));
	utf8_text_clean(value, line->value, sizeof(line->value));
}

static void add_term(struct notify_message *message, const struct notify_reader *reader,
		     enum word word, const char *value)
{
	add(message, words_text(reader->lang, word), value);
}

/* "a, b", where either may be "". */
static const char *joined(const char *a, const char *b, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", a, a[0] && b[0] ? ", " : "", b);
	return buf;
}

const char *notify_message_time(const struct notify_reader *reader, int64_t wall_ms, char *buf,
				size_t size)
{
	const struct local_time at = reader->local_time(wall_ms);
	char month[8];

	snprintf(month, sizeof(month), "%u", at.month);
	snprintf(buf, size, "%u %s %u %02u%s%02u %s", at.day,
		 words_named(reader->lang, "month", month), at.year, at.minute / 60,
		 reader->lang == WORDS_ID ? "." : ":", at.minute % 60, reader->zone);
	return buf;
}

static const char *name_of(const struct notify_reader *reader, const struct notify_item *item)
{
	if (item->entry)
		return item->entry->name;
	return item->alert->device_id[0] ? item->alert->device_id
					 : words_text(reader->lang, WORD_MESSAGE_COLLECTOR);
}

/* "perangkat mati", "tautan putus wan0" */
static const char *matter(const struct notify_reader *reader, const struct alert *alert, char *buf,
			  size_t size)
{
	snprintf(buf, size, "%s%s%s",
		 words_named(reader->lang, "alert", alert_kind_name(alert->kind)),
		 alert->link[0] ? " " : "", alert->link);
	return buf;
}

/* "[GENTING] Dinas Kesehatan: perangkat mati" */
static void put_title(const struct notify_reader *reader, const struct notify_item *item,
		      struct notify_message *message)
{
	char what[160], line[2 * NOTIFY_TITLE_SIZE];
	const char *mark = message->what == NOTIFY_RECOVERY
				   ? words_text(reader->lang, WORD_MESSAGE_RECOVERED)
				   : words_named(reader->lang, "severity",
						 severity_name(item->alert->severity));

	snprintf(line, sizeof(line), "[%s%s%s] %s: %s", mark,
		 message->what == NOTIFY_ESCALATION || message->what == NOTIFY_REPEAT ? ", " : "",
		 message->what == NOTIFY_ESCALATION ? words_text(reader->lang, WORD_MESSAGE_NOBODY)
		 : message->what == NOTIFY_REPEAT   ? words_text(reader->lang, WORD_MESSAGE_STILL)
						    : "",
		 name_of(reader, item), matter(reader, item->alert, what, sizeof(what)));
	utf8_text_clean(line, message->title, sizeof(message->title));
}

static void put_place(const struct notify_reader *reader, const struct inventory_entry *entry,
		      struct notify_message *message)
{
	char line[480];

	if (!entry)
		return;
	snprintf(line, sizeof(line), "%s, %s", entry->id, entry->address);
	add_term(message, reader, WORD_TERM_DEVICE, line);
	add_term(message, reader, WORD_TERM_PLACE,
		 joined(entry->kelurahan, entry->kecamatan, line, sizeof(line)));
	add_term(message, reader, WORD_TERM_PROVIDER,
		 joined(entry->provider, entry->contract, line, sizeof(line)));
}

static void put_times(const struct notify_reader *reader, const struct alert *alert,
		      struct notify_message *message)
{
	char line[120], figure[FIGURE_TEXT_MAX];

	add_term(message, reader, WORD_TERM_SINCE,
		 notify_message_time(reader, alert->begin_ms, line, sizeof(line)));
	if (alert->end_ms == 0)
		return;
	add_term(message, reader, WORD_MESSAGE_UNTIL,
		 notify_message_time(reader, alert->end_ms, line, sizeof(line)));
	add_term(message, reader, WORD_MESSAGE_LASTED,
		 figure_duration(reader->lang, alert->end_ms - alert->begin_ms, figure));
}

static void put_value(const struct notify_reader *reader, const struct alert *alert,
		      struct notify_message *message)
{
	char value[FIGURE_TEXT_MAX], limit[FIGURE_TEXT_MAX], line[2 * FIGURE_TEXT_MAX + 4];

	if (alert->kind != ALERT_THRESHOLD || !isfinite(alert->value))
		return;
	snprintf(line, sizeof(line), "%s / %s", figure_number(reader->lang, alert->value, value),
		 figure_number(reader->lang, alert->limit, limit));
	add_term(message, reader, WORD_TERM_VALUE, line);
}

/* The reader's first question; what is over is nowhere any more. */
static void put_trouble_at(const struct notify_reader *reader, const struct notify_item *item,
			   struct notify_message *message)
{
	if (item->trouble_at && item->trouble_at[0] && item->alert->end_ms == 0)
		add_term(message, reader, WORD_TERM_TROUBLE_AT,
			 words_named(reader->lang, "trouble_at", item->trouble_at));
}

static void put_affected(const struct notify_reader *reader, const struct alert *alert,
			 const char *behind, struct notify_message *message)
{
	char line[320], figure[FIGURE_TEXT_MAX];

	if (alert->n_behind == 0)
		return;
	snprintf(line, sizeof(line), "%s%s%s", figure_number(reader->lang, alert->n_behind, figure),
		 behind[0] ? ": " : "", behind);
	add_term(message, reader, WORD_MESSAGE_AFFECTED, line);
}

static void put_answers(const struct notify_reader *reader, const struct alert *alert,
			struct notify_message *message)
{
	add_term(message, reader, WORD_MESSAGE_ACKED_BY, alert->acked_by);
	add_term(message, reader, WORD_TERM_NOTES, alert->note);
}

static void put_url(const struct notify_reader *reader, const char *view, int64_t id,
		    struct notify_message *message)
{
	const size_t n = strlen(reader->page_url);

	if (n == 0)
		return;
	if (id > 0)
		snprintf(message->url, sizeof(message->url), "%.*s/#/%s/%lld",
			 (int)(n - (reader->page_url[n - 1] == '/')), reader->page_url, view,
			 (long long)id);
	else
		snprintf(message->url, sizeof(message->url), "%.*s/#/%s",
			 (int)(n - (reader->page_url[n - 1] == '/')), reader->page_url, view);
}

void notify_message_alert(const struct notify_reader *reader, enum notify_what what,
			  const struct notify_item *item, const char *behind,
			  struct notify_message *ret)
{
	const struct alert *alert = item->alert;

	assert(what != NOTIFY_RECOVERY || alert->end_ms != 0);
	*ret = (struct notify_message){.what = what, .severity = alert->severity};
	put_title(reader, item, ret);
	put_place(reader, item->entry, ret);
	add_term(ret, reader, WORD_TERM_LINK, alert->link);
	put_value(reader, alert, ret);
	put_times(reader, alert, ret);
	if (alert->cause != ALERT_CAUSE_UNKNOWN)
		add_term(ret, reader, WORD_MESSAGE_CAUSE,
			 words_named(reader->lang, "alert_cause", alert_cause_name(alert->cause)));
	put_trouble_at(reader, item, ret);
	put_affected(reader, alert, behind, ret);
	add(ret, "", alert->detail);
	put_answers(reader, alert, ret);
	put_url(reader, "alert", alert->id, ret);
}

/* "Dinas Kesehatan: perangkat mati, sejak ..." */
static void add_item(const struct notify_reader *reader, const struct notify_item *item,
		     struct notify_message *message)
{
	const struct alert *alert = item->alert;
	char what[160], at[120], figure[FIGURE_TEXT_MAX], line[640];

	if (alert->end_ms != 0)
		snprintf(at, sizeof(at), "%s, %s", words_text(reader->lang, WORD_MESSAGE_RECOVERED),
			 figure_duration(reader->lang, alert->end_ms - alert->begin_ms, figure));
	else
		notify_message_time(reader, alert->begin_ms, at, sizeof(at));
	snprintf(line, sizeof(line), "%s: %s (%s)", name_of(reader, item),
		 matter(reader, alert, what, sizeof(what)), at);
	add(message, "", line);
}

/* One line is kept for "and 12 more". */
static void add_items(const struct notify_reader *reader, const struct notify_item *items, size_t n,
		      size_t total, struct notify_message *message)
{
	char figure[FIGURE_TEXT_MAX], line[120];
	size_t said = 0;

	while (said < n && message->n_lines + 1 < NOTIFY_LINES_MAX)
		add_item(reader, &items[said++], message);
	if (said < total)
		add(message, "",
		    words_fill(line, sizeof(line), words_text(reader->lang, WORD_MESSAGE_MORE),
			       (const char *const[]){
				       "n",
				       figure_number(reader->lang, (double)(total - said), figure),
				       NULL}));
}

static enum severity worst(const struct notify_item *items, size_t n)
{
	enum severity severity = SEVERITY_INFO;

	for (size_t i = 0; i < n; i++)
		severity =
			items[i].alert->severity > severity ? items[i].alert->severity : severity;
	return severity;
}

void notify_message_list(const struct notify_reader *reader, const struct notify_item *items,
			 size_t n, size_t total, struct notify_message *ret)
{
	char figure[FIGURE_TEXT_MAX], line[NOTIFY_TITLE_SIZE];

	assert(n >= 1 && total >= n);
	*ret = (struct notify_message){.what = NOTIFY_LIST, .severity = worst(items, n)};
	words_fill(line, sizeof(line), words_text(reader->lang, WORD_MESSAGE_LIST),
		   (const char *const[]){"n", figure_number(reader->lang, (double)total, figure),
					 NULL});
	snprintf(ret->title, sizeof(ret->title), "[%s] %.180s",
		 words_named(reader->lang, "severity", severity_name(ret->severity)), line);
	add_items(reader, items, n, total, ret);
	put_url(reader, "alerts", 0, ret);
}

static void add_count(const struct notify_reader *reader, enum word word, size_t n,
		      struct notify_message *message)
{
	char figure[FIGURE_TEXT_MAX];

	add_term(message, reader, word, figure_number(reader->lang, (double)n, figure));
}

void notify_message_summary(const struct notify_reader *reader, const struct notify_day *day,
			    const struct notify_item *items, size_t n, struct notify_message *ret)
{
	*ret = (struct notify_message){.what = NOTIFY_SUMMARY, .severity = SEVERITY_INFO};
	snprintf(ret->title, sizeof(ret->title), "%s: %.160s",
		 words_text(reader->lang, WORD_MESSAGE_SUMMARY), reader->place);
	add_count(reader, WORD_MESSAGE_OPEN, day->open, ret);
	add_count(reader, WORD_MESSAGE_ACKED, day->acked, ret);
	add_count(reader, WORD_MESSAGE_BEGUN, day->begun, ret);
	add_count(reader, WORD_MESSAGE_ENDED, day->ended, ret);
	add_items(reader, items, n, day->open > n ? day->open : n, ret);
	put_url(reader, "alerts", 0, ret);
}

void notify_message_test(const struct notify_reader *reader, struct notify_message *ret)
{
	*ret = (struct notify_message){.what = NOTIFY_TEST, .severity = SEVERITY_INFO};
	snprintf(ret->title, sizeof(ret->title), "%s: %.160s",
		 words_text(reader->lang, WORD_MESSAGE_TEST), reader->place);
	add(ret, "", words_text(reader->lang, WORD_MESSAGE_TEST_TEXT));
	put_url(reader, "alerts", 0, ret);
}

static bool append(char *buf, size_t size, const char *label, const char *value)
{
	const size_t used = strlen(buf);
	const int n =
		snprintf(buf + used, size - used, "%s%s%s\n", label, label[0] ? ": " : "", value);

	if (n < (int)(size - used))
		return true;
	buf[used] = '\0';
	return false;
}

char *notify_message_text(const struct notify_message *message, char *buf, size_t size)
{
	bool room;

	assert(size > 0);
	buf[0] = '\0';
	room = append(buf, size, "", message->title);
	for (size_t i = 0; room && i < message->n_lines; i++)
		room = append(buf, size, message->lines[i].label, message->lines[i].value);
	if (room && message->url[0])
		append(buf, size, "", message->url);
	return buf;
}
