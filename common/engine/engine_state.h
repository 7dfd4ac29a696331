/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The SNMP engine's identity on disk: an engine id that is made once, and a number of
 * boots that rises at every start (RFC 3414 2.2). One line of text, replaced as a whole.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"
#include "common/snmp/snmp_identity.h"

/*
 * Reads state_dir/engine, counts one boot more and writes it back before returning, so
 * that no two starts share their number. Makes a new id (RFC 3411 5, format 5, random
 * octets) if there is no file; a damaged file is set aside as engine.bad with a warning,
 * which means a new id too: the old one's boots could not be known to rise. 0 or negative
 * errno if the file cannot be written.
 */
must_check_ int engine_state_start(const char *state_dir, int64_t now_us,
				   struct snmp_identity *ret);

/*
 * An identity for a start whose state cannot be kept (full or read-only disk): a new id,
 * so that no message of an earlier start is one of this, whatever its boots. 0 or -EIO.
 */
must_check_ int engine_state_temporary(int64_t now_us, struct snmp_identity *ret);

/* The line itself, for tests and fuzzing. 0 or -EBADMSG. */
must_check_ int engine_state_parse(const uint8_t *text, size_t len, struct snmp_identity *ret);
/* Returns the line's length; size at least 128. */
size_t engine_state_format(const struct snmp_identity *identity, char *buf, size_t size);
