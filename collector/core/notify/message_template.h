/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text of the operator's in which {{word}} stands for what is told. Each word is escaped
 * for where it is put, so that no name that a device chose can leave its place.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum template_escape {
	TEMPLATE_TEXT, /* as it is, in one line: for headers and plain bodies */
	TEMPLATE_JSON, /* a JSON value, with its quotes; RFC 8259 7 */
	TEMPLATE_FORM, /* percent-encoded; application/x-www-form-urlencoded */
};

struct template_word {
	const char *name, *text; /* text: UTF-8 */
	bool number;		 /* TEMPLATE_JSON: text is a number and stands without quotes */
};

/* Fills the text. Words that there are not are left out. Returns the length without the NUL, or -E2BIG, then buf is "". */
int message_template_fill(const char *text, const struct template_word *words, size_t n_words,
			  enum template_escape escape, char *buf, size_t size);
/* Whether each {{word}} of the text is one of these; else the first that is not, or "{{" that nothing closes, in buf. */
bool message_template_is_right(const char *text, const char *const *names, size_t n_names,
			       char *buf, size_t size);
