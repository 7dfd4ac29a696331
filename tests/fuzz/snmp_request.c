/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever is sent to the agent's port: through the responder to an answer, which has to be a
 * message. A v3 request is signed here with the user's key where its digest has the right
 * length, so that what comes after the check is reached.
 */
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/mib/mib_data.h"
#include "agent/io/snmp/snmp_responder.h"
#include "common/snmp/snmp_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct snmp_responder *responder;
static struct mib_data rows;
static struct usm_keys keys;

static const struct snmp_identity IDENTITY = {
	.engine_id = {0x80, 0, 0x1f, 0x88, 5, 'p', 'a', 'n', 't', 'a', 'u'},
	.engine_id_len = 11,
	.boots = 1,
};

static void make_keys(void)
{
	const struct snmp_credential cred = {
		.version = SNMP_V3,
		.level = SNMP_SEC_AUTH_PRIV,
		.user = "pantau",
		.auth = SNMP_AUTH_SHA256,
		.priv = SNMP_PRIV_AES128,
		.auth_pass = "auth-secret",
		.priv_pass = "priv-secret",
	};
	struct usm_master master;

	if (usm_make_master(&cred, &master) < 0 ||
	    usm_localize(&cred, &master, IDENTITY.engine_id, IDENTITY.engine_id_len, &keys) < 0)
		abort();
}

static void prepare(void)
{
	static const struct mib_sizes sizes = {
		.max_links = 4, .max_wifi = 1, .max_paths = 1, .max_events = 16, .hist_minutes = 4};
	static char name[] = "pantau", auth[] = "auth-secret", priv[] = "priv-secret";
	static char community[] = "rahasia";
	static struct agent_user user = {.title = name,
					 .auth = SNMP_AUTH_SHA256,
					 .priv = SNMP_PRIV_AES128,
					 .auth_pass = auth,
					 .priv_pass = priv,
					 .poll = true};
	static struct agent_community lan = {
		.title = community, .community = community, .poll = true};
	static const struct agent_users users = {&user, 1, &lan, 1};
	static const struct mib_world texts;

	if (responder)
		return;
	if (mib_data_bind(&rows, &sizes, calloc(1, mib_data_size(&sizes)),
			  calloc(1, mib_hist_size(&sizes))) < 0 ||
	    snmp_responder_new(&users, &rows, &IDENTITY, &texts, &responder) < 0)
		abort();
	rows.head->n_links = 2;
	rows.links[0].if_index = 1;
	rows.links[1].if_index = 7;
	make_keys();
}

static void sign(uint8_t *octets, size_t len)
{
	struct snmp_message msg;
	uint8_t mac[USM_MAC_MAX];
	size_t mac_len = usm_mac_len(keys.auth_protocol);

	if (snmp_message_parse(octets, len, &msg) < 0 || msg.version != SNMP_V3 ||
	    msg.mac_len != mac_len)
		return;
	memset(octets + (msg.mac - octets), 0, mac_len);
	if (usm_sign(&keys, octets, len, mac) == 0)
		memcpy(octets + (msg.mac - octets), mac, mac_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t octets[SNMP_RESPONDER_REQUEST_MAX], out[SNMP_RESPONDER_ROOM];
	struct sockaddr_in from = {.sin_family = AF_INET};
	struct snmp_message msg;
	const uint8_t *answer;
	size_t len;

	if (size > sizeof(octets))
		return 0;
	prepare();
	memcpy(octets, data, size);
	sign(octets, size);
	len = snmp_responder_answer(responder, (struct sockaddr *)&from, octets, size, 1000000, 0,
				    out, &answer);
	if (len && snmp_message_parse(answer, len, &msg) < 0)
		abort();
	return 0;
}
