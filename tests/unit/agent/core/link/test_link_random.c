/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random lives of links in virtual time beside a model of the kernel and of the rings: links
 * come, go, flap, take each other's names and places, messages are lost, dumps break off, the
 * clock is set and the agent is killed. After each second the rows must be those that the
 * kernel has, what was told last of each name must be true, and the history must hold the
 * minutes of that name, in the order in which they were, no more and no less.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/history/history.h"
#include "agent/core/link/link_memory.h"
#include "agent/core/link/link_table.h"
#include "common/base/cleanup.h"
#include "tests/unit/agent/test_memory.h"

#include <cmocka.h>

#define S	INT64_C(1000000)
#define WALL_MS INT64_C(1790000040000) /* a minute begins */

enum {
	NAMES = 10,
	DEVICES = 10,
	RING = 8,     /* minutes, so that it wraps all the time */
	MINUTE_S = 4, /* a second is 15 s long: a minute is over after four */
	RUN_S = 4000,
	SEEDS = 12,
	EPOCH = 5,
	KEPT = 64,
};

static const char *const POOL[NAMES] = {"wan0", "wan1", "wan2", "wan3", "wan4",
					"wan5", "wan6", "ppp0", "ppp1", "docker0"};

static char wan_title[] = "wan*", docker[] = "docker*";
static struct agent_conf_link conf_links[] = {
	{.title = wan_title, .role = LINK_ROLE_UPLINK, .events = true},
};
static char *excluded[] = {docker, NULL};
static const struct agent_conf CONF = {
	.links = conf_links,
	.n_links = 1,
	.exclude = excluded,
	.flap_changes = 6,
	.flap_window_ms = 60000,
	.flap_settle_ms = 30000,
};

/* Of the kernel; if_index 0: none */
struct device {
	uint32_t if_index, ups, downs;
	int name;
	bool up;
	uint64_t octets;
	/* as the agent heard of it last, and the losses that it should have counted */
	bool is_known;
	int known_name;
	uint32_t known_ups, known_downs, flaps;
};

/* A minute of a name */
struct kept {
	uint32_t minute;
	int64_t sample_us;
	uint64_t octets;
};

struct world {
	struct test_memory memory;
	struct link_table *table;
	struct stamp now;
	unsigned int seed; /* of the sequence under way: a failure names it */
	int s;		   /* and the second */
	bool is_roomy;	   /* each name has a ring of its own */
	struct device devices[DEVICES];
	uint32_t next_index, minute;
	bool lost;	  /* messages since the last dump */
	int told[NAMES];  /* EVENT_LINK_DOWN or _UP; 0: nothing */
	bool left[NAMES]; /* told that the link has another name now */
	struct kept kept[NAMES][KEPT];
	size_t n_kept[NAMES];
};

#define hold(world, condition)                                                                     \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_msg("seed %u, second %d: %s", (world)->seed, (world)->s, #condition); \
	} while (0)

static int name_of(const char *name)
{
	for (int i = 0; i < NAMES; i++) {
		if (!strcmp(POOL[i], name))
			return i;
	}
	return -1;
}

static bool is_excluded(const struct device *d)
{
	return !strncmp(POOL[d->name], "docker", 6);
}

static bool is_named(int name)
{
	return !strncmp(POOL[name], "wan", 3);
}

static struct device *holder(struct world *w, int name)
{
	for (size_t i = 0; i < DEVICES; i++) {
		if (w->devices[i].if_index && w->devices[i].name == name)
			return &w->devices[i];
	}
	return NULL;
}

static void on_event(void *data, const struct link_event *event, const struct stamp *now)
{
	struct world *w = data;
	int name = name_of(event->link->name);

	(void)now;
	if (event->type == EVENT_LINK_RENAMED) {
		char old[MIB_NAME_SIZE];

		hold(w, sscanf(event->text, "%15s is now", old) == 1 && name_of(old) >= 0);
		w->left[name_of(old)] = true;
	}
	if (event->type != EVENT_LINK_DOWN && event->type != EVENT_LINK_UP)
		return;
	hold(w, name >= 0);
	/* Never the same twice in a row, but where the ring that remembers it was taken. */
	hold(w, !w->is_roomy || w->told[name] != (int)event->type);
	w->told[name] = event->type;
	w->left[name] = false;
}

static void on_ask(void *data, uint32_t if_index)
{
	(void)data;
	(void)if_index;
}

