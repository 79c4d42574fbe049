// The door of the matching: arrays in, arrays out. What comes in is copied, then checked, so that
// nothing that another thread does to it meanwhile can lead astray.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "match_assign.hpp"
#include "match_candidates.hpp"

namespace nb = nanobind;

namespace gancang {

namespace {

constexpr std::size_t kCountMax = 1'000'000;   // jobs, and riders
constexpr std::size_t kEdgesMax = 50'000'000;
constexpr int kMostMax = 10'000;
constexpr double kPlaceMax = 1e9, kCostMax = 1e12;

template <class T>
using In = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Pairs = nb::ndarray<const double, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;
template <class T>
using Out = nb::ndarray<nb::numpy, T, nb::ndim<1>>;

void demand(bool holds, const char* what) {
    if (!holds) throw nb::value_error(what);
}

template <class T>
std::vector<T> copied(const In<T>& array, std::size_t most) {
    demand(array.shape(0) <= most, "too many entries in an array");
    return std::vector<T>(array.data(), array.data() + array.shape(0));
}

std::vector<Point> points(const Pairs& array) {
    demand(array.shape(0) <= kCountMax, "too many places");
    std::vector<Point> all(array.shape(0));
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = {array.data()[2 * i], array.data()[2 * i + 1]};
        demand(std::abs(all[i].x) <= kPlaceMax && std::abs(all[i].y) <= kPlaceMax,
               "a place is not a number or too far away");
    }
    return all;
}

// `first` counts up from 0 to `end`, a step a job.
void check_lists(const std::vector<std::int64_t>& first, std::size_t jobs, std::size_t end) {
    demand(first.size() == jobs + 1, "the lists must be as many as the jobs");
    demand(first[0] == 0 && first[jobs] == static_cast<std::int64_t>(end), "the lists must hold every entry");
    demand(std::is_sorted(first.begin(), first.end()), "the lists must follow one another");
}

void check_riders(const std::vector<std::int32_t>& rider, std::size_t riders) {
    for (std::int32_t r : rider) demand(r >= 0 && static_cast<std::size_t>(r) < riders, "there is no such rider");
}

void check_numbers(const std::vector<double>& values, double most, const char* what) {
    for (double value : values) demand(value >= 0 && value <= most, what);
}

MatchPlaces places(const Pairs& jobs, const Pairs& riders) { return {points(jobs), points(riders)}; }

MatchRules rules(const In<std::int64_t>& first, const In<std::int32_t>& rider,
                 const In<std::uint8_t>& only, const MatchPlaces& at) {
    MatchRules all{copied(first, kCountMax + 1), copied(rider, kEdgesMax), copied(only, kCountMax)};
    if (all.first.empty() && all.rider.empty() && all.only.empty()) return all;
    check_lists(all.first, at.jobs.size(), all.rider.size());
    demand(all.only.size() == at.jobs.size(), "each job says whether its list is of those who may");
    check_riders(all.rider, at.riders.size());
    for (std::size_t job = 0; job < at.jobs.size(); ++job)
        demand(std::is_sorted(all.rider.begin() + all.first[job], all.rider.begin() + all.first[job + 1]),
               "the riders of a rule must rise");
    return all;
}

int number(std::int64_t most) {
    demand(1 <= most && most <= kMostMax, "the number of candidates must be 1 to 10,000");
    return static_cast<int>(most);
}

template <class T>
Out<T> given(std::vector<T>&& values) {
    auto* kept = new std::vector<T>(std::move(values));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return Out<T>(kept->data(), {kept->size()}, owner);
}

// Lets Python handle what waits (Ctrl-C) every ~20 ms.
MatchWatch watch() {
    return MatchWatch([] {
        nb::gil_scoped_acquire held;
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
    });
}

template <class Work>
auto without_gil(const Work& work) {
    nb::gil_scoped_release released;
    MatchWatch looks_up = watch();
    return work(looks_up);
}

auto bound_candidates(const Pairs& jobs, const Pairs& riders, const In<std::int64_t>& rule_first,
                      const In<std::int32_t>& rule_rider, const In<std::uint8_t>& rule_only,
                      std::int64_t most) {
    MatchPlaces at = places(jobs, riders);
    MatchRules rule = rules(rule_first, rule_rider, rule_only, at);
    int k = number(most);
    demand((at.jobs.size() + at.riders.size()) * k <= kEdgesMax, "too many candidates");
    MatchGraph graph = without_gil([&](MatchWatch& looks_up) { return candidates(at, rule, k, looks_up); });
    return std::tuple(given(std::move(graph.first)), given(std::move(graph.rider)),
                      given(std::move(graph.metres)), given(std::move(graph.known_m)));
}

auto bound_beyond(const Pairs& jobs, const Pairs& riders, const In<std::int64_t>& rule_first,
                  const In<std::int32_t>& rule_rider, const In<std::uint8_t>& rule_only,
                  const In<std::int64_t>& first, const In<std::int32_t>& rider,
                  const In<double>& known_m, const In<double>& job_reach_m,
                  const In<double>& rider_reach_m, std::int64_t most) {
    MatchPlaces at = places(jobs, riders);
    MatchRules rule = rules(rule_first, rule_rider, rule_only, at);
    int k = number(most);
    MatchGraph graph{copied(first, kCountMax + 1), copied(rider, kEdgesMax), {}, copied(known_m, kCountMax)};
    check_lists(graph.first, at.jobs.size(), graph.rider.size());
    MatchReach reach{copied(job_reach_m, kCountMax), copied(rider_reach_m, kCountMax)};
    demand(graph.known_m.size() == at.jobs.size() && reach.job_m.size() == at.jobs.size() &&
               reach.rider_m.size() == at.riders.size(),
           "a number a job and a number a rider, no more and no fewer");
    demand(at.jobs.size() * k <= kEdgesMax, "too many candidates");
    for (const auto& of : {reach.job_m, reach.rider_m})
        for (double metres : of) demand(std::abs(metres) < 1e150, "a reach is not a number or too large");
    MatchMore more =
        without_gil([&](MatchWatch& looks_up) { return beyond(at, rule, graph, reach, k, looks_up); });
    return std::tuple(given(std::move(more.job)), given(std::move(more.rider)), given(std::move(more.metres)));
}

auto bound_assign(const In<std::int64_t>& first, const In<std::int32_t>& rider, const In<double>& cost,
                  const In<double>& leave, const In<std::int32_t>& capacity) {
    MatchTask task{copied(first, kCountMax + 1), copied(rider, kEdgesMax), copied(cost, kEdgesMax),
                   copied(leave, kCountMax), copied(capacity, kCountMax)};
    check_lists(task.first, task.leave.size(), task.rider.size());
    check_riders(task.rider, task.capacity.size());
    demand(task.cost.size() == task.rider.size(), "each edge has one cost");
    check_numbers(task.cost, kCostMax, "a cost must be zero or more and at most 1e12");
    for (double price : task.leave)
        demand(price == HUGE_VAL || (price >= 0 && price <= kCostMax),
               "the price of leaving a job must be zero or more and at most 1e12, or infinite");
    for (std::int32_t c : task.capacity) demand(c >= 0, "a capacity must be zero or more");
    MatchResult result = without_gil([&](MatchWatch& looks_up) { return assign(task, looks_up); });
    return std::tuple(given(std::move(result.rider_of)), given(std::move(result.job_price)),
                      given(std::move(result.rider_price)), result.beyond_price);
}

}  // namespace

}  // namespace gancang

void bind_match(nb::module_& m) {
    using namespace nb::literals;
    using namespace gancang;
    m.def("match_candidates", &bound_candidates, "jobs"_a.noconvert(), "riders"_a.noconvert(),
          "rule_first"_a.noconvert(), "rule_rider"_a.noconvert(), "rule_only"_a.noconvert(), "most"_a,
          "(first, rider, metres, known_m): who is near whom, job after job.");
    m.def("match_beyond", &bound_beyond, "jobs"_a.noconvert(), "riders"_a.noconvert(),
          "rule_first"_a.noconvert(), "rule_rider"_a.noconvert(), "rule_only"_a.noconvert(),
          "first"_a.noconvert(), "rider"_a.noconvert(), "known_m"_a.noconvert(),
          "job_reach_m"_a.noconvert(), "rider_reach_m"_a.noconvert(), "most"_a,
          "(job, rider, metres) of pairs outside the graph that are within reach.");
    m.def("match_assign", &bound_assign, "first"_a.noconvert(), "rider"_a.noconvert(),
          "cost"_a.noconvert(), "leave"_a.noconvert(), "capacity"_a.noconvert(),
          "(rider_of, job_price, rider_price, beyond_price): the cheapest assignment.");
}
