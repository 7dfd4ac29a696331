/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The syntax of configuration files: text in, settings with file and line out. Which keys
 * there are and what values mean is conf.c's affair. Pure.
 *
 *	# a comment; so is what follows //, or stands between slash-star and star-slash
 *	KEY = VALUE
 *	KEY = {VALUE, VALUE}
 *	KEY += {VALUE}
 *	SECTION "TITLE" { KEY = VALUE ... }
 *	include("FILE")
 *
 * A value is a word or a string. In 'single quotes' everything stands for itself but \\ and
 * \'; in "double quotes" a backslash begins an escape of C, and one before another character
 * is dropped. Statements need no end of line between them, and strings may go over several.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_errors.h"

/* Why a word may be another than its author believes, which a secret must not be. */
enum conf_doubt {
	CONF_DOUBT_NONE,
	CONF_DOUBT_ESCAPE,  /* in double quotes, with a backslash not before \ or " */
	CONF_DOUBT_COMMENT, /* without quotes, with a '#' right behind it */
};

struct conf_word {
	const char *text;
	unsigned int line;
	bool quoted;
	enum conf_doubt doubt;
};

enum conf_setting_kind {
	CONF_SETTING_VALUE,
	CONF_SETTING_LIST,
	CONF_SETTING_SECTION,
	CONF_SETTING_CALL, /* KEY(VALUE), which is how files are included */
	CONF_SETTING_DONE, /* set by who has done what it says: conf_take() passes over it */
};

struct conf_setting {
	enum conf_setting_kind kind;
	bool append; /* += */
	const char *file;
	struct conf_word key;
	struct conf_word title; /* SECTION: its text is NULL where there is none */
	unsigned int end;	/* line of the last value, or of the section's '}' */
	size_t first, n;	/* VALUE, LIST, CALL: n words from this one on */
	size_t inside;		/* SECTION: so many settings behind it are inside */
};

/* What one file or several say, in their order. */
struct conf_settings {
	struct conf_setting *settings;
	size_t n;
	struct conf_word *words;
	size_t n_words;
	struct conf_chunk *chunks; /* in which the texts live */
	unsigned int end;	   /* line of the end of the first file */
};

/* printf(3) format of what is wrong with a value, for its key. */
#define CONF_READER_WANTS_QUOTES                                                                   \
	"more than one word; write %s = \"...\", and \\\" for a quote in it"

/*
 * Appends what a file says; file is its name. Stops at the first mistake, for what stands behind
 * it may not be what it looks like. No message quotes a value, for that may be a secret.
 * Returns 0; -EINVAL with one line in errors; -ENOMEM. Free settings in any case.
 */
must_check_ int conf_reader_read(struct conf_settings *settings, const char *file, const char *text,
				 size_t len, struct conf_errors *errors);
void conf_settings_deinit(struct conf_settings *settings);
