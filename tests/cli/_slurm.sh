# A Slurm of one node for the tests of tests/cli, sourced after _study.sh: its own keys, ports and folders, and nothing of the
# machine's own Slurm, if it has one.  slurm_begin starts it, slurm_end ends it.
# shellcheck shell=bash disable=SC2034,SC2154

# free_port: a port that nobody listens on now.
free_port() {
	local port
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		port=$((20000 + RANDOM % 12000))
		(: </dev/tcp/127.0.0.1/$port) 2>/dev/null || { echo $port; return; }
	done
	return 1
}

# Nodes have more processors here than the machine, so that a few jobs run side by side on a small one.
slurm_conf() {
	cat <<-CONF
		ClusterName=sccsim
		SlurmctldHost=$host(127.0.0.1)
		SlurmUser=root
		SlurmdUser=root
		SlurmctldPort=$(free_port)
		SlurmdPort=$(free_port)
		AuthType=auth/munge
		AuthInfo=socket=$slurm/munge.socket
		CryptoType=crypto/munge
		StateSaveLocation=$slurm/state
		SlurmdSpoolDir=$slurm/spool
		SlurmctldPidFile=$slurm/slurmctld.pid
		SlurmdPidFile=$slurm/slurmd.pid
		SlurmctldLogFile=$slurm/slurmctld.log
		SlurmdLogFile=$slurm/slurmd.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_Core
		SchedulerParameters=sched_min_interval=0,batch_sched_delay=1,sched_interval=1,bf_interval=1,requeue_setup_env_fail
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		SwitchType=switch/none
		MailProg=/bin/true
		KillWait=3
		MinJobAge=300
		ReturnToService=2
		SlurmdParameters=config_overrides
		NodeName=$host NodeAddr=127.0.0.1 CPUs=4 Boards=1 SocketsPerBoard=1 CoresPerSocket=4 ThreadsPerCore=1 State=UNKNOWN
		PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
	CONF
}

node_is_idle() { [ "$(sinfo -h -o %t 2>/dev/null)" = idle ]; }

# The last words of a daemon that did not come up.
slurm_says() { tail -n 3 "$slurm"/*.log 2>/dev/null | grep -iE 'error|fatal' | tail -n 2 | cut -c 1-300; }

# True when the cluster works; slurm_why says why not.
slurm_begin() {
	local program
	for program in munged mungekey slurmctld slurmd sbatch srun scontrol squeue; do
		command -v $program >/dev/null || { slurm_why="no $program"; return 1; }
	done
	[ "$(id -u)" -eq 0 ] || { slurm_why="its daemons want root"; return 1; }
	# A folder that root alone can write: munge asks for that on the whole way.
	slurm=$(mktemp -d /run/sccsim-slurm-XXXXXX 2>/dev/null) || { slurm_why="/run cannot be written"; return 1; }
	chmod 755 "$slurm"
	host=$(hostname -s)
	mkdir "$slurm/state" "$slurm/spool"
	mungekey --create --keyfile="$slurm/munge.key" && chmod 400 "$slurm/munge.key"
	munged --key-file="$slurm/munge.key" --socket="$slurm/munge.socket" --pid-file="$slurm/munged.pid" \
		--log-file="$slurm/munged.log" --seed-file="$slurm/munged.seed" 2>"$slurm/start.log" ||
		{ slurm_why="munged does not start: $(head -n 1 "$slurm/start.log")"; return 1; }
	slurm_conf >"$slurm/slurm.conf"
	export SLURM_CONF=$slurm/slurm.conf
	slurmctld -D >"$slurm/start.log" 2>&1 &
	slurmctld=$!
	slurmd -D -N "$host" >>"$slurm/start.log" 2>&1 &
	slurmd=$!
	until_true 40 node_is_idle || { slurm_why="no idle node after 40 s: $(slurm_says)"; return 1; }
}

# What a daemon still writes as it ends may come between.
removed() { rm -rf "$slurm" 2>/dev/null; }
daemons_ended() { ! kill -0 "$slurmd" 2>/dev/null && ! kill -0 "$slurmctld" 2>/dev/null; }
slurm_end() {
	[ -n "${slurm-}" ] || return 0
	if [ -n "${slurmctld-}" ]; then
		timeout 10 scancel --quiet --state=RUNNING --state=PENDING --user=root 2>/dev/null
		kill "$slurmd" "$slurmctld" 2>/dev/null
		until_true 10 daemons_ended ||
			kill -KILL "$slurmd" "$slurmctld" 2>/dev/null
	fi
	[ ! -s "$slurm/munged.pid" ] || kill "$(cat "$slurm/munged.pid")" 2>/dev/null
	until_true 5 removed
}
