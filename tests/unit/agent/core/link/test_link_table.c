/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of links: identity, discontinuities, events. A day of them is test_link_day.c. */
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

#define S INT64_C(1000000)

static char wan_title[] = "wan*", lan_title[] = "lan*", quiet_title[] = "quiet",
	    alias_text[] = "FO", docker[] = "docker*";
static struct agent_conf_link conf_links[] = {
	{.title = wan_title,
	 .role = LINK_ROLE_UPLINK,
	 .capacity_kbps = 100000,
	 .alias = alias_text,
	 .events = true},
	{.title = lan_title, .role = LINK_ROLE_LAN, .events = true},
	{.title = quiet_title, .events = false},
};
static char *excluded[] = {docker, NULL};
static const struct agent_conf CONF = {
	.links = conf_links,
	.n_links = 3,
	.exclude = excluded,
	.flap_changes = 6,
	.flap_window_ms = 60000,
	.flap_settle_ms = 30000,
};

struct fixture {
	struct test_memory memory;
	struct link_table *table;
	struct stamp now;
	char told[1024];
	unsigned int asked, events;
	uint64_t asked_of; /* a bit for each ifIndex */
};

static void on_event(void *data, const struct link_event *event, const struct stamp *now)
{
	static const char *const NAMES[] = {
		[EVENT_LINK_DOWN] = "down",	    [EVENT_LINK_UP] = "up",
		[EVENT_LINK_FLAPPING] = "flapping", [EVENT_LINK_SETTLED] = "settled",
		[EVENT_LINK_ADDED] = "added",	    [EVENT_LINK_REMOVED] = "removed",
		[EVENT_LINK_RENAMED] = "renamed",
	};
	struct fixture *f = data;
	size_t at = strlen(f->told);

	(void)now;
	f->events++;
	snprintf(f->told + at, sizeof(f->told) - at, "%s:%s ", event->link->name,
		 NAMES[event->type]);
}

static void on_ask(void *data, uint32_t if_index)
{
	struct fixture *f = data;

	f->asked++;
	f->asked_of |= UINT64_C(1) << if_index % 64;
}

static void open_table(struct fixture *f)
{
	struct link_table_calls calls = {on_event, on_ask, f};

	assert_int_equal(link_table_new(&CONF, &f->memory.data, 5, &calls, &f->table), 0);
}

static void start(struct fixture *f, uint32_t max_links)
{
	struct mib_sizes sizes = {.max_links = max_links, .max_events = 4, .hist_minutes = 1440};

	*f = (struct fixture){
		.now = {.us = 100 * S, .wall_ms = 1790000040000, .clock = CLOCK_SYNCHRONISED}};
	test_memory_init(&f->memory, &sizes);
	assert_int_equal(history_adopt(&f->memory.data, 29833334, 5), HISTORY_NEW);
	open_table(f);
}

static void stop(struct fixture *f)
{
	link_table_free(f->table);
	test_memory_deinit(&f->memory);
}

static void publish(struct fixture *f)
{
	link_memory_assign_slots(f->table);
}

static struct link_report link_of(const char *name, uint32_t if_index, bool up, uint32_t ups,
				  uint32_t downs)
{
	struct link_report link = {
		.if_index = if_index,
		.if_type = 6,
		.oper = up ? LINK_OPER_UP : LINK_OPER_DOWN,
		.admin = LINK_ADMIN_UP,
		.carrier = up,
		.mtu = 1500,
		.has_carrier_counts = true,
		.carrier_ups = ups,
		.carrier_downs = downs,
	};

	snprintf(link.name, sizeof(link.name), "%s", name);
	return link;
}

static void update(struct fixture *f, const char *name, uint32_t if_index, bool up, uint32_t ups,
		   uint32_t downs)
{
	struct link_report link = link_of(name, if_index, up, ups, downs);

	f->now.us += 1000;
	f->now.wall_ms += 1;
	link_table_update(f->table, &link, &f->now);
	publish(f);
}

