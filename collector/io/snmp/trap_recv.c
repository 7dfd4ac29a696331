/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From datagram to hand-over and back to the acknowledgement. Who a sender is, trap_auth.c
 * decides; what its notification says, trap_map.c; what follows from it, the one above.
 */
#include "collector/io/snmp/trap_recv.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/codec/text/varbind_text.h"
#include "collector/core/conf/collector_conf.h"
#include "collector/core/conf/credentials_conf.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/core/trap/recent_keys.h"
#include "collector/core/trap/trap_budget.h"
#include "collector/core/trap/trap_speaker.h"
#include "common/base/cleanup.h"
#include "common/base/fnv1a.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"
#include "common/loop/port_holder.h"
#include "common/loop/udp_listen.h"
#include "common/snmp/ber_reader.h"
#include "common/snmp/snmp_oids.h"
#include "common/system/log.h"

enum {
	SOCKETS_MAX = COLLECTOR_LISTEN_MAX,
	BATCH = 32,
	ROUNDS = 8,
	KEYS_MAX = 65536,
	SENDERS_MAX = 512, /* refused ones and unknown ones */
	PENDING_DEFAULT = 10000,
	TEXT_MAX = 8192,      /* octets of a notification's bindings that are kept */
	LOG_EVERY_MS = 60000, /* per reason */
	/* Longer than anybody repeats what was not acknowledged; an agent of ours is known for ever. */
	REPEAT_MS = 300000,
};

/* An inform that waits for its commit. */
struct pending {
	struct trap_reply *reply;
	struct udp_listen_peer peer;
	uint64_t key, ticket;
	unsigned int slot; /* in the array */
};

/* Why something was not taken, for the log: once a minute each. */
enum reason {
	REASON_VERDICT, /* + the verdict */
	REASON_RATE = REASON_VERDICT + TRAP_VERDICT_N,
	REASON_TOTAL,
	REASON_SOURCE,
	REASON_DOWNGRADE,
	REASON_FOREIGN,
	REASON_NO_FORWARDER,
	REASON_OID,
	REASON_PENDING,
	REASON_STORE,
	REASON_N
};

struct trap_recv {
	struct loop *loop;
	struct trap_auth *auth;
	struct trap_recv_hooks hooks;
	const struct device_set *devices;
	size_t pending_max;
	struct udp_listen *sockets[SOCKETS_MAX];
	char *addresses[SOCKETS_MAX];
	size_t n_sockets;
	struct trap_budget *budget;
	char forwarders[SOCKETS_MAX][ENDPOINT_ADDRESS_SIZE];
	size_t n_forwarders;
	struct sender_table *senders;
	struct recent_keys *keys; /* pointer: struct pending, or NULL once stored */
	struct pending **pending; /* by the ticket's low half */
	unsigned int n_pending, next_slot;
	uint32_t next_serial;
	struct snmp_varbind_room room;
	char *text;
	struct trap_recv_stats stats;
	struct {
		int64_t until_ms;
		uint64_t held;
	} throttle[REASON_N];
};

/* ---- telling ---- */

static void tell(struct trap_recv *recv, enum reason reason, const char *source, const char *what)
{
	int64_t now_ms = loop_now_us() / 1000;

	if (now_ms < recv->throttle[reason].until_ms) {
		recv->throttle[reason].held++;
		return;
	}
	log_warn("trap", "source=%s err=\"%s\" more=%llu", source, what,
		 (unsigned long long)recv->throttle[reason].held);
	recv->throttle[reason].until_ms = now_ms + LOG_EVERY_MS;
	recv->throttle[reason].held = 0;
}

static const char *verdict_text(enum trap_verdict verdict)
{
	switch (verdict) {
	case TRAP_MALFORMED:
		return "malformed datagram";
	case TRAP_WRONG_PDU:
		return "an SNMP message, but no trap or inform";
	case TRAP_BAD_COMMUNITY:
		return "community is not in the credentials file";
	case TRAP_UNKNOWN_USER:
		return "SNMPv3 user is not in the credentials file";
	case TRAP_WEAK_LEVEL:
		return "less or more secured than the credential says";
	case TRAP_WRONG_KEY:
		return "authentication failed: another passphrase than in the credentials file";
	case TRAP_DECRYPT_ERROR:
		return "cannot be decrypted: another privacy passphrase than in the credentials "
		       "file";
	case TRAP_NOT_IN_WINDOW:
		return "outside the time window: too old, or repeated by somebody";
	default:
		return trap_verdict_name(verdict);
	}
}

