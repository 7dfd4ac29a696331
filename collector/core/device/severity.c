/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words, from the least to the most. */
#include "collector/core/device/severity.h"

#include <assert.h>
#include <string.h>

#include "common/base/cleanup.h"

static const char *const NAMES[SEVERITY_N] = {
	[SEVERITY_INFO] = "info",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_MAJOR] = "major",
	[SEVERITY_CRITICAL] = "critical",
};

const char *severity_name(enum severity severity)
{
	assert((unsigned int)severity < SEVERITY_N);
	return NAMES[severity];
}

bool severity_parse(const char *name, enum severity *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		if (strcmp(NAMES[i], name) == 0) {
			*ret = (enum severity)i;
			return true;
		}
	}
	return false;
}

enum severity severity_lowered(enum severity severity, unsigned int steps)
{
	if (severity == SEVERITY_CRITICAL)
		return severity;
	return steps < (unsigned int)severity ? severity - steps : SEVERITY_INFO;
}
