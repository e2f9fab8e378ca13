/* ShakeMaps: as the survey writes them, read strictly; and the earthquakes that they say. */
#include "models/crisis/crisis_private.h"
#include "models/crisis/shakemap.h"
#include "tests/unit/crisis/tremor.h"

#define EVENT "<event event_id='19' magnitude='6.7' depth='18' lat='50.7' lon='7.1' event_description='a &amp; b' />\n"
#define GRID "<grid_specification lon_min='7.0' lat_min='50.6' lon_max='7.2' lat_max='50.8' nominal_lon_spacing='0.1' " \
	     "nominal_lat_spacing='0.1' nlon='3' nlat='3' />\n"
#define FIELDS "<event_specific_uncertainty name='pga' value='0.0' numsta='598' />\n"                         \
	       "<grid_field index='1' name='LON' units='dd' />\n<grid_field index='2' name='LAT' units='dd' />\n" \
	       "<grid_field index='4' name='PGA' units='pctg' />\n<grid_field index='3' name='MMI' units='intensity' />\n"
#define ROWS "7.0 50.8 3.1 10\n7.1 50.8 3.1 20\n7.2 50.8 3.1 30\n7.0 50.7 3 40\n7.1 50.7 3 50\n7.2 50.7 3 60\n" \
	     "7.0 50.6 9 70\n7.1 50.6 9 80\n7.2 50.6 9 90\n"
#define OPEN "<?xml version='1.0' encoding='US-ASCII' standalone='yes'?>\n<shakemap_grid xmlns='urn:x'>\n"
#define CLOSE "</shakemap_grid>\n"
#define WHOLE OPEN EVENT GRID FIELDS "<grid_data>\n" ROWS "</grid_data>\n" CLOSE

static const double PCTG = 0.0980665;

static void it_is_linear_between_its_values_and_nothing_outside(void **st)
{
	struct diag *d = diag_new();
	struct shakemap *m = shakemap_parse(WHOLE, strlen(WHOLE), "grid.xml", d);

	(void)st;
	diag_print(d, stderr);
	assert_non_null(m);
	assert_near(m->magnitude, 6.7, 0);
	assert_near(m->depth, 18e3, 1e-9);
	assert_near(shakemap_at(m, 7.0, 50.8), 10 * PCTG, 1e-9);
	assert_near(shakemap_at(m, 7.2, 50.6), 90 * PCTG, 1e-9);
	assert_near(shakemap_at(m, 7.1, 50.7), 50 * PCTG, 1e-9);
	assert_near(shakemap_at(m, 7.025, 50.75), (0.5 * 12.5 + 0.5 * 42.5) * PCTG, 1e-9);
	assert_near(shakemap_at(m, 7.175, 50.61), (0.1 * 57.5 + 0.9 * 87.5) * PCTG, 1e-9);
	assert_near(shakemap_at(m, 367.1, 50.7), 50 * PCTG, 1e-9);
	assert_near(shakemap_at(m, 6.999, 50.7), 0, 0);
	assert_near(shakemap_at(m, 7.1, 50.801), 0, 0);
	shakemap_free(m);
	diag_free(d);
}

static bool refused(const char *text, const char *message)
{
	struct diag *d = diag_new();
	struct shakemap *m = shakemap_parse(text, strlen(text), "grid.xml", d);
	bool said = !m && diag_count(d) == 1 && strstr(diag_text(d, 0), message);

	if (!said)
		diag_print(d, stderr);
	shakemap_free(m);
	diag_free(d);
	return said;
}

static void what_is_no_shakemap_is_refused_by_its_line(void **st)
{
	(void)st;
	assert_true(refused("", "the file ends too early"));
	assert_true(refused("hello", "grid.xml:1: text stands outside"));
	assert_true(refused("<html></html>", "the root is not <shakemap_grid>"));
	assert_true(refused("<!DOCTYPE x []><shakemap_grid>", "a tag has no name"));
	assert_true(refused(OPEN "<event lat='91' lon='1'/>",
			    "grid.xml:3: <event lat>: \"91\" is not a number from -90 to 90"));
	assert_true(refused(OPEN "<event lat='1'/>", "<event lon>: what is absent is not a number"));
	assert_true(refused(OPEN "<event lat=1/>", "is not in quotes"));
	assert_true(refused(OPEN "<event lat='1", "is not closed"));
	assert_true(refused(OPEN "<other/>", "an element is unknown"));
	assert_true(refused(OPEN "<!-- never", "is not closed"));
	assert_true(refused(OPEN EVENT GRID GRID, "grid.xml:5: <grid_specification> stands there twice"));
	assert_true(refused(OPEN EVENT GRID FIELDS CLOSE, "holds no <grid_data>"));
	assert_true(refused(OPEN EVENT FIELDS "<grid_data>", "no <grid_specification>"));
	assert_true(refused(OPEN EVENT GRID "<grid_data>", "no <grid_field> each"));
	assert_true(refused(OPEN "<grid_field index='1.5' name='LON'/>", "is not a whole number"));
	assert_true(refused(OPEN "<grid_field index='1' name='PGA' units='cms'/>", "per cent of g"));
	assert_true(refused(OPEN GRID FIELDS "<grid_data>", "too short for its grid"));
	assert_true(refused(OPEN GRID FIELDS "<grid_data>\n" ROWS "7 50 1 1</grid_data>" CLOSE, "more values follow"));
	assert_true(refused(OPEN GRID FIELDS
			    "<grid_data>\n7.0 50.8 3.1 10\n7.1 50.8 3.1 20\n7.2 50.8 3.1 30\n</grid_data>" CLOSE,
			    "the values end in row 4"));
	assert_true(refused(OPEN GRID FIELDS "<grid_data>\n7.0 50.8 3 10\n7.1 50.8 3 -1\n" ROWS ROWS,
			    "grid.xml:11: \"-1\" is not a PGA"));
	assert_true(refused(OPEN GRID FIELDS "<grid_data>\n7.0 50.8 3 10\n7.2 50.8 3 1\n" ROWS ROWS,
			    "\"7.2\" is not the longitude of row 2"));
	assert_true(
		refused(OPEN GRID FIELDS "<grid_data>\n" ROWS "</grid_data><event/>", "something follows on </grid_data>"));
	assert_true(refused(WHOLE "x", "something follows on </shakemap_grid>"));
}

