/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an interface can be, in the numbers of IF-MIB (RFC 2863) and PANTAU-MIB, and the words
 * for it. 0 is "not known" everywhere; mib_pantau.c asserts that the MIB has the same numbers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum link_role {
	LINK_ROLE_OTHER = 1,
	LINK_ROLE_UPLINK = 2,
	LINK_ROLE_BACKUP = 3,
	LINK_ROLE_LAN = 4,
	LINK_ROLE_HOTSPOT = 5,
	LINK_ROLE_MAX = LINK_ROLE_HOTSPOT,
};

enum link_medium {
	LINK_MEDIUM_UNKNOWN = 0,
	LINK_MEDIUM_OTHER = 1,
	LINK_MEDIUM_FIBER = 2,
	LINK_MEDIUM_WIRELESS = 3,
	LINK_MEDIUM_COPPER = 4,
	LINK_MEDIUM_CELLULAR = 5,
	LINK_MEDIUM_MAX = LINK_MEDIUM_CELLULAR,
};

/* ifOperStatus */
enum link_oper {
	LINK_OPER_UP = 1,
	LINK_OPER_DOWN = 2,
	LINK_OPER_TESTING = 3,
	LINK_OPER_UNKNOWN = 4,
	LINK_OPER_DORMANT = 5,
	LINK_OPER_NOT_PRESENT = 6,
	LINK_OPER_LOWER_LAYER_DOWN = 7,
	LINK_OPER_MAX = LINK_OPER_LOWER_LAYER_DOWN,
};

/* ifAdminStatus */
enum link_admin {
	LINK_ADMIN_UP = 1,
	LINK_ADMIN_DOWN = 2,
	LINK_ADMIN_TESTING = 3,
	LINK_ADMIN_MAX = LINK_ADMIN_TESTING,
};

enum link_duplex { LINK_DUPLEX_UNKNOWN = 1, LINK_DUPLEX_HALF = 2, LINK_DUPLEX_FULL = 3 };

/* The words of the configuration, the API and the terminal: "uplink", "fiber",
 * "lowerLayerDown"; "unknown" for what is none. */
const char *link_mib_role(unsigned int role);
const char *link_mib_medium(unsigned int medium);
const char *link_mib_oper(unsigned int oper);
const char *link_mib_admin(unsigned int admin);

/* Somebody said what the link is for. */
static inline bool link_mib_has_role(uint8_t role)
{
	return role > LINK_ROLE_OTHER;
}

/* Nothing goes over it, though it is there. */
static inline bool link_mib_is_down(uint8_t oper)
{
	return oper == LINK_OPER_DOWN || oper == LINK_OPER_LOWER_LAYER_DOWN;
}
