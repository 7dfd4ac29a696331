/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the collector may do once everything is open: for sandbox_enter(). */
#pragma once

#include "common/system/sandbox.h"

extern const struct sandbox_rules COLLECTOR_SANDBOX;
