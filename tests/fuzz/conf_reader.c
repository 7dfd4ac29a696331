/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as the text of a configuration file: settings that hold together, or one mistake. */
#include "common/conf/conf_reader.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_setting(const struct conf_settings *all, size_t i)
{
	const struct conf_setting *s = &all->settings[i];

	assert(s->key.line >= 1 && s->key.line <= s->end && s->end <= all->end);
	assert(s->first + s->n <= all->n_words);
	assert(i + 1 + s->inside <= all->n);
	assert(s->kind == CONF_SETTING_SECTION || (s->inside == 0 && !s->title.text));
	assert(s->kind != CONF_SETTING_VALUE || s->n == 1);
	/* Sections lie in each other whole. */
	for (size_t j = i + 1; j <= i + s->inside; j += 1 + all->settings[j].inside)
		assert(j + all->settings[j].inside <= i + s->inside);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_settings all = {0};
	struct conf_errors errors = {0};
	int r = conf_reader_read(&all, "fuzz", (const char *)data, size, &errors);
	size_t octets = 0;

	if (r < 0) {
		assert(r == -EINVAL && errors.n == 1 && errors.dropped == 0);
	} else {
		assert(errors.n == 0);
		for (size_t i = 0; i < all.n; i++)
			check_setting(&all, i);
		for (size_t i = 0; i < all.n_words; i++)
			octets += strlen(all.words[i].text);
		assert(octets <= size);
	}
	conf_settings_deinit(&all);
	conf_errors_deinit(&errors);
	return 0;
}
