/* A page of anything: its head, its pictures, its cards and tables, whatever the texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <unistd.h>

#include "sim/output/output.h"
#include "sim/output/page.h"

#define AWKWARD "<b>\"A & B\", it's</b> --> \xc3\xa4"
#define ESCAPED "&lt;b&gt;&quot;A &amp; B&quot;, it&#39;s&lt;/b&gt; --&gt; \xc3\xa4"

struct sheet { struct page page; char *text; size_t size; char plots[64]; };

static int set_up(void **state)
{
	struct sheet *s = calloc(1, sizeof *s);

	if (!s)
		return -1;
	strcpy(s->plots, "/tmp/sccsim-page-XXXXXX");
	*state = s;
	if (!mkdtemp(s->plots))
		return -1;
	s->page.f = open_memstream(&s->text, &s->size);
	s->page.plots = s->plots;
	return s->page.f ? 0 : -1;
}

static int tear_down(void **state)
{
	struct sheet *s = *state;
	static const char *const names[] = { "disc.svg" };
	char path[96];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", s->plots, names[i]);
		unlink(path);
	}
	rmdir(s->plots);
	fclose(s->page.f);
	free(s->text);
	free(s);
	return 0;
}

static const char *written(struct sheet *s)
{
	assert_int_equal(fflush(s->page.f), 0);
	return s->text;
}

static void assert_has(struct sheet *s, const char *what)
{
	if (!strstr(written(s), what))
		fail_msg("lacks: %s\nin: %s", what, s->text);
}

static void a_page_says_what_it_is_and_asks_for_nothing(void **state)
{
	struct sheet *s = *state;
	static const struct page_link links[] = { { "points", "Points & effects" }, { "method", "Method" } };

	page_begin(&s->page,
		   &(struct page_head){ AWKWARD, "sccsim 1.2.3, study 45, by \"" AWKWARD, "of a study <1>", links, 2 });
	put_heading(s->page.f, "points", "Points < effects");
	page_end(&s->page);
	assert_has(s, "<title>" ESCAPED "</title>");
	assert_has(s, "<h1>" ESCAPED "</h1>\n<p class=\"soft small\">of a study &lt;1&gt;</p>\n<nav>");
	assert_has(s, "<meta name=\"generator\" content=\"sccsim 1.2.3, study 45, by &quot;" ESCAPED "\">");
	assert_has(s, "<nav><a href=\"#points\">Points &amp; effects</a><a href=\"#method\">Method</a></nav>\n");
	assert_has(s, "<h2 id=\"points\">Points &lt; effects</h2>\n");
	assert_has(s, "prefers-color-scheme:dark");
	assert_non_null(strstr(written(s), "</body>\n</html>\n"));
	assert_null(strstr(written(s), "http"));
}

static void a_page_needs_no_subtitle(void **state)
{
	struct sheet *s = *state;

	page_begin(&s->page, &(struct page_head){ .title = "t", .identity = "i" });
	assert_has(s, "<h1>t</h1>\n<nav></nav>\n");
}

static void put_disc(const struct picture *p, FILE *f)
{
	svg_begin(p, f, 300, 200);
	fputs("<g id=\"a\"><circle r=\"4\" fill=\"" PICTURE_INK "\" stroke=\"" PICTURE_GRID
	      "\" clip-path=\"url(#a)\"/></g></svg>\n",
	      f);
}

static const struct picture disc = { "disc", AWKWARD, "A <disc>.", "sccsim 1.2.3", NULL, NULL, put_disc, NULL };

static void pictures_shown_twice_have_ids_of_their_own_and_the_colours_of_the_page(void **state)
{
	struct sheet *s = *state;
	char why[OUTPUT_WHY];

	assert_int_equal(pictures_write(&disc, 1, s->plots, why), 0);
	put_picture(&s->page, &disc, NULL);
	put_picture(&s->page, &disc, "90 % <interval>");
	assert_has(s, "<svg role=\"img\" aria-label=\"" ESCAPED "\"");
	assert_has(s, "<g id=\"f1-a\">");
	assert_has(s, "url(#f1-a)");
	assert_has(s, "<g id=\"f2-a\">");
	assert_has(s, "url(#f2-a)");
	assert_has(s, "fill=\"var(--ink)\" stroke=\"");
	assert_null(strstr(written(s), PICTURE_INK));
	assert_has(s, "</div><figcaption>A &lt;disc&gt;.</figcaption></figure>\n");
	assert_has(
		s,
		"<figcaption>A &lt;disc&gt;.<br><span class=\"small\">90 % &lt;interval&gt;</span></figcaption></figure>\n");
}

static void what_was_not_drawn_is_said_with_what_draws_it(void **state)
{
	struct sheet *s = *state;
	struct picture line = disc;

	put_picture(&s->page, &disc, NULL);
	assert_has(s, "<p class=\"soft\">" ESCAPED ": not drawn.</p>");
	line.data = line.script = put_disc;
	put_picture(&s->page, &line, NULL);
	assert_has(s, ": not drawn, gnuplot is missing or failed; its data are in plots/disc.dat.</p>");
	s->page.redraw = "sccsim study --draw";
	put_picture(&s->page, &line, NULL);
	assert_has(s, "disc.dat. With gnuplot installed, <code>sccsim study --draw</code> draws it.</p>");
	put_picture(&s->page, &disc, NULL);
	assert_null(strstr(written(s), ": not drawn. With"));
	assert_int_equal(s->page.shown, 0);
}

static void captions_and_notes_may_be_missing(void **state)
{
	struct sheet *s = *state;

	put_caption(s->page.f, NULL, NULL);
	assert_string_equal(written(s), "");
	put_caption(s->page.f, NULL, "note");
	assert_string_equal(written(s), "<figcaption><span class=\"small\">note</span></figcaption>");
}

static void a_card_shows_what_it_has(void **state)
{
	struct sheet *s = *state;
	const struct {
		struct card card;
		const char *html;
	} cases[] = {
		{ { "met", "target < 3", "2 <s>", "wait & see", { "all", "interval 1 & 2" } },
		  "<div class=\"card met\"><span class=\"verdict\">met</span> <span class=\"soft small\">target &lt; 3</span>"
		  "<b>2 &lt;s&gt;</b>wait &amp; see<br><span class=\"soft small\">all<br>interval 1 &amp; 2</span></div>\n" },
		{ { NULL, "3 of 4", "4", "score", { "a", NULL } },
		  "<div class=\"card\"><span class=\"soft small\">3 of 4</span><b>4</b>score<br><span class=\"soft small\">a"
		  "</span></div>\n" },
		{ { "missed", NULL, "4", "score", { NULL, NULL } },
		  "<div class=\"card missed\"><span class=\"verdict\">missed</span><b>4</b>score</div>\n" },
	};

	cards_begin(s->page.f);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		put_card(s->page.f, &cases[i].card);
		assert_has(s, cases[i].html);
	}
	cards_end(s->page.f);
	assert_has(s, "<div class=\"cards\">\n<div class=\"card met\">");
	const char *end = strstr(written(s), "score</div>");
	assert_non_null(end);
	assert_string_equal(end, "score</div>\n</div>\n");
}

static void tables_and_items_hold_any_text(void **state)
{
	struct sheet *s = *state;
	static const struct column columns[] = { { "a < b", NULL }, { "n", "class=\"n\"" } };

	table_begin(s->page.f, columns, 2);
	table_end(s->page.f);
	items_begin(s->page.f);
	put_item(s->page.f, "A & B", AWKWARD);
	item_begin(s->page.f, "C");
	item_end(s->page.f);
	items_end(s->page.f);
	assert_string_equal(
		written(s),
		"<div class=\"scroll\"><table><thead><tr><th>a &lt; b</th><th class=\"n\">n</th></tr></thead><tbody>\n"
		"</tbody></table></div><table><tbody>\n"
		"<tr><th scope=\"row\">A &amp; B</th><td>" ESCAPED
		"</td></tr>\n<tr><th scope=\"row\">C</th><td></td></tr>\n"
		"</tbody></table>\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_says_what_it_is_and_asks_for_nothing),
		TEST(a_page_needs_no_subtitle),
		TEST(pictures_shown_twice_have_ids_of_their_own_and_the_colours_of_the_page),
		TEST(what_was_not_drawn_is_said_with_what_draws_it),
		TEST(captions_and_notes_may_be_missing),
		TEST(a_card_shows_what_it_has),
		TEST(tables_and_items_hold_any_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
