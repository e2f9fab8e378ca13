/*
 * ranks - the processes that a launcher (mpirun, srun) started together, and MPI between them.
 *
 * A process that no launcher started does not touch MPI.  Rank 0 is the one that writes; the others run the same program over
 * the same study and take part in its farms (farm.h).  Losing a rank ends them all: what rank 0 has committed stays.
 */
#ifndef SIM_STUDY_RANKS_H
#define SIM_STUDY_RANKS_H

#include <stdbool.h>
#include <stddef.h>

struct post;

struct ranks {
	int rank, size;          /* 0 and 1 when alone */
	const struct post *post; /* between them; NULL when alone */
};

/* Once, by the main thread, which alone may use *r.  False: several were started and cannot work together, as *why says:
 * each would believe itself alone, and write over the others. */
bool ranks_begin(struct ranks *r, const char **why);

/* All ranks call these, in the same order; they sleep while others are busy.  Alone: nothing to do, and true. */
void ranks_share(const struct ranks *r, void *v, size_t n);             /* v gets what rank 0 has there */
bool ranks_agree(const struct ranks *r, const char *text);              /* whether it is the same everywhere; up to 191 bytes */

/* Once, when the work of all ranks is done; also after ranks_begin said false. */
void ranks_end(void);

/* How many processes a launcher started together, and which of them this is, as far as the environment says; 0: none did. */
long ranks_launched(long *rank);

/* The MPI that the program was built with, as "Open MPI 4.1.4"; NULL: none. */
const char *ranks_mpi(void);

#endif
