/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads both files; the table of keys and the checks are agent_conf's. All mistakes of
 * both files are found in one go.
 */
#include "agent/io/setup/agent_conf_file.h"

#include <errno.h>
#include <net/if.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_file.h"
#include "common/loop/port_holder.h"

struct agent_files *agent_files_free(struct agent_files *files)
{
	if (!files)
		return NULL;
	conf_free(AGENT_CONF_KEYS, &files->conf);
	conf_free(AGENT_USERS_KEYS, &files->users);
	free(files);
	return NULL;
}

void agent_files_freep(struct agent_files **files)
{
	*files = agent_files_free(*files);
}

/* The users file is theirs whom the agent becomes, or whom the service unit starts it as;
 * root looks into it too, by --once and --check-config. */
static uid_t owner_of(const struct agent_conf *conf)
{
	const struct passwd *pw =
		getpwnam(conf->user && conf->user[0] ? conf->user : "pantau-agent");

	return pw ? pw->pw_uid : geteuid();
}

static int load_users(struct agent_files *files, struct conf_errors *errors)
{
	const char *path = files->conf.users_file;

	if (access(path, F_OK) < 0 && errno == ENOENT) {
		/* An agent that neither answers nor informs by itself (below an snmpd) needs no secrets.
		 */
		if (files->conf.mode != AGENT_MODE_STANDALONE && files->conf.n_receivers <= 0)
			return 0;
		conf_errors_add(errors, "%s: does not exist; make it with: pantau-agent --init",
				path);
		return -ENOENT;
	}
	return conf_load_secrets(path, owner_of(&files->conf), AGENT_USERS_KEYS, &files->users,
				 errors);
}

/* Only root becomes somebody else. */
static int check_user(const struct agent_conf *conf, struct conf_errors *errors)
{
	if (geteuid() != 0 || !conf->user[0] || getpwnam(conf->user))
		return 0;
	conf_errors_add(errors,
			"%s: user: \"%s\" does not exist on this machine; adduser --system "
			"--group %s, or user = \"\" to stay root",
			conf_places_key(conf->places, "user"), conf->user, conf->user);
	return -EINVAL;
}

int agent_files_load_conf(const char *path, struct agent_files **ret, struct conf_errors *errors)
{
	cleanup_(agent_files_freep) struct agent_files *files = calloc(1, sizeof(*files));
	int r;

	if (!files)
		return -ENOMEM;
	r = conf_load(path, AGENT_CONF_KEYS, &files->conf, errors);
	if (r < 0)
		return r;
	*ret = steal_ptr(files);
	return 0;
}

int agent_files_load(const char *path, struct agent_files **ret, struct conf_errors *errors)
{
	cleanup_(agent_files_freep) struct agent_files *files = NULL;
	int r = agent_files_load_conf(path, &files, errors);

	if (r < 0)
		return r;
	r = load_users(files, errors);
	if (r < 0)
		return r;
	r = agent_conf_check(&files->conf, &files->users, errors);
	if (check_user(&files->conf, errors) < 0 || r < 0)
		return -EINVAL;
	*ret = steal_ptr(files);
	return 0;
}

void agent_files_check_links(const struct agent_files *files, struct conf_errors *warnings)
{
	struct if_nameindex *links = if_nameindex();
	cleanup_free const char **names = NULL;
	size_t n = 0;

	if (!links)
		return;
	while (links[n].if_name)
		n++;
	names = calloc(n + 1, sizeof(*names));
	for (size_t i = 0; names && i < n; i++)
		names[i] = links[i].if_name;
	if (names)
		agent_conf_check_links(&files->conf, names, n, warnings);
	if_freenameindex(links);
}

void agent_files_check_listen(const struct agent_files *files, struct conf_errors *warnings)
{
	static const char *const EVERYWHERE[] = {"0.0.0.0:161", "[::]:161", NULL};
	const struct agent_conf *conf = &files->conf;
	const char *const *listen =
		conf->listen && conf->listen[0] ? (const char *const *)conf->listen : EVERYWHERE;
	char problem[PORT_HOLDER_PROBLEM_SIZE];

	for (size_t i = 0; conf->mode == AGENT_MODE_STANDALONE && listen[i]; i++) {
		if (port_holder_is_other(SOCK_DGRAM, listen[i], "pantau-agent", conf->user,
					 problem))
			conf_errors_add(warnings, "%s: listen: %s %s; beside snmpd, mode = agentx",
					conf_places_value(conf->places, "listen", i), listen[i],
					problem);
	}
}
