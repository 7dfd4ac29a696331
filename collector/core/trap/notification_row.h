/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One received notification as it is kept, and which of them are asked for. Texts are UTF-8. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/base/endpoint.h"

/* The same for repetitions of the same notification, also over restarts. */
struct trap_key {
	uint64_t hash; /* 0: repetitions are not known */
	bool lasting;  /* as long as it is kept, and unique in the store; else for minutes */
};

struct notification_row {
	int64_t id; /* the store's; 0 until it is stored */
	int64_t received_ms, event_ms;
	const char *device_id; /* "" if the source is unknown */
	const char *source;    /* numeric address */
	const char *version;   /* "v1", "v2c", "v3" */
	/* Who was believed: the SNMPv3 user, or the name of the credential that a community stands for (RFC 3584 5.2);
	 * never a community. "": not known, of before this was kept. */
	const char *security_name;
	bool inform;
	const char *oid;	   /* dotted */
	const char *kind;	   /* notification_kind_name() */
	const char *site_id;	   /* "" unless of a Pantau agent */
	uint32_t epoch_id, number; /* 0 unknown */
	struct trap_key key;	   /* not told to those who ask */
	const char *text;	   /* its variable bindings, one "oid = value" a line */
};

enum notification_which {
	NOTIFICATIONS_OF_ALL,
	NOTIFICATIONS_OF_DEVICE, /* device_id; "": of nobody that was known */
	NOTIFICATIONS_OF_SOURCE,
};

/* Newest first. */
struct notification_query {
	enum notification_which which;
	char device_id[33], source[ENDPOINT_ADDRESS_SIZE];
	int64_t before_id;  /* only ids below; 0: from the newest */
	unsigned int limit; /* at least 1 */
};
