/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of the kernel's tables of sockets. */
#include "common/base/socket_row.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1); /* to the octet: what reads on is seen */
	struct socket_row row;

	if (!line)
		return 0;
	memcpy(line, data, size);
	line[size] = '\0';
	/* whatever it is, it is in its own way */
	if (socket_row_parse(line, &row) && !socket_row_takes(&row, &row.local))
		abort();
	free(line);
	return 0;
}