/* Takes what was told since the last call. */
static const char *told(struct fixture *f)
{
	static char text[1024];

	memcpy(text, f->told, sizeof(text));
	f->told[0] = '\0';
	return text;
}

static void first_dump(struct fixture *f)
{
	link_table_dump_begin(f->table);
	update(f, "lan0", 3, true, 1, 0);
	update(f, "wan0", 2, true, 1, 0);
	link_table_dump_end(f->table, &f->now);
	publish(f);
}

static void the_first_dump_tells_nothing(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	assert_string_equal(told(&f), "");
	assert_int_equal(f.memory.data.head->n_links, 2);
	assert_int_equal(f.memory.data.links[0].if_index, 2); /* sorted */
	assert_string_equal(f.memory.data.links[0].alias, "FO");
	assert_int_equal(f.memory.data.links[0].role, LINK_ROLE_UPLINK);
	assert_int_equal(f.memory.data.links[0].state_since_ms, 0); /* unknown: it was so before */
	assert_true(f.asked >= 2);
	stop(&f);
}

static void a_cut_and_its_end(void **state)
{
	struct fixture f;
	const struct mib_link *row;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	update(&f, "wan0", 2, false, 1, 1);
	assert_string_equal(told(&f), "wan0:down ");
	row = mib_data_link(&f.memory.data, 2);
	assert_int_equal(row->oper, LINK_OPER_DOWN);
	assert_int_equal(row->flaps, 1);
	assert_int_equal(row->state_since_ms, f.now.wall_ms);
	update(&f, "wan0", 2, false, 1, 1);
	assert_string_equal(told(&f), "");
	update(&f, "wan0", 2, true, 2, 1);
	assert_string_equal(told(&f), "wan0:up ");
	stop(&f);
}

/* A bond goes on with the speed of those that are left; its own carrier does not change. */
static void the_speed_of_a_master_is_asked_for_with_its_links(void **state)
{
	struct link_report link = link_of("lan0", 3, false, 1, 1);
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	f.asked_of = 0;
	link.master = 2;
	link_table_update(f.table, &link, &f.now);
	assert_true(f.asked_of & 1 << 2);
	f.asked_of = 0;
	link_table_update(f.table, &link, &f.now);
	assert_int_equal(f.asked_of, 0); /* nothing changed */
	stop(&f);
}

static void a_renamed_link_is_another(void **state)
{
	struct fixture f;
	const struct mib_link *row;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	update(&f, "wan0", 3, true, 1,
	       0); /* both at once: lan0 takes the name before wan0 leaves it */
	update(&f, "lan9", 2, true, 1, 0);
	assert_string_equal(told(&f), "wan0:renamed lan9:renamed ");
	row = mib_data_link(&f.memory.data, 3);
	assert_string_equal(row->name, "wan0");
	assert_int_equal(row->role, LINK_ROLE_UPLINK);
	assert_int_equal(row->discontinuity_us, f.now.us - 1000);
	assert_string_equal(mib_data_link(&f.memory.data, 2)->name, "lan9");
	assert_int_equal(f.memory.data.head->n_links, 2);
	publish(&f);
	assert_int_equal(f.memory.data.slots[history_find(&f.memory.data, "wan0")].if_index, 3);
	stop(&f);
}

static void deleted_and_made_anew(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	link_table_remove(f.table, 2, &f.now);
	publish(&f);
	assert_string_equal(told(&f), "wan0:down wan0:removed ");
	assert_int_equal(f.memory.data.head->n_links, 1);
	update(&f, "wan0", 9, false, 0, 1);
	assert_string_equal(told(&f), "wan0:added ");
	update(&f, "wan0", 9, true, 1, 1);
	assert_string_equal(told(&f), "wan0:up ");
	assert_true(mib_data_link(&f.memory.data, 9)->discontinuity_us > 0);
	assert_int_equal(f.memory.data.slots[history_find(&f.memory.data, "wan0")].if_index, 9);
	stop(&f);
}

