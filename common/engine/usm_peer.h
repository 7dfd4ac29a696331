/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one manager knows of one authoritative SNMP engine: its id, its boots and time,
 * the keys localized to it. One per device, not per engine id, since cloned devices share
 * ids. Pure: now is an argument.
 */
#pragma once

#include <stdbool.h>

#include "common/snmp/snmp_usm.h"

struct usm_peer {
	uint8_t engine_id[USM_ENGINE_ID_MAX];
	uint8_t engine_id_len; /* 0: unknown */
	bool doubtful;	       /* known, but to be discovered again before it is used */
	uint32_t boots, time;  /* as last learned */
	int64_t at_us;	       /* when that was */
	uint64_t salt;	       /* next message's; never repeats while the keys last */
	bool localized;	       /* keys belong to engine_id */
	struct usm_keys keys;  /* protocols NONE for noAuthNoPriv */
};

/* Whether messages to it can be made. */
static inline bool usm_peer_usable(const struct usm_peer *peer)
{
	return peer->engine_id_len && !peer->doubtful;
}

/* Takes over an engine id; a new one leaves time and keys unknown. 0; -EINVAL for a
 * length out of 1..32. */
must_check_ int usm_peer_set_engine(struct usm_peer *peer, const uint8_t *engine_id,
				    size_t engine_id_len);
/* Localizes the keys to the engine id, unless they are already. 0 or -EIO. */
must_check_ int usm_peer_localize(struct usm_peer *peer, const struct snmp_credential *cred,
				  const struct usm_master *master);
/* Its boots and time were so at now_us, whatever was known before. */
void usm_peer_set_time(struct usm_peer *peer, uint32_t boots, uint32_t time, int64_t now_us);
/* An authentic message carried them: taken over if they are later than what is known (RFC
 * 3414 3.2 7 b). */
void usm_peer_learn_time(struct usm_peer *peer, uint32_t boots, uint32_t time, int64_t now_us);
/* Its time now, in seconds. */
uint32_t usm_peer_time(const struct usm_peer *peer, int64_t now_us);