static void open_table(struct world *w)
{
	const struct link_table_calls calls = {on_event, on_ask, w};

	assert_int_equal(link_table_new(&CONF, &w->memory.data, EPOCH, &calls, &w->table), 0);
}

/* ---- the kernel and its messages ---- */

static struct link_report message(const struct device *d)
{
	struct link_report link = {
		.if_index = d->if_index,
		.if_type = 6,
		.oper = d->up ? LINK_OPER_UP : LINK_OPER_DOWN,
		.admin = LINK_ADMIN_UP,
		.carrier = d->up,
		.mtu = 1500,
		.has_carrier_counts = true,
		.carrier_ups = d->ups,
		.carrier_downs = d->downs,
	};

	snprintf(link.name, sizeof(link.name), "%s", POOL[d->name]);
	return link;
}

static void pass_time(struct world *w)
{
	w->now.us += 1000;
	w->now.wall_ms++;
}

/* What the agent should make of it: the rise of the carrier's count since it heard last. */
static void count_flaps(struct world *w, struct device *d)
{
	for (size_t i = 0; i < DEVICES && !d->is_known; i++) {
		struct device *other = &w->devices[i];

		if (other != d && other->is_known && other->known_name == d->name)
			other->is_known = false; /* its name is another's: gone, as it seems */
	}
	if (!d->is_known)
		d->flaps = 0;
	else if (d->ups >= d->known_ups && d->downs >= d->known_downs)
		d->flaps += d->downs - d->known_downs;
	d->is_known = !is_excluded(d);
	d->known_name = d->name;
	d->known_ups = d->ups;
	d->known_downs = d->downs;
}

static void update(struct world *w, struct device *d)
{
	struct link_report link = message(d);

	count_flaps(w, d);
	pass_time(w);
	link_table_update(w->table, &link, &w->now);
}

static void say(struct world *w, struct device *d)
{
	if (w->lost)
		return;
	update(w, d);
	link_memory_assign_slots(w->table);
}

static void create(struct world *w, struct device *d)
{
	int name = rand() % NAMES;

	if (holder(w, name))
		return;
	*d = (struct device){.if_index = w->next_index++, .name = name, .up = rand() % 2};
	d->ups = d->up;
	say(w, d);
}

static void destroy(struct world *w, struct device *d)
{
	uint32_t if_index = d->if_index;

	d->if_index = 0;
	if (w->lost)
		return;
	pass_time(w);
	link_table_remove(w->table, if_index, &w->now);
	link_memory_assign_slots(w->table);
}

/* With the index it had, as where a driver is loaded anew. */
static void make_anew(struct world *w, struct device *d)
{
	struct device old = *d;

	destroy(w, d);
	*d = (struct device){.if_index = old.if_index, .name = old.name, .up = rand() % 2};
	d->ups = d->up;
	if (w->lost) {
		d->is_known = old.is_known;
		d->known_name = old.known_name;
		d->known_ups = old.known_ups;
		d->known_downs = old.known_downs;
		d->flaps = old.flaps;
	}
	/* Who lost the RTM_DELLINK knows another link by counts that went back, and only so. */
	if (w->lost && d->ups >= old.known_ups && d->downs >= old.known_downs) {
		d->if_index = w->next_index++;
		d->is_known = false;
	}
	say(w, d);
}

static void change_name(struct world *w, struct device *d)
{
	int name = rand() % NAMES;
	struct device *other = holder(w, name);

	if (other == d)
		return;
	if (!other) {
		d->name = name;
		say(w, d);
		return;
	}
	other->name = d->name; /* they swap */
	d->name = name;
	if (w->lost)
		return;
	update(w, d);
	update(w, other);
	link_memory_assign_slots(w->table);
}

static void flap(struct world *w, struct device *d)
{
	uint32_t more = rand() % 4 ? 0 : (uint32_t)rand() % 5; /* that the kernel merges */

	d->up = !d->up;
	d->ups += d->up + more;
	d->downs += !d->up + more;
	say(w, d);
}

static void change(struct world *w)
{
	struct device *d = &w->devices[rand() % DEVICES];

	if (!d->if_index) {
		create(w, d);
		return;
	}
	switch (rand() % 8) {
	case 0:
		destroy(w, d);
		break;
	case 1:
		make_anew(w, d);
		break;
	case 2:
	case 3:
		change_name(w, d);
		break;
	default:
		flap(w, d);
		break;
	}
}

/* ---- the agent ---- */

