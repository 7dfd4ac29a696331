/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of at most some dozens: it is searched from its beginning. */
#include "collector/codec/inventory/inventory_mistakes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/conf/conf_errors.h"

struct inventory_mistake {
	const char *kind;
	char *text;
	unsigned int line;
	size_t order;				     /* in which it was found */
	unsigned int also[INVENTORY_MISTAKES_LINES]; /* further lines */
	size_t n_also; /* how many of them, whether they are kept or not */
	size_t others; /* of this kind, with other texts */
};

/* The one with this text, or the last that there may be of its kind; NULL: neither. */
static struct inventory_mistake *find(const struct inventory_mistakes *mistakes, const char *kind,
				      const char *text)
{
	struct inventory_mistake *last = NULL;
	size_t alike = 0;

	for (size_t i = 0; i < mistakes->n; i++) {
		struct inventory_mistake *mistake = &mistakes->list[i];

		if (strcmp(mistake->kind, kind) != 0)
			continue;
		if (strcmp(mistake->text, text) == 0)
			return mistake;
		last = mistake;
		alike++;
	}
	return alike >= INVENTORY_MISTAKES_ALIKE ? last : NULL;
}

void inventory_mistakes_add(struct inventory_mistakes *mistakes, unsigned int line,
			    const char *kind, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	struct inventory_mistake *mistake;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		text = NULL;
		mistakes->lost++;
		return;
	}
	mistake = find(mistakes, kind, text);
	if (mistake) {
		mistake->others += strcmp(mistake->text, text) != 0;
		if (mistake->n_also < INVENTORY_MISTAKES_LINES)
			mistake->also[mistake->n_also] = line;
		mistake->n_also++;
		return;
	}
	mistake = reallocarray(mistakes->list, mistakes->n + 1, sizeof(*mistake));
	if (!mistake) {
		mistakes->lost++;
		return;
	}
	mistakes->list = mistake;
	mistake[mistakes->n] = (struct inventory_mistake){
		.kind = kind, .text = steal_ptr(text), .line = line, .order = mistakes->n};
	mistakes->n++;
}

static int compare_place(const void *a, const void *b)
{
	const struct inventory_mistake *x = a, *y = b;

	if (x->line == y->line)
		return x->order < y->order ? -1 : x->order > y->order;
	return x->line < y->line ? -1 : 1;
}

static void tell(const struct inventory_mistake *mistake, const char *name,
		 struct conf_errors *errors)
{
	char lines[INVENTORY_MISTAKES_LINES * 12 + 64] = "";
	size_t n = 0;

	for (size_t i = 0; i < mistake->n_also && i < INVENTORY_MISTAKES_LINES; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n, "%s%u", i > 0 ? ", " : "",
				      mistake->also[i]);
	if (mistake->n_also > INVENTORY_MISTAKES_LINES)
		snprintf(lines + n, sizeof(lines) - n, " and %zu more",
			 mistake->n_also - INVENTORY_MISTAKES_LINES);
	conf_errors_add(errors, "%s:%u: %s%s%s%s", name, mistake->line, mistake->text,
			mistake->n_also == 0   ? ""
			: mistake->others == 0 ? " (so in lines "
					       : " (the like in lines ",
			lines, mistake->n_also > 0 ? ")" : "");
}

void inventory_mistakes_tell(struct inventory_mistakes *mistakes, const char *name,
			     struct conf_errors *errors)
{
	if (mistakes->n > 0)
		qsort(mistakes->list, mistakes->n, sizeof(*mistakes->list), compare_place);
	for (size_t i = 0; i < mistakes->n; i++) {
		tell(&mistakes->list[i], name, errors);
		free(mistakes->list[i].text);
	}
	if (mistakes->lost > 0)
		conf_errors_add(errors, "%s: %zu more mistakes", name, mistakes->lost);
	free(mistakes->list);
	*mistakes = (struct inventory_mistakes){0};
}
