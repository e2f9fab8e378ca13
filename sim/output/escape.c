/* Foreign text in CSV, JSON, XML, and on paper. */
#include <math.h>
#include <string.h>

#include "sim/output/text.h"

void put_csv(FILE *f, const char *field)
{
	if (!strpbrk(field, "\",\r\n") && field[0] != '#' && field[0] != ' ') {
		fputs(field, f);
		return;
	}
	fputc('"', f);
	for (; *field; field++) {
		if (*field == '"')
			fputc('"', f);
		fputc(*field, f);
	}
	fputc('"', f);
}

void put_csv_number(FILE *f, double x)
{
	if (isfinite(x))
		fprintf(f, "%.9g", x == 0 ? 0 : x); /* never -0 */
}

void put_json(FILE *f, const char *text)
{
	if (!text) {
		fputs("null", f);
		return;
	}
	fputc('"', f);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(f, "\\u%04x", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

void put_json_number(FILE *f, double x)
{
	if (isfinite(x))
		fprintf(f, "%.9g", x == 0 ? 0 : x);
	else
		fputs("null", f);
}

void put_xml(FILE *f, const char *text)
{
	for (; text && *text; text++) {
		unsigned char c = (unsigned char)*text;
		switch (c) {
		case '&': fputs("&amp;", f); break;
		case '<': fputs("&lt;", f); break;
		case '>': fputs("&gt;", f); break;
		case '"': fputs("&quot;", f); break;
		case '\'': fputs("&#39;", f); break;
		default:
			/* What XML has no place for is shown as the sign for something unreadable. */
			if (c < 0x20 && c != '\n' && c != '\t' && c != '\r')
				fputs("\ufffd", f);
			else
				fputc(c, f);
		}
	}
}

void put_comment(FILE *f, const char *text)
{
	for (; *text; text++)
		fputs(text[0] == '-' && text[1] == '-' ? "- " : (char[]){ text[0], '\0' }, f);
}

static size_t width_of(const char *utf8, size_t bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n += ((unsigned char)utf8[i] & 0xc0) != 0x80;
	return n;
}

size_t text_width(const char *utf8)
{
	return width_of(utf8, strlen(utf8));
}

char *shorten(char *buf, size_t size, const char *utf8, size_t columns)
{
	static const char more[] = "\u2026";
	size_t bytes = 0;

	if (text_width(utf8) <= columns && strlen(utf8) < size) {
		memcpy(buf, utf8, strlen(utf8) + 1);
		return buf;
	}
	for (size_t n = 1; n < columns && utf8[bytes]; n++) {
		size_t next = bytes + 1;
		while (((unsigned char)utf8[next] & 0xc0) == 0x80)
			next++;
		if (next + sizeof more > size)
			break;
		bytes = next;
	}
	memcpy(buf, utf8, bytes);
	memcpy(buf + bytes, more, sizeof more);
	return buf;
}

void put_wrapped(FILE *f, const char *text, int indent, int width)
{
	static const char blanks[] = " \t\r\n";
	int column = indent;
	bool first = true;

	for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
		size_t word = strcspn(text, blanks);
		int wide = (int)width_of(text, word);
		if (!first && column + 1 + wide > width) {
			fprintf(f, "\n%*s", indent, "");
			column = indent;
			first = true;
		}
		fprintf(f, "%s%.*s", first ? "" : " ", (int)word, text);
		column += wide + !first;
		first = false;
		text += word;
	}
	fputc('\n', f);
}
