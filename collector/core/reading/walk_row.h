/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the cells of a walked row say as text, and whether a profile means the row. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct poll_walk_cell;
struct profile_where;

/* "1.2"; cut where it does not fit. */
void walk_row_index_text(const uint32_t *arcs, size_t n, char *buf, size_t size);
/* Numbers, OIDs and cleaned text; "" for none and for what has no text. */
void walk_row_cell_text(const struct poll_walk_cell *cell, char *buf, size_t size);
/* Do the cells, one per condition, have what all the conditions ask for? */
bool walk_row_fits(const struct profile_where *where, size_t n, const struct poll_walk_cell *cells);
