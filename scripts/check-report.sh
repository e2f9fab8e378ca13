#!/bin/sh
# check-report.sh REPORT.HTML [PICTURE.PNG]: open it in headless Chromium; fails when it writes anything to the console, asks
# the network for anything, shows no text, lacks a picture, or shows what no reader should see.  With PICTURE, keep what it
# looks like.
set -u
page=$(realpath "$1") || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
look() {
	timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \
		--user-data-dir="$work/profile" --enable-logging=stderr --virtual-time-budget=5000 "$@" "file://$page"
}
bad=0
look --dump-dom >"$work/dom" 2>"$work/log" || { echo "chromium failed"; tail -n 5 "$work/log"; exit 1; }
if grep 'CONSOLE' "$work/log"; then
	echo "$1: writes to the console"
	bad=1
fi
if grep -nEo '<(script|link|img|iframe|image)[^>]*(src|href)="(https?:)?//[^"]*"|url\(.?https?:[^)]*|@import[^;]*' "$work/dom"; then
	echo "$1: is not self-contained"
	bad=1
fi
if grep -o '[^>]*: not drawn, gnuplot is missing' "$work/dom"; then
	echo "$1: lacks a picture"
	bad=1
fi
if grep -nEo '(>|[^a-zA-Z])(-?nan|-?inf|\(null\))(<|[^a-zA-Z])' "$work/dom"; then
	echo "$1: shows a number that is none"
	bad=1
fi
# A crisis: bars in lanes, and a map a moment.
if grep -q 'aria-label="The crisis over time"' "$work/dom"; then
	lanes=$(grep -o 'class="lane"' "$work/dom" | wc -l) frames=$(grep -o 'class="frame"' "$work/dom" | wc -l)
	[ "$lanes" -ge 2 ] && [ "$frames" -ge 3 ] || { echo "$1: a crisis of $lanes lanes and $frames frames"; bad=1; }
fi
# The frames by themselves, as a browser draws them: colours of hazards, borders and states, not an empty box.
strip=$(tr '\n' ' ' <"$page" | grep -o '<svg role="img" aria-label="The city at the moments[^"]*".*' | sed 's|</svg>.*|</svg>|')
if [ -n "$strip" ] && command -v convert >/dev/null; then
	printf '<!DOCTYPE html><style>:root{--ink:#000;--grid:#ccc;--paper:#fff}svg{width:1000px}</style>%s' "$strip" >"$work/strip.html"
	page=$work/strip.html look --window-size=1020,900 --screenshot="$work/strip.png" >/dev/null 2>&1
	colours=$(convert "$work/strip.png" -crop 300x250+20+90 +repage -format '%k' info: 2>/dev/null)
	# a convert that cannot count says nothing
	{ [ -s "$work/strip.png" ] && [ "${colours:-4}" -ge 4 ]; } || { echo "$1: the frames of the crisis are blank"; bad=1; }
fi
grep -q '<h1' "$work/dom" || { echo "$1: shows no heading"; bad=1; }
if [ -n "${2-}" ]; then
	look --window-size=1280,4000 --screenshot="$2" >/dev/null 2>&1 && [ -s "$2" ] || { echo "$1: no picture"; bad=1; }
fi
[ $bad -eq 0 ] && echo "$1: no console message"
exit $bad
