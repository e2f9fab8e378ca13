#include "sim/study/farm_private.h"

#include <time.h>

#include "sim/kernel/bug.h"

enum { NAP_LEAST = 50000, NAP_MOST = 2000000, LETTER_FULL = 1 << 20 };

struct server {
	const struct farm *farm;
	const struct post *post;
	struct workers *own;
	struct done *done; /* collected; those from `at` on are still to be sent */
	size_t n_done, at;
	struct sending *sending;
	struct letter letter;
	struct pace pace;
	bool begun; /* rank 0 is in this farm too, and not at the end of the one before */
	bool told;  /* rank 0 knows that we are to stop */
	bool ended;
};

uint64_t nap_until(struct nap *nap, bool moved)
{
	nap->ns = moved || nap->ns == 0 ? NAP_LEAST : 2 * nap->ns;
	if (nap->ns > NAP_MOST)
		nap->ns = NAP_MOST;
	return clock_ns() + nap->ns;
}

void letter_put_job(struct bytes *b, struct job job)
{
	bytes_u64(b, job.point);
	bytes_u64(b, job.replication);
}

struct job letter_get_job(struct bytes_reader *r)
{
	uint64_t point = bytes_get_u64(r);

	return (struct job){ point, bytes_get_u64(r) };
}

static void put_result(struct bytes *b, struct done *d)
{
	bool whole = !d->out.failed && d->out.n < LETTER_MAX / 2;

	letter_put_job(b, d->job);
	bytes_u64(b, d->ns);
	bytes_u64(b, whole ? d->out.n + 1 : 0);
	if (whole)
		bytes_add(b, d->out.v, d->out.n);
	bytes_free(&d->out);
}

struct result letter_get_result(struct bytes_reader *r)
{
	struct result res = { .job = letter_get_job(r), .ns = bytes_get_u64(r) };
	uint64_t n = bytes_get_u64(r);

	if (n > 0) {
		res.n = (size_t)n - 1;
		res.bytes = bytes_get(r, res.n);
	}
	return res;
}

static void say_hello(const struct server *s)
{
	struct bytes hello = { 0 };

	bytes_u64(&hello, workers_count(s->own));
	s->post->send(0, LETTER_HELLO, &hello);
	bytes_free(&hello);
}

static bool read_orders(struct server *s)
{
	bool moved = false;

	for (; s->post->receive(&s->letter); moved = true) {
		struct bytes_reader r = bytes_read(s->letter.body.v, s->letter.body.n);
		if (s->letter.kind == LETTER_BEGIN) {
			say_hello(s);
			s->begun = true;
			continue;
		}
		if (s->letter.kind == LETTER_END) {
			workers_close(s->own);
			s->ended = true;
			return true; /* what follows belongs to the next farm */
		}
		BUG_ON(NULL, s->letter.kind != LETTER_JOBS);
		while (!bytes_whole(&r)) {
			struct job job = letter_get_job(&r);
			BUG_ON(NULL, r.failed);
			workers_give(s->own, &job, 1);
		}
	}
	return moved;
}

/* One letter is on its way at a time: while rank 0 is busy writing, the next one gathers more. */
static bool send_results(struct server *s)
{
	struct bytes body = { 0 };

	if (s->sending) {
		if (!s->post->sent(s->sending))
			return false;
		s->sending = NULL;
	}
	if (s->at == s->n_done) {
		s->at = 0;
		s->n_done = workers_collect(s->own, &s->done);
	}
	for (; s->at < s->n_done && body.n < LETTER_FULL; s->at++) {
		pace_add(&s->pace, s->done[s->at].ns);
		put_result(&body, &s->done[s->at]);
	}
	if (body.n == 0)
		return false;
	s->sending = s->post->begin(0, LETTER_RESULTS, &body);
	if (s->post->sent(s->sending))
		s->sending = NULL;
	return true;
}

static bool has_ended(const struct server *s)
{
	return s->ended && workers_ended(s->own) && s->at == s->n_done && !s->sending;
}

static void rest(struct server *s, uint64_t until_ns)
{
	struct timespec until = { .tv_sec = (time_t)(until_ns / 1000000000), .tv_nsec = (long)(until_ns % 1000000000) };

	/* Results wait for the letter that is on its way; until then they are no reason to wake. */
	if (s->sending)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	else
		workers_wait(s->own, workers_count(s->own) * pace_ahead(&s->pace) / 2, until_ns);
}

void farm_serve(const struct farm *f, struct workers *own)
{
	struct server s = { .farm = f, .post = f->ranks->post, .own = own };
	const struct bytes nothing = { 0 };
	struct nap nap = { 0 };

	while (!has_ended(&s)) {
		bool moved = !s.ended && read_orders(&s);
		moved |= send_results(&s);
		if (farm_stopped(f) && s.begun && !s.told) {
			s.post->send(0, LETTER_STOP, &nothing);
			s.told = true;
		}
		rest(&s, nap_until(&nap, moved));
	}
	s.post->send(0, LETTER_LAST, &nothing);
	bytes_free(&s.letter.body);
}