static void made_anew_with_the_same_index_between_two_looks(void **state)
{
	struct link_counters counters = {.in_octets = 1000}, less = {.in_octets = 10};
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	update(&f, "wan0", 2, true, 5, 4);
	told(&f);
	link_table_sample(f.table, 2, &counters, &f.now);
	link_table_dump_begin(f.table);
	update(&f, "wan0", 2, true, 1, 0);
	link_table_dump_end(f.table, &f.now);
	told(&f);
	assert_int_equal(link_table_find(f.table, "wan0")->discontinuity_us, f.now.us);
	assert_string_equal(told(&f), "");
	f.now.us += S;
	link_table_sample(f.table, 2, &counters, &f.now);
	f.now.us += S;
	link_table_sample(f.table, 2, &less, &f.now);
	assert_int_equal(link_table_find(f.table, "wan0")->discontinuity_us, f.now.us);
	stop(&f);
}

/* Its RTM_DELLINK was among the lost messages: what is told last is what is. */
static void made_anew_while_messages_were_lost(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	link_table_dump_begin(f.table);
	update(&f, "lan0", 3, true, 1, 0);
	update(&f, "wan0", 9, true, 1, 0);
	link_table_dump_end(f.table, &f.now);
	assert_string_equal(told(&f), "wan0:down wan0:removed wan0:added wan0:up ");
	assert_int_equal(link_table_n(f.table), 2);
	update(&f, "wan0", 12, false, 0, 1); /* and among those that came */
	assert_string_equal(told(&f), "wan0:down wan0:removed wan0:added ");
	assert_int_equal(link_table_n(f.table), 2);
	stop(&f);
}

static void two_that_swapped_their_names(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	link_table_dump_begin(f.table);
	update(&f, "lan0", 2, true, 1, 0);
	update(&f, "wan0", 3, false, 1, 1);
	link_table_dump_end(f.table, &f.now);
	assert_string_equal(told(&f), "lan0:renamed wan0:renamed wan0:down ");
	assert_int_equal(link_table_n(f.table), 2);
	assert_int_equal(link_table_find(f.table, "lan0")->if_index, 2);
	assert_int_equal(link_table_find(f.table, "wan0")->if_index, 3);
	/* and the next agent knows both */
	for (int i = 0; i < 2; i++) {
		const struct mib_hist_slot *slot =
			&f.memory.data.slots[history_find(&f.memory.data, i ? "wan0" : "lan0")];

		assert_int_equal(slot->kernel_index, i ? 3 : 2);
		assert_int_equal(slot->told, i ? LINK_OPER_DOWN : LINK_OPER_UP);
	}
	stop(&f);
}

/* What receivers believe of a name is what was told of it, whichever link had it then. */
static void what_was_told_of_a_name_goes_with_the_name(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	update(&f, "lan0", 3, false, 1, 1);
	assert_string_equal(told(&f), "lan0:down ");
	update(&f, "tmp", 2, true, 1, 0);
	update(&f, "wan0", 3, false, 1, 1);
	assert_string_equal(told(&f), "tmp:renamed wan0:renamed wan0:down ");
	update(&f, "lan0", 2, true, 1, 0);
	assert_string_equal(told(&f), "lan0:renamed lan0:up ");
	stop(&f);
}

static void renamed_to_one_that_is_gone_while_messages_were_lost(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	link_table_dump_begin(f.table);
	update(&f, "lan0", 2, true, 1, 0); /* was wan0; the lan0 of before is not there */
	link_table_dump_end(f.table, &f.now);
	publish(&f);
	assert_string_equal(told(&f), "lan0:renamed "); /* and not removed, nor down */
	assert_int_equal(link_table_n(f.table), 1);
	assert_int_equal(f.memory.data.slots[history_find(&f.memory.data, "lan0")].kernel_index, 2);
	assert_int_equal(f.memory.data.slots[history_find(&f.memory.data, "lan0")].told,
			 LINK_OPER_UP);
	stop(&f);
}

