/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/person/token.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/evp.h>

#include "common/loop/loop.h"

static const char PREFIX[] = "pantau_"; /* so that one that leaked is known for what it is */

static int hash_text(const char *text, uint8_t hash[static TOKEN_HASH_SIZE])
{
	unsigned int len = 0;

	if (EVP_Digest(text, strlen(text), hash, &len, EVP_sha256(), NULL) != 1 ||
	    len != TOKEN_HASH_SIZE)
		return -EIO;
	return 0;
}

int token_make(char text[static TOKEN_TEXT_SIZE], uint8_t hash[static TOKEN_HASH_SIZE])
{
	uint8_t random[32];
	char *at = text + sizeof(PREFIX) - 1;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return -EIO;
	memcpy(text, PREFIX, sizeof(PREFIX));
	for (size_t i = 0; i < sizeof(random); i++, at += 2)
		snprintf(at, 3, "%02x", random[i]);
	explicit_bzero(random, sizeof(random));
	return hash_text(text, hash);
}

const struct people_user *token_owner(struct people *people, const char *text)
{
	uint8_t hash[TOKEN_HASH_SIZE];

	if (strncmp(text, PREFIX, sizeof(PREFIX) - 1) != 0 || hash_text(text, hash) < 0)
		return NULL;
	return people_by_token(people, hash, loop_wall_ms());
}
