// The compiled module gancang_planner_kernel._kernel: one file bind_*.cpp a part.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

#ifdef HAS_SEARCH
void bind_search(nb::module_& m);
#endif
#ifdef HAS_MATCH
void bind_match(nb::module_& m);
#endif

NB_MODULE(_kernel, m) {
    m.doc() = "The hot loops of gancang_planner.";
#ifdef HAS_SEARCH
    bind_search(m);
#endif
#ifdef HAS_MATCH
    bind_match(m);
#endif
}