static void a_message_older_than_the_dump_says_nothing(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	link_table_dump_begin(f.table);
	update(&f, "lan0", 3, true, 1, 0);
	update(&f, "wan0", 2, true, 2, 1);
	link_table_dump_end(f.table, &f.now);
	assert_string_equal(told(&f), "wan0:down wan0:up ");
	update(&f, "wan0", 2, false, 1, 1);
	update(&f, "wan0", 2, true, 2, 1);
	assert_string_equal(told(&f), "");
	assert_int_equal(link_table_find(f.table, "wan0")->flaps, 1);
	stop(&f);
}

static void what_a_dump_lacks_is_gone(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	link_table_dump_begin(f.table);
	update(&f, "lan0", 3, true, 1, 0);
	link_table_dump_abort(f.table); /* interrupted: nothing is concluded */
	assert_int_equal(link_table_n(f.table), 2);
	link_table_dump_begin(f.table);
	update(&f, "lan0", 3, true, 1, 0);
	link_table_dump_end(f.table, &f.now);
	assert_int_equal(link_table_n(f.table), 1);
	assert_string_equal(told(&f), "wan0:down wan0:removed ");
	stop(&f);
}

static void excluded_quiet_and_unnamed_links(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	update(&f, "docker0", 20, true, 1, 0);
	assert_int_equal(link_table_n(f.table), 2);
	update(&f, "quiet", 21, true, 1, 0);
	update(&f, "quiet", 21, false, 1, 1);
	assert_string_equal(told(&f), "");
	assert_int_equal(link_table_find(f.table, "quiet")->flaps, 1); /* measured all the same */
	update(&f, "ppp0", 22, true, 1, 0);
	link_table_remove(f.table, 22, &f.now);
	assert_string_equal(told(&f), ""); /* comings and goings of links without a section */
	update(&f, "ppp1", 23, true, 1, 0);
	update(&f, "ppp1", 23, false, 1, 1);
	assert_string_equal(told(&f), "ppp1:down ");
	stop(&f);
}

static void a_full_table_ignores_and_counts(void **state)
{
	struct fixture f;
	char name[16];

	(void)state;
	start(&f, 4);
	for (uint32_t i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "x%u", i);
		update(&f, name, 10 + i, true, 1, 0);
	}
	assert_int_equal(link_table_n(f.table), 4);
	assert_int_equal(f.memory.data.head->agent.links_left_out, 1); /* at least */
	link_table_dump_begin(f.table);
	for (uint32_t i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "x%u", i);
		update(&f, name, 10 + i, true, 1, 0);
	}
	link_table_dump_end(f.table, &f.now);
	assert_int_equal(f.memory.data.head->agent.links_left_out, 6);
	link_table_remove(f.table, 12, &f.now);
	update(&f, "y", 5, true, 1, 0);
	assert_int_equal(f.memory.data.links[0].if_index, 5);
	stop(&f);
}

/* An uplink that the operator named comes after a hundred containers' links. */
static void a_named_link_takes_the_place_of_one_that_is_not(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 2);
	update(&f, "x0", 10, true, 1, 0);
	update(&f, "x1", 11, true, 1, 0);
	update(&f, "wan0", 12, true, 1, 0);
	assert_int_equal(link_table_n(f.table), 2);
	assert_non_null(link_table_find(f.table, "wan0"));
	assert_non_null(link_table_find(f.table, "x0"));
	assert_null(link_table_find(f.table, "x1"));
	update(&f, "x1", 11, true, 1, 0); /* no place to be had of a link like itself */
	assert_null(link_table_find(f.table, "x1"));
	link_table_dump_begin(f.table);
	update(&f, "x0", 10, true, 1, 0);
	update(&f, "x1", 11, true, 1, 0);
	update(&f, "wan0", 12, true, 1, 0);
	link_table_dump_end(f.table, &f.now);
	assert_int_equal(f.memory.data.head->agent.links_left_out, 1);
	assert_non_null(link_table_find(f.table, "wan0"));
	stop(&f);
}

