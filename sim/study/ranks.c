#include "sim/study/ranks_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const size_names[] = { "OMPI_COMM_WORLD_SIZE", "PMI_SIZE" };

/* How many processes a launcher started; 0: none started this one.  Slurm says the number in a variable of its own, which
 * counts only with a sign that its tasks shall be ranks. */
static long launched(void)
{
	const char *n = NULL;

	for (size_t i = 0; i < sizeof size_names / sizeof size_names[0] && !n; i++)
		n = getenv(size_names[i]);
	if (!n && (getenv("PMIX_RANK") || getenv("PMI_RANK"))) {
		n = getenv("SLURM_STEP_NUM_TASKS");
		if (!n)
			n = "1";
	}
	return n ? strtol(n, NULL, 10) : 0;
}

long ranks_launched(long *rank)
{
	static const char *const names[] = { "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK" };
	const char *text = NULL;

	for (size_t i = 0; i < sizeof names / sizeof names[0] && !text; i++)
		text = getenv(names[i]);
	*rank = text ? strtol(text, NULL, 10) : 0;
	return launched();
}

#ifdef SCCSIM_MPI
#include <mpi.h>

#include "sim/kernel/bug.h"

/* Errors of MPI end all ranks with a message of its own: that is its default, and no call here sees one. */

struct sending {
	MPI_Request request;
	struct bytes body;
};

static _Noreturn void no_memory(void)
{
	fprintf(stderr, "sccsim: a rank is out of memory\n");
	MPI_Abort(MPI_COMM_WORLD, 3);
	abort();
}

static void send_letter(int to, enum letter_kind kind, const struct bytes *body)
{
	BUG_ON(NULL, body->n > LETTER_MAX);
	if (body->failed)
		no_memory();
	MPI_Send(body->v, (int)body->n, MPI_BYTE, to, (int)kind, MPI_COMM_WORLD);
}

static bool receive_letter(struct letter *l)
{
	MPI_Status status;
	int here = 0, n = 0;

	MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &here, &status);
	if (!here)
		return false;
	MPI_Get_count(&status, MPI_BYTE, &n);
	l->from = status.MPI_SOURCE;
	l->kind = (enum letter_kind)status.MPI_TAG;
	if ((size_t)n > l->body.cap) {
		bytes_free(&l->body);
		l->body.v = malloc((size_t)n);
		if (!l->body.v)
			no_memory();
		l->body.cap = (size_t)n;
	}
	l->body.n = (size_t)n;
	MPI_Recv(l->body.v, n, MPI_BYTE, l->from, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	return true;
}

static struct sending *begin_sending(int to, enum letter_kind kind, struct bytes *body)
{
	struct sending *s = malloc(sizeof *s);

	if (!s || body->failed)
		no_memory();
	BUG_ON(NULL, body->n > LETTER_MAX);
	s->body = *body;
	*body = (struct bytes){ 0 };
	MPI_Isend(s->body.v, (int)s->body.n, MPI_BYTE, to, (int)kind, MPI_COMM_WORLD, &s->request);
	return s;
}

static bool has_gone(struct sending *s)
{
	int gone = 0;

	MPI_Test(&s->request, &gone, MPI_STATUS_IGNORE);
	if (!gone)
		return false;
	bytes_free(&s->body);
	free(s);
	return true;
}

static const struct post by_mpi = { send_letter, receive_letter, begin_sending, has_gone, no_memory };

bool ranks_begin(struct ranks *r, const char **why)
{
	int level = MPI_THREAD_SINGLE;

	*r = (struct ranks){ .rank = 0, .size = 1 };
	if (launched() == 0)
		return true;
	MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
	MPI_Comm_rank(MPI_COMM_WORLD, &r->rank);
	MPI_Comm_size(MPI_COMM_WORLD, &r->size);
	if (r->size > 1)
		r->post = &by_mpi;
	/* Two MPIs on one machine: the launcher of the one does not tell ranks to the other. */
	if (r->size == 1 && launched() > 1)
		*why = "started as several ranks by the launcher of another MPI than the program was built with";
	else if (level < MPI_THREAD_FUNNELED)
		*why = "this MPI allows no threads";
	else
		return true;
	return false;
}

/* MPI would wait at full speed. */
static void wait_for(MPI_Request *request)
{
	struct timespec nap = { 0, 50000 };
	int done = 0;

	for (MPI_Test(request, &done, MPI_STATUS_IGNORE); !done; MPI_Test(request, &done, MPI_STATUS_IGNORE)) {
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 2000000)
			nap.tv_nsec *= 2;
	}
}

void ranks_share(const struct ranks *r, void *v, size_t n)
{
	MPI_Request request;

	if (r->size <= 1)
		return;
	BUG_ON(NULL, n > LETTER_MAX);
	MPI_Ibcast(v, (int)n, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
	wait_for(&request);
	MPI_Wait(&request, MPI_STATUS_IGNORE); /* it is there */
}

bool ranks_agree(const struct ranks *r, const char *text)
{
	char first[192] = "";
	MPI_Request request;
	int same, all = 1;

	if (r->size <= 1)
		return true;
	snprintf(first, sizeof first, "%s", text);
	ranks_share(r, first, sizeof first);
	same = strncmp(first, text, sizeof first - 1) == 0;
	MPI_Iallreduce(&same, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD, &request);
	wait_for(&request);
	MPI_Wait(&request, MPI_STATUS_IGNORE); /* it is there */
	return all != 0;
}

void ranks_end(void)
{
	int began = 0;

	MPI_Initialized(&began);
	if (began)
		MPI_Finalize();
}

#define TEXT(x)   #x
#define NUMBER(x) TEXT(x)

const char *ranks_mpi(void)
{
#if defined(OMPI_MAJOR_VERSION)
	return "Open MPI " NUMBER(OMPI_MAJOR_VERSION) "." NUMBER(OMPI_MINOR_VERSION) "." NUMBER(OMPI_RELEASE_VERSION);
#elif defined(MPICH_VERSION)
	return "MPICH " MPICH_VERSION;
#else
	return "MPI " NUMBER(MPI_VERSION) "." NUMBER(MPI_SUBVERSION);
#endif
}

#else /* built without MPI */

bool ranks_begin(struct ranks *r, const char **why)
{
	*r = (struct ranks){ .rank = 0, .size = 1 };
	if (launched() <= 1)
		return true;
	*why = "started as several ranks, but built without MPI";
	return false;
}

void ranks_share(const struct ranks *r, void *v, size_t n)
{
	(void)r, (void)v, (void)n;
}

bool ranks_agree(const struct ranks *r, const char *text)
{
	(void)r, (void)text;
	return true;
}

void ranks_end(void)
{
}

const char *ranks_mpi(void)
{
	return NULL;
}

#endif
