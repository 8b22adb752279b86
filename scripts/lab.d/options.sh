# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the options are read in the other files of the laboratory
# reads:
# sets:  action boots counters coursework guests keep kernel kvm_parameters layout layouts linux memory modes out outer_vcpus
#   paging programs repeat script seed shell suite_options switched_off timeout vcpus vendor workloads
# The command line of `suite lab`.

# lab_options COMMAND: COMMAND NAME METAVAR VALUES HELP, for each option. The one table: the usage, the candidates of
# completion, and which options take a value come from it. VALUES: candidates with blanks between; :files is the shell's.
# Whoever prints it calls lab_know_kernels before.
lab_options() {
	"$1" --vendor 'amd|intel' 'amd intel' "virtualization to use: this machine's when its KVM can nest, else emulated (default amd)"
	"$1" --paging 'nested|shadow|both' 'nested shadow both' "paging modes to measure (default both)"
	"$1" --vcpus N '' "vCPUs of the inner VM, 1 to 8 (default 1)"
	"$1" --guests N '' "inner VMs side by side, 1 to 8; nested.json is from the first (default 1)"
	"$1" --outer-vcpus N '' "vCPUs of the outer VM, 1 to 8 (default: as --vcpus, however many guests share them)"
	"$1" --boots N '' "boots of each paging mode, 1 to 99: nested-1.json, nested-2.json... (default 1)"
	"$1" --repeat N '' "as in 'suite run'"
	"$1" --seed N '' "as in 'suite run'; both paging modes get the same seed"
	"$1" --kernel SERIES "$lab_kernels newest" "kernel of both VMs: $lab_kernels_text (default $KERNEL_DEFAULT); with attach also newest or X.Y"
	"$1" --counters 'patch|attach|both' 'patch attach both' "what counts exits: our patched KVM, 'suite attach', or both (default patch)"
	"$1" --linux DIR :files "build KVM from this kernel tree, of the same series, with the counters' patches on top"
	"$1" --memory MIB '' "memory of the inner VM, 128 to 2048 (default 256)"
	"$1" --kvm-param NAME=VALUE '' "a parameter for kvm.ko, after exit_stats=1 exit_stats_hist=1; may be repeated"
	"$1" --layout 'a,b,c|all|none' 'a b c all none' "course leaves for test-patch; all (the default) also tests with the counters off"
	"$1" -o DIR :files "write the files to DIR (default results/lab-DATE-TIME)"
	"$1" --timeout SECONDS '' "time limit of one boot with its run (default 1800)"
	"$1" --shell '' '' "open a prompt in the inner VM instead of a run; 'exit' ends it"
	"$1" --keep '' '' "keep the folder with everything that the VMs sent"
}

lab_kernels='' lab_kernels_text=''
lab_know_kernels() { lab_kernels=$(kernels | paste -sd ' ') lab_kernels_text=$(kernels_text or); }

lab_option_usage() { printf '  %-28s  %s\n' "$1${2:+ $2}" "$4"; }
lab_option_row() { printf '%s\t%s\t%s\n' "$1" "$2" "$3"; }
lab_option_note() { [ -z "$2" ] || lab_metavar[$1]=$2; }

# As `suite complete --options` prints it.
lab_table() {
	lab_know_kernels
	printf 'verbs\t\trun coursework test-patch script images\noperands\t\t:workloads\n'
	lab_options lab_option_row
}

lab_usage() {
	lab_know_kernels
	cat <<USAGE
usage: ./suite lab run WORKLOAD... [OPTION...] [-- OPTION OF suite run...]
       ./suite lab coursework [OPTION...]
       ./suite lab test-patch [--layout a|b|c|all] [OPTION...]
       ./suite lab script FILE [PROGRAM...] [OPTION...]
       ./suite lab images [--kernel $(kernels_option)]

run     boot an outer VM with the patched KVM, in it an inner VM with nested and one with shadow paging, run the
        suite in them, and compare. Needs no virtualization hardware: without it the outer VM is emulated.
coursework  the original exercise: the exits of a boot with nested and with shadow paging, listed in its own format,
        compared, and its questions answered
test-patch  the tests of the patch itself, in an outer VM and in inner VMs that it boots; prints TAP
script  FILE, a shell script, in the outer VM, with static PROGRAMs in /bin of both (see scripts/lab.d/script.sh)
images  only make what a run needs: modules and images

USAGE
	lab_options lab_option_usage
	cat <<'USAGE'

Files: {nested,shadow}.json result files; witness-*.json the outer VM's own counts; boot-*.{txt,json} what the boot
cost, by reason; one-liner-*.txt the original exercise's reader; selftest-*.txt cpuid(1) against the probe;
compare.txt; report.html; console-{outer,inner}-*.log. Further guests (--guests) have the same with -guestN.
Exit status: that of 'suite run' in the inner VM (0, 1, 4, 5); 2 usage; 3 the laboratory failed; 130 interrupted.
USAGE
}

