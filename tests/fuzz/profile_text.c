/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profile files. */
#include "collector/codec/profile/profile_text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "collector/core/device/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As one of a set, alone; and each of its groups copied, as another profile takes it over. */
static void finish(struct profile *profile)
{
	struct profile_set set = {.profiles = profile, .n = 1};
	struct profile_group copy;
	const char *name, *problem;

	for (size_t i = 0; i < profile->n_groups; i++) {
		if (profile_group_copy(&profile->groups[i], &copy) < 0)
			continue;
		if (profile_group_columns(&copy) > 2 * PROFILE_TERMS_MAX)
			abort();
		profile_group_follow(&copy, &profile->groups[0]);
		profile_group_deinit(&copy);
	}
	(void)profile_set_finish(&set, &name, &problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors = {0};
	struct profile profile = {0};

	if (profile_text_parse("fuzz.conf", data, size, &profile, &errors) >= 0) {
		finish(&profile);
		profile_deinit(&profile);
	}
	conf_errors_deinit(&errors);
	return 0;
}
