/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that need no collector: they read its files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ctl/commands/ctl_commands.h"
#include "collector/io/setup/listen_check.h"
#include "collector/io/setup/setup.h"
#include "common/base/cleanup.h"

static const char *more(enum words_lang lang, size_t n, char *buf, size_t size)
{
	char number[24];

	snprintf(number, sizeof(number), "%zu", n);
	return words_fill(buf, size, words_text(lang, WORD_CTL_MORE),
			  (const char *const[]){"n", number, NULL});
}

static void print_warnings(const struct collector_conf *conf)
{
	struct conf_errors warnings = {0};

	listen_check(conf, &warnings);
	for (size_t i = 0; i < warnings.n; i++)
		fprintf(stderr, "warning: %s\n", warnings.lines[i]);
	conf_errors_deinit(&warnings);
}

int ctl_check_config(struct ctl *ctl, int argc, char **argv)
{
	const char *path = argc == 1 ? argv[0] : ctl->config;
	cleanup_(setup_freep) struct setup *setup = NULL;
	char devices[24], credentials[24], profiles[24], line[256];
	struct conf_errors errors = {0};
	int r;

	if (argc > 1)
		return ctl_usage(ctl, "check-config");
	r = setup_load(path, &setup, &errors);
	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	if (errors.dropped > 0)
		fprintf(stderr, "%s\n", more(ctl->lang, errors.dropped, line, sizeof(line)));
	if (r < 0 && errors.n == 0)
		fprintf(stderr, "%s: %s\n", path, strerror(-r));
	conf_errors_deinit(&errors);
	if (r < 0)
		return EXIT_STATUS_CONFIG;
	print_warnings(&setup->conf);
	if (!ctl->lang_chosen)
		ctl->lang = setup->conf.language;
	snprintf(devices, sizeof(devices), "%zu", setup->inventory.n);
	snprintf(credentials, sizeof(credentials), "%zu", setup->credentials.n_credentials);
	snprintf(profiles, sizeof(profiles), "%zu", setup->profiles->n);
	printf("%s: %s\n", path,
	       words_fill(line, sizeof(line), words_text(ctl->lang, WORD_CTL_RIGHT),
			  (const char *const[]){"devices", devices, "credentials", credentials,
						"profiles", profiles, NULL}));
	return EXIT_SUCCESS;
}
