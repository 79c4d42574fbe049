// Jobs to riders over a graph of candidates, at least cost: the assignment with its two kinds of job,
// those that may be left at a price and those that must be served if at all possible.
#pragma once

#include <cstdint>
#include <vector>

#include "match_watch.hpp"

namespace gancang {

struct MatchTask {
    std::vector<std::int64_t> first;      // of each job's edges, and the end
    std::vector<std::int32_t> rider;      // of each edge
    std::vector<double> cost;             // of each edge, zero or more
    std::vector<double> leave;            // of each job: what leaving it costs; infinite: it must be served
    std::vector<std::int32_t> capacity;   // of each rider

    std::int32_t jobs() const { return static_cast<std::int32_t>(leave.size()); }
    std::int32_t riders() const { return static_cast<std::int32_t>(capacity.size()); }
};

struct MatchResult {
    std::vector<std::int32_t> rider_of;  // of each job; -1: nobody
    std::vector<double> job_price;       // the duals: what a job more there would cost,
    std::vector<double> rider_price;     // and what a rider more there would save
    double beyond_price = 0;             // what leaving a job that must be served counts as
};

// Of all ways that serve the most jobs that must be served, the cheapest.
MatchResult assign(const MatchTask& task, MatchWatch& watch);

}  // namespace gancang
