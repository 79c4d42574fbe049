#!/usr/bin/env bash
# Print the C++ compiler that can build the planner's kernel for the Python named as $1: it knows C++20
# and finds that Python's headers. Fails, and prints nothing, where there is none.
set -euo pipefail
headers=$("$1" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
for compiler in ${CXX:+"$CXX"} c++ g++ clang++; do
    if printf '#include <Python.h>\n#include <span>\nstd::span<int> all;\n' |
        $compiler -std=c++20 -fsyntax-only -I "$headers" -x c++ - 2> /dev/null; then
        echo "$compiler"
        exit
    fi
done
exit 1
