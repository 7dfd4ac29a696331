/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a simulated device answers to GET and GETNEXT. Pure, but for a cached name. */
#pragma once

#include "tests/sim/ber.h"
#include "tests/sim/device.h"

/* Always sets ret: to noSuchObject or noSuchInstance if there is nothing. */
void mib_get(const struct device *device, int64_t now_us, const struct oid *name,
	     struct sim_value *ret);
/* False at the end of the MIB; else name is the next one and ret its value. */
bool mib_next(const struct device *device, int64_t now_us, struct oid *name, struct sim_value *ret);
