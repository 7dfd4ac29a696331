/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A credential of the configuration as the SNMP engine wants it. */
#pragma once

#include "collector/core/conf/credentials_conf.h"
#include "common/snmp/snmp_credential.h"

/* Strings stay the configuration's. */
static inline struct snmp_credential credential_for_snmp(const struct credential_conf *c)
{
	return (struct snmp_credential){
		.version = (enum snmp_version)c->version,
		.community = c->community,
		.user = c->user,
		.level = c->priv != SNMP_PRIV_NONE   ? SNMP_SEC_AUTH_PRIV
			 : c->auth != SNMP_AUTH_NONE ? SNMP_SEC_AUTH
						     : SNMP_SEC_NONE,
		.auth = (enum snmp_auth)c->auth,
		.priv = (enum snmp_priv)c->priv,
		.auth_pass = c->auth_pass,
		.priv_pass = c->priv_pass,
	};
}
