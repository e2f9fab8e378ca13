# A study that is killed at any moment, as often as it likes, goes on to the same result; so does one that is told to stop.
# shellcheck shell=bash disable=SC2154
. "$(dirname "$0")/_lib.sh"
. "$here/_study.sh"
RANDOM=1 # a seed: the same delays every time
kills=50
! sanitized || kills=8 # a sanitizer makes every start ten times as long

scenario town.xml "" 'duration="20min" warm-up="0s" seed="3" replications="1"'
factors='<factor id="gateways" path="lorawan/gateways/@count" values="1; 2"/>
  <factor id="period" path="device-class/traffic/@period" values="10min; 5min"/>'
sed -i 's/count="40"/count="10"/' town.xml
study s.xml 'replications="auto" precision="2%" floor="3" batch="2" ceiling="7" warm-up="auto"'
now_ms() { echo $(($(date +%s%N) / 1000000)); }
began=$(now_ms)
check "a study that nothing disturbs" 0 '' "$SCCSIM" study s.xml -j 2 -o calm -q
takes=$(($(now_ms) - began))
holds "leaves its results and nothing else" tidy calm

# A background job gets a process group of its own, to be killed whole, and heeds SIGINT.
set -m
# begin DIR OPTION...
begin() {
	local dir=$1
	shift
	"$SCCSIM" study s.xml -j 2 -o "$dir" "$@" >out 2>err &
	pid=$!
}
# kill_it: true when it was killed; false when it had ended before, with status 0 (else that is a failure).
kill_it() {
	kill -KILL -- "-$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	status=$?
	[ $status -eq 137 ] && return 0
	[ $status -eq 0 ] || fail "a run that is resumed ends well" "status $status" "$(cat err)"
	return 1
}
# A wait ends when a job is stopped, too.
gone() { ! kill -0 "$1" 2>/dev/null; }
wait_for() { until_true 120 gone "$1" && wait "$1"; }
pause_ms() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

# ---- at random moments ----
killed=0 rounds=0 before=0 stopped=0
# One study: killed and resumed until it ends by itself or there were enough.
torment() {
	local dir=$1 resume='' ended=no
	while [ $killed -lt $kills ]; do
		# Most delays are short: the start, the record and the warm-up are where little time is spent.
		case $((RANDOM % 3)) in 0) reach=$((takes / 20)) ;; 1) reach=$((takes / 6)) ;; *) reach=$takes ;; esac
		begin "$dir" $resume -q
		pause_ms $((RANDOM % (reach + 1)))
		if ! kill_it; then
			ended=yes
			break
		fi
		killed=$((killed + 1))
		[ -s "$dir/results.sqlite" ] || before=$((before + 1))
		[ -z "$(find "$dir" -maxdepth 1 -name '.running*' 2>/dev/null)" ] || stopped=$((stopped + 1))
		resume=--resume
	done
	[ $ended = yes ] || "$SCCSIM" study s.xml -j 2 -o "$dir" --resume -q >out 2>err || fail "the last resumption ends" "$(cat err)"
}
while [ $killed -lt $kills ]; do
	rounds=$((rounds + 1))
	was=$killed
	torment killed$rounds
	holds "killed $((killed - was)) times, a study is the same" whole calm killed$rounds
	rm -rf killed$rounds
done
echo "# $killed kills of $rounds studies: $before before there was a record, $stopped while replications ran"

# ---- where it hurts ----
# when NAME CONDITION...: kill a new study as soon as the condition holds, resume it with another number of threads.
when() {
	local name=$1 dir=$2
	shift 2
	begin "$dir" -q
	until_true 30 "$@" || fail "killed $name: it never came so far"
	kill_it || echo "# killed $name: it was over sooner"
	check "killed $name, it goes on" 0 '' "$SCCSIM" study s.xml -j 3 -o "$dir" --resume -q
	holds "to the same result ($name)" whole calm "$dir"
	rm -rf "$dir"
}
exists() { compgen -G "$1" >/dev/null; }
when "before its folder exists" early true
when "with a record of no study" birth test -e birth/results.sqlite
when "while the warm-up is sought" pilots test -s pilots/results.sqlite
when "when the first replication runs" first exists 'first/.running'
# At the beginning the folder is tried too, but then there is no record.
drawing() { test -s "$1/results.sqlite" && exists "$1/.writing-*"; }
when "while it draws" drawn drawing drawn

: >empty
mkdir empty-record && mv empty empty-record/results.sqlite
check "a record that was killed at birth holds nothing: begin" 0 '' "$SCCSIM" study s.xml -o empty-record -q
holds "as if it had not been there" whole calm empty-record

# ---- told to stop ----
for signal in INT TERM; do
	begin "told-$signal"
	until_true 30 exists "told-$signal/.running"
	pause_ms $((takes / 8))
	kill -$signal "$pid"
	wait "$pid"
	status=$?
	if [ $status -eq 0 ]; then
		echo "# SIG$signal came too late"
	elif [ $status -eq 3 ] && grep -Eq 'stopped: [0-4] of 4 points are done; --resume goes on' err; then
		pass "SIG$signal ends a study with status 3, and it says how to go on"
	else
		fail "SIG$signal ends a study with status 3, and it says how to go on" "status $status" "$(cat err)"
	fi
	holds "nothing but results is left by SIG$signal" tidy "told-$signal"
	check "a study that is not finished is not overwritten by mistake" "$([ $status -eq 3 ] && echo 2 || echo 0)" '' \
		"$SCCSIM" study s.xml -j 2 -o "told-$signal" -q
	check "it goes on after SIG$signal" 0 '' "$SCCSIM" study s.xml -j 1 -o "told-$signal" --resume -q
	holds "to the same result (SIG$signal)" whole calm "told-$signal"
done

# ---- two at once ----
begin both -q
until_true 30 test -s both/results.sqlite
kill -STOP "$pid" # so that it cannot be over before the others ask
check "a second sccsim on the same folder is refused" 2 'another sccsim is at work on both' "$SCCSIM" study s.xml -o both --resume -q
check "and one that would begin anew" 2 'another sccsim is at work on both' "$SCCSIM" study s.xml -o both --overwrite -q
check "and a merge of what is not done" 2 'another sccsim is at work on both' "$SCCSIM" merge both -o both-merged --study s.xml -q
kill -CONT "$pid"
wait_for "$pid"
holds "and the first one does not notice" whole calm both

# ---- a shard ----
begin part1 --shard 1/2 -q
until_true 30 exists 'part1/.running'
pause_ms $((takes / 10))
kill_it
check "a shard that was killed goes on" 0 '' "$SCCSIM" study s.xml -j 2 -o part1 --shard 1/2 --resume -q
check "the other shard" 0 '' "$SCCSIM" study s.xml -j 2 -o part2 --shard 2/2 --resume -q
check "a shard without points is done at once" 0 'Shard 5/5 is done' "$SCCSIM" study s.xml -j 2 -o part5 --shard 5/5
check "shards are put together after a kill" 0 '' "$SCCSIM" merge part1 part2 -o merged -q
holds "to the same result (shards)" whole calm merged
exit $((failures > 0))