/* Nobody will tell of the link that waits: it has to be looked for when there is room. */
static void room_for_a_link_that_was_ignored_is_looked_for(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 2);
	first_dump(&f);
	link_table_remove(f.table, 3, &f.now);
	assert_false(link_table_wants_dump(f.table)); /* nobody waits */
	update(&f, "lan0", 3, true, 1, 0);
	update(&f, "lan1", 4, true, 1, 0);
	assert_false(link_table_wants_dump(f.table)); /* no room */
	link_table_remove(f.table, 3, &f.now);
	assert_true(link_table_wants_dump(f.table));
	/* Where it stands in the dump before the one that makes room, once more. */
	link_table_dump_begin(f.table);
	assert_false(link_table_wants_dump(f.table));
	update(&f, "lan1", 4, true, 1, 0);
	update(&f, "lan2", 5, true, 1, 0);
	link_table_dump_end(f.table, &f.now); /* wan0 is gone */
	assert_true(link_table_wants_dump(f.table));
	link_table_dump_begin(f.table);
	update(&f, "lan1", 4, true, 1, 0);
	update(&f, "lan2", 5, true, 1, 0);
	link_table_dump_end(f.table, &f.now);
	assert_false(link_table_wants_dump(f.table));
	assert_int_equal(link_table_n(f.table), 2);
	stop(&f);
}

static const struct {
	const char *name;
	bool up;
	uint32_t if_index, ups, downs;
	const char *told;
	uint32_t flaps;
} AWAY[] = {
	{"nothing happened", true, 2, 1, 0, "", 0},
	{"it went down", false, 2, 1, 1, "wan0:down ", 1},
	{"it flapped twice", true, 2, 3, 2, "wan0:down wan0:up ", 2},
	{"it was made anew and is down", false, 7, 0, 1, "wan0:down ", 0},
	{"it was made anew and is up", true, 7, 1, 1, "", 0},
};

static void a_restarted_agent_tells_what_it_missed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(AWAY); i++) {
		struct fixture f;

		start(&f, 8);
		first_dump(&f);
		link_table_free(f.table); /* killed */
		f.memory.data.head->n_links = 0;
		open_table(&f);
		link_table_dump_begin(f.table);
		update(&f, "wan0", AWAY[i].if_index, AWAY[i].up, AWAY[i].ups, AWAY[i].downs);
		link_table_dump_end(f.table, &f.now);
		if (strcmp(f.told, AWAY[i].told) != 0)
			fail_msg("%s: told \"%s\"", AWAY[i].name, f.told);
		assert_int_equal(link_table_find(f.table, "wan0")->flaps, AWAY[i].flaps);
		stop(&f);
	}
}

static void after_a_boot_the_event_log_says_what_was_told(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 8);
	link_memory_set_told(f.table, "wan0", false);
	link_memory_set_told(f.table, "wan0", true); /* older: the newest comes first */
	link_memory_set_told(f.table, "lan0", true);
	link_memory_set_told(f.table, "lan1", true);
	first_dump(&f);
	assert_string_equal(told(&f), "wan0:up ");
	update(&f, "lan1", 8, false, 0, 1); /* not up yet: no linkDown of it */
	assert_string_equal(told(&f), "lan1:added ");
	stop(&f);
}