lab_help() {
	case ${1-} in
	--options) lab_table ;;
	*) lab_usage ;;
	esac
	exit "$EX_OK"
}

# number NAME TEXT MIN MAX
number() {
	if ! [[ $2 =~ ^[0-9]{1,9}$ ]] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
		die "$EX_USAGE" "$1 '$2' is not a whole number from $3 to $4"
	fi
}

# choice NAME TEXT ONE...
choice() {
	local name=$1 text=$2 one
	shift 2
	for one in "$@"; do
		[ "$one" != "$text" ] || return 0
	done
	die "$EX_USAGE" "$name '$text' is not one of: $*"
}

# Later parameters win, in the kernel as here.
lab_check_kvm_parameters() {
	local parameter
	for parameter in "${kvm_parameters[@]}"; do
		[[ $parameter =~ ^[a-z0-9_]+=[A-Za-z0-9_.-]+$ ]] ||
			die "$EX_USAGE" "--kvm-param '$parameter' is not NAME=VALUE, as in exit_stats_hist=1"
		case $action$shell:$parameter in
		runno:exit_stats=[0Nn]*)
			die "$EX_USAGE" "--kvm-param '$parameter': 'lab run' has nothing to compare then; it can be had with --shell"
			;;
		esac
	done
}

lab_check_layout() {
	case $layout in
	all) layouts=a,b,c ;;
	none) layouts='' ;;
	*) layouts=$layout switched_off=no ;;
	esac
	[[ $layouts =~ ^([abc](,[abc])*)?$ ]] || die "$EX_USAGE" "--layout '$layout' is not all, none, or some of a,b,c"
}

