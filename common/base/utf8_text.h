/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UTF-8 (RFC 3629) of texts that come from devices, clients and files.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

bool utf8_text_is_valid(const char *text, size_t len);

/* Octets of the well-formed character that octets begin with; 0: there is none. len > 0. */
size_t utf8_text_char(const void *octets, size_t len);
/* Whether that character, of n octets, does something instead of being seen: control
 * characters of ASCII and of Latin-1, ends of lines, and what turns the direction of writing. */
bool utf8_text_is_unsafe(const void *octets, size_t n);

/* Copies text into buf with a NUL, in whole characters as far as they fit; octets that
 * are no UTF-8, and unsafe characters, become '?'. Returns the length. size > 0. */
size_t utf8_text_clean(const char *text, char *buf, size_t size);
size_t utf8_text_clean_octets(const void *octets, size_t len, char *buf, size_t size);
