/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The days on which nobody works, from a file that the operator edits every year, since the
 * government says them by a decree of the year before:
 *
 *	# SKB 3 Menteri
 *	2026-01-01 Tahun Baru
 *	2026-03-20..2026-03-24 Idul Fitri dan cuti bersama
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/conf/conf_errors.h"

struct holidays {
	unsigned int *days; /* 20260101, rising, each once */
	size_t n;
};

enum { HOLIDAYS_MAX = 2000, HOLIDAYS_TEXT_MAX = 1 << 18 /* octets */ };

/* name: of the file, for the mistakes. Returns 0, -EINVAL (errors has each mistake with its line) or -ENOMEM; ret is
 * freed with holidays_deinit(), untouched on failure. */
int holidays_parse(const char *name, const char *text, size_t len, struct holidays *ret,
		   struct conf_errors *errors);
void holidays_deinit(struct holidays *holidays);
bool holidays_have(const struct holidays *holidays, unsigned int year, unsigned int month,
		   unsigned int day);
/* The last year that has one: what the operator has to be reminded of. 0: none at all. */
unsigned int holidays_last_year(const struct holidays *holidays);
