/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a rule is meant for an alert: all that it names must hold. */
#pragma once

#include <stdbool.h>

#include "collector/core/conf/notify_conf.h"
#include "collector/core/notify/notify_message.h"

/* office: whether it is office time now. What is silenced is nobody's; what is planned that of rules which say so. */
bool notify_rule_matches(const struct rule_conf *rule, const struct notify_item *item, bool office);
