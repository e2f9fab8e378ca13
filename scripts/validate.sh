#!/bin/sh
# Run validation programs; print their rows as one table, write results/validation.html, end with "N passed, N failed,
# N skipped".  Exit status 1 when a row failed or a program broke off.  VALIDATE_QUICK=1: fewer replications.
mkdir -p results || exit 1
rows=$(mktemp) || exit 1
trap 'rm -f "$rows"' EXIT
for program in "$@"; do
	name=${program##*/}
	[ -t 2 ] && printf '\r\033[K%s ...' "$name" >&2
	before=$(grep -c '	failed	' "$rows")
	"$program" >>"$rows"
	rc=$?
	# A program that breaks off without having failed a row is a failed row itself.
	if [ $rc -ne 0 ] && [ "$(grep -c '	failed	' "$rows")" -eq "$before" ]; then
		printf '%s\tthe program runs to its end\t\t0\t%d\t0\tfailed\texit status\n' "$name" $rc >>"$rows"
	fi
done
[ -t 2 ] && printf '\r\033[K' >&2

awk -F '\t' '
	{
		n = split("1 2 4 5 6 7", column, " ")
		for (i = 1; i <= n; i++) {
			cell[NR, i] = $(column[i])
			if (length($(column[i])) > width[i])
				width[i] = length($(column[i]))
		}
	}
	END {
		split("topic what expected measured tolerance verdict", head, " ")
		for (i = 1; i <= 6; i++)
			if (length(head[i]) > width[i])
				width[i] = length(head[i])
		for (r = 0; r <= NR; r++) {
			line = ""
			for (i = 1; i <= 6; i++)
				line = line sprintf("%-" width[i] "s  ", r ? cell[r, i] : head[i])
			sub(/ +$/, "", line)
			print line
		}
	}' "$rows"

awk -F '\t' -v version="$(cat VERSION 2>/dev/null)" -v quick="${VALIDATE_QUICK:-0}" '
	function text(s) { gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); return s }
	{ topic[NR] = $1; verdict[NR] = $7; count[$7]++; by[$1, $7]++; if (!($1 in seen)) { seen[$1] = ++topics; name[topics] = $1 }
	  body[NR] = "<tr class=\"" $7 "\"><td>" text($2) "<td class=n>" text($4) "<td class=n>" text($5) "<td class=n>" text($6) \
		"<td class=v>" $7 "<td>" text($3) "<td>" text($8) "</tr>" }
	END {
		print "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
		print "<title>sccsim: validation</title><style>"
		print "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:78rem;padding:0 1rem;color:#1b2733}"
		print "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}td,th{padding:.25rem .6rem;text-align:left;"
		print "border-bottom:1px solid #dde3e8;vertical-align:top}th{border-bottom:2px solid #9aa8b5}.n{text-align:right;"
		print "font-variant-numeric:tabular-nums;white-space:nowrap}.v{font-weight:600}.passed .v{color:#1a7f37}.failed .v{color:#c0182b}"
		print ".failed{background:#fdecee}.skipped .v,.reported .v{color:#6b7885}summary{cursor:pointer;font-size:1.15rem;font-weight:600}"
		print "</style><h1>Validation</h1><p>sccsim " version ": models against closed forms, standards and measured figures. "
		printf "<b>%d passed, %d failed, %d skipped, %d reported.</b>", count["passed"], count["failed"], count["skipped"], count["reported"]
		if (quick != "0") printf " Quick run: fewer replications, wider intervals."
		print "</p><p>Skipped: its data are not on this machine. Reported: stated without a verdict."
		for (t = 1; t <= topics; t++) {
			open = topics < 4 || by[name[t], "failed"] ? " open" : ""
			printf "<details%s><summary>%s: %d passed, %d failed", open, text(name[t]), by[name[t], "passed"], by[name[t], "failed"]
			if (by[name[t], "skipped"]) printf ", %d skipped", by[name[t], "skipped"]
			if (by[name[t], "reported"]) printf ", %d reported", by[name[t], "reported"]
			print "</summary><table><tr><th>what<th class=n>expected<th class=n>measured<th class=n>tolerance<th>verdict<th>source<th>why this tolerance</tr>"
			for (r = 1; r <= NR; r++) if (topic[r] == name[t]) print body[r]
			print "</table></details>"
		}
		print "</html>"
	}' "$rows" >results/.validation.html && mv results/.validation.html results/validation.html || exit 1

awk -F '\t' '{ n[$7]++ } END { printf "%d passed, %d failed, %d skipped\n", n["passed"], n["failed"], n["skipped"]; exit n["failed"] > 0 }' "$rows"
