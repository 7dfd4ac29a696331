/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profile files. */
#include <stddef.h>
#include <stdint.h>

#include "collector/core/device/profile.h"
#include "collector/io/setup/profile_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors = {0};
	struct profile profile = {0};

	if (profile_parse("fuzz.conf", data, size, &profile, &errors) >= 0)
		profile_deinit(&profile);
	conf_errors_deinit(&errors);
	return 0;
}
