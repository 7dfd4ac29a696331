/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/notify/sender_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int sender_line_receive(struct sender_line *line)
{
	char octets[16384];
	const ssize_t n = recv(0, octets, sizeof(octets), MSG_DONTWAIT);
	int r;

	if (n == 0)
		return -EPIPE;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	r = notify_buffer_append(&line->in, octets, (size_t)n);
	explicit_bzero(octets, (size_t)n);
	return r;
}

int sender_line_next(struct sender_line *line, struct notify_request *ret)
{
	const char *text;
	size_t len;
	int r = notify_frame_get(&line->in, &text, &len);

	if (r <= 0)
		return r < 0 ? -EPROTO : 0;
	r = notify_request_parse(text, len, ret);
	notify_buffer_drop(&line->in, NOTIFY_FRAME_HEAD + len);
	return r < 0 ? -EPROTO : 1;
}

int sender_line_tell(struct sender_line *line, const struct notify_result *result)
{
	char *text = notify_result_text(result);
	int r = text ? notify_frame_put(&line->out, text, strlen(text)) : -ENOMEM;

	free(text);
	return r < 0 ? r : sender_line_send(line);
}

int sender_line_send(struct sender_line *line)
{
	while (line->out.len > 0) {
		const ssize_t n = send(0, line->out.octets + line->out.at, line->out.len,
				       MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		notify_buffer_drop(&line->out, (size_t)n);
	}
	return 0;
}
