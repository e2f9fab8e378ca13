/*
 * radio - what happens to a signal between a device and a site.
 *
 * Loss of a link = path loss (model and LOS state) + static shadowing + building entry loss; fading is drawn per frame.
 * Everything random about a link depends on (seed, replication, device, site) alone; shadowing on the device's place too.
 * Line of sight (TR 38.901) is drawn for each link by itself: two devices side by side may differ.  Path loss with the
 * scenario's offset is never below free space, unless a model itself says less within its validity (38901-uma near its site).
 * One replication's, and so one thread's: it counts links and keeps what it computed for heights and frequencies.
 * Set up per replication from <propagation>, <shadowing>, <building-entry>, <fading> of the city.
 */
#ifndef MODELS_RADIO_RADIO_H
#define MODELS_RADIO_RADIO_H

#include "models/city/city.h"

struct radio;           /* of one replication */

struct radio_site {
	struct point at;
	double   height;        /* m above ground */
	double   gain_db;       /* antenna gain less cable loss */
	uint64_t key;           /* of the site: names its streams */
};
struct radio_end {
	struct point at;
	double   height;        /* m; typical 1.5 */
	uint64_t key;           /* of the device */
	bool     indoor;
};

const struct radio *radio_of(const struct sim *s);

/* Median path loss in dB of the chosen model and offset, without shadowing: for ranges and tests. d2d in m, f in Hz; los
 * matters to TR 38.901 alone. */
double radio_path_loss_db(const struct radio *r, double d2d, double h_site, double h_end, double f_hz, bool los);

/* The median loss between heights at a frequency as a table over distance, for many links: within 0.01 dB of
 * radio_path_loss_db from 10 m on, 0.03 dB where two slopes meet.  Lives in the arena; NULL after sim_fail. */
struct radio_profile;
const struct radio_profile *radio_profile_new(struct sim *s, const struct radio *r, double h_site, double h_end, double f_hz);
/* radio_outdoor_loss_db by the table; common: radio_common() of the end, the same for all its sites. */
double radio_profile_loss_db(const struct radio *r, const struct radio_profile *p, const struct radio_end *end,
			     const struct radio_site *site, double common);
double radio_common(const struct radio *r, const struct radio_end *end);
/* Distance (m) beyond which the loss exceeds max_loss_db but for a chance of 1e-3 by shadowing. */
double radio_profile_range(const struct radio *r, const struct radio_profile *p, double max_loss_db);

/* Parts of the whole: outdoors, and into the device's building (0 outdoors; the same for all sites). */
double radio_outdoor_loss_db(const struct radio *r, const struct radio_end *end, const struct radio_site *site, double f_hz);
double radio_entry_loss_db(const struct radio *r, const struct radio_end *end, double f_hz);

/* The whole static loss of a link in dB, antenna gains not included. */
double radio_link_loss_db(const struct radio *r, const struct radio_end *end, const struct radio_site *site, double f_hz);

/* Fading of one frame on a link in dB (positive: stronger), unit mean power (log-normal: 0 dB on average); 0 when there is none. */
double radio_fading_db(const struct radio *r, uint64_t device_key, uint64_t site_key, uint32_t frame);
/* The chance that a frame fades to `db` or stronger. */
double radio_fading_chance(const struct radio *r, double db);
bool   radio_fades(const struct radio *r);

/* Links computed so far, and those outside the model's validity: for the warning with the share. */
void radio_validity(const struct radio *r, uint64_t *links, uint64_t *outside);

#endif
