/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent's directories and whose they are: made where they are missing, and given to
 * the user that the agent becomes, with the files in them, so that it can write there
 * after it has given up root.
 */
#pragma once

/* Makes path (its parents too) with mode 0750 if it is not there. 0 or -errno, logged. */
int state_dirs_make(const char *path);
/* Gives path and the regular files in it (not below) to user. Does nothing unless root.
 * 0; -ENOENT if there is no such user; -errno; logged. */
int state_dirs_give(const char *path, const char *user);
