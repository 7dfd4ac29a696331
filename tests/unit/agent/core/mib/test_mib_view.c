/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mib_view: the whole expected tree over a small router, holes and edges of the index,
 * empty tables, rows that go, hidden subtrees; GETNEXT against a plain list for random names.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/mib/mib_data.h"
#include "agent/core/mib/mib_view.h"
#include "common/base/cleanup.h"
#include "pantau_mib.h"

#include <cmocka.h>

enum { WALK_MAX = 4096 };

struct instance {
	struct mib_name name;
	struct snmp_varbind value;
};

struct router {
	struct mib_data data;
	void *mem, *hist;
	struct mib_snmp_stats stats;
	struct mib_view view;
	struct instance walk[WALK_MAX];
	size_t n_walk;
};

static const struct mib_sizes SIZES = {
	.max_links = 8,
	.max_wifi = 2,
	.max_paths = 2,
	.max_events = 16,
	.hist_minutes = 4,
};
static const uint8_t ENGINE_ID[] = {0x80, 0, 0x1f, 0x88, 5, 1, 2, 3};
static const snmp_oid_t AUTH[] = {1, 3, 6, 1, 6, 3, 10, 1, 1, 5};
static const snmp_oid_t PRIV[] = {1, 3, 6, 1, 6, 3, 10, 1, 2, 4};
static const struct mib_user USERS[] = {
	{ENGINE_ID, sizeof(ENGINE_ID), "noc", AUTH, PRIV, ARRAY_LEN(AUTH), ARRAY_LEN(PRIV)},
	{ENGINE_ID, sizeof(ENGINE_ID), "pantau", AUTH, PRIV, ARRAY_LEN(AUTH), ARRAY_LEN(PRIV)},
};

static const struct mib_vacm_name NAMES[] = {
	{2, "lan", "communities"},
	{3, "noc", "users"},
	{3, "pantau", "users"},
};
static const struct mib_vacm_group GROUPS[] = {
	{"users", 3, 3, "all"},
	{"communities", 2, 1, "public"},
};
static const struct mib_subtree ALL = {AUTH, 1, true}, NO_AUTH = {AUTH, ARRAY_LEN(AUTH), false};
static const struct mib_vacm_family FAMILIES[] = {
	{"all", &ALL},
	{"public", &ALL},
	{"public", &NO_AUTH},
};
static const struct mib_vacm VACM = {NAMES, GROUPS, FAMILIES, 3, 2, 3};

static void add_link(struct router *r, uint32_t if_index, const char *name)
{
	struct mib_link *link = &r->data.links[r->data.head->n_links++];

	*link = (struct mib_link){.if_index = if_index, .speed_kbps = 100000, .mtu = 1500};
	strcpy(link->name, name);
	link->role = LINK_ROLE_UPLINK;
	link->oper = LINK_OPER_UP;
	link->admin = LINK_ADMIN_UP;
	link->if_type = 6;
	link->mac_len = 6;
	link->state_change_us = 3000000;
	link->counters.in_octets = 0x1ffffffff + if_index;
	link->counters.in_packets = 10;
	link->counters.in_multicast = 3;
}

static void add_event(struct router *r, uint32_t number)
{
	struct mib_head *head = r->data.head;
	struct mib_event *event = &r->data.events[head->next_place++];

	*event = (struct mib_event){.number = number, .type = EVENT_LINK_DOWN, .if_index = 2};
	strcpy(event->text, "eth0 down");
	head->n_events++;
	head->next_event = number + 1;
}

static void add_hist(struct router *r, uint32_t slot, uint32_t if_index, uint32_t minute)
{
	struct mib_hist_row *row =
		&r->data.rows[slot * SIZES.hist_minutes + minute % SIZES.hist_minutes];
	struct mib_hist_slot *s = &r->data.slots[slot];

	s->if_index = if_index;
	s->first = s->first ? s->first : minute;
	s->last = minute;
	strcpy(s->name, "eth0");
	*row = (struct mib_hist_row){.minute = minute, .up_ms = 60000, .in_octets = minute};
	row->check = mib_hist_row_check(row);
}

