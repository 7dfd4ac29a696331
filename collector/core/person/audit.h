/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who changed what, when: a row of a log to which rows are only ever added. */
#pragma once

#include <stdint.h>

#include "collector/core/person/person.h"

enum { AUDIT_WORD_MAX = 32, AUDIT_TEXT_MAX = 255 };

struct audit_row {
	int64_t id, at_ms; /* wall; the store gives the id */
	char who[PERSON_NAME_MAX + 1];
	char how[AUDIT_WORD_MAX + 1];  /* "socket", "token 7" */
	char what[AUDIT_WORD_MAX + 1]; /* "user-add", "ack", ... */
	char target[AUDIT_TEXT_MAX + 1];
	char detail[AUDIT_TEXT_MAX + 1]; /* never a secret */
};

/* Newest first. */
struct audit_query {
	int64_t before_id; /* only ids below; 0: from the newest */
	unsigned int limit;
};
