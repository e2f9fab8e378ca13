# replay-lorawan: every outcome of the measured packet files, and of a small one made by hand; a changed outcome is noticed; bad
# input is told from a mismatch.
. "$(dirname "$0")/_lib.sh"
replay=${REPLAY:-$(dirname "$SCCSIM")/replay-lorawan}
data=$root/tests/validation/data/lorawan

# copy PREFIX: the files of a run, to be spoilt.
copy() {
	rm -f run-*.csv
	for part in devices tx dl; do
		[ ! -f "$data/$1-$part.csv" ] || cp "$data/$1-$part.csv" "run-$part.csv"
	done
	chmod u+w run-*.csv
}

# outcomes PREFIX: how many there are in its file.
outcomes() {
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) n += $i ~ /^outcome_gw/; next } { all += n } END { print all }' "$data/$1-tx.csv"
}

for run in gw1_n1000_run1 gw4_n1000_run1 gw1_n100_conf100_max8_run1; do
	check "every outcome of $run is reproduced" 0 "^$(outcomes $run) matched, 0 mismatched\$" "$replay" "$data/$run"
done

# It can fail: one outcome changed, a weaker frame, a downlink less, delays left out.
copy gw1_n1000_run1
sed -i '30s/[^,]*$/no_more_receivers/' run-tx.csv
check "one changed outcome is one mismatch" 1 '^5999 matched, 1 mismatched$' "$replay" run
check "a mismatch is shown with its line and both outcomes" 1 \
	'^run-tx.csv:30: gateway 0, from .* SF[0-9]+, channel [0-9]+, .* dBm: no_more_receivers in the file, [a-z_]+ here$' "$replay" run
copy gw1_n1000_run1
sed -i '2,$s/,received$/,interfered/' run-tx.csv
check "with many mismatches, the first ten are shown" 1 '^[0-9]+ matched, [1-9][0-9]{3} mismatched$' "$replay" run
lines=$(grep -c ': gateway ' out)
holds "ten lines for thousands of mismatches" [ "$lines" -eq 10 ]
copy gw1_n100_conf100_max8_run1
rm run-dl.csv
check "without the gateways' own transmissions outcomes differ" 1 ' [1-9][0-9]* mismatched$' "$replay" run
copy gw1_n1000_run1
awk -F, -v OFS=, 'NR > 1 { $7 -= 9 } { print }' run-devices.csv >less && mv less run-devices.csv
check "9 dB less at every device put some below sensitivity" 1 ' [1-9][0-9]* mismatched$' "$replay" run

# By hand, with columns in another order, device numbers that are not rows, gateways 2 and 7, an unused column.
# At gateway 2 (-120 dBm from 10, 20; -110 from 30; 40 too weak), SF7, 32 B = 71.936 ms:
#   frames 0 and 1 of 10 and 20 overlap on channel 1: equal powers, both destroyed; frame 2 of 30 on channel 0 is not touched;
#   frame 3 of 40 is below sensitivity; frame 4 of 30 over frame 5 of 20 by 10 dB survives it and destroys it;
#   frame 6 of 10 is being received when the gateway sends (36.096 ms); frame 7 of 20 begins while it sends; frame 8 of 50 begins
#   as it ends and meets the rest of frame 6, 5.84 ms of equal power, but not frame 7, which would have destroyed it.
# Gateway 7 hears all of them at -129 dBm, delayed so that frames 0 and 1, 4 and 5, 6 and 7 touch without overlap.
cat >hand-devices.csv <<-CSV
	name,delay_ns_gw7,rxdbm_gw7,dev,rxdbm_gw2,delay_ns_gw2
	a,0,-129,40,-131,0
	b,0,-129,10,-120,0
	c,21936000,-129,20,-120,0
	d,0,-129,30,-110,0
	e,1000000000,-129,50,-120,0
CSV
cat >hand-tx.csv <<-CSV
	outcome_gw7,dev,channel,phypayload,sf,outcome_gw2,start_ns
	received,10,1,32,7,interfered,0
	received,20,1,32,7,interfered,50000000
	received,30,0,32,7,received,10000000
	received,40,2,32,7,under_sensitivity,20000000
	received,30,5,32,7,received,1000000000
	received,20,5,32,7,interfered,1050000000
	received,10,1,32,7,lost_because_tx,2000000000
	received,20,1,32,7,lost_because_tx,2050000000
	received,50,1,32,7,received,2066096000
CSV
printf 'sf,mhz,phypayload,start_ns,gw\n7,868.1,9,2030000000,2\n' >hand-dl.csv
check "columns are found by name, devices and gateways by number" 0 '^18 matched, 0 mismatched$' "$replay" hand

# Bad input: status 2, the file, the line and what would be right.
bad() {
	local name=$1 pattern=$2
	check "$name" 2 "$pattern" "$replay" hand
	cp keep/* .
}
mkdir keep && cp hand-*.csv keep
check "no prefix is a question of usage" 2 '^usage: replay-lorawan PREFIX' "$replay"
check "--help explains it" 0 '^usage: replay-lorawan PREFIX' "$replay" --help
check "files that are not there are named" 2 'nowhere-devices.csv.*No such file' "$replay" nowhere
check "all of them at once" 2 'nowhere-tx.csv.*No such file' "$replay" nowhere
sed -i 's/outcome_gw/result_gw/g' hand-tx.csv
bad "a file without outcomes says so" 'hand-tx.csv:1: has no column "outcome_gw0"'
sed -i 's/rxdbm_gw7/power_gw7/' hand-devices.csv
bad "a gateway without its powers is named" 'hand-devices.csv:1: has no column "rxdbm_gw7"'
sed -i '4s/received/perceived/' hand-tx.csv
bad "an outcome that is none is named with those there are" 'hand-tx.csv:4: "perceived" is not an outcome \(received, interfered'
sed -i '5s/,40,/,41,/' hand-tx.csv
bad "a device that is not there is named" 'hand-tx.csv:5: device 41 is not in hand-devices.csv'
sed -i '3s/,10,/,40,/' hand-devices.csv
bad "a device that stands twice is named" 'hand-devices.csv:[23]: device 40 stands twice'
sed -i '2s/,32,7,/,32,6,/' hand-tx.csv
bad "a spreading factor that is none is named" 'hand-tx.csv:2: column sf: 6 is outside 7 .. 12'
sed -i '2s/,0$/,0.5/' hand-tx.csv
bad "time is in whole nanoseconds" 'hand-tx.csv:2: "0.5" is not a whole number'
sed -i '2s/-129/nan/' hand-devices.csv
bad "a power is a finite number" 'hand-devices.csv:2: column rxdbm_gw7: '
sed -i '2s/,2$/,3/' hand-dl.csv
bad "a gateway that sends but hears nothing is named" 'hand-dl.csv:2: gateway 3 has no column outcome_gw3'
sed -i '3d;4s/,received//' hand-tx.csv
bad "a line that is too short is named" 'hand-tx.csv:[0-9]+: has 6 fields, the header 7'
sed -i '2,$d' hand-tx.csv
bad "a file without frames proves nothing" 'hand-tx.csv:1: no frames'
: >hand-dl.csv
bad "an empty file is named" 'hand-dl.csv:1: is empty'
check "and mended again it matches" 0 '^18 matched, 0 mismatched$' "$replay" hand
exit $((failures > 0))
