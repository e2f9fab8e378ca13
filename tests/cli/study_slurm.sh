# scripts/slurm-study.sh on a real Slurm, of one node on this machine: arrays of shards and MPI jobs, also requeued in the middle,
# end with what threads end with.
# shellcheck shell=bash disable=SC2154
. "$(dirname "$0")/_lib.sh"
. "$here/_study.sh"
. "$here/_slurm.sh"
submit=$root/scripts/slurm-study.sh
export SCCSIM

# ---- what needs no Slurm ----
town 200 2h
study s.xml 'replications="auto" precision="3%" floor="10" batch="5" ceiling="40" warm-up="auto"'
check "a dry run shows the array" 0 '^#SBATCH --array=1-3$' "$submit" --dry-run --array 3 --time 1:00:00 s.xml -o dry
holds "its limits" grep -q '^#SBATCH --time=1:00:00$' out
holds "and that it goes on when it is requeued" grep -q '^#SBATCH --requeue$' out
bash -n out || fail "the scripts can be read" "$(cat out)"
check "a dry run shows the MPI job" 0 '^#SBATCH --ntasks=4$' "$submit" --dry-run --mpi 4 s.xml
holds "and writes nothing" test ! -e dry -a ! -e dry.slurm -a ! -e results
check "no study" 2 'slurm-study.sh \[OPTION' "$submit"
check "a study that is not there" 2 'none.xml: no such file' "$submit" none.xml
check "no shards" 2 "--array '0': give a whole number" "$submit" --array 0 s.xml
check "a shard of one's own" 2 '--shard is for this script to say' "$submit" s.xml --shard 1/2
check "two studies" 2 'one study at a time' "$submit" s.xml s.xml

if sanitized; then
	echo "# skipped: what Slurm does is the same under the sanitizers"
	exit $((failures > 0))
fi
trap 'slurm_end; rm -rf "$work"' EXIT
if ! slurm_begin; then
	echo "# skipped: no Slurm could be started here: $slurm_why"
	exit $((failures > 0))
fi

# job_of: the id of the job that was submitted last, by what slurm-study.sh said: job_of WORD.
job_of() { sed -n "s/^job \\([0-9]*\\): .*$1.*/\\1/p" out; }
# The state of a job or of all of an array, each once.
state_of() { scontrol show job "$1" 2>/dev/null | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p' | sort -u | paste -sd ,; }
ended() { ! state_of "$1" | grep -Eq 'PENDING|RUNNING|COMPLETING|REQUEUE|SUSPENDED'; }
# ends NAME JOB STATE: within a minute or two.
ends() {
	local state
	until_true 100 ended "$2"
	state=$(state_of "$2")
	if [ "$state" = "$3" ]; then pass "$1"; else
		fail "$1" "job $2 is $state" "$(tail -n 3 ./*.slurm/*.log)" "$(tail -n 3 "$slurm/slurmctld.log")"
	fi
}
exists() { compgen -G "$1" >/dev/null; }

"$SCCSIM" study s.xml -j 2 -o threads -q || fail "a study on threads"
check "an array is submitted" 0 '^watch:   squeue -j [0-9]+,[0-9]+' "$submit" --array 3 s.xml -o array -q
ends "three shards and their merge are done" "$(job_of merge)" COMPLETED
holds "and are the study" whole threads array

if ldd "$SCCSIM" | grep -q libmpi; then
	check "an MPI job is submitted" 0 'on 2 ranks' "$submit" --mpi 2 s.xml -o mpi
	job=$(job_of ranks)
	ends "it is done" "$job" COMPLETED
	holds "and is the study" whole threads mpi
	holds "of two ranks, not of two programs" test "$(grep -c '^Report: ' mpi.slurm/mpi.log)" -eq 1
else
	echo "# built without MPI: no MPI job is tried"
fi

# ---- requeued in the middle ----
town 200 12h
study s.xml 'replications="auto" precision="1%" floor="10" batch="5" ceiling="40" warm-up="auto"'
"$SCCSIM" study s.xml -j 2 -o long -q || fail "a longer study on threads"
check "an array that will be requeued" 0 '' "$submit" --array 2 s.xml -o again -q
jobs=$(job_of shards)
until_true 60 exists 'again.shards/1-of-2/.running' || fail "the shards begin" "$(cat again.slurm/*.log)"
holds "is requeued while it runs" scontrol requeue "$jobs"
# Slurm lets what is requeued wait for two minutes, lest its node be at fault.  We know better, but the node refuses for that second
# what it has just been told to kill.
pending() { [ "$(state_of "$jobs")" = PENDING ]; }
until_true 60 pending
# shellcheck disable=SC2046
for job in $(squeue -h -r -j "$jobs" -o %i); do scontrol update "jobid=$job" starttime=now+3seconds; done
ends "it goes on, and is merged" "$(job_of merge)" COMPLETED
holds "to the same result" whole long again
shard_began_twice() { scontrol show job "$jobs" | grep -q 'Restarts=[1-9]'; }
holds "it had been requeued" shard_began_twice

# ---- a shard that is missing ----
check "an array of which a shard is cancelled" 0 '' "$submit" --array 2 --sbatch --hold s.xml -o part -q
jobs=$(job_of shards)
merge=$(job_of merge)
scancel "${jobs}_2"
scontrol release "$jobs" && scontrol release "$merge"
ends "is not merged" "$merge" FAILED
check "and the merge says which shard is missing" 0 'no results of shard 2 of 2.*submit the study again' cat part.slurm/merge.log
check "submitted again" 0 '' "$submit" --array 2 s.xml -o part -q
ends "it is done" "$(job_of merge)" COMPLETED
holds "with the same result after all" whole long part
exit $((failures > 0))
