/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts come from devices: nothing that a terminal would obey gets through. A character
 * counts as one place; wide ones (East Asian) do not occur in this trade.
 */
#include "collector/ctl/ctl_table.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 16 };

struct row {
	struct row *next;
	char *cell[COLUMNS_MAX];
};

struct ctl_table {
	char align[COLUMNS_MAX + 1];
	size_t n, width[COLUMNS_MAX];
	struct row *first, **last;
};

static size_t width_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static void clean(char *text)
{
	for (unsigned char *p = (unsigned char *)text; *p; p++) {
		/* C0, DEL, and C1 as UTF-8 writes it (c2 80 to c2 9f) */
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
		else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
			p[0] = p[1] = '?';
	}
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
		row->cell[i] = strdup(cells[i] ? cells[i] : "");
		if (!row->cell[i]) {
			free_row(row);
			return;
		}
		clean(row->cell[i]);
		if (width_of(row->cell[i]) > table->width[i])
			table->width[i] = width_of(row->cell[i]);
	}
	*table->last = row;
	table->last = &row->next;
}

static void print_cell(const struct ctl_table *table, const struct row *row, size_t i, FILE *out)
{
	size_t pad = table->width[i] - width_of(row->cell[i]);

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
		for (size_t i = 0; i < table->n; i++) {
			if (i > 0)
				fputs("  ", out);
			print_cell(table, row, i, out);
		}
		fputc('\n', out);
	}
}
