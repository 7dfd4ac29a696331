/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What no single key of the agent's two files can say: names that must exist in the other
 * file, values that exclude each other, sections that could never count. Says where and
 * what would be right.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/conf/agent_conf.h"
#include "common/conf/conf_terms.h"
#include "common/conf/conf_value.h"

enum { USER_NAME_MAX = 32, LINKS_SHOW_OCTETS = 300 };

static void check_v3(const struct agent_conf_receiver *r, const struct agent_users *users,
		     struct conf_errors *errors)
{
	const struct agent_user *user;

	if (!r->user || !r->user[0]) {
		conf_errors_add(errors,
				"%s: receiver \"%s\": user is missing; "
				"name a user section of the users file",
				conf_places_key(r->places, "user"), r->title);
		return;
	}
	user = agent_users_find(users, r->user);
	if (!user)
		conf_errors_add(errors,
				"%s: receiver \"%s\": user \"%s\" is not in the users file; "
				"add a section user \"%s\" there",
				conf_places_key(r->places, "user"), r->title, r->user, r->user);
}

static void check_v2c(const struct agent_conf_receiver *r, const struct agent_users *users,
		      struct conf_errors *errors)
{
	if (!r->community || !r->community[0] || !agent_users_find_community(users, r->community))
		conf_errors_add(errors,
				"%s: receiver \"%s\": community is not in the users "
				"file; give the "
				"title of a section community \"TITLE\" { community = "
				"\"...\" } there",
				conf_places_key(r->places, "community"), r->title);
}

/* The key of the other version, which somebody believes to count. */
static void check_version(const struct agent_conf_receiver *r, struct conf_errors *errors)
{
	const bool v3 = r->version == AGENT_RECEIVER_V3;
	const char *key = v3 ? "community" : "user", *is = v3 ? "v2c" : "v3";

	if (conf_places_has(r->places, key))
		conf_errors_add(errors,
				"%s: receiver \"%s\": %s is of %s; leave it out, or set "
				"version = %s",
				conf_places_key(r->places, key), r->title, key, is, is);
}

static void check_receiver(const struct agent_conf *conf, size_t i, const struct agent_users *users,
			   struct conf_errors *errors)
{
	const struct agent_conf_receiver *r = &conf->receivers[i];

	if (r->version == AGENT_RECEIVER_V3)
		check_v3(r, users, errors);
	else
		check_v2c(r, users, errors);
	check_version(r, errors);
	/* A receiver that no event could ever be sent to. */
	if (!r->own && !r->standard)
		conf_errors_add(errors,
				"%s: receiver \"%s\": standard and own are both no, so it "
				"would be sent nothing; set one to yes",
				conf_places_key(r->places, "standard"), r->title);
	else if (!r->own && !agent_conf_receiver_wants(r, EVENT_LINK_DOWN) &&
		 !agent_conf_receiver_wants(r, EVENT_LINK_UP))
		conf_errors_add(errors,
				"%s: receiver \"%s\": events names neither linkDown nor "
				"linkUp, and own = no leaves nothing else; set own = yes",
				conf_places_key(r->places, "events"), r->title);
	if (!r->title[0] || strlen(r->title) >= AGENT_CONF_RECEIVER_SIZE)
		conf_errors_add(errors,
				"%s: receiver \"%s\": its place in the event log is kept "
				"by that name; give one of 1 to %d octets",
				conf_places_end(r->places), r->title, AGENT_CONF_RECEIVER_SIZE - 1);
	for (size_t j = 0; j < i; j++) {
		if (!strcmp(conf->receivers[j].title, r->title))
			conf_errors_add(errors,
					"%s: receiver \"%s\" is there twice; its queue is kept "
					"by that name, so give another",
					conf_places_end(r->places), r->title);
	}
}

static void check_passphrase(const struct agent_user *user, const char *key, const char *value,
			     struct conf_errors *errors)
{
	const char *problem = conf_passphrase_problem(value);

	if (problem)
		conf_errors_add(errors, "%s: user \"%s\": %s %s",
				conf_places_key(user->places, key), user->title, key, problem);
}