/* The agent starts within a minute; lan0 is down for a tenth of what it saw. */
static void time_up_is_of_what_was_seen(void **state)
{
	const struct mib_hist_row *row;
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	f.now.us += 10 * S;
	update(&f, "lan0", 3, false, 1, 1);
	f.now.us += 2 * S;
	update(&f, "lan0", 3, true, 2, 1);
	f.now.us += 8 * S;
	link_table_minute(f.table, 29833400, &f.now);
	row = mib_data_hist(&f.memory.data, 3, 29833400, NULL);
	assert_non_null(row);
	assert_in_range(row->up_ms, 53990, 54010);
	assert_int_equal(row->flaps, 1);
	assert_int_equal(mib_data_hist(&f.memory.data, 2, 29833400, NULL)->up_ms, 60000);
	f.now.us += 60 * S;
	link_table_minute(f.table, 29833401, &f.now);
	row = mib_data_hist(&f.memory.data, 3, 29833401, NULL);
	assert_int_equal(row->up_ms, 60000);
	assert_int_equal(row->flaps, 0);
	stop(&f);
}

/* The machine slept while lan0 was up and wan0 was down; half a minute later a minute ends. */
static void what_was_slept_through_is_in_no_minute(void **state)
{
	struct link_counters counters = {.in_octets = 1000};
	const struct mib_link *lan, *wan;
	struct fixture f;

	(void)state;
	start(&f, 8);
	first_dump(&f);
	link_table_sample(f.table, 3, &counters, &f.now);
	update(&f, "wan0", 2, false, 1, 1);
	f.now.us += S;
	counters.in_octets += 1000000; /* a peak of the minute that has no end */
	link_table_sample(f.table, 3, &counters, &f.now);
	f.now.us += 300 * S;
	counters.in_octets += 1000;
	link_table_sample(f.table, 3, &counters, &f.now);
	link_table_gap(f.table, &f.now);
	lan = link_table_find(f.table, "lan0");
	assert_int_equal(lan->in_rate_bps, 27); /* over the time asleep too */
	f.now.us += 15 * S;
	update(&f, "lan0", 3, false, 1, 1);
	update(&f, "wan0", 2, true, 2, 1);
	f.now.us += 15 * S;
	counters.in_octets += 30000;
	link_table_sample(f.table, 3, &counters, &f.now);
	link_table_minute(f.table, 29833405, &f.now);
	lan = link_table_find(f.table, "lan0");
	wan = link_table_find(f.table, "wan0");
	assert_in_range(lan->in_mean_bps, 7990, 8000);
	assert_in_range(lan->in_peak_bps, 7990, 8000);
	assert_in_range(mib_data_hist(&f.memory.data, lan->if_index, 29833405, NULL)->up_ms, 29980,
			30020);
	assert_in_range(mib_data_hist(&f.memory.data, wan->if_index, 29833405, NULL)->up_ms, 29980,
			30020);
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_dump_tells_nothing),
		cmocka_unit_test(a_cut_and_its_end),
		cmocka_unit_test(the_speed_of_a_master_is_asked_for_with_its_links),
		cmocka_unit_test(a_renamed_link_is_another),
		cmocka_unit_test(deleted_and_made_anew),
		cmocka_unit_test(made_anew_with_the_same_index_between_two_looks),
		cmocka_unit_test(made_anew_while_messages_were_lost),
		cmocka_unit_test(two_that_swapped_their_names),
		cmocka_unit_test(what_was_told_of_a_name_goes_with_the_name),
		cmocka_unit_test(renamed_to_one_that_is_gone_while_messages_were_lost),
		cmocka_unit_test(a_message_older_than_the_dump_says_nothing),
		cmocka_unit_test(what_a_dump_lacks_is_gone),
		cmocka_unit_test(excluded_quiet_and_unnamed_links),
		cmocka_unit_test(a_full_table_ignores_and_counts),
		cmocka_unit_test(a_named_link_takes_the_place_of_one_that_is_not),
		cmocka_unit_test(room_for_a_link_that_was_ignored_is_looked_for),
		cmocka_unit_test(a_restarted_agent_tells_what_it_missed),
		cmocka_unit_test(after_a_boot_the_event_log_says_what_was_told),
		cmocka_unit_test(time_up_is_of_what_was_seen),
		cmocka_unit_test(what_was_slept_through_is_in_no_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
