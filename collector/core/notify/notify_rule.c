/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/notify/notify_rule.h"

#include <string.h>
#include <strings.h>

#include "collector/core/device/inventory.h"

/* An empty list is all. */
static bool is_of(char *const *names, const char *name)
{
	if (!names[0])
		return true;
	for (size_t i = 0; names[i]; i++) {
		if (strcasecmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static bool is_when(enum rule_when when, bool office)
{
	return when == WHEN_ALWAYS || (when == WHEN_OFFICE) == office;
}

/* The collector itself has no place: only rules for all places are meant for it. */
static bool is_where(const struct rule_conf *rule, const struct inventory_entry *entry)
{
	return is_of(rule->groups, entry ? entry->group : "") &&
	       is_of(rule->kinds, entry ? inventory_kind_name(entry->kind) : "") &&
	       is_of(rule->providers, entry ? entry->provider : "");
}

bool notify_rule_matches(const struct rule_conf *rule, const struct notify_item *item, bool office)
{
	const struct alert *alert = item->alert;

	return !alert->silenced && (!alert->planned || rule->planned) &&
	       (int)alert->severity >= rule->severity &&
	       is_when((enum rule_when)rule->when, office) &&
	       is_of(rule->alerts, alert_kind_name(alert->kind)) &&
	       is_of(rule->devices, alert->device_id) && is_where(rule, item->entry);
}
