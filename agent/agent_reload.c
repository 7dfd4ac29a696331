/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SIGHUP: the configuration is read and checked wholly, then taken over; what is fixed
 * for the life of the process makes it refused. The old one stays in force until the new
 * one is.
 */
#include <stdlib.h>
#include <string.h>

#include "agent/agent_private.h"
#include "agent/core/history/history.h"
#include "agent/core/link/link_memory.h"
#include "agent/io/event/notify_send.h"
#include "agent/io/path/path_probe.h"
#include "agent/io/snmp/agentx_sub.h"
#include "agent/io/snmp/snmp_standalone.h"
#include "common/loop/loop.h"
#include "common/system/log.h"
#include "common/system/sd_notify.h"

/* Receivers first: they are what may fail. */
static int swap_receivers(struct agent *agent, struct agent_files *files)
{
	struct agent_files *old_files = agent->files;
	struct notify_send *old = agent->notify;
	int r;

	agent->files = files;
	agent->notify = NULL;
	r = agent_start_notify(agent);
	if (r < 0) {
		agent->files = old_files;
		agent->notify = old;
		return r;
	}
	notify_send_free(old);
	return 0;
}

static void use_files(struct agent *agent, struct agent_files *files)
{
	struct agent_files *old = agent->files;
	struct stamp now;

	if (swap_receivers(agent, files) < 0) {
		log_error("conf", "msg=\"not taken over, the running configuration stays\"");
		agent_files_free(files);
		return;
	}
	if (agent->standalone &&
	    snmp_standalone_set_users(agent->standalone, &files->conf, &files->users) < 0) {
		log_error("conf", "msg=\"the SNMP users stay as they were\"");
		old = NULL; /* and so does what they refer to */
	}
	agent->paths = path_probe_free(agent->paths);
	if (agent_start_paths(agent) < 0)
		log_error("conf", "msg=\"paths are not probed\"");
	agent->agentx = agentx_sub_free(agent->agentx);
	if (!agent->standalone && agent_start_snmp(agent) < 0)
		log_error("conf", "msg=\"the snmpd is not served\"");
	agent_stamp(agent, &now);
	link_table_set_conf(agent->table, &files->conf, &now);
	agent_files_free(old);
	agent->dump_wanted = true;
	agent->links_checked_in = AGENT_LINKS_SETTLE_TICKS;
	agent_set_scalars(agent);
	link_memory_assign_slots(agent->table);
	notify_send_run(agent->notify);
	log_info("conf", "file=%s msg=\"taken over\"", agent->conf_path);
}

void agent_reload(struct agent *agent)
{
	struct conf_errors errors = {0};
	struct agent_files *files = NULL;
	const char *fixed;
	int r;

	loop_assert_thread(agent->loop);
	sd_notify_send("RELOADING=1");
	r = agent_files_load(agent->conf_path, &files, &errors);
	fixed = r < 0 ? NULL : agent_conf_fixed_key(&agent->files->conf, &files->conf);
	if (fixed)
		conf_errors_add(&errors, "%s: %s: changes with a restart only", agent->conf_path,
				fixed);
	for (size_t i = 0; i < errors.n; i++)
		log_error("conf", "%s", errors.lines[i]);
	if (r < 0 || errors.n) {
		log_error("conf", "file=%s msg=\"refused, the running configuration stays\"",
			  agent->conf_path);
		agent_files_free(files);
	} else {
		use_files(agent, files);
	}
	conf_errors_deinit(&errors);
	sd_notify_send("READY=1");
}
