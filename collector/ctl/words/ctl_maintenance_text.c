/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/words/ctl_maintenance_text.h"

#include "collector/codec/page/member.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/base/cleanup.h"

enum { WIDTH = 80 };

static void put_row(struct ctl_table *table, enum words_lang lang, int64_t now_ms, const json_t *m)
{
	char id[24], begin[CTL_TEXT_MAX], span[CTL_TEXT_MAX], what[192];
	const int64_t begin_ms = member_integer(m, "next_begin_ms"),
		      end_ms = member_integer(m, "next_end_ms");
	const char *target = member_text(m, "target");

	snprintf(id, sizeof(id), "%lld", (long long)member_integer(m, "id"));
	snprintf(what, sizeof(what), "%s%s%s", words_named(lang, "scope", member_text(m, "scope")),
		 target[0] ? " " : "", target);
	ctl_table_row(table,
		      (const char *const[]){
			      id,
			      member_bool(m, "now") ? words_text(lang, WORD_TIME_NOW)
						    : ctl_time(begin_ms, now_ms, begin),
			      figure_duration(lang, end_ms - begin_ms, span),
			      member_bool(m, "weekly") ? words_text(lang, WORD_TERM_WEEKLY) : "-",
			      what, member_text(m, "by"), member_text(m, "reason")});
}

void ctl_maintenance_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out)
{
	static const enum word HEADINGS[] = {WORD_TERM_ID,    WORD_TERM_BEGINS, WORD_TERM_SPAN,
					     WORD_N,	      WORD_TERM_OBJECT, WORD_TERM_BY,
					     WORD_TERM_REASON};
	const json_t *list = json_object_get(answer, "maintenance");
	struct ctl_table *table;

	if (json_array_size(list) == 0) {
		fprintf(out, "%s\n", words_text(lang, WORD_CTL_NO_MAINTENANCE));
		return;
	}
	table = ctl_table_headed(lang, "rlrllll", HEADINGS);
	for (size_t i = 0; table && i < json_array_size(list); i++)
		put_row(table, lang, now_ms, json_array_get(list, i));
	if (table) {
		ctl_table_fit(table, WIDTH, 6);
		ctl_table_print(table, out);
	}
	ctl_table_free(table);
}