static int setup(void **state)
{
	struct router *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->mem = calloc(1, mib_data_size(&SIZES));
	r->hist = calloc(1, mib_hist_size(&SIZES));
	assert_int_equal(mib_data_bind(&r->data, &SIZES, r->mem, r->hist), 0);
	r->data.head->agent.start_us = 1000000;
	r->data.head->first_event = r->data.head->next_event = 1;
	strcpy(r->data.head->agent.site_id, "OPD-01");
	r->view.data = &r->data;
	r->view.world = (struct mib_world){
		.now_us = 5000000,
		.sys_descr = "Pantau",
		.stats = &r->stats,
		.engine_id = ENGINE_ID,
		.engine_id_len = sizeof(ENGINE_ID),
		.engine_boots = 7,
	};
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct router *r = *state;

	free(r->mem);
	free(r->hist);
	free(r);
	return 0;
}

/* Three links with a hole and one index above 2^31, one radio, two minutes, two events, users. */
static void fill(struct router *r)
{
	add_link(r, 2, "eth0");
	add_link(r, 5, "eth1.100");
	add_link(r, 0x80000001u, "ppp0");
	r->data.wifi[0] =
		(struct mib_wifi){.if_index = 5, .ssid_len = 4, .ssid = "kota", .signal_dbm = -61};
	r->data.head->n_wifi = 1;
	r->data.paths[0] = (struct mib_path){.index = 1, .state = PATH_UP};
	r->data.head->n_paths = 1;
	add_hist(r, 3, 5, 29000001);
	add_hist(r, 3, 5, 29000003);
	add_hist(r, 0, 2, 29000003);
	add_event(r, 1);
	add_event(r, 4);
	r->view.world.users = USERS;
	r->view.world.n_users = ARRAY_LEN(USERS);
	r->view.world.vacm = &VACM;
}

static void walk(struct router *r)
{
	struct mib_name at = {0};
	struct snmp_varbind value = {0};

	r->n_walk = 0;
	while (mib_view_next(&r->view, at.subids, at.len, false, &at, &value) == MIB_FOUND) {
		assert_true(r->n_walk < WALK_MAX);
		if (r->n_walk > 0) {
			const struct mib_name *last = &r->walk[r->n_walk - 1].name;

			assert_true(mib_oid_cmp(last->subids, last->len, at.subids, at.len) < 0);
		}
		r->walk[r->n_walk].name = at;
		r->walk[r->n_walk++].value = value;
	}
}

static size_t count_below(const struct router *r, const snmp_oid_t *prefix, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < r->n_walk; i++) {
		const struct mib_name *name = &r->walk[i].name;

		n += name->len > len && memcmp(name->subids, prefix, len * sizeof(*prefix)) == 0;
	}
	return n;
}

static enum mib_outcome get(const struct router *r, struct snmp_varbind *ret,
			    const snmp_oid_t *name, size_t len)
{
	return mib_view_get(&r->view, name, len, ret);
}
#define GET(r, ret, ...)                                                                           \
	get((r), (ret), (const snmp_oid_t[]){__VA_ARGS__},                                         \
	    ARRAY_LEN(((const snmp_oid_t[]){__VA_ARGS__})))
#define BELOW(r, ...)                                                                              \
	count_below((r), (const snmp_oid_t[]){__VA_ARGS__},                                        \
		    ARRAY_LEN(((const snmp_oid_t[]){__VA_ARGS__})))

