/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose a notification is, and whether its sender may speak for that device: by site id, by
 * address, or, where the operator allows the sender to pass on those of others, by the address
 * that it names (RFC 3584 3.1, 4.1). A key speaks for its own devices only. Pure.
 */
#pragma once

#include <stdbool.h>

struct credential_conf;
struct credentials_conf;
struct device;
struct device_set;
struct notification;

/* What a believed message says of itself. */
struct trap_claim {
	const struct notification *notification;
	const char *source;   /* numeric address of its sender */
	struct device *there; /* the only device with that address, or NULL */
	bool by_v3;
	const struct credential_conf *credential; /* by which it was believed */
	bool forwarder;				  /* its sender may speak for others */
};

enum trap_speaker_verdict {
	TRAP_SPEAKER_TAKEN,
	TRAP_SPEAKER_DOWNGRADED, /* by community for a device with a key: somebody may have read it */
	TRAP_SPEAKER_FOREIGN,	 /* by another key than its own */
	TRAP_SPEAKER_WRONG_COMMUNITY, /* passed on, and the device has another */
};

struct trap_speaker {
	struct device *device; /* whose it is; NULL: nobody's that is known */
	bool forwarded;	       /* passed on by another */
	bool no_forwarder; /* it names a device, for which its sender may not speak: device is NULL */
};

/* ret is set in any case. */
enum trap_speaker_verdict trap_speaker_find(const struct device_set *devices,
					    const struct credentials_conf *credentials,
					    const struct trap_claim *claim,
					    struct trap_speaker *ret);