/* Of 10 km by 10 km around 50.7N 7.1E, the epicentre of the file. */
static bool load_world(struct outbreak *w, const char *quake)
{
	char text[2048];

	*w = (struct outbreak){ 0 };
	snprintf(
		text, sizeof text,
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/><city radius='4km' origin='50.7N 7.1E'>"
		"<shadowing deviation='0dB'/></city>" DEVICE "<crisis>%s</crisis></scenario>",
		quake);
	w->diag = diag_new();
	w->sc = scenario_parse(text, strlen(text), ".", &sccsim_models, NULL, NULL, 0, w->diag);
	return w->sc != NULL;
}

static bool said(const char *quake, bool loads, const char *message)
{
	struct outbreak w;
	bool loaded = load_world(&w, quake), found = false;

	for (size_t i = 0; i < diag_count(w.diag); i++)
		found |= strstr(diag_text(w.diag, i), message) != NULL;
	if (!found)
		diag_print(w.diag, stderr);
	scenario_free(w.sc);
	diag_free(w.diag);
	return found && loaded == loads;
}

static void an_earthquake_shakes_as_its_map_says(void **st)
{
	struct outbreak w;
	uint32_t n;

	(void)st;
	tremor_file("grid.xml", WHOLE);
	if (!load_world(&w, "<earthquake at='1h' file='grid.xml' s-speed='3km/s' site-term='2'/>"))
		diag_print(w.diag, stderr);
	assert_non_null(w.sc);
	w.report = report_new();
	w.sim = sim_new(1, 0, 0, SIM_DAY, w.report);
	for (size_t i = 0; i < sccsim_models.n; i++)
		if (sccsim_models.models[i]->setup)
			sccsim_models.models[i]->setup(w.sim, w.sc);
	const struct occurrence *o = crisis_occurrences(crisis_of(w.sim), &n);
	assert_int_equal(n, 1);
	assert_near(tremor_peak(o, 0, 0), 100 * PCTG, 1e-9);
	/* 18 km below the origin */
	assert_near(tremor_reach(o, 0, 0, 1), 6, 1e-3);
	/* 3 km north is 0.02697 of a degree: 30 % of g less for 0.1 degree */
	assert_near(tremor_peak(o, 0, 3e3), 2 * (50 - 8.091) * PCTG, 0.01);
	assert_near(tremor_peak(o, 1e5, 0), 0, 0);
	upheaval_close(&w);
}

static void what_does_not_go_with_a_map_is_refused(void **st)
{
	(void)st;
	tremor_file("grid.xml", WHOLE);
	tremor_file("bare.xml", OPEN GRID FIELDS "<grid_data>\n" ROWS "</grid_data>\n" CLOSE);
	tremor_file("cut.xml", OPEN GRID FIELDS "<grid_data>\n");
	assert_true(
		said("<earthquake at='1h' file='grid.xml' magnitude='5' magnitude-max='7'/>", false, "of one earthquake"));
	assert_true(said("<earthquake at='1h' file='bare.xml'/>", false, "needs an epicentre"));
	assert_true(said("<earthquake at='1h' file='cut.xml'/>", false, "cut.xml:9: the file is too short"));
	assert_true(said("<earthquake at='1h' magnitude='6'/>", false, "needs an epicentre"));
	assert_true(said("<earthquake at='1h' epicentre='1km 1km'/>", false, "needs an epicentre"));
	assert_true(upheaval_refused(DEVICE, "<earthquake at='1h' file='grid.xml'/>", "no place on earth"));
	tremor_file(
		"off.xml", OPEN EVENT
		"<grid_specification lon_min='7.09' lat_min='50.69' lon_max='7.11' lat_max='50.71' nlon='2' nlat='2'/>" FIELDS
		"<grid_data>7.09 50.71 1 1 7.11 50.71 1 1 7.09 50.69 1 1 7.11 50.69 1 1</grid_data>" CLOSE);
	assert_true(said("<earthquake at='1h' file='off.xml'/>", true, "does not cover all of the city"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_linear_between_its_values_and_nothing_outside),
		cmocka_unit_test(what_is_no_shakemap_is_refused_by_its_line),
		cmocka_unit_test(an_earthquake_shakes_as_its_map_says),
		cmocka_unit_test(what_does_not_go_with_a_map_is_refused),
	};

	return cmocka_run_group_tests(tests, tremor_enter, tremor_leave);
}
