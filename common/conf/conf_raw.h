/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of common/conf/conf: the file as libconfuse reads it, every value still text and with
 * its place. Only conf.c uses it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <confuse.h>

struct conf_errors;
struct conf_key;

/* What cfg_opt_getnptr() returns for a value. */
struct conf_raw_value {
	unsigned int line;
	unsigned int position; /* in its list, from 0 */
	char *file;
	const char *key; /* the option's */
	bool empty;	 /* no value, but braces with nothing between them */
	char text[];
};

enum { CONF_RAW_FILE_MAX = 1024 * 1024 };

/* libconfuse wants a line end even after a last comment. text has room for two octets more;
 * returns the length without the NUL. */
size_t conf_raw_end_line(char *text, size_t len);
/* A whole file, ended so. Returns 0; -EFBIG above CONF_RAW_FILE_MAX, -EISDIR, or -errno. */
int conf_raw_read(const char *path, char **ret_text, size_t *ret_len);

/*
 * text: NUL-terminated. Unknown keys and keys given twice are reported and skipped, so that one run finds them
 * all; an error of syntax ends the run. *ret is set even if errors were added, unless the
 * syntax is wrong. Not re-entrant: libconfuse's scanner is global.
 * Returns 0 or -ENOMEM, or -EINVAL for wrong syntax.
 */
int conf_raw_parse(const char *name, const char *text, const struct conf_key *keys,
		   bool may_include, struct conf_errors *errors, cfg_t **ret);
void conf_raw_freep(cfg_t **cfg);
