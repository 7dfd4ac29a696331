/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as a configuration file: refused or read, never a crash or a leak. */
#include <assert.h>
#include <string.h>

#include "common/conf/conf.h"

struct item {
	char *title;
	char **words;
	int64_t number;
};

struct target {
	int64_t number, delay_ms;
	bool flag;
	char *text, *secret;
	char **words;
	int choice;
	struct item *items;
	size_t n_items;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct conf_name CHOICES[] = {{"one", 1}, {"two", 2}, {NULL, 0}};

static const struct conf_key ITEM_KEYS[] = {
	CONF_STR_LIST(struct item, words, "words", "some words", NULL),
	CONF_INT(struct item, number, "number", 0, 0, 10, "", "a number"),
	CONF_END,
};

static const struct conf_key KEYS[] = {
	CONF_INT(struct target, number, "number", 1, -5, 5, "", "a number"),
	CONF_INT(struct target, delay_ms, "delay", 1, 0, INT64_MAX, "ms", "a time"),
	CONF_BOOL(struct target, flag, "flag", false, "a switch"),
	CONF_STR(struct target, text, "text", "default", "a text", NULL),
	CONF_STR_LIST(struct target, words, "words", "some words", NULL),
	CONF_ENUM(struct target, choice, "choice", 1, CHOICES, "one of two"),
	CONF_SECRET(struct target, secret, "secret", "a secret", NULL),
	CONF_SECTION(struct target, items, n_items, "item", ITEM_KEYS, struct item, "items"),
	CONF_END,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct target zero;
	struct conf_errors errors = {0};
	struct target target = {0};
	int r = conf_parse("fuzz", data, size, KEYS, &target, &errors);

	(void)zero; /* without assert() nobody looks */
	if (r < 0) {
		assert(errors.n > 0);
		assert(memcmp(&target, &zero, sizeof(zero)) == 0);
	} else {
		assert(errors.n == 0);
		assert(target.number >= -5 && target.number <= 5);
		assert(target.choice == 1 || target.choice == 2);
	}
	conf_free(KEYS, &target);
	conf_errors_deinit(&errors);
	return 0;
}
