/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/notify_frame.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void notify_buffer_deinit(struct notify_buffer *buffer)
{
	if (buffer->octets)
		explicit_bzero(buffer->octets, buffer->size); /* secrets went through it */
	free(buffer->octets);
	*buffer = (struct notify_buffer){0};
}

/* Room for len more behind what is there. A larger copy is made by hand: realloc would leave
 * secrets where it was. */
static int make_room(struct notify_buffer *buffer, size_t len)
{
	struct notify_buffer larger = {.len = buffer->len, .size = 4096};

	if (buffer->size - buffer->at - buffer->len >= len)
		return 0;
	while (larger.size < buffer->len + len)
		larger.size *= 2;
	larger.octets = malloc(larger.size);
	if (!larger.octets)
		return -ENOMEM;
	if (buffer->len > 0)
		memcpy(larger.octets, buffer->octets + buffer->at, buffer->len);
	notify_buffer_deinit(buffer);
	*buffer = larger;
	return 0;
}

int notify_buffer_append(struct notify_buffer *buffer, const void *octets, size_t len)
{
	const int r = len > 0 ? make_room(buffer, len) : 0;

	if (r < 0 || len == 0)
		return r;
	memcpy(buffer->octets + buffer->at + buffer->len, octets, len);
	buffer->len += len;
	return 0;
}

void notify_buffer_drop(struct notify_buffer *buffer, size_t len)
{
	assert(len <= buffer->len);
	buffer->at += len;
	buffer->len -= len;
	if (buffer->len == 0)
		notify_buffer_deinit(buffer);
}

int notify_frame_put(struct notify_buffer *buffer, const char *text, size_t len)
{
	const uint8_t head[NOTIFY_FRAME_HEAD] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16),
						 (uint8_t)(len >> 8), (uint8_t)len};
	int r;

	if (len > NOTIFY_FRAME_MAX)
		return -EMSGSIZE;
	r = make_room(buffer, sizeof(head) + len);
	if (r == 0)
		r = notify_buffer_append(buffer, head, sizeof(head));
	return r < 0 ? r : notify_buffer_append(buffer, text, len);
}

int notify_frame_get(const struct notify_buffer *buffer, const char **ret, size_t *ret_len)
{
	const uint8_t *head;
	size_t len;

	if (buffer->len < NOTIFY_FRAME_HEAD)
		return 0;
	head = buffer->octets + buffer->at;
	len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (len > NOTIFY_FRAME_MAX)
		return -EMSGSIZE;
	if (buffer->len - NOTIFY_FRAME_HEAD < len)
		return 0;
	*ret = (const char *)head + NOTIFY_FRAME_HEAD;
	*ret_len = len;
	return 1;
}
