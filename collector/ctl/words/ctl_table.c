/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts come from devices: nothing that a terminal would obey gets through. A character
 * counts as one place; wide ones (East Asian) do not occur in this trade.
 */
#include "collector/ctl/words/ctl_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/utf8_text.h"

enum { COLUMNS_MAX = 16, CUT_MIN = 12 };

static const char MORE[] = "\xe2\x80\xa6";

struct row {
	struct row *next;
	bool line; /* just the first cell */
	char *cell[COLUMNS_MAX];
};

struct ctl_table {
	char align[COLUMNS_MAX + 1];
	size_t n, width[COLUMNS_MAX];
	struct row *first, **last;
};

/* With room for what says that it was cut. */
static char *copy(const char *text)
{
	const size_t size = strlen(text) + sizeof(MORE);
	char *kept = malloc(size);

	if (kept)
		utf8_text_clean(text, kept, size);
	return kept;
}

struct ctl_table *ctl_table_new(const char *align, const char *const *headings)
{
	struct ctl_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->last = &table->first;
	table->n = strlen(align) < COLUMNS_MAX ? strlen(align) : COLUMNS_MAX;
	memcpy(table->align, align, table->n);
	if (headings)
		ctl_table_row(table, headings);
	return table;
}

struct ctl_table *ctl_table_headed(enum words_lang lang, const char *align,
				   const enum word *headings)
{
	const char *words[COLUMNS_MAX] = {0};

	for (size_t i = 0; align[i] && i < COLUMNS_MAX; i++)
		words[i] = headings[i] == WORD_N ? "" : words_text(lang, headings[i]);
	return ctl_table_new(align, words);
}

static void free_row(struct row *row)
{
	for (size_t i = 0; i < COLUMNS_MAX; i++)
		free(row->cell[i]);
	free(row);
}

struct ctl_table *ctl_table_free(struct ctl_table *table)
{
	while (table && table->first) {
		struct row *row = table->first;

		table->first = row->next;
		free_row(row);
	}
	free(table);
	return NULL;
}

void ctl_table_row(struct ctl_table *table, const char *const *cells)
{
	struct row *row = calloc(1, sizeof(*row));

	if (!row)
		return;
	for (size_t i = 0; i < table->n; i++) {
		row->cell[i] = copy(cells[i] ? cells[i] : "");
		if (!row->cell[i]) {
			free_row(row);
			return;
		}
		if (words_width(row->cell[i]) > table->width[i])
			table->width[i] = words_width(row->cell[i]);
	}
	*table->last = row;
	table->last = &row->next;
}

void ctl_table_line(struct ctl_table *table, const char *text)
{
	struct row *row = calloc(1, sizeof(*row));

	if (!row)
		return;
	row->line = true;
	row->cell[0] = copy(text);
	if (!row->cell[0]) {
		free_row(row);
		return;
	}
	*table->last = row;
	table->last = &row->next;
}

/* To so many characters, the last of which says that there were more. */
static void cut(char *text, size_t characters)
{
	char *at = text, *end;

	if (words_width(text) <= characters)
		return;
	for (size_t n = 0; n < characters; at++)
		n += (at[1] & 0xc0) != 0x80;
	for (end = at; end > text && (end[-1] & 0xc0) == 0x80;)
		end--;
	end--; /* where the last character that stays begins */
	strcpy(end, MORE);
}

void ctl_table_fit(struct ctl_table *table, size_t width, size_t column)
{
	size_t all = 2 * (table->n - 1), to;

	for (size_t i = 0; i < table->n; i++)
		all += table->width[i];
	if (all <= width || table->width[column] <= CUT_MIN)
		return;
	to = all - width < table->width[column] - CUT_MIN ? table->width[column] - (all - width)
							  : CUT_MIN;
	table->width[column] = to;
	for (struct row *row = table->first; row; row = row->next) {
		if (!row->line)
			cut(row->cell[column], to);
	}
}

static void print_cell(const struct ctl_table *table, const struct row *row, size_t i, FILE *out)
{
	size_t pad = table->width[i] - words_width(row->cell[i]);

	if (table->align[i] == 'r')
		fprintf(out, "%*s%s", (int)pad, "", row->cell[i]);
	else if (i + 1 < table->n) /* no blanks at the end of a line */
		fprintf(out, "%s%*s", row->cell[i], (int)pad, "");
	else
		fputs(row->cell[i], out);
}

void ctl_table_print(const struct ctl_table *table, FILE *out)
{
	for (const struct row *row = table->first; row; row = row->next) {
		for (size_t i = 0; i < table->n && !row->line; i++) {
			if (i > 0)
				fputs("  ", out);
			print_cell(table, row, i, out);
		}
		if (row->line)
			fputs(row->cell[0], out);
		fputc('\n', out);
	}
}
