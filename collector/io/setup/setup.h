/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that the collector's files say, read and checked as a whole: configuration,
 * credentials, inventory, profiles. Either all of it is right and a setup comes out, or
 * every mistake is named. A reload makes a new setup beside the one in use.
 */
#pragma once

#include <stdint.h>

#include "collector/core/calendar/calendar.h"
#include "collector/core/conf/collector_conf.h"
#include "collector/core/conf/credentials_conf.h"
#include "collector/core/conf/notify_conf.h"
#include "collector/core/device/inventory.h"
#include "collector/core/device/profile.h"
#include "common/conf/conf_errors.h"

struct setup {
	struct collector_conf conf;
	struct credentials_conf credentials;
	struct notify_conf notify;
	struct inventory inventory;
	struct calendar calendar;
	struct profile_set
		*profiles;	/* a piece of its own: a reload that finds it unchanged keeps it */
	uint64_t profiles_hash; /* of the files' names and content: equal means unchanged */
	char *reload_token;	/* NULL: none */
};

/* The configuration file alone, for what has to be known before root is given up. Returns as setup_load. */
int setup_load_conf(const char *path, struct collector_conf *ret, struct conf_errors *errors);

/* path: of pantau-collector.conf. Returns 0; -EINVAL with every mistake in errors; -ENOMEM; -errno of a file that
 * cannot be read (errors says so too). */
int setup_load(const char *path, struct setup **ret, struct conf_errors *errors);
struct setup *setup_free(struct setup *setup);
void setup_freep(struct setup **setup);

/* The credential that polls this device; setup_load made sure that there is one. */
const struct credential_conf *setup_credential(const struct setup *setup,
					       const struct inventory_entry *entry);

/* Whether a device of both is talked to in the same way: address, port, profile, credential. */
bool setup_same_target(const struct setup *a, const struct inventory_entry *in_a,
		       const struct setup *b, const struct inventory_entry *in_b);
