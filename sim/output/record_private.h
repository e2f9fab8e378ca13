/* record_private - how a record is told from other SQLite files. */
#ifndef SIM_OUTPUT_RECORD_PRIVATE_H
#define SIM_OUTPUT_RECORD_PRIVATE_H

/* version: of the tables; a reader refuses others. */
enum { RECORD_APPLICATION = 0x73636369, RECORD_VERSION = 1 };

#endif
