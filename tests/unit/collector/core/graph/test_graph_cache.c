/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph_cache: what is drawn once for many, how long it is given again, and how much is kept. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/graph/graph_cache.h"
#include "common/base/fnv1a.h"

#include <cmocka.h>

enum { MINUTE_MS = 60000, JOBS_MAX = 16 };

/* The pool: what it was asked to draw. */
struct graph_job {
	graph_done_fn *fn;
	void *data;
	int cancelled;
};
static struct graph_job jobs[JOBS_MAX];
static int n_jobs;

static int draw(void *data, const struct graph_request *request, graph_done_fn *fn, void *fn_data,
		struct graph_job **ret)
{
	(void)request;
	if (*(int *)data < 0)
		return *(int *)data;
	assert_true(n_jobs < JOBS_MAX);
	jobs[n_jobs] = (struct graph_job){fn, fn_data, 0};
	*ret = &jobs[n_jobs++];
	return 0;
}

static void cancel(struct graph_job *job)
{
	job->cancelled++;
}

static void finish(int n, enum graph_outcome outcome, const char *body)
{
	jobs[n].fn(jobs[n].data, outcome, body, strlen(body));
}

/* Who asked: what came. */
struct asked {
	int times;
	enum graph_outcome outcome;
	char body[64];
	uint64_t digest;
	int64_t fresh_ms;
	struct graph_cache *again; /* asked from inside the call */
};

static const struct graph_request HOUR = {.range = GRAPH_HOUR,
					  .device_id = "opd-01",
					  .object = "wan0",
					  .group = "traffic",
					  .title = "Dinas"};
static const struct graph_request WEEK = {.range = GRAPH_WEEK,
					  .device_id = "opd-01",
					  .object = "wan0",
					  .group = "traffic",
					  .title = "Dinas"};

static void on_picture(void *data, const struct graph_picture *picture)
{
	struct asked *asked = data;
	struct graph_cache_wait *wait;
	struct graph_cache *again = asked->again;

	asked->times++;
	asked->outcome = picture->outcome;
	snprintf(asked->body, sizeof(asked->body), "%.*s",
		 (int)(picture->len < 60 ? picture->len : 60), (const char *)picture->body);
	asked->digest = picture->digest;
	asked->fresh_ms = picture->fresh_ms;
	if (!again)
		return;
	asked->again = NULL;
	assert_int_equal(graph_cache_get(again, &HOUR, &(struct graph_cache_when){1000, 0},
					 on_picture, asked, &wait),
			 1);
}

static int ask(struct graph_cache *cache, const struct graph_request *request, int64_t now_ms,
	       int64_t data_ms, struct asked *asked)
{
	const struct graph_cache_when when = {now_ms, data_ms};
	struct graph_cache_wait *wait;

	return graph_cache_get(cache, request, &when, on_picture, asked, &wait);
}

static int pool;

static struct graph_cache *make(size_t octets_max)
{
	const struct graph_cache_conf conf = {octets_max, MINUTE_MS};
	const struct graph_cache_hooks hooks = {&pool, draw, cancel};
	struct graph_cache *cache;

	pool = 0;
	n_jobs = 0;
	assert_int_equal(graph_cache_new(&conf, &hooks, &cache), 0);
	return cache;
}

static void test_given_again(void **state)
{
	struct graph_cache *cache = make(1 << 20);
	struct graph_request light = HOUR, end = HOUR;
	struct asked a = {0}, b = {0}, c = {0};

	(void)state;
	light.theme = GRAPH_LIGHT;
	end.end_s = 77;
	assert_int_equal(ask(cache, &HOUR, 1000, 0, &a), 0);
	assert_int_equal(a.times, 0);
	finish(0, GRAPH_OUTCOME_OK, "picture");
	assert_int_equal(a.times, 1);
	assert_string_equal(a.body, "picture");
	assert_int_equal(a.fresh_ms, MINUTE_MS);
	assert_int_equal(ask(cache, &end, 21000, 0, &b), 1);
	assert_string_equal(b.body, "picture");
	assert_true(b.digest == a.digest && b.digest == fnv1a(FNV1A_START, "picture", 7));
	assert_int_equal(b.fresh_ms, 40000);
	assert_int_equal(ask(cache, &light, 21000, 0, &c), 0);
	finish(1, GRAPH_OUTCOME_OK, "another");
	assert_true(c.digest != a.digest);
	assert_int_equal(n_jobs, 2);
	graph_cache_free(cache);
}

