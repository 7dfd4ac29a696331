/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/judge/event_text.h"

#include <stdio.h>
#include <string.h>

#include "collector/core/words/figure_text.h"
#include "common/base/utf8_text.h"

static const char BETWEEN[] = " · ";

char *event_text_what(enum words_lang lang, const struct event *event, char *buf, size_t size)
{
	const char *link =
		event->link[0] ? event->link : words_text(lang, WORD_EVENT_DETAIL_UNNAMED);

	return words_fill(buf, size, words_named(lang, "event", event_kind_name(event->kind)),
			  (const char *const[]){"link", link, NULL});
}

static void append(char *buf, size_t size, const char *text)
{
	size_t used = strlen(buf);

	if (used > 0)
		used += utf8_text_clean(BETWEEN, buf + used, size - used);
	utf8_text_clean(text, buf + used, size - used);
}

static void append_filled(char *buf, size_t size, const char *text, const char *place,
			  const char *value)
{
	char line[EVENT_TEXT_MAX];

	append(buf, size,
	       words_fill(line, sizeof(line), text, (const char *const[]){place, value, NULL}));
}

char *event_text_details(enum words_lang lang, const struct event_params *params, char *buf,
			 size_t size)
{
	char figure[FIGURE_TEXT_MAX];

	buf[0] = '\0';
	if (params->cause != DEVICE_CAUSE_NONE)
		append(buf, size, words_named(lang, "cause", device_cause_name(params->cause)));
	if (params->behind > 0)
		append_filled(buf, size, words_text(lang, WORD_EVENT_DETAIL_BEHIND), "n",
			      figure_number(lang, params->behind, figure));
	if (params->duration_ms >= 1000)
		append_filled(buf, size, words_text(lang, WORD_EVENT_DETAIL_AFTER), "duration",
			      figure_duration(lang, params->duration_ms, figure));
	if (params->count > 0)
		append_filled(buf, size, words_text(lang, WORD_EVENT_DETAIL_LOST), "n",
			      figure_number(lang, params->count, figure));
	else if (params->detail[0]) /* a number says as much in any language */
		append(buf, size, params->detail);
	return buf;
}

char *event_text(enum words_lang lang, const char *name, const struct event *event, char *buf,
		 size_t size)
{
	char what[EVENT_TEXT_MAX], details[EVENT_TEXT_MAX], line[3 * EVENT_TEXT_MAX];

	event_text_what(lang, event, what, sizeof(what));
	event_text_details(lang, &event->params, details, sizeof(details));
	snprintf(line, sizeof(line), "%.*s%s%s%s%s", EVENT_TEXT_MAX / 2, name ? name : "",
		 name && name[0] ? ": " : "", what, details[0] ? BETWEEN : "", details);
	utf8_text_clean(line, buf, size);
	return buf;
}
