/*
 * <deploy>: how many devices of a class, where, and from when.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/device/device_private.h"
#include "sim/scenario/csv.h"

/* Resident bytes a device of a class on one network needs, all told (architecture.md): for the capacity check. */
enum { BYTES_PER_DEVICE = 200 };
#define MOST_DEVICES 50000000

static const struct place places[] = { { "scenario", 1, 0 }, { "library", 0, 0 } };
static const char *const placements[] = { "uniform", "population", "clustered", "grid", "hexagonal", "file", NULL };

static const struct param params[] = {
	REF(struct deploy_params, class, NULL, "device-class", "what is deployed"),
	COUNT(struct deploy_params, count, "", "1", "50000000", "devices; with a file absent: one for each of its rows",
	      NULL),
	CHOICE(struct deploy_params, placement, "uniform", placements,
	       "uniform over the area; population: by the districts' population; clustered: in discs about random centres; "
	       "grid, "
	       "hexagonal: a regular pattern; file: as a CSV says",
	       NULL),
	FILEPATH(struct deploy_params, file, "",
		 "CSV with columns x,y (m) or lat,lon (degrees), and optionally indoor (yes, no) and start (a duration)"),
	TEXT(struct deploy_params, district, "", "id of a district: only there; absent: the whole city", NULL),
	POSITION(struct deploy_params, centre, "", "of a spot: only within its radius"),
	LENGTH(struct deploy_params, radius, "", "1m", "1000km", "of the spot about the centre", NULL),
	COUNT(struct deploy_params, clusters, "10", "1", "1000000", "discs of a clustered placement", NULL),
	LENGTH(struct deploy_params, cluster_radius, "100m", "1m", "100km", "of a cluster", NULL),
	RATIO(struct deploy_params, indoor, "0%", "0%", "100%", "share of the devices that are inside buildings", NULL),
	TIME(struct deploy_params, start, "0s", "0s", "200yr", "the roll-out begins", NULL),
	TIME(struct deploy_params, over, "0s", "0s", "200yr", "the roll-out's length: devices power on uniformly over it",
	     NULL),
};

uint32_t deploy_count(const struct node *deploy)
{
	const struct deploy_data *data = deploy->data;

	return data ? data->count : 0;
}

/* What only one placement reads must not stand beside another. */
static void check_attributes(const struct node *n, struct diag *d)
{
	const struct deploy_params *p = n->par;
	bool from_file = p->placement == PLACE_FILE;

	if (from_file && !p->file)
		node_error(n, d, "file", "is needed for placement=\"file\"");
	if (!from_file && p->file)
		node_error(n, d, "file", "is read with placement=\"file\" only");
	if (!from_file && !node_given(n, "count"))
		node_error(n, d, "count", "is needed (only placement=\"file\" can do without)");
	if (p->placement != PLACE_CLUSTERED && (node_given(n, "clusters") || node_given(n, "cluster-radius")))
		node_error(n, d, node_given(n, "clusters") ? "clusters" : "cluster-radius",
			   "is read with placement=\"clustered\" only");
	if (p->centre.given != node_given(n, "radius"))
		node_error(n, d, p->centre.given ? "centre" : "radius", "needs its %s",
			   p->centre.given ? "radius" : "centre");
	if (p->centre.given && (from_file || p->placement == PLACE_POPULATION))
		node_error(n, d, "centre", "does not go with placement=\"%s\"", placements[p->placement]);
	if (from_file && p->district)
		node_error(n, d, "district", "does not go with placement=\"file\"");
}

static int find_district(const struct city *city, const char *id)
{
	for (size_t i = 0; i < city_n_districts(city); i++)
		if (strcmp(city_district(city, i)->id, id) == 0)
			return (int)i;
	return -1;
}

static void check_area(const struct node *n, struct deploy_data *data, const struct city *city, struct diag *d)
{
	const struct deploy_params *p = n->par;

	if (p->district) {
		data->district = find_district(city, p->district);
		if (data->district < 0)
			node_error(n, d, "district", "is no district of the city");
	}
	if (p->placement == PLACE_POPULATION && city_area(city) > 0 && !(city_population(city) > 0))
		node_warning(n, d, "placement", "finds no people in the city: the devices are placed uniformly");
	if (!p->centre.given)
		return;
	if (p->centre.wgs84 && !city_on_earth(city))
		node_error(n, d, "centre", "is in degrees, but the city has no place on earth (use metres: 3km 4km)");
	else if (!city_contains(city, city_locate(city, p->centre)))
		node_error(n, d, "centre", "lies outside the city");
	else if (data->district >= 0 && city_district_at(city, city_locate(city, p->centre)) != data->district)
		node_error(n, d, "centre", "lies outside the district \"%s\"", p->district);
}

struct columns {
	int x, y, indoor, start;
	bool wgs84;
};

