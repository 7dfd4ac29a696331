/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed and duplex of one link by ethtool's generic netlink: asked on change only. */
#pragma once

#include <stdint.h>

#include "agent/core/mib/mib_data.h"

struct ethtool_sock;

/* -EOPNOTSUPP if the kernel has no ethtool netlink (before 5.6, or not built in). */
int ethtool_sock_new(struct ethtool_sock **ret);
struct ethtool_sock *ethtool_sock_free(struct ethtool_sock *sock);
void ethtool_sock_freep(struct ethtool_sock **sock);

/* 0 or -errno (-EOPNOTSUPP where the link has neither, as lo). */
int ethtool_sock_ask(struct ethtool_sock *sock, uint32_t if_index, uint32_t *ret_speed_kbps,
		     enum link_duplex *ret_duplex);
