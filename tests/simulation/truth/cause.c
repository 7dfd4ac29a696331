/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of time. */
#include "tests/simulation/truth/cause.h"

#include <stddef.h>
#include <stdlib.h>

struct cause {
	int box;
	int64_t from_us, to_us;
	unsigned int what;
};

struct cause_list {
	struct cause *causes;
	size_t n, room;
};

struct cause_list *cause_list_new(void)
{
	struct cause_list *list = calloc(1, sizeof(*list));

	if (!list)
		abort();
	return list;
}

struct cause_list *cause_list_free(struct cause_list *list)
{
	if (list)
		free(list->causes);
	free(list);
	return NULL;
}

void cause_add(struct cause_list *list, int box, int64_t from_us, int64_t to_us, unsigned int what)
{
	if (list->n == list->room) {
		list->room = list->room ? list->room * 2 : 64;
		list->causes = reallocarray(list->causes, list->room, sizeof(*list->causes));
		if (!list->causes)
			abort();
	}
	list->causes[list->n++] = (struct cause){box, from_us, to_us, what};
}

bool cause_has(const struct cause_list *list, int box, int64_t from_us, int64_t to_us,
	       unsigned int what)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct cause *cause = &list->causes[i];

		if ((cause->box == box || cause->box < 0 || box < 0) && cause->what & what &&
		    cause->from_us <= to_us && cause->to_us >= from_us)
			return true;
	}
	return false;
}
