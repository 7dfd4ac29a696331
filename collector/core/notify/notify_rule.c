/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/notify/notify_rule.h"

#include <assert.h>

#include "collector/core/device/place_filter.h"

static bool is_when(enum rule_when when, bool office)
{
	return when == WHEN_ALWAYS || (when == WHEN_OFFICE) == office;
}

/* What is critical is so at night, too. */
static enum severity severity_now(const struct rule_conf *rule, const struct alert *alert,
				  bool office)
{
	return office ? alert->severity
		      : severity_lowered(alert->severity, (unsigned int)rule->off_hours_steps);
}

bool notify_rule_matches(const struct rule_conf *rule, const struct notify_item *item, bool office)
{
	const struct place_filter places = {rule->groups, rule->kinds, rule->devices,
					    rule->providers};
	const struct alert *alert = item->alert;

	assert(alert && alert->id > 0);
	return !alert->silenced && (!alert->planned || rule->planned) &&
	       (int)severity_now(rule, alert, office) >= rule->severity &&
	       is_when((enum rule_when)rule->when, office) &&
	       place_filter_names(rule->alerts, alert_kind_name(alert->kind)) &&
	       place_filter_fits(&places, item->entry, alert->device_id);
}
