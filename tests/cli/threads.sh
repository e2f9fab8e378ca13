# What devices go through before and after they work, small: not a byte of the results depends on the number of threads.
. "$(dirname "$0")/_lib.sh"

# same SCENARIO KPI SET...: two replications on one thread and on two; the KPI is there, or the scenario does not do what it is about.
same() {
	local file=$root/scenarios/$1 kpi=$2 name sets=() j
	name=$(basename "$1" .xml)
	shift 2
	for set; do sets+=(--set "$set"); done
	for j in 1 2; do
		check "$name runs on $j" 0 '' "$SCCSIM" run "$file" -q -r 2 -j "$j" -o "$name-$j" "${sets[@]}"
	done
	holds "$name has $kpi" grep -Eq "^$kpi,[^,]*,[^,]*,[0-9.e+-]*[1-9]" "$name-1/kpi.csv"
	for result in kpi.csv series.csv; do
		holds "$name: $result is the same" cmp "$name-1/$result" "$name-2/$result"
	done
}

same onboarding/storm.xml onboarding.storm-recovery-90 deploy/@count=3000 run/@duration=10min
same identity/identity.xml identity.duplicates-detected deploy/@count=150 deploy/@over=5d run/@duration=20d
same worm/worm.xml security.infected-peak deploy/@count=400 run/@duration=125d
same metering-rollout/metering-rollout.xml onboarding.storm-recovery-90 deploy/@count=200 deploy/@over=150d run/@duration=250d
exit $((failures > 0))
