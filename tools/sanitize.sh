#!/usr/bin/env bash
# Build the planner's kernel with the sanitizers named as $1 (address,undefined or thread) in a folder of
# its own, and run the command that follows with it. The first fault ends the run with a report.
set -euo pipefail
sanitizers=$1
shift
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/.venv/bin
build=$root/planner/kernel/build/${sanitizers//,/-}
mkdir -p "$(dirname "$build")"
CXX=g++  # its runtimes are loaded by name below
export CXX

PATH=$bin:$PATH cmake -S "$root/planner/kernel" -B "$build" -G "Unix Makefiles" -DCMAKE_BUILD_TYPE=Sanitize \
    -DGANCANG_DEVELOP=ON -DGANCANG_SANITIZE="$sanitizers" -DPython_EXECUTABLE="$bin/python" > "$build.log" 2>&1 ||
    { cat "$build.log" >&2; exit 1; }
PATH=$bin:$PATH cmake --build "$build" -j4 >> "$build.log" 2>&1 || { tail -60 "$build.log" >&2; exit 1; }
cp "$root"/planner/kernel/src/gancang_planner_kernel/*.py "$build/gancang_planner_kernel/"

# Python itself is not built with them, so their runtime has to come first, and C++'s for its exceptions.
runtime=asan
[ "$sanitizers" = thread ] && runtime=tsan
preload="$($CXX -print-file-name=lib$runtime.so) $($CXX -print-file-name=libstdc++.so)"
export PYTHONPATH="$build${PYTHONPATH:+:$PYTHONPATH}" PYTHONMALLOC=malloc
# Python keeps much until it ends, which is no leak.
export ASAN_OPTIONS="detect_leaks=0:detect_stack_use_after_return=1:allocator_may_return_null=1"
export UBSAN_OPTIONS="print_stacktrace=1" TSAN_OPTIONS="halt_on_error=1:ignore_noninstrumented_modules=1"
cd "$root"
# A fixed layout of memory: the thread sanitizer wants one.
exec setarch --addr-no-randomize env LD_PRELOAD="$preload" "$@"
