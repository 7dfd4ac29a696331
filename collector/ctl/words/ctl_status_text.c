/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is unknown is never shown as good: who waits for a first answer is neither up nor in trouble. */
#include "collector/ctl/words/ctl_status_text.h"

#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/core/device/device.h"
#include "collector/core/device/severity.h"
#include "collector/core/words/figure_text.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/base/cleanup.h"

/* Columns and rows: the worst is what is looked for, next to what is well. */
static const enum device_status BY_TROUBLE[] = {
	DEVICE_DOWN,	 DEVICE_AUTH_FAILED, DEVICE_SNMP_SILENT, DEVICE_SUSPECT,
	DEVICE_DEGRADED, DEVICE_UNREACHABLE, DEVICE_PENDING,
};
enum { TROUBLES = 5 }; /* of these, the first; what is unreachable stands under its cause's count */

_Static_assert(ARRAY_LEN(BY_TROUBLE) + 1 == DEVICE_STATUS_N, "every state has its place");

/* ---- how many ---- */

struct counts {
	enum words_lang lang;
	struct ctl_table *table;
	enum device_status columns[DEVICE_STATUS_N];
	size_t n_columns;
};

static int64_t count_of(const json_t *counts, enum device_status status)
{
	return member_integer(counts, device_status_name(status));
}

static void choose_columns(struct counts *counts, const json_t *sum)
{
	counts->columns[counts->n_columns++] = DEVICE_UP;
	for (size_t i = 0; i < ARRAY_LEN(BY_TROUBLE); i++) {
		if (BY_TROUBLE[i] == DEVICE_DOWN || count_of(sum, BY_TROUBLE[i]) > 0)
			counts->columns[counts->n_columns++] = BY_TROUBLE[i];
	}
}

static void put_headings(struct counts *counts)
{
	char words[DEVICE_STATUS_N][CTL_TEXT_MAX], align[DEVICE_STATUS_N + 3] = "lr";
	const char *cells[DEVICE_STATUS_N + 2] = {words_text(counts->lang, WORD_TERM_KIND),
						  words_text(counts->lang, WORD_TERM_TOTAL)};

	for (size_t i = 0; i < counts->n_columns; i++) {
		cells[i + 2] = ctl_status_word(counts->lang, device_status_name(counts->columns[i]),
					       words[i]);
		strcat(align, "r");
	}
	counts->table = ctl_table_new(align, cells);
}

static void put_counts(const struct counts *counts, const char *heading, const json_t *of)
{
	char numbers[DEVICE_STATUS_N][CTL_TEXT_MAX], total[CTL_TEXT_MAX];
	const char *cells[DEVICE_STATUS_N + 2] = {
		heading, figure_number(counts->lang, member_number(of, "total"), total)};

	for (size_t i = 0; i < counts->n_columns; i++)
		cells[i + 2] = figure_number(counts->lang, (double)count_of(of, counts->columns[i]),
					     numbers[i]);
	ctl_table_row(counts->table, cells);
}

void ctl_status_text(enum words_lang lang, const json_t *status, FILE *out)
{
	static const char *const KINDS[] = {"core", "opd", "hotspot"};
	const json_t *sum = json_object_get(status, "devices"),
		     *kinds = json_object_get(status, "kinds");
	struct counts counts = {.lang = lang};

	choose_columns(&counts, sum);
	put_headings(&counts);
	if (!counts.table)
		return;
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
		if (json_object_get(kinds, KINDS[i]))
			put_counts(&counts, words_named(lang, "kind", KINDS[i]),
				   json_object_get(kinds, KINDS[i]));
	}
	put_counts(&counts, words_text(lang, WORD_TERM_TOTAL), sum);
	ctl_table_print(counts.table, out);
	ctl_table_free(counts.table);
}

void ctl_service_text(enum words_lang lang, const json_t *status, FILE *out)
{
	const json_t *remarks = json_object_get(status, "remarks"), *remark;
	size_t i;

	json_array_foreach (remarks, i, remark)
		fprintf(out, "%s\n", words_named(lang, "service", json_string_value(remark)));
	if (json_array_size(remarks) > 0)
		fputc('\n', out);
}

/* ---- which ---- */

static struct ctl_table *devices_table(enum words_lang lang)
{
	static const enum word HEADINGS[] = {WORD_TERM_ID,    WORD_TERM_STATE, WORD_TERM_CAUSE,
					     WORD_TERM_SINCE, WORD_TERM_SPAN,  WORD_TERM_IN,
					     WORD_TERM_OUT,   WORD_TERM_NAME};

	return ctl_table_headed(lang, "lllllrrl", HEADINGS);
}

