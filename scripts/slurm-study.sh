#!/bin/bash
# slurm-study.sh [OPTION...] STUDY [-o DIR] [OPTION of `sccsim study'...]: submit a study to Slurm.
#
#   --array N        as an array of N shards and a job that merges them when all have ended (the default: 8)
#   --mpi N          as one MPI job of N tasks
#   --cpus N         processors of each shard or task (1)
#   --time LIMIT, --partition NAME, --account NAME, --mem SIZE, --qos NAME    as sbatch takes them
#   --sbatch OPTION  any other option of sbatch, as in --sbatch --exclusive; may be said several times
#   --dry-run        print the job scripts and submit nothing
#   SCCSIM=PROGRAM   the program, where it is not beside these scripts; every node must see it, the study and DIR
#
# Every job goes on with what its folder holds, so that one that was requeued, cancelled, killed or ran out of time loses at most
# a tenth of a second: submit the same line again.  DIR (results/STUDY, by the file's name) gets the study's results; the shards
# of an array stand in DIR.shards, and what the jobs say in DIR.slurm.  A changed study is refused there: choose another DIR.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

usage() {
	sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
die() {
	echo "slurm-study: $*" >&2
	exit 2
}
# number OPTION TEXT
number() {
	case $2 in
	'' | *[!0-9]* | 0*) die "$1 '$2': give a whole number from 1" ;;
	esac
}

kind=array n=8 cpus=1 dry=no study='' dir='' sbatch=() options=()
while [ $# -gt 0 ]; do
	case $1 in
	--help | -h) usage ;;
	--dry-run) dry=yes; shift; continue ;;
	--*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}"; continue ;;
	--array | --mpi | --cpus | --time | --partition | --account | --mem | --qos | --sbatch | -o | --output | -j | --jobs)
		[ $# -ge 2 ] || die "$1 wants a value"
		;;
	esac
	case $1 in
	--array | --mpi) number "$1" "$2"; kind=${1#--} n=$2; shift 2 ;;
	--cpus) number "$1" "$2"; cpus=$2; shift 2 ;;
	--time | --partition | --account | --mem | --qos) sbatch+=("$1=$2"); shift 2 ;;
	--sbatch) sbatch+=("$2"); shift 2 ;;
	-o | --output) dir=$2; shift 2 ;;
	-j | --jobs) die "$1: as many threads as --cpus says are used" ;;
	--shard | --resume | --overwrite) die "$1 is for this script to say" ;;
	-*) options+=("$1"); shift ;;
	*) [ -z "$study" ] || die "one study at a time: '$1' is one too many"; study=$1; shift ;;
	esac
done
[ -n "$study" ] || usage
[ -f "$study" ] || die "$study: no such file"
study=$(realpath "$study")
name=$(basename "$study" .xml)
dir=$(realpath -m "${dir:-results/$name}")
sccsim=$(realpath "${SCCSIM:-$here/../build/sccsim}") || die "no program: make, or say SCCSIM="
[ -x "$sccsim" ] || die "$sccsim cannot be run"
[ "$dry" = yes ] || command -v sbatch >/dev/null || die "no sbatch on this machine"
case $dir in
*[[:space:]%\"\\]*) die "$dir: sbatch would read a space, a quote or a % in it as something else" ;;
esac

# quoted WORD...: for a job script to read.
quoted() {
	printf '%q' "$1"
	shift
	[ $# -eq 0 ] || printf ' %q' "$@"
}
# head_of JOB-NAME LOG [OPTION...]: what every job script begins with.  A job that is requeued goes on.
head_of() {
	local job=$1 log=$2
	shift 2
	echo '#!/bin/bash'
	printf '#SBATCH %s\n' "--job-name=$job" "--output=$dir.slurm/$log" --requeue --open-mode=append "$@" ${sbatch[@]+"${sbatch[@]}"}
	echo "cd $(quoted "$PWD") || exit 3"
}

shard_script() {
	head_of "$name" 'shard-%a.log' "--array=1-$n" --ntasks=1 "--cpus-per-task=$cpus"
	echo "exec $(quoted "$sccsim" study "$study" --resume -j "$cpus" "${options[@]}") --shard \"\$SLURM_ARRAY_TASK_ID/$n\" \\"
	echo "	-o $(quoted "$dir.shards/")\"\$SLURM_ARRAY_TASK_ID-of-$n\""
}

# It runs when all shards have ended, however they did: what one that is missing means is for us to say.
merge_script() {
	head_of "$name-merge" merge.log --ntasks=1
	cat <<-SCRIPT
		parts=() missing=()
		for i in \$(seq $n); do
			part=$(quoted "$dir.shards/")"\$i-of-$n"
			if [ -s "\$part/results.sqlite" ]; then parts+=("\$part"); else missing+=("\$i"); fi
		done
		if [ \${#missing[@]} -gt 0 ]; then
			echo "no results of shard \${missing[*]} of $n (what they say: $(quoted "$dir.slurm/")shard-*.log): nothing is merged;" \\
				"submit the study again, and only what is missing runs" >&2
			exit 3
		fi
		$(quoted "$sccsim" merge --overwrite --study "$study" -o "$dir") "\${parts[@]}"
		status=\$?
		[ \$status -ne 3 ] || echo "not all shards were done: submit the study again, and only what is missing runs" >&2
		exit \$status
	SCRIPT
}

# Slurm starts the ranks itself where it has the interface that the MPI of the program speaks; else the MPI's launcher does.
mpi_script() {
	head_of "$name" mpi.log "--ntasks=$n" "--cpus-per-task=$cpus"
	cat <<-SCRIPT
		run=($(quoted "$sccsim" study "$study" --resume -j "$cpus" "${options[@]}" -o "$dir"))
		export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
		case \$(ldd $(quoted "$sccsim") | grep -o 'libmpi[a-z]*\.so' | head -n 1) in
		libmpi.so) way=pmix ;;
		libmpich*) way=pmi2 ;;
		*)
			echo "$sccsim was built without MPI: use --array" >&2
			exit 2
			;;
		esac
		if srun --mpi=list 2>&1 | grep -qw "\$way"; then
			exec srun --mpi="\$way" --cpus-per-task=$cpus "\${run[@]}"
		fi
		exec mpirun -n $n "\${run[@]}"
	SCRIPT
}

# submit OPTION...: the job of the script on standard input; says its id.
submit() { sbatch --parsable "$@" | cut -d ';' -f 1; }

if [ "$dry" = yes ]; then
	if [ "$kind" = mpi ]; then
		mpi_script
	else
		shard_script
		echo
		merge_script
	fi
	exit 0
fi
mkdir -p "$dir.slurm"
if [ "$kind" = mpi ]; then
	jobs=$(mpi_script | submit)
	last=$jobs
	echo "job $jobs: $name on $n ranks"
else
	jobs=$(shard_script | submit)
	last=$(merge_script | submit "--dependency=afterany:$jobs")
	echo "job $jobs: $name in $n shards"
	echo "job $last: their merge"
fi
echo "watch:   squeue -j $(printf '%s\n' "$jobs" "$last" | sort -u | paste -sd ,); tail $dir.slurm/*.log"
echo "results: $dir"
