/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that need no collector: they read its files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ctl/commands/ctl_commands.h"
#include "collector/io/setup/setup.h"
#include "common/base/cleanup.h"

int ctl_check_config(struct ctl *ctl, int argc, char **argv)
{
	const char *path = argc == 1 ? argv[0] : ctl->config;
	cleanup_(setup_freep) struct setup *setup = NULL;
	struct conf_errors errors = {0};
	int r;

	if (argc > 1)
		return ctl_usage("check-config [FILE]");
	r = setup_load(path, &setup, &errors);
	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	if (errors.dropped > 0)
		fprintf(stderr, "and %zu more\n", errors.dropped);
	if (r < 0 && errors.n == 0)
		fprintf(stderr, "%s: %s\n", path, strerror(-r));
	conf_errors_deinit(&errors);
	if (r < 0)
		return EXIT_STATUS_CONFIG;
	printf("%s: right; %zu devices, %zu credentials, %zu profiles\n", path, setup->inventory.n,
	       setup->credentials.n_credentials, setup->profiles->n);
	return EXIT_SUCCESS;
}