/* Whoever wrote it believes that it protects something. */
static void check_unused(const struct agent_user *user, const char *key, const char *value,
			 const char *with, struct conf_errors *errors)
{
	if (value)
		conf_errors_add(errors,
				"%s: user \"%s\": %s is not used with %s = none; leave it "
				"out, or leave out %s",
				conf_places_key(user->places, key), user->title, key, with, with);
}

static void check_user(const struct agent_user *user, struct conf_errors *errors)
{
	if (!user->title[0] || strlen(user->title) > USER_NAME_MAX)
		conf_errors_add(errors,
				"%s: user \"%s\": give a name of 1 to %d octets "
				"(RFC 3414)",
				conf_places_end(user->places), user->title, USER_NAME_MAX);
	if (!user->auth && !user->priv && user->poll)
		conf_errors_add(errors,
				"%s: user \"%s\": may not poll without authentication; "
				"set auth = sha256, or poll = no",
				conf_places_key(user->places, "auth"), user->title);
	if (user->auth)
		check_passphrase(user, "auth-passphrase", user->auth_pass, errors);
	else
		check_unused(user, "auth-passphrase", user->auth_pass, "auth", errors);
	if (user->priv)
		check_passphrase(user, "priv-passphrase", user->priv_pass, errors);
	else
		check_unused(user, "priv-passphrase", user->priv_pass, "priv", errors);
	if (user->priv && !user->auth)
		conf_errors_add(errors,
				"%s: user \"%s\": priv without auth does not exist (RFC 3411); "
				"set auth = sha256",
				conf_places_key(user->places, "priv"), user->title);
}

/* The first section that matches counts: one behind a wider pattern never does. */
static void check_link(const struct agent_conf *conf, size_t i, struct conf_errors *errors)
{
	const char *title = conf->links[i].title;

	if (!title[0])
		conf_errors_add(errors,
				"%s: link \"\": no link's name is empty; write its name "
				"or a shell pattern",
				conf_places_value(conf->places, "link", i));
	if (strpbrk(title, "*?[\\"))
		return;
	for (size_t j = 0; j < i; j++) {
		if (fnmatch(conf->links[j].title, title, 0) != 0)
			continue;
		conf_errors_add(errors,
				"%s: link \"%s\": never counts, for link \"%s\" is before "
				"it; put it first",
				conf_places_value(conf->places, "link", i), title,
				conf->links[j].title);
		return;
	}
}

static void check_listen(const struct agent_conf *conf, struct conf_errors *errors)
{
	for (size_t i = 0; conf->listen[i]; i++) {
		for (size_t j = 0; j < i; j++) {
			if (strcmp(conf->listen[i], conf->listen[j]) != 0)
				continue;
			conf_errors_add(errors, "%s: listen: \"%s\" is there twice; keep one",
					conf_places_value(conf->places, "listen", i),
					conf->listen[i]);
			break;
		}
	}
}

/* Whichever of the two is in the file is what somebody has to change. */
static void check_path_timeout(const struct agent_conf *conf, struct conf_errors *errors)
{
	if (conf->path_timeout_ms <= conf->path_interval_ms)
		return;
	if (conf_places_has(conf->places, "path-timeout"))
		conf_errors_add(errors,
				"%s: path-timeout: longer than path-interval; right: at "
				"most %lldms",
				conf_places_key(conf->places, "path-timeout"),
				(long long)conf->path_interval_ms);
	else
		conf_errors_add(errors,
				"%s: path-interval: shorter than path-timeout, which is "
				"%lldms by default; right: path-timeout = %lldms too",
				conf_places_key(conf->places, "path-interval"),
				(long long)conf->path_timeout_ms,
				(long long)conf->path_interval_ms);
}

