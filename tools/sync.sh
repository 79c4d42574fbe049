#!/usr/bin/env bash
# Fill .venv from the lock file: tools/sync.sh UV PYTHON. The planner's kernel is taken along where it can
# be built, which needs a compiler of C++20 and the headers of that Python. CXX names another compiler.
set -euo pipefail
uv=$1 python=$2
headers=$("$python" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')

sync() { "$uv" sync --frozen --quiet --python "$python" "$@"; }

find_compiler() {
    local compiler
    for compiler in ${CXX:+"$CXX"} c++ g++ clang++; do
        if printf '#include <Python.h>\n#include <span>\nstd::span<int> all;\n' |
            $compiler -std=c++20 -fsyntax-only -I "$headers" -x c++ - 2> /dev/null; then
            echo "$compiler"
            return
        fi
    done
    return 1
}

sync_with_zig() { sync --group zig && PATH=$PWD/.venv/bin:$PATH CXX="python -m ziglang c++" sync --group kernel --group zig; }

slower="plans are made by the slower planner. For the quick one, on Debian: apt-get install g++ python3-dev"
if CXX=$(find_compiler); then
    export CXX
    sync --group kernel
elif [ ! -e "$headers/Python.h" ]; then
    sync
    echo "Python comes without its headers: $slower"
else
    echo "No compiler of C++20: Zig's is fetched (100 MB) and builds the planner's kernel in some minutes."
    sync_with_zig || { sync && echo "Zig could not build the kernel: $slower"; }
fi
