/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the programs end with. The numbers mean the same in all of them: service units, scripts
 * and the manual pages know them.
 */
#pragma once

enum exit_status {
	EXIT_STATUS_OK = 0,	   /* done, or ended as asked */
	EXIT_STATUS_FAILED = 1,	   /* something else is in the way; it was said what */
	EXIT_STATUS_CONFIG = 2,	   /* the configuration is wrong; each mistake was named */
	EXIT_STATUS_NO_ANSWER = 3, /* pantauctl: the collector does not answer */
	EXIT_STATUS_USAGE = 64,	   /* wrong use: sysexits.h's EX_USAGE */
};
