/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks one device itself, without a collector: with one credential and a set of profiles. Blocks. */
#pragma once

#include <stdint.h>

#include "collector/core/conf/credentials_conf.h"
#include "collector/core/device/device.h"
#include "common/base/endpoint.h"
#include "common/engine/snmp_engine.h"
#include "common/snmp/snmp_outcome.h"

struct profile_set;

struct ctl_live_target {
	const char *address; /* numeric */
	uint16_t port;
	const struct credential_conf *credential;
};

/* Asks for sysObjectID alone. Returns how that ended, or FAILED if the address is none or memory is short.
 * ret_from: after OTHER_SOURCE the address that its answer came from. */
enum snmp_outcome ctl_live_greet(const struct ctl_live_target *target, struct endpoint *ret_from);

/*
 * Identifies and polls it by the profile of that name ("auto" chooses), twice with a pause of pause_ms, so that there are
 * rates. ret_device is filled in as the collector would; free it with ctl_live_free(). Returns how the last poll ended.
 */
enum snmp_outcome ctl_live_poll(const struct ctl_live_target *target,
				const struct profile_set *profiles, const char *profile,
				int64_t pause_ms, struct device **ret_device);
/* A device of that address that nothing is known of yet; NULL: out of memory. */
struct device *ctl_live_new(const struct ctl_live_target *target, const char *profile);
struct device *ctl_live_free(struct device *device);
