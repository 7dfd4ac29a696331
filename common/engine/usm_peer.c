/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * State of one authoritative engine as its manager sees it. Decides what time a message
 * to it carries; not whether to discover, nor what a Report leads to.
 * Source: RFC 3414 2.2, 2.3, 3.2 7 b.
 */
#include "common/engine/usm_peer.h"

#include <errno.h>
#include <string.h>

int usm_peer_set_engine(struct usm_peer *peer, const uint8_t *engine_id, size_t engine_id_len)
{
	if (engine_id_len == 0 || engine_id_len > USM_ENGINE_ID_MAX)
		return -EINVAL;
	peer->doubtful = false;
	if (peer->engine_id_len == engine_id_len &&
	    memcmp(peer->engine_id, engine_id, engine_id_len) == 0)
		return 0;
	memcpy(peer->engine_id, engine_id, engine_id_len);
	peer->engine_id_len = (uint8_t)engine_id_len;
	peer->localized = false;
	usm_peer_set_time(peer, 0, 0, 0);
	return 0;
}

int usm_peer_localize(struct usm_peer *peer, const struct snmp_credential *cred,
		      const struct usm_master *master)
{
	int r;

	if (peer->localized)
		return 0;
	r = usm_localize(cred, master, peer->engine_id, peer->engine_id_len, &peer->keys);
	peer->localized = r == 0;
	return r;
}

void usm_peer_set_time(struct usm_peer *peer, uint32_t boots, uint32_t time, int64_t now_us)
{
	peer->boots = boots;
	peer->time = time;
	peer->at_us = now_us;
}

void usm_peer_learn_time(struct usm_peer *peer, uint32_t boots, uint32_t time, int64_t now_us)
{
	if (boots > peer->boots || (boots == peer->boots && time > peer->time))
		usm_peer_set_time(peer, boots, time, now_us);
}

uint32_t usm_peer_time(const struct usm_peer *peer, int64_t now_us)
{
	int64_t elapsed_s = (now_us - peer->at_us) / 1000000;
	int64_t time = peer->time + (elapsed_s > 0 ? elapsed_s : 0);

	if (!peer->at_us) /* never told: RFC 3414 2.3 says zero */
		return peer->time;
	return time > INT32_MAX ? INT32_MAX : (uint32_t)time;
}
