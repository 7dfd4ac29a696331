/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/notify/delivery.h"

#include <assert.h>
#include <string.h>

#include "common/base/cleanup.h"

static const char *const STATES[DELIVERY_STATE_N] = {
	[DELIVERY_WAITING] = "waiting",	    [DELIVERY_IN_FLIGHT] = "in-flight",
	[DELIVERY_CONFIRMED] = "confirmed", [DELIVERY_FAILED] = "failed",
	[DELIVERY_DROPPED] = "dropped",
};

const char *delivery_state_name(enum delivery_state state)
{
	assert((unsigned int)state < DELIVERY_STATE_N);
	return STATES[state];
}

bool delivery_state_parse(const char *name, enum delivery_state *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(STATES); i++) {
		if (strcmp(STATES[i], name) == 0) {
			*ret = (enum delivery_state)i;
			return true;
		}
	}
	return false;
}

bool delivery_is_done(const struct delivery *delivery)
{
	return delivery->state >= DELIVERY_CONFIRMED;
}

static size_t find(const struct delivery *delivery, int64_t alert_id)
{
	size_t i = 0;

	while (i < delivery->n_alerts && delivery->alerts[i] != alert_id)
		i++;
	return i;
}

bool delivery_has_alert(const struct delivery *delivery, int64_t alert_id)
{
	return find(delivery, alert_id) < delivery->n_alerts;
}

void delivery_remove_alert(struct delivery *delivery, int64_t alert_id)
{
	const size_t i = find(delivery, alert_id);

	if (i == delivery->n_alerts)
		return;
	delivery->n_alerts--;
	memmove(&delivery->alerts[i], &delivery->alerts[i + 1],
		(delivery->n_alerts - i) * sizeof(delivery->alerts[0]));
}
