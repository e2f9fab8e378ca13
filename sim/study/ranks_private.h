/*
 * ranks_private - letters between ranks.  For the main thread only.
 *
 *     BEGIN    from 0: a farm begins
 *     HELLO    to 0:   the answer; u64 workers of the rank
 *     JOBS     from 0: per job u64 point, u64 replication
 *     RESULTS  to 0:   per result the job, u64 ns it took, u64 length + 1 (0: no memory for it), the bytes
 *     STOP     to 0:   the rank was told to stop
 *     END      from 0: begin no further job
 *     LAST     to 0:   nothing more comes in this farm
 *
 * Letters from one rank to another arrive in their order, and no rank says anything between LAST and BEGIN, so that one farm may
 * follow another.
 */
#ifndef SIM_STUDY_RANKS_PRIVATE_H
#define SIM_STUDY_RANKS_PRIVATE_H

#include "sim/study/bytes.h"
#include "sim/study/ranks.h"

enum letter_kind { LETTER_BEGIN = 1, LETTER_HELLO, LETTER_JOBS, LETTER_RESULTS, LETTER_STOP, LETTER_END, LETTER_LAST };

struct letter { int from; enum letter_kind kind; struct bytes body; };

/* A letter on its way. */
struct sending;

struct post {
	/* For short letters (a KiB or two): does not wait, as long as the other rank looks at its post. */
	void (*send)(int to, enum letter_kind kind, const struct bytes *body);
	/* The next letter, if there is one; its body is good until the next call, and at last the caller's to free. */
	bool (*receive)(struct letter *l);
	/* For long ones: takes *body over and leaves it empty. */
	struct sending *(*begin)(int to, enum letter_kind kind, struct bytes *body);
	bool (*sent)(struct sending *s); /* true: it has gone, and s with it */
	/* End all ranks: the others would wait for this one. */
	void (*out_of_memory)(void);
};

/* Letters may be no longer than an int says. */
enum { LETTER_MAX = 1 << 30 };

#endif
