/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/series/sample_queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 4 };

static size_t stride(const struct sample_queue *queue)
{
	return sizeof(struct sample_queue_entry) + queue->n_ds * sizeof(double);
}

static struct sample_queue_entry *entry_at(const struct sample_queue *queue, size_t i)
{
	return (struct sample_queue_entry *)(void *)(queue->octets + i * stride(queue));
}

struct sample_queue_entry *sample_queue_put(struct sample_queue *queue)
{
	assert(queue->n_ds > 0);
	if (queue->n == SAMPLE_QUEUE_MAX)
		return NULL;
	if (queue->n == queue->size) {
		const size_t size = queue->size ? 2 * queue->size : FIRST_SIZE;
		unsigned char *octets = reallocarray(queue->octets, size, stride(queue));

		if (!octets)
			return NULL;
		queue->octets = octets;
		queue->size = size;
	}
	return entry_at(queue, queue->n++);
}

const struct sample_queue_entry *sample_queue_at(const struct sample_queue *queue, size_t i)
{
	assert(i < queue->n);
	return entry_at(queue, i);
}

void sample_queue_drop(struct sample_queue *queue, size_t n)
{
	assert(n <= queue->n);
	memmove(queue->octets, queue->octets + n * stride(queue), (queue->n - n) * stride(queue));
	queue->n -= n;
}

void sample_queue_clear(struct sample_queue *queue)
{
	free(queue->octets);
	queue->octets = NULL;
	queue->n = queue->size = 0;
}
