/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much something matters, to a device by the inventory and to an alert by what it is of. */
#pragma once

#include <stdbool.h>

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_MAJOR, SEVERITY_CRITICAL, SEVERITY_N };

const char *severity_name(enum severity severity); /* "info", ... as in the API and the files */
bool severity_parse(const char *name, enum severity *ret); /* false: no such word, ret untouched */
/* So many steps less, never below info; what is critical stays so. */
enum severity severity_lowered(enum severity severity, unsigned int steps);
