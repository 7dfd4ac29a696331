/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/commands/ctl_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_errors.h"

int ctl_file_read(const char *path, size_t most, uint8_t **ret, size_t *ret_len,
		  struct conf_errors *errors)
{
	cleanup_free uint8_t *text = malloc(most + 1);
	FILE *file = fopen(path, "re");
	const char *problem = NULL;
	size_t len = 0;

	if (!file)
		problem = strerror(errno);
	else if (!text)
		problem = "out of memory";
	else
		len = fread(text, 1, most + 1, file);
	if (!problem && ferror(file))
		problem = "cannot be read";
	if (file)
		fclose(file);
	if (problem)
		conf_errors_add(errors, "%s: %s", path, problem);
	else if (len > most)
		conf_errors_add(errors, "%s: more than %zu octets", path, most);
	if (problem || len > most)
		return -EINVAL;
	*ret = steal_ptr(text);
	*ret_len = len;
	return 0;
}