static void test_whole_tree(void **state)
{
	struct router *r = *state;

	fill(r);
	walk(r);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 2, 1, 1), 8 + 3 * 6);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 6, 3, 16, 1, 1), 1);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 6, 3, 16, 1, 2), 3 * 3);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 6, 3, 16, 1, 4), 6 * 2);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 6, 3, 16, 1, 5), 4 * 3);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 2, 1, 2, 1), 1);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 2, 1, 2, 2), 18 * 3);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 2, 1, 11), 8);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 2, 1, 31, 1, 1), 13 * 3);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 2, 1, 31, 1, 5), 1);
	assert_int_equal(BELOW(r, PANTAU_OID_AGENT), 14);
	assert_int_equal(BELOW(r, PANTAU_OID_LINK_ENTRY), 31 * 3);
	assert_int_equal(BELOW(r, PANTAU_OID_WIFI_ENTRY), 7);
	assert_int_equal(BELOW(r, PANTAU_OID_PATH_ENTRY), 11);
	assert_int_equal(BELOW(r, PANTAU_OID_LINK_HIST_ENTRY), 14 * 3);
	assert_int_equal(BELOW(r, PANTAU_OID_PATH_HIST_ENTRY), 0);
	assert_int_equal(BELOW(r, PANTAU_OID_EVENT_ENTRY), 11 * 2);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 6, 3, 10), 4);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 6, 3, 11), 3);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 6, 3, 15, 1, 1), 6);
	assert_int_equal(BELOW(r, 1, 3, 6, 1, 6, 3, 15, 1, 2), 6 * 2);
}

/* ifLinkUpDownTrapEnable says what is: a receiver wants them, and the link tells. */
static void test_link_traps(void **state)
{
	static const snmp_oid_t NAME[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 14, 2};
	struct router *r = *state;
	struct snmp_varbind value = {0};

	add_link(r, 2, "eth0");
	for (int i = 0; i < 4; i++) {
		r->view.world.link_traps = i & 1;
		r->data.links[0].tells = i & 2;
		assert_int_equal(mib_view_get(&r->view, NAME, ARRAY_LEN(NAME), &value), MIB_FOUND);
		assert_int_equal(value.v.i, i == 3 ? 1 : 2);
	}
}

static bool same_value(const struct snmp_varbind *a, const struct snmp_varbind *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case SNMP_TYPE_OCTETS:
		return a->v.octets.p == b->v.octets.p && a->v.octets.len == b->v.octets.len;
	case SNMP_TYPE_OID:
		return a->v.oid.p == b->v.oid.p && a->v.oid.len == b->v.oid.len;
	case SNMP_TYPE_INTEGER:
		return a->v.i == b->v.i;
	default:
		return a->v.u == b->v.u;
	}
}

static void test_get_agrees_with_walk(void **state)
{
	struct router *r = *state;
	struct snmp_varbind value = {0};
	size_t i;

	fill(r);
	walk(r);
	assert_true(r->n_walk > 200);
	for (i = 0; i < r->n_walk; i++) {
		struct mib_name name = r->walk[i].name;

		assert_int_equal(mib_view_get(&r->view, name.subids, name.len, &value), MIB_FOUND);
		assert_true(same_value(&value, &r->walk[i].value));
		name.subids[name.len] = 0;
		assert_int_not_equal(mib_view_get(&r->view, name.subids, name.len + 1, &value),
				     MIB_FOUND);
		assert_int_not_equal(mib_view_get(&r->view, name.subids, name.len - 1, &value),
				     MIB_FOUND);
	}
}

