/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configuration, driven by a table with one row per key: the row says type, range, default
 * and unit, so it parses, checks, prints --help-config and is tested against
 * conf/NAME.example. The syntax is conf_reader.h's, the files are conf_file.h's.
 *
 *	static const struct conf_key KEYS[] = {
 *		CONF_INT(struct agent_conf, sample_interval_ms, "sample-interval", 1000,
 *			 100, 60000, "ms", "how often links are read"),
 *		...
 *		CONF_END
 *	};
 *
 * Everything is parsed and checked wholly before anything is handed out. Every mistake gives
 * one line: "FILE:LINE: KEY: what is wrong; what would be right", all of them in one run, but
 * that one of syntax is told alone. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/conf/conf_errors.h"
#include "common/conf/conf_places.h"

enum conf_type {
	CONF_TYPE_END,
	CONF_TYPE_INT, /* int64_t; a number, or with a unit suffix where unit is "ms" or "octets" */
	CONF_TYPE_BOOL,	    /* bool; yes/no, true/false, on/off */
	CONF_TYPE_STR,	    /* char *, owned by the struct */
	CONF_TYPE_STR_LIST, /* char **, NULL-terminated, owned; {"a", "b"} */
	CONF_TYPE_ENUM,	    /* int; one of names[] */
	CONF_TYPE_SECTION,  /* array of sub-structs: section TITLE { ... } */
};

struct conf_name {
	const char *name;
	int value;
};

struct conf_key {
	enum conf_type type;
	const char *name;
	const char *help; /* one line, meaning */
	const char *unit; /* "ms", "s", "octets", "kbps", "": suffixes as conf_value_int() says */
	size_t offset;	  /* of the field in the struct */
	int64_t def, min, max;
	const char *def_str;
	bool required; /* SECTION: at least one */
	bool or_none;  /* STR_LIST: may be {}, which is what it is where it is left out */
	bool secret;   /* STR: never quoted in messages */
	bool exact;    /* STR: refused where it may be another than its author believes */
	const struct conf_name *names; /* ENUM: ends with {NULL, 0} */
	const struct conf_key *keys;   /* SECTION */
	size_t places_offset; /* END: of the struct conf_places * in the struct, for checks that span keys; 0: none */
	size_t item_size,
		count_offset; /* SECTION: sizeof the item; offset of the size_t count. The field itself
					   is a pointer to the array of items. The item's first field is char *title. */
	/* Further check of one value; NULL, or a text (what would be right) if it is refused. Strings only. */
	const char *(*check)(const char *value);
};

#define CONF_INT(S, f, n, d, lo, hi, u, h)                                                         \
	{                                                                                          \
		.type = CONF_TYPE_INT, .name = (n), .help = (h), .unit = (u),                      \
		.offset = offsetof(S, f), .def = (d), .min = (lo), .max = (hi)                     \
	}
#define CONF_BOOL(S, f, n, d, h)                                                                   \
	{                                                                                          \
		.type = CONF_TYPE_BOOL, .name = (n), .help = (h), .unit = "",                      \
		.offset = offsetof(S, f), .def = (d)                                               \
	}
#define CONF_STR(S, f, n, d, h, chk)                                                               \
	{                                                                                          \
		.type = CONF_TYPE_STR, .name = (n), .help = (h), .unit = "",                       \
		.offset = offsetof(S, f), .def_str = (d), .check = (chk)                           \
	}
#define CONF_STR_LIST(S, f, n, h, chk)                                                             \
	{                                                                                          \
		.type = CONF_TYPE_STR_LIST, .name = (n), .help = (h), .unit = "",                  \
		.offset = offsetof(S, f), .check = (chk)                                           \
	}
#define CONF_STR_LIST_OR_NONE(S, f, n, h, chk)                                                     \
	{                                                                                          \
		.type = CONF_TYPE_STR_LIST, .name = (n), .help = (h), .unit = "",                  \
		.offset = offsetof(S, f), .or_none = true, .check = (chk)                          \
	}
#define CONF_ENUM(S, f, n, d, tbl, h)                                                              \
	{                                                                                          \
		.type = CONF_TYPE_ENUM, .name = (n), .help = (h), .unit = "",                      \
		.offset = offsetof(S, f), .def = (d), .names = (tbl)                               \
	}
#define CONF_SECTION(S, f, cnt, n, K, item, h)                                                     \
	{                                                                                          \
		.type = CONF_TYPE_SECTION, .name = (n), .help = (h), .unit = "",                   \
		.offset = offsetof(S, f), .count_offset = offsetof(S, cnt), .keys = (K),           \
		.item_size = sizeof(item)                                                          \
	}
/* A string that must be given; one that messages never quote. */
#define CONF_STR_REQUIRED(S, f, n, h, chk)                                                         \
	{                                                                                          \
		.type = CONF_TYPE_STR, .name = (n), .help = (h), .unit = "",                       \
		.offset = offsetof(S, f), .required = true, .check = (chk)                         \
	}
#define CONF_SECRET(S, f, n, h, chk)                                                               \
	{                                                                                          \
		.type = CONF_TYPE_STR, .name = (n), .help = (h), .unit = "",                       \
		.offset = offsetof(S, f), .secret = true, .exact = true, .check = (chk)            \
	}
/* One that a device has to have too, octet for octet. */
#define CONF_STR_EXACT(S, f, n, h, chk)                                                            \
	{                                                                                          \
		.type = CONF_TYPE_STR, .name = (n), .help = (h), .unit = "",                       \
		.offset = offsetof(S, f), .exact = true, .check = (chk)                            \
	}
#define CONF_END                                                                                   \
	{                                                                                          \
		.type = CONF_TYPE_END                                                              \
	}
/* Ends the table of a file or section whose struct has a struct conf_places *: it learns where its keys stand. Not
 * the struct's first field. */
#define CONF_END_PLACED(S, f)                                                                      \
	{                                                                                          \
		.type = CONF_TYPE_END, .places_offset = offsetof(S, f)                             \
	}

struct conf_settings;

/*
 * Fills ret_conf, a zeroed struct of the kind the table describes, from settings; name stands
 * for the file in messages about what is missing.
 * Returns 0; -EINVAL with at least one line in errors, and ret_conf left zeroed; -ENOMEM.
 * An unknown key is an error that names the nearest known one.
 * After success lists (char **) are never NULL; strings without a default may be.
 */
int conf_take(const char *name, const struct conf_settings *settings, const struct conf_key *keys,
	      void *ret_conf, struct conf_errors *errors);
/* The same from a text, without include. */
int conf_parse(const char *name, const uint8_t *text, size_t len, const struct conf_key *keys,
	       void *ret_conf, struct conf_errors *errors);
/* Frees what was allocated inside conf, by the same table, and zeroes the fields. */
void conf_free(const struct conf_key *keys, void *conf);
/* Whether two structs of the table's kind have the same value of this key. Nothing is said of
 * sections: they count as the same. */
bool conf_is_same(const struct conf_key *key, const void *a, const void *b);
/* Prints one line per key: name, unit, default, range, help. */
void conf_print_keys(const struct conf_key *keys, int fd);
/* The first key, of sections too, that text does not mention, or NULL: for the test that an example names every key. */
const char *conf_key_missing_in(const struct conf_key *keys, const char *text);
