/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts on a stream: four octets of length, highest first, then as many of text. One side puts
 * frames into a buffer and sends from its front; the other appends what comes and takes frames out.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"

enum { NOTIFY_FRAME_HEAD = 4, NOTIFY_FRAME_MAX = 512 * 1024 /* octets of text */ };

struct notify_buffer {
	uint8_t *octets;
	size_t at, len, size; /* what is there begins at at; len octets of it */
};

void notify_buffer_deinit(struct notify_buffer *buffer);
/* 0 or -ENOMEM. */
must_check_ int notify_buffer_append(struct notify_buffer *buffer, const void *octets, size_t len);
/* len octets of the front are done with. len <= buffer->len. */
void notify_buffer_drop(struct notify_buffer *buffer, size_t len);

/* 0; -EMSGSIZE: more than NOTIFY_FRAME_MAX; -ENOMEM. Then the buffer is as it was. */
must_check_ int notify_frame_put(struct notify_buffer *buffer, const char *text, size_t len);
/* The frame at the front: 1, text valid until the buffer changes, to be dropped with its head; 0: not
 * whole yet; -EMSGSIZE: it is too large, the stream is of no use any more. */
must_check_ int notify_frame_get(const struct notify_buffer *buffer, const char **ret,
				 size_t *ret_len);
