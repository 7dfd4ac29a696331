/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of the credentials file, one table row each, and the checks that span rows. No
 * file is read here.
 */
#include "collector/core/conf/credentials_conf.h"

#include <errno.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_terms.h"
#include "common/snmp/snmp_credential.h"

static const struct conf_name VERSIONS[] = {
	{"v1", SNMP_V1},
	{"v2c", SNMP_V2C},
	{"v3", SNMP_V3},
	{NULL, 0},
};

static const struct conf_key CREDENTIAL_KEYS[] = {
	CONF_ENUM(struct credential_conf, version, "version", SNMP_V3, VERSIONS,
		  "SNMP version; v1 and v2c only where a device can no better"),
	CONF_STR_EXACT(struct credential_conf, user, "user", "v3: name of the user", NULL),
	CONF_ENUM(struct credential_conf, auth, "auth", SNMP_AUTH_SHA256, CONF_AUTHS,
		  "v3: authentication"),
	CONF_SECRET(struct credential_conf, auth_pass, "auth-passphrase",
		    "v3: at least 8 characters", NULL),
	CONF_ENUM(struct credential_conf, priv, "priv", SNMP_PRIV_AES128, CONF_PRIVS,
		  "v3: encryption"),
	CONF_SECRET(struct credential_conf, priv_pass, "priv-passphrase",
		    "v3: at least 8 characters", NULL),
	CONF_SECRET(struct credential_conf, community, "community", "v1, v2c: the community", NULL),
	CONF_BOOL(struct credential_conf, poll, "poll", true, "devices may be polled with it"),
	CONF_BOOL(struct credential_conf, traps, "traps", true,
		  "notifications sent with it are accepted"),
	CONF_END_PLACED(struct credential_conf, places),
};

const struct conf_key CREDENTIALS_CONF_KEYS[] = {
	CONF_SECTION(struct credentials_conf, credentials, n_credentials, "credential",
		     CREDENTIAL_KEYS, struct credential_conf,
		     "how devices are talked to; the title stands in the inventory"),
	CONF_END_PLACED(struct credentials_conf, places),
};

struct credential_check {
	const struct credential_conf *credential;
	struct conf_errors *errors;
};

static void complain(const struct credential_check *check, const char *key, const char *text)
{
	conf_errors_add(check->errors, "%s: credential \"%s\": %s: %s",
			conf_places_key(check->credential->places, key), check->credential->title,
			key, text);
}

static void check_passphrase(const struct credential_check *check, const char *key,
			     const char *value)
{
	const char *problem = conf_passphrase_problem(value);

	if (problem)
		complain(check, key, problem);
}

/* Whoever wrote it believes that it protects something. */
static void check_unused(const struct credential_check *check, const char *key, const char *value,
			 const char *text)
{
	if (value)
		complain(check, key, text);
}

static void check_v3(const struct credential_check *check)
{
	const struct credential_conf *c = check->credential;
	const char *problem = conf_user_problem(c->user);

	if (problem)
		complain(check, "user", problem);
	if (c->auth != SNMP_AUTH_NONE)
		check_passphrase(check, "auth-passphrase", c->auth_pass);
	else
		check_unused(check, "auth-passphrase", c->auth_pass,
			     "is not used with auth = \"none\"; leave it out, or write auth = "
			     "\"sha256\"");
	if (c->priv != SNMP_PRIV_NONE)
		check_passphrase(check, "priv-passphrase", c->priv_pass);
	else
		check_unused(check, "priv-passphrase", c->priv_pass,
			     "is not used with priv = \"none\"; leave it out, or write priv = "
			     "\"aes128\"");
	if (c->priv != SNMP_PRIV_NONE && c->auth == SNMP_AUTH_NONE)
		complain(check, "priv", "needs authentication; write auth = \"sha256\" too");
	check_unused(check, "community", c->community,
		     "is of v1 and v2c; leave it out, or write version = \"v2c\"");
}

static void check_community(const struct credential_check *check)
{
	static const char *const V3_KEYS[] = {"user", "auth", "auth-passphrase", "priv",
					      "priv-passphrase"};
	const struct credential_conf *c = check->credential;
	const char *problem = conf_community_problem(c->community);

	if (problem)
		complain(check, "community", problem);
	for (size_t i = 0; i < ARRAY_LEN(V3_KEYS); i++) {
		if (conf_places_has(c->places, V3_KEYS[i]))
			complain(check, V3_KEYS[i],
				 "is of v3; leave it out, or write version = \"v3\"");
	}
}

int credentials_conf_check(const struct credentials_conf *conf, struct conf_errors *errors)
{
	size_t before = errors->n;

	for (size_t i = 0; i < conf->n_credentials; i++) {
		const struct credential_check check = {&conf->credentials[i], errors};

		if (credentials_conf_find(conf, conf->credentials[i].title) !=
		    &conf->credentials[i])
			conf_errors_add(errors, "%s: credential \"%s\": is there twice; keep one",
					conf_places_end(conf->credentials[i].places),
					conf->credentials[i].title);
		if (conf->credentials[i].title[0] == '\0')
			conf_errors_add(
				errors,
				"%s: credential \"\": has no name; write credential \"NAME\"",
				conf_places_end(conf->credentials[i].places));
		if (conf->credentials[i].version == SNMP_V3)
			check_v3(&check);
		else
			check_community(&check);
	}
	if (conf->n_credentials == 0)
		conf_errors_add(errors,
				"%s: credential: there is none; write a section "
				"credential \"NAME\" { ... }",
				conf_places_end(conf->places));
	return errors->n == before ? 0 : -EINVAL;
}

const struct credential_conf *credentials_conf_find(const struct credentials_conf *conf,
						    const char *title)
{
	for (size_t i = 0; i < conf->n_credentials; i++) {
		if (strcmp(conf->credentials[i].title, title) == 0)
			return &conf->credentials[i];
	}
	return NULL;
}
