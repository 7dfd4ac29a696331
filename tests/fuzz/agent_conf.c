/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pantau-agent.conf and, behind a NUL, the users file. */
#include "agent/core/conf/agent_conf.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
	size_t len = nul ? (size_t)(nul - data) : size;
	struct conf_errors errors = {0};
	struct agent_users users = {0};
	struct agent_conf conf = {0};
	int r = conf_parse("agent", data, len, AGENT_CONF_KEYS, &conf, &errors);

	if (nul && r >= 0)
		r = conf_parse("users", nul + 1, size - len - 1, AGENT_USERS_KEYS, &users, &errors);
	if (r >= 0)
		agent_conf_check(&conf, &users, &errors);
	conf_free(AGENT_CONF_KEYS, &conf);
	conf_free(AGENT_USERS_KEYS, &users);
	conf_errors_deinit(&errors);
	return 0;
}
