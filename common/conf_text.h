/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of common/conf: a configuration file as text, made such that libconfuse can read
 * it. Pure. Texts are NUL-terminated.
 */
#pragma once

#include <stdbool.h>

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