static void check_paths(const struct agent_conf *conf, struct conf_errors *errors)
{
	if (conf->n_paths > MIB_PATHS_MAX)
		conf_errors_add(errors, "%s: path: %zu of them; at most %d",
				conf_places_value(conf->places, "path", MIB_PATHS_MAX),
				conf->n_paths, MIB_PATHS_MAX);
	check_path_timeout(conf, errors);
	if (conf->path_degraded_rtt_ms > conf->path_timeout_ms)
		conf_errors_add(errors,
				"%s: path-degraded-rtt: is above path-timeout, so it is "
				"never reached; right: at most %lldms",
				conf_places_key(conf->places, "path-degraded-rtt"),
				(long long)conf->path_timeout_ms);
	for (size_t i = 0; i < conf->n_paths; i++) {
		const struct agent_conf_path *p = &conf->paths[i];

		if (!p->address)
			conf_errors_add(errors,
					"%s: path \"%s\": address is missing; right: address = "
					"\"gateway\"",
					conf_places_end(p->places), p->title);
		if (!p->title[0])
			conf_errors_add(errors, "%s: path \"\": has no name; write path \"NAME\"",
					conf_places_end(p->places));
		if (strlen(p->title) >= sizeof(((struct mib_path *)NULL)->name))
			conf_errors_add(errors, "%s: path \"%s\": a name of at most %zu octets",
					conf_places_end(p->places), p->title,
					sizeof(((struct mib_path *)NULL)->name) - 1);
	}
}

int agent_conf_check(const struct agent_conf *conf, const struct agent_users *users,
		     struct conf_errors *errors)
{
	size_t before = errors->n;

	if (conf->n_receivers > AGENT_CONF_RECEIVERS_MAX)
		conf_errors_add(
			errors, "%s: receiver: %zu of them; at most %d",
			conf_places_value(conf->places, "receiver", AGENT_CONF_RECEIVERS_MAX),
			conf->n_receivers, AGENT_CONF_RECEIVERS_MAX);
	/* What is left of a users file that was cut short or emptied is in order as far as it goes. */
	if (conf->mode == AGENT_MODE_STANDALONE && !conf->n_receivers &&
	    !agent_users_any_poll(users))
		conf_errors_add(errors,
				"%s: has no user or community that may poll, and there is "
				"no receiver: nobody would hear of this site; make users "
				"with: pantau-agent --init --force",
				conf->users_file);
	if (!strcmp(conf->state_dir, conf->run_dir))
		conf_errors_add(errors,
				"%s: run-dir: is state-dir too; the history would wear its "
				"flash: give it a directory in memory",
				conf_places_key(conf->places, "run-dir"));
	check_listen(conf, errors);
	for (size_t i = 0; i < conf->n_links; i++)
		check_link(conf, i, errors);
	for (size_t i = 0; i < conf->n_receivers; i++)
		check_receiver(conf, i, users, errors);
	check_paths(conf, errors);
	for (size_t i = 0; i < users->n_users; i++)
		check_user(&users->users[i], errors);
	for (size_t i = 0; i < users->n_communities; i++) {
		const struct agent_community *community = &users->communities[i];
		const char *problem = conf_community_problem(community->community);

		if (problem)
			conf_errors_add(errors, "%s: community \"%s\": community %s",
					conf_places_key(community->places, "community"),
					community->title, problem);
	}
	return errors->n == before ? 0 : -EINVAL;
}

static bool is_there(const char *title, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(title, names[i]) == 0)
			return true;
	}
	return false;
}

static void warn_missing(const char *place, const char *title, const char *const *names, size_t n,
			 struct conf_errors *warnings)
{
	const char *near = NULL;
	unsigned int distance = 0;
	char list[LINKS_SHOW_OCTETS] = "";
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		conf_value_nearer(title, names[i], &near, &distance);
		if (used < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 i > 0 ? ", " : "", names[i]);
	}
	conf_errors_add(warnings,
			"%s: link \"%s\": there is no link of this name now%s%s%s; there are %s",
			place, title, near ? " (did you mean " : "", near ? near : "",
			near ? "?)" : "", n > 0 ? list : "none");
}

void agent_conf_check_links(const struct agent_conf *conf, const char *const *names, size_t n,
			    struct conf_errors *warnings)
{
	for (size_t i = 0; i < conf->n_links; i++) {
		const char *title = conf->links[i].title;

		if (agent_conf_excludes(conf, title))
			conf_errors_add(
				warnings,
				"%s: link \"%s\": exclude leaves it out, so it is not watched",
				conf_places_value(conf->places, "link", i), title);
		else if (!strpbrk(title, "*?[\\") && !is_there(title, names, n))
			warn_missing(conf_places_value(conf->places, "link", i), title, names, n,
				     warnings);
	}
}
