/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core/page/http_seats: who gives up a place, for whom, and who is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/core/page/http_seats.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

/*
 * Seats as text, the oldest first: door (digit), source (letter), use (i idle, a asking, r reply, s stream).
 * Returns their number.
 */
static size_t read_seats(const char *text, struct http_seat *ret)
{
	static const char USES[] = "iars";
	size_t n = 0;

	for (; *text; text += text[3] ? 4 : 3) {
		ret[n++] = (struct http_seat){
			.door = (unsigned int)(text[0] - '0'),
			.source = (uint64_t)text[1] << 56,
			.use = (enum http_seat_use)(strchr(USES, text[2]) - USES),
		};
	}
	return n;
}

static const struct {
	const char *what, *seats, *newcomer;
	int given; /* which seat; -1: refused */
	int must_give;
} CASES[] = {
	{"its own idle one", "1ai 1bi 1as", "1a", 0, 0},
	{"the oldest of them", "1ar 1ai 1ai", "1a", 1, 1},
	{"idle before half a request", "1aa 1ai", "1a", 1, 1},
	{"half a request", "1ar 1aa", "1a", 1, 1},
	{"not what is being done for it", "1ar 1as", "1a", -1, 0},
	{"not from one who has less", "1as 1as 1bi", "1a", -1, 2},
	{"from the one who has most", "1as 1as 1bs 1as", "1b", 0, 0},
	{"idle of the one who has most", "1as 1as 1bi 1ai", "1c", 3, 3},
	{"even what is being done", "1ar 1ar 1br", "1c", 0, 0},
	{"the source that has most", "1as 1bs 1bs 1bs 1cs 1cs", "1d", 1, 1},
	{"one each: what does nothing", "1as 1ba 1ci", "1d", 2, 2},
	{"one each, all at work", "1as 1br 1cs", "1d", -1, 1},
	{"shares are even", "1as 1as 1bs", "1b", -1, 0},
	{"a door that has most", "1as 1bs 1cs 1ds", "2e", 0, 0},
	{"of that door, the source that has most", "1as 1bs 1bs 2es", "2f", 1, 1},
	{"not of a door that has less", "1as 1as 2bi 2bi", "1c", 0, 0},
	{"doors are even", "1as 1bs 2ci 2ds", "1e", -1, 0},
	{"one door's source is another at the next", "1as 1as 2as", "2b", -1, 2},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const unsigned int door = (unsigned int)(CASES[i].newcomer[0] - '0');
		const uint64_t source = (uint64_t)CASES[i].newcomer[1] << 56;
		struct http_seat seats[16];
		const size_t n = read_seats(CASES[i].seats, seats);
		const size_t given = http_seats_give(seats, n, door, source);
		const size_t must = http_seats_must_give(seats, n, door, source);

		if ((given == n ? -1 : (int)given) != CASES[i].given ||
		    (int)must != CASES[i].must_give)
			fail_msg("%s: %zu, %zu", CASES[i].what, given, must);
	}
}

/* Newcomers from everywhere into 64 seats that one source fills again and again: each gets one. */
static void test_share(void **state)
{
	enum { N = 64 };
	struct http_seat seats[N];
	size_t others = 0;

	(void)state;
	for (size_t i = 0; i < N; i++)
		seats[i] = (struct http_seat){.door = 1, .source = 1, .use = HTTP_SEAT_ASKING};
	for (uint64_t round = 0; round < 1000; round++) {
		const uint64_t source = round % 10 == 9 ? 2 : 1;
		const size_t i = http_seats_give(seats, N, 1, source);

		if (source == 2 && others < N / 2)
			assert_int_not_equal(i, N);
		if (i == N)
			continue;
		others += source == 2;
		others -= seats[i].source == 2;
		memmove(&seats[i], &seats[i + 1], (N - 1 - i) * sizeof(seats[0]));
		seats[N - 1] = (struct http_seat){
			.door = 1,
			.source = source,
			.use = source == 2 ? HTTP_SEAT_STREAM : HTTP_SEAT_ASKING,
		};
	}
	assert_int_equal(others, N / 2);
}

static void test_nobody(void **state)
{
	(void)state;
	assert_int_equal(http_seats_give(NULL, 0, 1, 1), 0);
	assert_int_equal(http_seats_must_give(NULL, 0, 1, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
