/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to the agent's small questions: a route, and an echo in its four wrappings. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/codec/path/route_parse.h"
#include "common/icmp/icmp_echo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct route_gateway gateway;
	struct icmp_echo echo;

	if (route_parse(data, size, &gateway) == 0 && gateway.family != 2 && gateway.family != 10)
		abort();
	for (int i = 0; i < 4; i++)
		(void)icmp_echo_parse(data, size, i & 1, i & 2, &echo);
	return 0;
}
