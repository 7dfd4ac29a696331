/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded list of lines. Losing one for lack of memory still leaves the count right. */
#include "common/conf/conf_errors.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int append(struct conf_errors *errors, char *line)
{
	char **lines;

	if (errors->n >= CONF_ERRORS_MAX)
		return -1;
	lines = realloc(errors->lines, (errors->n + 1) * sizeof(*lines));
	if (!lines)
		return -1;
	errors->lines = lines;
	errors->lines[errors->n++] = line;
	return 0;
}

void conf_errors_add(struct conf_errors *errors, const char *fmt, ...)
{
	va_list args;
	char *line = NULL;
	int r;

	va_start(args, fmt);
	r = vasprintf(&line, fmt, args);
	va_end(args);
	if (r < 0) {
		errors->dropped++;
		return;
	}
	if (append(errors, line) < 0) {
		errors->dropped++;
		free(line);
	}
}

void conf_errors_move(struct conf_errors *errors, struct conf_errors *from, size_t first)
{
	assert(errors != from && first <= from->n);
	for (size_t i = first; i < from->n; i++) {
		if (append(errors, from->lines[i]) < 0) {
			errors->dropped++;
			free(from->lines[i]);
		}
	}
	if (first < from->n)
		from->n = first;
	if (first == 0) {
		errors->dropped += from->dropped;
		from->dropped = 0;
	}
}

void conf_errors_deinit(struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		free(errors->lines[i]);
	free(errors->lines);
	*errors = (struct conf_errors){0};
}
