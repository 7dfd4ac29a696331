/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists whose links are in their elements, with the names and the meaning that queue(3)
 * gives them. <sys/queue.h> is not in musl, the C library of the routers.
 *
 *	LIST    taken out anywhere, put in at the front
 *	STAILQ  taken out at the front, put in at the end
 *	TAILQ   taken out anywhere, put in at either end
 *
 * An element is of struct type and has the entry as its member field. An element that is
 * taken out keeps its links as they were.
 */
#pragma once

#include <stddef.h>

/* from: what points to this element, the head or the next of the one before it */
#define LIST_HEAD(name, type)                                                                      \
	struct name {                                                                              \
		struct type *first;                                                                \
	}
#define LIST_ENTRY(type)                                                                           \
	struct {                                                                                   \
		struct type *next, **from;                                                         \
	}

#define LIST_INIT(head)		       ((head)->first = NULL)
#define LIST_FIRST(head)	       ((head)->first)
#define LIST_FOREACH(var, head, field) for ((var) = (head)->first; (var); (var) = (var)->field.next)

#define LIST_INSERT_HEAD(head, elm, field)                                                         \
	do {                                                                                       \
		(elm)->field.next = (head)->first;                                                 \
		(elm)->field.from = &(head)->first;                                                \
		if ((head)->first)                                                                 \
			(head)->first->field.from = &(elm)->field.next;                            \
		(head)->first = (elm);                                                             \
	} while (0)

#define LIST_REMOVE(elm, field)                                                                    \
	do {                                                                                       \
		if ((elm)->field.next)                                                             \
			(elm)->field.next->field.from = (elm)->field.from;                         \
		*(elm)->field.from = (elm)->field.next;                                            \
	} while (0)

/* end: the empty pointer behind the last element */
#define STAILQ_HEAD(name, type)                                                                    \
	struct name {                                                                              \
		struct type *first, **end;                                                         \
	}
#define STAILQ_ENTRY(type)                                                                         \
	struct {                                                                                   \
		struct type *next;                                                                 \
	}

#define STAILQ_HEAD_INITIALIZER(head)                                                              \
	{                                                                                          \
		NULL, &(head).first                                                                \
	}
#define STAILQ_FIRST(head) ((head)->first)
#define STAILQ_EMPTY(head) (!(head)->first)
#define STAILQ_FOREACH(var, head, field)                                                           \
	for ((var) = (head)->first; (var); (var) = (var)->field.next)

#define STAILQ_INIT(head)                                                                          \
	do {                                                                                       \
		(head)->first = NULL;                                                              \
		(head)->end = &(head)->first;                                                      \
	} while (0)

#define STAILQ_INSERT_TAIL(head, elm, field)                                                       \
	do {                                                                                       \
		(elm)->field.next = NULL;                                                          \
		*(head)->end = (elm);                                                              \
		(head)->end = &(elm)->field.next;                                                  \
	} while (0)

#define STAILQ_REMOVE_HEAD(head, field)                                                            \
	do {                                                                                       \
		(head)->first = (head)->first->field.next;                                         \
		if (!(head)->first)                                                                \
			(head)->end = &(head)->first;                                              \
	} while (0)

/* All of other go behind those of head; other is empty then. */
#define STAILQ_CONCAT(head, other)                                                                 \
	do {                                                                                       \
		if ((other)->first) {                                                              \
			*(head)->end = (other)->first;                                             \
			(head)->end = (other)->end;                                                \
			STAILQ_INIT(other);                                                        \
		}                                                                                  \
	} while (0)

#define TAILQ_HEAD(name, type) STAILQ_HEAD(name, type)
#define TAILQ_ENTRY(type)      LIST_ENTRY(type)
#define TAILQ_INIT(head)       STAILQ_INIT(head)
#define TAILQ_FIRST(head)      ((head)->first)
#define TAILQ_EMPTY(head)      (!(head)->first)

#define TAILQ_FOREACH(var, head, field) LIST_FOREACH (var, head, field)

#define TAILQ_INSERT_HEAD(head, elm, field)                                                        \
	do {                                                                                       \
		if (!(head)->first)                                                                \
			(head)->end = &(elm)->field.next;                                          \
		LIST_INSERT_HEAD(head, elm, field);                                                \
	} while (0)

#define TAILQ_INSERT_TAIL(head, elm, field)                                                        \
	do {                                                                                       \
		(elm)->field.from = (head)->end;                                                   \
		STAILQ_INSERT_TAIL(head, elm, field);                                              \
	} while (0)

#define TAILQ_REMOVE(head, elm, field)                                                             \
	do {                                                                                       \
		if (!(elm)->field.next)                                                            \
			(head)->end = (elm)->field.from;                                           \
		LIST_REMOVE(elm, field);                                                           \
	} while (0)
