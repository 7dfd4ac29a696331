/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue: each list against the order of its elements as text, through every removal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/queue.h"

#include <cmocka.h>

enum { ELEMENTS = 4 };

struct element {
	char name;
	LIST_ENTRY(element) of_list;
	STAILQ_ENTRY(element) of_line;
	TAILQ_ENTRY(element) of_queue;
};
LIST_HEAD(list, element);
STAILQ_HEAD(line, element);
TAILQ_HEAD(queue, element);

static void expect_list(struct list *list, const char *names)
{
	const struct element *e;

	LIST_FOREACH (e, list, of_list)
		assert_int_equal(e->name, *names++);
	assert_int_equal(*names, '\0');
}

static void test_list(void **state)
{
	static const char *const without[] = {"abc", "abd", "acd", "bcd"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(without); i++) {
		struct element e[ELEMENTS] = {{'d'}, {'c'}, {'b'}, {'a'}};
		struct list list;

		LIST_INIT(&list);
		expect_list(&list, "");
		for (size_t j = 0; j < ELEMENTS; j++)
			LIST_INSERT_HEAD(&list, &e[j], of_list);
		expect_list(&list, "abcd");
		LIST_REMOVE(&e[i], of_list);
		expect_list(&list, without[i]);
		while (LIST_FIRST(&list))
			LIST_REMOVE(LIST_FIRST(&list), of_list);
		LIST_INSERT_HEAD(&list, &e[0], of_list);
		expect_list(&list, "d");
	}
}

/* Takes all out, from the front. */
static void expect_line(struct line *line, const char *names)
{
	const struct element *e;
	size_t n = 0;

	STAILQ_FOREACH (e, line, of_line)
		assert_int_equal(e->name, names[n++]);
	assert_int_equal(n, strlen(names));
	for (; *names; names++) {
		assert_false(STAILQ_EMPTY(line));
		assert_int_equal(STAILQ_FIRST(line)->name, *names);
		STAILQ_REMOVE_HEAD(line, of_line);
	}
	assert_true(STAILQ_EMPTY(line));
}

static void test_line(void **state)
{
	struct element e[ELEMENTS] = {{'a'}, {'b'}, {'c'}, {'d'}};
	struct line first = STAILQ_HEAD_INITIALIZER(first), second;

	(void)state;
	STAILQ_INIT(&second);
	STAILQ_CONCAT(&first, &second); /* nothing to nothing */
	STAILQ_INSERT_TAIL(&second, &e[0], of_line);
	STAILQ_CONCAT(&first, &second);
	STAILQ_CONCAT(&first, &second);
	STAILQ_INSERT_TAIL(&first, &e[1], of_line);
	STAILQ_INSERT_TAIL(&second, &e[2], of_line);
	STAILQ_INSERT_TAIL(&second, &e[3], of_line);
	STAILQ_CONCAT(&first, &second);
	expect_line(&second, "");
	expect_line(&first, "abcd");
	STAILQ_INSERT_TAIL(&first, &e[3], of_line);
	STAILQ_INSERT_TAIL(&first, &e[0], of_line);
	expect_line(&first, "da");
}

/* Takes all out, from the front. */
static void expect_queue(struct queue *queue, const char *names)
{
	const struct element *e;
	const char *name = names;

	TAILQ_FOREACH (e, queue, of_queue)
		assert_int_equal(e->name, *name++);
	assert_int_equal(*name, '\0');
	for (; *names; names++) {
		assert_non_null(TAILQ_FIRST(queue));
		assert_int_equal(TAILQ_FIRST(queue)->name, *names);
		TAILQ_REMOVE(queue, TAILQ_FIRST(queue), of_queue);
	}
	assert_true(TAILQ_EMPTY(queue));
}

static void test_queue(void **state)
{
	static const char *const without[] = {"bcda", "acdb", "abdc", "abcd"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(without); i++) {
		struct element e[ELEMENTS] = {{'a'}, {'b'}, {'c'}, {'d'}};
		struct queue queue;

		TAILQ_INIT(&queue);
		expect_queue(&queue, "");
		for (size_t j = 0; j < ELEMENTS; j++)
			TAILQ_INSERT_TAIL(&queue, &e[j], of_queue);
		TAILQ_REMOVE(&queue, &e[i], of_queue);
		TAILQ_INSERT_TAIL(&queue, &e[i], of_queue);
		expect_queue(&queue, without[i]);
	}
}

static void test_queue_front(void **state)
{
	static const char *const moved[] = {"cba", "bca", "acb"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moved); i++) {
		struct element e[ELEMENTS] = {{'a'}, {'b'}, {'c'}, {'d'}};
		struct queue queue;

		TAILQ_INIT(&queue);
		assert_true(TAILQ_EMPTY(&queue));
		for (size_t j = 0; j < 3; j++)
			TAILQ_INSERT_HEAD(&queue, &e[j], of_queue);
		assert_false(TAILQ_EMPTY(&queue));
		TAILQ_REMOVE(&queue, &e[2 - i], of_queue);
		TAILQ_INSERT_HEAD(&queue, &e[2 - i], of_queue);
		expect_queue(&queue, moved[i]);
		/* the end is right whichever element came last */
		TAILQ_INSERT_HEAD(&queue, &e[3], of_queue);
		TAILQ_INSERT_TAIL(&queue, &e[0], of_queue);
		expect_queue(&queue, "da");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_queue_front),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
