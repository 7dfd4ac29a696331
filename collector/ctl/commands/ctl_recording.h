/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pantauctl profile test --recording: what a profile makes of a recorded device. */
#pragma once

#include "collector/ctl/commands/ctl_commands.h"

/* Is --recording among the arguments? */
bool ctl_recording_asked(int argc, char **argv);
ctl_command_fn ctl_profile_recording;
