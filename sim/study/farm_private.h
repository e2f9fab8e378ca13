/*
 * farm_private - how a rank other than the first takes part in a farm, and what it has in common with the first.
 */
#ifndef SIM_STUDY_FARM_PRIVATE_H
#define SIM_STUDY_FARM_PRIVATE_H

#include "sim/study/ranks_private.h"
#include "sim/study/workers_private.h"

/* MPI's own waiting spins and would take a processor from the workers: we look and sleep, 50 us after something moved, twice
 * as long each time that nothing does, to 2 ms. */
struct nap { uint64_t ns; };
uint64_t nap_until(struct nap *nap, bool moved); /* of the monotonic clock */

/* Run what rank 0 sends until it ends the farm; waits for the workers' last jobs. */
void farm_serve(const struct farm *f, struct workers *own);

void letter_put_job(struct bytes *b, struct job job);
struct job letter_get_job(struct bytes_reader *r);

/* Next result of a letter; *bytes is NULL where its worker had no memory, and its place is within the letter. */
struct result { struct job job; uint64_t ns; const unsigned char *bytes; size_t n; };
struct result letter_get_result(struct bytes_reader *r);

#endif