static void test_values(void **state)
{
	struct router *r = *state;
	struct snmp_varbind v = {0};

	fill(r);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 1, 3, 0), MIB_FOUND);
	assert_int_equal(v.type, SNMP_TYPE_TIMETICKS);
	assert_int_equal(v.v.u, 400); /* 4 s */
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 2, 1, 0), MIB_FOUND);
	assert_int_equal(v.v.i, 3);
	/* The low 32 bits of a 64-bit counter. */
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 5), MIB_FOUND);
	assert_int_equal(v.type, SNMP_TYPE_COUNTER32);
	assert_int_equal(v.v.u, 4);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 5), MIB_FOUND);
	assert_int_equal(v.type, SNMP_TYPE_COUNTER64);
	assert_true(v.v.u == 0x200000004ull);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 7, 5), MIB_FOUND);
	assert_int_equal(v.v.u, 7);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 15, 5), MIB_FOUND);
	assert_int_equal(v.v.u, 100);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 2, 2, 1, 9, 2), MIB_FOUND);
	assert_int_equal(v.v.u, 200);
	assert_int_equal(GET(r, &v, PANTAU_OID_LINK_NAME, 0x80000001), MIB_FOUND);
	assert_int_equal(v.v.octets.len, 4);
	assert_memory_equal(v.v.octets.p, "ppp0", 4);
	assert_int_equal(GET(r, &v, PANTAU_OID_WIFI_SIGNAL_DBM, 5), MIB_FOUND);
	assert_int_equal(v.type, SNMP_TYPE_INTEGER);
	assert_int_equal(v.v.i, -61);
	assert_int_equal(GET(r, &v, PANTAU_OID_LINK_HIST_NAME, 5, 29000003), MIB_FOUND);
	assert_memory_equal(v.v.octets.p, "eth0", 4);
	assert_int_equal(GET(r, &v, PANTAU_OID_EVENT_TEXT, 4), MIB_FOUND);
	assert_memory_equal(v.v.octets.p, "eth0 down", 9);
	assert_int_equal(GET(r, &v, PANTAU_OID_AGENT_SITE_ID, 0), MIB_FOUND);
	assert_int_equal(v.v.octets.len, 6);
	/* the kernel gives a loopback six zeros, which are no address */
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 5), MIB_FOUND);
	assert_int_equal(v.v.octets.len, 6);
	for (uint32_t i = 0; i < r->data.head->n_links; i++)
		r->data.links[i].if_type = 24;
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 5), MIB_FOUND);
	assert_int_equal(v.type, SNMP_TYPE_OCTETS);
	assert_int_equal(v.v.octets.len, 0);
}

static void test_vacm(void **state)
{
	struct router *r = *state;
	struct snmp_varbind v = {0};

	fill(r);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 6, 3, 16, 1, 2, 1, 3, 3, 3, 'n', 'o', 'c'),
			 MIB_FOUND);
	assert_memory_equal(v.v.octets.p, "users", 5);
	assert_int_equal(
		GET(r, &v, 1, 3, 6, 1, 6, 3, 16, 1, 4, 1, 5, 5, 'u', 's', 'e', 'r', 's', 0, 3, 3),
		MIB_FOUND);
	assert_memory_equal(v.v.octets.p, "all", 3);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 6, 3, 16, 1, 5, 2, 1, 4, 3, 'a', 'l', 'l', 1, 1),
			 MIB_FOUND);
	assert_int_equal(v.v.i, 1);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 1, 9, 1, 3, 6), MIB_FOUND);
	assert_memory_equal(v.v.octets.p, "PANTAU-MIB", 10);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 1, 9, 1, 3, 7), MIB_NO_SUCH_INSTANCE);
}

/* A speed that Gauge32 cannot hold, RFC 2863 ifSpeed. */
static void test_fast_link(void **state)
{
	struct router *r = *state;
	struct snmp_varbind v = {0};

	add_link(r, 1, "sfp0");
	r->data.links[0].speed_kbps = 10000000;
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 2, 2, 1, 5, 1), MIB_FOUND);
	assert_true(v.v.u == UINT32_MAX);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 15, 1), MIB_FOUND);
	assert_int_equal(v.v.u, 10000);
}