static enum sender_reason sender_reason_of(enum trap_verdict verdict)
{
	switch (verdict) {
	case TRAP_WRONG_PDU:
		return SENDER_WRONG_PDU;
	case TRAP_BAD_COMMUNITY:
		return SENDER_BAD_COMMUNITY;
	case TRAP_UNKNOWN_USER:
		return SENDER_UNKNOWN_USER;
	case TRAP_WEAK_LEVEL:
		return SENDER_WEAK_LEVEL;
	case TRAP_WRONG_KEY:
		return SENDER_WRONG_KEY;
	case TRAP_DECRYPT_ERROR:
		return SENDER_DECRYPT_ERROR;
	case TRAP_NOT_IN_WINDOW:
		return SENDER_NOT_IN_WINDOW;
	default:
		return SENDER_MALFORMED;
	}
}

/* For those who ask where its notifications are. */
static void note(struct trap_recv *recv, const char *source, enum sender_reason reason)
{
	bool shared;
	const bool device = device_set_find_address(recv->devices, source, &shared) != NULL;

	sender_table_note(recv->senders, source, device, reason, loop_wall_ms());
}

/* The only device there, or NULL. */
static struct device *at_address(const struct trap_recv *recv, const char *address)
{
	bool shared = false;
	struct device *device = device_set_find_address(recv->devices, address, &shared);

	return shared ? NULL : device;
}

/* That the device is polled with; NULL for no device. */
static const struct credential_conf *credential_of(const struct trap_recv *recv,
						   const struct device *device)
{
	return device ? credentials_conf_find(trap_auth_credentials(recv->auth),
					      device->entry->credential)
		      : NULL;
}

void trap_recv_restore_sender(struct trap_recv *recv, const char *source, uint64_t count,
			      int64_t first_ms, int64_t last_ms)
{
	if (!at_address(recv, source))
		sender_table_restore(recv->senders, source, count, first_ms, last_ms);
}

const struct sender_table *trap_recv_senders(const struct trap_recv *recv)
{
	return recv->senders;
}

/* ---- pending informs ---- */

