/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams of any octets at the receiver of notifications: community and version 3
 * without authentication, so that what lies behind the digest is reached too. Whatever is
 * handed up is mapped to text, a key and a device; informs are acknowledged or refused.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/notification_json.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/io/snmp/trap_recv.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT(literal) ((char *)(literal)) /* never written */

static struct credential_conf credential_list[] = {
	{.title = TEXT("c"), .version = SNMP_V2C, .community = TEXT("public"), .traps = true},
	{.title = TEXT("u"), .version = SNMP_V3, .user = TEXT("fuzz"), .traps = true},
};
static const struct credentials_conf credentials = {credential_list, 2};
static struct inventory_entry entry = {
	.id = TEXT("d"), .name = TEXT("D"), .address = TEXT("192.0.2.1"), .credential = TEXT("c")};

static struct trap_recv *recv_;
static struct device *device;

static void quiet(void *data, enum log_level level, const char *line)
{
	(void)data;
	(void)level;
	(void)line;
}

/* As the API tells it. */
static void show(const struct trap_arrival *arrival)
{
	const struct notification_row row = {.id = 1,
					     .received_ms = arrival->received_ms,
					     .device_id = "",
					     .source = arrival->source,
					     .version = arrival->version,
					     .security_name = arrival->security_name,
					     .oid = "1.3",
					     .kind = "other",
					     .site_id = arrival->notification->site_id,
					     .text = arrival->text};
	json_t *json = notification_json(&row);
	char *text = json_dumps(json, JSON_COMPACT);

	if (!text || strcmp(arrival->security_name, "public") == 0)
		abort();
	free(text);
	json_decref(json);
}

static void arrived(void *data, const struct trap_arrival *arrival, trap_ticket ticket)
{
	(void)data;
	if (strlen(arrival->text) > 8192 || arrival->notification->oid_len > NOTIFICATION_OID_MAX)
		abort();
	if (notification_time_ms(arrival->notification, arrival->received_ms) >
	    arrival->received_ms)
		abort();
	show(arrival);
	trap_recv_done(recv_, ticket, arrival->key.hash % 2 ? 0 : -1);
	trap_recv_done(recv_, ticket, 0); /* void by now */
}

static void clock_moved(void *data, const uint8_t *engine_id, size_t engine_id_len, uint32_t boots,
			uint32_t time)
{
	(void)data;
	(void)engine_id;
	(void)boots;
	(void)time;
	if (engine_id_len < 5 || engine_id_len > 32)
		abort();
}

static void make(void)
{
	static char *listen[] = {NULL};
	static const struct trap_recv_conf conf = {.listen = listen,
						   .budget = {1e9, 1e9, 1e9, 1e9}};
	static const struct trap_recv_hooks hooks = {.arrived = arrived,
						     .clock_moved = clock_moved};
	static struct device_set devices;
	static const struct snmp_identity identity = {.engine_id = "\x80\x00\x1f\x88\x05"
								   "fuzzfuzz",
						      .engine_id_len = 13,
						      .boots = 1};
	struct trap_auth *auth;
	struct loop *loop;

	log_set_sink(quiet, NULL);
	device = device_new(&entry);
	if (!device || device_set_init(&devices, &device, 1) < 0 || loop_new(&loop) < 0 ||
	    trap_auth_new(loop, &identity, &credentials, &auth) < 0 ||
	    trap_recv_new(loop, &conf, &hooks, &devices, auth, &recv_) < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sockaddr_storage from = {0};
	struct sockaddr_in *v4 = (void *)&from;
	uint8_t *copy =
		malloc(size ? size : 1); /* of exact size: a sanitizer sees one octet too many */

	if (!recv_)
		make();
	if (!copy)
		return 0;
	if (size)
		memcpy(copy, data, size);
	v4->sin_family = AF_INET;
	inet_pton(AF_INET, size % 2 ? "192.0.2.1" : "198.51.100.1", &v4->sin_addr);
	trap_recv_datagram(recv_, &from, copy, size);
	free(copy);
	if (sender_table_n(trap_recv_senders(recv_)) > 512)
		abort();
	return 0;
}
