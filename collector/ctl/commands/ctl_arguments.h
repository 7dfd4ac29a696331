/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of pantauctl as they stand. Pure. */
#pragma once

/*
 * The options that every command takes may stand behind it too: moves them, with their values, in
 * front of the command. argv[0] stays; what stands behind "--" too.
 */
void ctl_arguments_sort(int argc, char **argv);