static struct pending *pending_new(struct trap_recv *recv, const struct trap_message *message,
				   const struct udp_listen_peer *peer, uint64_t key)
{
	struct pending *p;
	unsigned int slot;

	if (recv->n_pending >= recv->pending_max) {
		recv->stats.pending_full++;
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	if (p)
		p->reply = trap_reply_new(message);
	if (!p || !p->reply) {
		free(p);
		recv->stats.no_memory++;
		return NULL;
	}
	for (slot = recv->next_slot; recv->pending[slot]; slot = (slot + 1) % recv->pending_max)
		;
	recv->next_slot = (unsigned int)((slot + 1) % recv->pending_max);
	p->peer = *peer;
	p->key = key;
	p->slot = slot;
	p->ticket = (uint64_t)++recv->next_serial << 32 | slot;
	recv->pending[slot] = p;
	recv->n_pending++;
	return p;
}

static void pending_free(struct trap_recv *recv, struct pending *p)
{
	recv->pending[p->slot] = NULL;
	recv->n_pending--;
	trap_reply_free(p->reply);
	free(p);
}

static void send_to(struct trap_recv *recv, const struct udp_listen_peer *peer,
		    const struct trap_answer *answer)
{
	if (answer->len == 0 || !peer->socket)
		return;
	if (udp_listen_send(peer, answer->octets, answer->len) < 0)
		recv->stats.send_errors++;
}

static void acknowledge(struct trap_recv *recv, const struct trap_reply *reply,
			const struct udp_listen_peer *peer)
{
	struct trap_answer answer = {0};

	if (trap_auth_answer(recv->auth, reply, loop_now_us(), &answer) < 0) {
		recv->stats.send_errors++;
		return;
	}
	send_to(recv, peer, &answer);
	recv->stats.acknowledged++;
}

void trap_recv_done(struct trap_recv *recv, trap_ticket ticket, int err)
{
	unsigned int slot = (unsigned int)(ticket & UINT32_MAX);
	struct pending *p = ticket && slot < recv->pending_max ? recv->pending[slot] : NULL;
	void **known;

	if (!p || p->ticket != ticket)
		return;
	known = recent_keys_find(recv->keys, p->key, loop_now_us() / 1000);
	if (err == 0) {
		if (known)
			*known = NULL;
		acknowledge(recv, p->reply, &p->peer);
	} else {
		recent_keys_remove(recv->keys, p->key);
		recv->stats.not_stored++;
		tell(recv, REASON_STORE, "-",
		     "not stored, not acknowledged: its sender will repeat it");
	}
	pending_free(recv, p);
}

/* Until when a key is that of repetitions; received_ms: wall, now_ms: monotonic. */
static int64_t known_until(bool lasting, int64_t received_ms, int64_t now_ms)
{
	const int64_t age_ms = loop_wall_ms() - received_ms;

	return lasting ? INT64_MAX : now_ms + REPEAT_MS - (age_ms > 0 ? age_ms : 0);
}

void trap_recv_remember(struct trap_recv *recv, const struct trap_key *key, int64_t received_ms)
{
	const int64_t now_ms = loop_now_us() / 1000;
	const int64_t until_ms = known_until(key->lasting, received_ms, now_ms);

	if (until_ms > now_ms && !recent_keys_find(recv->keys, key->hash, now_ms))
		recent_keys_add(recv->keys, key->hash, NULL, until_ms);
}

/* ---- identity of a notification ---- */

/* Of what is authentic, of which nobody can make another; 0: it is not. */
static uint64_t digest_hash(const struct snmp_message *msg)
{
	uint64_t hash = fnv1a_field(FNV1A_START, msg->engine_id, msg->engine_id_len);

	if (!(msg->flags & SNMP_FLAG_AUTH))
		return 0;
	hash = fnv1a_field(hash, msg->mac, msg->mac_len);
	return hash ? hash : 1;
}

/*
 * The event of a Pantau agent is known by its number and the moment when it happened,
 * whatever datagram it comes in, for as long as it is kept. The number alone would not do: an
 * agent that lost its event log numbers anew. Any other inform is known by its sender's socket,
 * request id and content while it may still be repeated: a device counts its requests from 1
 * again after each boot. A trap is never repeated, unless somebody recorded it: by SNMPv3 its
 * digest tells, and no two are the same within the time window.
 */
static struct trap_key key_of(const struct notification *n, const struct trap_message *message,
			      const struct udp_listen_peer *peer)
{
	struct trap_key key = {.hash = FNV1A_START};

	if (n->site_id[0] != '\0' && n->number != 0) {
		key.lasting = true;
		key.hash = fnv1a_field(key.hash, n->site_id, strlen(n->site_id));
		key.hash = fnv1a_field(key.hash, n->oid, n->oid_len * sizeof(*n->oid));
		key.hash = fnv1a_field(key.hash, &n->number, sizeof(n->number));
		key.hash = fnv1a_field(key.hash, &n->epoch_id, sizeof(n->epoch_id));
		key.hash = fnv1a_field(key.hash, &n->event_mono_us, sizeof(n->event_mono_us));
		if (n->epoch_id == 0)
			key.hash = fnv1a_field(key.hash, &n->event_ms, sizeof(n->event_ms));
	} else if (message->msg.pdu == SNMP_PDU_INFORM) {
		key.hash = fnv1a_field(key.hash, &peer->address, peer->address_len);
		key.hash = fnv1a_field(key.hash, &message->msg.request_id,
				       sizeof(message->msg.request_id));
		key.hash = fnv1a_field(key.hash, message->msg.bindings, message->msg.bindings_len);
	} else {
		key.hash = digest_hash(&message->msg);
		return key;
	}
	key.hash = key.hash ? key.hash : 1;
	return key;
}

/* ---- from octets to a notification ---- */

static const char *version_name(int64_t version)
{
	return version == SNMP_V3 ? "v3" : version == SNMP_V2C ? "v2c" : "v1";
}

/* Who was believed. Somebody may have named a credential like its community. */
static const char *security_name(const struct credential_conf *credential)
{
	if (credential->version == SNMP_V3)
		return credential->user;
	return strcmp(credential->title, credential->community) == 0 ? "" : credential->title;
}

static int decode(struct trap_recv *recv, const struct trap_message *message,
		  struct notification *ret)
{
	const struct snmp_message *msg = &message->msg;
	unsigned long arcs[SNMP_OID_LEN_MAX];
	struct trap_pdu pdu = {.v1 = msg->pdu == SNMP_PDU_TRAP_V1,
			       .inform = msg->pdu == SNMP_PDU_INFORM};

	if (snmp_message_varbinds(msg, &recv->room) < 0) {
		recv->stats.bad_varbinds++;
		return -EBADMSG;
	}
	if (pdu.v1) {
		struct ber_reader enterprise = ber_reader(msg->enterprise, msg->enterprise_len);

		pdu.enterprise = arcs;
		pdu.enterprise_len = ber_oid_content(&enterprise, arcs, ARRAY_LEN(arcs));
		pdu.generic = msg->generic;
		pdu.specific = msg->specific;
		pdu.uptime_ticks = msg->uptime_ticks;
		memcpy(pdu.agent_address, msg->agent_address, sizeof(pdu.agent_address));
	}
	pdu.varbinds = recv->room.varbinds;
	pdu.n_varbinds = recv->room.n;
	if (trap_map(&pdu, ret) < 0) {
		recv->stats.no_notification_oid++;
		return -EINVAL;
	}
	return 0;
}

static bool is_forwarder(const struct trap_recv *recv, const char *source)
{
	for (size_t i = 0; i < recv->n_forwarders; i++) {
		if (strcmp(recv->forwarders[i], source) == 0)
			return true;
	}
	return false;
}

static void tell_refused(struct trap_recv *recv, enum trap_speaker_verdict verdict,
			 const char *source)
{
	switch (verdict) {
	case TRAP_SPEAKER_DOWNGRADED:
		recv->stats.downgraded++;
		note(recv, source, SENDER_DOWNGRADED);
		tell(recv, REASON_DOWNGRADE, source,
		     "by community for a device that has an SNMPv3 credential; send it by SNMPv3");
		break;
	case TRAP_SPEAKER_FOREIGN:
		recv->stats.foreign++;
		note(recv, source, SENDER_FOREIGN);
		tell(recv, REASON_FOREIGN, source,
		     "by a key that is not the device's own: see its credential in the inventory");
		break;
	case TRAP_SPEAKER_WRONG_COMMUNITY:
		recv->stats.verdicts[TRAP_BAD_COMMUNITY]++;
		note(recv, source, SENDER_BAD_COMMUNITY);
		tell(recv, REASON_VERDICT + TRAP_BAD_COMMUNITY, source,
		     "passed on with another community than that of the device it names");
		break;
	case TRAP_SPEAKER_TAKEN:
		break;
	}
}

static void tell_taken(struct trap_recv *recv, const struct trap_speaker *speaker,
		       const char *source, int64_t now_ms)
{
	if (speaker->no_forwarder) {
		recv->stats.no_forwarder++;
		note(recv, source, SENDER_NO_FORWARDER);
		tell(recv, REASON_NO_FORWARDER, source,
		     "it names another device as its origin; if it may: trap-forwarders");
	} else if (!speaker->device) {
		recv->stats.unknown_source++;
		note(recv, source, SENDER_UNKNOWN_ADDRESS);
		tell(recv, REASON_SOURCE, source,
		     "no device of the inventory has this address or site id");
	} else {
		recv->stats.forwarded += speaker->forwarded;
		sender_table_accepted(recv->senders, source, now_ms);
	}
}

/* Whose it is, into the arrival. Whether it is taken; who asks is told. */
static bool find_speaker(struct trap_recv *recv, struct device *there,
			 const struct trap_message *message, struct trap_arrival *arrival)
{
	const struct trap_claim claim = {
		.notification = arrival->notification,
		.source = arrival->source,
		.there = there,
		.by_v3 = message->msg.version == SNMP_V3,
		.credential = message->credential,
		.forwarder = is_forwarder(recv, arrival->source),
	};
	struct trap_speaker speaker;
	const enum trap_speaker_verdict verdict = trap_speaker_find(
		recv->devices, trap_auth_credentials(recv->auth), &claim, &speaker);

	arrival->device = speaker.device;
	if (verdict != TRAP_SPEAKER_TAKEN)
		tell_refused(recv, verdict, arrival->source);
	else
		tell_taken(recv, &speaker, arrival->source, arrival->received_ms);
	return verdict == TRAP_SPEAKER_TAKEN;
}

/* The bindings; of a v1 trap also what RFC 3584 3.1 (4) would add, but for the community. */
static void take_text(struct trap_recv *recv, const struct trap_message *message)
{
	static const snmp_oid_t ADDRESS[] = {SNMP_OID_TRAP_ADDRESS, 0};
	static const snmp_oid_t ENTERPRISE[] = {SNMP_OID_TRAP_ENTERPRISE, 0};
	const struct snmp_message *msg = &message->msg;
	struct ber_reader enterprise = ber_reader(msg->enterprise, msg->enterprise_len);
	unsigned long arcs[SNMP_OID_LEN_MAX];
	const size_t used = varbind_text(recv->room.varbinds, recv->room.n, recv->text, TEXT_MAX);
	struct snmp_varbind more[] = {
		{.name = ADDRESS, .name_len = ARRAY_LEN(ADDRESS), .type = SNMP_TYPE_IPADDRESS},
		{.name = ENTERPRISE, .name_len = ARRAY_LEN(ENTERPRISE), .type = SNMP_TYPE_OID},
	};

	if (msg->pdu != SNMP_PDU_TRAP_V1)
		return;
	more[0].v.octets.p = msg->agent_address;
	more[0].v.octets.len = sizeof(msg->agent_address);
	more[1].v.oid.p = arcs;
	more[1].v.oid.len = ber_oid_content(&enterprise, arcs, ARRAY_LEN(arcs));
	varbind_text(more, more[1].v.oid.len ? 2 : 1, recv->text + used, TEXT_MAX - used);
}

/* Known already: acknowledged again if it is stored, else its acknowledgement goes to the newest repetition. */
static void handle_repeat(struct trap_recv *recv, void **known, const struct trap_message *message,
			  const struct udp_listen_peer *peer)
{
	struct pending *p = *known;
	struct trap_reply *reply;

	recv->stats.repeats++;
	if (message->msg.pdu != SNMP_PDU_INFORM)
		return;
	reply = trap_reply_new(message);
	if (!reply) {
		recv->stats.no_memory++;
		return;
	}
	if (p) {
		trap_reply_free(p->reply);
		p->reply = reply;
		p->peer = *peer;
		return;
	}
	acknowledge(recv, reply, peer);
	trap_reply_free(reply);
}

/* What of a sender the budgets count by. */
static uint64_t source_hash(const char *source)
{
	return fnv1a_text(FNV1A_START, source);
}

static void count_limited(struct trap_recv *recv, enum trap_budget_answer answer,
			  enum trap_proof proof, const char *source)
{
	note(recv, source, SENDER_RATE_LIMITED);
	if (answer == TRAP_BUDGET_SOURCE) {
		recv->stats.rate_limited++;
		tell(recv, REASON_RATE, source,
		     "more notifications than trap-rate and trap-burst allow");
		return;
	}
	if (proof == TRAP_PROOF_UNKNOWN)
		recv->stats.unknown_limited++;
	else
		recv->stats.community_limited++;
	tell(recv, REASON_TOTAL, source,
	     proof == TRAP_PROOF_UNKNOWN
		     ? "all unknown senders together send more than trap-total-rate and "
		       "trap-total-burst allow"
		     : "all devices without SNMPv3 together send more than trap-total-rate and "
		       "trap-total-burst allow");
}

/* Whether a new one is within what its sender, and all of its kind, may send. */
static bool is_affordable(struct trap_recv *recv, const struct trap_message *message,
			  const struct trap_arrival *arrival)
{
	const enum trap_proof proof = message->msg.flags & SNMP_FLAG_AUTH ? TRAP_PROOF_KEY
				      : arrival->device			  ? TRAP_PROOF_COMMUNITY
									  : TRAP_PROOF_UNKNOWN;
	const enum trap_budget_answer answer = trap_budget_take(
		recv->budget, proof, source_hash(arrival->source), loop_now_us() / 1000);

	if (answer != TRAP_BUDGET_TAKE)
		count_limited(recv, answer, proof, arrival->source);
	return answer == TRAP_BUDGET_TAKE;
}

/* An inform is for our engine, whoever sends it: recorded, it would speak for whatever device it
 * is sent from that shares its credential. */
static bool is_replay(struct trap_recv *recv, const struct trap_key *key,
		      const struct trap_message *message)
{
	const uint64_t digest = digest_hash(&message->msg);
	const int64_t now_ms = loop_now_us() / 1000;

	if (digest == 0 || digest == key->hash)
		return false;
	if (recent_keys_find(recv->keys, digest, now_ms))
		return true;
	recent_keys_add(recv->keys, digest, NULL, now_ms + REPEAT_MS);
	return false;
}

static void hand_over(struct trap_recv *recv, const struct trap_message *message,
		      const struct trap_arrival *arrival, const struct udp_listen_peer *peer)
{
	struct pending *p = NULL;
	int64_t now_ms;

	if (message->msg.pdu == SNMP_PDU_INFORM) {
		recv->stats.informs++;
		p = pending_new(recv, message, peer, arrival->key.hash);
		if (!p) {
			tell(recv, REASON_PENDING, arrival->source,
			     "too many informs wait for the store");
			return; /* comes again */
		}
	} else {
		recv->stats.traps++;
	}
	now_ms = loop_now_us() / 1000;
	recent_keys_add(recv->keys, arrival->key.hash, p,
			known_until(arrival->key.lasting, arrival->received_ms, now_ms));
	recv->hooks.arrived(recv->hooks.data, arrival, p ? p->ticket : 0);
}

static void handle_message(struct trap_recv *recv, struct device *there, const char *source,
			   const struct trap_message *message, const struct udp_listen_peer *peer)
{
	struct notification n;
	struct trap_arrival arrival = {.notification = &n,
				       .source = source,
				       .version = version_name(message->msg.version),
				       .security_name = security_name(message->credential),
				       .received_ms = loop_wall_ms(),
				       .text = recv->text};
	void **known;
	const int r = decode(recv, message, &n);

	if (r < 0) {
		note(recv, source, r == -EBADMSG ? SENDER_BAD_BINDINGS : SENDER_NO_OID);
		tell(recv, REASON_OID, source,
		     "a notification without its OID or with broken bindings");
		return;
	}
	if (!find_speaker(recv, there, message, &arrival))
		return;
	arrival.key = key_of(&n, message, peer);
	known = recent_keys_find(recv->keys, arrival.key.hash, loop_now_us() / 1000);
	if (known) {
		handle_repeat(recv, known, message, peer);
		return;
	}
	if (is_replay(recv, &arrival.key, message)) {
		recv->stats.replayed++;
		note(recv, source, SENDER_NOT_IN_WINDOW);
		tell(recv, REASON_VERDICT + TRAP_NOT_IN_WINDOW, source,
		     verdict_text(TRAP_NOT_IN_WINDOW));
		return;
	}
	if (!is_affordable(recv, message, &arrival))
		return;
	take_text(recv, message);
	hand_over(recv, message, &arrival, peer);
}

/*
 * What proved nothing has a limit of its own: beyond it, it is neither answered nor remembered.
 * Who asks for our engine at a device's address is always told, as by any agent: the device
 * needs it for its first inform, and the answer is no longer than a notification.
 */
static void handle_refused(struct trap_recv *recv, const struct device *device, const char *source,
			   enum trap_verdict verdict, const struct trap_answer *report,
			   const struct udp_listen_peer *peer)
{
	const bool room = trap_budget_junk(recv->budget, source_hash(source), loop_now_us() / 1000);

	if (room || (device && (verdict == TRAP_DISCOVERY || verdict == TRAP_NOT_IN_WINDOW)))
		send_to(recv, peer, report);
	if (verdict == TRAP_DISCOVERY || verdict == TRAP_KEYS_PENDING)
		return;
	if (!room) {
		count_limited(recv, TRAP_BUDGET_SOURCE, TRAP_PROOF_UNKNOWN, source);
		return;
	}
	note(recv, source, sender_reason_of(verdict));
	tell(recv, REASON_VERDICT + verdict, source, verdict_text(verdict));
}

static void handle_datagram(struct trap_recv *recv, const struct udp_listen_peer *peer,
			    uint8_t *octets, size_t len)
{
	const struct credential_conf *credential;
	struct trap_message message;
	struct trap_answer report;
	enum trap_verdict verdict;
	const struct endpoint from = endpoint_zone_of(&peer->address, peer->address_len);
	char source[ENDPOINT_ADDRESS_SIZE];
	struct device *device;

	recv->stats.datagrams++;
	endpoint_address(&from, source);
	device = at_address(recv, source);
	credential = credential_of(recv, device);
	const struct trap_input in = {
		.preferred = credential ? credential->title : NULL,
		.octets = octets,
		.len = len,
		.now_us = loop_now_us(),
		.only_preferred = trap_budget_is_junky(recv->budget, source_hash(source),
						       loop_now_us() / 1000),
	};
	verdict = trap_auth_check(recv->auth, &in, &message, &report);
	recv->stats.verdicts[verdict]++;
	if (verdict == TRAP_ACCEPTED && message.clock_moved)
		recv->hooks.clock_moved(recv->hooks.data, message.msg.engine_id,
					message.msg.engine_id_len, message.msg.boots,
					message.msg.time);
	if (verdict == TRAP_ACCEPTED)
		handle_message(recv, device, source, &message, peer);
	else
		handle_refused(recv, device, source, verdict, &report, peer);
}

static void on_datagram(void *data, const struct udp_listen_peer *peer, uint8_t *octets, size_t len)
{
	handle_datagram(data, peer, octets, len);
}

void trap_recv_datagram(struct trap_recv *recv, const struct sockaddr_storage *from,
			uint8_t *octets, size_t len)
{
	const struct udp_listen_peer peer = {.address = *from, .address_len = sizeof(*from)};

	handle_datagram(recv, &peer, octets, len);
}

/* ---- sockets ---- */

/* An inform that came in over a socket that closes is acknowledged no more. */
static void forget_socket(struct trap_recv *recv, const struct udp_listen *socket)
{
	for (size_t i = 0; i < recv->pending_max; i++) {
		if (recv->pending[i] && recv->pending[i]->peer.socket == socket)
			recv->pending[i]->peer.socket = NULL;
	}
}

static struct udp_listen *find_socket(const struct trap_recv *recv, const char *address)
{
	for (size_t i = 0; i < recv->n_sockets; i++) {
		if (strcmp(recv->addresses[i], address) == 0)
			return recv->sockets[i];
	}
	return NULL;
}

static bool is_in(struct udp_listen *const *sockets, size_t n, const struct udp_listen *socket)
{
	for (size_t i = 0; i < n; i++) {
		if (sockets[i] == socket)
			return true;
	}
	return false;
}

struct wanted {
	struct udp_listen *sockets[SOCKETS_MAX];
	char *addresses[SOCKETS_MAX];
	size_t n;
};

static void close_new(struct trap_recv *recv, struct wanted *wanted)
{
	for (size_t i = 0; i < wanted->n; i++) {
		free(wanted->addresses[i]);
		if (wanted->sockets[i] &&
		    !is_in(recv->sockets, recv->n_sockets, wanted->sockets[i]))
			udp_listen_free(wanted->sockets[i]);
	}
}

static int open_wanted(struct trap_recv *recv, const struct trap_recv_conf *conf,
		       struct wanted *ret)
{
	const struct udp_listen_conf socket = {.subsystem = "trap",
					       .fn = on_datagram,
					       .data = recv,
					       .batch = BATCH,
					       .rounds = ROUNDS,
					       .receive_buffer = conf->receive_buffer};
	char problem[PORT_HOLDER_PROBLEM_SIZE];
	int r = 0;

	for (size_t i = 0; r == 0 && conf->listen[i] && i < SOCKETS_MAX; i++) {
		ret->n = i + 1;
		ret->addresses[i] = strdup(conf->listen[i]);
		if (!ret->addresses[i])
			return -ENOMEM;
		ret->sockets[i] = find_socket(recv, conf->listen[i]);
		if (!ret->sockets[i])
			r = udp_listen_new(recv->loop, conf->listen[i], &socket, &ret->sockets[i]);
		if (r < 0)
			log_error("trap", "address=%s err=\"%s\"", conf->listen[i],
				  port_holder_problem(SOCK_DGRAM, conf->listen[i], r, problem));
	}
	return r;
}

/* In the way in which a datagram's source is written. */
static void set_forwarders(struct trap_recv *recv, char *const *list)
{
	struct endpoint endpoint;

	recv->n_forwarders = 0;
	for (size_t i = 0; list && list[i] && i < ARRAY_LEN(recv->forwarders); i++) {
		if (endpoint_parse_address(list[i], 162, &endpoint) == 0)
			endpoint_address(&endpoint, recv->forwarders[recv->n_forwarders++]);
	}
}

int trap_recv_set_conf(struct trap_recv *recv, const struct trap_recv_conf *conf)
{
	struct wanted wanted = {.n = 0};
	int r = open_wanted(recv, conf, &wanted);

	loop_assert_thread(recv->loop);
	if (r < 0) {
		close_new(recv, &wanted);
		return r;
	}
	for (size_t i = 0; i < recv->n_sockets; i++) {
		free(recv->addresses[i]);
		if (!is_in(wanted.sockets, wanted.n, recv->sockets[i])) {
			forget_socket(recv, recv->sockets[i]);
			recv->stats.kernel_drops += udp_listen_drops(recv->sockets[i]);
			udp_listen_free(recv->sockets[i]);
		}
	}
	memcpy(recv->sockets, wanted.sockets, sizeof(wanted.sockets));
	memcpy(recv->addresses, wanted.addresses, sizeof(wanted.addresses));
	recv->n_sockets = wanted.n;
	set_forwarders(recv, conf->forwarders);
	trap_budget_set(recv->budget, &conf->budget);
	return 0;
}

int trap_recv_new(struct loop *loop, const struct trap_recv_conf *conf,
		  const struct trap_recv_hooks *hooks, const struct device_set *devices,
		  struct trap_auth *auth, struct trap_recv **ret)
{
	struct trap_recv *recv = calloc(1, sizeof(*recv));
	int r;

	assert(devices && auth && hooks->arrived && hooks->clock_moved);
	if (!recv)
		return -ENOMEM;
	recv->loop = loop;
	recv->hooks = *hooks;
	recv->devices = devices;
	recv->auth = auth;
	recv->pending_max = conf->pending_max ? conf->pending_max : PENDING_DEFAULT;
	recv->pending = calloc(recv->pending_max, sizeof(struct pending *));
	recv->text = malloc(TEXT_MAX);
	r = recv->pending && recv->text ? 0 : -ENOMEM;
	if (r == 0)
		r = snmp_varbind_room_init(&recv->room);
	if (r == 0)
		r = trap_budget_new(&conf->budget, &recv->budget);
	if (r == 0)
		r = sender_table_new(SENDERS_MAX, &recv->senders);
	if (r == 0)
		r = recent_keys_new(KEYS_MAX, &recv->keys);
	if (r == 0)
		r = trap_recv_set_conf(recv, conf);
	if (r < 0) {
		trap_recv_free(recv);
		return r;
	}
	*ret = recv;
	return 0;
}

struct trap_recv *trap_recv_free(struct trap_recv *recv)
{
	if (!recv)
		return NULL;
	loop_assert_thread(recv->loop);
	for (size_t i = 0; i < recv->n_sockets; i++) {
		udp_listen_free(recv->sockets[i]);
		free(recv->addresses[i]);
	}
	for (size_t i = 0; recv->pending && i < recv->pending_max; i++) {
		if (recv->pending[i])
			pending_free(recv, recv->pending[i]);
	}
	free(recv->pending);
	trap_budget_free(recv->budget);
	sender_table_free(recv->senders);
	recent_keys_free(recv->keys);
	snmp_varbind_room_deinit(&recv->room);
	free(recv->text);
	free(recv);
	return NULL;
}

/* ---- counters ---- */

void trap_recv_get_stats(const struct trap_recv *recv, struct trap_recv_stats *ret)
{
	*ret = recv->stats;
	ret->pending = recv->n_pending;
	ret->senders = (unsigned int)sender_table_n(recv->senders);
	ret->senders_dropped = sender_table_dropped(recv->senders);
	for (size_t i = 0; i < recv->n_sockets; i++)
		ret->kernel_drops += udp_listen_drops(recv->sockets[i]);
}
