#include "sim/study/farm.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/kernel/bug.h"
#include "sim/study/farm_private.h"

/* The workers of one rank, as the coordinator sees them. */
struct crew {
	unsigned workers; /* 0: it has not yet said */
	size_t out;       /* jobs that it has, run or not */
	size_t n_box;
	struct job box[FARM_AHEAD_MAX]; /* to go to it together */
};

struct coordinator {
	const struct farm *farm;
	struct workers *own;     /* of this rank */
	const struct post *post; /* to the others; NULL: there are none */
	struct crew *crews;      /* by rank */
	size_t n_crews, turn;
	struct letter letter;
	struct pace pace;
	struct nap nap;
	enum farm_answer answer; /* of next() */
	bool may_ask;            /* a result has been taken since FARM_WAIT */
	bool refused;            /* by take() */
	bool stopped;            /* on another rank */
	bool closed;             /* nothing more is handed out */
	size_t n_last;           /* ranks that have nothing more to say */
	uint64_t given, taken;
	uint64_t next_tick;
};

enum { NS_PER_MS = 1000000 };

static void tick(struct coordinator *c)
{
	uint64_t now = clock_ns();

	if (now < c->next_tick)
		return;
	if (c->farm->tick)
		c->farm->tick(c->farm->ctx);
	/* From when it ended: a commit to a slow disk must not leave time for nothing else. */
	c->next_tick = clock_ns() + FARM_TICK_MS * (uint64_t)NS_PER_MS;
}

static bool ask(struct coordinator *c, struct job *job)
{
	if (c->answer == FARM_DONE || (c->answer == FARM_WAIT && !c->may_ask))
		return false;
	c->may_ask = false;
	c->answer = c->farm->next(c->farm->ctx, job);
	/* Nothing is out and nothing may be handed out: this would never end. */
	BUG_ON(NULL, c->answer == FARM_WAIT && c->given == c->taken);
	return c->answer == FARM_JOB;
}

static void send_box(struct coordinator *c, size_t rank)
{
	struct crew *crew = &c->crews[rank];
	struct bytes body = { 0 };

	if (rank == 0) {
		workers_give(c->own, crew->box, crew->n_box);
	} else {
		for (size_t i = 0; i < crew->n_box; i++)
			letter_put_job(&body, crew->box[i]);
		c->post->send((int)rank, LETTER_JOBS, &body);
		bytes_free(&body);
	}
	crew->n_box = 0;
}

/* One job each in turn, up to `each` per worker, so that few jobs are spread over all.  False: there are no more now. */
static bool deal(struct coordinator *c, size_t each)
{
	size_t full = 0;

	while (full < c->n_crews) {
		struct crew *crew = &c->crews[c->turn];
		full++;
		if (crew->out < crew->workers * each) {
			if (!ask(c, &crew->box[crew->n_box]))
				return false;
			full = 0;
			crew->out++;
			c->given++;
			if (++crew->n_box == FARM_AHEAD_MAX)
				send_box(c, c->turn);
		}
		c->turn = (c->turn + 1) % c->n_crews;
	}
	return true;
}

/* To idle workers first. */
static void hand_out(struct coordinator *c)
{
	if (deal(c, 1))
		deal(c, 1 + pace_ahead(&c->pace));
	for (size_t i = 0; i < c->n_crews; i++)
		if (c->crews[i].n_box > 0)
			send_box(c, i);
}

static void take(struct coordinator *c, size_t rank, const struct result *r)
{
	const struct farm *f = c->farm;

	c->crews[rank].out--;
	pace_add(&c->pace, r->ns);
	c->may_ask = true;
	if (c->refused)
		return;
	c->refused = f->take(f->ctx, r->job, r->bytes, r->n) != 0;
	if (!c->refused)
		c->taken++;
	tick(c);
}

static void take_own(struct coordinator *c)
{
	struct done *v;
	size_t n = workers_collect(c->own, &v);

	for (size_t i = 0; i < n; i++) {
		struct result r = { .job = v[i].job, .ns = v[i].ns };
		if (!v[i].out.failed) {
			/* An empty result has no address of its own, but is one. */
			r.bytes = v[i].out.v ? v[i].out.v : (const unsigned char *)"";
			r.n = v[i].out.n;
		}
		take(c, 0, &r);
		bytes_free(&v[i].out);
	}
}

static void read_letter(struct coordinator *c)
{
	const struct letter *l = &c->letter;
	struct bytes_reader in = bytes_read(l->body.v, l->body.n);
	size_t from = (size_t)l->from;

	switch (l->kind) {
	case LETTER_HELLO: c->crews[from].workers = (unsigned)bytes_get_u64(&in); break;
	case LETTER_STOP: c->stopped = true; break;
	case LETTER_LAST: c->n_last++; break;
	case LETTER_RESULTS:
		while (!bytes_whole(&in)) {
			struct result r = letter_get_result(&in);
			BUG_ON(NULL, in.failed);
			take(c, from, &r);
		}
		break;
	case LETTER_BEGIN:
	case LETTER_JOBS:
	case LETTER_END: BUG_ON(NULL, true);
	}
}

