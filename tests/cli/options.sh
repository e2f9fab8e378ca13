# The command line itself: commands, options, help, what is said of a wrong one.
. "$(dirname "$0")/_lib.sh"

check "no command is a question of usage" 2 'Usage: sccsim COMMAND' "$SCCSIM"
check "--version says the version" 0 "^sccsim $(cat "$root/VERSION"), (Open MPI|MPICH|without MPI)" "$SCCSIM" --version
for word in --help -h help; do
	check "$word lists the commands" 0 '^  run +run a scenario' "$SCCSIM" $word
done
for command in run compare plan new validate explain report models schema; do
	check "help names $command" 0 "^  $command " "$SCCSIM" help
	check "$command --help explains it" 0 "^Usage: sccsim $command" "$SCCSIM" "$command" --help
	check "$command -h does so too" 0 "^Usage: sccsim $command" "$SCCSIM" "$command" -h
	check "help $command does so too" 0 "^Usage: sccsim $command" "$SCCSIM" help "$command"
	check "$command refuses an option that is none" 2 "sccsim $command --help" "$SCCSIM" "$command" --no-such-option
	holds "the man page has $command" grep -q "fBsccsim $command" "$root/share/sccsim.1"
	holds "completion knows $command" grep -q "W \"[^\"]*\\b$command\\b" "$root/share/completion/sccsim.bash"
done
for command in run compare plan new validate explain report; do
	check "$command without an argument asks for it" 2 "sccsim $command: (which|what)" "$SCCSIM" "$command"
done
check "every option of run is in the man page" 0 '^$' bash -c '
	"$1" run --help | grep -oE "(^|[ ,])--[a-z]+" | tr -d " ," | sort -u | while read -r o; do
		case $o in --version) continue ;; esac
		grep -q "\\\\-\\\\-${o#--}" "$2" || echo "$o"
	done; echo' sh "$SCCSIM" "$root/share/sccsim.1"
check "a command that is none is met with the nearest" 2 "'rnu' is not a command; did you mean 'run'" "$SCCSIM" rnu
check "so is one in help" 2 "did you mean 'validate'" "$SCCSIM" help valdate
check "a command far from all is met with help" 2 "'frobnicate' is not a command \\(see sccsim help\\)" "$SCCSIM" frobnicate

scenario s.xml
check "two scenarios are one too many" 2 "one scenario at a time" "$SCCSIM" run s.xml s.xml
for r in 0 -1 1.5 ten '' 99999999999999999999 '3 '; do
	check "-r '$r' is refused" 2 "whole number from 1 to" "$SCCSIM" run s.xml -r "$r"
done
for j in 0 many 100000; do
	check "-j $j is refused" 2 "whole number from 1 to 256" "$SCCSIM" run s.xml -j $j
done
check "-o '' is refused" 2 "give the name of a folder" "$SCCSIM" run s.xml -o ''
check "--seed -1 is refused" 2 "whole number from 0" "$SCCSIM" run s.xml --seed -1
check "--set without a value is refused" 2 "give PATH=VALUE" "$SCCSIM" run s.xml --set "lorawan[@id='lpwan']/@adr"
check "--set without a path is refused" 2 "give PATH=VALUE" "$SCCSIM" run s.xml --set "=on"
check "schema of a thing that has none is refused" 2 "no schema of 'thing'" "$SCCSIM" schema thing
check "models meets a name with the nearest" 2 "no model has an element, KPI or table 'lorawam'; did you mean 'lorawan'" \
	"$SCCSIM" models lorawam
check "models tells of a KPI" 0 'latency.p99 \[s\]' "$SCCSIM" models latency.p99
check "and meets a misspelt one with the nearest" 2 "did you mean 'latency.p99'" "$SCCSIM" models latncy.p99
check "models lists the tables of reference" 0 '^bootstrap +Onboarding protocols' "$SCCSIM" models
check "models bootstrap: protocols with their sizes and where those are from" 0 \
	'^dtls13-rpk-ecdhe +DTLS 1.3, raw public keys, ECDHE +3 +433 +447 +1 .* verified .*, C1$' "$SCCSIM" models bootstrap
holds "and says which of them nobody has verified" grep -q ' unverified default ' out
check "a protocol: flight by flight" 0 '^3 +device +application +254 +authenticate +1 +sign ' "$SCCSIM" models dtls13-rpk-ecdhe
check "and in JSON" 0 '"title": "dtls13-rpk-ecdhe"' "$SCCSIM" models --json dtls13-rpk-ecdhe
holds "with the same bytes" sh -c 'tr -d "\n " <out | grep -q "\"2\",\"server\",\"application\",\"\",\"447\""'
check "models bootstrap in JSON is a table" 0 '"round trips"' "$SCCSIM" models --json bootstrap
check "a protocol misspelt is met with the nearest" 2 "did you mean 'dtls13-rpk-ecdhe'" "$SCCSIM" models dtls13-rpk-ecdh
check "models baselines: how many provisions they ask for" 0 '^en-303-645 .* 36 +42 +level 2 ' "$SCCSIM" models baselines
check "models provisions: what each baseline makes of them" 0 '^en-303-645 +5.1-1 +MF +passwords ' "$SCCSIM" models provisions
check "models identifiers: schemes" 0 '^eui-64 +64 bit.* 64 +40 +IEEE' "$SCCSIM" models identifiers
check "models compute: times of cryptography" 0 '^m0-48mhz .*921' "$SCCSIM" models compute
check "new refuses what cannot be an id" 2 "cannot be an id" "$SCCSIM" new "a b"
check "report of a folder without results is refused" 2 "no results.sqlite" "$SCCSIM" report .
holds "and a mistake of usage leaves nothing behind" test ! -e results
exit $((failures > 0))
