#include "sim/study/farm_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/kernel/bug.h"

enum { STATE_IDLE, STATE_RUNNING, STATE_BROKEN };

/* In the byte order of the machine, on which alone it is read. */
struct slot {
	uint32_t state;
	int32_t tid;
	struct job job;
	char spare[40]; /* to a cache line: workers write their slots all the time */
};
struct head {
	char magic[8];
	uint32_t n_slots;
	char spare[52];
};
_Static_assert(sizeof(struct slot) == 64 && sizeof(struct head) == 64, "a cache line each");

static const char magic[8] = "sccfarm";
static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE };
enum { N_SIGNALS = sizeof signals / sizeof signals[0] };

struct farm_watch {
	struct head *head;
	struct slot *slots; /* behind the head */
	size_t size;
	char *path;
	struct sigaction before[N_SIGNALS];
	bool handles;
};

/* The one variable of the process that is not handed down: a signal handler is given no context of ours. */
static struct farm_watch *watched;

static int32_t this_thread(void)
{
	return (int32_t)syscall(SYS_gettid);
}

/* Async-signal-safe: stores, gettid, sigaction and raise. */
static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)context;
	struct farm_watch *w = watched;
	int32_t tid = this_thread();

	for (uint32_t i = 0; i < w->head->n_slots; i++)
		if (w->slots[i].tid == tid && w->slots[i].state == STATE_RUNNING)
			w->slots[i].state = STATE_BROKEN;
	for (size_t i = 0; i < N_SIGNALS; i++)
		if (signals[i] == sig)
			sigaction(sig, &w->before[i], NULL);
	/* A fault comes again when we return to the instruction that made it; a signal that was sent must be sent anew,
	 * and stays blocked until we return. */
	if (info->si_code <= 0)
		raise(sig);
}

static bool map_file(struct farm_watch *w, unsigned workers)
{
	int fd = open(w->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		return false;
	w->size = sizeof *w->head + workers * sizeof *w->slots;
	/* Real blocks: a store into a hole of a full disk would be a SIGBUS. */
	int failed = posix_fallocate(fd, 0, (off_t)w->size);
	void *map = failed ? MAP_FAILED : mmap(NULL, w->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (!failed && map == MAP_FAILED)
		failed = errno;
	close(fd);
	if (failed) {
		unlink(w->path);
		errno = failed;
		return false;
	}
	w->head = map;
	w->slots = (struct slot *)(w->head + 1);
	w->head->n_slots = workers;
	memcpy(w->head->magic, magic, sizeof magic);
	return true;
}

struct farm_watch *farm_watch_open(const char *path, unsigned workers)
{
	struct farm_watch *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->path = strdup(path);
	if (!w->path || !map_file(w, workers)) {
		int why = errno;
		free(w->path);
		free(w);
		errno = why;
		return NULL;
	}
	return w;
}

void farm_watch_close(struct farm_watch *w)
{
	if (!w)
		return;
	if (w->handles) {
		for (size_t i = 0; i < N_SIGNALS; i++)
			sigaction(signals[i], &w->before[i], NULL);
		watched = NULL;
	}
	unlink(w->path);
	munmap(w->head, w->size);
	free(w->path);
	free(w);
}

void farm_watch_signals(struct farm_watch *w)
{
	struct sigaction act = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	BUG_ON(NULL, watched != NULL);
	watched = w;
	w->handles = true;
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < N_SIGNALS; i++)
		sigaction(signals[i], &act, &w->before[i]);
}

void farm_watch_enter(struct farm_watch *w, unsigned worker, char *stack)
{
	stack_t there, ours = { .ss_sp = stack, .ss_size = FARM_WATCH_STACK };

	if (!w)
		return;
	BUG_ON(NULL, worker >= w->head->n_slots);
	w->slots[worker].tid = this_thread();
	if (sigaltstack(NULL, &there) == 0 && there.ss_flags & SS_DISABLE)
		sigaltstack(&ours, NULL);
}

void farm_watch_begin(struct farm_watch *w, unsigned worker, struct job job)
{
	if (!w)
		return;
	w->slots[worker].job = job;
	__atomic_store_n(&w->slots[worker].state, STATE_RUNNING, __ATOMIC_RELEASE);
}

void farm_watch_end(struct farm_watch *w, unsigned worker)
{
	if (w)
		__atomic_store_n(&w->slots[worker].state, STATE_IDLE, __ATOMIC_RELEASE);
}

void farm_watch_leave(struct farm_watch *w, unsigned worker, const char *stack)
{
	stack_t there, none = { .ss_flags = SS_DISABLE };

	if (!w)
		return;
	w->slots[worker].tid = 0;
	if (sigaltstack(NULL, &there) == 0 && there.ss_sp == stack)
		sigaltstack(&none, NULL);
}

static bool read_all(int fd, void *v, size_t n)
{
	return pread(fd, v, n, 0) == (ssize_t)n;
}

/* The file's bytes; NULL where errno says why. */
static void *load(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *v = NULL;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) != 0 || st.st_size < (off_t)sizeof(struct head)) {
		errno = EINVAL;
	} else {
		*size = (size_t)st.st_size;
		v = malloc(*size);
		if (v && !read_all(fd, v, *size)) {
			free(v);
			v = NULL;
			errno = EIO;
		}
	}
	int why = errno;
	close(fd);
	errno = why;
	return v;
}

bool farm_watch_read(const char *path, struct job **jobs, size_t *n)
{
	size_t size = 0;
	struct head *head = load(path, &size);

	*jobs = NULL;
	*n = 0;
	if (!head)
		return false;
	const struct slot *slots = (const struct slot *)(head + 1);
	bool ok = memcmp(head->magic, magic, sizeof magic) == 0 && size == sizeof *head + head->n_slots * sizeof *slots;
	errno = EINVAL;
	if (ok && head->n_slots > 0) {
		*jobs = calloc(head->n_slots, sizeof **jobs);
		ok = *jobs != NULL;
	}
	for (uint32_t i = 0; ok && i < head->n_slots; i++)
		if (slots[i].state == STATE_BROKEN)
			(*jobs)[(*n)++] = slots[i].job;
	if (*n == 0) {
		free(*jobs);
		*jobs = NULL;
	}
	int why = errno;
	free(head);
	errno = why;
	return ok;
}
