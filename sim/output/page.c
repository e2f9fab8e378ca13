/* The page: its style, its parts, pictures in its colours. */
#include "sim/output/page.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/text.h"

static const char style[] =
	":root{color-scheme:light dark;--paper:#fff;--ink:#1f2630;--soft:#5b6573;--line:#dde1e7;--grid:#e3e6eb;--card:#f5f6f8;"
	"--blue:#0072b2;--good:#00775a;--bad:#c04a00;--open:#7a6a00}"
	"@media(prefers-color-scheme:dark){:root{--paper:#15191f;--ink:#e4e8ee;--soft:#9aa5b3;--line:#323a45;--grid:#2b323c;"
	"--card:#1d232b;--blue:#56b4e9;--good:#35c39a;--bad:#ff9152;--open:#d9c34a}}"
	"*{box-sizing:border-box}body{margin:0 auto;max-width:1120px;padding:28px 24px 60px;background:var(--paper);color:var(--ink);"
	"font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}"
	"h1{font-size:29px;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}"
	"h2{font-size:20px;margin:44px 0 12px;padding-top:14px;border-top:1px solid var(--line)}h3{font-size:16px;margin:22px 0 8px}"
	"p{margin:8px 0;max-width:78ch}.soft,figcaption,caption{color:var(--soft)}.small{font-size:13px}"
	".lead{font-size:17px;line-height:1.55;max-width:72ch}nav{margin:14px 0 22px;font-size:14px;display:flex;flex-wrap:wrap;gap:4px 16px}"
	"a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}"
	".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:12px;margin:18px 0}"
	".card{background:var(--card);border-left:5px solid var(--soft);border-radius:4px;padding:10px 14px 12px}"
	".card b{display:block;font-size:25px;line-height:1.25;font-weight:650}.card .verdict{font-weight:650}"
	".met{border-color:var(--good)}.met .verdict{color:var(--good)}.missed{border-color:var(--bad)}.missed .verdict{color:var(--bad)}"
	".undecided{border-color:var(--open)}.undecided .verdict{color:var(--open)}"
	".notice{border-left:5px solid var(--bad);background:var(--card);padding:10px 14px;border-radius:4px;font-weight:600}"
	".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}"
	"th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}"
	"th{font-weight:600;color:var(--soft);font-size:13px}tbody th{color:var(--ink);font-size:14px}"
	"th[scope=row]{white-space:nowrap}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}td:last-child,th:last-child{padding-right:0}"
	"th.cause{white-space:normal;min-width:11em;width:34%}.cause span{display:block;font-weight:400}"
	".sum td,.sum th{font-weight:650}.in{padding-left:18px}"
	".bar{display:block;height:12px;margin-top:5px;border-radius:2px;background:#d55e00;min-width:1px}.bar.b{background:var(--blue)}"
	"details{margin:8px 0}summary{cursor:pointer;padding:4px 0;font-weight:600}details[open]>summary{margin-bottom:6px}"
	"figure{margin:14px 0 22px}figure>div{overflow-x:auto}figure svg{display:block;width:100%;height:auto;max-width:880px}"
	"figure.wide svg{max-width:none}td.heat{padding-left:12px}"
	".pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:6px 28px}.pair figure{margin:8px 0}"
	"figcaption{font-size:14px;max-width:78ch;margin-top:4px}pre,code{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}"
	"pre{background:var(--card);padding:12px 14px;border-radius:4px;overflow-x:auto}.wrap{overflow-wrap:anywhere}"
	"@media(max-width:760px){body{padding:20px 16px 40px}figure svg{min-width:560px}figure.wide svg{min-width:800px}.pair figure svg{min-width:0}"
	".kpis,.kpis tbody{display:block}.kpis thead{display:none}.kpis tr{display:flex;flex-wrap:wrap;gap:0 12px;padding:6px 0;border-bottom:1px solid var(--line)}"
	".kpis th,.kpis td{border:0;padding:0;white-space:normal}.kpis th{flex:1 0 100%}.kpis .def{flex:1 0 100%;color:var(--soft)}"
	"th[scope=row]{white-space:normal}}"
	"@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:11pt}nav{display:none}h2{break-after:avoid}"
	"h2{margin-top:26px}.cards{grid-template-columns:1fr 1fr 1fr}.pair{grid-template-columns:1fr 1fr}.scroll,figure>div{overflow:visible}"
	"figure svg{max-height:200mm}details:not([open]){display:none}figure,.card,tr{break-inside:avoid}}";

void put_tag(FILE *f, const char *name, const char *attributes, const char *text)
{
	fprintf(f, "<%s%s%s>", name, attributes ? " " : "", attributes ? attributes : "");
	put_xml(f, text);
	fprintf(f, "</%s>", name);
}

void put_heading(FILE *f, const char *id, const char *text)
{
	fprintf(f, "<h2 id=\"%s\">", id);
	put_xml(f, text);
	fputs("</h2>\n", f);
}

void page_begin(struct page *p, const struct page_head *head)
{
	FILE *f = p->f;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"",
	      f);
	put_xml(f, head->identity);
	fputs("\">\n<link rel=\"icon\" href=\"data:,\">\n", f);
	put_tag(f, "title", NULL, head->title);
	fprintf(f, "\n<style>%s</style>\n</head>\n<body>\n", style);
	put_tag(f, "h1", NULL, head->title);
	fputc('\n', f);
	if (head->subtitle) {
		put_tag(f, "p", "class=\"soft small\"", head->subtitle);
		fputc('\n', f);
	}
	fputs("<nav>", f);
	for (size_t i = 0; i < head->n_links; i++) {
		fprintf(f, "<a href=\"#%s\">", head->links[i].id);
		put_xml(f, head->links[i].text);
		fputs("</a>", f);
	}
	fputs("</nav>\n", f);
}

