/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages of SNMPv3 at the authority of agent and collector. The first octet says what is done
 * to the rest before: its secret part encrypted and its digest made with the user's key, so
 * that what lies behind them is reached; and whether other engines' messages are taken. What is
 * accepted has a PDU and, where it claims to be authentic, was signed here; every Report is a
 * message on which nobody reports; the octets stay as they came.
 */
#include "common/snmp/usm_authority.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIGN = 1, ENCRYPT = 2, TRAPS = 4, PREFER = 8, MESSAGE_MAX = 4096 };
enum { N_USERS = 4 };

#define NOW_US INT64_C(1000000000)

static const struct snmp_identity US = {
	.engine_id = {0x80, 0, 0x1f, 0x88, 5, 'p', 'a', 'n', 't', 'a', 'u'},
	.engine_id_len = 11,
	.boots = 1,
};
static const struct snmp_credential CRED = {
	.version = SNMP_V3,
	.level = SNMP_SEC_AUTH_PRIV,
	.user = "pantau",
	.auth = SNMP_AUTH_SHA256,
	.priv = SNMP_PRIV_AES128,
	.auth_pass = "auth-secret",
	.priv_pass = "priv-secret",
};
static struct usm_master master;
static struct usm_user users[N_USERS];
static struct snmp_varbind_room room;

static void prepare(void)
{
	static const struct usm_user USERS[N_USERS] = {
		{.name = "pantau", .level = SNMP_SEC_AUTH_PRIV, .least = SNMP_SEC_AUTH},
		{.name = "pantau", .level = SNMP_SEC_AUTH_PRIV, .least = SNMP_SEC_AUTH_PRIV},
		{.name = "open", .level = SNMP_SEC_NONE, .least = SNMP_SEC_NONE},
		{.name = "later", .level = SNMP_SEC_AUTH_PRIV, .least = SNMP_SEC_AUTH_PRIV},
	};

	if (users[0].name)
		return;
	if (usm_make_master(&CRED, &master) < 0 || snmp_varbind_room_init(&room) < 0)
		abort();
	for (size_t i = 0; i < N_USERS; i++) {
		users[i] = USERS[i];
		users[i].name_len = strlen(users[i].name);
		users[i].ready = i < 3;
		users[i].cred = &CRED;
		users[i].master = &master;
		users[i].owner = &users[i];
		if (users[i].level > SNMP_SEC_NONE &&
		    usm_localize(&CRED, &master, US.engine_id, US.engine_id_len, &users[i].keys) <
			    0)
			abort();
	}
	users[1].keys.auth[0] ^= 1; /* another's */
}

/* True if it is authentic now. */
static bool protect(uint8_t what, uint8_t *octets, size_t len)
{
	struct snmp_message msg;
	struct usm_keys keys;
	uint8_t mac[USM_MAC_MAX], cipher[MESSAGE_MAX + 8];
	size_t cipher_len;

	if (snmp_message_parse(octets, len, &msg) < 0 || msg.version != SNMP_V3 ||
	    usm_localize(&CRED, &master, msg.engine_id, msg.engine_id_len, &keys) < 0)
		return false;
	if (what & ENCRYPT && msg.flags & SNMP_FLAG_PRIV && msg.salt_len == USM_SALT_LEN &&
	    msg.encrypted_len > 0 &&
	    usm_encrypt(&keys, msg.salt, msg.boots, msg.time, msg.encrypted, msg.encrypted_len,
			cipher, &cipher_len) == 0)
		memcpy(octets + (msg.encrypted - octets), cipher, msg.encrypted_len);
	if (!(what & SIGN) && snmp_message_verify(&msg, octets, len, &keys) == 0)
		octets[msg.mac - octets] ^= 1; /* a stored one may be authentic: now it is forged */
	if (!(what & SIGN) || msg.mac_len != usm_mac_len(keys.auth_protocol))
		return false;
	memset(octets + (msg.mac - octets), 0, msg.mac_len);
	if (usm_sign(&keys, octets, len, mac) < 0)
		abort();
	memcpy(octets + (msg.mac - octets), mac, msg.mac_len);
	return true;
}

static void expect(bool right)
{
	if (!right)
		abort();
}

static void look(const struct usm_output *out, enum usm_verdict verdict,
		 const struct snmp_message *msg, bool authentic)
{
	struct snmp_message report;

	expect(verdict != USM_ACCEPTED || (msg->has_pdu && out->user && !out->report_len));
	expect(verdict != USM_ACCEPTED || authentic || !(msg->flags & SNMP_FLAG_AUTH));
	expect(!(msg->flags & SNMP_FLAG_AUTH) || verdict != USM_ACCEPTED || out->keys);
	if (verdict == USM_ACCEPTED)
		(void)!snmp_message_varbinds(msg, &room);
	if (out->report_len == 0)
		return;
	expect(msg->flags & SNMP_FLAG_REPORTABLE);
	expect(snmp_message_parse(out->report, out->report_len, &report) == 0);
	expect(report.has_pdu && report.pdu == SNMP_PDU_REPORT);
	expect(!(report.flags & SNMP_FLAG_REPORTABLE));
	expect(snmp_message_varbinds(&report, &room) == 0);
	expect(snmp_report_of(room.varbinds, room.n) == (enum usm_stat)verdict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t octets[MESSAGE_MAX], before[MESSAGE_MAX];
	uint32_t counts[USM_STAT_N] = {0}, counted = 0;
	struct usm_authority_conf conf = {.identity = &US, .counts = counts};
	struct usm_authority *authority;
	struct snmp_message msg;
	struct usm_input in = {.msg = &msg, .octets = octets, .now_us = NOW_US};
	enum usm_verdict verdict;
	struct usm_output out;
	bool authentic;

	prepare();
	if (size < 1 || size - 1 > sizeof(octets))
		return 0;
	in.len = size - 1;
	memcpy(octets, data + 1, in.len);
	authentic = protect(data[0], octets, in.len);
	if (snmp_message_parse(octets, in.len, &msg) < 0 || msg.version != SNMP_V3)
		return 0;
	memcpy(before, octets, in.len);
	conf.clocks = data[0] & TRAPS ? 2 : 0;
	in.preferred = data[0] & PREFER ? &users[1] : NULL;
	expect(usm_authority_new(&conf, &authority) == 0);
	usm_authority_set_users(authority, users, N_USERS);
	verdict = usm_authority_check(authority, &in, &out);
	expect(memcmp(octets, before, in.len) == 0);
	look(&out, verdict, &msg, authentic);
	for (size_t i = 0; i < USM_STAT_N; i++)
		counted += counts[i];
	expect(counted == 0 || (counted == 1 && counts[verdict] == 1));
	usm_authority_free(authority);
	return 0;
}
