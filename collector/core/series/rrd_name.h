/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of a series below the RRD directory: DEVICE/GROUP[-OBJECT].rrd
 *
 * Letters, digits, '.', '_' (and '-' in an object) stay as they are, case preserved; any
 * other octet, and a leading '.', becomes %XX. Different series therefore never share a
 * file, and no name leaves its directory. Names too long for a file system end in
 * ~ and a 64-bit hash of the whole name.
 */
#pragma once

#include <stddef.h>

enum { RRD_NAME_MAX = 400 }; /* longest result with its NUL */

/* object may be "" or NULL: the series is of the device itself.
 * Returns the length without NUL; -EINVAL for an empty device or group; -ENAMETOOLONG if
 * size is too small. */
int rrd_name(const char *device, const char *group, const char *object, char *buf, size_t size);
