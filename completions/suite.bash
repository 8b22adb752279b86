# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# bash completion of suite(1) and of ./suite in a checkout. The program knows what can stand there: options come from the
# table that it parses with, workloads are those that are built in.

_suite() {
	local program launcher words line
	launcher=${COMP_WORDS[0]/#\~/$HOME}
	program=$launcher
	# The launcher would build first.
	[ ! -x "$(dirname "$launcher")/build/suite" ] || program=$(dirname "$launcher")/build/suite
	words=("${COMP_WORDS[@]:1:COMP_CWORD}")
	COMPREPLY=()
	if [ "${words[0]}" = lab ] && [ ${#words[@]} -gt 1 ]; then
		mapfile -t COMPREPLY < <("$launcher" lab help --options 2>/dev/null | "$program" complete --options-on-stdin -- "${words[@]}" 2>/dev/null)
	else
		mapfile -t COMPREPLY < <("$program" complete -- "${words[@]}" 2>/dev/null)
	fi
	for line in "${!COMPREPLY[@]}"; do
		case ${COMPREPLY[line]} in
		:files)
			unset "COMPREPLY[line]"
			compopt -o filenames 2>/dev/null
			mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "${words[-1]}")
			;;
		:commands)
			unset "COMPREPLY[line]"
			mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -c -- "${words[-1]}")
			;;
		*=) compopt -o nospace 2>/dev/null ;;
		esac
	done
}

complete -F _suite suite
