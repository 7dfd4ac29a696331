/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SNMP engine's counters by name; common/ knows no names for the page. */
#pragma once

#include "common/base/stats.h"

/* A stats_provider_fn; data is the struct snmp_engine *. */
void engine_emit_stats(void *engine, stats_emit_fn *emit, void *emit_data);