# What `lab run` takes as workloads is a script and its programs for `lab script`.
lab_check_script() {
	local file
	lab_check_layout
	case $action in
	run) [ "$counters" = attach ] || kvm_parameters=(exit_stats=1 exit_stats_hist=1 "${kvm_parameters[@]}") ;;
	test-patch) script=test-patch ;;
	script)
		[ ${#workloads[@]} -gt 0 ] || die "$EX_USAGE" "lab script: which script? See scripts/lab.d/script.sh"
		for file in "${workloads[@]}"; do
			[ -f "$file" ] || die "$EX_USAGE" "lab script: '$file' is no file"
		done
		script=${workloads[0]} programs=("${workloads[@]:1}")
		;;
	esac
}

# attach needs no patch, and a kernel tree of one's own is built with it.
lab_check_counters() {
	choice --counters "$counters" patch attach both
	[ "$counters" = patch ] || [ "$action" = run ] || die "$EX_USAGE" "--counters is an option of 'lab run'"
	[ "$counters" != attach ] || [ -z "$linux" ] ||
		die "$EX_USAGE" "--counters attach takes the distribution's modules: --linux builds others; take --counters both"
	[ "$counters" = patch ] || [ -x "$top/build/suite-attach" ] ||
		die "$EX_ENVIRONMENT" "build/suite-attach is not built: it needs libbpf, clang and bpftool; run 'scripts/setup build', then build again"
}

# Whose kernel tree it is says which series. Without a patch, any kernel will do; scripts/kvm-stock knows which there are.
lab_check_kernel() {
	if [ -n "$linux" ] && [ -z "$kernel" ]; then
		kernel=$(own_version "$linux")
		kernel_known "$kernel" || kernel=$KERNEL_DEFAULT # of another series, or no tree at all: own_check says so
	fi
	[ -n "$kernel" ] || kernel=$KERNEL_DEFAULT
	if [ "$counters" = attach ]; then
		[[ $kernel =~ ^(newest|[1-9][0-9]*\.(0|[1-9][0-9]*))$ ]] ||
			die "$EX_USAGE" "--kernel '$kernel' is neither 'newest' nor a series such as $KERNEL_DEFAULT"
	elif ! kernel_known "$kernel"; then
		die "$EX_USAGE" "--kernel '$kernel' has no patches, unlike $(kernels_text and): take one of these, or count without" \
			"a patch ('lab run --counters attach'), where any kernel of Debian's will do"
	fi
	[ -z "$linux" ] || own_check "$linux" "$kernel"
}

# The exercise asks what a boot costs, in both modes; the suite's own part is only its noise floor, for the witness.
lab_check_coursework() {
	[ "$paging$shell$boots" = bothno1 ] || die "$EX_USAGE" "lab coursework compares one boot of each mode: no --paging, --boots or --shell"
	[ ${#workloads[@]} = 0 ] || die "$EX_USAGE" "lab coursework: no workload '${workloads[0]}', it is the boot that counts; 'lab run' has workloads"
	workloads=(null) repeat=${repeat:-3} suite_options=(--time 0.01 "${suite_options[@]}")
}

# The outer VM is the same however many guests there are: what differs between runs is then the neighbours.
lab_check_guests() {
	number --guests "$guests" 1 8
	[ "$shell$action$coursework" = norunno ] || [ "$guests" = 1 ] ||
		die "$EX_USAGE" "--guests is an option of 'lab run' with workloads: nothing else measures neighbours"
	[ -n "$outer_vcpus" ] || outer_vcpus=$vcpus
	number --outer-vcpus "$outer_vcpus" 1 8
}

lab_check_options() {
	[ -z "$vendor" ] || choice --vendor "$vendor" amd intel
	choice --paging "$paging" nested shadow both
	lab_check_counters
	lab_check_kernel
	number --vcpus "$vcpus" 1 8
	lab_check_guests
	number --boots "$boots" 1 99
	[ "$shell$action" = norun ] || [ "$boots" = 1 ] || die "$EX_USAGE" "--boots is an option of 'lab run'"
	number --memory "$memory" 128 2048
	number --timeout "$timeout" 10 86400
	lab_check_kvm_parameters
	[ -z "$repeat" ] || number --repeat "$repeat" 1 10000
	[ -z "$seed" ] || number --seed "$seed" 0 999999999
	[ "$coursework" = no ] || lab_check_coursework
	if [ "$action" = run ] && [ "$shell" = no ] && [ ${#workloads[@]} = 0 ]; then
		die "$EX_USAGE" "lab run: which workload? 'suite list' shows them; 'all' is all"
	fi
	lab_check_script
	if [ "$shell" = yes ] && [ "$paging" = both ]; then
		paging=nested
	fi
	modes=("$paging")
	[ "$paging" != both ] || modes=(nested shadow)
	[ "$boots" = 1 ] || mapfile -t modes < <(for mode in "${modes[@]}"; do seq -f "$mode-%.0f" "$boots"; done)
}

lab_parse() {
	local -A lab_metavar=()
	lab_options lab_option_note
	vendor='' paging=both vcpus=1 repeat='' seed='' kernel='' linux='' memory=256 out='' timeout=1800 shell=no keep=no boots=1 guests=1 outer_vcpus=''
	workloads=() suite_options=() modes=() kvm_parameters=() programs=()
	counters=patch coursework=no script='' layout=all layouts='' switched_off=yes
	action=${1-help}
	case $action in
	run | images | script | test-patch) shift ;;
	coursework) coursework=yes action=run && shift ;;
	-h | --help | help) lab_help "${@:2}" ;;
	*) die "$EX_USAGE" "no laboratory command '$action': 'lab run', 'lab coursework', 'lab test-patch', 'lab script', 'lab images'; see './suite lab help'" ;;
	esac
	while [ $# -gt 0 ]; do
		case $1 in
		--) shift && suite_options=("$@") && break ;;
		-h | --help) lab_help ;;
		--shell) shell=yes ;;
		--keep) keep=yes ;;
		--*=*)
			set -- "${1%%=*}" "${1#*=}" "${@:2}"
			continue
			;;
		-*)
			[ -n "${lab_metavar[$1]-}" ] ||
				die "$EX_USAGE" "unknown option '$1'; see './suite lab help'; options of 'suite run' go after --"
			[ $# -ge 2 ] || die "$EX_USAGE" "option $1 needs a value: ${lab_metavar[$1]}; see './suite lab help'"
			case $1 in
			-o) out=$2 ;;
			--kvm-param) kvm_parameters+=("$2") ;;
			--outer-vcpus) outer_vcpus=$2 ;;
			*) printf -v "${1#--}" %s "$2" ;;
			esac
			shift
			;;
		*) workloads+=("$1") ;;
		esac
		shift
	done
	lab_check_options
}
