/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens: 256 random bits as text, of which the SHA-256 is kept. */
#pragma once

#include <stdint.h>

#include "collector/core/person/people.h"

enum { TOKEN_TEXT_SIZE = 7 + 2 * 32 + 1 }; /* "pantau_", hexadecimal digits, NUL */

/* A new one and its hash. 0, or negative errno: there is no randomness, or no SHA-256. */
int token_make(char text[static TOKEN_TEXT_SIZE], uint8_t hash[static TOKEN_HASH_SIZE]);
/* Whom it speaks for now; NULL: nobody. */
const struct people_user *token_owner(struct people *people, const char *text);
