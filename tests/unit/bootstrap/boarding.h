/*
 * boarding - a class that is onboarded over a statistical link whose times are round numbers, and when its devices work.
 *
 * 1000 bit/s up, 2000 bit/s down, nothing added to a payload, 2 s from end to end, associated 5 s after power-on.
 */
#ifndef TESTS_UNIT_BOOTSTRAP_BOARDING_H
#define TESTS_UNIT_BOOTSTRAP_BOARDING_H

#include "tests/unit/device/town.h"

#define CITY "<city width='1km' height='1km'/>"
#define LINK(more) \
	"<local-link id='lan' rate='1000bps' rate-down='2000bps' overhead='0B' latency='2s' latency-law='constant' association='5s' " \
	"retries='0' listen='0s' " more "/>"
#define PLAIN LINK("mtu='100B' loss='0%'")
#define CLASS(count, onboarding) \
	"<device-class id='m'><uses network='lan'/>" onboarding "</device-class>" \
	"<deploy class='m' count='" count "' placement='uniform'/>"
/* 0.8 s of air and 921 ms of computing up, 0.2 s and 922 ms down. */
#define SHORT \
	"<protocol id='short' timeout='600s' timeout-most='6000s'><flight from='device' bytes='100B' compute='keygen'/>" \
	"<flight from='server' bytes='50B' compute='ecdh'/></protocol>"
#define METHOD(more) "<onboarding method='short' compute='m0-48mhz' timeout-random='1' " more "/>"
#define SERVER(more) "<onboarding-server id='as' roles='application' service-law='fixed' service-time='300ms' " more "/>"
enum { SHORT_MS = 5000 + 921 + 800 + 2000 + 300 + 200 + 2000 + 922 };

enum { SEEN = 64 };
struct boarded {
	uint32_t n, device[SEEN];
	simtime_t at[SEEN];
	uint16_t kind_power;
};

static inline void on_boarded(struct sim *s, void *ctx, uint32_t device)
{
	struct boarded *b = ctx;

	assert_true(b->n < SEEN);
	b->device[b->n] = device;
	b->at[b->n++] = s->now;
}

static inline void on_power(struct sim *s, void *ctx, uint32_t device, uint16_t on)
{
	(void)ctx;
	device_power(s, device, on);
}

/* Set up; a test may schedule more before boarding_run(). */
static inline void boarding_open(struct town *t, struct boarded *b, const char *run, const char *body)
{
	*t = (struct town){ 0 };
	*b = (struct boarded){ 0 };
	town_open(t, run, body);
	b->kind_power = sim_handler(t->sim, "test.power", on_power, NULL);
	device_subscribe(t->sim, DEVICE_WENT_OPERATIONAL, on_boarded, b);
}

/* To the end; every account balances. */
static inline void boarding_run(struct town *t)
{
	const char *account = NULL;

	town_run(t);
	if (report_imbalance(t->report, &account) > REPORT_TOLERANCE)
		fail_msg("%s is out of balance", account);
	assert_true(town_audit(t, "onboarding attempts", "begun") >= 0);
}

#endif
