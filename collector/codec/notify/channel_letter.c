/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/channel_letter.h"

#include <string.h>

char *channel_letter_text(const struct channel_letter *letter, char buf[static NOTIFY_TEXT_SIZE])
{
	size_t n = strlen(notify_message_text(letter->message, buf, NOTIFY_TEXT_SIZE));

	while (n > 0 && buf[n - 1] == '\n')
		buf[--n] = '\0';
	return buf;
}
