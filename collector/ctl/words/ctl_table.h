/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table for people: columns as wide as their widest cell, in characters, not octets. */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "collector/core/words/words.h"

struct ctl_table;

/* n columns; align: one letter each, 'l' or 'r'; headings may be NULL. NULL: out of memory. */
struct ctl_table *ctl_table_new(const char *align, const char *const *headings);
/* With words of the catalogue for headings; WORD_N: none. */
struct ctl_table *ctl_table_headed(enum words_lang lang, const char *align,
				   const enum word *headings);
struct ctl_table *ctl_table_free(struct ctl_table *table);
/* One row of as many texts as there are columns, which are copied; unsafe characters become '?'. Without memory the row
 * is left out. */
void ctl_table_row(struct ctl_table *table, const char *const *cells);
/* A line of its own between the rows, however long. */
void ctl_table_line(struct ctl_table *table, const char *text);
/* Cuts that column's cells, if need be and no shorter than 12 characters, so that rows are no wider than width. */
void ctl_table_fit(struct ctl_table *table, size_t width, size_t column);
void ctl_table_print(const struct ctl_table *table, FILE *out);