static void test_missing(void **state)
{
	struct router *r = *state;
	struct snmp_varbind v = {0};

	fill(r);
	assert_int_equal(GET(r, &v, PANTAU_OID_LINK_NAME, 3), MIB_NO_SUCH_INSTANCE);
	assert_int_equal(GET(r, &v, PANTAU_OID_LINK_NAME), MIB_NO_SUCH_INSTANCE);
	assert_int_equal(GET(r, &v, PANTAU_OID_LINK_NAME, 2, 0), MIB_NO_SUCH_INSTANCE);
	assert_int_equal(GET(r, &v, PANTAU_OID_LINK_ENTRY, 99, 2), MIB_NO_SUCH_OBJECT);
	assert_int_equal(GET(r, &v, PANTAU_OID_EVENT_TEXT, 2), MIB_NO_SUCH_INSTANCE);
	assert_int_equal(GET(r, &v, PANTAU_OID_EVENT_NUMBER, 1), MIB_NO_SUCH_OBJECT);
	assert_int_equal(GET(r, &v, PANTAU_OID_LINK_HIST_NAME, 5, 29000002), MIB_NO_SUCH_INSTANCE);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 2, 2, 1, 18, 2), MIB_NO_SUCH_OBJECT);
	assert_int_equal(GET(r, &v, 1, 3), MIB_NO_SUCH_OBJECT);
#if ULONG_MAX > UINT32_MAX /* an index that would be 2 if it were cut to 32 bits */
	assert_int_equal(GET(r, &v, PANTAU_OID_LINK_NAME, 0x100000002), MIB_NO_SUCH_INSTANCE);
#endif
}

static void test_empty_tables(void **state)
{
	struct router *r = *state;

	walk(r);
	assert_int_equal(BELOW(r, PANTAU_OID_ROOT), 14);
	assert_int_equal(r->n_walk, 8 + 18 + 1 + 8 + 1 + 14 + 4 + 3 + 6 + 1);
}

static void test_row_goes(void **state)
{
	struct router *r = *state;
	struct mib_name at = {0};
	struct snmp_varbind v = {0};
	const snmp_oid_t name[] = {PANTAU_OID_LINK_NAME, 5};

	fill(r);
	r->data.links[1] = r->data.links[2];
	r->data.head->n_links = 2;
	assert_int_equal(mib_view_get(&r->view, name, ARRAY_LEN(name), &v), MIB_NO_SUCH_INSTANCE);
	assert_int_equal(mib_view_next(&r->view, name, ARRAY_LEN(name), false, &at, &v), MIB_FOUND);
	assert_true(at.subids[at.len - 1] == 0x80000001);
	assert_int_equal(at.subids[at.len - 2], PANTAU_COL_LINK_NAME);
}

/* The least instance after (or, with include, at or after) a name, from the walked list. */
static const struct instance *least_after(const struct router *r, const struct mib_name *name,
					  bool include)
{
	size_t i;

	for (i = 0; i < r->n_walk; i++) {
		const struct mib_name *at = &r->walk[i].name;
		int cmp = mib_oid_cmp(at->subids, at->len, name->subids, name->len);

		if (cmp > 0 || (cmp == 0 && include))
			return &r->walk[i];
	}
	return NULL;
}

/* A known name with some of its arcs changed, its end cut or lengthened. */
static void random_name(const struct router *r, struct mib_name *ret)
{
	*ret = r->walk[(size_t)rand() % r->n_walk].name;
	if (rand() % 4 == 0)
		ret->len = (size_t)rand() % (ret->len + 1);
	while (ret->len > 0 && rand() % 3) {
		size_t at = ret->len - 1 - (size_t)rand() % (ret->len < 4 ? ret->len : 4);
		const snmp_oid_t subids[] = {0, ret->subids[at] - 1, ret->subids[at] + 1,
					     0xffffffff, (snmp_oid_t)rand() % 40};

		ret->subids[at] = subids[(size_t)rand() % ARRAY_LEN(subids)] & 0xffffffff;
	}
	if (rand() % 4 == 0)
		ret->subids[ret->len++] = (snmp_oid_t)rand() % 3;
}

static void check_next(struct router *r, int rounds)
{
	struct mib_name name, at;
	struct snmp_varbind value;
	int i;

	for (i = 0; i < rounds; i++) {
		bool include = rand() % 2;
		const struct instance *want;
		enum mib_outcome outcome;

		random_name(r, &name);
		want = least_after(r, &name, include);
		outcome = mib_view_next(&r->view, name.subids, name.len, include, &at, &value);
		assert_int_equal(outcome, want ? MIB_FOUND : MIB_END);
		if (!want)
			continue;
		assert_int_equal(mib_oid_cmp(at.subids, at.len, want->name.subids, want->name.len),
				 0);
		assert_true(same_value(&value, &want->value));
	}
}

