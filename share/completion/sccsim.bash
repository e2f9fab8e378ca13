# Completion of sccsim for bash.
# shellcheck shell=bash
_sccsim_files()
{
	# Folders, and files that end in $1.
	local IFS=$'\n'
	compopt -o filenames 2>/dev/null
	# shellcheck disable=SC2207
	COMPREPLY=($(compgen -d -- "$cur") $(compgen -f -X "!*$1" -- "$cur"))
}

_sccsim()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		# shellcheck disable=SC2207
		COMPREPLY=($(compgen -W "run study plan merge compare assess new validate explain report models schema help --help --version" -- "$cur"))
		return
	fi
	case $command:$prev in
	run:-o | run:--output | study:-o | study:--output | plan:-o | plan:--output | compare:-o | compare:--output | merge:-o | merge:--output | assess:-o | assess:--output)
		compopt -o filenames 2>/dev/null
		# shellcheck disable=SC2207
		COMPREPLY=($(compgen -d -- "$cur"))
		return
		;;
	run:-r | run:--replications | run:-j | run:--jobs | study:-j | study:--jobs | plan:-j | plan:--jobs | compare:--confidence | study:--shard | run:--seed | run:--set | explain:--set | assess:-j | assess:--jobs | assess:--results) return ;;
	esac
	if [[ $cur == -* ]]; then
		case $command in
		run) words="--output --replications --jobs --seed --set --check --json --quiet" ;;
		study) words="--output --jobs --resume --overwrite --shard --quiet" ;;
		plan) words="--output --jobs --resume --overwrite --json --quiet" ;;
		merge) words="--output --study --quiet" ;;
		compare) words="--all --confidence --json --output --quiet" ;;
		report) words="--study" ;;
		new) words="--output" ;;
		validate) words="--quiet" ;;
		explain) words="--set --json" ;;
		assess) words="--output --jobs --results --json --quiet" ;;
		models) words="--json" ;;
		esac
		# shellcheck disable=SC2207
		COMPREPLY=($(compgen -W "$words --help --usage" -- "$cur"))
		return
	fi
	case $command in
	run | study | plan | assess | validate | explain) _sccsim_files .xml ;;
	report | merge | compare)
		compopt -o filenames 2>/dev/null
		# shellcheck disable=SC2207
		COMPREPLY=($(compgen -d -- "$cur"))
		;;
	schema) words="scenario study assessment" ;;&
	help) words="run study plan merge compare assess new validate explain report models schema" ;;&
	models) words=$("${COMP_WORDS[0]}" models --json 2>/dev/null | sed -n 's/.*"\(element\|name\)": *"\([^"]*\)".*/\2/p') ;;&
	schema | help | models)
		# shellcheck disable=SC2207
		COMPREPLY=($(compgen -W "$words" -- "$cur"))
		;;
	esac
}
complete -F _sccsim sccsim
