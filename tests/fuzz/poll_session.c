/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A device that answers whatever the input says: the session must end each cycle, within its
 * limits. Per binding one octet steers what becomes of the asked OID and the value.
 */
#include "collector/core/poll/poll_session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/device/profile.h"
#include "tests/unit/collector/core/poll/fake_device.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BINDINGS_MAX = 64, REQUESTS_PER_CYCLE = 300, CYCLES = 4 };

struct input {
	const uint8_t *p;
	size_t left;
};

static uint8_t take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->p++;
}

static const uint8_t TYPES[] = {
	SNMP_TYPE_INTEGER,   SNMP_TYPE_OCTETS,		 SNMP_TYPE_OID,
	SNMP_TYPE_COUNTER32, SNMP_TYPE_GAUGE32,		 SNMP_TYPE_TIMETICKS,
	SNMP_TYPE_COUNTER64, SNMP_TYPE_NO_SUCH_OBJECT,	 SNMP_TYPE_IPADDRESS,
	SNMP_TYPE_OPAQUE,    SNMP_TYPE_NO_SUCH_INSTANCE, SNMP_TYPE_END_OF_MIB_VIEW,
};

static void fill(struct input *in, const struct poll_ask *ask, const struct snmp_varbind *asked,
		 struct snmp_varbind *vb, snmp_oid_t *oid)
{
	uint8_t how = take(in), arc = take(in);

	*vb = *asked;
	memcpy(oid, asked->name, asked->name_len * sizeof(*oid));
	if (ask->pdu != SNMP_PDU_GET && asked->name_len < 120 && how & 0x80)
		oid[vb->name_len++] = arc;
	else if (ask->pdu != SNMP_PDU_GET || how & 0x40)
		oid[vb->name_len - 1] += arc;
	vb->name = oid;
	vb->type = TYPES[(how & 0x3f) % sizeof(TYPES)];
	if (vb->type == SNMP_TYPE_OCTETS || vb->type == SNMP_TYPE_IPADDRESS ||
	    vb->type == SNMP_TYPE_OPAQUE) {
		vb->v.octets.len = arc < in->left ? arc : in->left;
		vb->v.octets.p = in->p;
	} else if (vb->type == SNMP_TYPE_OID) {
		vb->v.oid.p = asked->name;
		vb->v.oid.len = asked->name_len;
	} else {
		memset(&vb->v, arc, sizeof(vb->v));
	}
}

/* As the engine gives names that are those asked for. */
static void drop_name(const struct snmp_varbind *asked, struct snmp_varbind *vb)
{
	if (vb->name_len != asked->name_len ||
	    memcmp(vb->name, asked->name, vb->name_len * sizeof(*vb->name)) != 0)
		return;
	vb->as_asked = true;
	vb->name = NULL;
	vb->name_len = 0;
}

/* Requests that will be made again are kept, as the poller does: the room of such a one is
 * what it was before, where it was kept. */
struct keeper {
	struct snmp_varbind room[BINDINGS_MAX], kept[BINDINGS_MAX];
	snmp_oid_t room_oids[BINDINGS_MAX][128], kept_oids[BINDINGS_MAX][128];
	uint32_t number; /* of the kept one */
};

static const struct snmp_varbind *asked_for(struct keeper *k, const struct poll_ask *ask)
{
	if (!ask->number)
		return k->room;
	if (ask->number == k->number)
		return k->kept;
	k->number = ask->number;
	for (size_t i = 0; i < ask->n; i++) {
		memcpy(k->kept_oids[i], k->room[i].name, k->room[i].name_len * sizeof(snmp_oid_t));
		k->kept[i] = k->room[i];
		k->kept[i].name = k->kept_oids[i];
	}
	return k->kept;
}

static bool next_request(struct poll_session *session, struct keeper *k, struct poll_ask *ask,
			 const struct snmp_varbind **ret)
{
	const struct poll_walk_room room = {.varbinds = k->room,
					    .oids = k->room_oids,
					    .n = BINDINGS_MAX,
					    .keeps = true,
					    .kept = k->number};

	if (!poll_session_next(session, &room, ask))
		return false;
	*ret = asked_for(k, ask);
	return true;
}

static void run_cycle(struct poll_session *session, struct poll_env *env, struct keeper *keeper,
		      struct input *in, int64_t *now_us)
{
	static struct snmp_varbind given[BINDINGS_MAX];
	static snmp_oid_t names[BINDINGS_MAX][128];
	const struct snmp_varbind *asked;
	struct poll_ask ask;

	wall_map_update(&env->wall, *now_us, *now_us / 1000);
	if (poll_session_begin(session, take(in) & 1, *now_us) < 0)
		return;
	for (int i = 0; i < REQUESTS_PER_CYCLE && next_request(session, keeper, &ask, &asked);
	     i++) {
		struct poll_answer answer = {.earliest_us = *now_us, .varbinds = given};
		uint8_t how = take(in);

		*now_us += (int64_t)(how >> 4) * 100000;
		answer.received_us = *now_us;
		if (how % 16 == 15) {
			poll_session_fail(session,
					  how & 16 ? POLL_FAILED_OTHER : POLL_FAILED_SILENCE,
					  *now_us);
			continue;
		}
		if (how % 16 == 14) {
			answer.error_status = take(in) % 20;
			answer.error_index = take(in) - 2;
		}
		answer.n = how % 16 == 13 ? take(in) % (BINDINGS_MAX + 1) : ask.n;
		for (size_t j = 0; j < answer.n; j++) {
			fill(in, &ask, &asked[j % ask.n], &given[j], names[j]);
			if (j < ask.n && ask.pdu == SNMP_PDU_GET)
				drop_name(&asked[j], &given[j]);
		}
		poll_session_answer(session, &answer);
	}
	poll_session_end(session, *now_us);
}

