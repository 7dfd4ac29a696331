/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/words/ctl_delivery_text.h"

#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/core/words/figure_text.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"

enum { WIDTH = 100 };

static bool is_state(const json_t *delivery, const char *state)
{
	return strcmp(member_text(delivery, "state"), state) == 0;
}

bool ctl_delivery_has_arrived(const json_t *delivery)
{
	return is_state(delivery, "confirmed");
}

bool ctl_delivery_is_answered(const json_t *delivery)
{
	if (is_state(delivery, "in-flight"))
		return false;
	return !is_state(delivery, "waiting") || member_text(delivery, "answer")[0];
}

static void put_delivery(struct ctl_table *table, enum words_lang lang, int64_t now_ms,
			 const json_t *d)
{
	char time[CTL_TEXT_MAX], tries[FIGURE_TEXT_MAX];

	ctl_table_row(table, (const char *const[]){
				     ctl_time(member_integer(d, "created_ms"), now_ms, time),
				     member_text(d, "channel"),
				     words_named(lang, "delivery_what", member_text(d, "what")),
				     words_named(lang, "delivery", member_text(d, "state")),
				     figure_number(lang, (double)member_integer(d, "tries"), tries),
				     member_text(d, "answer")});
}

void ctl_delivery_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out)
{
	static const enum word HEADINGS[] = {WORD_TERM_TIME,  WORD_TERM_CHANNEL, WORD_TERM_MESSAGE,
					     WORD_TERM_STATE, WORD_TERM_TRIES,	 WORD_TERM_ANSWER};
	const json_t *list = json_object_get(answer, "deliveries");
	const int64_t before = member_integer(answer, "before");
	struct ctl_table *table;
	char number[24], line[256];

	if (json_array_size(list) == 0) {
		fprintf(out, "%s\n", words_text(lang, WORD_CTL_NO_DELIVERIES));
		return;
	}
	table = ctl_table_headed(lang, "llllrl", HEADINGS);
	for (size_t i = json_array_size(list); table && i-- > 0;)
		put_delivery(table, lang, now_ms, json_array_get(list, i));
	if (table) {
		ctl_table_fit(table, WIDTH, 5);
		ctl_table_print(table, out);
	}
	ctl_table_free(table);
	snprintf(number, sizeof(number), "%lld", (long long)before);
	if (before > 0)
		fprintf(out, "%s\n",
			words_fill(line, sizeof(line), words_text(lang, WORD_CTL_OLDER),
				   (const char *const[]){"id", number, NULL}));
}

void ctl_delivery_outcome(enum words_lang lang, const json_t *delivery, FILE *out)
{
	if (!delivery) {
		fprintf(out, "%s\n", words_text(lang, WORD_CTL_NO_DELIVERIES));
		return;
	}
	fprintf(out, "%s: %s%s%s\n", member_text(delivery, "channel"),
		words_named(lang, "delivery", member_text(delivery, "state")),
		member_text(delivery, "answer")[0] ? ": " : "", member_text(delivery, "answer"));
}
