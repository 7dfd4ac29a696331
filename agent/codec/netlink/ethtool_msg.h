/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Generic netlink messages of ethtool (Documentation/networking/ethtool-netlink.rst):
 * speed and duplex of a link. Bytes only.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "agent/core/mib/mib_data.h"

enum { ETHTOOL_MSG_SIZE = 128 };

/* Requests; each returns its length. */
size_t ethtool_put_family_request(uint8_t buf[ETHTOOL_MSG_SIZE], const char *family, uint32_t seq);
size_t ethtool_put_linkmodes_request(uint8_t buf[ETHTOOL_MSG_SIZE], uint16_t family_id,
				     uint32_t if_index, uint32_t seq);

/* Answers. 0; -EINVAL for what is no such answer; the kernel's own -errno. */
int ethtool_get_family(const uint8_t *buf, size_t len, uint16_t *ret_id);
/* speed 0 and LINK_DUPLEX_UNKNOWN where the driver does not know. */
int ethtool_get_linkmodes(const uint8_t *buf, size_t len, uint32_t *ret_if_index,
			  uint32_t *ret_speed_kbps, enum link_duplex *ret_duplex);