static void add_value(struct profile_group *group, enum profile_rows rows, const char *const *oids,
		      const enum profile_term_use *uses)
{
	struct profile_ds *ds = &group->ds[group->sample.n_ds];
	struct profile_oid oid;

	ds->rows = (uint8_t)rows;
	ds->min = ds->max = NAN;
	ds->nothing[ds->n_nothing++] = 255;
	group->sample.ds[group->sample.n_ds].unit = "";
	strcpy(group->sample.ds[group->sample.n_ds++].name, "v");
	for (; *oids; oids++, uses++)
		if (oid_text_parse(*oids, &oid) < 0 ||
		    profile_group_add_term(group, *uses, &oid) < 0)
			abort();
}

static void add_where(struct profile_where *where, size_t *n, const char *column,
		      const char *equals)
{
	if (oid_text_parse(column, &where[*n].column) < 0)
		abort();
	where[(*n)++].equals = strdup(equals);
}

#define ADD(group, rows, ...)                                                                      \
	add_value(group, rows, (const char *const[]){__VA_ARGS__, NULL},                           \
		  (const enum profile_term_use[]){PROFILE_TERM_VALUE, PROFILE_TERM_PLUS,           \
						  PROFILE_TERM_TIMES, PROFILE_TERM_DECIMALS,       \
						  PROFILE_TERM_TOTAL})

/* Values beside the links: scalars, a table that stands for them, objects that another table names; and
 * what the device is. */
static void add_groups(struct profile *p)
{
	struct profile_group *g = calloc(3, sizeof(*g));
	const char *problem;

	if (!g)
		abort();
	p->groups = g;
	p->n_groups = 3;
	g[0].sample.name = strdup("memory");
	ADD(&g[0], PROFILE_ROWS_ONE, "1.3.6.1.4.1.1.1.0", "1.3.6.1.4.1.1.2.0", "1.3.6.1.4.1.1.3.0",
	    "1.3.6.1.4.1.1.4.0", "1.3.6.1.4.1.1.5.0");
	g[1].sample.name = strdup("table");
	g[1].instead_of = strdup("memory");
	ADD(&g[1], PROFILE_ROWS_SUM, "1.3.6.1.4.1.2.1", "1.3.6.1.4.1.2.2");
	add_where(g[1].where, &g[1].n_where, "1.3.6.1.4.1.2.3", "!1*|2");
	add_where(g[1].minus_where, &g[1].n_minus_where, "1.3.6.1.4.1.2.4", "1|0");
	g[2].sample.name = strdup("clients");
	ADD(&g[2], PROFILE_ROWS_COUNT, "1.3.6.1.4.1.3.1");
	if (oid_text_parse("1.3.6.1.4.1.3.2", &g[2].object) < 0 ||
	    oid_text_parse("1.3.6.1.4.1.3.3", &g[2].objects) < 0)
		abort();
	p->n_hardware = 1;
	add_where(p->hardware[0].where, &p->hardware[0].n_where, "1.3.6.1.4.1.4.1", "3|0");
	p->hardware[0].n_columns = 3;
	for (size_t i = 0; i < 3; i++) {
		p->hardware[0].columns[i].field = (uint8_t)i;
		if (oid_text_parse("1.3.6.1.4.1.4.2", &p->hardware[0].columns[i].oid) < 0)
			abort();
	}
	if (profile_finish(p, &problem) < 0)
		abort();
}

static void on_sample(void *data, const struct sample *sample)
{
	(void)data;
	for (size_t i = 0; i < sample->series->group->n_ds; i++)
		if (isinf(sample->value[i]))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile_set profiles;
	static struct keeper keeper;
	struct input in = {data, size};
	struct inventory_entry entry = {.id = (char *)"dev", .profile = (char *)"auto"};
	struct poll_env env = {.interval_ms = 10000,
			       .discovery_interval_us = 20000000,
			       .max_links = 32,
			       .max_varbinds = BINDINGS_MAX,
			       .max_octets = 1400,
			       .hooks = {.sample = on_sample}};
	struct poll_session *session = NULL;
	struct device *device;
	int64_t now_us = 1000000000;

	if (!profiles.n) {
		fake_if_mib(&profiles);
		add_groups(&profiles.profiles[0]);
	}
	env.profiles = &profiles;
	keeper.number = 0;
	device = device_new(&entry);
	if (device && poll_session_new(&env, device, size && data[0] & 1, &session) >= 0)
		for (int i = 0; i < CYCLES; i++) {
			run_cycle(session, &env, &keeper, &in, &now_us);
			now_us += 10000000;
		}
	poll_session_free(session);
	poll_env_deinit(&env);
	device_free(device);
	return 0;
}