static void test_next_is_least_greater(void **state)
{
	struct router *r = *state;

	srand(20261121);
	fill(r);
	walk(r);
	check_next(r, 50000);
}

static void test_long_names(void **state)
{
	struct router *r = *state;
	snmp_oid_t name[128] = {PANTAU_OID_LINK_NAME};
	struct mib_name at = {0};
	struct snmp_varbind v = {0};

	fill(r);
	assert_int_equal(mib_view_get(&r->view, name, 128, &v), MIB_NO_SUCH_INSTANCE);
	assert_int_equal(mib_view_next(&r->view, name, 128, false, &at, &v), MIB_FOUND);
	assert_int_equal(at.subids[at.len - 1], 2);
}

/* A caller's varbind keeps the name it has: AgentX falls back on it at a range's end. */
static void test_next_leaves_the_name(void **state)
{
	static const snmp_oid_t name[] = {PANTAU_OID_LINK_NAME};
	struct snmp_varbind v = {.name = name, .name_len = 7};
	struct router *r = *state;
	struct mib_name at;

	fill(r);
	assert_int_equal(mib_view_next(&r->view, name, ARRAY_LEN(name), false, &at, &v), MIB_FOUND);
	assert_ptr_equal(v.name, name);
	assert_int_equal(v.name_len, 7);
}

/* Hidden: all but PANTAU-MIB without its event table, of which one column is seen. */
static const snmp_oid_t ROOT[] = {PANTAU_OID_ROOT};
static const snmp_oid_t EVENTS[] = {PANTAU_OID_EVENT_TABLE};
static const snmp_oid_t EVENT_TYPE[] = {PANTAU_OID_EVENT_TYPE};
static const struct mib_subtree SUBTREES[] = {
	{ROOT, ARRAY_LEN(ROOT), true},
	{EVENT_TYPE, ARRAY_LEN(EVENT_TYPE), true},
	{EVENTS, ARRAY_LEN(EVENTS), false},
};
static const struct mib_access ACCESS = {SUBTREES, ARRAY_LEN(SUBTREES)};

static void test_access(void **state)
{
	struct router *r = *state;
	struct snmp_varbind v = {0};
	size_t all;

	fill(r);
	walk(r);
	all = BELOW(r, PANTAU_OID_ROOT);
	r->view.access = &ACCESS;
	walk(r);
	assert_int_equal(BELOW(r, PANTAU_OID_EVENT_TABLE), 2);
	assert_int_equal(BELOW(r, PANTAU_OID_EVENT_TYPE), 2);
	assert_int_equal(r->n_walk, all - 10 * 2);
	assert_int_equal(GET(r, &v, 1, 3, 6, 1, 2, 1, 1, 3, 0), MIB_NO_SUCH_OBJECT);
	assert_int_equal(GET(r, &v, PANTAU_OID_EVENT_TEXT, 1), MIB_NO_SUCH_OBJECT);
	assert_int_equal(GET(r, &v, PANTAU_OID_EVENT_TYPE, 1), MIB_FOUND);
	srand(7);
	check_next(r, 20000);
}

static void test_access_to_nothing(void **state)
{
	static const struct mib_access none = {NULL, 0};
	struct router *r = *state;

	fill(r);
	r->view.access = &none;
	walk(r);
	assert_int_equal(r->n_walk, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_whole_tree), TEST(test_get_agrees_with_walk),
		TEST(test_values),     TEST(test_fast_link),
		TEST(test_vacm),       TEST(test_link_traps),
		TEST(test_missing),    TEST(test_empty_tables),
		TEST(test_row_goes),   TEST(test_next_is_least_greater),
		TEST(test_long_names), TEST(test_next_leaves_the_name),
		TEST(test_access),     TEST(test_access_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
