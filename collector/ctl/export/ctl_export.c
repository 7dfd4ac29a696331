/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All devices in the form of another monitoring system. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/ctl/commands/ctl_ask.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/export/export_icinga.h"
#include "collector/ctl/export/export_nagios.h"
#include "common/base/cleanup.h"

#define PLUGIN	      "/usr/lib/nagios/plugins/check_pantau"
#define PLUGIN_SERVER "http://127.0.0.1:8080"

struct form {
	const char *name;
	void (*begin)(FILE *out, const struct export_options *options, const json_t *devices);
	void (*device)(FILE *out, const json_t *device);
};

static const struct form FORMS[] = {
	{"nagios", export_nagios_begin, export_nagios_device},
	{"icinga2", export_icinga_begin, export_icinga_device},
};

static const struct form *find_form(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(FORMS); i++)
		if (strcmp(FORMS[i].name, name) == 0)
			return &FORMS[i];
	return NULL;
}

/* It stands in a command's quotes over there. */
static bool take(const struct ctl *ctl, const char **to, const char *text)
{
	*to = text;
	if (strpbrk(text, "'\"\\$!;\n") == NULL)
		return true;
	ctl_say(ctl, NULL, WORD_CTL_NOT_PLAIN, (const char *const[]){"text", text, NULL});
	return false;
}

static const char **option_of(struct export_options *options, const char *name)
{
	if (strcmp(name, "--plugin") == 0)
		return &options->plugin;
	if (strcmp(name, "--plugin-server") == 0)
		return &options->server;
	return strcmp(name, "--plugin-token-file") == 0 ? &options->token_file : NULL;
}

static int read_options(const struct ctl *ctl, int argc, char **argv, struct export_options *ret)
{
	for (int i = 0; i < argc; i += 2) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		const char **to = option_of(ret, argv[i]);

		if (!to || !value) {
			ctl_say(ctl, NULL, WORD_CTL_NO_OPTION,
				(const char *const[]){"option", argv[i], NULL});
			return -1;
		}
		if (!take(ctl, to, value))
			return -1;
	}
	return 0;
}

/* A device that is gone since the list was made is left out. */
static enum ctl_outcome put_device(struct ctl *ctl, const struct form *form, const char *id)
{
	cleanup_free char *safe = ctl_client_escape(id);
	char path[CTL_QUERY_MAX];
	enum ctl_outcome outcome;
	json_t *device;

	snprintf(path, sizeof(path), "devices/%s", safe ? safe : "");
	outcome = ctl_client_get(&ctl->client, path, &device);
	if (outcome == CTL_OK)
		form->device(stdout, device);
	json_decref(device);
	return outcome == CTL_NOT_FOUND ? CTL_OK : outcome;
}

int ctl_export(struct ctl *ctl, int argc, char **argv)
{
	struct export_options options = {.plugin = PLUGIN, .server = PLUGIN_SERVER};
	const struct form *form = argc > 0 ? find_form(argv[0]) : NULL;
	enum ctl_outcome outcome;
	json_t *devices;

	if (argc > 0 && !form)
		ctl_say(ctl, NULL, WORD_CTL_NO_FORM, (const char *const[]){"form", argv[0], NULL});
	if (!form || read_options(ctl, argc - 1, argv + 1, &options) < 0)
		return ctl_usage(ctl, "export");
	outcome = ctl_client_get(&ctl->client, "devices", &devices);
	if (outcome == CTL_OK)
		form->begin(stdout, &options, devices);
	for (size_t i = 0; outcome == CTL_OK && i < json_array_size(devices); i++)
		outcome = put_device(ctl, form, member_text(json_array_get(devices, i), "id"));
	json_decref(devices);
	return outcome == CTL_OK ? EXIT_SUCCESS : ctl_complain(ctl, outcome);
}
