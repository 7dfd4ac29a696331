/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What check_pantau is asked, by its command line. */
#pragma once

#include "collector/ctl/check/check_object.h"

enum { CHECK_SERVER_MAX = 256 };

struct check_options {
	char server[CHECK_SERVER_MAX];
	const char *token_file; /* NULL: none */
	const char *device, *link, *path;
	struct check_group group;
	bool of_group, of_collector;
	enum words_lang lang;
	long timeout_ms;
	struct check_threshold thresholds[CHECK_THRESHOLDS];
	size_t n_thresholds;
};

/*
 * Reads the command line; texts stay argv's. Returns -1 to go on, else the exit status: help,
 * version (on standard output, where Nagios shows it) and wrong use are UNKNOWN.
 */
int check_options_read(int argc, char **argv, struct check_options *ret);

/* Wrong use: "UNKNOWN - WORD". Returns CHECK_UNKNOWN. */
int check_options_refuse(enum words_lang lang, enum word word, const char *const *values);