/* Every field that a picture depends on. */
static void test_what_counts(void **state)
{
	struct graph_request others[10];
	struct graph_cache *cache = make(1 << 20);
	struct asked a = {0};

	(void)state;
	for (size_t i = 0; i < 10; i++)
		others[i] = HOUR;
	others[0].kind = GRAPH_SVG;
	others[1].range = GRAPH_6H;
	others[2].lang = WORDS_EN;
	others[3].width = 400;
	others[4].height = 400;
	others[5].capacity_in_bps = 1;
	others[6].capacity_out_bps = 1;
	strcpy(others[7].device_id, "opd-02");
	strcpy(others[8].object, "lan0");
	strcpy(others[9].title, "Badan");
	ask(cache, &HOUR, 1000, 0, &a);
	finish(0, GRAPH_OUTCOME_OK, "picture");
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(ask(cache, &others[i], 1000, 0, &a), 0);
	assert_int_equal(ask(cache, &HOUR, 1000, 0, &a), 1);
	graph_cache_free(cache);
	for (int i = 1; i < 11; i++)
		assert_int_equal(jobs[i].cancelled, 1);
}

static void test_how_long(void **state)
{
	static const struct {
		const char *what;
		const struct graph_request *request;
		int64_t now_ms, data_ms;
		int given;
	} CASES[] = {
		{"at once", &HOUR, 100000, 90000, 1},
		{"just before the next poll is due", &HOUR, 159999, 90000, 1},
		{"after it", &HOUR, 160000, 90000, 0},
		{"an answer came: not in the file yet", &HOUR, 111000, 110000, 1},
		{"an answer came", &HOUR, 112000, 110000, 0},
		{"drawn just after an answer, which may have been missed", &HOUR, 101500, 99500, 0},
		{"drawn long enough after it", &HOUR, 101500, 98000, 1},
		{"a week is of half hours: an answer changes no pixel", &WEEK, 150000, 110000, 1},
		{"but the end of the line, by and by", &WEEK, 400000, 90000, 0},
		{"a clock that was set back", &WEEK, 99000, 90000, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct graph_cache *cache = make(1 << 20);
		struct asked a = {0};

		ask(cache, CASES[i].request, 100000, 90000, &a);
		finish(0, GRAPH_OUTCOME_OK, "picture");
		if (ask(cache, CASES[i].request, CASES[i].now_ms, CASES[i].data_ms, &a) !=
		    CASES[i].given)
			fail_msg("%s", CASES[i].what);
		graph_cache_free(cache);
	}
}

static void test_drawn_for_all(void **state)
{
	struct graph_cache *cache = make(1 << 20);
	struct asked asked[4] = {{0}};
	struct graph_cache_wait *waits[4];
	const struct graph_cache_when when = {1000, 0};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
			graph_cache_get(cache, &HOUR, &when, on_picture, &asked[i], &waits[i]), 0);
	assert_int_equal(n_jobs, 1);
	graph_cache_leave(waits[0]);
	assert_int_equal(jobs[0].cancelled, 0);
	finish(0, GRAPH_OUTCOME_OK, "picture");
	assert_int_equal(asked[0].times, 0);
	for (size_t i = 1; i < 4; i++)
		assert_string_equal(asked[i].body, "picture");
	graph_cache_free(cache);
}

static void test_nobody_waits(void **state)
{
	struct graph_cache *cache = make(1 << 20);
	const struct graph_cache_when when = {1000, 0};
	struct graph_cache_wait *one, *two;
	struct asked a = {0};

	(void)state;
	assert_int_equal(graph_cache_get(cache, &HOUR, &when, on_picture, &a, &one), 0);
	assert_int_equal(graph_cache_get(cache, &HOUR, &when, on_picture, &a, &two), 0);
	graph_cache_leave(two);
	graph_cache_leave(one);
	assert_int_equal(jobs[0].cancelled, 1);
	assert_int_equal(ask(cache, &HOUR, 1000, 0, &a), 0);
	assert_int_equal(n_jobs, 2);
	graph_cache_free(cache);
	assert_int_equal(a.times, 0);
}

