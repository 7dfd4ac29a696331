/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of common/conf/conf: a configuration file as text, made such that libconfuse can read
 * it. Pure. Texts are NUL-terminated.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A value that stands for nothing between braces; no text of a file is like it. */
#define CONF_TEXT_EMPTY "\1"

/*
 * libconfuse takes the end of a file inside a section for the section's end. Finds the
 * line of an outermost '{' that nothing closes, or 0.
 */
unsigned int conf_text_open_brace(char *text);

/*
 * libconfuse 3.3 counts the line of a comment three times. '#' begins one anywhere outside
 * strings, the others not inside a word: a//b is a value. One that is never closed stays.
 */
void conf_text_blank_comments(char *text);

/*
 * Overwrites the statement that begins with key in the given line with blanks, keeping
 * line ends. Returns whether it was found: else the text cannot be read further.
 */
bool conf_text_blank_statement(char *text, unsigned int line, const char *key);

/*
 * libconfuse tells nothing of KEY = {}: a copy that has CONF_TEXT_EMPTY in such braces, in
 * which lines keep their numbers. Call it after conf_text_blank_comments(). The caller's;
 * NULL when out of memory.
 */
char *conf_text_mark_empty(const char *text);
