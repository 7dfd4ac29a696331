/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a script that fails to a small one that fails in the same way. */
#pragma once

#include "tests/simulation/city/city.h"
#include "tests/simulation/city/script.h"

/* script fails by violation; it becomes smaller, runs of at most so many seconds in all. violation becomes the
 * small one's. Returns how many scripts were tried. */
unsigned int shrink(struct script *script, struct violation *violation, const char *dir,
		    double seconds_max);
