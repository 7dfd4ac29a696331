/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A router that does not exist, for benchmarks and tests of the SNMP sides alone: N links
 * with made-up counters, history and events, served standalone or by AgentX.
 *
 *	fake_router standalone 127.0.0.1:16100 64 USERS_FILE STATE_DIR
 *	fake_router agentx /run/master.sock 64
 *
 * Ends with SIGTERM or SIGINT.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/mib/mib_data.h"
#include "agent/io/snmp/agentx_sub.h"
#include "agent/io/snmp/snmp_standalone.h"
#include "common/base/cleanup.h"
#include "common/conf/conf_file.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum { HIST_MINUTES = 120 };

static void add_history(struct mib_data *data, uint32_t slot, uint32_t if_index)
{
	struct mib_hist_slot *s = &data->slots[slot];
	uint32_t now = (uint32_t)(loop_wall_ms() / 60000);

	s->if_index = if_index;
	s->first = now - HIST_MINUTES + 1;
	s->last = now;
	snprintf(s->name, sizeof(s->name), "eth%u", slot);
	for (uint32_t minute = s->first; minute <= now; minute++) {
		struct mib_hist_row *row = &data->rows[slot * HIST_MINUTES + minute % HIST_MINUTES];

		*row = (struct mib_hist_row){.minute = minute, .up_ms = 60000};
		row->in_octets = minute * 1000000ull;
		row->check = mib_hist_row_check(row);
	}
}

static void add_link(struct mib_data *data, uint32_t i)
{
	struct mib_link *link = &data->links[i];

	*link = (struct mib_link){.if_index = i + 1, .mtu = 1500, .if_type = 6, .mac_len = 6};
	snprintf(link->name, sizeof(link->name), "eth%u", i);
	link->role = i ? LINK_ROLE_LAN : LINK_ROLE_UPLINK;
	link->medium = LINK_MEDIUM_FIBER;
	link->oper = LINK_OPER_UP;
	link->admin = LINK_ADMIN_UP;
	link->duplex = LINK_DUPLEX_FULL;
	link->speed_kbps = 1000000;
	link->sample_us = loop_now_us();
	link->counters.in_octets = 0x123456789abull + i;
	link->counters.out_octets = 0x23456789abcull + i;
	link->counters.in_packets = 123456789 + i;
	link->counters.out_packets = 234567891 + i;
	add_history(data, i, i + 1);
}

static int make_data(uint32_t n_links, struct mib_data *ret)
{
	const struct mib_sizes sizes = {.max_links = n_links,
					.max_wifi = 4,
					.max_paths = 4,
					.max_events = 64,
					.hist_minutes = HIST_MINUTES};
	void *mem = calloc(1, mib_data_size(&sizes)), *hist = calloc(1, mib_hist_size(&sizes));

	if (!mem || !hist || mib_data_bind(ret, &sizes, mem, hist) < 0)
		return -1;
	strcpy(ret->head->agent.version, PANTAU_VERSION);
	strcpy(ret->head->agent.site_id, "opd-fake");
	ret->head->agent.start_us = loop_now_us();
	ret->head->agent.clock_state = CLOCK_SYNCHRONISED;
	ret->head->agent.epoch_id = 1;
	ret->head->first_event = ret->head->next_event = 1;
	for (uint32_t i = 0; i < n_links; i++)
		add_link(ret, i);
	ret->head->n_links = n_links;
	return 0;
}

static void on_signal(void *data, int signo)
{
	(void)signo;
	loop_stop(data);
}

static int serve(struct loop *loop, char **argv, const struct mib_data *data)
{
	char *listen[] = {argv[2], NULL}, site_name[] = "Fake";
	struct agent_conf conf = {
		.listen = listen, .agentx_socket = argv[2], .site_name = site_name};
	struct snmp_standalone *agent = NULL;
	struct agentx_sub *sub = NULL;
	struct conf_errors errors = {0};
	struct agent_users users = {0};
	int r;

	if (strcmp(argv[1], "agentx") == 0) {
		r = agentx_sub_new(loop, &conf, data, &sub);
	} else {
		r = conf_load(argv[4], AGENT_USERS_KEYS, &users, &errors);
		for (size_t i = 0; i < errors.n; i++)
			fprintf(stderr, "%s\n", errors.lines[i]);
		conf.state_dir = argv[5];
		if (r == 0)
			r = snmp_standalone_new(loop, &conf, &users, data, &agent);
	}
	if (r == 0)
		r = loop_run(loop);
	snmp_standalone_free(agent);
	agentx_sub_free(sub);
	conf_free(AGENT_USERS_KEYS, &users);
	conf_errors_deinit(&errors);
	return r;
}

int main(int argc, char **argv)
{
	cleanup_(loop_freep) struct loop *loop = NULL;
	struct loop_signal *term = NULL, *intr = NULL;
	struct mib_data data;
	int r;

	if (argc < 4 || (strcmp(argv[1], "standalone") == 0 && argc < 6)) {
		fprintf(stderr, "usage: %s standalone|agentx ADDRESS LINKS [USERS STATE]\n",
			argv[0]);
		return 2;
	}
	log_open("fake_router", LOG_TARGET_STDERR, LOG_LEVEL_DEBUG);
	if (loop_new(&loop) < 0 || make_data((uint32_t)atoi(argv[3]), &data) < 0)
		return 1;
	loop_signal_new(loop, SIGTERM, on_signal, loop, &term);
	loop_signal_new(loop, SIGINT, on_signal, loop, &intr);
	r = serve(loop, argv, &data);
	loop_signal_free(term);
	loop_signal_free(intr);
	free(data.head);
	free(data.hist_head);
	return r < 0;
}