static void put_device(struct ctl_table *table, enum words_lang lang, int64_t now_ms,
		       const json_t *d)
{
	char since[CTL_TEXT_MAX], status[CTL_TEXT_MAX];
	char duration[CTL_TEXT_MAX], in[CTL_TEXT_MAX], out[CTL_TEXT_MAX];
	const int64_t since_ms = member_integer(d, "since_ms");

	ctl_table_row(table,
		      (const char *const[]){
			      member_text(d, "id"),
			      ctl_status_word(lang, member_text(d, "status"), status),
			      words_named(lang, "cause", member_text(d, "cause")),
			      ctl_time(since_ms, now_ms, since),
			      figure_duration(lang, since_ms ? now_ms - since_ms : -1, duration),
			      figure_rate(lang, member_number(d, "in_bps"), in),
			      figure_rate(lang, member_number(d, "out_bps"), out),
			      member_text(d, "name")});
}

void ctl_device_list_text(enum words_lang lang, int64_t now_ms, const json_t *devices, FILE *out)
{
	struct ctl_table *table = json_array_size(devices) > 0 ? devices_table(lang) : NULL;
	const json_t *d;
	size_t i;

	if (!table)
		return;
	json_array_foreach (devices, i, d)
		put_device(table, lang, now_ms, d);
	ctl_table_print(table, out);
	ctl_table_free(table);
}

/* ---- the worst ---- */

struct trouble {
	const json_t *device;
	size_t rank; /* of its state; 0 is the worst */
	enum severity severity;
};

static size_t rank_of(const char *status)
{
	enum device_status parsed;
	size_t rank = 0;

	/* of a newer collector: nobody knows how bad that is */
	if (!device_status_parse(status, &parsed))
		return 0;
	while (rank < ARRAY_LEN(BY_TROUBLE) && BY_TROUBLE[rank] != parsed)
		rank++;
	return rank;
}

static int worse_first(const void *a, const void *b)
{
	const struct trouble *x = a, *y = b;
	const int64_t x_ms = member_integer(x->device, "since_ms"),
		      y_ms = member_integer(y->device, "since_ms");

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x_ms != y_ms)
		return x_ms < y_ms ? -1 : 1;
	return strcmp(member_text(x->device, "id"), member_text(y->device, "id"));
}

/* What is critical is among the worst as soon as it is not well: many are behind it. */
static size_t find_troubles(const json_t *devices, struct trouble *troubles)
{
	const json_t *d;
	size_t i, n = 0;

	json_array_foreach (devices, i, d) {
		struct trouble trouble = {.device = d, .rank = rank_of(member_text(d, "status"))};

		severity_parse(member_text(d, "severity"), &trouble.severity);
		if (trouble.rank >= TROUBLES)
			continue;
		if (trouble.severity == SEVERITY_CRITICAL)
			trouble.rank = 0;
		troubles[n++] = trouble;
	}
	qsort(troubles, n, sizeof(*troubles), worse_first);
	return n;
}

static void print_number(enum words_lang lang, enum word word, size_t n, FILE *out)
{
	char number[24], line[256];

	snprintf(number, sizeof(number), "%zu", n);
	fprintf(out, "%s\n",
		words_fill(line, sizeof(line), words_text(lang, word),
			   (const char *const[]){"n", number, NULL}));
}

static void print_troubles(enum words_lang lang, int64_t now_ms, const struct trouble *troubles,
			   size_t n, FILE *out)
{
	struct ctl_table *table = devices_table(lang);
	const size_t shown = n < CTL_STATUS_WORST ? n : CTL_STATUS_WORST;

	if (!table)
		return;
	for (size_t i = 0; i < shown; i++)
		put_device(table, lang, now_ms, troubles[i].device);
	ctl_table_print(table, out);
	ctl_table_free(table);
	if (n > shown)
		print_number(lang, WORD_CTL_MORE, n - shown, out);
}

static size_t count_status(const json_t *devices, enum device_status status)
{
	const json_t *d;
	size_t i, n = 0;

	json_array_foreach (devices, i, d)
		n += strcmp(member_text(d, "status"), device_status_name(status)) == 0;
	return n;
}

void ctl_worst_text(enum words_lang lang, int64_t now_ms, const json_t *devices, FILE *out)
{
	const size_t all = json_array_size(devices),
		     pending = count_status(devices, DEVICE_PENDING);
	struct trouble *troubles = calloc(all + 1, sizeof(*troubles));
	size_t n;

	if (!troubles)
		return;
	n = find_troubles(devices, troubles);
	if (n > 0)
		print_troubles(lang, now_ms, troubles, n, out);
	if (pending > 0)
		print_number(lang, WORD_OVERVIEW_PENDING, pending, out);
	if (all == 0)
		fprintf(out, "%s. %s\n", words_text(lang, WORD_OVERVIEW_EMPTY),
			words_text(lang, WORD_OVERVIEW_EMPTY_HINT));
	else if (count_status(devices, DEVICE_UP) == all)
		fprintf(out, "%s\n", words_text(lang, WORD_CTL_ALL_WELL));
	free(troubles);
}
