/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The standard object identifiers that agent and collector serve, ask for or receive: arcs to
 * be written between braces; an object without its instance, as PANTAU_OID_x in pantau_mib.h.
 */
#pragma once

/* SNMPv2-MIB (RFC 3418) */
#define SNMP_OID_SYSTEM		 1, 3, 6, 1, 2, 1, 1
#define SNMP_OID_SYS_DESCR	 SNMP_OID_SYSTEM, 1
#define SNMP_OID_SYS_OBJECT_ID	 SNMP_OID_SYSTEM, 2
#define SNMP_OID_SYS_UPTIME	 SNMP_OID_SYSTEM, 3
#define SNMP_OID_SYS_NAME	 SNMP_OID_SYSTEM, 5
#define SNMP_OID_SYS_OR_ENTRY	 SNMP_OID_SYSTEM, 9, 1
#define SNMP_OID_SNMP		 1, 3, 6, 1, 2, 1, 11
#define SNMP_OID_SNMPV2_MIB	 1, 3, 6, 1, 6, 3, 1
#define SNMP_OID_TRAP_ENTERPRISE SNMP_OID_SNMPV2_MIB, 1, 4, 3
#define SNMP_OID_TRAP_OID	 SNMP_OID_SNMPV2_MIB, 1, 4, 1
#define SNMP_OID_TRAPS		 SNMP_OID_SNMPV2_MIB, 1, 5
enum snmp_trap { /* the last arc below SNMP_OID_TRAPS */
		 SNMP_TRAP_COLD_START = 1,
		 SNMP_TRAP_WARM_START = 2,
		 SNMP_TRAP_LINK_DOWN = 3,
		 SNMP_TRAP_LINK_UP = 4,
		 SNMP_TRAP_AUTH_FAILURE = 5,
};

/* IF-MIB (RFC 2863), HOST-RESOURCES-MIB (RFC 2790) */
#define SNMP_OID_INTERFACES	  1, 3, 6, 1, 2, 1, 2
#define SNMP_OID_IF_NUMBER	  SNMP_OID_INTERFACES, 1
#define SNMP_OID_IF_ENTRY	  SNMP_OID_INTERFACES, 2, 1
#define SNMP_OID_IF_MIB		  1, 3, 6, 1, 2, 1, 31
#define SNMP_OID_IF_MIB_OBJECTS	  SNMP_OID_IF_MIB, 1
#define SNMP_OID_IFX_ENTRY	  SNMP_OID_IF_MIB, 1, 1, 1
#define SNMP_OID_HR_SYSTEM_UPTIME 1, 3, 6, 1, 2, 1, 25, 1, 1
enum snmp_if_column { /* below SNMP_OID_IF_ENTRY, */
		      SNMP_IF_INDEX = 1,
		      SNMP_IF_DESCR = 2,
		      SNMP_IF_ADMIN_STATUS = 7,
		      SNMP_IF_OPER_STATUS = 8,
		      SNMP_IFX_NAME = 1, /* and below SNMP_OID_IFX_ENTRY */
		      SNMP_IFX_ALIAS = 18,
};

/* SNMP-FRAMEWORK-MIB (RFC 3411), SNMP-MPD-MIB (RFC 3412), SNMP-TARGET-MIB (RFC 3413) */
#define SNMP_OID_AUTH_PROTOCOLS	      1, 3, 6, 1, 6, 3, 10, 1, 1
#define SNMP_OID_PRIV_PROTOCOLS	      1, 3, 6, 1, 6, 3, 10, 1, 2
#define SNMP_OID_ENGINE		      1, 3, 6, 1, 6, 3, 10, 2, 1
#define SNMP_OID_FRAMEWORK_COMPLIANCE 1, 3, 6, 1, 6, 3, 10, 3, 1, 1
#define SNMP_OID_MPD_STATS	      1, 3, 6, 1, 6, 3, 11, 2, 1
#define SNMP_OID_UNKNOWN_HANDLERS     SNMP_OID_MPD_STATS, 3
#define SNMP_OID_UNKNOWN_CONTEXTS     1, 3, 6, 1, 6, 3, 12, 1, 5

/* SNMP-USER-BASED-SM-MIB (RFC 3414), SNMP-VIEW-BASED-ACM-MIB (RFC 3415), SNMP-COMMUNITY-MIB
 * (RFC 3584) */
#define SNMP_OID_USM_STATS	    1, 3, 6, 1, 6, 3, 15, 1, 1
#define SNMP_OID_USM_USER	    1, 3, 6, 1, 6, 3, 15, 1, 2
#define SNMP_OID_USM_USER_ENTRY	    SNMP_OID_USM_USER, 2, 1
#define SNMP_OID_USM_COMPLIANCE	    1, 3, 6, 1, 6, 3, 15, 2, 1, 1
#define SNMP_OID_VACM		    1, 3, 6, 1, 6, 3, 16
#define SNMP_OID_VACM_CONTEXT_ENTRY SNMP_OID_VACM, 1, 1, 1
#define SNMP_OID_VACM_NAME_ENTRY    SNMP_OID_VACM, 1, 2, 1
#define SNMP_OID_VACM_GROUP_ENTRY   SNMP_OID_VACM, 1, 4, 1
#define SNMP_OID_VACM_FAMILY_ENTRY  SNMP_OID_VACM, 1, 5, 2, 1
#define SNMP_OID_VACM_COMPLIANCE    SNMP_OID_VACM, 2, 1, 1
#define SNMP_OID_TRAP_ADDRESS	    1, 3, 6, 1, 6, 3, 18, 1, 3
#define SNMP_OID_TRAP_COMMUNITY	    1, 3, 6, 1, 6, 3, 18, 1, 4
enum usm_stat {			    /* the arc below SNMP_OID_USM_STATS */
		USM_STAT_OTHER = 0, /* of something else */
		USM_STAT_UNSUPPORTED_LEVELS = 1,
		USM_STAT_NOT_IN_WINDOWS = 2,
		USM_STAT_UNKNOWN_USERS = 3,
		USM_STAT_UNKNOWN_ENGINES = 4,
		USM_STAT_WRONG_DIGESTS = 5,
		USM_STAT_DECRYPTION_ERRORS = 6,
		USM_STAT_N
};
