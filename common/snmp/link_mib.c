/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of link_mib.h. Source: RFC 2863 6, PANTAU-MIB. */
#include "common/snmp/link_mib.h"

#include <stddef.h>

#include "common/base/cleanup.h"

static const char *word_of(const char *const *words, size_t n, unsigned int number)
{
	return number < n && words[number] ? words[number] : "unknown";
}

const char *link_mib_role(unsigned int role)
{
	static const char *const WORDS[] = {
		[LINK_ROLE_OTHER] = "other",	 [LINK_ROLE_UPLINK] = "uplink",
		[LINK_ROLE_BACKUP] = "backup",	 [LINK_ROLE_LAN] = "lan",
		[LINK_ROLE_HOTSPOT] = "hotspot",
	};

	return word_of(WORDS, ARRAY_LEN(WORDS), role);
}

const char *link_mib_medium(unsigned int medium)
{
	static const char *const WORDS[] = {
		[LINK_MEDIUM_OTHER] = "other",	     [LINK_MEDIUM_FIBER] = "fiber",
		[LINK_MEDIUM_WIRELESS] = "wireless", [LINK_MEDIUM_COPPER] = "copper",
		[LINK_MEDIUM_CELLULAR] = "cellular",
	};

	return word_of(WORDS, ARRAY_LEN(WORDS), medium);
}

const char *link_mib_oper(unsigned int oper)
{
	static const char *const WORDS[] = {
		[LINK_OPER_UP] = "up",
		[LINK_OPER_DOWN] = "down",
		[LINK_OPER_TESTING] = "testing",
		[LINK_OPER_UNKNOWN] = "unknown",
		[LINK_OPER_DORMANT] = "dormant",
		[LINK_OPER_NOT_PRESENT] = "notPresent",
		[LINK_OPER_LOWER_LAYER_DOWN] = "lowerLayerDown",
	};

	return word_of(WORDS, ARRAY_LEN(WORDS), oper);
}

const char *link_mib_admin(unsigned int admin)
{
	static const char *const WORDS[] = {
		[LINK_ADMIN_UP] = "up",
		[LINK_ADMIN_DOWN] = "down",
		[LINK_ADMIN_TESTING] = "testing",
	};

	return word_of(WORDS, ARRAY_LEN(WORDS), admin);
}