/* Of the kernel's links in its order, from a random one on: the first n. */
static void dump_some(struct world *w, size_t n)
{
	size_t from = (size_t)rand() % DEVICES;

	link_table_dump_begin(w->table);
	for (size_t i = 0; i < n; i++) {
		struct device *d = &w->devices[(from + i) % DEVICES];

		if (d->if_index)
			update(w, d);
	}
}

static void dump(struct world *w)
{
	if (rand() % 4 == 0) {
		dump_some(w, (size_t)rand() % DEVICES);
		link_table_dump_abort(w->table);
	}
	dump_some(w, DEVICES);
	link_table_dump_end(w->table, &w->now);
	link_memory_assign_slots(w->table);
	w->lost = false;
}

static void restart(struct world *w)
{
	uint32_t minute = (uint32_t)(w->now.wall_ms / 60000);

	link_table_free(w->table);
	w->memory.data.head->n_links = 0;
	assert_int_equal(history_adopt(&w->memory.data, minute, EPOCH), HISTORY_KEPT);
	open_table(w);
	for (size_t i = 0; i < DEVICES; i++) {
		struct device *d = &w->devices[i];

		d->flaps = 0;
		d->is_known &= d->known_name == d->name; /* else it is another link to the agent */
	}
	dump(w);
}

static void set_clock(struct world *w)
{
	int32_t minutes = rand() % 41 - 20;

	w->now.wall_ms += minutes * INT64_C(60000);
	w->minute = (uint32_t)((int64_t)w->minute + minutes);
	link_table_step(w->table, minutes * INT64_C(60000));
	assert_int_equal(history_shift(&w->memory.data, minutes, EPOCH), 0);
	for (int name = 0; name < NAMES; name++) {
		for (size_t i = 0; i < w->n_kept[name]; i++)
			w->kept[name][i].minute =
				(uint32_t)((int64_t)w->kept[name][i].minute + minutes);
	}
}

static bool sample_one(struct world *w, struct device *d)
{
	struct link_counters counters = {.in_octets = d->octets += (uint64_t)(rand() % 100000)};

	return link_table_sample(w->table, d->if_index, &counters, &w->now);
}

/* As agent_watch does: true if what it saw was no surprise. */
static bool sample(struct world *w)
{
	uint32_t known = 0, unknown = 0, expected = 0;

	for (size_t i = 0; i < DEVICES; i++) {
		struct device *d = &w->devices[i];

		if (!d->if_index)
			continue;
		expected += is_excluded(d);
		if (sample_one(w, d))
			known++;
		else
			unknown++;
	}
	return known == link_table_n(w->table) && (!w->is_roomy || unknown == expected);
}

static void keep_minute(struct world *w, const struct mib_link *row)
{
	int name = name_of(row->name);
	size_t *n = &w->n_kept[name];

	if (*n == KEPT) {
		memmove(&w->kept[name][0], &w->kept[name][1],
			(KEPT - 1) * sizeof(w->kept[name][0]));
		--*n;
	}
	w->kept[name][(*n)++] = (struct kept){
		.minute = w->minute,
		.sample_us = row->sample_us,
		.octets = row->counters.in_octets,
	};
}

static void close_minute(struct world *w)
{
	w->minute++;
	for (uint32_t i = 0; i < link_table_n(w->table); i++)
		keep_minute(w, link_table_row(w->table, i));
	link_table_minute(w->table, w->minute, &w->now);
}

/* ---- what must hold ---- */

static void check_row(struct world *w, const struct device *d)
{
	const struct mib_link *row = mib_data_link(&w->memory.data, d->if_index);

	if (!row) {
		hold(w, is_excluded(d) || !w->is_roomy);
		return;
	}
	hold(w, !strcmp(row->name, POOL[d->name]));
	hold(w, row->oper == (d->up ? LINK_OPER_UP : LINK_OPER_DOWN));
	hold(w, row->counters.in_octets == d->octets);
	hold(w, !w->is_roomy || row->flaps == d->flaps);
	hold(w, row->role == (is_named(d->name) ? LINK_ROLE_UPLINK : LINK_ROLE_OTHER));
	if (row->slot == MIB_SLOT_NONE)
		return;
	hold(w, !strcmp(w->memory.data.slots[row->slot].name, row->name));
	hold(w, w->memory.data.slots[row->slot].if_index == d->if_index);
}