void page_end(struct page *p)
{
	fputs("</body>\n</html>\n", p->f);
}

/* What is exchanged on the way into the page.  A '#' in `by` stands for the number of the picture. */
static const struct { const char *what, *by; } exchanges[] = {
	{ "rgb( 61,  69,  81)", "var(--ink)" },	 { "rgb(61,69,81)", "var(--ink)" },   { PICTURE_INK, "var(--ink)" },
	{ PICTURE_GRID, "var(--grid)" },
	{ "rgb(217, 221, 227)", "var(--grid)" }, { "rgb(217,221,227)", "var(--grid)" },
	{ "fill=\"#ffffff\"/>", "fill=\"none\"/>" }, /* the paper */
	{ "stroke=\"#ffffff\"", "stroke=\"var(--paper)\"" },
	{ " id='", " id='f#-" },		 { " id=\"", " id=\"f#-" },
	{ "'#gp", "'\x01" "f#-gp" },		 { "url(#", "url(\x01" "f#-" },
};

static void put_exchange(FILE *f, const char *by, unsigned number)
{
	for (; *by; by++)
		if (*by == '#')
			fprintf(f, "%u", number);
		else
			fputc(*by == '\x01' ? '#' : *by, f);
}

static void put_inline(FILE *f, const char *svg, unsigned number)
{
	for (bool known; *svg;) {
		known = false;
		for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0] && !known; i++) {
			size_t n = strlen(exchanges[i].what);
			known = strncmp(svg, exchanges[i].what, n) == 0;
			if (known) {
				put_exchange(f, exchanges[i].by, number);
				svg += n;
			}
		}
		if (!known)
			fputc(*svg++, f);
	}
}

void put_caption(FILE *f, const char *caption, const char *note)
{
	if (!caption && !note)
		return;
	fputs("<figcaption>", f);
	put_xml(f, caption);
	if (note) {
		fputs(caption ? "<br>" : "", f);
		put_tag(f, "span", "class=\"small\"", note);
	}
	fputs("</figcaption>", f);
}

static void put_missing(const struct page *p, const struct picture *g)
{
	fputs("<p class=\"soft\">", p->f);
	put_xml(p->f, g->title);
	fputs(g->script ? ": not drawn, gnuplot is missing or failed" : ": not drawn", p->f);
	if (g->data) {
		fputs("; its data are in plots/", p->f);
		put_xml(p->f, g->name);
		fputs(".dat", p->f);
	}
	fputc('.', p->f);
	if (g->script && p->redraw) {
		fputs(" With gnuplot installed, ", p->f);
		put_tag(p->f, "code", NULL, p->redraw);
		fputs(" draws it.", p->f);
	}
	fputs("</p>", p->f);
}

void put_picture(struct page *p, const struct picture *g, const char *note)
{
	char path[PATH_MAX], *svg = NULL, *at = NULL;
	size_t size = 0;
	int n = snprintf(path, sizeof path, "%s/%s.svg", p->plots, g->name);
	FILE *in = n > 0 && (size_t)n < sizeof path ? fopen(path, "r") : NULL;

	if (in && getdelim(&svg, &size, '\0', in) > 0)
		at = strstr(svg, "<svg");
	if (in)
		fclose(in);
	fputs(g->wide ? "<figure class=\"wide\">" : "<figure>", p->f);
	if (at) {
		fputs("<div><svg role=\"img\" aria-label=\"", p->f);
		put_xml(p->f, g->title);
		fputc('"', p->f);
		put_inline(p->f, at + strlen("<svg"), ++p->shown);
		fputs("</div>", p->f);
	} else {
		put_missing(p, g);
	}
	free(svg);
	put_caption(p->f, g->caption, note);
	fputs("</figure>\n", p->f);
}

void cards_begin(FILE *f)
{
	fputs("<div class=\"cards\">\n", f);
}

void put_card(FILE *f, const struct card *c)
{
	fprintf(f, "<div class=\"card%s%s\">", c->state ? " " : "", c->state ? c->state : "");
	if (c->state)
		put_tag(f, "span", "class=\"verdict\"", c->state);
	if (c->beside) {
		fputs(c->state ? " " : "", f);
		put_tag(f, "span", "class=\"soft small\"", c->beside);
	}
	put_tag(f, "b", NULL, c->value);
	put_xml(f, c->name);
	if (c->below[0]) {
		fputs("<br><span class=\"soft small\">", f);
		put_xml(f, c->below[0]);
		fputs(c->below[1] ? "<br>" : "", f);
		put_xml(f, c->below[1]);
		fputs("</span>", f);
	}
	fputs("</div>\n", f);
}

void cards_end(FILE *f)
{
	fputs("</div>\n", f);
}

void table_begin(FILE *f, const struct column *columns, size_t n)
{
	fputs("<div class=\"scroll\"><table><thead><tr>", f);
	for (size_t i = 0; i < n; i++)
		put_tag(f, "th", columns[i].attributes, columns[i].name);
	fputs("</tr></thead><tbody>\n", f);
}

void table_end(FILE *f)
{
	fputs("</tbody></table></div>", f);
}

void items_begin(FILE *f)
{
	fputs("<table><tbody>\n", f);
}

void item_begin(FILE *f, const char *name)
{
	fputs("<tr>", f);
	put_tag(f, "th", "scope=\"row\"", name);
	fputs("<td>", f);
}

void item_end(FILE *f)
{
	fputs("</td></tr>\n", f);
}

void put_item(FILE *f, const char *name, const char *value)
{
	item_begin(f, name);
	put_xml(f, value);
	item_end(f);
}

void items_end(FILE *f)
{
	fputs("</tbody></table>\n", f);
}
