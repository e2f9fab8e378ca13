/* record_private - how records of runs and studies are told from other SQLite files. */
#ifndef SIM_OUTPUT_RECORD_PRIVATE_H
#define SIM_OUTPUT_RECORD_PRIVATE_H

/* version: of the tables; a reader refuses others. */
enum { RECORD_APPLICATION = 0x73636369, RECORD_STUDY = 0x73636373, RECORD_VERSION = 3 };

#endif
