#!/bin/sh
# Install what building and running need on Debian 12; with --test what the tests need besides (the shell of SQLite; MPI and Slurm, without which
# the program builds too), and with --dev what the checks need as well.  Does nothing, quickly, when all is there.
set -eu
packages="gcc libc6-dev make pkg-config libgsl-dev libxml2-dev libxml2-utils libsqlite3-dev nettle-dev libjansson-dev gnuplot-nox
	librandom123-dev libcmocka-dev"
test="sqlite3 openmpi-bin libopenmpi-dev slurm-wlm munge"
dev="chromium clang clang-format clang-tidy cppcheck libclang-rt-14-dev man-db bash-completion"

case ${1-} in
"") ;;
--test) packages="$packages $test" ;;
--dev) packages="$packages $test $dev" ;;
*)
	echo "usage: install-deps.sh [--test | --dev]" >&2
	exit 2
	;;
esac
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	echo "install-deps: not a Debian system; needed under Debian's names:" $packages >&2
	exit 0
fi

missing=
for p in $packages; do
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing="$missing $p"
done
# gnuplot-nox is one of three that provide the program.
command -v gnuplot >/dev/null && missing=$(echo "$missing " | sed 's/ gnuplot-nox / /')
[ -z "$(echo $missing)" ] && exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "install-deps: run as root: apt-get install$missing" >&2
		exit 1
	fi
	as_root=sudo
fi
echo "install-deps: installing$missing" >&2
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; }
# The lists of packages may be absent or old: fetch them and try again.
install >&2 || { $as_root apt-get update -q >&2 && install >&2; }
