/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Octets that a device calls text, made safe to show, log and use as a name: UTF-8 stays,
 * other octets are read as Latin-1 (what old firmware means), unsafe characters (utf8_text.h)
 * become spaces, runs of space one, none at the ends.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Writes at most size - 1 octets and a NUL; a character that does not fit whole ends it. size >= 1.
 * Returns the length written. */
size_t text_clean(const uint8_t *octets, size_t len, char *buf, size_t size);
