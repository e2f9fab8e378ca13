/*
 * job - what a farm hands out: one replication of one point of a study.
 */
#ifndef SIM_STUDY_JOB_H
#define SIM_STUDY_JOB_H

#include <stdint.h>

struct job { uint64_t point, replication; };

#endif
