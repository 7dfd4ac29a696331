/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of common/conf/conf: one field of the struct that a table describes, of any type but
 * a section, and the words that it is read from. Pure.
 */
#pragma once

#include "common/base/cleanup.h"

struct conf_errors;
struct conf_key;
struct conf_setting;
struct conf_word;

struct conf_field {
	const struct conf_key *key;
	const struct conf_setting *setting;
	const struct conf_word *value; /* of the setting, the first or the one being read */
	struct conf_errors *errors;
};

/* "FILE:LINE: KEY: ..." */
void conf_field_complain(const struct conf_field *field, const char *fmt, ...) printf_(2, 3);
/* A list that is there but empty is not one that was left out, unless the key says so. */
void conf_field_refuse_empty(const struct conf_field *field);

/*
 * Replaces what stands at to, but for lists, which are appended to. What does not fit the key gives a
 * line in errors and may be taken or not. Returns 0 or -ENOMEM.
 */
must_check_ int conf_field_read(struct conf_field *field, void *to);
must_check_ int conf_field_set_default(const struct conf_key *key, void *to);
/* Frees what is there and leaves zeros. */
void conf_field_clear(const struct conf_key *key, void *to);
