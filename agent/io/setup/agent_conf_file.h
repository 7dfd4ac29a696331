/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pantau-agent.conf and the users file it names, read and checked as one. */
#pragma once

#include "agent/core/conf/agent_conf.h"

struct agent_files {
	struct agent_conf conf;
	struct agent_users users;
};

/* Returns 0, or negative errno with a line for each mistake in errors. */
int agent_files_load(const char *path, struct agent_files **ret, struct conf_errors *errors);
/* The configuration alone, which anybody may read; there are no users then. */
int agent_files_load_conf(const char *path, struct agent_files **ret, struct conf_errors *errors);
/* A line in warnings for each link section that none of this machine's links has now. */
void agent_files_check_links(const struct agent_files *files, struct conf_errors *warnings);
/* And for each address that another program has now, where we answer ourselves. */
void agent_files_check_listen(const struct agent_files *files, struct conf_errors *warnings);
struct agent_files *agent_files_free(struct agent_files *files);
void agent_files_freep(struct agent_files **files);
