/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said of an alert, in the reader's language: a title, labelled lines, a link. How
 * each kind of channel dresses it is another matter.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/alert/alert.h"
#include "collector/core/calendar/calendar.h"
#include "collector/core/words/words.h"

struct inventory_entry;

enum notify_what {
	NOTIFY_BEGIN,
	NOTIFY_AMEND,
	NOTIFY_REPEAT,
	NOTIFY_ESCALATION,
	NOTIFY_RECOVERY,
	NOTIFY_LIST,	/* several of a storm */
	NOTIFY_SUMMARY, /* of the day */
	NOTIFY_TEST,
	NOTIFY_WHAT_N
};
const char *notify_what_name(enum notify_what what); /* "begin", ... as in the API */
bool notify_what_parse(const char *name, enum notify_what *ret);

enum { NOTIFY_LINES_MAX = 24, NOTIFY_TITLE_SIZE = 240, NOTIFY_TEXT_SIZE = 3600 };

struct notify_message {
	enum notify_what what;
	enum severity severity;
	char title[NOTIFY_TITLE_SIZE];
	struct notify_line {
		char label[48]; /* "" where the value stands by itself */
		char value[320];
	} lines[NOTIFY_LINES_MAX];
	size_t n_lines;
	char url[320]; /* of the page; "" none */
};

/* Who reads, where and when. */
struct notify_reader {
	enum words_lang lang;
	const char *page_url; /* "" none */
	const char *place;    /* "Kota Mojokerto" */
	const char *zone;     /* "WIB" */
	struct local_time (*local_time)(int64_t wall_ms);
};

/* An alert with the device that it is of; entry NULL: the collector itself, or it is not in the inventory any more. */
struct notify_item {
	const struct alert *alert;
	const struct inventory_entry *entry;
	/* trouble_place_name() of its device now: intranet or internet, here or there; NULL or "": nothing is known */
	const char *trouble_at;
};

/* What began may be over by the time at which that can be told: then it says until when, and the recovery follows.
 * behind: names of devices behind it, as many as are worth reading; "" none. */
void notify_message_alert(const struct notify_reader *reader, enum notify_what what,
			  const struct notify_item *item, const char *behind,
			  struct notify_message *ret);
/* n of total alerts; those that are over say how long they lasted. n >= 1. */
void notify_message_list(const struct notify_reader *reader, const struct notify_item *items,
			 size_t n, size_t total, struct notify_message *ret);

struct notify_day {
	size_t begun, ended; /* alerts of the last 24 hours */
	size_t open, acked;  /* now */
};
/* items: the worst open ones. */
void notify_message_summary(const struct notify_reader *reader, const struct notify_day *day,
			    const struct notify_item *items, size_t n, struct notify_message *ret);
void notify_message_test(const struct notify_reader *reader, struct notify_message *ret);

/* "21 November 2026 14.05 WIB"; returns buf. */
const char *notify_message_time(const struct notify_reader *reader, int64_t wall_ms, char *buf,
				size_t size);
/* All of it as plain text, lines ended by "\n"; cut in whole lines. Returns buf. */
char *notify_message_text(const struct notify_message *message, char *buf, size_t size);
