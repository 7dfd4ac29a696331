/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine_state: the line, good and damaged; boots over starts in a real directory. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/engine/engine_state.h"
#include "common/system/log.h"

#include <cmocka.h>

static const char *const DAMAGED[] = {
	"",
	"pantau-engine 1 ",
	"pantau-engine 2 80001f8805010203 4\n",
	"pantau-engine 1 80001f8805010203 4",
	"pantau-engine 1 80001f8805010203 4\nx",
	"pantau-engine 1 80001f880501020 4\n",
	"pantau-engine 1 80001F8805010203 4\n",
	"pantau-engine 1 80001f88 4\n",
	"pantau-engine 1 80001f8805010203 0\n",
	"pantau-engine 1 80001f8805010203 \n",
	"pantau-engine 1 80001f8805010203 2147483648\n",
	"pantau-engine 1 80001f8805010203 99999999999999999999\n",
	"pantau-engine 1 80001f8805010203 -1\n",
	"pantau-engine 1 000000000000000000000000000000000000000000000000000000000000000000 1\n",
};

static int parse(const char *text, struct snmp_identity *ret)
{
	return engine_state_parse((const uint8_t *)text, strlen(text), ret);
}

static void test_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(DAMAGED) / sizeof(DAMAGED[0]); i++) {
		struct snmp_identity id = {.boots = 77};

		if (parse(DAMAGED[i], &id) != -EBADMSG)
			fail_msg("accepted: %s", DAMAGED[i]);
		assert_int_equal(id.boots, 77);
	}
}

static void test_round_trip(void **state)
{
	struct snmp_identity id = {.engine_id_len = 32, .boots = INT32_MAX}, back;
	char text[128];
	size_t len;

	(void)state;
	for (uint8_t i = 0; i < 32; i++)
		id.engine_id[i] = (uint8_t)(i * 37);
	len = engine_state_format(&id, text, sizeof(text));
	assert_int_equal(engine_state_parse((uint8_t *)text, len, &back), 0);
	assert_memory_equal(back.engine_id, id.engine_id, 32);
	assert_int_equal(back.boots, INT32_MAX);
}

static void be_silent(void *data, enum log_level level, const char *line)
{
	(void)level;
	(void)line;
	++*(int *)data;
}

static void remove_all(const char *dir)
{
	static const char *const names[] = {"engine", "engine.bad", "engine.new"};
	char path[256];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(dir), 0);
}

static void put(const char *dir, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/engine", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void test_starts(void **state)
{
	char dir[] = "/tmp/pantau-engine-XXXXXX";
	struct snmp_identity first, next;
	int warnings = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	log_set_sink(be_silent, &warnings);
	assert_int_equal(engine_state_start(dir, 5, &first), 0);
	assert_int_equal(first.boots, 1);
	assert_int_equal(first.start_us, 5);
	assert_int_equal(first.engine_id[4], 5);
	for (uint32_t boots = 2; boots < 6; boots++) {
		assert_int_equal(engine_state_start(dir, 0, &next), 0);
		assert_int_equal(next.boots, boots);
		assert_memory_equal(next.engine_id, first.engine_id, first.engine_id_len);
	}
	assert_int_equal(warnings, 0);
	put(dir, "nonsense\n");
	assert_int_equal(engine_state_start(dir, 0, &next), 0);
	assert_int_equal(warnings, 1);
	assert_int_equal(next.boots, 1);
	assert_memory_not_equal(next.engine_id, first.engine_id, first.engine_id_len);
	put(dir, "pantau-engine 1 80001f8805010203 2147483647\n");
	assert_int_equal(engine_state_start(dir, 0, &next), 0);
	assert_int_equal(next.boots, INT32_MAX);
	log_set_sink(NULL, NULL);
	remove_all(dir);
}

static void test_no_directory(void **state)
{
	struct snmp_identity id, other;

	(void)state;
	assert_int_equal(engine_state_start("/nonexistent/pantau", 0, &id), -ENOENT);
	assert_int_equal(engine_state_temporary(7, &id), 0);
	assert_int_equal(engine_state_temporary(7, &other), 0);
	assert_int_equal(id.boots, 1);
	assert_int_equal(id.start_us, 7);
	assert_memory_not_equal(id.engine_id, other.engine_id, id.engine_id_len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_starts),
		cmocka_unit_test(test_no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