/* Failures are told to all, and tried again by the next who asks. */
static void test_failures(void **state)
{
	static const enum graph_outcome OUTCOMES[] = {GRAPH_OUTCOME_NO_FILE, GRAPH_OUTCOME_FAILED,
						      GRAPH_OUTCOME_CRASHED, GRAPH_OUTCOME_TIMEOUT};
	struct graph_cache *cache = make(1 << 20);
	struct asked a = {0}, b = {0};

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(ask(cache, &HOUR, 1000, 0, &a), 0);
		assert_int_equal(ask(cache, &HOUR, 1000, 0, &b), 0);
		finish(i, OUTCOMES[i], "why");
		assert_int_equal(a.outcome, OUTCOMES[i]);
		assert_int_equal(b.times, i + 1);
	}
	pool = -EAGAIN;
	assert_int_equal(ask(cache, &HOUR, 1000, 0, &a), -EAGAIN);
	assert_int_equal(a.times, 4);
	graph_cache_free(cache);
}

static void test_bounds(void **state)
{
	struct graph_cache *cache = make(100);
	struct graph_request requests[6];
	struct asked a = {0};
	char body[31];

	(void)state;
	memset(body, 'x', 30);
	body[30] = '\0';
	ask(cache, &HOUR, 1000, 0, &a);
	finish(0, GRAPH_OUTCOME_OK, body); /* more than a quarter: given, not kept */
	assert_int_equal(a.times, 1);
	assert_int_equal(a.fresh_ms, 0);
	assert_int_equal(ask(cache, &HOUR, 1000, 0, &a), 0);
	body[25] = '\0';
	for (int i = 0; i < 6; i++) {
		requests[i] = WEEK;
		requests[i].width = 300 + (uint32_t)i;
		ask(cache, &requests[i], 1000, 0, &a);
		finish(2 + i, GRAPH_OUTCOME_OK, body);
		if (i == 3) /* four fit; the first is used again */
			assert_int_equal(ask(cache, &requests[0], 1000, 0, &a), 1);
	}
	assert_int_equal(ask(cache, &requests[0], 1000, 0, &a), 1);
	assert_int_equal(ask(cache, &requests[3], 1000, 0, &a), 1);
	assert_int_equal(ask(cache, &requests[1], 1000, 0, &a), 0);
	assert_int_equal(ask(cache, &requests[2], 1000, 0, &a), 0);
	graph_cache_free(cache);
}

static void test_without_memory(void **state)
{
	struct graph_cache *cache = make(0);
	struct asked a = {0}, b = {0};

	(void)state;
	ask(cache, &HOUR, 1000, 0, &a);
	ask(cache, &HOUR, 1000, 0, &b);
	assert_int_equal(n_jobs, 1);
	finish(0, GRAPH_OUTCOME_OK, "picture");
	assert_string_equal(b.body, "picture");
	/* who has it need not get it again */
	assert_true(b.digest == fnv1a(FNV1A_START, "picture", 7));
	assert_int_equal(ask(cache, &HOUR, 1000, 0, &a), 0);
	graph_cache_free(cache);
}

/* A browser's next request on the same connection is handled within the reply to this one. */
static void test_asked_within(void **state)
{
	struct graph_cache *cache = make(1 << 20);
	struct asked a = {.again = cache}, b = {0};

	(void)state;
	ask(cache, &HOUR, 1000, 0, &a);
	ask(cache, &HOUR, 1000, 0, &b);
	finish(0, GRAPH_OUTCOME_OK, "picture");
	assert_int_equal(a.times, 2);
	assert_int_equal(b.times, 1);
	graph_cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_given_again),  cmocka_unit_test(test_what_counts),
		cmocka_unit_test(test_how_long),     cmocka_unit_test(test_drawn_for_all),
		cmocka_unit_test(test_nobody_waits), cmocka_unit_test(test_failures),
		cmocka_unit_test(test_bounds),	     cmocka_unit_test(test_without_memory),
		cmocka_unit_test(test_asked_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
