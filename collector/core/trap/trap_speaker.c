/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides by identity; what a sender is believed for at all, io/snmp/trap_auth decides. */
#include "collector/core/trap/trap_speaker.h"

#include <string.h>

#include "collector/core/conf/credentials_conf.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/core/trap/trap_map.h"
#include "common/snmp/snmp_credential.h"

/* The only device there, or NULL. */
static struct device *at_address(const struct device_set *devices, const char *address)
{
	bool shared = false;
	struct device *device = device_set_find_address(devices, address, &shared);

	return shared ? NULL : device;
}

/*
 * Who names another device without being a forwarder speaks for nobody: it is not the one at
 * its own address either. An address that no device has may be another of the sender's own.
 */
static struct trap_speaker find_named(const struct device_set *devices,
				      const struct trap_claim *claim)
{
	struct device *named = at_address(devices, claim->notification->origin);

	if (claim->forwarder)
		return (struct trap_speaker){.device = named, .forwarded = named != NULL};
	if (named && named != claim->there)
		return (struct trap_speaker){.no_forwarder = true};
	return (struct trap_speaker){.device = claim->there};
}

/* The site id counts where a key proved who it is, or where nobody has the address. */
static struct trap_speaker find(const struct device_set *devices, const struct trap_claim *claim)
{
	const struct notification *n = claim->notification;
	struct device *site = NULL;

	if (n->site_id[0] != '\0' && (claim->by_v3 || !claim->there))
		site = device_set_find(devices, n->site_id);
	if (site)
		return (struct trap_speaker){.device = site};
	if (n->origin[0] != '\0' && strcmp(n->origin, claim->source) != 0)
		return find_named(devices, claim);
	return (struct trap_speaker){.device = claim->there};
}

static const struct credential_conf *credential_of(const struct credentials_conf *credentials,
						   const struct device *device)
{
	return device ? credentials_conf_find(credentials, device->entry->credential) : NULL;
}

/* A forwarder's key is its own device's: its address alone could be anybody's. */
static bool is_foreign(const struct trap_claim *claim, const struct trap_speaker *speaker,
		       const struct credential_conf *own)
{
	return own ? strcmp(own->title, claim->credential->title) != 0 : speaker->forwarded;
}

static bool is_wrong_community(const struct notification *n, const struct credential_conf *own)
{
	return n->community && (strlen(own->community) != n->community_len ||
				memcmp(own->community, n->community, n->community_len) != 0);
}

enum trap_speaker_verdict trap_speaker_find(const struct device_set *devices,
					    const struct credentials_conf *credentials,
					    const struct trap_claim *claim,
					    struct trap_speaker *ret)
{
	const struct credential_conf *own;

	*ret = find(devices, claim);
	own = credential_of(credentials, ret->device);
	if (own && own->version == SNMP_V3 && !claim->by_v3)
		return TRAP_SPEAKER_DOWNGRADED;
	if (claim->by_v3 &&
	    is_foreign(claim, ret, ret->forwarded ? credential_of(credentials, claim->there) : own))
		return TRAP_SPEAKER_FOREIGN;
	if (ret->forwarded && own && own->version != SNMP_V3 &&
	    is_wrong_community(claim->notification, own))
		return TRAP_SPEAKER_WRONG_COMMUNITY;
	return TRAP_SPEAKER_TAKEN;
}
