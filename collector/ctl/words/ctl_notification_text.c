/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses, ids and OIDs may be as long as they like, a terminal is 80 columns wide: what
 * is in the last column is cut first, and the JSON has it whole.
 */
#include "collector/ctl/words/ctl_notification_text.h"

#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"

enum {
	WIDTH = 80,
	ADDRESS_MAX = 20, /* a longer one has a line of its own */
	OID_MAX = 30,	  /* of a longer one the end is shown: it tells more */
	DATE_LEN = 10,
};

static void print_filled(FILE *out, const char *text, const char *place, int64_t value)
{
	char number[24], line[256];

	snprintf(number, sizeof(number), "%lld", (long long)value);
	fprintf(out, "%s\n",
		words_fill(line, sizeof(line), text, (const char *const[]){place, number, NULL}));
}

static void print_end(enum words_lang lang, const json_t *answer, FILE *out)
{
	const int64_t before = member_integer(answer, "before");

	if (before > 0)
		print_filled(out, words_text(lang, WORD_CTL_OLDER), "id", before);
}

/* ---- notifications ---- */

/* Our word for it, its MIB's, or its number. */
static const char *notification_name(enum words_lang lang, const json_t *n,
				     char buf[static OID_MAX + 4])
{
	const char *kind = member_text(n, "kind"), *name = member_text(n, "name"),
		   *oid = member_text(n, "oid");
	const size_t len = strlen(oid);

	if (strcmp(kind, "other") != 0 && kind[0])
		return words_named(lang, "notification", kind);
	if (name[0])
		return name;
	snprintf(buf, OID_MAX + 4, "%s%s", len > OID_MAX ? "\xe2\x80\xa6" : "",
		 len > OID_MAX ? oid + len - (OID_MAX - 1) : oid);
	return buf;
}

static void put_notification(struct ctl_table *table, enum words_lang lang, int64_t now_ms,
			     const json_t *n)
{
	const char *device = member_text(n, "device");
	char time[CTL_TEXT_MAX], how[CTL_TEXT_MAX], name[OID_MAX + 4];

	snprintf(how, sizeof(how), "%s %s", member_text(n, "version"),
		 member_bool(n, "inform") ? "inform" : "trap");
	ctl_table_row(table, (const char *const[]){
				     ctl_time(member_integer(n, "received_ms"), now_ms, time),
				     device[0] ? device : member_text(n, "source"), how,
				     member_text(n, "link"), notification_name(lang, n, name)});
}

void ctl_notification_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out)
{
	static const enum word HEADINGS[] = {WORD_TERM_RECEIVED, WORD_TERM_SENDER, WORD_TERM_HOW,
					     WORD_TERM_LINK, WORD_TERM_NOTIFICATION};
	const json_t *list = json_object_get(answer, "notifications");
	struct ctl_table *table;

	if (json_array_size(list) == 0) {
		fprintf(out, "%s\n", words_text(lang, WORD_CTL_NO_NOTIFICATIONS));
		return;
	}
	table = ctl_table_headed(lang, "lllll", HEADINGS);
	for (size_t i = json_array_size(list); table && i-- > 0;)
		put_notification(table, lang, now_ms, json_array_get(list, i));
	if (table) {
		ctl_table_fit(table, WIDTH, 4);
		ctl_table_fit(table, WIDTH, 3);
		ctl_table_fit(table, WIDTH, 1);
		ctl_table_print(table, out);
	}
	ctl_table_free(table);
	print_end(lang, answer, out);
}

/* ---- senders ---- */

/* The time of today, else the day. */
static const char *short_time(int64_t time_ms, int64_t now_ms, char buf[static CTL_TEXT_MAX])
{
	ctl_time(time_ms, now_ms, buf);
	buf[DATE_LEN] = '\0';
	return buf;
}

static const char *reason_text(enum words_lang lang, const json_t *s,
			       char buf[static 2 * CTL_TEXT_MAX])
{
	const bool accepted = member_integer(s, "accepted_ms") >= member_integer(s, "last_ms");
	const char *why = words_named(lang, "sender", member_text(s, "reason"));

	if (!accepted)
		return why;
	words_fill(buf, 2 * CTL_TEXT_MAX, words_text(lang, WORD_CTL_TAKEN_NOW),
		   (const char *const[]){"why", why, NULL});
	return buf;
}

static void put_sender(struct ctl_table *table, enum words_lang lang, int64_t now_ms,
		       const json_t *s)
{
	const char *source = member_text(s, "source");
	char first[CTL_TEXT_MAX], last[CTL_TEXT_MAX], count[CTL_TEXT_MAX], reason[2 * CTL_TEXT_MAX];

	if (strlen(source) > ADDRESS_MAX) {
		ctl_table_line(table, source);
		source = "";
	}
	ctl_table_row(table, (const char *const[]){
				     source, member_text(s, "device"),
				     figure_number(lang, member_number(s, "count"), count),
				     short_time(member_integer(s, "first_ms"), now_ms, first),
				     short_time(member_integer(s, "last_ms"), now_ms, last),
				     reason_text(lang, s, reason)});
}

static void print_dropped(enum words_lang lang, const json_t *answer, FILE *out)
{
	const int64_t dropped = member_integer(answer, "dropped");

	if (dropped > 0)
		print_filled(out, words_text(lang, WORD_CTL_SENDERS_DROPPED), "n", dropped);
}

void ctl_sender_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out)
{
	static const enum word HEADINGS[] = {WORD_TERM_ADDRESS, WORD_TERM_DEVICE, WORD_TERM_COUNT,
					     WORD_TERM_FIRST,	WORD_TERM_LAST,	  WORD_TERM_WHY};
	const json_t *list = json_object_get(answer, "senders");
	struct ctl_table *table;

	if (json_array_size(list) == 0) {
		fprintf(out, "%s\n", words_text(lang, WORD_CTL_NO_SENDERS));
		return;
	}
	table = ctl_table_headed(lang, "llrlll", HEADINGS);
	for (size_t i = json_array_size(list); table && i-- > 0;)
		put_sender(table, lang, now_ms, json_array_get(list, i));
	if (table) {
		ctl_table_fit(table, WIDTH, 5);
		ctl_table_fit(table, WIDTH, 1);
		ctl_table_print(table, out);
	}
	ctl_table_free(table);
	print_end(lang, answer, out);
	print_dropped(lang, answer, out);
}