static void check_rows(struct world *w)
{
	uint32_t n = 0, last = 0;

	for (size_t i = 0; i < DEVICES; i++) {
		const struct device *d = &w->devices[i];

		if (!d->if_index)
			continue;
		n += !is_excluded(d);
		check_row(w, d);
	}
	if (n > w->memory.data.sizes.max_links)
		n = w->memory.data.sizes.max_links;
	hold(w, link_table_n(w->table) == n && w->memory.data.head->n_links == n);
	for (uint32_t i = 0; i < n; i++) {
		hold(w, w->memory.data.links[i].if_index > last); /* sorted, none twice */
		last = w->memory.data.links[i].if_index;
	}
}

/* Once nothing flaps: what was told last of a name is what is. */
static void check_told(struct world *w)
{
	for (int name = 0; name < NAMES; name++) {
		const struct device *d = holder(w, name);

		if (!w->told[name] || (!d && (!is_named(name) || w->left[name])))
			continue;
		hold(w, w->told[name] == (d && d->up ? EVENT_LINK_UP : EVENT_LINK_DOWN));
	}
}

/* The newest of those that were kept of that minute, or NULL. */
static const struct kept *kept_at(const struct world *w, int name, uint32_t minute)
{
	for (size_t i = w->n_kept[name]; i-- > 0;) {
		if (w->kept[name][i].minute == minute)
			return &w->kept[name][i];
	}
	return NULL;
}

static void check_minute(struct world *w, int name, uint32_t if_index, uint32_t minute)
{
	const struct mib_hist_row *row = mib_data_hist(&w->memory.data, if_index, minute, NULL);
	const struct kept *kept = kept_at(w, name, minute);

	if (!row) {
		hold(w, !kept || !w->is_roomy);
		return;
	}
	hold(w, kept != NULL);
	hold(w, row->sample_us == kept->sample_us);
	hold(w, row->in_octets == kept->octets);
}

static void check_history(struct world *w)
{
	for (uint32_t i = 0; i < link_table_n(w->table); i++) {
		const struct mib_link *row = link_table_row(w->table, i);
		int name = name_of(row->name);

		if (row->slot == MIB_SLOT_NONE)
			continue;
		for (uint32_t minute = w->minute - RING + 1; minute <= w->minute; minute++)
			check_minute(w, name, row->if_index, minute);
	}
}

/* ---- runs ---- */

static void world_start(struct world *w, unsigned int seed, bool is_roomy)
{
	const struct mib_sizes sizes = {
		.max_links = is_roomy ? NAMES : 4, .max_events = 4, .hist_minutes = RING};

	*w = (struct world){
		.now = {.us = 100 * S, .wall_ms = WALL_MS, .clock = CLOCK_SYNCHRONISED},
		.seed = seed,
		.is_roomy = is_roomy,
		.next_index = 2,
		.minute = (uint32_t)(WALL_MS / 60000),
	};
	srand(seed);
	test_memory_init(&w->memory, &sizes);
	assert_int_equal(history_adopt(&w->memory.data, w->minute, EPOCH), HISTORY_NEW);
	open_table(w);
	for (int i = 0; i < 5; i++)
		create(w, &w->devices[i]);
	dump(w);
}

static void second(struct world *w)
{
	for (int n = rand() % 3; n > 0; n--)
		change(w);
	w->lost |= rand() % 10 == 0;
	if (w->lost && rand() % 2)
		change(w);
	w->now.us += 15 * S;
	w->now.wall_ms += 15000;
	if (rand() % 50 == 0)
		set_clock(w);
	if (rand() % 50 == 0)
		restart(w);
	if (w->lost || link_table_wants_dump(w->table))
		dump(w);
	if (link_table_wants_dump(w->table))
		dump(w);
	hold(w, sample(w));
	link_table_tick(w->table, &w->now);
	if (w->s % MINUTE_S == 0)
		close_minute(w);
	check_rows(w);
	check_history(w);
}

static void run(unsigned int seed, bool is_roomy)
{
	static struct world w;

	world_start(&w, seed, is_roomy);
	for (w.s = 1; w.s <= RUN_S; w.s++) {
		second(&w);
		if (w.s % 100)
			continue;
		/* Quiet until what flaps has settled. */
		w.now.us += 60 * S;
		w.now.wall_ms += 60000;
		w.minute++;
		link_table_tick(w.table, &w.now);
		if (is_roomy)
			check_told(&w);
	}
	link_table_free(w.table);
	test_memory_deinit(&w.memory);
}

static void with_a_ring_for_each_name(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= SEEDS; seed++)
		run(seed, true);
}

static void with_fewer_places_than_links(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= SEEDS; seed++)
		run(seed, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_a_ring_for_each_name),
		cmocka_unit_test(with_fewer_places_than_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
