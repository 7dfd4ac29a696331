/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mistakes of a table's rows, so that one mistake is told once: what is the same in many lines
 * is one message with their numbers, and of a kind that has many texts only the first are
 * told whole. Pure.
 */
#pragma once

#include <stddef.h>

#include "common/base/cleanup.h"

struct conf_errors;

enum {
	INVENTORY_MISTAKES_ALIKE = 5, /* messages of one kind */
	INVENTORY_MISTAKES_LINES = 4, /* further lines that a message names */
};

struct inventory_mistakes {
	struct inventory_mistake *list;
	size_t n;
	size_t lost; /* for want of memory */
};

/* kind: a literal; what has it is alike. fmt: "COLUMN: what is wrong; what would be right". */
void inventory_mistakes_add(struct inventory_mistakes *mistakes, unsigned int line,
			    const char *kind, const char *fmt, ...) printf_(4, 5);
/* One line in errors per mistake, "NAME:LINE: ...", in the order of their lines; mistakes is
 * empty then. */
void inventory_mistakes_tell(struct inventory_mistakes *mistakes, const char *name,
			     struct conf_errors *errors);
