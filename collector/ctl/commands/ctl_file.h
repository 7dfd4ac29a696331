/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that an operator names on the command line: it may be a pipe, too. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct conf_errors;

/*
 * Reads it whole, at most `most` octets; what is longer is refused. *ret: free(). Returns 0
 * or -EINVAL, with a line in errors that says why.
 */
int ctl_file_read(const char *path, size_t most, uint8_t **ret, size_t *ret_len,
		  struct conf_errors *errors);
