/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/setup/listen_check.h"

#include <string.h>
#include <sys/socket.h>

#include "common/loop/port_holder.h"

static void check(const struct collector_conf *conf, const char *key, size_t i, const char *text,
		  int type, struct conf_errors *warnings)
{
	char problem[PORT_HOLDER_PROBLEM_SIZE], systemd[PORT_HOLDER_PROBLEM_SIZE];

	if (!port_holder_is_other(type, text, "pantau-collector", conf->user, problem))
		return;
	if (type == SOCK_STREAM && !port_holder_is_other(type, text, "systemd", "root", systemd))
		return;
	conf_errors_add(warnings, "%s: %s: %s %s", conf_places_value(conf->places, key, i), key,
			text, problem);
}

void listen_check(const struct collector_conf *conf, struct conf_errors *warnings)
{
	for (size_t i = 0; conf->trap_listen[i]; i++)
		check(conf, "trap-listen", i, conf->trap_listen[i], SOCK_DGRAM, warnings);
	for (size_t i = 0; conf->http_listen[i]; i++) {
		if (strncmp(conf->http_listen[i], "unix:", 5) != 0)
			check(conf, "http-listen", i, conf->http_listen[i], SOCK_STREAM, warnings);
	}
}