static bool find_columns(const struct csv *c, const struct node *n, const struct city *city, struct columns *k,
			 struct diag *d)
{
	k->wgs84 = csv_column(c, "x") < 0 && csv_column(c, "lat") >= 0;
	k->x = csv_require(c, k->wgs84 ? "lat" : "x", d);
	k->y = csv_require(c, k->wgs84 ? "lon" : "y", d);
	k->indoor = csv_column(c, "indoor");
	k->start = csv_column(c, "start");
	if (k->wgs84 && !city_on_earth(city)) {
		node_error(n, d, "file", "has degrees, but the city has no place on earth (use columns x,y in metres)");
		return false;
	}
	return k->x >= 0 && k->y >= 0;
}

static bool read_row(const struct csv *c, size_t row, const struct columns *k, const struct city *city, const char *file,
		     struct deploy_row *out, struct diag *d)
{
	struct position at = { .wgs84 = k->wgs84, .given = true };
	double most = k->wgs84 ? 90 : 1e7;
	bool good = csv_number(c, row, k->x, -most, most, &at.a, d);
	const char *indoor = k->indoor < 0 ? "" : csv_text(c, row, k->indoor);
	const char *start = k->start < 0 ? "" : csv_text(c, row, k->start), *why;
	union quantity q;

	good = csv_number(c, row, k->y, -2 * most, 2 * most, &at.b, d) && good;
	*out = (struct deploy_row){ .start = -1, .indoor = -1 };
	if (strcmp(indoor, "yes") == 0 || strcmp(indoor, "no") == 0)
		out->indoor = indoor[0] == 'y';
	else if (*indoor) {
		diag_error(d, file, csv_line(c, row), "indoor: \"%.60s\" is neither yes nor no", indoor);
		good = false;
	}
	if (*start && quantity_parse(DIM_TIME, start, &q, &why) && q.time >= 0)
		out->start = q.time;
	else if (*start) {
		diag_error(d, file, csv_line(c, row), "start: \"%.60s\" is not a duration (try 6h, 90min, PT6H)", start);
		good = false;
	}
	if (good)
		out->at = city_locate(city, at);
	return good;
}

static void read_file(const struct scenario *sc, const struct node *n, struct deploy_data *data, struct diag *d)
{
	const struct deploy_params *p = n->par;
	const struct city *city = city_of(sc);
	struct csv *c = csv_read(p->file, sc, d);
	struct columns k;
	size_t rows, outside = 0;

	if (!c)
		return;
	if (!find_columns(c, n, city, &k, d))
		goto out;
	rows = csv_rows(c);
	if (p->count > rows)
		node_error(n, d, "count", "is more than the %zu rows of %s", rows, p->file);
	else if (rows == 0)
		node_error(n, d, "file", "has no rows: no devices");
	if (p->count && p->count < rows)
		rows = p->count;
	data->rows = malloc((rows + 1) * sizeof *data->rows);
	if (!data->rows || rows > MOST_DEVICES) {
		node_error(n, d, "file", "does not fit in memory");
		goto out;
	}
	for (size_t i = 0; i < rows; i++)
		if (read_row(c, i, &k, city, p->file, &data->rows[i], d))
			outside += !city_contains(city, data->rows[i].at);
	data->count = (uint32_t)rows;
	if (outside)
		node_warning(n, d, "file", "%zu of %zu positions lie outside the city", outside, rows);
out:
	csv_free(c);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct deploy_params *p = n->par;
	struct deploy_data *data = calloc(1, sizeof *data);

	if (!data) {
		node_error(n, d, NULL, "out of memory");
		return;
	}
	n->data = data;
	data->district = -1;
	data->count = (uint32_t)p->count;
	check_attributes(n, d);
	if (!city_of(sc))
		return; /* said there */
	check_area(n, data, city_of(sc), d);
	if (p->placement == PLACE_FILE && p->file)
		read_file(sc, n, data, d);
}

static void unload(struct node *n)
{
	struct deploy_data *data = n->data;

	if (data)
		free(data->rows);
	free(data);
	n->data = NULL;
}

static void check(const struct scenario *sc, struct diag *d)
{
	const struct node *first = scenario_first(sc, &deploy_model);
	double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE), need;
	uint64_t n = 0;

	for (const struct node *e = first; e; e = e->next_same) {
		const struct deploy_params *p = e->par;
		n += deploy_count(e);
		if (p->start > sc->run.duration)
			node_warning(e, d, "start", "is after the end of the run: none of these devices powers on");
	}
	need = (double)n * BYTES_PER_DEVICE;
	if (n > MOST_DEVICES)
		node_error(first, d, NULL, "%llu devices in all are more than %d", (unsigned long long)n, MOST_DEVICES);
	else if (need > memory)
		node_error(first, d, NULL, "%llu devices need about %.3g GB of memory, and this machine has %.3g GB",
			   (unsigned long long)n, need * 1e-9, memory * 1e-9);
}

const struct model deploy_model = {
	.name = "deploy",
	.doc = "Devices of a class: how many, where, indoors or not, and from when.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct deploy_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.example = "class=\"meter\" count=\"1000\" placement=\"uniform\" indoor=\"80%\"",
	.load = load,
	.unload = unload,
	.check = check,
};
