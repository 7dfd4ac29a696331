/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names and units under which what pings measure is stored and shown. */
#pragma once

#include "collector/core/value/sample.h"

enum { PING_RTT, PING_JITTER, PING_LOSS, PING_VALUES };

extern const struct sample_group PING_GROUP; /* of the device itself: object "" */