/* True: there were some. */
static bool read_letters(struct coordinator *c)
{
	bool any = false;

	for (; c->post && c->post->receive(&c->letter); any = true)
		read_letter(c);
	return any;
}

static void rest(struct coordinator *c, bool moved)
{
	size_t ahead = c->crews[0].workers * pace_ahead(&c->pace);
	uint64_t until = c->post ? nap_until(&c->nap, moved) : c->next_tick;

	/* While there is more to hand out, a half-full queue keeps the workers busy; after that every result counts. */
	workers_wait(c->own, c->answer == FARM_JOB && !c->closed ? ahead / 2 : SIZE_MAX,
		     until < c->next_tick ? until : c->next_tick);
}

static bool is_over(const struct coordinator *c)
{
	return c->refused || c->stopped || farm_stopped(c->farm) || (c->answer == FARM_DONE && c->taken == c->given);
}

static void tell_all(const struct coordinator *c, enum letter_kind kind)
{
	const struct bytes nothing = { 0 };

	for (size_t i = 1; c->post && i < c->n_crews; i++)
		c->post->send((int)i, kind, &nothing);
}

static void coordinate(struct coordinator *c)
{
	bool moved = true;

	tell_all(c, LETTER_BEGIN);
	for (;;) {
		if (!c->closed && is_over(c)) {
			c->closed = true;
			workers_close(c->own);
			tell_all(c, LETTER_END);
		}
		if (!c->closed)
			hand_out(c);
		else if (c->n_last == c->n_crews - 1 && workers_ended(c->own))
			return;
		if (c->closed || !is_over(c))
			rest(c, moved);
		take_own(c);
		moved = read_letters(c);
		tick(c);
	}
}

unsigned farm_threads(const struct farm *f)
{
	bool several = f->ranks && f->ranks->size > 1;
	unsigned n = f->threads ? f->threads : several ? 1 : farm_processors();

	return n > FARM_THREADS_MAX ? FARM_THREADS_MAX : n;
}

enum farm_end farm_work(const struct farm *f)
{
	struct coordinator c = { .farm = f, .own = workers_new(f), .n_crews = 1, .may_ask = true };
	enum farm_end end = FARM_NO_MEMORY;

	if (f->ranks && f->ranks->size > 1) {
		c.n_crews = (size_t)f->ranks->size;
		c.post = f->ranks->post;
	}
	c.crews = calloc(c.n_crews, sizeof *c.crews);
	if (c.post && (!c.own || !c.crews))
		c.post->out_of_memory();
	if (!c.own || !c.crews)
		goto out;
	if (c.post && f->ranks->rank > 0) {
		farm_serve(f, c.own);
		end = FARM_SERVED;
		goto out;
	}
	c.crews[0].workers = workers_count(c.own);
	c.next_tick = clock_ns() + FARM_TICK_MS * (uint64_t)NS_PER_MS;
	coordinate(&c);
	end = c.refused ? FARM_REFUSED : c.answer == FARM_DONE && c.taken == c.given ? FARM_COMPLETE : FARM_STOPPED;
out:
	workers_free(c.own);
	free(c.crews);
	bytes_free(&c.letter.body);
	return end;
}

const char *farm_mpi(void)
{
	return ranks_mpi();
}

/* Tasks whose results land in memory. */
struct tasks {
	task_fn *fn;
	void *ctx;
	size_t n, next, ran;
};

static void run_task(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	(void)worker, (void)out;
	struct tasks *t = ctx;

	t->fn(t->ctx, (size_t)job.replication);
}

static enum farm_answer next_task(void *ctx, struct job *job)
{
	struct tasks *t = ctx;

	if (t->next == t->n)
		return FARM_DONE;
	*job = (struct job){ .replication = t->next++ };
	return FARM_JOB;
}

static int take_task(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	(void)job, (void)bytes, (void)n;
	struct tasks *t = ctx;

	t->ran++;
	return 0;
}

size_t farm_run(task_fn *fn, void *ctx, size_t n, unsigned threads, volatile const int *stop)
{
	struct tasks t = { .fn = fn, .ctx = ctx, .n = n };
	struct farm f = { .ctx = &t, .run = run_task, .next = next_task, .take = take_task, .stop = stop };

	f.threads = threads ? threads : farm_processors();
	if (f.threads > n)
		f.threads = n > 0 ? (unsigned)n : 1;
	/* What is short of memory for a queue still runs its tasks, here. */
	if (farm_work(&f) == FARM_NO_MEMORY)
		for (; t.ran < n && !farm_stopped(&f); t.ran++)
			fn(ctx, t.ran);
	return t.ran;
}

unsigned farm_processors(void)
{
	cpu_set_t set;
	long n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > FARM_THREADS_MAX ? FARM_THREADS_MAX : (unsigned)n;
}
