/*
 * firmware_private - the state of all updates of a replication.
 *
 *   firmware.c        the element, wares, releases            firmware_stage.c   stages of a roll-out
 *   firmware_send.c   from the server to a device, install    firmware_report.c  KPIs, audits
 */
#ifndef MODELS_SECURITY_FIRMWARE_PRIVATE_H
#define MODELS_SECURITY_FIRMWARE_PRIVATE_H

#include "models/device/group.h"
#include "models/network/network.h"
#include "models/security/firmware.h"
#include "sim/kernel/tally.h"

enum firmware_via { VIA_UNICAST, VIA_MULTICAST };

struct firmware_params {
	uint64_t size, fragment;        /* fragment 0: what the network carries */
	int via;
	double redundancy;
	struct number_list stages;
	simtime_t stage_wait;
	double halt_on_failure;
	uint64_t max_concurrent;        /* 0: not limited */
	uint64_t attempts;
	simtime_t retry_after, install_time;
	double failure, bricks, defective, defective_failure;
	simtime_t correction, at, every;
};

/* Where a device stands with its update. */
enum update_state {
	UPDATE_NONE,            /* it runs the newest version, or has failed to */
	UPDATE_DUE,             /* its stage has not come */
	UPDATE_AWAY,            /* its turn has come, and it is not at work */
	UPDATE_QUEUED,          /* waits for a place at the server */
	UPDATE_MULTICAST,       /* a member of a session */
	UPDATE_SENDING,         /* pieces come one by one */
	UPDATE_INSTALLING,
	UPDATE_STATES
};

struct update {
	uint32_t done;          /* bytes that it has */
	uint32_t next;          /* in the queue of its class */
	uint16_t version;       /* that it runs */
	uint16_t target;        /* that it is to have */
	uint8_t  state, tries;
	uint8_t  turn;          /* of what is pending for it: answers and timers of another turn are late */
	uint8_t  installs;      /* that failed */
};
_Static_assert(sizeof(struct update) == 16, "one row a device");

enum { NOBODY = UINT32_MAX };

/* One version: who was to have it when it came out. */
struct release {
	simtime_t at;
	uint32_t due, updated, to_reach;        /* to_reach: nine tenths of due */
	bool reached;
	struct release *before;
};

/* Ends of an update. */
enum update_end { END_DONE, END_BRICKED, END_FAILED, END_GAVE_UP, END_LEFT, END_SUPERSEDED, UPDATE_ENDS };

struct firmware_class;

struct ware {
	uint32_t product, class_index;
	uint64_t key;
	uint32_t first, n;                      /* of its devices in wares.device */
	uint32_t latest;
	struct release *release;                /* the newest first */
	struct firmware_class *fw;              /* NULL: no <firmware> */
	/* the roll-out under way */
	uint32_t stage;                         /* the next to begin */
	bool halted, defective;
	uint32_t ok, bad;                       /* installed; installations that failed */
	uint64_t halts;
};

/* What <firmware> of a class keeps. */
struct firmware_class {
	const struct firmware_params *p;
	uint32_t class_index;
	uint32_t head, tail;                    /* devices queued */
	uint64_t active;
	uint64_t due, ends[UPDATE_ENDS];
	uint64_t pieces, delivered, bytes, bytes_delivered, lost[FATES], under_way;
	uint64_t installs;
	uint64_t sessions, members, offered, received, repaired;        /* of multicast */
	uint64_t released, no_way_down;
	struct tally p90;                       /* s */
	uint64_t censored;
};

struct firmware_listener {
	firmware_change_fn *fn;
	void *ctx;
	struct firmware_listener *next;
};

struct firmwares {
	struct devices *dev;
	struct ware *ware;
	uint32_t n_wares;
	uint32_t *device;                       /* by ware */
	uint32_t *of_device;                    /* ware */
	struct update *update;                  /* by device */
	struct firmware_class **of_class;       /* NULL: no <firmware> */
	struct firmware_listener *listeners;
	uint64_t unsupported;                   /* updates that came out for devices without a <firmware> */
	uint16_t kind_release, kind_stage, kind_correct, kind_send, kind_install;
};

static inline bool update_pending(const struct update *u)
{
	return u->state != UPDATE_NONE;
}

/* firmware.c */
struct firmwares *firmwares_of(const struct sim *s);            /* NULL: nobody needs any */
void firmware_tell(struct sim *s, const struct firmwares *f, uint32_t device, bool in_field);
/* firmware_stage.c */
void stage_begin(struct sim *s, struct firmwares *f, struct ware *w);   /* a roll-out, at its first stage */
void stage_setup(struct sim *s, struct firmwares *f);
/* firmware_send.c */
void send_setup(struct sim *s, struct firmwares *f);
void send_queue(struct sim *s, struct firmwares *f, uint32_t device);   /* its turn has come */
void send_image(struct sim *s, struct firmwares *f, uint32_t device);   /* it has all of it: install */
void send_stop(struct sim *s, struct firmwares *f, uint32_t device);    /* whatever is under way */
void update_end(struct sim *s, struct firmwares *f, uint32_t device, enum update_end end);
/* Bytes of a piece to the device, now; 0: it has no way down. */
unsigned send_piece(const struct sim *s, const struct firmwares *f, uint32_t device);
/* firmware_report.c */
enum {
	FIRMWARE_PATCH_TIME, FIRMWARE_PATCH_CENSORED, FIRMWARE_UPDATED, FIRMWARE_FAILED, FIRMWARE_BYTES, FIRMWARE_PIECES_LOST,
	FIRMWARE_RECEPTION, FIRMWARE_KPIS
};
extern const struct kpi_def firmware_kpis[];
void firmware_report(struct sim *s, const struct firmwares *f);

#endif
