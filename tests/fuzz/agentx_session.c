/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever an AgentX master sends, to a session that is being served, in two pieces. */
#include "agent/codec/snmp/agentx_session.h"

#include <stdint.h>
#include <stdlib.h>

#include "agent/core/mib/mib_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct agentx_session session;
static struct mib_data rows;

static void prepare(void)
{
	static const struct mib_sizes sizes = {
		.max_links = 4, .max_wifi = 1, .max_paths = 1, .max_events = 16, .hist_minutes = 4};

	if (rows.head)
		return;
	if (mib_data_bind(&rows, &sizes, calloc(1, mib_data_size(&sizes)),
			  calloc(1, mib_hist_size(&sizes))) < 0)
		abort();
	rows.head->n_links = 2;
	rows.links[0].if_index = 1;
	rows.links[1].if_index = 7;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mib_view view = {.data = &rows};
	size_t half = size / 2;

	prepare();
	agentx_session_connected(&session, 0);
	session.state = AGENTX_STATE_SERVING;
	session.out.len = 0;
	if (agentx_session_input(&session, &view, data, half) == 0)
		(void)agentx_session_input(&session, &view, data + half, size - half);
	if (session.out.len > sizeof(session.out_buf) || session.in_len > sizeof(session.in))
		abort();
	agentx_session_disconnected(&session);
	return 0;
}
