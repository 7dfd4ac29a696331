/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UTF-8 (RFC 3629) of texts that come from devices, clients and files.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

bool utf8_text_is_valid(const char *text, size_t len);

/* Copies text into buf with a NUL, in whole characters as far as they fit; octets that
 * are no UTF-8, and control characters, become '?'. Returns the length. size > 0. */
size_t utf8_text_clean(const char *text, char *buf, size_t size);
