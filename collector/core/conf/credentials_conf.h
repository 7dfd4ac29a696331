/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The credentials file: how devices are talked to, and how they talk to us. The structs,
 * the table of keys (common/conf/conf.h) and the checks that span them; reading the file is
 * collector/io/setup/setup.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/conf/conf.h"

/* credential "opd" { ... }: how to talk to a device, or how it talks to us. */
struct credential_conf {
	char *title;
	int version;	 /* enum snmp_version's numbers: 0, 1, 3 */
	char *community; /* v1, v2c */
	char *user;	 /* v3 */
	int auth, priv;	 /* enum snmp_auth, snmp_priv (common/snmp/snmp_credential.h) */
	char *auth_pass, *priv_pass;
	bool poll;  /* may be used for polling */
	bool traps; /* notifications sent with it are accepted */
	struct conf_places *places;
};

struct credentials_conf {
	struct credential_conf *credentials;
	size_t n_credentials;
	struct conf_places *places;
};

extern const struct conf_key CREDENTIALS_CONF_KEYS[];

/* What no single key can say: one line in errors per mistake, none of which shows a secret.
 * Returns 0 or -EINVAL. */
int credentials_conf_check(const struct credentials_conf *conf, struct conf_errors *errors);
const struct credential_conf *credentials_conf_find(const struct credentials_conf *conf,
						    const char *title);
